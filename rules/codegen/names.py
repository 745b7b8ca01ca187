"""What the names of a scope stand for while a program is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rules.codegen.pieces import Piece


@dataclass
class Names:
    """What the names of one scope stand for, which rules it has answered, and by which exception (-1: none)."""

    pieces: dict[str, Piece]
    answers: dict[str, Piece] = field(default_factory=dict)
    exceptions: dict[str, Piece] = field(default_factory=dict)
    items: dict[str, "Item"] = field(default_factory=dict)  # what the loops around call their items
    outside: "Names | None" = None  # the names around the outermost loop

    @property
    def around(self) -> "Names":
        """Give the names that no loop adds to."""
        return self.outside or self

    def looping(self, variable: str, item: "Item") -> "Names":
        """Give the names inside a loop."""
        return replace(self, items={**self.items, variable: item}, outside=self.around)


@dataclass(frozen=True)
class Item:
    """What a loop stands at: the item, and its fields where it is a record; `where` tells columns which list it is of."""

    piece: Piece
    fields: Mapping[str, Piece] = field(default_factory=dict)
    where: object = None
