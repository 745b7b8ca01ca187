"""Bounds how deep rules stand on one another, so that no walk over a book, and no claim, can exhaust the stack.

A claim is answered by functions that call one another as the rules name one another; checkers and generators walk
the same way. The deepest way through a book is known when it is saved, and is bounded here, whatever the order of the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.model import Book, Rule, all_steps
from rules.phrases import Phrase
from rules.reading import Reading
from rules.rule_layer import shortened, trees_of
from rules.source import Position
from rules.typed import Apply, Loop, RuleAnswer, Typed, names_of, parts_of

MAX_CHAIN = 25  # rules that stand on one another
MAX_LEVELS = 200  # operators inside one another along such a chain; Python's stack holds some four times as many


@dataclass(frozen=True)
class _Depth:
    """How far down a rule reaches: by number of rules, itself included, and by levels of operators; each with the rule it goes on to."""

    rules: int
    then: str
    levels: int
    then_deeper: str


def check_chains(reading: Reading, book: Book) -> None:
    """Note every rule that begins too long a chain, and every calculation that asks too deep."""
    depths = _depths_of(book.rules)
    named = {rule for each in book.rules.values() for tree in trees_of(each) for rule in names_of(tree)[1]}
    for name, rule in book.rules.items():
        depth = depths[name]
        if name not in named and depth.rules > MAX_CHAIN:
            told = _told(name, depths, "then")
            what = Phrase(
                "{name} begins a chain of {count} rules ({chain}), and at most {most} may stand on one another",
                name=name,
                count=depth.rules,
                chain=told,
                most=MAX_CHAIN,
            )
            _note(reading, rule.at, what, Phrase("say it with fewer rules in between"))
        elif name not in named and depth.levels > MAX_LEVELS:
            _note_levels(
                reading,
                rule.at,
                Phrase("{name} begins a chain of rules ({chain})", name=name, chain=_told(name, depths, "then_deeper")),
                depth.levels,
            )
    for responsibility in book.responsibilities.values():
        for step in all_steps(responsibility.steps):
            for formula in step.formulas():
                levels = _reach(formula.tree, depths)[0]
                if levels > MAX_LEVELS and all(depths[rule].levels <= MAX_LEVELS for rule in names_of(formula.tree)[1]):
                    _note_levels(reading, step.at, Phrase("this step of {responsibility} asks", responsibility=responsibility.name), levels)


def _note_levels(reading: Reading, at: Position, subject: Phrase, levels: int) -> None:
    what = Phrase(
        "{subject} {levels} operators deep, and at most {most} may stand in one another", subject=subject, levels=levels, most=MAX_LEVELS
    )
    _note(reading, at, what, Phrase("split the longest expressions into rules that stand beside one another"))


def _note(reading: Reading, at: Position, what: Phrase, way_out: Phrase) -> None:
    with reading.problems.collect():
        raise reading.source.error(at, what, way_out)


def _told(start: str, depths: Mapping[str, _Depth], way: str) -> str:
    chain = [start]
    while following := getattr(depths[chain[-1]], way):
        chain.append(following)
    return shortened(chain)


def _depths_of(rules: Mapping[str, Rule]) -> dict[str, _Depth]:
    """Measure every rule; `rules` hold what a rule names before the rule itself, as they were read."""
    found: dict[str, _Depth] = {}
    for name, rule in rules.items():
        trees = trees_of(rule)
        below = {each for tree in trees for each in names_of(tree)[1]}
        longest = max(below, key=lambda each: found[each].rules, default="")
        levels, deepest = max((_reach(tree, found) for tree in trees), default=(0, ""))
        found[name] = _Depth(1 + (found[longest].rules if longest else 0), longest, levels, deepest)
    return found


def _reach(tree: Typed, depths: Mapping[str, _Depth]) -> tuple[int, str]:
    """Give the deepest level that an expression reaches, and the rule through which it does; "" when through none."""
    deepest, waiting = (0, ""), [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, (level + 1 + depths[node.rule].levels, node.rule) if isinstance(node, RuleAnswer) else (level, ""))
        parts = parts_of(node)
        if isinstance(node, Apply) and len(parts) == 2:
            waiting += [(parts[0], level), (parts[1], level + 1)]  # a + b + c runs in a loop: it is wide, and not deep
        else:
            waiting += [(part, level + (2 if isinstance(node, Loop) else 1)) for part in parts]  # a loop takes more of the stack
    return deepest
