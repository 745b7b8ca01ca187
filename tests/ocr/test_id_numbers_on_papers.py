"""Certificates of death, accident and disability name a person by an ID number, which its check digit proves; another's is none."""

import pytest

from domain.document import DocumentClass
from ocr.extract.registry import EXTRACTORS
from ocr.validate import validate
from tests.ocr.typed import typed

_C = DocumentClass
NUMBER, OTHER = "990101198001010014", "990101195206183724"
PAPERS = {
    _C.DEATH_CERTIFICATE: "居民死亡医学证明（推断）书\n死者姓名：张示例    性别：男\n有效证件号码：{number}\n死亡日期：2026年3月11日\n",
    _C.ACCIDENT_CERTIFICATE: "意外事故证明\n当事人：张示例    身份证号码：{number}\n事故时间：2026年3月11日\n事故经过：在路口滑倒。\n",
    _C.DISABILITY_REPORT: "伤残鉴定意见书\n被鉴定人：张示例\n身份证号：{number}\n鉴定日期：2026年3月11日\n伤残等级：十级\n",
}


def read(document_class, text):
    return validate(document_class, EXTRACTORS[document_class](typed(text)))


@pytest.mark.parametrize("document_class", PAPERS)
def test_a_right_check_digit_proves_the_number(document_class):
    extraction, findings = read(document_class, PAPERS[document_class].format(number=NUMBER))
    field = extraction.field("id_number")
    assert (field.value, field.proven, "id_card.bad_check_digit" in [each.code for each in findings]) == (NUMBER, True, False)


@pytest.mark.parametrize("document_class", PAPERS)
def test_a_wrong_check_digit_is_told(document_class):
    extraction, findings = read(document_class, PAPERS[document_class].format(number=NUMBER[:-1] + "5"))
    assert not extraction.field("id_number").proven
    assert "id_card.bad_check_digit" in [each.code for each in findings]


@pytest.mark.parametrize("document_class", PAPERS)
@pytest.mark.parametrize("beside", [f"联系人身份证号：{OTHER}\n", f"家属身份证号码：{OTHER}\n"])
def test_the_number_of_somebody_else_is_not_taken_for_it(document_class, beside):
    assert read(document_class, PAPERS[document_class].format(number=NUMBER) + beside)[0].field("id_number").value == NUMBER
    without = PAPERS[document_class].format(number="").replace("有效证件号码：", "")
    assert read(document_class, without + beside)[0].field("id_number") is None


@pytest.mark.parametrize("document_class", PAPERS)
def test_of_two_numbers_under_one_label_none_is_taken(document_class):
    text = PAPERS[document_class].format(number=NUMBER)
    label = next(label for label in ("有效证件号码", "身份证号码", "身份证号") if label in text)
    assert read(document_class, f"{text}\n{label}：{OTHER}\n")[0].field("id_number") is None


def test_a_number_inside_a_story_is_the_persons():
    story = f"意外事故证明\n姓名：张示例\n事故经过：张示例（身份证号：{NUMBER}）于2026年3月11日在路口滑倒。\n"
    assert read(_C.ACCIDENT_CERTIFICATE, story)[0].field("id_number").value == NUMBER
