"""What a loop over a list answers: `some`, `every`, a filter, and FEEL's brackets that are either a filter or a place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from rules.operators import all_of, any_of, invert
from rules.unknown import Items, Unknown, UnsureItems, Value, causes_of


@dataclass(frozen=True)
class Asked:
    """An item, whether it belongs to the list at all, and what the body of the loop answers for it."""

    item: Value
    belongs: Value
    answer: Value


def _any_item(asked: Iterator[Asked]) -> Value:
    return _first_decisive((all_of([each.belongs, each.answer]) for each in asked), decisive=True)


def _every_item(asked: Iterator[Asked]) -> Value:
    return _first_decisive((any_of([invert(each.belongs), each.answer]) for each in asked), decisive=False)


def _first_decisive(answers: Iterator[Value], *, decisive: bool) -> Value:
    seen: list[Value] = []
    for answer in answers:
        if answer is decisive:
            return decisive
        seen.append(answer)
    return any_of(seen) if decisive else all_of(seen)


def _keep(asked: Iterator[Asked]) -> Value:
    told = [(each.item, all_of([each.belongs, each.answer])) for each in asked]
    sure = tuple(item for item, stays in told if stays is True)
    open_ = [(item, stays) for item, stays in told if isinstance(stays, Unknown)]
    if not open_:
        return Items(sure)
    return UnsureItems(causes_of(stays for _, stays in open_), sure=sure, maybe=tuple(item for item, _ in open_))


def _take_or_keep(asked: Iterator[Asked]) -> Value:
    # Without declared types only the answers tell a place from a condition; what is not true is left out, as FEEL has it.
    told = list(asked)
    if not told or not isinstance(told[0].answer, Fraction):
        return Items(tuple(each.item for each in told if each.answer is True))
    place, count = told[0].answer, len(told)
    if place.denominator != 1 or not 1 <= abs(place) <= count:
        return Unknown(frozenset({f"a list of {count} has no item {place}"}))
    return told[int(place) - 1 if place > 0 else int(place)].item


LOOPS: dict[str, Callable[[Iterator[Asked]], Value]] = {
    "some": _any_item,
    "every": _every_item,
    "filter": _keep,
    "select": _take_or_keep,
}
