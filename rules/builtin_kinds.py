"""What the parameters of built-ins may be, and which signature fits given types."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from rules.overloads import is_ordered, may_be_same
from rules.phrases import Phrase
from rules.types import NUMBER, ListType, NumberType, SimpleType, Type
from rules.unknown import Value

ANY = SimpleType.ANY
NOTHING = SimpleType.NOTHING
LIST_OF_ANY = ListType(ANY)


def _is_quantity(type_: Type) -> bool:
    return isinstance(type_, NumberType)


_KINDS: dict[str, Callable[[Type], bool]] = {
    "any": lambda _: True,
    "number": lambda type_: type_ == NUMBER,
    "quantity": _is_quantity,
    "span": lambda type_: _is_quantity(type_) or type_ is SimpleType.MONTHS,
    "text": lambda type_: type_ is SimpleType.TEXT,
    "date": lambda type_: type_ is SimpleType.DATE,
    "boolean": lambda type_: type_ is SimpleType.BOOLEAN,
    "ordered": is_ordered,
}


KIND_WORDS = (*_KINDS, "list")


def fits_kind(kind: str, type_: Type) -> bool:
    """Tell whether a type is of a kind: `number`, `list of text`, `list`; what only a value can tell is of any."""
    if type_ is ANY or kind == "any":
        return True
    if kind.startswith("list"):
        item = kind.removeprefix("list of ") if kind != "list" else "any"
        if not isinstance(type_, ListType):
            return False
        return item == "any" or type_.item is NOTHING or (type_.item is not ANY and fits_kind(item, type_.item))
    return not isinstance(type_, ListType) and _KINDS[kind](type_)


@dataclass(frozen=True)
class Signature:
    """One way to call a built-in; a kind that ends in `?` may be left out, one in `…` may repeat."""

    kinds: tuple[str, ...]
    result: str  # number, text … or: same (as the first argument), item (of the first, a list), items (a list of the first's type)
    function: Callable[..., Value]
    knows_unknown: bool = False  # it answers for unknown arguments itself

    def kind_of(self, index: int) -> str:
        """Name the kind of an argument by its place, from 0."""
        return self.kinds[min(index, len(self.kinds) - 1)].rstrip("?…")

    def takes(self, count: int) -> bool:
        """Tell whether it takes so many arguments."""
        needed = sum(not kind.endswith("?") for kind in self.kinds)
        return count >= needed and (count <= len(self.kinds) or self.kinds[-1].endswith("…"))

    def fits(self, types: Sequence[Type]) -> bool:
        """Tell whether it takes arguments of these types."""
        return self.takes(len(types)) and all(fits_kind(self.kind_of(index), type_) for index, type_ in enumerate(types))

    def agrees(self, types: Sequence[Type]) -> bool:
        """Tell whether arguments that must be of one type are; a list and what is put into it count as such."""
        known = [type_ for type_ in types if type_ is not ANY]
        if self.result == "same" and self.kinds[0].endswith("…"):
            return all(type_ == known[0] for type_ in known)
        if self.kinds[0] == "list…":
            return all(may_be_same(known[0], type_) for type_ in known)
        if "any…" in self.kinds and isinstance(types[0], ListType):
            return all(types[0].item in (type_, ANY, NOTHING) for type_ in known[1:])
        return True

    def answers(self, types: Sequence[Type]) -> Type:
        """Tell the type of the answer."""
        first = next((type_ for type_ in types if type_ is not ANY and type_ != ListType(NOTHING)), types[0] if types else ANY)
        if self.result == "same":
            return first
        if self.result == "item":
            return first.item if isinstance(first, ListType) else ANY
        if self.result == "items":
            return ListType(first)
        return _RESULTS[self.result]

    def __str__(self) -> str:
        return self.whole

    @property
    def whole(self) -> Phrase:
        """Write what it takes, in brackets: (list, [number])."""
        kinds = [_kind_told(each) for each in self.kinds] or [Phrase("")]
        return Phrase("({kinds})", kinds=reduce(lambda one, other: Phrase("{one}, {other}", one=one, other=other), kinds))


def _kind_told(kind: str) -> Phrase:
    plain = kind.rstrip("?…")
    told = Phrase("list of {kind}", kind=Phrase(plain.removeprefix("list of "))) if plain.startswith("list of ") else Phrase(plain)
    if kind.endswith("?"):
        return Phrase("[{kind}]", kind=told)
    return Phrase("{kind}, …", kind=told) if kind.endswith("…") else told


_RESULTS: dict[str, Type] = {
    "number": NUMBER,
    "text": SimpleType.TEXT,
    "boolean": SimpleType.BOOLEAN,
    "date": SimpleType.DATE,
    "months": SimpleType.MONTHS,
    "duration": ANY,  # months or days, as its text says
    "numbers": ListType(NUMBER),
    "list": LIST_OF_ANY,
}
