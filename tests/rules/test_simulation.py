"""A draft over decided claims: its whole effect, what each change alone costs, and what they do together."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from rules.loader import load_book, read_source
from rules.simulation import TOP, Case, Draft, Tally, draft_of, simulate
from rules.simulation_report import report_html, report_text

ANXIN = Path("rules/book/anxin-inpatient.yaml")
ELEMENTS = {
    "保单生效日": "2024-03-01", "出险日": "2024-08-15", "出险原因": "疾病", "主诊断": "K35.8", "医院等级": "三级", "医院性质": "公立",
    "参保身份": "有医保", "经医保结算": False, "合理医疗费用": 8_000_000, "医保已付": 0, "住院天数": 12,
}  # fmt: skip
SHARE, DEDUCTIBLE = ("未经医保比例: 60%", "未经医保比例: 70%"), ("{2024-01-01: 1万元,", "{2024-01-01: 2万元,")


def _draft(tmp_path: Path, *edits: tuple[str, str]) -> Draft:
    text = ANXIN.read_text()
    for right, wrong in edits:
        assert right in text
        text = text.replace(right, wrong, 1)
    path = tmp_path / ANXIN.name
    path.write_text(text)
    return draft_of(load_book(ANXIN), read_source(ANXIN), load_book(path), read_source(path))


def _case(number: int = 1, **changes: object) -> Case:
    made = Case(f"C{number}", f"I{number}", f"P{number}", "标准版", "2026-03", ELEMENTS, {})
    return replace(made, **changes)


def _run(draft: Draft, cases: Iterable[Case]) -> Tally:
    tally = Tally()
    assert list(simulate(draft, cases, tally))[-1]
    return tally


def test_one_change_explains_its_whole_effect(tmp_path: Path) -> None:
    draft = _draft(tmp_path, SHARE)
    tally = _run(draft, [_case()])
    assert (tally.total.before_fen, tally.total.after_fen) == (4_290_000, 4_990_000)
    assert [line.change_fen for line in tally.by_arm] == [700_000]
    assert tally.interaction_fen == 0


def test_two_changes_leave_their_interaction_as_a_rest(tmp_path: Path) -> None:
    tally = _run(_draft(tmp_path, SHARE, DEDUCTIBLE), [_case()])
    # (80,000 − 20,000) × 70% − (80,000 − 10,000) × 60% = 0; alone: −6,000 and +7,000
    assert [line.change_fen for line in tally.by_arm] == [-600_000, 700_000]
    assert (tally.total.change_fen, tally.interaction_fen) == (0, -100_000)


def test_a_deductible_is_paid_once_a_year_by_each_book_on_its_own_account(tmp_path: Path) -> None:
    small = {**ELEMENTS, "合理医疗费用": 1_500_000}
    cases = [_case(elements=small), _case(claim_id="C2", elements={**small, "出险日": "2024-11-02"})]
    tally = _run(_draft(tmp_path, DEDUCTIBLE), cases)
    # before: 5,000 and 15,000; after: 0 and 10,000; at 60%, and 900 a day's allowance each
    assert (tally.total.before_fen, tally.total.after_fen) == (300_000 + 900_000 + 180_000, 0 + 600_000 + 180_000)


def test_what_was_used_before_the_stretch_is_used(tmp_path: Path) -> None:
    from domain.assessment import AccumulatorKey

    used = {AccumulatorKey("住院医疗/年免赔额", "年度 2024-03-01"): Fraction(1_000_000)}
    tally = _run(_draft(tmp_path, SHARE), [_case(used=used)])
    assert tally.total.before_fen == 4_800_000 + 90_000


def test_a_declined_claim_uses_nothing_up(tmp_path: Path) -> None:
    cases = [_case(uses_limits=False), _case(claim_id="C2", elements={**ELEMENTS, "出险日": "2024-11-02"})]
    assert _run(_draft(tmp_path, SHARE), cases).total.before_fen == 2 * 4_290_000


def test_the_parts_sum_to_the_whole(tmp_path: Path) -> None:
    cases = [_case(number, plan=plan, month=f"2026-0{number % 3 + 1}") for number, plan in enumerate(["标准版", "尊享版"] * 6)]
    tally = _run(_draft(tmp_path, SHARE, DEDUCTIBLE), cases)
    for parts in (tally.by_plan, tally.by_month, tally.by_responsibility):
        assert sum(line.change_fen for line in parts.values()) == tally.total.change_fen
    assert sum(line.change_fen for line in tally.by_arm) + tally.interaction_fen == tally.total.change_fen


def test_the_ten_largest_changes_are_kept_in_order(tmp_path: Path) -> None:
    cases = [_case(number, elements={**ELEMENTS, "合理医疗费用": 2_000_000 + number * 100_000}) for number in range(1, 31)]
    largest = _run(_draft(tmp_path, SHARE), cases).largest
    assert [each.claim_id for each in largest] == [f"C{number}" for number in range(30, 30 - TOP, -1)]


def test_a_run_that_was_broken_off_goes_on_to_the_same_end(tmp_path: Path) -> None:
    draft, cases = _draft(tmp_path, SHARE), [_case(number) for number in range(20)]
    whole, first = _run(draft, cases), _run(draft, cases[:7])
    taken_up = Tally.from_plain(first.to_plain())
    list(simulate(draft, cases[7:], taken_up))
    assert taken_up == whole


def test_a_run_may_pause_only_between_two_insureds(tmp_path: Path) -> None:
    cases = [_case(1), _case(1, claim_id="C1b"), _case(2)]
    assert list(simulate(_draft(tmp_path, SHARE), cases, Tally())) == [False, True, True]


def test_what_is_unknown_is_told_and_counts_nothing(tmp_path: Path) -> None:
    known = {name: value for name, value in ELEMENTS.items() if name != "经医保结算"}
    tally = _run(_draft(tmp_path, SHARE), [_case(elements=known)])
    assert tally.total.before_fen == 90_000
    assert any("unknown" in each for each in tally.notes)


@pytest.mark.parametrize("plan", ["无此方案"])
def test_a_claim_that_a_book_cannot_answer_is_left_out_and_told(tmp_path: Path, plan: str) -> None:
    tally = _run(_draft(tmp_path, SHARE), [_case(plan=plan)])
    assert tally.total.before_fen == 0
    assert any("left out" in each for each in tally.notes)


def test_the_report_names_every_change_and_needs_no_script(tmp_path: Path) -> None:
    draft = _draft(tmp_path, SHARE, DEDUCTIBLE)
    tally = _run(draft, [_case(claim_id="<C1>")])
    page, text = report_html(draft, tally), report_text(draft, tally)
    for told in (page, text):
        assert all(arm.sentence in told for arm in draft.arms)
        assert "共同作用" in told
    assert "<svg" in page
    assert "<script" not in page
    assert "<C1>" not in page
