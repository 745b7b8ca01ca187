"""Says of every field that a page carries whether it was found, whether it was right, and how sure the reader was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.document import Document, InvoiceLine
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

    @property
    def is_amount(self) -> bool:
        """Tell whether it is a sum of money, or a line of a table, which carries one."""
        return self.name.endswith("_fen") or self.name.startswith("lines/")


def judge(page: PageSpec, document: Document) -> Iterator[Judged]:
    """Compare everything that was read of a page with the facts that were printed."""
    for name, truth in facts_of(page).items():
        field = document.field(name)
        read = None if field is None else field.value
        confidence, is_proven = (0.0, False) if field is None else (field.confidence, field.proven)
        yield Judged(name, truth, read, _plain(read) == _plain(truth), confidence, is_proven)
    for number, line in enumerate(getattr(page, "lines", ())):
        found = next((each for each in document.lines if each.name == line.name), None)
        confidence = 0.0 if found is None else found.confidence
        yield Judged(f"lines/{number}", _charge(line), _charge(found), _charge(found) == _charge(line), confidence, False)


def misses_of(page: PageSpec, document: Document) -> dict[str, str]:
    """Name every field of a page that is not exactly the true one, with both values."""
    return {each.name: f"{each.truth!r} read as {each.read!r}" for each in judge(page, document) if not each.is_right}


def _plain(value: int | date | str | None) -> object:
    return value.replace(" ", "") if isinstance(value, str) else value


def _charge(line: InvoiceLine | None) -> tuple[str, int, str] | None:
    return None if line is None else (line.name, line.amount_fen, line.list_class)
