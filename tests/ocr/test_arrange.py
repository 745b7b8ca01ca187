"""Which page continues which, and in what order; a page that could belong to two documents stays alone."""

import pytest

from domain.document import DocumentClass
from ocr.arrange import SeenPage, arrange, missing_pages
from ocr.classify import judge_text
from ocr.page_mark import PageMark, read_page_mark

LIST_HEAD = "住院费用清单\n患者姓名：张示例\n序号\t项目名称\t金额\n1\t床位费\t40.00"
LIST_GOES_ON = "序号\t项目名称\t数量\t金额\n9\t护理费\t1\t80.00"
LIST_END = "序号\t项目名称\t金额\n17\t西药费\t1\t80.00\n费用合计：200.00"
SUMMARY = "示例市第一人民医院\n出院小结\n姓名：张示例\n入院情况：腹痛一天\n诊疗经过：手术"
SUMMARY_GOES_ON = "切口愈合良好，患者无不适。\n医师签名：李示例"
INVOICE = "示例省医疗住院收费票据\n票据代码：99060123\n票据号码：{}\n交款人：张示例"
ID_FRONT = "姓名\t张示例\n性别\t男\t民族\t汉\n住址\t示例路1号\n公民身份号码\t990101198803140056"
ID_BACK = "中华人民共和国\n居民身份证\n签发机关\t示例市公安局\n有效期限\t2018.01.01-2038.01.01"


def arranged(*texts: str) -> list[list[int]]:
    pages = [SeenPage(place, text, judge_text(text), read_page_mark(text)) for place, text in enumerate(texts)]
    return [[page.place for page in group] for group in arrange(pages, 0.5)]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("费用合计\n第2页/共3页", PageMark(2, 3)),
        ("第 2 页　共 3 页", PageMark(2, 3)),
        ("共3页，第2页", PageMark(2, 3)),
        ("Page 2 of 3", PageMark(2, 3)),
        ("页码：2/3", PageMark(2, 3)),
        ("床位费\n- 2/3 -", PageMark(2, 3)),
        ("第２页", PageMark(2)),
        ("第2页/共3页\n第2页/共3页", PageMark(2, 3)),
    ],
)
def test_a_page_number_is_read_as_it_is_printed(text, mark):
    assert read_page_mark(text) == mark


@pytest.mark.parametrize("text", ["1/2片 每日", "床位费\t1/3\t40.00", "2024/3/1", "第5页/共3页", "第1页/共2页\n第2页/共2页", "床位费"])
def test_what_is_no_page_number_is_none(text):
    assert read_page_mark(text) is None


def test_papers_of_different_classes_are_different_documents():
    assert arranged(INVOICE.format("0000000001"), SUMMARY, ID_FRONT) == [[0], [1], [2]]


def test_a_list_goes_on_over_pages_without_a_title_until_its_total():
    assert arranged(LIST_HEAD, LIST_GOES_ON, LIST_END, SUMMARY) == [[0, 1, 2], [3]]


def test_after_its_total_a_list_is_closed():
    assert arranged(LIST_HEAD + "\n费用合计：40.00", LIST_HEAD) == [[0], [1]]


def test_pages_in_the_wrong_order_are_put_right_by_their_numbers():
    pages = (LIST_END + "\n第3页/共3页", LIST_HEAD + "\n第1页/共3页", LIST_GOES_ON + "\n第2页/共3页")
    assert arranged(*pages) == [[1, 2, 0]]


def test_pages_of_two_documents_that_lie_mixed_go_to_their_own():
    pages = (LIST_HEAD + "\n1/2", SUMMARY + "\n1/3", LIST_END + "\n2/2", SUMMARY_GOES_ON + "\n2/3")
    assert arranged(*pages) == [[0, 2], [1, 3]]


def test_a_page_that_only_its_number_ties_joins_the_document_with_as_many_pages():
    assert arranged(SUMMARY + "\n第1页 共2页", INVOICE.format("0000000001"), SUMMARY_GOES_ON + "\n第2页 共2页") == [[0, 2], [1]]


def test_a_page_without_title_number_or_table_stays_alone():
    assert arranged(SUMMARY, SUMMARY_GOES_ON) == [[0], [1]]


def test_the_next_number_continues_the_page_before():
    assert arranged(SUMMARY, SUMMARY_GOES_ON + "\n第2页") == [[0, 1]]


def test_another_persons_page_is_not_joined():
    other = LIST_GOES_ON + "\n患者姓名：王示例"
    assert arranged(LIST_HEAD, other) == [[0], [1]]


def test_two_invoices_are_two_documents_though_their_pages_are_numbered():
    pages = [INVOICE.format(number) + f"\n第{place}页/共2页" for place, number in ((1, "0000000001"), (2, "0000000002"))]
    assert arranged(*pages) == [[0], [1]]


@pytest.mark.parametrize("sides", [(ID_FRONT, ID_BACK), (ID_BACK, ID_FRONT)])
def test_both_sides_of_an_id_card_are_one_document_the_front_first(sides):
    assert arranged(*sides) == [[sides.index(ID_FRONT), sides.index(ID_BACK)]]


def test_two_id_cards_are_two_documents():
    assert arranged(ID_FRONT, ID_FRONT.replace("张示例", "王示例")) == [[0], [1]]


def test_a_page_that_the_numbers_promise_and_that_is_not_there_is_named():
    pages = tuple(SeenPage(n, LIST_HEAD, judge_text(LIST_HEAD), PageMark(n + 1, 3)) for n in (0, 2))
    assert missing_pages(pages) == (2,)


def test_the_joined_document_has_the_class_that_its_first_page_tells():
    assert judge_text(LIST_HEAD).document_class is DocumentClass.EXPENSE_LIST
