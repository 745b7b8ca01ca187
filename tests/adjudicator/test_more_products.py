"""Accidents, death, city and group medical insurance, visits: from read papers to the payout, each amount computed by hand."""

from dataclasses import replace
from datetime import date

from adjudicator.correcting import correct_field
from adjudicator.review import approve
from adjudicator.story import tell
from domain.claim import LossCause
from domain.document import Document
from domain.states import ClaimState
from tests.adjudicator.claiming import ACCIDENT_DAY, C, accident, amounts, bill, charge, claimed, paid_under, policy, visit
from tests.adjudicator.world import ADJUSTER, INSURED, SENIOR, World, id_card, paper, summary


def others(paid_fen: int) -> Document:
    return paper(C.PAYMENT_STATEMENT, patient_name=INSURED.name, payer="示例保险", paid_fen=paid_fen, paid_date=date(2025, 9, 1))


def test_an_accident_pays_disability_costs_and_days(world: World) -> None:
    # occupation of the fourth class: 60 %. The tenth grade 500,000.00 × 10 % × 60 % = 30,000.00;
    # (3,100.00 − 1,000.00 social insurance − 100.00) × 90 % = 1,800.00; 8 days × 150.00 = 1,200.00
    disability = paper(C.DISABILITY_REPORT, patient_name=INSURED.name, disability_grade="十级", assessed_date=date(2025, 12, 1))
    papers = (disability, bill(charge("手术费", "3100.00", "甲"), social="1000.00"), summary(), accident(), id_card())
    story = claimed(world, policy("anxing-accident", "综合版", 职业类别="四类"), *papers, loss_cause=LossCause.ACCIDENT)
    assert amounts(story) == {"意外伤残": 3_000_000, "意外身故金": 0, "意外医疗": 180_000, "意外住院津贴": 120_000}
    assert (story.claim.state, paid_under(story)) == (ClaimState.PAID, {"PL7": 3_300_000})


def test_an_occupation_that_nobody_told_is_asked_for_by_name(world: World) -> None:
    papers = (bill(charge("手术费", "3100.00", "甲"), social="1000.00"), summary(), accident(), id_card())
    story = claimed(world, policy("anxing-accident", "综合版"), *papers, loss_cause=LossCause.ACCIDENT)
    assert story.claim.state is ClaimState.IN_REVIEW
    assert any("待补 职业类别（保单要素「职业类别」（由保单系统提供））" in reason for reason in story.reasons)


def test_a_death_of_an_illness_asks_nobody_about_suicide(world: World) -> None:
    # after the 180 days of waiting, an adult: the sum insured, 1,000,000.00; above the straight-through limit, so a person looks
    death = paper(C.DEATH_CERTIFICATE, deceased_name=INSURED.name, death_date=date(2025, 9, 1), cause="肺炎，病原体未特指")
    contract = policy("dingshou-term", "定期二十年", 已交保费=500_000)
    story = claimed(world, contract, death, id_card(), loss_date=date(2025, 9, 1))
    assert (story.claim.state, amounts(story)) == (ClaimState.IN_REVIEW, {"身故全残金": 100_000_000})


def test_another_death_waits_for_the_police(world: World) -> None:
    death = paper(C.DEATH_CERTIFICATE, deceased_name=INSURED.name, death_date=date(2025, 9, 1), cause="高处坠落")
    contract = policy("dingshou-term", "定期二十年", 已交保费=500_000)
    story = claimed(world, contract, death, id_card(), loss_date=date(2025, 9, 1))
    assert any("待补 自杀（公安机关证明）" in reason for reason in story.reasons)


def test_a_city_plan_waits_for_what_only_a_person_can_say_and_then_pays(world: World) -> None:
    # 70,000.00 − 15,000.00 social insurance − 30,000.00 outside the list = 25,000.00 within it. For the healthy
    # (25,000.00 − 15,000.00) × 80 % + (30,000.00 − 20,000.00) × 60 % = 14,000.00, for others 40 % and 20 %: 6,000.00
    costs = bill(charge("手术费", "40000.00", "甲"), charge("进口生物膜片", "30000.00", "丙"), social="15000.00")
    story = claimed(world, policy("huimin-city", "普惠版"), costs, summary(), id_card())
    assert story.claim.state is ClaimState.IN_REVIEW
    assert any("待补 既往症（既往病历），金额在 6,000.00 至 14,000.00 元之间" in reason for reason in story.reasons)
    correct_field(world.system, story.documents[1].document_id, "既往症", "否", ADJUSTER)
    story = tell(world.system, story.claim.claim_id)
    approve(world.system, story.claim.claim_id, story.claim.version, SENIOR, "调阅既往病历，无既往症")
    world.run()
    assert paid_under(tell(world.system, story.claim.claim_id)) == {"PL7": 1_400_000}


def test_a_visit_after_an_accident_pays_without_a_stay(world: World) -> None:
    # (1,000.00 − 100.00 a visit) × 80 %, for it was not settled with social insurance = 720.00
    papers = (visit("1000.00", "9900000002"), accident(), id_card())
    story = claimed(world, policy("menji-outpatient", "门急诊版"), *papers, loss_cause=LossCause.ACCIDENT)
    assert (story.claim.state, paid_under(story)) == (ClaimState.PAID, {"PL7": 72_000})


def test_an_employers_plan_in_english_pays_what_the_others_leave(world: World) -> None:
    # the personal plan's 1,000.00 fill the deductible: (20,000.00 − 9,000.00 − 1,000.00) × 90 % = 9,000.00
    member = policy("group-topup", "standard", employed_from="2020-01-01", is_still_employed=True, insured_role="employee")
    costs = bill(charge("手术费", "20000.00", "甲"), social="9000.00")
    story = claimed(world, member, costs, others(100_000), summary(), id_card(), loss_date=ACCIDENT_DAY)
    assert (story.claim.state, amounts(story)) == (ClaimState.PAID, {"inpatient_topup": 900_000, "dental": 0})


def test_another_payer_fills_the_deductible_where_the_contract_says_so(world: World) -> None:
    # 20,000.00 − 5,000.00 social insurance − 3,000.00 another insurer = 12,000.00; of the deductible of 10,000.00 the
    # other's 3,000.00 are filled: less 7,000.00 = 5,000.00, at 100 % for it was settled with social insurance
    costs = bill(charge("手术费", "20000.00", "甲"), social="5000.00")
    story = claimed(world, policy("baiwan-medical", "百万版"), costs, others(300_000), summary(), id_card())
    assert (story.claim.state, paid_under(story)) == (ClaimState.PAID, {"PL7": 500_000})


def test_a_settlement_sheet_says_what_the_insurance_for_major_illness_paid(world: World) -> None:
    # the sheet: basic 5,000.00 and major illness 1,000.00; 20,000.00 − 6,000.00 − 10,000.00 = 4,000.00
    sheet = paper(
        C.SETTLEMENT_SHEET,
        patient_name=INSURED.name,
        total_fen=2_000_000,
        social_insurance_paid_fen=500_000,
        major_illness_paid_fen=100_000,
    )
    costs = bill(charge("手术费", "20000.00", "甲"), social="5000.00")
    story = claimed(world, policy("baiwan-medical", "百万版"), costs, sheet, summary(), id_card())
    assert (story.claim.state, paid_under(story)) == (ClaimState.PAID, {"PL7": 400_000})


def test_a_settlement_sheet_that_differs_from_the_invoice_goes_to_a_person(world: World) -> None:
    sheet = paper(C.SETTLEMENT_SHEET, patient_name=INSURED.name, total_fen=2_000_000, social_insurance_paid_fen=499_999)
    costs = bill(charge("手术费", "20000.00", "甲"), social="5000.00")
    story = claimed(world, policy("baiwan-medical", "百万版"), costs, sheet, summary(), id_card())
    assert story.claim.state is ClaimState.IN_REVIEW
    assert any("医保结算单的医保支付 4,999.99 与票据的 5,000.00 不一致" in reason for reason in story.reasons)


def test_a_share_of_the_social_insurance_that_was_not_read_is_never_taken_for_zero(world: World) -> None:
    costs = bill(charge("手术费", "3100.00", "甲"))
    unread = replace(costs, fields=tuple(each for each in costs.fields if each.name != "social_insurance_paid_fen"))
    papers = (unread, summary(), accident(), id_card())
    story = claimed(world, policy("anxing-accident", "综合版", 职业类别="一类"), *papers, loss_cause=LossCause.ACCIDENT)
    assert (story.claim.state, story.paid_fen) == (ClaimState.IN_REVIEW, 0)


def test_an_expense_list_that_does_not_sum_to_the_invoice_goes_to_a_person(world: World) -> None:
    listed = replace(paper(C.EXPENSE_LIST, patient_name=INSURED.name), lines=(charge("手术费", "19999.99", "甲"),))
    costs = bill(charge("手术费", "20000.00", "甲"), social="5000.00")
    story = claimed(world, policy("baiwan-medical", "百万版"), costs, listed, summary(), id_card())
    assert story.claim.state is ClaimState.IN_REVIEW
    assert any("费用清单明细合计 19,999.99，票据合计 20,000.00" in reason for reason in story.reasons)


def test_an_accident_on_another_day_than_was_reported_goes_to_a_person(world: World) -> None:
    papers = (visit("1000.00", "9900000002"), accident(), id_card())
    late = claimed(world, policy("menji-outpatient", "门急诊版"), *papers, loss_cause=LossCause.ACCIDENT, loss_date=date(2025, 8, 16))
    assert late.claim.state is ClaimState.IN_REVIEW


def test_a_hospital_of_the_medical_base_is_known_without_being_imported(world: World) -> None:
    name = "示例市第一人民医院"
    costs = bill(charge("手术费", "20000.00", "甲"), social="5000.00", hospital_name=name)
    story = claimed(world, policy("baiwan-medical", "百万版"), costs, summary(hospital_name=name), id_card())
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, 500_000)  # 15,000.00 − 10,000.00
    assert story.hospital is not None
    assert (story.hospital.name, story.hospital.grade) == (name, "三级")


def test_a_diagnosis_that_was_read_without_its_code_is_found_by_its_exact_name(world: World) -> None:
    plain = summary()
    named = replace(plain, fields=tuple(each for each in plain.fields if each.name != "diagnosis_icd10"))
    named = replace(named, fields=(*named.fields, *paper(C.DISCHARGE_SUMMARY, diagnosis="急性阑尾炎，其他和未特指").fields))
    story = claimed(world, policy("baiwan-medical", "百万版"), bill(charge("手术费", "20000.00", "甲"), social="5000.00"), named, id_card())
    assert story.adjudication is not None
    elements = {each.name: each for each in story.adjudication.policies[0].elements}
    assert (elements["主诊断"].value, story.paid_fen) == ("K35.8", 500_000)
