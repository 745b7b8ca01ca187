"""What a photograph truly says, fact by fact, with the place where it stands: what a reader is measured by."""

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date

from domain.document import InvoiceLine
from sandbox.exposure import Place
from sandbox.photograph import Photo
from sandbox.render import PageSpec, facts_of
from sandbox.sheet import line_facts


@dataclass(frozen=True)
class TrueFact:
    """A value as it was printed, and where the photograph shows it; `place.seen` is 0 for one outside the photograph."""

    value: int | date | str | InvoiceLine
    place: Place


def truth_of(page: PageSpec, photo: Photo) -> dict[str, TrueFact]:
    """Tell every fact of a photographed page by its field's name, and charged items as lines/0, lines/1 …."""
    lines: tuple[InvoiceLine, ...] = getattr(page, "lines", ())
    values = facts_of(page) | dict(zip(line_facts(lines), lines, strict=True))
    return {name: TrueFact(value, photo.places[name]) for name, value in values.items()}


def truth_as_json(truth: Mapping[str, TrueFact]) -> str:
    """Write it for people and other programs: `value`, `box` (null when nothing of it is seen), `corners` and `seen`, a fact a line."""
    told = (f"{json.dumps(name)}: {json.dumps(_told(fact), ensure_ascii=False)}" for name, fact in truth.items())
    return "{\n" + ",\n".join(told) + "\n}\n"


def _told(fact: TrueFact) -> dict[str, object]:
    box = list(astuple(fact.place.box)) if fact.place.box else None
    return {"value": _plain(fact.value), "box": box, "corners": fact.place.corners, "seen": fact.place.seen}


def _plain(value: int | date | str | InvoiceLine) -> object:
    if isinstance(value, InvoiceLine):
        return {"name": value.name, "amount_fen": value.amount_fen, "list_class": value.list_class, "quantity": value.quantity}
    return value.isoformat() if isinstance(value, date) else value
