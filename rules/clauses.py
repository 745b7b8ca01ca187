"""Clause texts (条文): the contract's own wording under its numbers, beside the rules that cite it. They decide nothing.

A book may go without them. What it cites and has no text of is told by `rules check`, and keeps nothing from working.
"""

from collections.abc import Iterator, Mapping

from rules.keywords import Place, written
from rules.line_work import LineWork
from rules.model import Book, Clause, Rule
from rules.phrases import Phrase
from rules.reading import Reading
from rules.source import Diagnostic, Position
from rules.strict_yaml import Node

_BELOW = ("第", "（", "(", ".", " ", "　")  # what a number goes on with that names a part of the clause: 第六条 第二款, 第六条（二）, 4.1
_LISTED = 6


def read_clauses(reading: Reading, node: Node) -> dict[str, Clause]:
    """Read the clause texts of a book; what is wrong with one is noted, and the others are read on."""
    found: dict[str, Clause] = {}
    for number, text in reading.mapping(node, written(Place.KEY, "clauses", reading.language)).entries:
        with reading.problems.collect():
            found[number.text] = Clause(
                number.text, reading.scalar(text, Phrase("the text of {number}", number=number.text)).text.strip(), number.at
            )
    return found


def find_clause(clauses: Mapping[str, Clause], cited: str) -> Clause | None:
    """Find the text of a clause that is cited; where it has none of its own, that of the clause that it is a part of.

    第六条第二款 is found under 第六条, 4.1 under 4; 第六条之一 is another clause than 第六条, and 41 than 4.
    """
    if cited in clauses:
        return clauses[cited]
    above = [each for each in clauses.values() if cited.startswith(each.number) and cited[len(each.number) :].startswith(_BELOW)]
    return max(above, key=lambda each: len(each.number), default=None)


def cited_clauses(book: Book) -> frozenset[str]:
    """Give every clause that a rule, an exception or an item of a review cites."""
    return frozenset(clause for rule in book.rules.values() for _, clause in citations_of(rule))


def citations_of(rule: Rule) -> Iterator[tuple[Position, str]]:
    """Give what a rule, its exceptions and the items of its review cite, each with where that stands."""
    items = rule.general.adjustments if isinstance(rule.general, LineWork) else rule.exceptions
    yield from ((each.at, each.clause) for each in (rule, *items) if each.clause)


def texts_missing(reading: Reading, clauses: Mapping[str, Clause]) -> Iterator[Diagnostic]:
    """Tell what the rules cite and the book has no text of: place by place, or once for a book that holds no texts at all."""
    key = written(Place.KEY, "clauses", reading.language)
    cited = sorted(reading.cited.items(), key=lambda each: (each[0].line, each[0].column))
    if cited and not clauses:
        told = _listed([text for _, text in cited])
        yield reading.source.error(
            cited[0][0],
            Phrase("the book holds no text of what it cites: {told}", told=told),
            Phrase("add {key}: with the contract's wording of each", key=key),
        ).diagnostic
        return
    for at, text in cited:
        if find_clause(clauses, text) is None:
            way_out = Phrase("add {text}: to {key}, or cite one that is there: {listed}", text=text, key=key, listed=_listed(list(clauses)))
            yield reading.source.error(at, Phrase("{key} has no text of {text}", key=key, text=text), way_out).diagnostic


def _listed(numbers: list[str]) -> Phrase:
    told = list(dict.fromkeys(numbers))
    return Phrase.joined(", ", (*told[:_LISTED], *(["…"] if len(told) > _LISTED else [])))
