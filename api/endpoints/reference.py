"""The reference page: the OpenAPI description as a page for people; it loads nothing from elsewhere and runs nothing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.openapi import OpenAPI

from api.guard import open_to_all

blueprint = APIBlueprint("reference", __name__)
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Row:
    """One field of a schema: its name with dots for nesting, what it may hold, whether it must be there, what it means."""

    name: str
    form: str
    is_required: bool
    meaning: str


@dataclass(frozen=True)
class Operation:
    """One endpoint as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Row, ...]
    bodies: tuple[tuple[str, tuple[Row, ...]], ...]  # by media type
    answers: tuple[tuple[str, str, tuple[Row, ...]], ...]  # status, media types, fields


@blueprint.get("/reference", doc_ui=False)
@open_to_all
def show() -> str:
    """Show every endpoint with what it takes and gives."""
    app = current_app
    description = app.api_doc if isinstance(app, OpenAPI) else {}
    tags = {each["name"]: each.get("description", "") for each in description.get("tags", ())}
    chapters: dict[str, list[Operation]] = {name: [] for name in tags}
    for path, item in description.get("paths", {}).items():
        for method in (each for each in _METHODS if each in item):
            chapters.setdefault(item[method].get("tags", ["other"])[0], []).append(_operation(description, method, path, item[method]))
    return render_template("reference.html", info=description.get("info", {}), chapters=chapters, tags=tags)


def _operation(whole: Mapping[str, Any], method: str, path: str, told: Mapping[str, Any]) -> Operation:
    return Operation(
        method.upper(),
        path,
        told.get("summary", ""),
        told.get("description", "").replace("<br/>", "\n"),  # the framework's way to write the end of a line
        tuple(
            Row(each["name"], _form(whole, each.get("schema", {})), each.get("required", False), each.get("description", ""))
            for each in told.get("parameters", ())
        ),
        tuple((kind, tuple(_rows(whole, each.get("schema", {})))) for kind, each in told.get("requestBody", {}).get("content", {}).items()),
        tuple(_answer(whole, status, each) for status, each in sorted(told.get("responses", {}).items())),
    )


def _answer(whole: Mapping[str, Any], status: str, told: Mapping[str, Any]) -> tuple[str, str, tuple[Row, ...]]:
    content = told.get("content", {})
    is_problem = "application/problem+json" in content  # the same everywhere: told once, at the head of the page
    rows = () if is_problem else tuple(row for each in content.values() for row in _rows(whole, each.get("schema", {})))
    return status, "、".join(content), rows


def _rows(whole: Mapping[str, Any], schema: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[Row]:
    schema = _resolved(whole, schema)
    required = schema.get("required", ())
    for name, told in schema.get("properties", {}).items():
        here = f"{prefix}{name}"
        inner = _resolved(whole, told)
        yield Row(here, _form(whole, told), name in required, told.get("description", inner.get("description", "")))
        if depth < 4:
            items = _resolved(whole, inner.get("items", {}))
            yield from _rows(whole, items if items else inner, f"{here}[]." if items else f"{here}.", depth + 1)


def _resolved(whole: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references, and the one real choice of a value that may be null."""
    while True:
        if "$ref" in schema:
            found: Any = whole
            for step in str(schema["$ref"]).removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        elif "anyOf" in schema and len(real := [each for each in schema["anyOf"] if each.get("type") != "null"]) == 1:
            schema = real[0]
        elif "allOf" in schema and len(schema["allOf"]) == 1:
            schema = schema["allOf"][0]
        else:
            return schema


def _form(whole: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    inner = _resolved(whole, schema)
    if "const" in inner or "enum" in inner:
        return " | ".join(json.dumps(each, ensure_ascii=False) for each in inner.get("enum", [inner.get("const")]))
    if inner.get("type") == "array":
        return f"list of {_form(whole, inner.get('items', {}))}"
    bounds = {"minLength": "≥", "maxLength": "≤", "minimum": "≥", "maximum": "≤"}
    told = [inner.get("format") or inner.get("type", "any"), *(f"{sign} {inner[key]}" for key, sign in bounds.items() if key in inner)]
    return " ".join([*told, f"/{inner['pattern']}/"] if "pattern" in inner else told)
