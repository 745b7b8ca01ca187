"""Numbers that carry their own proof, and the masks under which people see them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import (
    birth_date_of,
    id_check_character,
    is_bank_card,
    is_id_number,
    luhn_check_digit,
    mask_id_number,
    mask_name,
    mask_tail,
)

FIRST_17 = st.builds(
    lambda region, day, order: f"{region:06d}{day:%Y%m%d}{order:03d}",
    st.integers(0, 999_999),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])  # the examples of GB 11643-1999
def test_the_standards_own_examples_are_id_numbers(number: str) -> None:
    assert is_id_number(number)


def test_the_check_character_may_be_a_small_x() -> None:
    assert is_id_number("11010519491231002x")


@given(FIRST_17)
def test_seventeen_digits_with_their_check_character_are_an_id_number(first_17: str) -> None:
    assert is_id_number(first_17 + id_check_character(first_17))


@given(FIRST_17, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_makes_it_no_id_number(first_17: str, place: int, shift: int) -> None:
    number = first_17 + id_check_character(first_17)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not is_id_number(wrong)


@given(FIRST_17, st.integers(0, 15))
def test_two_neighbours_that_changed_places_make_it_no_id_number(first_17: str, place: int) -> None:
    number = first_17 + id_check_character(first_17)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_id_number(swapped) == (swapped == number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11010519491231002",
        "11010519491231002XX",
        " 11010519491231002X",
        "11010519491231002X\n",
        "1101051949123100 2X",
        "１１０１０５１９４９１２３１００２X",
    ],
)
def test_another_length_a_blank_or_full_width_digits_make_it_no_id_number(text: str) -> None:
    assert not is_id_number(text)


@pytest.mark.parametrize("day", ["19900230", "19901301", "19900100", "00000101"])
def test_a_birth_date_that_is_no_day_makes_it_no_id_number(day: str) -> None:
    first_17 = f"990101{day}001"
    assert not is_id_number(first_17 + id_check_character(first_17))


def test_the_birth_date_stands_in_the_middle() -> None:
    assert birth_date_of("11010519491231002X") == date(1949, 12, 31)


@pytest.mark.parametrize("text", ["", "990101", "99010119900230001X", "9901011_9901011234", "990101 1990101123", "abcdefghijklmnopqr"])
def test_digits_that_are_no_day_give_no_birth_date(text: str) -> None:
    assert birth_date_of(text) is None


def test_a_well_known_test_card_is_a_card() -> None:
    assert is_bank_card("4111111111111111")


def test_the_luhn_digit_of_the_textbook_is_three() -> None:
    assert luhn_check_digit("7992739871") == "3"


@given(st.text("0123456789", min_size=11, max_size=18), st.data())
def test_one_wrong_digit_makes_it_no_card(digits: str, data: st.DataObject) -> None:
    number = digits + luhn_check_digit(digits)
    place, shift = data.draw(st.integers(0, len(number) - 1)), data.draw(st.integers(1, 9))
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not is_bank_card(wrong)


@pytest.mark.parametrize("length", [11, 20])
def test_a_card_has_twelve_to_nineteen_digits(length: int) -> None:
    digits = "1" * (length - 1)
    assert not is_bank_card(digits + luhn_check_digit(digits))


@pytest.mark.parametrize("text", ["4111 1111 1111 1111", "４１１１１１１１１１１１１１１1", ""])
def test_blanks_and_full_width_digits_make_it_no_card(text: str) -> None:
    assert not is_bank_card(text)


@pytest.mark.parametrize(
    ("number", "masked"), [("990101199001011234", "9901**********1234"), ("12345678", "********"), ("123456789", "1234*6789"), ("", "")]
)
def test_an_id_number_shows_its_ends_only(number: str, masked: str) -> None:
    assert mask_id_number(number) == masked


@pytest.mark.parametrize(("number", "masked"), [("10000000009", "*******0009"), ("1234", "****"), ("", "")])
def test_a_phone_or_an_account_shows_its_last_four_only(number: str, masked: str) -> None:
    assert mask_tail(number) == masked


@pytest.mark.parametrize(("name", "masked"), [("张三丰", "张**"), ("张三", "张*"), ("", "")])
def test_a_name_shows_its_first_character_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked
