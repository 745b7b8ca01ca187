"""The schema that editors use knows the names of the book, and refuses no book that loads."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from rules.json_schema import schema_of
from rules.loader import load_book

BOOKS = sorted(path for path in Path("rules/book").glob("*.yaml") if path.stem != "routing")
ANXIN = Path("rules/book/anxin-inpatient.yaml")


def _plain(node: Any) -> Any:
    # As an editor reads it: dates and words stay text.
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(each) for each in node]
    return node if isinstance(node, (bool, int, float)) else str(node)


_TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "number": (int, float)}


def _errors(schema: dict[str, Any], value: Any, where: str = "") -> list[str]:
    """Judge by the words that the schema uses; no validator is among the packages of this project."""
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    found = [f"{where}: no {kinds}"] if kinds and not any(isinstance(value, _TYPES[kind]) for kind in kinds) else []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value} is none of {schema['enum']}")
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        found.append(f"{where}: {value} is no {schema['pattern']}")
    if "anyOf" in schema and all(_errors(each, value, where) for each in schema["anyOf"]):
        found.append(f"{where}: {value} fits nothing")
    if isinstance(value, dict):
        for name, each in value.items():
            found += _errors(schema.get("propertyNames", {}), name, where)
            inner = schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))
            found += [f"{where}: {name} is not known"] if inner is False else _errors(inner, each, f"{where}/{name}")
        found += [f"{where}: no {name}" for name in schema.get("required", ()) if name not in value]
        found += [f"{where}: too many"] if len(value) > schema.get("maxProperties", len(value)) else []
    if isinstance(value, list):
        found += [error for each in value for error in _errors(schema.get("items", {}), each, where)]
    return found


def _faults(path: Path, text: str) -> list[str]:
    document = _plain(YAML(typ="safe", pure=True).load(text))
    return _errors(schema_of(load_book(path)), document)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_shipped_book_fits_its_own_schema(path: Path) -> None:
    assert _faults(path, path.read_text()) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("医院等级: 三级", "医院等级: 四级"),
        ("给: {保单生效日: 2024-03-01", "给: {保单生效曰: 2024-03-01"),
        ("合理医疗费用: 8万元", "合理医疗费用: 8万天"),
        ("须:   [医院合格]", "须:   [医院合恪]"),
        ("责任: [住院医疗, 住院津贴, 重大疾病]", "责任: [住院医疗, 住院津帖, 重大疾病]"),
    ],
)
def test_a_misspelt_name_or_value_is_underlined(right: str, wrong: str) -> None:
    text = ANXIN.read_text()
    assert right in text
    assert _faults(ANXIN, text.replace(right, wrong, 1))
