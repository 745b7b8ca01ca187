"""Says of every field that a page carries whether it was found, whether it was right, and how sure the reader was."""

from collections.abc import Iterator, Sequence
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

    @property
    def is_amount(self) -> bool:
        """Tell whether it is a sum of money, or a line of a table, which carries one."""
        return self.name.endswith("_fen") or self.name.startswith("lines/")


def judge(page: PageSpec, document: Document) -> Iterator[Judged]:
    """Compare everything that was read of a page with the facts that were printed."""
    doubted = {each.about for each in document.findings if each.severity is not Severity.NOTE}
    for name, truth in facts_of(page).items():
        field = document.field(name)
        read = None if field is None else field.value
        confidence, is_proven = (0.0, False) if field is None else (field.confidence, field.proven)
        yield Judged(name, truth, read, _plain(read) == _plain(truth), confidence, is_proven, name in doubted)
    yield from _judge_lines(getattr(page, "lines", ()), document.lines)


def _judge_lines(printed: Sequence[InvoiceLine], found: Sequence[InvoiceLine]) -> Iterator[Judged]:
    """Pair lines by their names, then those whose names were misread in their order; a line that nobody printed is wrong too."""
    names = {line.name for line in printed}
    strangers = [line for line in found if line.name not in names]
    for number, line in enumerate(printed):
        read = next((each for each in found if each.name == line.name), None) or (strangers.pop(0) if strangers else None)
        yield _judge_line(f"lines/{number}", line, read)
    for line in strangers:
        yield _judge_line("lines/unprinted", None, line)


def _judge_line(name: str, printed: InvoiceLine | None, read: InvoiceLine | None) -> Judged:
    confidence = 0.0 if read is None else read.confidence
    return Judged(name, _charge(printed), _charge(read), _charge(read) == _charge(printed), confidence, False)


def misses_of(page: PageSpec, document: Document) -> dict[str, str]:
    """Name every field of a page that is not exactly the true one, with both values."""
    return {each.name: f"{each.truth!r} read as {each.read!r}" for each in judge(page, document) if not each.is_right}


def _plain(value: int | date | str | None) -> object:
    return value.replace(" ", "") if isinstance(value, str) else value


def _charge(line: InvoiceLine | None) -> tuple[str, int, str] | None:
    return None if line is None else (line.name, line.amount_fen, line.list_class)
