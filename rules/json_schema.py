"""A JSON Schema of a book for editors (编辑器补全): its own elements, responsibilities and rules, where tests and lists name them.

It helps while typing: names and values are offered, misspelt ones underlined. What a book may say is decided by
`rules check` alone; the schema is never stricter than that.
"""

from collections.abc import Callable
from typing import Any

from rules.icd import CODE_PATTERN
from rules.keywords import Language, Place, all_written, written
from rules.model import Book, Element
from rules.types import DAYS, MONEY, EnumType, ListType, SimpleType, describe

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_MONEY = r"^[0-9.]+\s*(千|万|百|十|十万|百万|千万|亿)?\s*(元|角|分|yuan|fen)$"
_DAYS = r"^[0-9]+\s*(天|日|days?)$"


def schema_of(book: Book) -> Schema:
    """Generate the schema of a book's file, in the language of its keywords."""

    def key(word: str) -> str:
        return written(Place.KEY, word, book.language)

    values = {name: value_schema(element, book.language) for name, element in book.elements.items()}
    known: Schema = {name: {} for plan in book.plans.values() for name in plan.parameters}
    return {
        "$schema": _DRAFT,
        "title": book.product,
        "description": f"generated from the elements of {book.product}, book {book.sha256}",
        "type": "object",
        "additionalProperties": False,
        "required": [key(each) for each in ("elements", "rules", "responsibilities", "plans")],
        "properties": {
            key("clauses"): {"type": "object", "additionalProperties": _TEXT},
            key("elements"): {"type": "object", "additionalProperties": _element(book.language)},
            key("rules"): {"type": "object", "additionalProperties": _rule(key, {**known, **values})},
            key("responsibilities"): {"type": "object", "additionalProperties": _responsibility(key, book)},
            key("plans"): {"type": "object", "additionalProperties": _plan(key, book, values)},
        },
    }


def value_schema(element: Element, language: Language) -> Schema:
    """Say what may stand for an element in a test; 缺 and 待补 always may."""
    absent = [written(Place.WORD, word, language) for word in ("missing", "unknown")]
    return {"description": _describe(element), "anyOf": [_known(element, language), {"enum": absent}]}


def _describe(element: Element) -> str:
    asked = f"；{element.ask_for}" if element.ask_for else ""
    return describe(element.type) + asked


def _known(element: Element, language: Language) -> Schema:
    type_ = element.type
    if isinstance(type_, EnumType):
        return {"enum": list(type_.values)}
    if type_ is SimpleType.BOOLEAN:
        words = [written(Place.WORD, word, language) for word in ("true", "false")]
        return {"enum": [*words, True, False] if language == "en" else words}
    if type_ is SimpleType.DATE:
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    if type_ is SimpleType.CODE:
        return {"type": "string", "pattern": f"^({CODE_PATTERN}|{written(Place.WORD, 'none', language)})$"}
    if type_ in (MONEY, DAYS):
        return {"type": "string", "pattern": _MONEY if type_ == MONEY else _DAYS}
    return {} if isinstance(type_, ListType) else _TEXT


def _element(language: Language) -> Schema:
    def key(word: str) -> str:
        return written(Place.KEY, word, language)

    kinds = {key("type"): {"enum": all_written(Place.TYPE, language)}, key("values"): {"type": "array"}}
    return {"type": "object", "required": [key("type")], "properties": kinds}


def _rule(key: Callable[[str], str], given: Schema) -> Schema:
    tests = {"type": "array", "items": {"type": "object", "additionalProperties": False, "properties": {**given, key("gives"): _TEXT}}}
    return {
        "type": "object",
        "properties": {key("clause"): _TEXT, key("is"): _TEXT, key("table"): {"type": "array"}, key("tests"): tests},
    }


def _responsibility(key: Callable[[str], str], book: Book) -> Schema:
    conditions = {"type": "array", "items": {"enum": list(book.rules)}}
    steps = {"type": "array", "items": {"type": "object", "minProperties": 1, "maxProperties": 1}}
    kinds = all_written(Place.COVER, book.language)
    known = {name: value_schema(element, book.language) for name, element in book.elements.items()}
    case = {"type": "object", "additionalProperties": False, "properties": known}
    covers: Schema = {
        "anyOf": [
            {"enum": [written(Place.WORD, "none", book.language)]},
            {"type": "array", "items": {"enum": kinds}},
            {"type": "object", "propertyNames": {"enum": kinds}, "additionalProperties": case},
        ]
    }
    properties = {key("requires"): conditions, key("excludes"): conditions, key("covers"): covers, key("calculate"): steps}
    return {"type": "object", "required": [key("calculate")], "properties": properties}


def _plan(key: Callable[[str], str], book: Book, values: Schema) -> Schema:
    named = {"type": "object", "additionalProperties": False, "properties": values}
    answers = {"type": "object", "propertyNames": {"enum": list(book.responsibilities)}, "additionalProperties": _TEXT}
    test = {
        "type": "object",
        "required": [key("name"), key("gives")],
        "properties": {key("name"): _TEXT, key("given"): named, key("change"): named, key("gives"): answers},
    }
    properties: Schema = {
        key("responsibilities"): {"type": "array", "items": {"enum": list(book.responsibilities)}},
        key("based_on"): {"enum": list(book.plans)},
        key("parameters"): {"type": "object"},
        key("tests"): {"type": "array", "items": test},
    }
    for word in ("basis", "year_from", "loss_date"):
        properties[key(word)] = {"enum": [name for name, each in book.elements.items() if each.type is SimpleType.DATE]}
    return {"type": "object", "properties": properties}
