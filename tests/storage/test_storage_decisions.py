"""Adjudications and decisions come back exactly, and what decided claims used up sums without rounding."""

import json
import math
from dataclasses import replace
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from storage_samples import ACTOR, policy, save_claims

from domain.allocation import Adjustment, LineAllocation
from domain.assessment import (
    AccumulatorKey,
    AccumulatorUse,
    Assessment,
    Benefit,
    Check,
    Outcome,
    ResponsibilityResult,
    Step,
    UnknownCause,
)
from domain.decision import Actor, DecisionKind, Queue, Route
from domain.element import Element, ElementKind
from domain.finding import Finding, Severity
from domain.risk import Band, Reason, RiskScore
from storage import decisions, registry
from storage.database import Database
from storage.decisions import Adjudication, PolicyAssessment, Scoring

LIMIT = AccumulatorKey("住院医疗/年限额", "年度 2024-03-01")
DEDUCTIBLE = AccumulatorKey("住院医疗/年免赔额", "年度 2024-03-01")
FINDING = Finding("invoice.total_mismatch", Severity.DOUBT, "金额不符", "请核对", "total_fen")


def _use(key: AccumulatorKey = LIMIT, now: Fraction = Fraction(1, 3)) -> AccumulatorUse:
    return AccumulatorUse(key, Fraction(0), now, Fraction(1_000_000), "元", counts_payout=True)


def _result(outcome: Outcome = Outcome.PAYABLE, *uses: AccumulatorUse) -> ResponsibilityResult:
    return ResponsibilityResult(
        name="住院医疗",
        outcome=outcome,
        benefit=Benefit.INDEMNITY,
        amount_fen=None if outcome is Outcome.UNKNOWN else 669524,
        low_fen=0,
        high_fen=None,
        declined_by="等待期",
        clause="2.3",
        unknowns=(UnknownCause("医院等级", "出院小结"),),
        checks=(Check("等待期", "不赔", None, False, "第 31 天", "2.3", 12),),
        steps=(Step("乘", "赔付比例", "60%", Fraction(7, 3), Fraction(7, 5), "元", "2.4", 14, "无", False, Fraction(22, 7)),),
        uses=uses,
        documents=("出院小结",),
        counterfactual="若改为",
    )


def _policy(*results: ResponsibilityResult, number: str = "P1") -> PolicyAssessment:
    elements = (
        Element("费用", ElementKind.MONEY, 774362, "票据"),
        Element("经医保结算", ElementKind.YES_NO, True, "票据"),
        Element("入院日期", ElementKind.DAY, "2024-06-01", "票据"),
        Element("次数", ElementKind.DAYS, 1, "票据"),
        Element("疾病编码", ElementKind.TEXT, None, "未知"),
    )
    return PolicyAssessment(number, elements, Assessment("anxin-inpatient", "标准版", "ab" * 32, "参数按", results))


ADJUDICATION = Adjudication(
    policies=(_policy(_result(Outcome.PAYABLE, _use())),),
    lines=(LineAllocation("床位费", 100, (Adjustment("share", "自付比例", 40),), 60),),
    findings=(FINDING,),
    score=RiskScore(0.1 + 0.2, 5, Band.MEDIUM, (Reason("phone", "电话", -0.5),), "cd" * 32, "synthetic"),
    route=Route(Queue.REVIEW, (FINDING,)),
)


def test_an_adjudication_comes_back_exactly_as_it_was(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        decisions.save_adjudication(tx, "C1", 1, ADJUDICATION)
        assert decisions.find_adjudication(tx, "C1", 1) == ADJUDICATION


def test_an_adjudications_values_keep_their_types(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        decisions.save_adjudication(tx, "C1", 1, ADJUDICATION)
        found = decisions.find_adjudication(tx, "C1", 1)
    assert found is not None
    assert [type(each.value) for each in found.policies[0].elements] == [int, bool, str, int, type(None)]
    assert type(found.policies[0].assessment.results[0].steps[0].after) is Fraction
    assert type(found.route.queue) is Queue


def test_the_newest_adjudication_of_a_round_is_kept(database: Database) -> None:
    save_claims(database)
    newer = replace(ADJUDICATION, findings=())
    with database.write() as tx:
        decisions.save_adjudication(tx, "C1", 1, ADJUDICATION)
        decisions.save_adjudication(tx, "C1", 1, newer)
        assert decisions.find_adjudication(tx, "C1", 1) == newer


def test_a_round_that_was_not_worked_out_has_no_adjudication(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        decisions.save_adjudication(tx, "C1", 1, ADJUDICATION)
        assert decisions.find_adjudication(tx, "C1", 2) is None


def test_what_is_proposed_is_the_sum_over_policies() -> None:
    assert replace(ADJUDICATION, policies=ADJUDICATION.policies * 2).proposed_fen == 2 * 669524


def _score(database: Database, *rows: dict[str, float]) -> list[str]:
    save_claims(database)
    with database.write() as tx:
        for row in rows:
            decisions.save_risk_row(tx, "C1", 1, Scoring(row, 0.02, f'{{"rows":{len(row)}}}'), ADJUDICATION.score)
        return list(tx.connection.execute(text("SELECT features_json || known_json FROM risk_row")).scalars())


def test_a_feature_row_keeps_its_missing_values(database: Database) -> None:
    (kept,) = _score(database, {"days": 0.1, "phone": math.nan})
    row = json.loads(kept.partition("}")[0] + "}")
    assert row["days"] == 0.1
    assert math.isnan(row["phone"])


def test_the_first_feature_row_of_a_round_stays_and_what_it_was_counted_for_is_brought_up_to_date(database: Database) -> None:
    assert _score(database, {"days": 1.0}, {"days": 2.0, "corrected": 1.0}) == ['{"days": 1.0}{"rows":2}']


def _decide(database: Database, kind: DecisionKind = DecisionKind.PAY_PART, amount_fen: int = 100, round_: int = 1) -> None:
    with database.write() as tx:
        decisions.save_decision(
            tx, "C1", round_, kind, amount_fen, Actor("li", "adjuster"), "超过限额", "2.4", {"books": {"P1": "ab"}, "documents": ["x"]}
        )


@pytest.mark.parametrize("kind", list(DecisionKind))
def test_a_decision_comes_back_as_it_was_written(database: Database, kind: DecisionKind) -> None:
    save_claims(database)
    _decide(database, kind)
    with database.read() as tx:
        found = decisions.find_decision(tx, "C1", 1)
    assert found is not None
    assert (found.kind, found.amount_fen, found.reason, found.clause) == (kind, 100, "超过限额", "2.4")
    assert (found.actor, found.actor_role, found.inputs_json) == ("li", "adjuster", '{"books":{"P1":"ab"},"documents":["x"]}')


def test_a_round_is_decided_once(database: Database) -> None:
    save_claims(database)
    _decide(database)
    with pytest.raises(IntegrityError):
        _decide(database, DecisionKind.DECLINE, 0)


def test_another_round_is_decided_anew(database: Database) -> None:
    save_claims(database)
    _decide(database)
    _decide(database, DecisionKind.DECLINE, 0, round_=2)
    with database.read() as tx:
        assert decisions.find_decision(tx, "C1", 2) is not None


def test_a_negative_decision_is_refused(database: Database) -> None:
    save_claims(database)
    with pytest.raises(IntegrityError, match="amount_not_negative"):
        _decide(database, amount_fen=-1)


def test_a_round_that_was_not_decided_has_no_decision(database: Database) -> None:
    save_claims(database)
    with database.read() as tx:
        assert decisions.find_decision(tx, "C1", 1) is None


def _book(database: Database, claim_id: str, *policies: PolicyAssessment, round_: int = 1) -> None:
    with database.write() as tx:
        decisions.save_accumulator_uses(tx, claim_id, round_, policies)


def test_three_thirds_make_exactly_one(database: Database) -> None:
    save_claims(database, 3)
    for number in range(1, 4):
        _book(database, f"C{number}", _policy(_result(Outcome.PAYABLE, _use())))
    with database.read() as tx:
        assert decisions.accumulators_of(tx, "P1") == {LIMIT: Fraction(1)}


def test_an_exact_fraction_of_any_length_is_kept(database: Database) -> None:
    save_claims(database)
    long = Fraction(10**40 + 1, 3**80)
    _book(database, "C1", _policy(_result(Outcome.PAYABLE, _use(now=long))))
    with database.read() as tx:
        assert decisions.accumulators_of(tx, "P1") == {LIMIT: long}


def test_two_responsibilities_that_share_a_limit_use_its_sum(database: Database) -> None:
    save_claims(database)
    _book(database, "C1", _policy(_result(Outcome.PAYABLE, _use(now=Fraction(7))), _result(Outcome.PAYABLE, _use(now=Fraction(5)))))
    with database.read() as tx:
        assert decisions.accumulators_of(tx, "P1") == {LIMIT: Fraction(12)}


def test_each_accumulator_is_summed_for_itself(database: Database) -> None:
    save_claims(database)
    _book(database, "C1", _policy(_result(Outcome.PAYABLE, _use(LIMIT, Fraction(7)), _use(DEDUCTIBLE, Fraction(5)))))
    with database.read() as tx:
        assert decisions.accumulators_of(tx, "P1") == {LIMIT: Fraction(7), DEDUCTIBLE: Fraction(5)}


@pytest.mark.parametrize("outcome", [Outcome.DECLINED, Outcome.UNKNOWN, Outcome.NOT_INVOLVED])
def test_what_is_not_payable_uses_nothing(database: Database, outcome: Outcome) -> None:
    save_claims(database)
    _book(database, "C1", _policy(_result(outcome, _use())))
    with database.read() as tx:
        assert decisions.accumulators_of(tx, "P1") == {}


def test_a_use_of_nothing_is_no_row(database: Database) -> None:
    save_claims(database)
    _book(database, "C1", _policy(_result(Outcome.PAYABLE, _use(now=Fraction(0)))))
    with database.read() as tx:
        assert tx.connection.execute(text("SELECT count(*) FROM accumulator_use")).scalar_one() == 0


def test_a_claim_that_is_worked_out_again_does_not_count_itself(database: Database) -> None:
    save_claims(database, 2)
    _book(database, "C1", _policy(_result(Outcome.PAYABLE, _use(now=Fraction(7)))))
    _book(database, "C2", _policy(_result(Outcome.PAYABLE, _use(now=Fraction(5)))))
    with database.read() as tx:
        assert decisions.accumulators_of(tx, "P1", without_claim="C1") == {LIMIT: Fraction(5)}


def test_another_policys_uses_do_not_count(database: Database) -> None:
    save_claims(database)
    _book(database, "C1", _policy(_result(Outcome.PAYABLE, _use())))
    with database.read() as tx:
        assert decisions.accumulators_of(tx, "P2") == {}


FAMILY_LIMIT = AccumulatorKey("家庭住院医疗/家庭免赔额", "家庭 2024-03-01")


@pytest.mark.parametrize(
    ("changes", "used"),
    [
        ({"family_id": "F1"}, {FAMILY_LIMIT: Fraction(7)}),  # the year's own account stays with the policy
        ({"family_id": "F2"}, {}),
        ({"family_id": ""}, {}),
        ({"family_id": "F1", "product": "another"}, {}),  # there the same name may mean another limit
    ],
)
def test_an_account_of_the_family_counts_for_every_policy_of_the_family(
    database: Database, changes: dict[str, str], used: dict[AccumulatorKey, Fraction]
) -> None:
    save_claims(database)
    with database.write() as tx:
        registry.save_policies(tx, [policy(family_id="F1"), policy(2, **changes)])
    _book(database, "C1", _policy(_result(Outcome.PAYABLE, _use(FAMILY_LIMIT, Fraction(7)), _use(LIMIT, Fraction(5)))))
    with database.read() as tx:
        assert decisions.accumulators_of(tx, "P2") == used


def test_two_policies_without_a_family_share_nothing(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        registry.save_policies(tx, [policy(2)])
    _book(database, "C1", _policy(_result(Outcome.PAYABLE, _use(FAMILY_LIMIT))))
    with database.read() as tx:
        assert decisions.accumulators_of(tx, "P2") == {}


def test_a_claims_uses_are_booked_once_a_round(database: Database) -> None:
    save_claims(database)
    _book(database, "C1", _policy(_result(Outcome.PAYABLE, _use())))
    with pytest.raises(IntegrityError):
        _book(database, "C1", _policy(_result(Outcome.PAYABLE, _use())))


def test_the_actor_of_a_decision_is_named(database: Database) -> None:
    save_claims(database)
    with database.write() as tx:
        decisions.save_decision(tx, "C1", 1, DecisionKind.PAY_FULL, 1, ACTOR, "", "", {})
        found = decisions.find_decision(tx, "C1", 1)
    assert found is not None
    assert (found.actor, found.actor_role) == (ACTOR.name, ACTOR.role)
