"""Settles unknowns of few values by trying them: what cannot change the answer is ignored, what can is named."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Generic, TypeVar

from rules.model import Element
from rules.types import SimpleType
from rules.unknown import Known, Unknown, Value

MAX_COMPLETIONS = 256
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Tried(Generic[_Answer]):
    """The answers for every way to fill in the unknowns that have few values."""

    names: tuple[str, ...]
    answers: tuple[tuple[tuple[Known, ...], _Answer], ...]

    def deciding(self, key: Callable[[_Answer], object]) -> frozenset[str]:
        """Name the unknowns that change the answer while all others stay the same."""
        found = set()
        for index, name in enumerate(self.names):
            groups: dict[tuple[Known, ...], set[object]] = {}
            for filling, answer in self.answers:
                groups.setdefault(filling[:index] + filling[index + 1 :], set()).add(key(answer))
            if any(len(different) > 1 for different in groups.values()):
                found.add(name)
        return frozenset(found)


def try_completions(
    values: Mapping[str, Value], elements: Mapping[str, Element], needed: AbstractSet[str], answer: Callable[[dict[str, Value]], _Answer]
) -> Tried[_Answer]:
    """Answer for every completion of the needed unknowns that have few values."""
    names = _few_valued_unknowns(values, elements, needed)
    fillings = product(*(elements[name].choices() for name in names))
    return Tried(tuple(names), tuple((filling, answer(_filled(values, names, filling))) for filling in fillings))


def _filled(values: Mapping[str, Value], names: Sequence[str], filling: tuple[Known, ...]) -> dict[str, Value]:
    return {**values, **dict(zip(names, filling, strict=True))}


def _few_valued_unknowns(values: Mapping[str, Value], elements: Mapping[str, Element], needed: AbstractSet[str]) -> list[str]:
    names: list[str] = []
    for name, element in elements.items():
        is_open = name in needed and isinstance(values[name], Unknown) and element.choices()
        if is_open and prod(len(elements[each].choices()) for each in (*names, name)) <= MAX_COMPLETIONS:
            names.append(name)
    return names


def single_changes(values: Mapping[str, Value], elements: Mapping[str, Element], needed: AbstractSet[str]) -> Iterator[tuple[str, Known]]:
    """List every change of one known element of few values to another of its values; 是否 first, then by number of values."""
    ranked = sorted(
        (element for name, element in elements.items() if name in needed),
        key=lambda each: (each.type is not SimpleType.BOOLEAN, len(each.choices())),
    )
    for element in ranked:
        now = values[element.name]
        for choice in element.choices():
            if not isinstance(now, Unknown) and choice != now:
                yield element.name, choice
