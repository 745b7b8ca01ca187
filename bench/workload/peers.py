"""The workload as other engines take it: plain names and numbers, the same 60 rules, the same steps, the same answer.

A peer answers the amount in fen and which condition declined (-1: none). It is spared what it has no means for: it gets
dates as day numbers, words of ordered lists as places, and neither units, unknowns, accounts nor reasons.
"""

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from bench.workload.book import CONDITIONS, FACTS, GRADES, LINES
from rules.values import ElementValue

Facts = dict[str, Any]
Answer = tuple[int, int]
_SPARE = FACTS - 10
_LETTERS = {"甲": "A", "乙": "B", "丙": "C"}
_LEVELS = ("未定级", "一级", "二级", "三级")
DEDUCTIBLE, PER_STAY, PER_YEAR = 1_000_000, 50_000_000, 200_000_000


@dataclass(frozen=True)
class Peer:
    """Another engine, ready: one claim after another, or a batch; None where it has no such thing."""

    name: str
    one: Callable[[Facts], Answer]
    batch: Callable[[Mapping[str, Any]], tuple[Any, Any]] | None = None


def facts_of(claim: Mapping[str, ElementValue]) -> Facts:
    """Give a claim to a peer."""
    start, loss = claim["保单生效日"], claim["出险日"]
    assert isinstance(start, date)  # noqa: S101 – the workload makes it
    assert isinstance(loss, date)  # noqa: S101 – as above
    facts: Facts = {
        "start": start.toordinal(),
        "loss": loss.toordinal(),
        "accident": claim["出险原因"] == "意外",
        "dx": claim["主诊断"],
        "level": _LEVELS.index(str(claim["医院等级"])),
        "public": claim["医院性质"] == "公立",
        "insured": claim["参保身份"] == "有医保",
        "renewed": claim["连续续保"],
        "other": claim["医保已付"],
        "days": claim["住院天数"],
    }
    facts |= {f"s{each}": claim[f"情形{each}"] for each in range(_SPARE)}
    for each in range(LINES):
        facts[f"l{each}"], facts[f"c{each}"] = claim[f"行{each}"], _LETTERS[str(claim[f"类{each}"])]
    return facts


def _condition(each: int) -> str:
    if each == 0:
        return "loss >= start + 30 or accident or renewed"
    if each == 1:
        return "level >= 2 and public"
    fact = (each * 3 + each % 2 + 1) % _SPARE
    return f"s{fact} <= 30" if fact % 3 == 1 else f"s{fact} <= 90000" if fact % 3 == 2 else f"(s{fact} or days <= 300)"


def _expressions(excluded: str, floor: str) -> list[tuple[str, str]]:
    """Write rules and steps as expressions; @ marks what an earlier one answered. Lines count in tenths of a fen."""
    rules = [(f"ok{each}", _condition(each)) for each in range(CONDITIONS - 1)] + [("out", excluded)]
    rules += [("ratio", "insured ? 9 : 6")]
    rules += [(f"d{each}", f"s{each * 3 % _SPARE // 3 * 3} ? {each + 1}000 : 0") for each in range(GRADES - 1)]
    rules += [(f"a{each}", f"c{each} == 'A' ? l{each} * 10 : (c{each} == 'B' ? l{each} * 9 : 0)") for each in range(LINES)]
    steps = [
        ("b1", " + ".join(f"@a{each}" for each in range(LINES)) + " - other * 10"),
        ("b2", "(@b1 > 0 ? @b1 : 0) - (" + " + ".join(f"@d{each}" for each in range(GRADES - 1)) + ") * 10"),
        ("b3", f"(@b2 > 0 ? @b2 : 0) - {DEDUCTIBLE * 10}"),
        ("b4", floor.format("(2 * (@b3 > 0 ? @b3 : 0) * @ratio + 100)", 200)),
        ("b5", f"@b4 > {PER_STAY} ? {PER_STAY} : @b4"),
        ("paid", f"@b5 > {PER_YEAR} ? {PER_YEAR} : @b5"),
        (
            "by",
            "".join(f"@ok{each} == false ? {each} : (" for each in range(CONDITIONS - 1))
            + f"@out ? {CONDITIONS - 1} : -1"
            + ")" * (CONDITIONS - 1),
        ),
    ]
    return rules + steps


def _conclude(paid: int, by: int) -> Answer:
    return (paid, -1) if by < 0 else (0, by)


def zen_engine() -> Peer:
    """zen-engine: a graph with one node of 67 expressions."""
    zen = importlib.import_module("zen")
    excluded = "startsWith(dx, 'O') or startsWith(dx, 'Z4') or startsWith(dx, 'Z50')"
    expressions = [{"id": key, "key": key, "value": text.replace("@", "$.")} for key, text in _expressions(excluded, "floor({} / {})")]
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "rules", "type": "expressionNode", "name": "rules", "position": place, "content": {"expressions": expressions}},
        {"id": "end", "type": "outputNode", "name": "end", "position": place},
    ]
    edges = [{"id": f"{a}{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "rules"), ("rules", "end"))]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def one(facts: Facts) -> Answer:
        found = decision.evaluate(facts)["result"]
        return _conclude(int(found["paid"]), int(found["by"]))

    return Peer("zen-engine", one)


def cel() -> Peer:
    """common-expression-language: 67 compiled expressions, each given what the ones before answered."""
    library = importlib.import_module("cel")
    excluded = "dx.startsWith('O') || dx.startsWith('Z4') || dx.startsWith('Z50')"
    texts = _expressions(excluded, "{} / {}")
    plain = [(key, text.replace("@", "").replace(" or ", " || ").replace(" and ", " && ")) for key, text in texts]
    compiled = [(key, library.compile(text)) for key, text in plain]
    programs = [(key, program, tuple(program.variables())) for key, program in compiled]

    def one(facts: Facts) -> Answer:
        known = dict(facts)
        for key, program, names in programs:
            known[key] = program.execute({name: known[name] for name in names})
        return _conclude(known["paid"], known["by"])

    return Peer("common-expression-language", one)


def openfisca() -> Peer:
    """OpenFisca-core: a variable for each element, rule and group of steps; a simulation for one claim or for many."""
    core = {
        name: importlib.import_module(f"openfisca_core.{name}")
        for name in ("entities", "periods", "simulations", "taxbenefitsystems", "variables")
    }
    entity = core["entities"].build_entity(key="claim", plural="claims", label="a claim", is_person=True)
    system = core["taxbenefitsystems"].TaxBenefitSystem([entity])
    monthly = core["periods"].DateUnit.MONTH

    def variable(name: str, type_: type, formula: Callable[..., Any] | None = None) -> None:
        body: dict[str, Any] = {"value_type": type_, "entity": entity, "definition_period": monthly, "label": name}
        if formula is not None:
            body["formula"] = formula
        system.add_variable(type(name, (core["variables"].Variable,), body))

    booleans = {"accident", "public", "insured", "renewed", "excluded", *(f"s{each}" for each in range(0, _SPARE, 3))}
    inputs = ["start", "loss", "level", "other", "days", *sorted(booleans), *(f"s{each}" for each in range(_SPARE) if each % 3)]
    inputs += [f"{kind}{each}" for each in range(LINES) for kind in "lc"]
    for name in inputs:
        variable(name, bool if name in booleans else int)
    for each in range(CONDITIONS - 1):
        variable(f"ok{each}", bool, _fisca_condition(each))
    variable("ratio", int, lambda claim, when: np.where(claim("insured", when), 9, 6))
    for each in range(GRADES - 1):
        fact, fen = f"s{each * 3 % _SPARE // 3 * 3}", (each + 1) * 1000
        variable(f"d{each}", int, lambda claim, when, *, fact=fact, fen=fen: np.where(claim(fact, when), fen, 0))
    for each in range(LINES):
        variable(f"a{each}", int, lambda claim, when, *, each=each: claim(f"l{each}", when) * np.array([10, 9, 0])[claim(f"c{each}", when)])
    variable("b3", int, _fisca_steps)
    variable(
        "paid", int, lambda claim, when: np.minimum((2 * claim("b3", when).astype(np.int64) * claim("ratio", when) + 100) // 200, PER_STAY)
    )
    variable("by", int, _fisca_by)

    def batch(columns: Mapping[str, Any]) -> tuple[Any, Any]:
        rows = len(columns["start"])
        simulation = core["simulations"].SimulationBuilder().build_default_simulation(system, count=rows)
        for name in inputs:
            simulation.set_input(name, "2024-01", columns[name])
        by, paid = simulation.calculate("by", "2024-01"), simulation.calculate("paid", "2024-01")
        return np.where(by < 0, paid, 0), by

    def one(facts: Facts) -> Answer:
        paid, by = batch({name: np.array([value]) for name, value in numbered(facts).items()})
        return int(paid[0]), int(by[0])

    return Peer("OpenFisca-core", one, batch)


def numbered(facts: Facts) -> Facts:
    """Spare OpenFisca the texts: classes become places, and the diagnosis whether it is excluded."""
    dx = facts["dx"]
    numbers = {
        name: "ABC".index(value) if name[0] == "c" and isinstance(value, str) else value for name, value in facts.items() if name != "dx"
    }
    return {**numbers, "excluded": dx.startswith(("O", "Z4", "Z50"))}


def _fisca_condition(each: int) -> Callable[..., Any]:
    if each == 0:
        return lambda claim, when: (claim("loss", when) >= claim("start", when) + 30) | claim("accident", when) | claim("renewed", when)
    if each == 1:
        return lambda claim, when: (claim("level", when) >= 2) & claim("public", when)
    fact = (each * 3 + each % 2 + 1) % _SPARE
    if fact % 3 == 0:
        return lambda claim, when: claim(f"s{fact}", when) | (claim("days", when) <= 300)
    most = 30 if fact % 3 == 1 else 90_000
    return lambda claim, when: claim(f"s{fact}", when) <= most


def _fisca_steps(claim: Any, when: Any) -> Any:
    lines = sum(claim(f"a{each}", when) for each in range(LINES))
    left = np.maximum(lines - claim("other", when) * 10, 0)
    left = np.maximum(left - sum(claim(f"d{each}", when) for each in range(GRADES - 1)) * 10, 0)
    return np.maximum(left - DEDUCTIBLE * 10, 0)


def _fisca_by(claim: Any, when: Any) -> Any:
    result = np.where(claim("excluded", when), CONDITIONS - 1, -1)
    for each in reversed(range(CONDITIONS - 1)):
        result = np.where(claim(f"ok{each}", when), result, each)
    return result


PEERS: Sequence[tuple[str, Callable[[], Peer]]] = (
    ("zen-engine", zen_engine),
    ("common-expression-language", cel),
    ("OpenFisca-core", openfisca),
)
NOT_COMPARED = {
    "clipspy": "no equivalent job is written for it yet",
    "durable_rules": "no equivalent job is written for it; it has no decimals and no order of rules for a calculation to rely on",
}
