"""Writes a syntax tree as an expression that reads back as the same tree."""

from datetime import date
from fractions import Fraction

from rules.builtins import name_of
from rules.durations import write_days, write_months
from rules.functions_texts import write_number
from rules.icd import CodeSet
from rules.keywords import Language, Place, written
from rules.syntax import (
    ITEM,
    Binary,
    Call,
    Comparison,
    Conditional,
    Excluding,
    Expression,
    Item,
    ListOf,
    Literal,
    Membership,
    Name,
    Null,
    Property,
    Quantified,
    Range,
    Select,
    Unary,
)
from rules.types import DAYS, MONEY, NumberType, SimpleType
from rules.unknown import Months

# How tightly each kind of expression holds together; a looser one inside a tighter one stands in brackets.
_LOOSE, _OR, _AND, _NOT, _TEST, _SUM, _PRODUCT, _POWER, _MINUS, _POSTFIX = range(10)
_BINDING = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_UNITS: dict[Language, dict[NumberType, str]] = {
    "zh": {MONEY: "元", DAYS: "天", NumberType(1, -1): "元/天"},
    "en": {MONEY: " yuan", DAYS: " days", NumberType(1, -1): " yuan/day"},
}


class Printer:
    """Writes in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def write(self, tree: Item, within: int = _LOOSE) -> str:
        """Write a tree, in brackets when it stands within something that holds more tightly."""
        text, binding = self._write(tree)
        return text if binding >= within else f"({text})"

    def _word(self, word: str) -> str:
        return written(Place.WORD, word, self.language)

    def _write(self, tree: Item) -> tuple[str, int]:
        match tree:
            case Literal():
                # K35.year would be a longer code.
                return self._literal(tree), _MINUS if tree.type is SimpleType.CODE else _POSTFIX
            case Name():
                return (self._word(ITEM) if tree.text == ITEM else tree.text), _POSTFIX
            case Null():
                return self._word("null"), _POSTFIX
            case Unary(operator="not"):
                return f"{self._word('not')} {self.write(tree.operand, _NOT)}", _NOT
            case Unary():
                return f"-{self.write(tree.operand, _MINUS)}", _MINUS
            case Binary():
                return self._binary(tree)
            case Conditional():
                parts = zip(("if", "then", "else"), (tree.condition, tree.then, tree.otherwise), strict=True)
                return " ".join(f"{self._word(word)} {self.write(part)}" for word, part in parts), _LOOSE
            case Quantified():
                words = f"{self._word(tree.quantifier)} {tree.variable} {self._word('in')} {self.write(tree.subject)}"
                return f"{words} {self._word('satisfies')} {self.write(tree.condition)}", _LOOSE
            case Membership():
                return f"{self.write(tree.subject, _SUM)} {self._word('in')} ({self._items(tree.items)})", _TEST
            case Call():
                return f"{name_of(tree.function, self.language)}({self._items(tree.arguments)})", _POSTFIX
            case ListOf():
                return f"[{self._items(tree.items)}]", _POSTFIX
            case Select():
                return f"{self.write(tree.subject, _POSTFIX)}[{self.write(tree.selector)}]", _POSTFIX
            case Property():
                name = written(Place.PROPERTY, tree.property, self.language) if tree.property else tree.name
                return f"{self.write(tree.subject, _POSTFIX)}.{name}", _POSTFIX
            case Range():
                opening, closing = "[" if tree.with_low else "(", "]" if tree.with_high else ")"
                return f"{opening}{self.write(tree.low, _SUM)}..{self.write(tree.high, _SUM)}{closing}", _POSTFIX
            case Excluding():
                return f"{self._word('not')} ({self._items(tree.items)})", _LOOSE
            case Comparison():
                return f"{tree.operator} {self.write(tree.operand, _SUM)}", _LOOSE

    def _items(self, items: tuple[Item, ...]) -> str:
        return ", ".join(self.write(item) for item in items)

    def _binary(self, tree: Binary) -> tuple[str, int]:
        binding = _BINDING.get(tree.operator)
        if binding is None:
            return f"{self.write(tree.left, _SUM)} {tree.operator} {self.write(tree.right, _SUM)}", _TEST
        word = self._word(tree.operator) if tree.operator in ("and", "or") else tree.operator
        return f"{self.write(tree.left, binding)} {word} {self.write(tree.right, binding + 1)}", binding

    def _literal(self, tree: Literal) -> str:
        value = tree.value
        if isinstance(value, bool):
            return self._word("true" if value else "false")
        if isinstance(value, Fraction) and isinstance(tree.type, NumberType):
            return self._number(value, tree.type)
        if isinstance(value, Months):
            return f'@"{write_months(value)}"'
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, CodeSet):
            return ", ".join(f"{low}-{high}" for low, high in value.ranges)
        if tree.type is SimpleType.TEXT:
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        return str(value) or self._word("none")

    def _number(self, value: Fraction, type_: NumberType) -> str:
        if type_ == DAYS and value.denominator != 1:
            return f'@"{write_days(value)}"'
        unit = _UNITS[self.language].get(type_, "")
        return write_number(value / 100 if type_.yuan else value) + unit


def print_expression(tree: Expression, language: Language) -> str:
    """Write a tree as an expression of a language."""
    return Printer(language).write(tree)
