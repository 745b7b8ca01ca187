"""From checked flags to the only shape of rule that is given to durable_rules: one flat "and" over whole numbers.

The shape is narrow because the engine (2.0.28) is wide open: it hashes names to 32 bits, compares across types
without a word, may fire a negation although the fact exists, and a malformed rule can hang the process. So
negation is resolved here (every fact is always present, text is its place in a closed list, a missing finding
or flag is a 0), "or" becomes several rules, and a ruleset is cut before the conditions that can match at once
reach the engine's stack: past it the process crashes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

from rules.phrases import Phrase
from rules.routing_conditions import (
    All,
    AnyOf,
    Comparison,
    Condition,
    FactType,
    Flag,
    HasFinding,
    HasFlag,
    Not,
    needed_findings,
    needed_flags,
)
from rules.source import Diagnostic, DiagnosticError

MOST_ALTERNATIVES = 64  # of one flag, after "or" and "not" are written out
MOST_CONDITIONS = 24  # of one alternative
MOST_CONDITIONS_OF_RULESET = 56  # the engine's stack has 64 places; the probe takes one
MOST_STRATA = 10
PROBE = "claim"  # the property that every claim carries as 1

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, order=True)
class Atom:
    """One comparison of a property with a whole number, by == < <= > or >=, never by !=."""

    prop: str
    operator: str
    value: int


@dataclass(frozen=True)
class RulesetPlan:
    """What one durable_rules ruleset holds: conjunctions and the flag each of them raises."""

    name: str
    rules: tuple[tuple[str, tuple[Atom, ...]], ...]

    @property
    def props(self) -> frozenset[str]:
        """Name the properties that its rules look at."""
        return frozenset(atom.prop for _, atoms in self.rules for atom in atoms)


@dataclass(frozen=True)
class Program:
    """A routing book, compiled: the strata of flags, and the rulesets of each stratum."""

    strata: tuple[tuple[Flag, ...], ...]
    rulesets: tuple[tuple[RulesetPlan, ...], ...]
    fact_props: Mapping[str, str]
    finding_props: Mapping[str, str]
    flag_props: Mapping[str, str]


def compile_flags(facts: Mapping[str, FactType], flags: Sequence[Flag], name: str = "flags") -> Program:
    """Compile flags whose chain is known to have no circle; the rulesets carry the name of the book, in any script.

    Raises:
        RuleBookError: a flag beyond the bounds of what the engine may be given.
    """
    names = _names_of(facts, flags)
    strata = _stratify(flags)
    _check_length(strata)
    rulesets = tuple(tuple(_plan(f"{name}/{level}", stratum, names)) for level, stratum in enumerate(strata))
    return Program(strata, rulesets, names.fact_props, names.finding_props, names.flag_props)


def find_faults(facts: Mapping[str, FactType], flags: Sequence[Flag]) -> list[DiagnosticError]:
    """List every flag beyond the bounds of what the engine may be given; the chain of flags has no circle."""
    names, faults = _names_of(facts, flags), list[DiagnosticError]()
    checks: list[Callable[[], object]] = [partial(_alternatives, flag, names) for flag in flags]
    checks.append(partial(_check_length, _stratify(flags)))
    for check in checks:
        try:
            check()
        except DiagnosticError as error:
            faults.append(error)
    return faults


def _names_of(facts: Mapping[str, FactType], flags: Sequence[Flag]) -> "_Names":
    findings = sorted(frozenset().union(*(needed_findings(flag.when) for flag in flags)))
    return _Names(
        facts=facts,
        fact_props={name: f"v{index}" for index, name in enumerate(facts)},
        finding_props={code: f"n{index}" for index, code in enumerate(findings)},
        flag_props={flag.code: f"g{index}" for index, flag in enumerate(flags)},
    )


def _check_length(strata: Sequence[Sequence[Flag]]) -> None:
    if len(strata) > MOST_STRATA:
        raise _refusal(
            strata[-1][0],
            Phrase("the chain of flags is {count} long", count=len(strata)),
            Phrase("keep it within {most}", most=MOST_STRATA),
        )


def _refusal(flag: Flag, what: Phrase, way_out: Phrase) -> DiagnosticError:
    file, line, column = flag.place.rsplit(":", 2)
    return DiagnosticError(Diagnostic(file, int(line), int(column), what, way_out))


@dataclass(frozen=True)
class _Names:
    facts: Mapping[str, FactType]
    fact_props: Mapping[str, str]
    finding_props: Mapping[str, str]
    flag_props: Mapping[str, str]


def _stratify(flags: Sequence[Flag]) -> tuple[tuple[Flag, ...], ...]:
    waiting, done, strata = list(flags), set[str](), list[tuple[Flag, ...]]()
    while waiting:
        ready = tuple(flag for flag in waiting if needed_flags(flag.when) <= done)
        strata.append(ready)
        done |= {flag.code for flag in ready}
        waiting = [flag for flag in waiting if flag.code not in done]
    return tuple(strata)


def _plan(name: str, stratum: Sequence[Flag], names: _Names) -> Iterator[RulesetPlan]:
    """Cut a stratum into rulesets that stay below the engine's stack, whatever matches."""
    rules: list[tuple[str, tuple[Atom, ...]]] = []
    conditions = 0
    serial = 0
    for flag in stratum:
        for atoms in _alternatives(flag, names):
            if conditions + len(atoms) > MOST_CONDITIONS_OF_RULESET:
                yield RulesetPlan(f"{name}/{serial}", tuple(rules))
                rules, conditions, serial = [], 0, serial + 1
            rules.append((flag.code, atoms))
            conditions += len(atoms)
    if rules:
        yield RulesetPlan(f"{name}/{serial}", tuple(rules))


def _alternatives(flag: Flag, names: _Names) -> list[tuple[Atom, ...]]:
    found = _disjuncts(flag.when, True, names, flag)
    for atoms in found:
        if len(atoms) > MOST_CONDITIONS:
            what = Phrase("{flag} asks {count} things at once", flag=flag.code, count=len(atoms))
            raise _refusal(flag, what, Phrase("keep it within {most}, or chain through another flag", most=MOST_CONDITIONS))
    return sorted(tuple(sorted(atoms)) for atoms in found)


def _disjuncts(condition: Condition, wanted: bool, names: _Names, flag: Flag) -> set[frozenset[Atom]]:
    """Write a condition (or its negation, if `wanted` is false) as alternatives, each a set of atoms that all hold."""
    match condition:
        case Comparison():
            return {frozenset((atom,)) for atom in _atoms(condition, wanted, names)}
        case HasFinding(code):
            return {frozenset((Atom(names.finding_props[code], "==", int(wanted)),))}
        case HasFlag(code):
            return {frozenset((Atom(names.flag_props[code], "==", int(wanted)),))}
        case Not(part):
            return _disjuncts(part, not wanted, names, flag)
        case All(parts) | AnyOf(parts):
            branches = [_disjuncts(part, wanted, names, flag) for part in parts]
            if isinstance(condition, AnyOf) is wanted:
                return _bounded(set().union(*branches), flag)
            found: set[frozenset[Atom]] = {frozenset()}
            for branch in branches:
                found = _bounded({left | right for left, right in product(found, branch)}, flag)
            return found


def _bounded(found: set[frozenset[Atom]], flag: Flag) -> set[frozenset[Atom]]:
    if len(found) > MOST_ALTERNATIVES:
        raise _refusal(
            flag,
            Phrase(
                "{flag} has more than {most} alternatives once its 'any' and 'not' are written out", flag=flag.code, most=MOST_ALTERNATIVES
            ),
            Phrase("put a part of it into a flag of its own and look at that flag"),
        )
    return found


def _atoms(comparison: Comparison, wanted: bool, names: _Names) -> list[Atom]:
    """Write a comparison without !=: the fact is always there, so "not equal" is one of the other values."""
    fact = names.facts[comparison.fact]
    prop = names.fact_props[comparison.fact]
    sign = comparison.operator if wanted else _OPPOSITE[comparison.operator]
    value = fact.encode(comparison.value)
    if sign != "!=":
        return [Atom(prop, sign, value)]
    if fact.kind == "int":
        return [Atom(prop, "<", value), Atom(prop, ">", value)]
    return [Atom(prop, "==", other) for other in range(2 if fact.kind == "bool" else len(fact.values)) if other != value]
