"""The balance law: charged − taken = paid on every line, and the lines with the other benefits come to the payout, to the 分."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from adjudicator.allocation import allocate
from adjudicator.benefits_letter import write_benefits_letter
from adjudicator.letter_frame import LetterCase
from adjudicator.reckoning import reckon
from domain.allocation import LineAllocation
from domain.assessment import Assessment, Benefit, Outcome, ResponsibilityResult, Step
from domain.claim import Channel
from domain.decision import DecisionKind, Queue, Route
from domain.document import InvoiceLine
from domain.letter import Letter, Letterhead
from domain.money import parse_fen
from domain.risk import RiskScore
from domain.states import ClaimState
from storage.claims import ClaimRecord
from storage.decisions import Adjudication, Decision, PolicyAssessment
from storage.notices import Notice
from tests.adjudicator.world import INSURED

LINES = st.lists(st.tuples(st.integers(1, 5_000_000), st.sampled_from(("甲", "乙", "丙", ""))), min_size=1, max_size=12)
CUTS = st.lists(st.tuples(st.sampled_from(("减", "乘", "限")), st.integers(0, 100)), max_size=5)


def waterfall(charged_fen: int, cuts: list[tuple[str, int]]) -> tuple[int, tuple[Step, ...]]:
    """Take some percent off again and again, and round at the end: amount and steps, as the rules give them."""
    balance = Fraction(charged_fen)
    steps = [Step("起", "合理医疗费用", "", None, balance, "元", "", 1)]
    for kind, percent in cuts:
        after = balance * percent / 100
        steps.append(Step(kind, "医保已付" if kind == "减" else kind, "", balance, after, "元", "第十条", 2))
        balance = after
    amount = round(balance)
    steps.append(Step("取整", "到分 四舍五入", "", balance, Fraction(amount), "元", "", 3))
    return amount, tuple(steps)


def result(name: str, benefit: Benefit, amount_fen: int, steps: tuple[Step, ...] = ()) -> ResponsibilityResult:
    return ResponsibilityResult(name, Outcome.PAYABLE, benefit, amount_fen, steps=steps)


def adjudication(results: tuple[ResponsibilityResult, ...], lines: tuple[LineAllocation, ...]) -> Adjudication:
    answer = PolicyAssessment("PL1", (), Assessment("p", "标准版", "h", "", results))
    return Adjudication((answer,), lines, (), RiskScore(0.0, 0, "low", (), "m", "synthetic"), Route(Queue.REVIEW, ()))


def explain(done: Adjudication, kind: DecisionKind, amount_fen: int) -> Letter:
    decision = Decision("C1", 1, kind, amount_fen, "理由", "", "lin", "adjuster", "{}", 0)
    claim = ClaimRecord(
        "C1", Channel.APP, "A", "", ClaimState.DECIDED, 1, 1, "P1", ("PL1",), None, None, "", "", "", None, "", "", "", None, None, 0, 0
    )
    case = LetterCase(claim, INSURED, Notice("N1", "C1", 1, "decision", "", "", (), 0), done, decision, None)
    return write_benefits_letter(case, Letterhead(), decision, done)


def amounts(letter: Letter, section: str, column: int) -> list[int]:
    """Read a column of a section's first table back, its total last."""
    (found,) = (each for each in letter.sections if each.heading == section)
    table = found.tables[0]
    return [parse_fen(row[column], may_be_negative=True) for row in (*table.rows, table.total)]


@given(LINES, CUTS, st.integers(0, 1_000_000), st.integers(0, 100))
def test_what_the_explanation_prints_adds_up_to_the_payout(
    bill: list[tuple[int, str]], cuts: list[tuple[str, int]], cash_fen: int, share: int
) -> None:
    charged = sum(amount for amount, _ in bill)
    costs_fen, steps = waterfall(charged, cuts)
    results = (result("住院医疗", Benefit.INDEMNITY, costs_fen, steps), result("住院津贴", Benefit.FIXED, cash_fen))
    lines = allocate(
        [InvoiceLine(f"项目{n}", amount, kind) for n, (amount, kind) in enumerate(bill)], [Assessment("p", "", "", "", results)], charged
    )
    done = adjudication(results, lines)
    paid_fen = done.proposed_fen * share // 100
    kind = DecisionKind.PAY_FULL if share == 100 else DecisionKind.PAY_PART
    letter = explain(done, kind, paid_fen)

    assert reckon(done, kind, paid_fen).is_balanced
    *charges, charged_total = amounts(letter, "费用明细", 1)
    *allowed, allowed_total = amounts(letter, "费用明细", 3)
    *paid, paid_total = amounts(letter, "费用明细", 5)
    assert (sum(charges), sum(allowed), sum(paid)) == (charged_total, allowed_total, paid_total) == (charged, allowed_total, costs_fen)
    assert all(each >= rest >= given >= 0 for each, rest, given in zip(charges, allowed, paid, strict=True))

    (balance,) = (each.tables[0] for each in letter.sections if each.heading == "给付结算")
    rows = {label: parse_fen(text, may_be_negative=True) for label, text in balance.rows}
    sums = {"费用给付", "按条款合计"}  # of the rows above them
    assert sum(fen for label, fen in rows.items() if label not in sums) == parse_fen(balance.total[1]) == paid_fen
    assert rows["费用给付"] == costs_fen


def test_lines_that_do_not_come_to_what_is_paid_are_not_shown_as_a_proof() -> None:
    wrong = (LineAllocation("床位费", 10_000, (), 9_999),)
    done = adjudication((result("住院医疗", Benefit.INDEMNITY, 10_000),), wrong)
    reckoning = reckon(done, DecisionKind.PAY_FULL, 10_000)
    assert (reckoning.lines, reckoning.benefits, reckoning.is_balanced) == ((), (("住院医疗", 10_000),), True)
    assert "费用明细" not in [each.heading for each in explain(done, DecisionKind.PAY_FULL, 10_000).sections]


def test_one_fen_that_is_missing_is_noticed() -> None:
    done = adjudication((result("住院医疗", Benefit.INDEMNITY, 10_000),), (LineAllocation("床位费", 10_000, (), 10_000),))
    reckoning = reckon(done, DecisionKind.PAY_FULL, 10_000)
    assert reckoning.is_balanced
    assert not type(reckoning)(reckoning.lines, (("医保已付", 1),), (), 0, 10_000).is_balanced
