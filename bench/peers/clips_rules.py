"""clipspy: a claim is a fact, each rule asserts its answer as a fact, a last rule adds up and does the steps in integers."""

import importlib

from bench.peers.job import (
    AS_RECORDS,
    BED,
    DEDUCTIBLE,
    EXCLUDED,
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
    conclude,
    condition,
    own_share,
)
from bench.workload.book import LINES
from bench.workload.records import BED_A_DAY_FEN

_INPUTS = ("start", "loss", "accident", "dx", "level", "public", "insured", "renewed", "other", "days")
_ANSWERS = (
    "(deftemplate condition (slot place) (slot holds))",
    "(deftemplate share (slot fen))",
    "(deftemplate ratio (slot tenths))",
    "(deftemplate allowed (slot line) (slot tenths))",
    "(deftemplate line (slot nr) (slot item) (slot kind) (slot class) (slot amount) (slot days))",
    "(defglobal ?*paid* = 0)",
    "(defglobal ?*by* = -1)",
)
_LINE = """(defrule line (line (nr ?nr) (kind ?kind) (class ?class) (amount ?amount) (days ?days)) =>
  (bind ?most (if (eq ?kind {bed}) then (min ?amount (* {cap} ?days)) else ?amount))
  (bind ?kept (if (eq ?class C) then 0 else (if (eq ?class B) then (div (+ (* ?most 9) 5) 10) else ?most)))
  (assert (allowed (line ?nr) (tenths (* 10 ?kept)))))"""
_STEPS = """(defrule conclude (declare (salience -10)) (claim (other ?other)) (ratio (tenths ?ratio)) =>
  (bind ?left (* ?other -10))
  (do-for-all-facts ((?each allowed)) TRUE (bind ?left (+ ?left ?each:tenths)))
  (bind ?left (max ?left 0))
  (do-for-all-facts ((?each share)) TRUE (bind ?left (- ?left (* ?each:fen 10))))
  (bind ?left (max (- (max ?left 0) {deductible}) 0))
  (bind ?*paid* (min (div (+ (* 2 ?left ?ratio) 100) 200) {per_stay} {per_year}))
  (bind ?*by* {conditions})
  (do-for-all-facts ((?each condition)) (not ?each:holds) (bind ?*by* (min ?*by* ?each:place))))"""


def clipspy() -> Peer:
    """clipspy: 60 rules on the facts of the claim, and the concluding one."""
    return _engine(ONE_BY_ONE, [f"{kind}{each}" for each in range(LINES) for kind in "lc"], [_line(each) for each in range(LINES)])


def clipspy_records() -> Peer:
    """clipspy with a fact for each line, and one rule that matches them all."""
    return _engine(AS_RECORDS, [], [_LINE.format(bed=BED, cap=BED_A_DAY_FEN)])


def _engine(size: Size, line_slots: list[str], line_rules: list[str]) -> Peer:
    clips = importlib.import_module("clips")
    environment, symbol = clips.Environment(), clips.Symbol
    slots = [*_INPUTS, *(f"s{each}" for each in range(SPARE)), *line_slots]
    environment.build(f"(deftemplate claim {' '.join(f'(slot {name})' for name in slots)})")
    steps = _STEPS.format(deductible=DEDUCTIBLE * 10, per_stay=PER_STAY, per_year=PER_YEAR, conditions=size.conditions)
    for construct in (*_ANSWERS, *_rules(size), *line_rules, steps):
        environment.build(construct)
    claim, line = environment.find_template("claim"), environment.find_template("line")
    paid, by = environment.find_global("paid"), environment.find_global("by")

    def prepare(facts: Facts) -> tuple[Facts, list[Facts]]:
        lines = [
            {**each, "nr": nr, "kind": symbol(each["kind"]), "class": symbol(each["class"])}
            for nr, each in enumerate(facts.get("lines", ()))
        ]
        return {name: symbol(value) if name[0] == "c" else value for name, value in facts.items() if name != "lines"}, lines

    def one(given: tuple[Facts, list[Facts]]) -> Answer:
        environment.reset()
        for each in given[1]:
            line.assert_fact(**each)
        claim.assert_fact(**given[0])
        environment.run()
        return conclude(paid.value, -1 if by.value == size.conditions else by.value)

    return Peer("clipspy", one, prepare)


def _rules(size: Size) -> list[str]:
    rules = [_condition_rule(each, condition(each)) for each in range(size.conditions - 1)]
    excluded = " ".join(f'(eq (str-index "{each}" ?dx) 1)' for each in EXCLUDED)
    rules.append(_rule("out", ["dx"], f"(condition (place {size.conditions - 1}) (holds (not (or {excluded}))))"))
    rules.append(_rule("ratio", ["insured"], f"(ratio (tenths (if ?insured then {RATIOS[0]} else {RATIOS[1]})))"))
    for each in range(size.grades - 1):
        fact, fen = own_share(each)
        rules.append(_rule(f"d{each}", [fact], f"(share (fen (if ?{fact} then {fen} else 0)))"))
    return rules


def _condition_rule(place: int, asked: Condition) -> str:
    tests = [f"({each.sign} ?{each.fact} {each.number})" if each.sign else f"?{each.fact}" for each in asked.tests]
    text = " ".join(tests).replace("?waited", "(- ?loss ?start)")
    names = [name for each in asked.tests for name in (("loss", "start") if each.fact == "waited" else (each.fact,))]
    joined = f"({'or' if asked.is_any else 'and'} {text})" if len(tests) > 1 else text
    return _rule(f"ok{place}", names, f"(condition (place {place}) (holds {joined}))")


def _line(each: int) -> str:
    tenths = f"(if (eq ?c{each} A) then (* ?l{each} 10) else (if (eq ?c{each} B) then (* ?l{each} 9) else 0))"
    return _rule(f"a{each}", [f"c{each}", f"l{each}"], f"(allowed (line {each}) (tenths {tenths}))")


def _rule(name: str, asked: list[str], answer: str) -> str:
    pattern = " ".join(f"({fact} ?{fact})" for fact in asked)
    return f"(defrule {name} (claim {pattern}) => (assert {answer}))"
