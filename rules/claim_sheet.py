"""Reads a sheet of claims, a row a claim and a column an element, piece by piece, and has a plan answer every row."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from domain.assessment import Outcome
from domain.errors import InputError, MingbaiError
from domain.money import format_fen, parse_fen
from rules.codegen.column_plan import OUTCOMES
from rules.codegen.quick import QuickResult
from rules.column_claims import columns_of
from rules.columns import ROWS_AT_ONCE, ColumnAnswers, adjudicate_columns
from rules.element_texts import find_element, parse_elements, parse_list
from rules.engine import find_plan
from rules.model import Book
from rules.phrases import Phrase, error_phrase
from rules.source import DiagnosticError, Source
from rules.types import DAYS, MONEY, ListType
from rules.values import ElementValue

_REMEMBERED_TEXTS = 50_000
_YUAN, _DAYS = re.compile(r"\d{1,12}(\.\d{1,2})?元", re.ASCII), re.compile(r"\d{1,4}天", re.ASCII)
_TITLES = ("编号", "claim")  # of a first column that names the claims


@dataclass
class Sums:
    """What came out of a sheet; money in fen, by responsibility."""

    claims: int = 0
    alone: int = 0  # answered one by one, because something was unknown or too large
    refused: int = 0
    not_covered: str = ""  # why the plan has no program over columns; "" when it has one
    paid_fen: dict[str, int] = field(default_factory=dict)


@dataclass
class ClaimSheet:
    """The columns of a sheet under one plan; a first column 编号 or `claim` names the claims."""

    book: Book
    plan: str
    names: tuple[str, ...]  # of the elements, in the order of the columns
    is_named: bool
    texts: dict[tuple[str, str], ElementValue] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Book, plan: str, head: Sequence[str]) -> "ClaimSheet":
        """Understand the head of a sheet.

        Raises:
            RuleBookError: the book has no such plan.
            InputError: a column that is no element, or stands twice.
        """
        find_plan(book, plan)
        is_named = bool(head) and head[0].strip() in _TITLES
        names = tuple(each.strip() for each in (head[1:] if is_named else head))
        for place, name in enumerate(names):
            find_element(book, name)
            if name in names[:place]:
                raise InputError(Phrase("the column {name} stands twice", name=name), Phrase("keep one of the two"), field=name)
        if not names:
            raise InputError(
                Phrase("the sheet has no column that is an element"), Phrase("name columns such as {name}", name=next(iter(book.elements)))
            )
        return cls(book, plan, names, is_named)

    @property
    def head(self) -> list[str]:
        """Name the columns of the answers."""
        responsibilities = find_plan(self.book, self.plan).responsibilities
        return ["claim", *(f"{each} {what}" for each in responsibilities for what in ("outcome", "paid", "because")), "error"]

    def answer(self, rows: Iterable[Sequence[str]], sums: Sums) -> Iterator[list[str]]:
        """Answer every row, in order; one that cannot be read or answered says why, and the others go on."""
        numbered = enumerate(rows, start=2)
        while piece := list(islice(numbered, ROWS_AT_ONCE)):
            yield from self._answer_piece(piece, sums)

    def _answer_piece(self, piece: list[tuple[int, Sequence[str]]], sums: Sums) -> Iterator[list[str]]:
        claims: list[Mapping[str, ElementValue]] = []
        errors: dict[int, str] = {}
        for place, (_, row) in enumerate(piece):
            try:
                claims.append(self._read(row))
            except MingbaiError as error:
                claims.append({})
                errors[place] = error_phrase(error)
        answers = adjudicate_columns(self.book, self.plan, columns_of(self.book, claims), {})
        errors = {row: error_phrase(error) for row, error in answers.failed.items()} | errors
        sums.claims, sums.refused = sums.claims + len(piece), sums.refused + len(errors)
        sums.alone += len([row for row in answers.told if row not in errors])
        sums.not_covered = answers.not_covered
        for place, (number, row) in enumerate(piece):
            told = [] if place in errors else self._told(answers, place, sums)
            name = row[0] if self.is_named and row else str(number)
            yield [name, *(told or [""] * (3 * len(answers.results))), errors.get(place, "")]

    def _read(self, row: Sequence[str]) -> dict[str, ElementValue]:
        cells = row[1:] if self.is_named else row
        if len(cells) > len(self.names):
            raise InputError(
                Phrase("the row has {count} cells, the head {count2}", count=len(row), count2=len(self.names) + self.is_named),
                Phrase("put a cell with commas in quotes"),
            )
        return {name: self._value(name, text.strip()) for name, text in zip(self.names, cells, strict=False) if text.strip()}

    def _value(self, name: str, text: str) -> ElementValue:
        key = (name, text)
        if key not in self.texts:
            if len(self.texts) >= _REMEMBERED_TEXTS:
                self.texts.clear()
            self.texts[key] = self._parse(name, text)
        return self.texts[key]

    def _parse(self, name: str, text: str) -> ElementValue:
        element = find_element(self.book, name)
        # Nearly all that differs from row to row is money and days; the parser of expressions is not needed for them.
        if element.type == MONEY and _YUAN.fullmatch(text):
            return parse_fen(text.removesuffix("元"))
        if element.type == DAYS and _DAYS.fullmatch(text):
            return int(text.removesuffix("天"))
        if not isinstance(element.type, ListType):
            return parse_elements(self.book, {name: text})[name]
        try:
            return parse_list(self.book, element, Source.of(name, text))
        except DiagnosticError as error:
            raise InputError(
                Phrase("{name} cannot be {text}: {what}", name=name, text=repr(text), what=error.what), error.way_out, field=name
            ) from error

    def _told(self, answers: ColumnAnswers, row: int, sums: Sums) -> list[str]:
        cells = []
        singly = answers.told.get(row)
        for place, column in enumerate(answers.results):
            fen = int(column.amount_fen[row])
            sums.paid_fen[column.shape.name] = sums.paid_fen.get(column.shape.name, 0) + fen
            if singly is not None:
                cells += _cells(singly[place])
                continue
            reason = int(column.declined_by[row])
            because = " ".join(column.shape.reasons[reason]) if reason >= 0 else ""
            cells += [OUTCOMES[column.outcome[row]].value, format_fen(fen, grouped=False), because.strip()]
        return cells


def _cells(result: QuickResult) -> list[str]:
    if result.outcome is not Outcome.UNKNOWN:
        return [result.outcome.value, format_fen(result.amount_fen or 0, grouped=False), f"{result.declined_by} {result.clause}".strip()]
    low = format_fen(result.low_fen or 0, grouped=False)
    high = "…" if result.high_fen is None else format_fen(result.high_fen, grouped=False)
    return [result.outcome.value, f"{low}～{high}", "、".join(each.element for each in result.unknowns)]
