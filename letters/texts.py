"""Goes through every text of a letter."""

from collections.abc import Callable
from dataclasses import replace

from domain.letter import Column, Letter, LetterTable, Section

_Change = Callable[[str], str]


def change_texts(letter: Letter, change: _Change) -> Letter:
    """Give the letter with every text that is printed changed."""
    return replace(
        letter,
        number=change(letter.number),
        heading=change(letter.heading),
        head=replace(letter.head, insurer=change(letter.head.insurer)),
        addressee=change(letter.addressee),
        facts=tuple((change(label), change(text)) for label, text in letter.facts),
        sections=tuple(_section(each, change) for each in letter.sections),
    )


def _section(section: Section, change: _Change) -> Section:
    return Section(
        change(section.heading),
        tuple(map(change, section.paragraphs)),
        tuple(map(change, section.points)),
        tuple(_table(each, change) for each in section.tables),
    )


def _table(table: LetterTable, change: _Change) -> LetterTable:
    columns = tuple(Column(change(each.heading), each.share, each.is_figure) for each in table.columns)
    rows = tuple(tuple(map(change, row)) for row in table.rows)
    return LetterTable(change(table.caption), columns, rows, tuple(map(change, table.total)))
