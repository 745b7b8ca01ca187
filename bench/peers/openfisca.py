"""OpenFisca-core: a variable for each element, rule and group of steps; a simulation for one claim or for many."""

import importlib
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from bench.peers.job import (
    AS_RECORDS,
    DEDUCTIBLE,
    ONE_BY_ONE,
    PER_STAY,
    PER_YEAR,
    RATIOS,
    SPARE,
    Answer,
    Condition,
    Facts,
    Peer,
    Size,
    Test,
    condition,
    numbered,
    own_share,
)
from bench.workload.book import LINES
from bench.workload.records import BED_A_DAY_FEN

_MONTH = "2024-01"
_BOOLEANS = {"accident", "public", "insured", "renewed", "excluded", *(f"s{each}" for each in range(0, SPARE, 3))}
_INPUTS = ("start", "loss", "level", "other", "days", *sorted(_BOOLEANS), *(f"s{each}" for each in range(SPARE) if each % 3))
_TENTHS = np.array([10, 9, 0])  # of a line that is kept, by its class
LINE_FIELDS = ("class", "is_bed", "amount", "line_days")


def openfisca() -> Peer:
    """OpenFisca-core: every line is two variables of the claim and one that allows it."""
    system, add = _system([_entity("claim", is_person=True)])
    inputs = [*_INPUTS, *(f"{kind}{each}" for each in range(LINES) for kind in "lc")]
    for name in inputs:
        add(name, "claim", bool if name in _BOOLEANS else int)
    for each in range(LINES):
        add(f"a{each}", "claim", int, lambda claim, when, *, each=each: claim(f"l{each}", when) * _TENTHS[claim(f"c{each}", when)])
    _add_rules(ONE_BY_ONE, add, lambda claim, when: sum(claim(f"a{each}", when) for each in range(LINES)))

    def batch(columns: Mapping[str, Any]) -> tuple[Any, Any]:
        return _answer(_build(system, len(columns["start"])), {name: columns[name] for name in inputs})

    return _peer(batch)


def openfisca_records() -> Peer:
    """OpenFisca-core with the lines as members of the claim, its own way to hold and to sum up many of something."""
    line, claim = _entity("line", is_person=True), _entity("claim", is_person=False)
    system, add = _system([line, claim])
    for name in _INPUTS:
        add(name, "claim", bool if name in _BOOLEANS else int)
    for name in LINE_FIELDS:
        add(name, "line", bool if name == "is_bed" else int)
    add("kept", "line", int, _keep)
    _add_rules(AS_RECORDS, add, lambda claim, when: claim.sum(claim.members("kept", when)).astype(np.int64) * 10)

    def batch(columns: Mapping[str, Any]) -> tuple[Any, Any]:
        simulation = _build_with_lines(system, np.repeat(np.arange(len(columns["start"])), columns["counts"]), len(columns["start"]))
        return _answer(simulation, {name: columns[name] for name in (*_INPUTS, *LINE_FIELDS)})

    return _peer(batch)


def columns_of_facts(facts: Sequence[Facts], rows: int) -> dict[str, Any]:
    """Put facts into columns of OpenFisca's own types, repeated until there are so many rows; lines lie one behind the other."""
    table = [{name: value for name, value in numbered(each).items() if name != "lines"} for each in facts]
    columns = {name: np.resize(_array([row[name] for row in table]), rows) for name in table[0]}
    if "lines" not in facts[0]:
        return columns
    counts = np.resize(np.array([len(each["lines"]) for each in facts]), rows)
    lines = [("ABC".index(line["class"]), line["kind"] == "bed", line["amount"], line["days"]) for each in facts for line in each["lines"]]
    fields = zip(LINE_FIELDS, zip(*lines, strict=True), strict=True)
    return columns | {name: np.resize(_array(values), int(counts.sum())) for name, values in fields} | {"counts": counts}


def _array(values: Sequence[int]) -> Any:
    return np.array(values, np.bool_ if isinstance(values[0], bool) else np.int32)


def _peer(batch: Callable[[Mapping[str, Any]], tuple[Any, Any]]) -> Peer:
    def one(columns: Mapping[str, Any]) -> Answer:
        paid, by = batch(columns)
        return int(paid[0]), int(by[0])

    return Peer("OpenFisca-core", one, lambda facts: columns_of_facts([facts], 1), batch)


def _entity(key: str, *, is_person: bool) -> Any:
    roles = None if is_person else [{"key": "member", "plural": "members", "label": "a line"}]
    build = importlib.import_module("openfisca_core.entities").build_entity
    return build(key=key, plural=f"{key}s", label=f"a {key}", is_person=is_person, roles=roles)


def _system(entities: Sequence[Any]) -> tuple[Any, Callable[..., None]]:
    """Give a system of variables, and the function that adds one to it."""
    system = importlib.import_module("openfisca_core.taxbenefitsystems").TaxBenefitSystem(entities)
    variable = importlib.import_module("openfisca_core.variables").Variable
    month = importlib.import_module("openfisca_core.periods").DateUnit.MONTH
    by_key = {each.key: each for each in entities}

    def add(name: str, entity: str, type_: type, formula: Callable[..., Any] | None = None) -> None:
        body: dict[str, Any] = {"value_type": type_, "entity": by_key[entity], "definition_period": month, "label": name}
        if formula is not None:
            body["formula"] = formula
        system.add_variable(type(name, (variable,), body))

    return system, add


def _build(system: Any, rows: int) -> Any:
    return importlib.import_module("openfisca_core.simulations").SimulationBuilder().build_default_simulation(system, count=rows)


def _build_with_lines(system: Any, claims: Any, rows: int) -> Any:
    builder = importlib.import_module("openfisca_core.simulations").SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("line", np.arange(len(claims)))
    population = builder.declare_entity("claim", np.arange(rows))
    builder.join_with_persons(population, claims, roles=np.zeros(len(claims), np.int64))
    return builder.build(system)


def _answer(simulation: Any, inputs: Mapping[str, Any]) -> tuple[Any, Any]:
    for name, values in inputs.items():
        simulation.set_input(name, _MONTH, values)
    by, paid = simulation.calculate("by", _MONTH), simulation.calculate("paid", _MONTH)
    return np.where(by < 0, paid, 0), by


def _add_rules(size: Size, add: Callable[..., None], allowed: Callable[[Any, Any], Any]) -> None:
    for each in range(size.conditions - 1):
        add(f"ok{each}", "claim", bool, _condition(condition(each)))
    add("ratio", "claim", int, lambda claim, when: np.where(claim("insured", when), *RATIOS))
    for each in range(size.grades - 1):
        fact, fen = own_share(each)
        add(f"d{each}", "claim", int, lambda claim, when, *, fact=fact, fen=fen: np.where(claim(fact, when), fen, 0))

    def left(claim: Any, when: Any) -> Any:
        left = np.maximum(allowed(claim, when) - claim("other", when) * 10, 0)
        left = np.maximum(left - sum(claim(f"d{each}", when) for each in range(size.grades - 1)) * 10, 0)
        return np.maximum(left - DEDUCTIBLE * 10, 0)

    add("left", "claim", int, left)
    add("paid", "claim", int, _pay)
    add("by", "claim", int, lambda claim, when: _first_that_fails(size, claim, when))


def _condition(asked: Condition) -> Callable[..., Any]:
    join = operator.or_ if asked.is_any else operator.and_
    return lambda claim, when: reduce(join, [_test(each, claim, when) for each in asked.tests])


def _test(test: Test, claim: Any, when: Any) -> Any:
    fact = claim("loss", when) - claim("start", when) if test.fact == "waited" else claim(test.fact, when)
    return fact if not test.sign else fact >= test.number if test.sign == ">=" else fact <= test.number


def _keep(line: Any, when: Any) -> Any:
    amount, kind = line("amount", when), line("class", when)
    kept = np.where(line("is_bed", when), np.minimum(amount, BED_A_DAY_FEN * line("line_days", when)), amount)
    return np.where(kind == 0, kept, np.where(kind == 1, (kept * 9 + 5) // 10, 0))


def _pay(claim: Any, when: Any) -> Any:
    return np.minimum((2 * claim("left", when).astype(np.int64) * claim("ratio", when) + 100) // 200, min(PER_STAY, PER_YEAR))


def _first_that_fails(size: Size, claim: Any, when: Any) -> Any:
    result = np.where(claim("excluded", when), size.conditions - 1, -1)
    for each in reversed(range(size.conditions - 1)):
        result = np.where(claim(f"ok{each}", when), result, each)
    return result
