"""The front of a bank card (银行卡): its number rarely has a label, and the bank is a logo beside its name."""

import re
from collections.abc import Sequence

from domain.document import Field
from domain.identity import is_bank_card
from ocr.extract.anchors import Anchors
from ocr.extract.values import read_card_number, read_person, read_words
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Cell, Row

_WANTED = (
    Wanted("card_number", read_card_number, ("卡号",)),
    Wanted("bank_name", read_words, ("发卡银行", "发卡行", "开户行")),
    Wanted("holder_name", read_person, ("持卡人", "户名")),
)
_LABELS = labels_of(_WANTED, "有效期", "银行卡", "借记卡", "信用卡")
_GROUPED = re.compile(r"[\d\s]{16,27}", re.ASCII)
_FEWEST_DIGITS = 16


def extract(rows: Sequence[Row]) -> Extraction:
    """Find number, bank and holder; a number without a label is taken where one alone on the card has a right check digit."""
    found = find_fields(Anchors(rows, _LABELS), _WANTED)
    if not any(each.name == "card_number" for each in found):
        found = (*found, *_bare_number(rows))
    return Extraction(found)


def _bare_number(rows: Sequence[Row]) -> tuple[Field, ...]:
    numbers = {}
    for cell in (each for row in rows for each in row):
        digits = _digits_of(cell)
        if digits:
            numbers[digits] = cell
    if len(numbers) != 1:
        return ()
    ((digits, cell),) = numbers.items()
    return (Field("card_number", digits, round(cell.confidence, 4), cell.page, cell.source, cell.text),)


def _digits_of(cell: Cell) -> str:
    """Give the digits of a text that is a card's number and nothing else."""
    if not _GROUPED.fullmatch(cell.text.strip()):
        return ""
    digits = "".join(cell.text.split())
    return digits if len(digits) >= _FEWEST_DIGITS and is_bank_card(digits) else ""
