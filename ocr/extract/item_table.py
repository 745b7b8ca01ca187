"""Reads the table of charged items (费用明细) of invoices and expense lists into invoice lines."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from domain.document import Box, InvoiceLine
from ocr.extract.values import read_amount, to_half_width
from ocr.layout import Cell, Row, row_text

_NAME_HEADS = (
    "项目名称", "收费项目", "费用名称", "费用项目", "药品名称", "医嘱名称", "收费名称", "项目内容", "名称", "品名", "费用类别",
    "费用类型", "项目",
)  # fmt: skip
_NO_NAME_HEAD = re.compile("编码|代码|编号|等级|[：:]|合计")
_LONGEST_HEAD = 12
_KNOWN_HEAD = re.compile(
    "数量|单价|价格|金额|规格|单位|等级|类别|序号|编码|代码|日期|时间|比例|自付|自费|费用|总额|总价|合计|天数|剂型|科室|医保|甲乙"
)
_KNOWN_HEADS = 2  # of them, without which a row is no head
_QUANTITY_HEADS = ("数量", "天数")
_SPECIFICATION_HEADS = ("规格",)
_PRICE_HEADS = ("单价",)
_WHOLE = re.compile(r"(\d{1,4})(?:\.0+)?\s*/?\s*[\u4e00-\u9fff]{0,2}")
_COUNT = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*/?\s*[\u4e00-\u9fff]{0,2}")
_PRICE = re.compile(r"¥?\s*(\d{1,7}(?:,\d{3})*\s*\.\s*\d{1,4}|\d{1,7})")
_CLASS_HEAD = re.compile("类别|甲乙|等级|属性|医保分类|目录|^(?:类型|医保|分类)$")
_AMOUNT_HEAD = re.compile(
    "(?:应收|实收|总|合计|费用|收费|发生)?金额(?:合计|小计)?|总额|总价|合计|小计|费用|应收|实收|收费|价款|总费用|计价金额|收费额"
)
_OTHER_AMOUNT = re.compile("自|医保|报销|统筹|优惠|减免|先|付|单价|价格|比例")  # a part of an amount, or what it is made of
_UNIT = re.compile(r"[（(](?:元|￥|¥|人民币)[）)]|\s|/元")
_PART = re.compile(r"^\W*其\s*中|小\s*计|费\s*合\s*计")  # sums of rows that are charged already
_END = re.compile(r"合\s*计|大写|小写|总\s*计|总\s*金\s*额|总\s*额\s*[：:]")
_AMOUNT_CELL = re.compile(r"^[¥\s]*-?(?:\d{1,3}\.(?=\d{3}\.))?[\dOol,]+(?:\s*\.\s*\d{0,2})?(?:元)?$")
_LIST_CLASSES = {"甲": "甲", "乙": "乙", "丙": "丙"}
# What lists print in the column of classes instead; 自费 is what the insurance list does not hold.
_CLASS_WORDS = {"自费": "丙", "全自费": "丙", "全自付": "丙", "有自付": "乙", "部分自付": "乙", "无自付": "甲", "目录外": "丙"}
# A character alone in its cell is what readers err on most.
_CLASS_SLIPS = {
    "申": "甲",
    "用": "甲",
    "由": "甲",
    "田": "甲",
    "Z": "乙",
    "z": "乙",
    "2": "乙",
    "已": "乙",
    "己": "乙",
    "内": "丙",
    "两": "丙",
    "丙": "丙",
}
_CLASS_AT_START = re.compile(r"^(?:[（(\[【]([甲乙丙])类?[）)\]】]|([甲乙丙])类?[-—:：/])")
_CLASS_AT_END = re.compile(r"[（(\s]?([甲乙丙])类?[）)]?$")


@dataclass(frozen=True)
class _Columns:
    """Where the header says that names begin and end, classes and quantities stand and amounts end.

    A middle is None without such a column. `left` and `right` bound the block: some forms print two items a row.
    """

    left: float
    right: float
    name_floor: float  # half way to the head before it: a name may begin left of its own head
    name_left: int
    name_right: int
    class_middle: float | None
    quantity_middle: float | None
    price_middle: float | None
    specification: tuple[float, float] | None  # where the column begins and ends
    amount_left: int
    amount_right: int
    rivals: tuple[tuple[int, int], ...]  # where heads of other amounts begin and end: 自付金额, 单价


def read_item_lines(rows: Sequence[Row]) -> tuple[InvoiceLine, ...]:
    """Read the rows between a table's header and its total; a header on the next page goes on with the table.

    Of a table with two items a row, the left block comes before the right one, as the form numbers them.
    """
    tables: list[list[list[InvoiceLine]]] = []
    blocks: tuple[_Columns, ...] = ()
    for row in rows:
        heads = _blocks_of(row)
        if heads:
            blocks = heads
            tables.append([[] for _ in blocks])
        elif blocks and _PART.search(row_text(row)):
            continue
        elif blocks and _END.search(row_text(row)):
            blocks = ()
        else:
            for place, columns in enumerate(blocks):
                line = _line_of(tuple(cell for cell in row if columns.left <= cell.box.left < columns.right), columns)
                if line is not None:
                    tables[-1][place].append(line)
    return tuple(line for table in tables for block in table for line in block)


def _blocks_of(row: Row) -> tuple[_Columns, ...]:
    """Find the columns of a header row: one block, or one for each time that the heads of name and amount return."""
    if _AMOUNT_CELL.match(row[-1].text):  # most rows: an item
        return ()
    head = next((head for head in _NAME_HEADS if any(_names(head, cell) for cell in row)), None) or _unknown_head(row)
    if head is None:
        return ()
    starts = [_floor_of(cell, row) for cell in row if _names(head, cell)]
    return _cut(row, head, (-math.inf, *starts[1:], math.inf)) or _cut(row, head, (-math.inf, math.inf))


def _names(head: str, cell: Cell) -> bool:
    return head in cell.text and len(cell.text) <= _LONGEST_HEAD and _NO_NAME_HEAD.search(cell.text) is None


def _unknown_head(row: Row) -> str | None:
    """Find the one head of a table that is none of the known ones; the names of what is charged stand under it."""
    known = [cell for cell in row if _KNOWN_HEAD.search(cell.text)]
    others = {cell.text for cell in row if _KNOWN_HEAD.search(cell.text) is None and re.search(r"[\u4e00-\u9fff]{2}", cell.text)}
    is_head = len(known) >= _KNOWN_HEADS and _amount_head(row) is not None and not any(re.search(r"\d|[：:]", cell.text) for cell in row)
    return others.pop() if is_head and len(others) == 1 else None


def _floor_of(head: Cell, row: Row) -> float:
    """Tell the middle between a head and the one before it."""
    before = max((cell.box.right for cell in row if cell.box.left < head.box.left), default=None)
    return -math.inf if before is None else (before + head.box.left) / 2


def _amount_head(row: Row) -> Cell | None:
    """Find the head of the whole amount: its plain name, or one that speaks of no part of it."""
    plain = [cell for cell in row if _AMOUNT_HEAD.fullmatch(_UNIT.sub("", cell.text))]
    named = [cell for cell in plain if "金额" in cell.text] or plain
    loose = [cell for cell in row if ("金额" in cell.text or "总额" in cell.text) and _OTHER_AMOUNT.search(cell.text) is None]
    return next(reversed(named or loose), None)


def _cut(row: Row, head: str, edges: Sequence[float]) -> tuple[_Columns, ...]:
    """Read a header row as blocks between the edges; nothing when one of them is no table of its own."""
    parts = [(left, right, tuple(cell for cell in row if left <= cell.box.left < right)) for left, right in pairwise(edges)]
    blocks = [_columns_of(cells, head, left, right) for left, right, cells in parts]
    found = tuple(columns for columns in blocks if columns is not None)
    return found if len(found) == len(blocks) else ()


def _columns_of(row: Row, name_head: str, left: float, right: float) -> _Columns | None:
    name, amount = next((cell for cell in row if _names(name_head, cell)), None), _amount_head(row)
    if name is None or amount is None or name is amount:
        return None
    name_right = min((cell.box.left for cell in row if cell.box.left > name.box.left), default=amount.box.left)
    list_class = next((cell for cell in row if _CLASS_HEAD.search(cell.text) and cell is not name and cell is not amount), None)
    quantity, price = (_headed(row, heads) for heads in (_QUANTITY_HEADS, _PRICE_HEADS))
    rivals = tuple((cell.box.left, cell.box.right) for cell in row if cell is not amount and _OTHER_AMOUNT.search(cell.text))
    edges = (
        _floor_of(name, row),
        name.box.left,
        name_right,
        _middle(list_class),
        _middle(quantity),
        _middle(price),
        _specification_of(row),
    )
    return _Columns(left, right, *edges, amount.box.left, amount.box.right, rivals)


def _headed(row: Row, heads: Sequence[str]) -> Cell | None:
    return next((cell for cell in row if any(head in cell.text for head in heads)), None)


def _specification_of(row: Row) -> tuple[float, float] | None:
    """Tell from where to where 规格 stands under its head; None without such a column."""
    head = _headed(row, _SPECIFICATION_HEADS)
    if head is None:
        return None
    end = min((cell.box.left for cell in row if cell.box.left > head.box.left), default=math.inf)
    return head.box.left - head.height / 2, end - head.height / 2


def _middle(cell: Cell | None) -> float | None:
    return None if cell is None else (cell.box.left + cell.box.right) / 2


def _line_of(row: Row, columns: _Columns) -> InvoiceLine | None:
    amount_cell = min(
        (cell for cell in reversed(row) if _is_amount(cell, columns)),
        key=lambda cell: _distance(cell, columns.amount_left, columns.amount_right),
        default=None,
    )
    if amount_cell is None:
        return None
    amount = read_amount(amount_cell.text)
    left_of_amount = [cell for cell in row if cell.box.right <= amount_cell.box.left + amount_cell.height]
    list_class, class_cell = _class_of([cell for cell in row if cell is not amount_cell], columns)
    names = [cell for cell in left_of_amount if _is_name(cell, class_cell, columns)]
    name = "".join(cell.text for cell in names).strip()
    if class_cell is None and (match := _CLASS_AT_END.search(name)) and len(name) > len(match[0]):
        name, list_class = name[: match.start()], match[1]
    elif class_cell is None and (match := _CLASS_AT_START.search(name)) and len(name) > len(match[0]):
        name, list_class = name[match.end() :], match[1] or match[2]
    if amount is None or not name:
        return None
    cells = [*names, amount_cell] + ([class_cell] if class_cell else [])
    confidence = round(min(cell.confidence for cell in cells), 4)
    price, count = (
        _decimal_at(left_of_amount, middle, shape) for middle, shape in ((columns.price_middle, _PRICE), (columns.quantity_middle, _COUNT))
    )
    return InvoiceLine(
        name,
        amount,
        list_class,
        confidence,
        amount_cell.page,
        _around(cells),
        _quantity_of(left_of_amount, columns),
        _specification_in(left_of_amount, columns),
        None if price is None or price * 100 % 1 else int(price * 100),
        proven=price is not None and count is not None and (price * count * 100).quantize(Decimal(1), ROUND_HALF_UP) == amount,
    )


def _specification_in(cells: Sequence[Cell], columns: _Columns) -> str:
    if columns.specification is None:
        return ""
    begin, end = columns.specification
    printed = " ".join(cell.text.strip() for cell in cells if begin <= cell.box.left < end)
    return printed.replace("m|", "ml")  # 2ml:0.5g


def _decimal_at(cells: Sequence[Cell], middle: float | None, shape: re.Pattern[str]) -> Decimal | None:
    """Read the number that stands under a head, if it has that shape: a price, or a count with parts of a unit."""
    for cell in cells:
        match = shape.fullmatch(to_half_width(cell.text).strip()) if _is_under(cell, middle) else None
        if match:
            return Decimal(re.sub(r"[\s,]", "", match[1]))
    return None


def _is_under(cell: Cell, middle: float | None) -> bool:
    return middle is not None and abs((cell.box.left + cell.box.right) / 2 - middle) < 2 * cell.height


def _quantity_of(cells: Sequence[Cell], columns: _Columns) -> int | None:
    """Read a whole number that stands under 数量; a part of a unit counts no days, and is left out."""
    for cell in cells:
        number = _WHOLE.fullmatch(to_half_width(cell.text).strip())
        if _is_under(cell, columns.quantity_middle) and number:
            return int(number[1])
    return None


def _is_amount(cell: Cell, columns: _Columns) -> bool:
    under_head = cell.box.right > columns.amount_left - 2 * cell.height and cell.box.left < columns.amount_right + 4 * cell.height
    if not under_head or _AMOUNT_CELL.match(to_half_width(cell.text)) is None:
        return False
    own = _distance(cell, columns.amount_left, columns.amount_right)
    return all(own <= _distance(cell, left, right) for left, right in columns.rivals)


def _distance(cell: Cell, left: int, right: int) -> float:
    """Tell how far a cell is from standing under a head: from its left end, its right end or its middle."""
    starts, ends = abs(cell.box.left - left), abs(cell.box.right - right)
    return min(starts, ends, abs(cell.box.left + cell.box.right - left - right) / 2)


def _class_of(cells: Sequence[Cell], columns: _Columns) -> tuple[str, Cell | None]:
    for cell in cells:
        text = to_half_width(cell.text).strip(" 类()（）")
        if text in _LIST_CLASSES:
            return _LIST_CLASSES[text], cell
        if _is_under(cell, columns.class_middle) and text in _CLASS_SLIPS | _CLASS_WORDS:
            return (_CLASS_SLIPS | _CLASS_WORDS)[text], cell
    return "", None


def _is_name(cell: Cell, class_cell: Cell | None, columns: _Columns) -> bool:
    if cell is class_cell or cell.box.left > columns.name_right - cell.height // 2:
        return False
    is_words = re.search(r"[\u4e00-\u9fff]", cell.text) is not None
    if cell.box.right < columns.name_left and not (is_words and (cell.box.left + cell.box.right) / 2 > columns.name_floor > -math.inf):
        return False
    if columns.class_middle is not None and columns.name_left < columns.class_middle < cell.box.left:
        return False
    if class_cell is not None and columns.name_left < class_cell.box.left < cell.box.left:
        return False
    return re.search(r"[\u4e00-\u9fffA-Za-z]", cell.text) is not None


def _around(cells: Sequence[Cell]) -> Box:
    boxes = [cell.source for cell in cells]
    return Box(min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes))
