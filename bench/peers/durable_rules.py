"""durable_rules: its rules match the claim, their actions note what they answer, and Python does the money steps.

It cannot calculate in a rule, so `waited` comes as a fact, numbers stand for words, and a line's class only chooses
the tenths. At most 64 conditions may match one assert (docs/adr/0004-durable-rules-on-rails.md): the lines are two rulesets.
"""

import importlib
import itertools
from collections.abc import Callable, Mapping
from typing import Any

from bench.peers.job import (
    DEDUCTIBLE,
    PER_STAY,
    PER_YEAR,
    RATIOS,
    Answer,
    Condition,
    Facts,
    Peer,
    Test,
    conclude,
    condition,
    numbered,
    own_share,
)
from bench.workload.book import CONDITIONS, GRADES, LINES

Match = dict[str, Any]
Rules = dict[str, tuple[Match, tuple[str, Any]]]  # what matches, and what is then noted
_SIGNS = {"<=": "$lte", ">=": "$gte"}
_TENTHS = {0: 10, 1: 9}  # of a line that is kept, by its class; of the others none is
_LINES_A_RULESET = LINES // 2
_SESSION = "claim"


def durable_rules() -> Peer:
    """durable_rules: a ruleset for the claim and two for its lines, asserted one after the other; the session is deleted after each."""
    engine = importlib.import_module("durable.engine")
    noted: list[tuple[str, Any]] = []

    def note(answer: tuple[str, Any]) -> Callable[[Any], None]:
        return lambda _: noted.append(answer)

    rulesets = {"claim": _claim_rules()}
    rulesets |= {f"lines{start}": _line_rules(start) for start in range(0, LINES, _LINES_A_RULESET)}
    # Its own host starts threads that run failed actions again; without them it is a little faster, and no different.
    host_type = type("Host", (engine.Host,), {"_run": lambda _: None})
    host = host_type(
        {
            name: {key: {"all": [{"m": match}], "run": note(answer)} for key, (match, answer) in rules.items()}
            for name, rules in rulesets.items()
        }
    )
    asked = {name: sorted(set().union(*(_facts_in(match) for match, _ in rules.values()))) for name, rules in rulesets.items()}
    count = itertools.count()

    def prepare(facts: Facts) -> tuple[Facts, dict[str, Facts]]:
        known = {**numbered(facts), "waited": facts["loss"] - facts["start"]}
        # Adding 0 makes a number of a yes or a no.
        return facts, {name: {prop: known[prop] + 0 for prop in props} | {"sid": _SESSION} for name, props in asked.items()}

    def one(given: tuple[Facts, dict[str, Facts]]) -> Answer:
        noted.clear()
        ident, outcomes = str(next(count)), []
        for name, message in given[1].items():
            host.assert_fact(name, {**message, "id": ident}, lambda error, _: outcomes.append(error))
            if outcomes[-1] is not None:  # and then nothing may be deleted: that would crash the process
                raise RuntimeError(f"durable_rules did not finish {name}: {outcomes[-1]}")
            host.delete_state(name, _SESSION)
        return _steps(noted, given[0])

    return Peer("durable_rules", one, prepare)


def _claim_rules() -> Rules:
    rules: Rules = {f"ok{each}": (_condition(condition(each)), ("holds", each)) for each in range(CONDITIONS - 1)}
    rules["out"] = ({"excluded": 0}, ("holds", CONDITIONS - 1))
    rules |= {f"ratio{insured}": ({"insured": insured}, ("ratio", RATIOS[1 - insured])) for insured in (0, 1)}
    for each in range(GRADES - 1):
        fact, fen = own_share(each)
        rules[f"d{each}"] = ({fact: 1}, ("share", fen))
    return rules


def _line_rules(start: int) -> Rules:
    lines = range(start, start + _LINES_A_RULESET)
    return {
        f"a{each}_{place}": ({f"c{each}": place}, ("line", (f"l{each}", tenths))) for each in lines for place, tenths in _TENTHS.items()
    }


def _condition(asked: Condition) -> Match:
    tests = [_test(each) for each in asked.tests]
    return tests[0] if len(tests) == 1 else {"$or" if asked.is_any else "$and": tests}


def _test(test: Test) -> Match:
    return {_SIGNS[test.sign]: {test.fact: test.number}} if test.sign else {test.fact: 1}


def _facts_in(match: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for key, value in match.items():
        if key in ("$or", "$and"):
            found = found.union(*map(_facts_in, value))
        else:
            found |= set(value) if key[0] == "$" else {key}
    return found


def _steps(noted: list[tuple[str, Any]], facts: Facts) -> Answer:
    left, shares, ratio, holds = -10 * facts["other"], 0, 0, set()
    for kind, value in noted:
        if kind == "line":
            left += facts[value[0]] * value[1]
        elif kind == "share":
            shares += value
        elif kind == "holds":
            holds.add(value)
        else:
            ratio = value
    left = max(max(max(left, 0) - shares * 10, 0) - DEDUCTIBLE * 10, 0)
    paid = min((2 * left * ratio + 100) // 200, PER_STAY, PER_YEAR)
    return conclude(paid, next((each for each in range(CONDITIONS) if each not in holds), -1))
