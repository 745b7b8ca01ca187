"""Papers in words that no layout of the sandbox has are told, and what stands on them is found."""

from datetime import date

import pytest

from domain.document import DocumentClass
from ocr.classify import judge_text
from ocr.extract.registry import EXTRACTORS
from ocr.extract.values import read_date, read_diagnosis, read_icd10, read_range_end, read_range_start
from ocr.gathered import text_of
from ocr.validate import validate
from tests.ocr.typed import typed
from tests.ocr.untuned_papers import PAPERS, STRANGE_PAPERS

papers = pytest.mark.parametrize("paper", [pytest.param(paper, id=name) for name, paper in PAPERS.items()])


@papers
def test_its_class_is_told(paper):
    judged = judge_text(text_of(typed(paper.text)))
    assert judged.document_class is paper.document_class and judged.confidence >= 0.5


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in STRANGE_PAPERS.items()])
def test_a_paper_of_no_class_stays_below_the_threshold(text):
    assert judge_text(text_of(typed(text))).confidence < 0.5


@papers
def test_every_value_on_it_is_found_and_no_other(paper):
    extraction, findings = validate(paper.document_class, EXTRACTORS[paper.document_class](typed(paper.text)))
    assert {field.name: field.value for field in extraction.fields} == paper.fields
    assert [(line.name, line.amount_fen, line.list_class) for line in extraction.lines] == paper.lines
    assert findings == ()


def extracted(document_class, text):
    return EXTRACTORS[document_class](typed(text))


def test_the_ways_of_the_fiscal_form_prove_each_other():
    paper = PAPERS["fiscal electronic inpatient bill"]
    extraction, _ = validate(paper.document_class, extracted(paper.document_class, paper.text))
    ways = ("social_insurance_paid_fen", "other_paid_fen", "account_paid_fen", "cash_paid_fen", "personal_paid_fen", "self_paid_fen")
    assert all(extraction.field(name).proven for name in ways)


@pytest.mark.parametrize("cash", ["1499.99", "1500.01"])
def test_a_fen_more_or_less_in_the_ways_of_paying_is_told_and_no_own_share_is_made_up(cash):
    text = PAPERS["fiscal electronic inpatient bill"].text.replace("1500.00", cash).replace("800.00", "799.00")
    extraction, findings = validate(DocumentClass.MEDICAL_INVOICE, extracted(DocumentClass.MEDICAL_INVOICE, text))
    assert [each.code for each in findings] == ["invoice.payments_mismatch"]
    assert extraction.field("personal_paid_fen") is None


def test_a_label_that_announces_two_values_leaves_a_doubt():
    one = extracted(DocumentClass.DIAGNOSIS_CERTIFICATE, "诊断证明书\n姓名：张示例\n诊断：肺炎").field("patient_name")
    two = extracted(DocumentClass.DIAGNOSIS_CERTIFICATE, "诊断证明书\n姓名：张示例\n诊断：肺炎\n姓名：李示例").field("patient_name")
    assert (one.is_loose, two.is_loose) == (False, True) and two.confidence < one.confidence


def test_a_date_under_a_loose_label_is_less_sure():
    text = "示例县人民医院\n诊断证明书\n姓名：张示例\n诊断：肺炎\n日期：2026-03-02"
    assert extracted(DocumentClass.DIAGNOSIS_CERTIFICATE, text).field("diagnosis_date").is_loose


def test_a_label_without_a_value_takes_none_from_its_neighbour():
    text = "出院小结\n姓名      籍贯      职业\n入院日期      出院日期\n2026-03-02    2026-03-11"
    assert extracted(DocumentClass.DISCHARGE_SUMMARY, text).field("patient_name") is None


def test_of_amounts_side_by_side_the_whole_one_is_taken_even_where_it_is_missing():
    text = "费用清单\n项目名称      金额        自付金额\n西药费        100.00      10.00\n检查费                    5.00"
    assert [(line.name, line.amount_fen) for line in extracted(DocumentClass.EXPENSE_LIST, text).lines] == [("西药费", 10000)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02至2026-03-11", (date(2026, 3, 2), date(2026, 3, 11))),
        ("2026.03.02—2026.03.11", (date(2026, 3, 2), date(2026, 3, 11))),
        ("2026年3月2日至3月11日", (date(2026, 3, 2), date(2026, 3, 11))),
        ("20260302-20260311", (date(2026, 3, 2), date(2026, 3, 11))),
        ("二〇二六年三月二日至二〇二六年三月十一日", (date(2026, 3, 2), date(2026, 3, 11))),
        ("2026-03-02", (None, None)),
        ("2026-03-02至2026-13-11", (None, None)),
    ],
)
def test_a_stay_is_read_from_its_first_and_last_day(text, expected):
    assert (read_range_start(text), read_range_end(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("二〇二六年三月二十一日", date(2026, 3, 21)), ("二○二六年十二月十日", date(2026, 12, 10)), ("二〇二六年十三月一日", None)],
)
def test_a_date_of_chinese_numerals(text, expected):
    assert read_date(text) == expected


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("1.肺炎（J18.900）", "肺炎", "J18.900"),
        ("甲状腺乳头状癌 C73.x00", "甲状腺乳头状癌", "C73.x00"),
        ("2型糖尿病", "2型糖尿病", None),
        ("1.肺炎 2.高血压", "1.肺炎 2.高血压", None),
        ("肺炎J18.9 高血压I10", "肺炎J18.9 高血压I10", None),
    ],
)
def test_a_diagnosis_and_the_code_behind_it(text, words, code):
    assert (read_diagnosis(text), read_icd10(text)) == (words, code)


@pytest.mark.parametrize("heading", ["一、出险人资料", "被保险人信息", "被保险人 基本情况"])
def test_a_heading_that_begins_as_a_label_names_nobody(heading):
    assert extracted(DocumentClass.CLAIM_FORM, f"理赔申请书\n{heading}\n保单号：AX202400000001").field("insured_name") is None


@pytest.mark.parametrize("told", ["当事人  情况说明", "当事人：基本信息"])
def test_words_of_a_form_are_no_patient_of_an_accident(told):
    assert extracted(DocumentClass.ACCIDENT_CERTIFICATE, f"意外事故证明\n{told}").field("patient_name") is None


@pytest.mark.parametrize(
    ("document_class", "line", "name", "value"),
    [
        (DocumentClass.DISCHARGE_SUMMARY, "收住时间：2026-03-02", "admission_date", date(2026, 3, 2)),
        (DocumentClass.DISCHARGE_SUMMARY, "入住医院日期  2026年3月2日", "admission_date", date(2026, 3, 2)),
        (DocumentClass.DISCHARGE_SUMMARY, "离院当日时间  2026-03-11", "discharge_date", date(2026, 3, 11)),
        (DocumentClass.DISCHARGE_SUMMARY, "留院日数  9", "inpatient_days", 9),
        (DocumentClass.DISCHARGE_SUMMARY, "分类编码  K35.800", "diagnosis_icd10", "K35.800"),
        (DocumentClass.DIAGNOSIS_CERTIFICATE, "开立日期  2026-03-11", "diagnosis_date", date(2026, 3, 11)),
        (DocumentClass.SETTLEMENT_SHEET, "统筹列支  3,000.00", "social_insurance_paid_fen", 300_000),
        (DocumentClass.SETTLEMENT_SHEET, "职工自理  1,200.00", "personal_paid_fen", 120_000),
        (DocumentClass.SETTLEMENT_SHEET, "发生医疗费用  4,200.00", "total_fen", 420_000),
        (DocumentClass.CLAIM_FORM, "保险合同代码  AX202600000001", "policy_number", "AX202600000001"),
        (DocumentClass.CLAIM_FORM, "受保人  张示例", "insured_name", "张示例"),
        (DocumentClass.CLAIM_FORM, "理赔事由  意外", "loss_cause", "意外"),
    ],
)
def test_a_label_that_no_list_has_is_known_by_its_form(document_class, line, name, value):
    field = extracted(document_class, line).field(name)
    assert field is not None and field.value == value


def test_of_unknown_labels_side_by_side_the_next_is_no_value():
    text = "参保职工甲方        就医地址\n张示例              示例市第一人民医院"
    assert extracted(DocumentClass.SETTLEMENT_SHEET, text).field("patient_name").value == "张示例"


def test_the_words_of_a_title_are_no_label():
    assert extracted(DocumentClass.DIAGNOSIS_CERTIFICATE, "诊断意见书\n诊断意见：肺炎").field("diagnosis").value == "肺炎"
    story = extracted(DocumentClass.ACCIDENT_CERTIFICATE, "受伤经过证明\n张示例\n受伤经过：在小区门口摔倒。").field("narrative")
    assert story.value == "在小区门口摔倒。"


def test_a_short_label_is_not_found_at_the_beginning_of_a_longer_one_that_nobody_knows():
    assert extracted(DocumentClass.DIAGNOSIS_CERTIFICATE, "诊断所得：肺炎").field("diagnosis").value == "肺炎"
    assert extracted(DocumentClass.DIAGNOSIS_CERTIFICATE, "姓名张示例性别：男").field("patient_name").value == "张示例"
