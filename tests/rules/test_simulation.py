"""A draft over decided claims: its whole effect, what each change alone costs, and what they do together."""

import json
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import simulation
from rules.loader import load_book, read_source
from rules.quick_asking import QuickBook
from rules.simulation import TOP, Case, Draft, Tally, draft_of, simulate
from rules.simulation_html import report_html
from rules.simulation_report import report_text, rows_of_changes

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
    made = Case(f"C{number}", f"P{number}", "标准版", "2026-03", ELEMENTS, {})
    return replace(made, **changes)


def _run(draft: Draft, cases: Iterable[Case]) -> Tally:
    """Simulate the claims of one insured after another: those of one policy stand together here."""
    tally = Tally()
    for _ in simulate(draft, [list(claims) for _, claims in groupby(cases, lambda case: case.policy_number)], tally):
        pass
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


def test_what_another_member_of_the_family_used_in_between_is_used(tmp_path: Path) -> None:
    from domain.assessment import AccumulatorKey

    book = Path("rules/book/jiahe-family.yaml")
    path = tmp_path / book.name
    path.write_text(book.read_text().replace("赔付比例: 90%", "赔付比例: 80%", 1))
    draft = draft_of(load_book(book), read_source(book), load_book(path), read_source(path))
    elements = {"保单生效日": "2024-03-01", "出险日": "2024-06-01", "出险原因": "疾病", "家庭成员": "本人", "医院等级": "三级",
                "合理医疗费用": 400_000}  # fmt: skip
    family = AccumulatorKey("家庭住院医疗/家庭免赔额", "家庭 2024-03-01")
    later = {**elements, "出险日": "2024-09-01", "合理医疗费用": 3_000_000}
    # the first claim bears its 4,000.00; the spouse then 10,000.00, so that 1,000.00 of the family's 15,000.00 is left for the second
    second = _case(claim_id="C2", plan="家和版", elements=later, used={family: Fraction(1_400_000)})
    tally = _run(draft, [_case(plan="家和版", elements=elements), second])
    assert (tally.total.before_fen, tally.total.after_fen) == (2_610_000, 2_320_000)  # (30,000 − 1,000) × 90 %, × 80 %


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
    list(simulate(draft, [[case] for case in cases[7:]], taken_up))
    assert taken_up == whole


def test_a_run_may_pause_after_each_insured(tmp_path: Path) -> None:
    tally = Tally()
    steps = simulate(_draft(tmp_path, SHARE), [[_case(1), _case(1, claim_id="C1b")], [_case(2)]], tally)
    assert [tally.cases for _ in steps] == [2, 3]


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


def test_notes_survive_a_checkpoint_with_their_counts(tmp_path: Path) -> None:
    tally = _run(_draft(tmp_path, SHARE), [_case(number, is_shared=True) for number in range(3)])
    again = Tally.from_plain(json.loads(json.dumps(tally.to_plain())))
    assert again == tally
    assert list(again.notes.values()) == [3]


EDITS = (
    SHARE,
    DEDUCTIBLE,
    ("日津贴额: 100元/天", "日津贴额: 90元/天"),
    ("医院等级 >= 二级 且", "医院等级 >= 一级 且"),
    ("- 限: {至多: 年限额", "- 限: {至多: 重疾保额"),
)
CASES = st.builds(
    _case,
    number=st.integers(1, 6),
    plan=st.sampled_from(["标准版", "尊享版"]),
    month=st.sampled_from(["2026-01", "2026-02"]),
    uses_limits=st.booleans(),
    elements=st.builds(
        lambda day, cost, grade, settled: {**ELEMENTS, "出险日": day, "合理医疗费用": cost, "医院等级": grade, "经医保结算": settled},
        st.sampled_from(["2024-03-20", "2024-08-15", "2025-04-01"]),
        st.sampled_from([0, 999_999, 1_000_001, 3_333_333, 20_000_007]),
        st.sampled_from(["一级", "二级", "三级"]),
        st.sampled_from([True, False, None]),
    ),
)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(EDITS), min_size=1), st.lists(CASES, max_size=10), st.integers(0, 10))
def test_whatever_is_changed_and_claimed_every_table_sums_to_the_whole_change_also_when_broken_off(
    edits: set[tuple[str, str]], cases: list[Case], stop_at: int
) -> None:
    draft = _remembered(tuple(sorted(edits)))
    cases = sorted(cases, key=lambda case: case.policy_number)
    tally = _run(draft, cases)
    assert len(draft.arms) + len(draft.unattributed) == len(edits)
    change = tally.total.change_fen
    for rows in (tally.by_plan, tally.by_responsibility, tally.by_month):
        assert sum(line.change_fen for line in rows.values()) == change
    assert sum(line.change_fen for _, line in rows_of_changes(draft, tally)) == change
    assert sum(each.before_fen for each in tally.by_plan.values()) == tally.total.before_fen
    first = [case for case in cases if case.policy_number < f"P{stop_at}"]
    resumed = Tally.from_plain(json.loads(json.dumps(_run(draft, first).to_plain())))
    for _ in simulate(draft, [list(claims) for _, claims in groupby(cases[len(first) :], lambda case: case.policy_number)], resumed):
        pass
    assert resumed == tally


@given(st.sets(st.sampled_from(EDITS), min_size=1, max_size=1), st.lists(CASES, max_size=8))
@settings(max_examples=20, deadline=None)
def test_a_single_change_explains_all_of_the_draft(edits: set[tuple[str, str]], cases: list[Case]) -> None:
    tally = _run(_remembered(tuple(edits)), sorted(cases, key=lambda case: case.policy_number))
    assert tally.interaction_fen == 0


@cache
def _remembered(edits: tuple[tuple[str, str], ...]) -> Draft:
    with tempfile.TemporaryDirectory() as folder:
        return _draft(Path(folder), *edits)


def test_the_page_sums_its_tables_and_separates_thousands(tmp_path: Path) -> None:
    draft = _draft(tmp_path, SHARE, DEDUCTIBLE)
    page = report_html(draft, _run(draft, [_case(number, plan=plan) for number, plan in enumerate(["标准版", "尊享版"])]))
    assert page.count('<tr class="sum">') == 4
    assert "42,900.00" in page
    assert "prefers-color-scheme:dark" in page


def test_a_page_without_a_claim_is_still_a_page(tmp_path: Path) -> None:
    draft = _draft(tmp_path, SHARE)
    page = report_html(draft, _run(draft, []))
    assert "0 件" in page
    assert 'class="chart"' not in page


@settings(max_examples=20, deadline=None)
@given(st.sets(st.sampled_from(EDITS), min_size=1), st.lists(CASES, max_size=6))
def test_not_asking_books_that_change_only_other_plans_changes_no_figure(edits: set[tuple[str, str]], cases: list[Case]) -> None:
    draft, cases = _remembered(tuple(sorted(edits))), sorted(cases, key=lambda case: case.policy_number)
    tally = _run(draft, cases)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(simulation, "_is_same_plan", lambda *_: False)
        assert _run(draft, cases) == tally


def test_a_book_that_changes_only_another_plan_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = _draft(tmp_path, ("日津贴额: 300元/天", "日津贴额: 310元/天"))
    asked: list[str] = []
    real = QuickBook.ask
    monkeypatch.setattr(QuickBook, "ask", lambda self, plan, given, used: asked.append(plan) or real(self, plan, given, used))
    assert _run(draft, [_case()]).total.change_fen == 0
    assert asked == ["标准版"]
    assert _run(draft, [_case(plan="尊享版")]).total.change_fen == 9_000
    assert asked == ["标准版", *["尊享版"] * 3]
