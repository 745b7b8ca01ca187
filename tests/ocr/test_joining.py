"""Pages of one document in several files: joined where numbers or sums tell, left alone where two answers are possible.

The files are electronic, a page each, so that nothing is misread; tests/adjudicator/test_pages_as_files.py reads photographs.
"""

from dataclasses import replace
from datetime import date

import pytest

from domain.document import Document, DocumentClass, InvoiceLine
from domain.states import DocumentState
from ocr.copies import are_same, is_copy
from ocr.joining import lacks_pages, worth_joining
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
from sandbox.bundle import list_sheets
from sandbox.electronic.pdf import write_pdf
from sandbox.pages.expense_list import ExpenseList
from sandbox.pages.id_card import IdCard
from sandbox.sheet import A4_PORTRAIT, Sheet
from tests.ocr.electronic_files import PLAIN

C = DocumentClass
LINES = tuple(InvoiceLine(f"治疗费第{day}日", 10_000 + 700 * day, "乙") for day in range(1, 8))
LIST = ExpenseList("李示安", "示例市第一人民医院", date(2025, 8, 15), date(2025, 8, 23), LINES)
DEARER = tuple(replace(line, amount_fen=line.amount_fen + 1) for line in LINES)
READER = DocumentReader(OcrSettings())


def files(page: ExpenseList = LIST, mark: str = "第{number}页/共{total}页") -> list[bytes]:
    return [write_pdf([sheet], PLAIN) for sheet in list_sheets(page, 3, mark=mark)]


def page_of(*rows: str) -> bytes:
    sheet = Sheet(A4_PORTRAIT)
    for place, row in enumerate(rows):
        sheet.text(90, 90 + 70 * place, row, 30)
    return write_pdf([sheet], PLAIN)


def joined(*contents: bytes) -> list[list[int]]:
    """Give the documents that stand in several files, as the places of the files in reading order."""
    documents = READER.read_joined([(content, (0,)) for content in contents])
    hashes = [READER.read(content).sha256 for content in contents]
    return [[hashes.index(sheet.sha256) for sheet in each.sheets] for each in documents]


@pytest.mark.parametrize("mark", ["第{number}页/共{total}页", "第{number}页", ""])
def test_a_list_in_shuffled_files_is_put_in_order(mark):
    first, second, third = files(mark=mark)
    assert joined(third, first, second) == [[1, 2, 0]]


def test_lines_count_pages_in_reading_order_and_the_total_is_proven():
    first, second, third = files()
    (document,) = READER.read_joined([(each, (0,)) for each in (second, third, first)])
    assert (document.pages, document.page_count, document.findings) == ((0, 1, 2), 3, ())
    assert [(line.name, line.page) for line in document.lines] == [(line.name, place // 3) for place, line in enumerate(LINES)]
    assert document.field("total_fen").proven and document.sheet(document.field("total_fen").page) == document.sheets[2]


def test_two_pages_of_three_are_joined_and_the_third_is_named():
    first, _, third = files()
    (document,) = READER.read_joined([(third, (0,)), (first, (0,))])
    assert [each.message for each in document.findings if each.code == "document.pages_missing"] == ["按印刷的页码缺少第2页"]


def test_without_its_first_page_nothing_is_joined():
    _, second, third = files()
    assert joined(second, third) == []


def test_without_numbers_a_page_is_not_joined_when_the_sum_does_not_come_out():
    first, _, third = files(mark="")
    assert joined(first, third) == []


def test_a_page_with_the_same_number_of_another_list_is_told_apart_by_the_sum():
    first, second, third = files()
    strange = files(replace(LIST, lines=DEARER))[1]
    assert joined(strange, third, first, second) == [[2, 3, 1]]


def test_where_the_sum_cannot_tell_two_pages_of_the_same_number_apart_nothing_is_joined():
    first, second, third = files()
    (strange,) = files(replace(LIST, lines=tuple(replace(line, name=f"护理费{line.name}") for line in LINES)))[1:2]
    assert joined(first, second, strange, third) == []


def test_the_lists_of_two_patients_go_to_their_own():
    own, other = files(), files(replace(LIST, patient_name="王示平", lines=DEARER))
    assert joined(own[1], other[2], other[0], own[2], own[0], other[1]) == [[2, 5, 1], [4, 0, 3]]


def test_a_page_that_names_another_patient_is_not_joined():
    first, second, third = files()
    strange = page_of("患者姓名：王示平", "序号　项目名称　金额", "费用合计：200.00", "第2页/共3页")
    assert joined(first, second, third, strange) == [[0, 1, 2]]
    assert joined(first, third, strange) == []  # whose the nameless third page is, nobody can tell


def test_a_titled_page_of_another_class_is_not_joined_by_its_number():
    first = page_of("示例市第一人民医院", "出院小结", "姓名：李示安", "入院情况：腹痛一天", "诊疗经过：手术", "第1页/共2页")
    pathology = page_of("示例市第一人民医院", "病理检查报告", "病理号：B20250001", "肉眼所见：阑尾一条", "第2页/共2页")
    assert joined(first, pathology) == []


def test_a_page_without_a_title_joins_the_one_document_that_has_as_many_pages():
    first = page_of("示例市第一人民医院", "出院小结", "姓名：李示安", "入院情况：腹痛一天", "诊疗经过：手术", "第1页/共2页")
    second = page_of("切口愈合良好，患者无不适。", "医师签名：李示例", "第2页/共2页")
    assert joined(second, first) == [[1, 0]]


def test_a_lone_number_is_not_enough_for_a_page_of_no_class():
    first = page_of("示例市第一人民医院", "出院小结", "姓名：李示安", "入院情况：腹痛一天", "诊疗经过：手术", "第1页")
    assert joined(first, page_of("切口愈合良好，患者无不适。", "医师签名：李示例", "第2页")) == []


def card(person: IdCard) -> bytes:
    return write_pdf([person.draw()], PLAIN)


BACK = page_of("中华人民共和国", "居民身份证", "签发机关　示例市公安局", "有效期限　2018.01.01-2038.01.01")


def test_the_two_sides_of_the_one_card_are_joined_and_of_two_cards_none():
    one, other = card(IdCard("李示安", "990101198803140056")), card(IdCard("王示平", "990101199001010034"))
    assert joined(BACK, one) == [[1, 0]] and joined(BACK, one, other) == []


def test_a_pdf_of_two_pages_and_the_third_alone_are_one_document():
    sheets = list_sheets(LIST, 3)
    scan, third = write_pdf(sheets[:2], PLAIN), write_pdf(sheets[2:], PLAIN)
    (document,) = READER.read_joined([(third, (0,)), (scan, (0, 1))])
    assert [sheet.page for sheet in document.sheets] == [0, 1, 0] and document.field("total_fen").proven


def read(content: bytes) -> Document:
    return READER.read(content)


def test_complete_documents_are_not_read_again():
    whole = read(write_pdf([LIST.draw()], PLAIN))
    assert not lacks_pages(whole) and worth_joining([whole, read(card(IdCard("李示安", "990101198803140056")))]) == ()


def test_a_page_of_no_class_is_read_again_only_beside_a_document_that_lacks_pages():
    first, second, _ = map(read, files())
    alone = read(page_of("切口愈合良好，患者无不适。", "医师签名：李示例"))
    assert alone.state is DocumentState.CHECKED
    assert worth_joining([alone, second]) == () and worth_joining([alone, first]) == (alone, first)


TEXT = "住院费用清单 患者姓名 李示安 床位费 120.00 护理费 80.00 西药费 9000.00 费用合计 9200.00"


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (TEXT, True),
        (TEXT.replace(" ", "\t"), True),
        (TEXT.replace("护理费", "护埋费"), True),
        (TEXT.replace("80.00", "80.01"), False),
        (TEXT + " 第2页", False),
        (TEXT.replace("李示安", "王示平").replace("床位费", "化验费").replace("护理费", "材料费"), False),
    ],
)
def test_two_texts_are_the_same_with_the_same_numbers_and_nearly_the_same_words(other, is_same):
    assert are_same(TEXT, other) is is_same


def test_a_page_is_a_copy_of_the_document_that_holds_it():
    assert is_copy(TEXT, TEXT + "\n出院小结 2025-08-23") and not is_copy(TEXT + "\n出院小结 2025-08-23", TEXT)


def test_a_text_too_short_to_compare_is_no_copy():
    assert not is_copy("费用合计 200.00", "费用合计 200.00")
