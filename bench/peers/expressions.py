"""zen-engine and common-expression-language: the workload as a chain of expressions, each given what those before answered."""

import importlib
import json
from typing import Any

from bench.peers.job import (
    AS_RECORDS,
    BED,
    DEDUCTIBLE,
    EXCLUDED,
    ONE_BY_ONE,
    PER_STAY,
    PER_YEAR,
    RATIOS,
    Answer,
    Condition,
    Facts,
    Peer,
    Size,
    conclude,
    condition,
    own_share,
)
from bench.workload.book import LINES
from bench.workload.records import BED_A_DAY_FEN

Expressions = list[tuple[str, str]]
_CAPPED = f"(#.kind == '{BED}' ? min([#.amount, {BED_A_DAY_FEN} * #.days]) : #.amount)"
_KEPT = f"#.class == 'C' ? 0 : (#.class == 'B' ? floor(({_CAPPED} * 9 + 5) / 10) : {_CAPPED})"


def zen_engine() -> Peer:
    """zen-engine: a graph with one node of 67 expressions."""
    lines = [(f"a{each}", _line(each)) for each in range(LINES)]
    return _zen(_zen_chain(ONE_BY_ONE, lines, " + ".join(f"@a{each}" for each in range(LINES))))


def zen_engine_records() -> Peer:
    """zen-engine with lines as records: its own loop over an array does the review in one expression."""
    return _zen(_zen_chain(AS_RECORDS, [("allowed", f"sum(map(lines, {_KEPT}))")], "@allowed * 10"))


def cel() -> Peer:
    """common-expression-language: 67 compiled expressions; it has loops over lists, and no sum of one."""
    library = importlib.import_module("cel")
    lines = [(f"a{each}", _line(each)) for each in range(LINES)]
    excluded = " || ".join(f"dx.startsWith('{each}')" for each in EXCLUDED)
    texts = _chain(ONE_BY_ONE, lines, " + ".join(f"@a{each}" for each in range(LINES)), excluded, "{} / {}")
    plain = [(key, text.replace("@", "").replace(" or ", " || ").replace(" and ", " && ")) for key, text in texts]
    compiled = [(key, library.compile(text)) for key, text in plain]
    programs = [(key, program, tuple(program.variables())) for key, program in compiled]

    def one(facts: Facts) -> Answer:
        known = dict(facts)
        for key, program, names in programs:
            known[key] = program.execute({name: known[name] for name in names})
        return conclude(known["paid"], known["by"])

    return Peer("common-expression-language", one)


def _zen_chain(size: Size, lines: Expressions, total: str) -> Expressions:
    excluded = " or ".join(f"startsWith(dx, '{each}')" for each in EXCLUDED)
    return [(key, text.replace("@", "$.")) for key, text in _chain(size, lines, total, excluded, "floor({} / {})")]


def _zen(chain: Expressions) -> Peer:
    zen = importlib.import_module("zen")
    expressions = [{"id": key, "key": key, "value": text} for key, text in chain]
    place = {"x": 0, "y": 0}
    nodes: list[dict[str, Any]] = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "rules", "type": "expressionNode", "name": "rules", "position": place, "content": {"expressions": expressions}},
        {"id": "end", "type": "outputNode", "name": "end", "position": place},
    ]
    edges = [{"id": f"{a}{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "rules"), ("rules", "end"))]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def one(facts: Facts) -> Answer:
        found = decision.evaluate(facts)["result"]
        return conclude(int(found["paid"]), int(found["by"]))

    return Peer("zen-engine", one)


def _chain(size: Size, lines: Expressions, total: str, excluded: str, floor: str) -> Expressions:
    """Write rules and steps as expressions; @ marks what an earlier one answered. Lines count in tenths of a fen."""
    rules = [(f"ok{each}", _condition(condition(each))) for each in range(size.conditions - 1)] + [("out", excluded)]
    rules += [("ratio", f"insured ? {RATIOS[0]} : {RATIOS[1]}")]
    shares = [own_share(each) for each in range(size.grades - 1)]
    rules += [(f"d{each}", f"{fact} ? {fen} : 0") for each, (fact, fen) in enumerate(shares)]
    steps = [
        ("b1", f"{total} - other * 10"),
        ("b2", "(@b1 > 0 ? @b1 : 0) - (" + " + ".join(f"@d{each}" for each in range(size.grades - 1)) + ") * 10"),
        ("b3", f"(@b2 > 0 ? @b2 : 0) - {DEDUCTIBLE * 10}"),
        ("b4", floor.format("(2 * (@b3 > 0 ? @b3 : 0) * @ratio + 100)", 200)),
        ("b5", f"@b4 > {PER_STAY} ? {PER_STAY} : @b4"),
        ("paid", f"@b5 > {PER_YEAR} ? {PER_YEAR} : @b5"),
        ("by", _first_that_fails(size)),
    ]
    return rules + lines + steps


def _condition(asked: Condition) -> str:
    tests = [f"{each.fact} {each.sign} {each.number}" if each.sign else each.fact for each in asked.tests]
    return (" or " if asked.is_any else " and ").join(tests).replace("waited", "loss - start")


def _line(each: int) -> str:
    return f"c{each} == 'A' ? l{each} * 10 : (c{each} == 'B' ? l{each} * 9 : 0)"


def _first_that_fails(size: Size) -> str:
    asked = "".join(f"@ok{each} == false ? {each} : (" for each in range(size.conditions - 1))
    return asked + f"@out ? {size.conditions - 1} : -1" + ")" * (size.conditions - 1)
