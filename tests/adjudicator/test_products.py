"""Products of other kinds than the first three, from what was read on papers to what stands in the ledger; each amount computed by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from adjudicator.correcting import correct_field
from adjudicator.review import approve
from adjudicator.story import ClaimStory, tell
from api.answers.status import status_of
from domain.claim import LossCause
from domain.document import Document
from domain.errors import NotAllowedError
from domain.states import ClaimState
from rules.trace import render_text
from rules.trace_html import render_html
from tests.adjudicator.claiming import (
    ACCIDENT_DAY,
    C,
    accident,
    amounts,
    bill,
    certificate,
    charge,
    claimed,
    paid_under,
    pathology,
    policy,
    visit,
)
from tests.adjudicator.replaying import replay_differences
from tests.adjudicator.world import ADJUSTER, HOSPITAL, INSURED, SENIOR, World, id_card, paper, ship_untested, summary

# 臻选版. On the lines: bed 8,000.00, at most 3,000.00 a day for 2 days = 6,000.00; the 乙 drug 1,000.05 less 10 % = 900.045,
# rounded 900.05; operation 5,000.00; the 丙 membrane and the carer nothing: 11,900.05. Less social insurance 900.00, less the
# deductible 1,000.00 = 10,000.05; × 90 % = 9,000.045, rounded half up 9,000.05.
LINES = (charge("床位费", "8000.00", "甲", 2), charge("左氧氟沙星", "1000.05"), charge("手术费", "5000.00", "甲"),
         charge("进口生物膜片", "800.00"), charge("护工费", "300.00", "丙"))  # fmt: skip


def lines_claim(world: World) -> ClaimStory:
    listed = replace(paper(C.EXPENSE_LIST, patient_name=INSURED.name, total_fen=1_510_005), lines=LINES)
    total = bill(charge("住院费用", "15100.05"), social="900.00")
    return claimed(world, policy("zhenxuan-lines", "臻选版"), total, listed, summary(), id_card())


def test_a_bill_that_is_judged_line_by_line_pays_to_the_fen(world: World) -> None:
    story = lines_claim(world)
    assert (story.claim.state, story.paid_fen, paid_under(story)) == (ClaimState.PAID, 900_005, {"PL7": 900_005})


def test_every_line_says_what_it_lost_and_why_and_all_lines_sum_to_the_payout(world: World) -> None:
    story = lines_claim(world)
    assert story.adjudication is not None
    lines = {line.name: line for line in story.adjudication.lines}
    assert sum(line.paid_fen for line in lines.values()) == 900_005
    assert all(line.charged_fen - sum(each.amount_fen for each in line.adjustments) == line.paid_fen for line in lines.values())
    first = {name: (line.adjustments[0].code, line.adjustments[0].amount_fen) for name, line in lines.items()}
    assert first["床位费"] == ("bed_cap", 200_000)
    assert first["左氧氟沙星"] == ("self_share", 10_000)
    assert first["进口生物膜片"] == ("out_of_list", 80_000)
    assert first["护工费"] == ("not_medical", 30_000)
    assert {each.code for each in lines["手术费"].adjustments} == {"deductible", "share"}


def test_the_customer_is_told_the_same_lines(world: World) -> None:
    lines = {line.name: line for line in status_of(lines_claim(world), to_outsider=True).lines}
    assert (lines["护工费"].charged, lines["护工费"].adjustments[0].label, lines["护工费"].paid) == ("300.00", "非医疗费用", "0.00")
    assert sum(line.paid_fen for line in lines.values()) == 900_005


def test_the_letter_tells_the_lines(world: World) -> None:
    (letter,) = [each for each in lines_claim(world).notices if each.kind == "decision"]
    assert "进口生物膜片 800.00 − 医保目录外 800.00 = 0.00" in letter.body


def test_a_decision_on_lines_replays_bit_for_bit(world: World) -> None:
    assert replay_differences(world, lines_claim(world).claim.claim_id) == []


def test_a_line_that_nobody_can_place_is_asked_about_and_never_counted_as_nothing(world: World) -> None:
    story = claimed(world, policy("zhenxuan-lines", "臻选版"), bill(charge("杂费", "5000.00")), summary(), id_card())
    assert (story.claim.state, story.paid_fen) == (ClaimState.IN_REVIEW, 0)
    assert any("待补 费用明细（费用清单）" in reason for reason in story.reasons)


# 乐逸版. First stay: 12 days less 3 free = 9 × 300.00 = 2,700.00, and 2 days of intensive care × 600.00 = 1,200.00.
# Second stay of the year: 9 × 300.00 × 50 % = 1,350.00.
STAY_IN_MAY = {"admission_date": date(2025, 5, 2), "discharge_date": date(2025, 5, 14), "inpatient_days": 12}
STAY_IN_JULY = {"admission_date": date(2025, 7, 2), "discharge_date": date(2025, 7, 14), "inpatient_days": 12}


def test_days_in_hospital_are_counted_and_the_second_stay_of_a_year_pays_half(world: World) -> None:
    contract = policy("leyi-cash", "乐逸版")
    costs = (charge("普通床位费", "500.00", "甲", 10), charge("重症监护床位费", "3000.00", "甲", 2))
    first = claimed(world, contract, bill(*costs, **STAY_IN_MAY), summary(**STAY_IN_MAY), id_card(), loss_date=date(2025, 5, 2))
    assert (first.claim.state, amounts(first)) == (ClaimState.PAID, {"住院津贴": 270_000, "重症监护津贴": 120_000})
    assert paid_under(first) == {"PL7": 390_000}
    papers = (bill(charge("普通床位费", "600.00", "甲"), number="9900000002", **STAY_IN_JULY), summary(**STAY_IN_JULY), id_card())
    second = claimed(world, contract, *papers, ref="APP-2", loss_date=date(2025, 7, 2))
    assert (second.claim.state, paid_under(second)) == (ClaimState.PAID, {"PL7": 135_000})


def test_an_allowance_lies_on_no_line_of_the_bill(world: World) -> None:
    costs = bill(charge("普通床位费", "500.00", "甲"), **STAY_IN_MAY)
    story = claimed(world, policy("leyi-cash", "乐逸版"), costs, summary(**STAY_IN_MAY), id_card(), loss_date=date(2025, 5, 2))
    assert story.adjudication is not None
    assert [(line.charged_fen, line.paid_fen) for line in story.adjudication.lines] == [(50_000, 0)]


# 手术骨折版. The third grade of operation 20,000.00 × 60 % = 12,000.00; a thighbone broken through 10,000.00 × 80 % = 8,000.00.
SURGERY = paper(C.SURGERY_RECORD, patient_name=INSURED.name, hospital_name=HOSPITAL.name, surgery_date=ACCIDENT_DAY,
                operation="股骨骨折切开复位内固定术", operation_grade="三级")  # fmt: skip


def imaging(conclusion: str) -> Document:
    return paper(C.IMAGING_REPORT, patient_name=INSURED.name, hospital_name=HOSPITAL.name, conclusion=conclusion, report_date=ACCIDENT_DAY)


def fracture(world: World, conclusion: str) -> ClaimStory:
    papers = (SURGERY, imaging(conclusion), certificate("S72.3", ACCIDENT_DAY), accident(), id_card())
    return claimed(world, policy("shoushu-fracture", "手术骨折版"), *papers, loss_cause=LossCause.ACCIDENT)


def test_an_operation_and_a_fracture_are_looked_up_in_their_tables(world: World) -> None:
    story = fracture(world, "右股骨干完全性骨折")
    assert (story.claim.state, amounts(story)) == (ClaimState.PAID, {"手术津贴": 1_200_000, "骨折津贴": 800_000})
    assert paid_under(story) == {"PL7": 2_000_000}


def test_a_report_that_does_not_say_how_far_the_bone_is_broken_leaves_an_interval_and_names_the_paper(world: World) -> None:
    story = fracture(world, "右股骨干骨折")
    assert (story.claim.state, story.paid_fen) == (ClaimState.IN_REVIEW, 0)
    # a thighbone: 35 % to 80 % of 10,000.00
    assert any("待补 骨折程度（影像报告），金额在 3,500.00 至 8,000.00 元之间" in reason for reason in story.reasons)


# 学生版. The stay: 12,345.67 − 2,000.00 social insurance = 10,345.67; up to 100.00 nothing, to 1,000.00 50 % = 450.00,
# to 5,000.00 60 % = 2,400.00, to 10,000.00 70 % = 3,500.00, the last 345.67 80 % = 276.536: 6,626.536, rounded 6,626.54.
# The visit: (350.00 − 50.00) × 80 % = 240.00.
STAY_BILL = bill(charge("手术费", "12345.67", "甲"), social="2000.00")
STUDENT = policy("xueping-student", "学生版", 在校学生=True)


def test_a_students_stay_is_paid_by_bands_and_a_visit_by_itself(world: World) -> None:
    papers = (STAY_BILL, visit("350.00", "9900000002"), summary(), accident(), id_card())
    story = claimed(world, STUDENT, *papers, loss_cause=LossCause.ACCIDENT)
    assert (story.claim.state, amounts(story)) == (ClaimState.PAID, {"住院医疗": 662_654, "意外门急诊": 24_000})
    assert paid_under(story) == {"PL7": 686_654}
    assert story.adjudication is not None
    assert sum(line.paid_fen for line in story.adjudication.lines) == 686_654


def test_visits_alone_need_no_discharge_summary(world: World) -> None:
    story = claimed(world, STUDENT, visit("350.00", "9900000002"), accident(), id_card(), loss_cause=LossCause.ACCIDENT)
    assert (story.claim.state, amounts(story)) == (ClaimState.PAID, {"住院医疗": 0, "意外门急诊": 24_000})


def test_a_student_whom_no_school_lists_is_asked_for_the_certificate(world: World) -> None:
    story = claimed(world, replace(STUDENT, particulars={}), STAY_BILL, summary(), id_card())
    assert (story.claim.state, story.paid_fen) == (ClaimState.IN_REVIEW, 0)
    assert any("待补 在校学生（学籍证明）" in reason for reason in story.reasons)


def test_all_payers_together_never_pay_more_than_the_cost(world: World) -> None:
    stated = paper(C.PAYMENT_STATEMENT, patient_name=INSURED.name, payer="示例保险", paid_fen=500_000, paid_date=date(2025, 9, 1))
    story = claimed(world, STUDENT, STAY_BILL, stated, summary(), id_card())
    # 12,345.67 − 2,000.00 social insurance − 5,000.00 another insurer: 5,345.67 is left of the 6,626.54 that the bands give
    assert story.adjudication is not None
    assert story.adjudication.proposed_fen == 534_567
    assert sum(line.paid_fen for line in story.adjudication.lines) == 534_567
    assert "coordination" in {each.code for line in story.adjudication.lines for each in line.adjustments}


def test_a_decision_with_another_payer_replays_bit_for_bit(world: World) -> None:
    stated = paper(C.PAYMENT_STATEMENT, patient_name=INSURED.name, payer="示例保险", paid_fen=500_000, paid_date=date(2025, 9, 1))
    story = claimed(world, STUDENT, STAY_BILL, stated, summary(), id_card())
    if story.decision is None:
        approve(world.system, story.claim.claim_id, story.claim.version, SENIOR, "核实")
    assert replay_differences(world, story.claim.claim_id) == []


# 多次版. A severe cancer pays the sum insured, 500,000.00; the 15 premiums of 12,000.00 that are still owed, 180,000.00, are waived.
MULTI = policy("zhongji-multi", "多次版", 期交保费=1_200_000, 剩余期数=15)


def cancer(world: World, code: str = "C50.9") -> ClaimStory:
    return claimed(world, MULTI, pathology(code), certificate(code), id_card(), loss_date=None)


def test_a_severe_illness_pays_its_sum_and_waives_the_premiums_without_paying_them(world: World) -> None:
    story = cancer(world.with_limits(straight_through_fen=68_000_000))
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, 50_000_000)
    assert paid_under(story) == {"PL7": 50_000_000}
    assert "保费豁免：豁免保费 180,000.00" in story.reasons
    (letter,) = [each for each in story.notices if each.kind == "decision"]
    assert letter.subject == "理赔决定：给付并豁免保费"
    assert "给付金额 500,000.00 元，豁免保费 180,000.00 元" in letter.body


def test_the_customer_and_the_trace_are_told_of_a_waiver_in_both_languages(world: World) -> None:
    story = cancer(world.with_limits(straight_through_fen=68_000_000))
    status = status_of(story, to_outsider=True)
    assert status.decision is not None
    assert (status.decision.text, status.paid) == ("全额赔付，并豁免保费", "500000.00")
    assert "保费豁免：豁免保费 180,000.00 元" in status.reasons
    assert story.adjudication is not None
    answer = story.adjudication.policies[0].assessment
    assert "保费豁免 豁免保费 180,000.00" in render_text(answer)
    assert "保费豁免 waives premiums of 180,000.00" in render_text(answer, "en")
    assert "保费豁免 <span>waives premiums of 180,000.00</span>" in render_html(answer, "en")


def test_waived_premiums_count_towards_what_may_pass_without_a_person(world: World) -> None:
    assert cancer(world.with_limits(straight_through_fen=67_999_999)).claim.state is ClaimState.IN_REVIEW


def test_waived_premiums_count_towards_the_authority_of_who_approves(world: World) -> None:
    story = cancer(world)
    enough = replace(SENIOR, authority_fen=68_000_000)
    with pytest.raises(NotAllowedError, match=r"680,000\.00"):
        approve(world.system, story.claim.claim_id, story.claim.version, replace(enough, authority_fen=67_999_999), "")
    approve(world.system, story.claim.claim_id, story.claim.version, enough, "")
    assert tell(world.system, story.claim.claim_id).claim.state is ClaimState.PAYING


WAIVER_ONLY = """
要素:
  保单生效日: {类型: 日期}
  出险日:     {类型: 日期, 缺失: 待补}
  疾病程度:   {类型: 序列, 取值: [未达, 轻症, 中症, 重症], 缺失: 未达}
  期交保费:   {类型: 金额}
  剩余期数:   {类型: 数值, 缺失: 待补}
规则:
  已达程度: {是: 疾病程度 >= 轻症, 条款: 第三条}
责任:
  保费豁免:
    触发: 已达程度
    理算:
      - 起: 期交保费 × 剩余期数
      - 取整: 到分 四舍五入
方案:
  豁免版:
    责任: [保费豁免]
    给付: {保费豁免: 豁免}
"""


def test_a_waiver_alone_is_given_without_a_payment_and_is_no_refusal(world: World, tmp_path: Path) -> None:
    path = tmp_path / "waiver-only.yaml"
    path.write_text(WAIVER_ONLY, encoding="utf-8")
    with world.system.database.write() as tx:
        ship_untested(tx, path)
    contract = replace(MULTI, product="waiver-only", plan="豁免版")
    story = claimed(world.with_limits(straight_through_fen=18_000_000), contract, pathology("C50.9"), certificate("C50.9"), id_card())
    assert (story.claim.state, story.paid_fen, story.payout) == (ClaimState.CLOSED, 0, None)
    assert not story.ledger
    (letter,) = [each for each in story.notices if each.kind == "decision"]
    assert (letter.subject, "拒" in letter.body) == ("理赔决定：豁免保费", False)
    assert "refusal_letter" not in {each.kind for each in story.clocks}


def test_a_cancer_in_situ_is_mild(world: World) -> None:
    # 30 % of 500,000.00, and the waiver
    assert amounts(cancer(world, "D05.1")) == {"重疾金": 0, "中症金": 0, "轻症金": 15_000_000, "保费豁免": 18_000_000}


def test_a_thyroid_cancer_waits_for_a_person_whose_finding_is_then_adjudicated(world: World) -> None:
    story = cancer(world, "C73")
    assert story.claim.state is ClaimState.IN_REVIEW
    assert any("C73 的疾病程度不能单凭编码确定" in reason for reason in story.reasons)
    papers = {each.document_class: each.document_id for each in story.documents}
    correct_field(world.system, papers[C.DIAGNOSIS_CERTIFICATE], "疾病程度", "轻症", ADJUSTER)
    story = tell(world.system, story.claim.claim_id)
    assert amounts(story)["轻症金"] == 15_000_000
    approve(world.system, story.claim.claim_id, story.claim.version, SENIOR, "TNM I 期，按轻度恶性肿瘤")
    world.run()
    assert paid_under(tell(world.system, story.claim.claim_id)) == {"PL7": 15_000_000}
