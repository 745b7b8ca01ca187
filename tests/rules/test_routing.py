"""What the shipped routing book does with claims, and what happens when its engine fails."""

import builtins
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from domain.decision import Queue
from domain.errors import InputError
from domain.finding import Severity
from domain.risk import Band
from rules import routing
from rules.routing import ENGINE_FAILED, RoutingRules, load_routing, route
from rules.routing_durable import DurableEngine, EngineFailedError

SHIPPED = Path(__file__).parents[2] / "rules" / "book" / "routing.yaml"
CLEAN: dict[str, bool | int | str] = {
    "has_payable": True,
    "has_declined": False,
    "has_unknown": False,
    "nil_outcome": False,
    "over_straight_through_limit": False,
    "documents_incomplete": False,
    "doubt_findings": 0,
    "risk_band": "low",
    "audit_sample": False,
    "earlier_claims_this_year": 0,
    "policy_in_force": True,
    "payee_is_insured": True,
    "policy_age_days": 167,
    "indemnity_reduced_by_coordination": False,
}


@pytest.fixture(scope="module")
def rules() -> Iterator[RoutingRules]:
    yield load_routing(SHIPPED)
    routing.close()


def codes(rules: RoutingRules, findings: frozenset[str] = frozenset(), **changes: bool | int | str) -> tuple[str, ...]:
    return tuple(flag.code for flag in route(rules, CLEAN | changes, findings).flags)


def queue(rules: RoutingRules, findings: frozenset[str] = frozenset(), **changes: bool | int | str) -> Queue:
    return route(rules, CLEAN | changes, findings).queue


def test_a_clean_claim_goes_straight_through_without_a_flag(rules: RoutingRules) -> None:
    answer = route(rules, CLEAN, frozenset())
    assert answer.queue is Queue.STRAIGHT_THROUGH
    assert answer.flags == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"has_declined": True}, "outcome.declined"),
        ({"has_unknown": True}, "outcome.unknown"),
        ({"nil_outcome": True}, "outcome.nil"),
        ({"has_payable": False}, "outcome.nothing_payable"),
        ({"over_straight_through_limit": True}, "amount.over_limit"),
        ({"policy_in_force": False}, "policy.not_in_force"),
        ({"documents_incomplete": True}, "documents.incomplete"),
        ({"doubt_findings": 1}, "documents.doubtful"),
        ({"risk_band": "medium"}, "risk.medium"),
        ({"audit_sample": True}, "audit.sampled"),
    ],
)
def test_what_may_not_pay_itself_goes_to_review(rules: RoutingRules, changes: dict[str, Any], code: str) -> None:
    assert queue(rules, **changes) is Queue.REVIEW
    assert code in codes(rules, **changes)


def test_a_duplicate_invoice_goes_to_review(rules: RoutingRules) -> None:
    assert codes(rules, frozenset({"invoice.duplicate"})) == ("invoice.duplicate_seen",)
    assert queue(rules, frozenset({"invoice.duplicate"})) is Queue.REVIEW


@pytest.mark.parametrize(
    ("finding", "code"),
    [
        ("document.duplicate", "document.duplicate_seen"),
        ("document.edited_with", "document.altered_seen"),
        ("document.changed_after_signing", "document.altered_seen"),
    ],
)
def test_a_paper_of_somebody_elses_claim_or_an_altered_one_goes_to_review(rules: RoutingRules, finding: str, code: str) -> None:
    assert (codes(rules, frozenset({finding})), queue(rules, frozenset({finding}))) == ((code,), Queue.REVIEW)


@pytest.mark.parametrize("finding", ["document.seen_before", "document.shared_card", "document.pages_edited_with"])
def test_notes_about_papers_raise_no_flag(rules: RoutingRules, finding: str) -> None:
    assert (codes(rules, frozenset({finding})), queue(rules, frozenset({finding}))) == ((), Queue.STRAIGHT_THROUGH)


def test_a_high_risk_goes_to_investigation_even_beside_review_flags(rules: RoutingRules) -> None:
    assert queue(rules, risk_band=Band.HIGH, audit_sample=True) is Queue.INVESTIGATION


def test_notes_alone_stop_nothing(rules: RoutingRules) -> None:
    answer = route(rules, CLEAN | {"indemnity_reduced_by_coordination": True, "policy_age_days": 45}, frozenset())
    assert answer.queue is Queue.STRAIGHT_THROUGH
    assert {flag.severity for flag in answer.flags} == {Severity.NOTE}


def test_flags_chain_to_further_flags_over_three_steps(rules: RoutingRules) -> None:
    answer = route(rules, CLEAN | {"policy_age_days": 59, "payee_is_insured": False}, frozenset({"invoice.duplicate"}))
    assert answer.queue is Queue.INVESTIGATION
    assert [flag.code for flag in answer.flags] == [
        "invoice.duplicate_seen",
        "policy.young",
        "payee.other",
        "risk.young_policy_other_payee",
        "risk.duplicate_invoice_pattern",
    ]


def test_a_policy_of_60_days_is_no_longer_young(rules: RoutingRules) -> None:
    assert "policy.young" in codes(rules, policy_age_days=59)
    assert "policy.young" not in codes(rules, policy_age_days=60)


def test_a_message_quotes_the_facts(rules: RoutingRules) -> None:
    messages = [flag.message for flag in route(rules, CLEAN | {"doubt_findings": 2}, frozenset()).flags]
    assert messages == ["资料有 2 处存疑，付款前须有人核对"]


def test_a_missing_fact_is_named(rules: RoutingRules) -> None:
    with pytest.raises(InputError, match="risk_band is missing") as caught:
        route(rules, {name: value for name, value in CLEAN.items() if name != "risk_band"}, frozenset())
    assert caught.value.field == "risk_band"


def test_an_unknown_fact_is_named(rules: RoutingRules) -> None:
    with pytest.raises(InputError, match="knows no fact claimed_fen"):
        route(rules, CLEAN | {"claimed_fen": 774362}, frozenset())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("has_payable", 1),
        ("has_payable", "true"),
        ("doubt_findings", True),
        ("doubt_findings", 2**31),
        ("doubt_findings", "0"),
        ("risk_band", "hgih"),
    ],
)
def test_a_fact_of_another_kind_is_refused_by_name(rules: RoutingRules, name: str, value: bool | int | str) -> None:
    with pytest.raises(InputError, match=f"routing fact {name} cannot be"):
        route(rules, CLEAN | {name: value}, frozenset())


def test_a_situation_is_put_to_the_engine_once(rules: RoutingRules, monkeypatch: pytest.MonkeyPatch) -> None:
    routing.close()
    asked: list[int] = []
    ask = DurableEngine.raise_flags

    def count(engine: DurableEngine, props: Mapping[str, int]) -> frozenset[str]:
        asked.append(1)
        return ask(engine, props)

    monkeypatch.setattr(DurableEngine, "raise_flags", count)
    answers = [route(rules, CLEAN | {"policy_age_days": age}, frozenset()).flags for age in (61, 62, 5_000)]
    assert (answers, len(asked)) == ([(), (), ()], 1)


@pytest.mark.parametrize(("age", "flags"), [(59, ("policy.young",)), (60, ()), (61, ())])
def test_situations_are_told_apart_at_what_the_book_compares_with(rules: RoutingRules, age: int, flags: tuple[str, ...]) -> None:
    for each in (58, 62):  # met before
        route(rules, CLEAN | {"policy_age_days": each}, frozenset())
    assert codes(rules, policy_age_days=age) == flags


def test_what_failed_is_not_kept(rules: RoutingRules, monkeypatch: pytest.MonkeyPatch) -> None:
    routing.close()

    def fail(_engine: DurableEngine, _props: Mapping[str, int]) -> frozenset[str]:
        raise EngineFailedError("broken")

    with monkeypatch.context() as broken:
        broken.setattr(DurableEngine, "raise_flags", fail)
        assert route(rules, CLEAN, frozenset()).flags == (ENGINE_FAILED,)
    assert route(rules, CLEAN, frozenset()).flags == ()


def test_routing_starts_no_thread(rules: RoutingRules) -> None:
    before = threading.active_count()
    route(rules, CLEAN, frozenset())
    assert threading.active_count() == before


def test_after_close_the_next_claim_starts_a_new_engine(rules: RoutingRules) -> None:
    route(rules, CLEAN, frozenset())
    routing.close()
    assert queue(rules) is Queue.STRAIGHT_THROUGH


def test_without_durable_rules_every_claim_goes_to_review(rules: RoutingRules, monkeypatch: pytest.MonkeyPatch) -> None:
    routing.close()
    real_import = builtins.__import__

    def import_without_durable(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("durable"):
            raise ImportError(name)
        return real_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", import_without_durable)
    answer = route(rules, CLEAN, frozenset())
    assert answer.queue is Queue.REVIEW
    assert answer.flags == (ENGINE_FAILED,)


@pytest.mark.parametrize(
    "call", ["assert_fact", "start_action_for_state", "update_state", "complete_and_start_action", "get_state", "delete_state"]
)
def test_a_failing_engine_sends_the_claim_to_review_and_the_next_claim_is_routed_again(
    rules: RoutingRules, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    import durable_rules_engine

    routing.close()  # and with it the situations it has met

    def fail(*_: Any) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as broken:
        broken.setattr(durable_rules_engine, call, fail)
        assert route(rules, CLEAN, frozenset()).flags == (ENGINE_FAILED,)
    assert queue(rules, has_declined=True) is Queue.REVIEW
    assert queue(rules) is Queue.STRAIGHT_THROUGH


def test_an_interrupted_claim_leaves_nothing_behind_for_the_next_one(rules: RoutingRules, monkeypatch: pytest.MonkeyPatch) -> None:
    import durable_rules_engine

    routing.close()

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted, pytest.raises(KeyboardInterrupt):
        interrupted.setattr(durable_rules_engine, "get_state", interrupt)
        route(rules, CLEAN | {"has_declined": True}, frozenset())
    assert route(rules, CLEAN, frozenset()).flags == ()
