"""Checks the values of a claim by groups: all amounts at once, all dates at once, all words of one list at once."""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import Any

from rules.claim_lists import ListReader
from rules.icd import is_code
from rules.model import Book, Element
from rules.types import DAYS, EnumType, ListType, NumberType, SimpleType
from rules.values import FIRST_DAY, LAST_DAY, MAX_DAYS, MAX_FEN

_is_code = lru_cache(4096)(is_code)
_Pick = Callable[[tuple[object, ...]], tuple[Any, ...]]


@dataclass(frozen=True)
class Checks:
    """What the values of claims of one shape must satisfy; a claim that does not is looked at one by one."""

    ranges: tuple[tuple[_Pick, list[type], Any, Any], ...]
    kinds: tuple[tuple[_Pick, list[type]], ...]  # of what has a type and no range: yes or no, texts, what nobody told
    words: tuple[tuple[_Pick, Set[str]], ...]
    singles: tuple[tuple[int, Set[str]], ...]  # words of a list that no other element has
    codes: tuple[int, ...]
    lists: tuple[tuple[int, ListReader], ...] = ()

    def ready(self, values: tuple[object, ...]) -> tuple[object, ...] | None:
        """Give the values as a program takes them; None when one of them does not plainly fit its type.

        Raises:
            TypeError: a value of a kind that cannot even be compared.
        """
        for pick, kinds, low, high in self.ranges:
            group = pick(values)
            if [*map(type, group)] != kinds or min(group) < low or max(group) > high:
                return None
        for pick, kinds in self.kinds:
            if [*map(type, pick(values))] != kinds:
                return None
        for pick, words in self.words:
            if not words >= {*pick(values)}:
                return None
        for place, known in self.singles:
            if values[place] not in known:
                return None
        for place in self.codes:
            if not _is_code(values[place]):
                return None
        return self._with_lists(values) if self.lists else values

    def _with_lists(self, values: tuple[object, ...]) -> tuple[object, ...] | None:
        made = list(values)
        for place, reader in self.lists:
            made[place] = reader.read(values[place])
            if made[place] is None:
                return None
        return tuple(made)


def checks_of(book: Book, shape: tuple[type, ...], needed: Set[str]) -> Checks | None:
    """Make the checks for claims whose values have these Python types; None where a value must be looked at by itself."""
    ranges: dict[object, list[int]] = {}
    kinds: list[int] = []
    words: dict[EnumType, list[int]] = {}
    codes: list[int] = []
    lists: list[tuple[int, ListReader]] = []
    if len(shape) != len(book.elements):
        return None
    for place, (element, given) in enumerate(zip(book.elements.values(), shape, strict=True)):
        if given is type(None) and element.name not in needed:
            kinds.append(place)
        elif not _fits(element, given):
            return None
        elif isinstance(element.type, NumberType):
            ranges.setdefault(MAX_DAYS if element.type == DAYS else MAX_FEN, []).append(place)
        elif element.type is SimpleType.DATE:
            ranges.setdefault(LAST_DAY, []).append(place)
        elif isinstance(element.type, EnumType):
            words.setdefault(element.type, []).append(place)
        elif element.type is SimpleType.CODE:
            codes.append(place)
        elif isinstance(element.type, ListType):
            lists.append((place, ListReader.of(element)))
        else:
            kinds.append(place)
    return Checks(
        tuple((_pick(at), _kinds(at, shape), FIRST_DAY if isinstance(most, date) else 0, most) for most, at in ranges.items()),
        ((_pick(kinds), _kinds(kinds, shape)),) if kinds else (),
        tuple((_pick(at), frozenset(type_.values)) for type_, at in words.items() if len(at) > 1),
        tuple((at[0], frozenset(type_.values)) for type_, at in words.items() if len(at) == 1),
        tuple(codes),
        tuple(lists),
    )


def _kinds(places: list[int], shape: tuple[type, ...]) -> list[type]:
    return [shape[place] for place in (*places, places[0])]


def _fits(element: Element, given: type) -> bool:
    if element.type == NumberType():
        return given in (int, Fraction)
    if isinstance(element.type, NumberType):
        return given is int
    if isinstance(element.type, EnumType) or element.type in (SimpleType.CODE, SimpleType.TEXT):
        return given is str
    if isinstance(element.type, ListType):
        return given is list
    return given is (bool if element.type is SimpleType.BOOLEAN else date if element.type is SimpleType.DATE else None)


def _pick(places: list[int]) -> _Pick:
    # Two places at least, so that a tuple comes out.
    return itemgetter(*places, places[0])
