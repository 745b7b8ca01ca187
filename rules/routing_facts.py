"""The facts (事实) that a routing book declares: names of any script, each with its kind and the values it may have."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.phrases import Phrase
from rules.routing_conditions import FactType
from rules.routing_yaml import Item
from rules.source import AlreadyReportedError, suggest

NAME = re.compile(r"[^\W\d]\w*")  # in any script
_KINDS = ("bool", "int", "str")


@dataclass
class Declared:
    """What flags may name; what is declared but in error is reported once, where it stands."""

    facts: dict[str, FactType] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def find(self, item: Item, name: str, what: str) -> FactType:
        """Find a fact by its name."""
        if name in self.broken:
            raise AlreadyReportedError
        if name not in self.facts:
            raise item.error(what, suggest(name, list(self.facts), Phrase("fact")))
        return self.facts[name]


def read_fact(name: str, item: Item, others: Mapping[str, FactType]) -> FactType:
    """Read one declared fact; `others` are those that stand above it."""
    fields = item.fields(Phrase("the fact {name}", name=name), ("type", "meaning"), ("values", "from"))
    if not NAME.fullmatch(name):
        raise item.error(
            Phrase("{name} is no name of a fact", name=name), Phrase("use letters of any script, digits and _, a letter first")
        )
    kind = fields["type"].text("type")
    if kind not in _KINDS:
        raise fields["type"].error(
            Phrase("the fact {name} has an unknown type {kind}", name=name, kind=kind), Phrase("known are {kinds}", kinds=", ".join(_KINDS))
        )
    values, given = _read_values(fields["values"]) if "values" in fields else ((), ())
    if (kind == "str") != bool(values) or len(values) == 1 or any(len(set(each)) != len(each) for each in (values, given)):
        raise item.error(
            Phrase("the values of {name} do not fit its type", name=name),
            Phrase("a str lists two or more different values; bool and int list none"),
        )
    source = fields["from"].text("from") if "from" in fields else ""
    fact = FactType(name, kind, fields["meaning"].text("meaning"), values, source, given)
    twin = next((other.name for other in others.values() if other.told_as == fact.told_as), None)
    if twin is not None:
        raise item.error(
            Phrase("{twin} and {name} are both the system's {fact}", twin=twin, name=name, fact=fact.told_as), Phrase("keep one of them")
        )
    return fact


def _read_values(item: Item) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read a list of values, or the book's values each with the system's: {低: low, 高: high}."""
    if item.is_list:
        return tuple(each.text(Phrase("a value")) for each in item.items("values")), ()
    entries = item.entries("values")
    return tuple(entries), tuple(each.text(Phrase("a value")) for each in entries.values())
