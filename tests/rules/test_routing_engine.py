"""durable_rules on its rails: the same answers as plain Python, and never a flag missing without an error."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.decision import Queue
from domain.finding import Severity
from rules import routing_durable, routing_plain
from rules.routing_compile import PROBE, Program, compile_flags
from rules.routing_conditions import LARGEST_INT, All, AnyOf, Comparison, Condition, FactType, FactValue, Flag, HasFinding, HasFlag, Not
from rules.routing_durable import DurableEngine, EngineFailedError

ROOT = Path(__file__).parents[2]
FACTS = {
    "insured_pays": FactType("insured_pays", "bool", ""),
    "in_force": FactType("in_force", "bool", ""),
    "doubts": FactType("doubts", "int", ""),
    "age_days": FactType("age_days", "int", ""),
    "band": FactType("band", "str", "", ("low", "medium", "high")),
}
FINDINGS = ("invoice.duplicate", "invoice.total_mismatch")
INTS = st.sampled_from((-LARGEST_INT + 1, -1, 0, 1, 2, 30, LARGEST_INT - 1))
VALUES: Mapping[str, st.SearchStrategy[Any]] = {"bool": st.booleans(), "int": INTS, "str": st.sampled_from(("low", "medium", "high"))}
SIGNS = {"bool": ("==", "!="), "str": ("==", "!="), "int": ("==", "!=", "<", "<=", ">", ">=")}


def flag(code: str, when: Condition) -> Flag:
    return Flag(code, code, Severity.DOUBT, Queue.REVIEW, when, place="book.yaml:1:1")


def conditions(earlier: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    comparisons = st.sampled_from(sorted(FACTS)).flatmap(
        lambda name: st.builds(Comparison, st.just(name), st.sampled_from(SIGNS[FACTS[name].kind]), VALUES[FACTS[name].kind])
    )
    leaves: st.SearchStrategy[Condition] = comparisons | st.builds(HasFinding, st.sampled_from(FINDINGS))
    if earlier:
        leaves = leaves | st.builds(HasFlag, st.sampled_from(earlier))
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(Not, inner)
            | st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple))
            | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
        ),
        max_leaves=6,
    )


@st.composite
def books(draw: st.DrawFn) -> tuple[Flag, ...]:
    """Draw flags of which each may look at the ones before it, in a shuffled order."""
    flags: list[Flag] = []
    for index in range(draw(st.integers(1, 6))):
        flags.append(flag(f"flag.f{index}", draw(conditions(tuple(each.code for each in flags)))))
    return tuple(draw(st.permutations(flags)))


CLAIMS = st.tuples(
    st.fixed_dictionaries({name: VALUES[fact.kind] for name, fact in FACTS.items()}), st.frozensets(st.sampled_from(FINDINGS))
)


def encode(program: Program, facts: Mapping[str, FactValue], findings: frozenset[str]) -> dict[str, int]:
    props = {program.fact_props[name]: fact.encode(facts[name]) for name, fact in FACTS.items()}
    return props | {prop: int(code in findings) for code, prop in program.finding_props.items()}


@settings(max_examples=60, deadline=None)
@given(books(), st.lists(CLAIMS, min_size=1, max_size=8))
def test_the_engine_and_plain_python_raise_the_same_flags(
    flags: tuple[Flag, ...], claims: list[tuple[dict[str, FactValue], frozenset[str]]]
) -> None:
    program = compile_flags(FACTS, flags)
    engine = DurableEngine(program)
    try:
        for facts, findings in claims:
            expected = routing_plain.raise_flags(program.strata, facts, findings)
            assert engine.raise_flags(encode(program, facts, findings)) == expected
    finally:
        engine.close()


ANY_CLAIM: dict[str, FactValue] = {"insured_pays": True, "in_force": True, "doubts": 5, "age_days": 3, "band": "low"}


def raised_by(flags: tuple[Flag, ...], facts: Mapping[str, FactValue] = ANY_CLAIM) -> frozenset[str]:
    program = compile_flags(FACTS, flags)
    engine = DurableEngine(program)
    try:
        return engine.raise_flags(encode(program, facts, frozenset()))
    finally:
        engine.close()


@pytest.mark.parametrize("doubts", [4, 5, 6])
@pytest.mark.parametrize("is_negated", [False, True])
@pytest.mark.parametrize("sign", SIGNS["int"])
def test_each_comparison_and_its_negation_agree_one_below_at_and_one_above(sign: str, is_negated: bool, doubts: int) -> None:
    comparison = Comparison("doubts", sign, 5)
    facts = ANY_CLAIM | {"doubts": doubts}
    expected = routing_plain.holds(comparison, facts, frozenset(), frozenset()) is not is_negated
    raised = raised_by((flag("a.yes", Not(comparison) if is_negated else comparison),), facts)
    assert raised == (frozenset({"a.yes"}) if expected else frozenset())


def test_three_hundred_flags_that_all_match_are_all_raised_although_the_engine_holds_64_at_once() -> None:
    flags = tuple(flag(f"flag.f{index}", Comparison("doubts", ">", -index)) for index in range(300))
    assert raised_by(flags) == {each.code for each in flags}


def test_a_missing_flag_is_seen_in_the_next_stratum_as_not_raised() -> None:
    flags = (
        flag("a.no", Comparison("doubts", ">", 5)),
        flag("b.yes", Not(HasFlag("a.no"))),
        flag("c.yes", All((HasFlag("b.yes"), Not(HasFlag("a.no"))))),
    )
    assert raised_by(flags) == {"b.yes", "c.yes"}


def engine_with_action(monkeypatch: pytest.MonkeyPatch, action: Any) -> tuple[DurableEngine, dict[str, int]]:
    monkeypatch.setattr(DurableEngine, "_collect", lambda _self, _code: action)
    program = compile_flags(FACTS, (flag("a.yes", Comparison("doubts", ">", 0)),))
    return DurableEngine(program), encode(program, ANY_CLAIM, frozenset())


def test_an_action_that_raises_is_an_error_and_never_a_missing_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(_: Any) -> None:
        raise MemoryError

    engine, props = engine_with_action(monkeypatch, explode)
    with pytest.raises(EngineFailedError, match="an action of"):
        engine.raise_flags(props)


def test_an_action_beyond_ten_seconds_is_an_error_and_never_a_missing_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    from durable import engine as durable_engine

    clock = iter(range(0, 10_000, 11))
    monkeypatch.setattr(durable_engine, "_unix_now", lambda: next(clock))
    engine, props = engine_with_action(monkeypatch, lambda _: None)
    with pytest.raises(EngineFailedError, match="did not finish"):
        engine.raise_flags(props)


def test_a_run_that_does_not_reach_its_probe_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, props = engine_with_action(monkeypatch, lambda _: None)
    with pytest.raises(EngineFailedError, match="probe"):
        engine.raise_flags(props)


def test_a_session_that_does_not_become_free_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing_durable, "LONGEST_WAIT_S", 0.01)
    program = compile_flags(FACTS, (flag("a.yes", Comparison("doubts", ">", 0)),))
    engine = DurableEngine(program)
    with engine._lock, pytest.raises(EngineFailedError, match="no session became free"):
        engine.raise_flags(encode(program, ANY_CLAIM, frozenset()))


def test_no_session_outlives_its_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    import durable_rules_engine

    calls: list[str] = []

    def spy(name: str) -> Any:
        real = getattr(durable_rules_engine, name)

        def call(*args: Any) -> Any:
            calls.append(name)
            return real(*args)

        return call

    for name in ("assert_fact", "delete_state"):
        monkeypatch.setattr(durable_rules_engine, name, spy(name))
    assert raised_by((flag("a.yes", HasFlag("b.yes")), flag("b.yes", Comparison("doubts", ">", 0)))) == {"a.yes", "b.yes"}
    assert calls == ["assert_fact", "delete_state"] * 2


def test_the_property_names_have_distinct_32_bit_hashes() -> None:
    def fnv1_a(name: str) -> int:
        value = 2166136261
        for byte in name.encode():
            value = (value ^ byte) * 16777619 % 2**32
        return value

    names = [f"{kind}{index}" for kind in "vng" for index in range(2_000)] + [PROBE, "sid", "id", "$s"]
    assert len({fnv1_a(name) for name in names}) == len(names)


REFUSED_BY_THE_ENGINE = """
from rules import routing_compile
from rules.routing_conditions import Comparison
from rules.routing_durable import DurableEngine, EngineFailedError
from tests.rules.test_routing_engine import ANY_CLAIM, FACTS, encode, flag, raised_by

flags = tuple(flag(f"flag.f{index}", Comparison("doubts", ">", -index)) for index in range(300))
routing_compile.MOST_CONDITIONS_OF_RULESET = 1_000
for _ in range(20):
    program = routing_compile.compile_flags(FACTS, flags)
    engine = DurableEngine(program)
    try:
        engine.raise_flags(encode(program, ANY_CLAIM, frozenset()))
    except EngineFailedError as error:
        assert "303" in str(error), error
    else:
        raise AssertionError("the engine's stack has grown: lift MOST_CONDITIONS_OF_RULESET")
    engine.close()
routing_compile.MOST_CONDITIONS_OF_RULESET = 56
assert len(raised_by(flags)) == 300
"""


def test_a_claim_that_the_engine_refuses_does_not_crash_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", REFUSED_BY_THE_ENGINE], cwd=ROOT, timeout=60, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_after_a_failed_run_the_engine_refuses_every_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, props = engine_with_action(monkeypatch, lambda _: None)
    for expected in ("probe", "an earlier run of it failed"):
        with pytest.raises(EngineFailedError, match=expected):
            engine.raise_flags(props)


EIGHT_THREADS = """
import threading
from pathlib import Path
from rules import routing
from rules.routing_durable import DurableEngine
from tests.rules.test_routing import CLEAN, SHIPPED

rules = routing.load_routing(SHIPPED)
engine = DurableEngine(rules.program)  # and not route(), which asks it once for each situation
wrong = []

def work(thread):
    for index in range(300):
        declined, age = (index + thread) % 2 == 0, index % 120
        told = routing.read_facts(rules, CLEAN | {"has_declined": declined, "policy_age_days": age})
        answer = engine.raise_flags(routing.encode_claim(rules, told, frozenset()))
        expected = ({"outcome.declined"} if declined else set()) | ({"policy.young"} if age < 60 else set())
        if answer != expected:
            wrong.append((thread, index, answer))

threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not wrong, wrong[:3]
"""


def test_eight_threads_of_300_claims_neither_hang_nor_crash_nor_mix_claims_up() -> None:
    done = subprocess.run([sys.executable, "-c", EIGHT_THREADS], cwd=ROOT, timeout=60, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
