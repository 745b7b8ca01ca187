"""Numbers are checked against each other: what agrees is proven, what disagrees is told."""

from datetime import date

import pytest

from domain.document import DocumentClass, Field, InvoiceLine
from domain.identity import id_check_character, luhn_check_digit
from ocr.extract.wanted import Extraction
from ocr.validate import doubt_unsure, prove_by_two_readings, validate

STAY = {"admission_date": date(2024, 3, 2), "discharge_date": date(2024, 3, 11), "inpatient_days": 9}
INVOICE = {"invoice_number": "0012345678", "payer_name": "张示例", "total_fen": 774362, "total_capitals_fen": 774362}
LINES = (InvoiceLine("西药费", 774362),)


def checked(document_class, values, lines=()):
    extraction, findings = validate(document_class, Extraction(tuple(Field(name, value, 0.8) for name, value in values.items()), lines))
    return extraction, [each.code for each in findings]


def test_days_that_fit_prove_both_dates():
    extraction, codes = checked(DocumentClass.MEDICAL_INVOICE, INVOICE | STAY, LINES)
    assert codes == [] and all(extraction.field(name).proven for name in STAY)


@pytest.mark.parametrize("days", [8, 10])
def test_days_one_off_are_told(days):
    _, codes = checked(DocumentClass.MEDICAL_INVOICE, INVOICE | STAY | {"inpatient_days": days}, LINES)
    assert codes == ["document.days_mismatch"]


def test_a_discharge_before_the_admission_is_told():
    _, codes = checked(DocumentClass.MEDICAL_INVOICE, INVOICE | STAY | {"discharge_date": date(2024, 3, 1)}, LINES)
    assert codes == ["document.dates_out_of_order"]


@pytest.mark.parametrize(("own", "codes"), [(104838, []), (104837, ["invoice.payments_mismatch"]), (104839, ["invoice.payments_mismatch"])])
def test_payments_must_sum_to_the_total_to_the_fen(own, codes):
    payments = {"social_insurance_paid_fen": 669524, "personal_paid_fen": own}
    extraction, found = checked(DocumentClass.MEDICAL_INVOICE, INVOICE | payments, LINES)
    assert found == codes and extraction.field("personal_paid_fen").proven is (codes == [])


def test_a_total_that_only_the_capitals_and_lines_tell_is_filled_in():
    values = {name: value for name, value in INVOICE.items() if name != "total_fen"}
    extraction, codes = checked(DocumentClass.MEDICAL_INVOICE, values, LINES)
    assert codes == [] and extraction.field("total_fen").value == 774362


def test_figures_and_capitals_that_differ_without_lines_are_a_doubt_and_unproven():
    extraction, codes = checked(DocumentClass.MEDICAL_INVOICE, INVOICE | {"total_fen": 774363})
    assert codes == ["invoice.total_mismatch"] and not extraction.field("total_fen").proven


def test_an_id_number_with_a_wrong_check_digit_is_told():
    wrong = "1" if id_check_character("99010119900101123") == "0" else "0"
    values = {"holder_name": "张示例", "id_number": "99010119900101123" + wrong}
    assert checked(DocumentClass.ID_CARD, values)[1] == ["id_card.bad_check_digit"]


def test_a_card_with_a_wrong_luhn_digit_is_told():
    wrong = "1" if luhn_check_digit("990000123456789012") == "0" else "0"
    assert checked(DocumentClass.BANK_CARD, {"card_number": "990000123456789012" + wrong})[1] == ["bank_card.bad_check_digit"]


def test_what_a_claim_cannot_do_without_is_missed():
    assert checked(DocumentClass.DISCHARGE_SUMMARY, STAY)[1] == ["document.fields_missing"]


def test_a_field_read_with_little_confidence_is_asked_of_a_person():
    extraction = Extraction((Field("holder_name", "张示例", 0.4), Field("id_number", "1", 0.4, proven=True)))
    assert [each.about for each in doubt_unsure(DocumentClass.ID_CARD, extraction, 0.6)] == ["holder_name"]


@pytest.mark.parametrize(("own", "codes"), [(254362, []), (254361, ["invoice.payments_mismatch"]), (254363, ["invoice.payments_mismatch"])])
def test_the_parts_of_a_settlement_sheet_must_sum_to_its_total_to_the_fen(own, codes):
    parts = {"total_fen": 774362, "social_insurance_paid_fen": 400000, "major_illness_paid_fen": 120000, "personal_paid_fen": own}
    extraction, found = checked(DocumentClass.SETTLEMENT_SHEET, {"patient_name": "张示例"} | parts)
    assert found == codes and extraction.field("major_illness_paid_fen").proven is (codes == [])


def card_of(prefix: str, digits: int) -> str:
    body = (prefix + "1234567890123456789")[: digits - 1]
    return body + luhn_check_digit(body)


@pytest.mark.parametrize(
    ("number", "proven"), [(card_of("622202", 19), True), (card_of("622202", 18), False), (card_of("456351", 19), False)]
)
def test_a_check_digit_proves_a_card_only_with_the_length_of_its_issuer(number: str, proven: bool) -> None:
    extraction, codes = checked(DocumentClass.BANK_CARD, {"card_number": number, "holder_name": "张示例"})
    assert (extraction.field("card_number").proven, codes) == (proven, [])


def test_two_readings_that_agree_prove_a_card_of_an_unlisted_issuer_whose_check_digit_is_right() -> None:
    number = card_of("456351", 19)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for told, proven in ((number, True), (wrong, False)):
        extraction, _ = checked(DocumentClass.BANK_CARD, {"card_number": told})
        assert prove_by_two_readings(extraction, frozenset({"card_number"})).field("card_number").proven is proven


def test_the_prefix_names_the_bank_where_none_is_printed() -> None:
    extraction, codes = checked(DocumentClass.BANK_CARD, {"card_number": card_of("622202", 19)})
    assert (extraction.field("bank_name").value, codes) == ("中国工商银行", [])


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("工商银行", []),
        ("中国工商银行股份有限公司", []),
        ("中国银行", ["bank_card.bank_mismatch"]),
        ("建设银行", ["bank_card.bank_mismatch"]),
    ],
)
def test_a_printed_bank_is_compared_with_the_prefix(printed: str, codes: list[str]) -> None:
    assert checked(DocumentClass.BANK_CARD, {"card_number": card_of("622202", 19), "bank_name": printed})[1] == codes
