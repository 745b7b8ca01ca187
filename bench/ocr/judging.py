"""Says of every field that a page carries whether it was found, whether it was right, and how sure the reader was."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.document import Document, InvoiceLine
from domain.finding import Severity
from sandbox.render import PageSpec, facts_of


@dataclass(frozen=True)
class Judged:
    """One fact of a page: `read` is None when nothing was found; lines of a table count as one fact each."""

    name: str
    truth: object
    read: object
    is_right: bool
    confidence: float
    is_proven: bool
    is_doubted: bool = False  # a finding asks a person about it
    key: str = ""  # what the document calls it: the field's name, or lines/0 … in the order in which items were read
    is_box_right: bool | None = None  # None: not asked, nothing right was read, or nothing of it is in the picture

    @property
    def is_amount(self) -> bool:
        """Tell whether it is a sum of money: a field of one, or what a charged item costs; prices of one piece are not counted."""
        return self.name.endswith("_fen") and not self.name.endswith("/unit_price_fen")

    @property
    def is_line(self) -> bool:
        """Tell whether it belongs to a charged item, whose parts share one confidence."""
        return self.name.startswith("lines/")


def judge(page: PageSpec, document: Document) -> Iterator[Judged]:
    """Compare everything that was read of a page with the facts that were printed."""
    doubted = {each.about for each in document.findings if each.severity is not Severity.NOTE}
    for name, truth in facts_of(page).items():
        field = document.field(name)
        read = None if field is None else field.value
        confidence, is_proven = (0.0, False) if field is None else (field.confidence, field.proven)
        yield Judged(name, truth, read, _plain(read) == _plain(truth), confidence, is_proven, name in doubted, name)
    yield from _judge_lines(getattr(page, "lines", ()), document, doubted)


def _judge_lines(printed: Sequence[InvoiceLine], document: Document, doubted: Container[str]) -> Iterator[Judged]:
    """Pair lines by their names, then those whose names were misread in their order; a line that nobody printed is wrong too."""
    names = {line.name for line in printed}
    strangers = [place for place, line in enumerate(document.lines) if line.name not in names]
    for number, line in enumerate(printed):
        own = [place for place, each in enumerate(document.lines) if each.name == line.name]
        place = own[0] if own else strangers.pop(0) if strangers else None
        yield from _judge_line(f"lines/{number}", line, place, document, doubted)
    for place in strangers:
        yield from _judge_line("lines/unprinted", None, place, document, doubted)


def _judge_line(name: str, printed: InvoiceLine | None, place: int | None, document: Document, doubted: Container[str]) -> Iterator[Judged]:
    """Judge what an item costs, and what it is: its name, its class, and of its specification, price and quantity those that were read."""
    read = None if place is None else document.lines[place]
    confidence, is_proven = (0.0, False) if read is None else (read.confidence, read.proven)
    key = f"lines/{place}"
    is_doubted = key in doubted
    amounts = tuple(None if each is None else each.amount_fen for each in (printed, read))
    yield Judged(f"{name}/amount_fen", *amounts, amounts[0] == amounts[1], confidence, is_proven, is_doubted, key)
    what = tuple(None if each is None else (each.name, each.list_class) for each in (printed, read))
    yield Judged(f"{name}/name", *what, what[0] == what[1], confidence, False, is_doubted, key)
    if printed is not None and read is not None:
        for part in ("specification", "unit_price_fen", "quantity"):
            truth, found = getattr(printed, part), getattr(read, part)
            if found not in (None, "") and truth not in (None, ""):
                yield Judged(f"{name}/{part}", truth, found, _plain(truth) == _plain(found), confidence, False, is_doubted, key)


def misses_of(page: PageSpec, document: Document) -> dict[str, str]:
    """Name every field of a page that is not exactly the true one, with both values."""
    return {each.name: f"{each.truth!r} read as {each.read!r}" for each in judge(page, document) if not each.is_right}


def _plain(value: int | date | str | None) -> object:
    return value.replace(" ", "") if isinstance(value, str) else value
