"""Reads when a flag is raised (when): comparisons of facts, findings and other flags, joined by all, any and not."""

import re
from collections.abc import Iterator

from rules.phrases import Phrase
from rules.routing_conditions import LARGEST_INT, All, AnyOf, Comparison, Condition, FactType, FactValue, HasFinding, HasFlag, Not
from rules.routing_facts import NAME, Declared
from rules.routing_yaml import Item

_CODE = re.compile(r"[^\W\d]\w*(\.\w+)+")
_COMPARISON = re.compile(r"(\w+)\s*([=!<>＝！＜＞]=|[=!<>＝！＜＞]＝|[<>＜＞≤≥≠])\s*(.+)")
_TWINS = str.maketrans("＝！＜＞－", "=!<>-") | {0xFF10 + digit: str(digit) for digit in range(10)}
_SAME_SIGN = {"≤": "<=", "≥": ">=", "≠": "!="}
_TRUTH = {"true": True, "是": True, "false": False, "否": False}


def is_code(text: str) -> bool:
    """Tell whether a text is shaped like the code of a flag or a finding: invoice.duplicate."""
    return _CODE.fullmatch(text) is not None and text == text.lower()


def read_condition(item: Item, declared: Declared) -> Condition:
    """Read a condition of any kind.

    Raises:
        DiagnosticError: it names what is not declared, or compares what cannot be compared.
        AlreadyReportedError: it names a fact that is itself in error.
    """
    if item.is_text:
        return _read_comparison(item, declared)
    if item.is_list:
        return All(tuple(read_condition(each, declared) for each in item.items("when")))
    entries = item.entries(Phrase("a condition"))
    if len(entries) != 1:
        raise item.error(Phrase("a condition has one key"), Phrase("put several conditions under 'all:' or 'any:', one a line"))
    ((word, value),) = entries.items()
    if word in ("all", "any"):
        parts = tuple(read_condition(each, declared) for each in value.items(word))
        return All(parts) if word == "all" else AnyOf(parts)
    if word == "not":
        return Not(read_condition(value, declared))
    if word in ("finding", "flag"):
        code = value.text(word)
        if not is_code(code):
            raise value.error(Phrase("{code} is no code of a {word}", code=code, word=word), Phrase("write it like invoice.duplicate"))
        return HasFinding(code) if word == "finding" else HasFlag(code)
    raise item.error(Phrase("a condition cannot be {word}", word=word), Phrase("use a comparison, or all, any, not, finding, flag"))


def _read_comparison(item: Item, declared: Declared) -> Comparison:
    text = item.text(Phrase("a condition"))
    if NAME.fullmatch(text) and declared.find(item, text, Phrase("there is no fact {text}", text=text)).kind == "bool":
        return Comparison(text, "==", True)
    match = _COMPARISON.fullmatch(text)
    if match is None:
        raise item.error(
            Phrase("{text} is no comparison", text=repr(text)), Phrase("write 'fact operator value', such as policy_age_days < 30")
        )
    name, sign, value = match.groups()
    sign = sign.translate(_TWINS)
    sign = _SAME_SIGN.get(sign, sign)
    fact = declared.find(item, name, Phrase("there is no fact {name}", name=name))
    if fact.kind != "int" and sign not in ("==", "!="):
        raise item.error(
            Phrase("{name} cannot be compared by {sign}", name=name, sign=sign),
            Phrase("it is {expected}: use == or !=", expected=fact.expected(fact.values)),
        )
    return Comparison(name, sign, _read_value(item, fact, value))


def _read_value(item: Item, fact: FactType, text: str) -> FactValue:
    if fact.kind == "bool" and text in _TRUTH:
        return _TRUTH[text]
    number = text.translate(_TWINS)
    if fact.kind == "int" and re.fullmatch(r"-?[0-9]{1,10}", number) and abs(int(number)) < LARGEST_INT:
        return int(number)
    if fact.kind == "str" and text in fact.values:
        return text
    raise item.error(
        Phrase("{fact} can never be {text}", fact=fact.name, text=text), Phrase("it is {expected}", expected=fact.expected(fact.values))
    )


def flags_named(item: Item) -> Iterator[Item]:
    """Find every place in a condition that names a flag."""
    if item.is_list:
        for each in item.items("when"):
            yield from flags_named(each)
    elif not item.is_text:
        for word, value in item.entries(Phrase("a condition")).items():
            if word == "flag":
                yield value
            elif word != "finding":
                yield from flags_named(value)
