"""A row of charges is read with its specification, price and quantity, and price × quantity proves what it costs."""

import pytest

from domain.document import Box, DocumentClass, InvoiceLine
from ocr.extract.item_table import read_item_lines
from ocr.extract.wanted import Extraction
from ocr.layout import Cell, Row
from ocr.validate import failed_fields, validate
from tests.ocr.test_validate import checked

HEADS = ("序号", "项目名称", "规格", "单价", "数量", "类别", "金额")
LEFTS = (0, 100, 400, 600, 750, 850, 950)


def row(*texts: str, page: int = 0) -> Row:
    boxes = [Box(left, 0, left + 20 * len(text), 24) for left, text in zip(LEFTS, texts, strict=True)]
    return tuple(Cell(text, 0.99, page, box, box) for text, box in zip(texts, boxes, strict=True) if text)


def read(*texts: str) -> InvoiceLine:
    return read_item_lines([row(*HEADS), row(*texts)])[0]


def test_a_row_holds_name_specification_price_quantity_class_and_amount() -> None:
    line = read("1", "阿莫西林胶囊", "0.25g×24粒", "8.73", "3盒", "甲", "26.19")
    assert (line.name, line.specification, line.unit_price_fen, line.quantity) == ("阿莫西林胶囊", "0.25g×24粒", 873, 3)
    assert (line.list_class, line.amount_fen, line.proven) == ("甲", 2619, True)


@pytest.mark.parametrize(("amount", "proven"), [("26.18", False), ("26.19", True), ("26.20", False)])
def test_price_times_quantity_proves_an_amount_to_the_fen(amount: str, proven: bool) -> None:
    assert read("1", "阿莫西林胶囊", "", "8.73", "3", "甲", amount).proven is proven


def test_a_price_in_parts_of_a_fen_and_a_quantity_in_parts_of_a_unit_prove_the_rounded_amount() -> None:
    line = read("1", "盐酸氨溴索", "30mg", "9.9125", "2.5", "乙", "24.78")
    assert line.proven and line.unit_price_fen is None and line.quantity is None


def test_a_comma_between_thousands_that_was_read_as_a_point_stays_a_comma() -> None:
    assert read("1", "胸部CT平扫", "", "308.88", "8", "乙", "2.471.04").amount_fen == 247104


def test_a_stroke_that_was_read_in_a_unit_is_folded() -> None:
    assert read("1", "维生素C注射液", "2m|:0.5g", "1.06", "2", "甲", "2.12").specification == "2ml:0.5g"


def test_an_empty_specification_takes_nothing_from_its_neighbours() -> None:
    line = read("1", "静脉输液", "", "12.50", "2", "甲", "25.00")
    assert (line.name, line.specification) == ("静脉输液", "")


def test_a_list_goes_on_over_the_page_under_its_repeated_head() -> None:
    rows = [row(*HEADS), row("1", "换药", "", "15.00", "1", "甲", "15.00"), row(*HEADS, page=1)]
    lines = read_item_lines([*rows, row("2", "留置针", "24G", "24.60", "2", "丙", "49.20", page=1)])
    assert [(line.name, line.specification, line.list_class, line.page) for line in lines] == [
        ("换药", "", "甲", 0),
        ("留置针", "24G", "丙", 1),
    ]


WRONG = InvoiceLine("换药", 4500, quantity=2, unit_price_fen=1500)


def test_an_amount_that_is_not_price_times_quantity_is_told_and_doubted() -> None:
    extraction, findings = validate(DocumentClass.EXPENSE_LIST, Extraction((), (WRONG,)))
    assert ("line.product_mismatch", "lines/0") in {(each.code, each.about) for each in findings}
    assert failed_fields(extraction, findings) == {"lines/0"}


def test_a_proven_total_outweighs_the_product_which_leaves_price_and_quantity_unknown() -> None:
    extraction, codes = checked(DocumentClass.EXPENSE_LIST, {"total_fen": 4500}, (WRONG,))
    assert codes == [] and extraction.lines[0].proven
    assert (extraction.lines[0].unit_price_fen, extraction.lines[0].quantity) == (None, None)
