"""Papers of no class at all are left open, with a question to the customer, however near their words come."""

import pytest

from domain.states import DocumentState
from ocr.classify import classify_text
from sandbox.bundle import back_of
from sandbox.pages.id_card import IdCard
from sandbox.photograph import Level, photograph
from sandbox.strangers import STRANGERS


@pytest.mark.parametrize("draw", STRANGERS, ids=lambda draw: draw.__name__)
def test_a_paper_of_no_class_is_left_open_and_asked_about(reader, draw):
    document = reader.read(photograph(draw(), Level.GOOD, 7))
    assert (document.document_class, document.state) == (None, DocumentState.CHECKED)
    assert [each.advice for each in document.findings] == ["请注明这是什么资料，或重新拍摄，让标题完整、清晰"]


def test_the_back_of_an_id_card_alone_is_told_as_what_it_is(reader):
    document = reader.read(photograph(back_of(IdCard("李示安", "990101198803140056")), Level.GOOD, 7))
    assert (document.document_class, [each.code for each in document.findings]) == (None, ["id_card.back_only"])


@pytest.mark.parametrize(
    "text",
    [
        "住院后申请理赔，被保险人应当先填写理赔申请书，再附上出院小结、诊断证明书和费用清单，并由医院盖章确认。",
        "票据代码：99060199\n票据号码：0012345678\n校验码：a1b2c3\n交款人：王示例\n开票日期：2024-09-01\n学费\t6200.00\n金额合计（小写）：6200.00",
        "员工信息登记表\n姓名\n民族\n住址\n居民身份证号码\n银行卡号",
        "POS签购单\n商户编号\n发卡银行\n卡号\n持卡人签名",
    ],
)
def test_words_of_a_class_that_stand_in_another_paper_stay_below_the_threshold(text):
    assert classify_text(text)[1] < 0.5


def test_a_title_in_a_long_line_still_counts_where_it_stands_by_itself():
    assert classify_text("出院记录：患者于二〇二四年三月二日因腹痛一天入院，完善检查后行手术治疗，恢复顺利，于九日出院。")[1] >= 0.5
