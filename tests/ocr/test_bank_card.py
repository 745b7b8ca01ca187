"""A bank card's number hardly ever has a label: what stands alone on the card with a right check digit is the number."""

import pytest

from domain.identity import luhn_check_digit
from ocr.extract.bank_card import extract
from tests.ocr.typed import typed

NUMBER = "990000000000000123"
NUMBER += luhn_check_digit(NUMBER)
GROUPED = " ".join(NUMBER[place : place + 4] for place in range(0, len(NUMBER), 4))
OTHER = "990000000000000456"
OTHER += luhn_check_digit(OTHER)


def test_a_number_without_a_label_is_the_cards_number_with_its_place() -> None:
    (field,) = extract(typed(f"银联 UnionPay  借记卡\n{GROUPED}\nVALID THRU 12/30")).fields
    assert (field.name, field.value, field.raw) == ("card_number", NUMBER, GROUPED)
    assert field.box is not None and field.box.top > 0


@pytest.mark.parametrize(
    "printed",
    [
        GROUPED[:-1] + str((int(NUMBER[-1]) + 1) % 10),  # a wrong check digit
        f"{GROUPED}\n{OTHER}",  # two numbers
        f"客服 {NUMBER}",  # inside a sentence
        "9900 0000 0018",  # fewer than 16 digits
    ],
)
def test_what_may_be_another_number_is_none(printed: str) -> None:
    assert extract(typed(f"借记卡\n{printed}")).fields == ()


def test_a_label_decides_where_there_is_one() -> None:
    assert extract(typed(f"卡号：{OTHER}\n{GROUPED}")).field("card_number").value == OTHER  # type: ignore[union-attr]
