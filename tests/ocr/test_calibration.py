"""A confidence is a measured share of right values: the shipped table holds, and a broken one is refused."""

from pathlib import Path

import pytest

from bench.ocr.fitting import Seen, calibration_error, fit
from domain.document import Box, DocumentClass, Field, InvoiceLine
from domain.errors import SetupError
from domain.identity import luhn_check_digit
from ocr.calibration import Evidence, Kind, calibrate, evidence_of, kind_of, load_calibration, table_of
from ocr.extract.wanted import Extraction
from ocr.settings import OcrSettings
from ocr.validate import doubt_unsure, prove_by_two_readings, validate

BOX = Box(1, 2, 3, 4)
RAW = [step / 200 for step in range(201)]
WHOLE = [f"{kind} {evidence} 0 0.5" for kind in Kind for evidence in Evidence]


def field(name: str, value: int | str = 100, *, proven: bool = False, box: Box | None = BOX) -> Field:
    return Field(name, value, 0.97, 0, box, "", proven)


def written(folder: Path, *rows: str) -> Path:
    path = folder / "table.txt"
    path.write_text("\n".join(rows), "utf-8")
    return path


@pytest.mark.parametrize("reader", ["rapidocr", "tesseract"])
@pytest.mark.parametrize("kind", list(Kind))
def test_the_shipped_shares_rise_with_the_confidence_and_with_the_evidence_and_are_never_certain(kind: Kind, reader: str) -> None:
    calibration = load_calibration(table_of(reader))
    shares = [[calibration.probability(kind, evidence, raw) for raw in RAW] for evidence in Evidence]
    assert all(curve == sorted(curve) for curve in shares)
    assert all(list(step) == sorted(step) for step in zip(*shares, strict=True))
    assert shares[0][0] >= 0 and shares[-1][-1] < 1


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("amount alone 0.5 0.4", "out of order"),  # a share that falls
        ("amount alone 0 0.6", "out of order"),  # a start that does not rise
        ("amount alone 0.5 1.2", "out of order"),
        ("amount alone -1 0.2", "out of order"),
        ("amount alone nan 0.6", "out of order"),
        ("amount alone 0.5 nan", "out of order"),
        ("amount guessed 0.5 0.6", "no row of kind"),
        ("colour alone 0.5 0.6", "no row of kind"),
        ("amount alone 0.5", "no row of kind"),
        ("amount alone half 0.6", "no row of kind"),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, row: str, named: str) -> None:
    with pytest.raises(SetupError, match=named):
        load_calibration(written(tmp_path, *WHOLE, row))


def test_a_table_without_a_curve_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="amount doubted"):
        load_calibration(written(tmp_path, *WHOLE[1:]))


def test_a_curve_that_does_not_begin_at_zero_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="from 0 on"):
        load_calibration(written(tmp_path, "amount doubted 0.1 0.5", *WHOLE[1:]))


def test_a_step_begins_at_its_start(tmp_path: Path) -> None:
    calibration = load_calibration(written(tmp_path, *WHOLE, "date alone 0.9 0.8"))
    assert [calibration.probability(Kind.DATE, Evidence.ALONE, raw) for raw in (0.0, 0.899, 0.9, 1.0)] == [0.5, 0.5, 0.8, 0.8]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("total_fen", Kind.AMOUNT), ("inpatient_days", Kind.DATE), ("id_number", Kind.CHECKED_NUMBER), ("diagnosis_icd10", Kind.CODE),
     ("diagnosis_date", Kind.DATE), ("cause", Kind.DIAGNOSIS), ("hospital_name", Kind.TEXT), ("payer_name", Kind.NAME)],
)  # fmt: skip
def test_a_name_tells_the_kind(name: str, kind: Kind) -> None:
    assert kind_of(name) is kind


def test_proof_outweighs_doubt_and_doubt_outweighs_agreement() -> None:
    extraction = Extraction((field("a", proven=True), field("b"), field("c"), field("d")))
    told = evidence_of(extraction, failed=frozenset("b"), agreed=frozenset("bc"))
    assert told == {"a": Evidence.PROVEN, "b": Evidence.DOUBTED, "c": Evidence.AGREED, "d": Evidence.ALONE}


def card_of(prefix: str, digits: int) -> str:
    body = prefix.ljust(digits - 1, "7")
    return body + luhn_check_digit(body)


@pytest.mark.parametrize(
    ("number", "agreed", "is_asked_about"),
    [
        (card_of("622908", 18), False, False),  # an issuer with cards of so many digits
        (card_of("622202", 18), False, True),  # its cards have 19: a digit was swallowed, and the check digit is right by chance
        (card_of("456351", 19), False, True),  # of an unlisted issuer
        (card_of("456351", 19), True, False),  # which a second reader read too
    ],
)
def test_a_card_number_is_asked_about_unless_its_issuer_or_a_second_reader_proves_it(
    number: str, agreed: bool, is_asked_about: bool
) -> None:
    names = frozenset({"card_number"} if agreed else ())
    read = Extraction((Field("card_number", number, 0.999, 0, BOX, number),))
    extraction, _ = validate(DocumentClass.BANK_CARD, read)
    extraction = prove_by_two_readings(extraction, names)
    told = calibrate(extraction, evidence_of(extraction, frozenset(), names), (0,), load_calibration(table_of("rapidocr")))
    doubts = [each.about for each in doubt_unsure(DocumentClass.BANK_CARD, told, OcrSettings().field_confidence_min)]
    assert ("card_number" in doubts) is is_asked_about


@pytest.mark.parametrize(("amount_fen", "evidence"), [(100, Evidence.ALONE), (99, Evidence.DOUBTED), (101, Evidence.DOUBTED)])
def test_charged_items_are_doubted_with_a_proven_total_that_they_do_not_sum_to(amount_fen: int, evidence: Evidence) -> None:
    extraction = Extraction((field("total_fen", proven=True),), (InvoiceLine("床位费", amount_fen),))
    assert evidence_of(extraction, frozenset(), frozenset())["lines/0"] is evidence


def test_a_charged_item_that_is_proven_stays_so_where_the_sum_differs() -> None:
    lines = (InvoiceLine("床位费", 60, proven=True), InvoiceLine("护理费", 60))
    told = evidence_of(Extraction((field("total_fen", proven=True),), lines), frozenset(), frozenset())
    assert [told["lines/0"], told["lines/1"]] == [Evidence.PROVEN, Evidence.DOUBTED]


def test_only_what_was_read_from_a_picture_is_calibrated(tmp_path: Path) -> None:
    calibration = load_calibration(written(tmp_path, *WHOLE))
    extraction = Extraction((field("read"), field("attached", box=None)))
    evidence = dict.fromkeys(("read", "attached"), Evidence.ALONE)
    assert [each.confidence for each in calibrate(extraction, evidence, {0}, calibration).fields] == [0.5, 0.97]
    assert calibrate(extraction, evidence, {1}, calibration) == extraction


def test_fitted_shares_rise_where_the_counts_do_not() -> None:
    rights = {0.5: (9, 10), 0.7: (2, 10), 0.97: (10, 10)}
    seen = [Seen(Kind.DATE, Evidence.ALONE, raw, raw, number < right) for raw, (right, count) in rights.items() for number in range(count)]
    shares = [step[1] for step in fit(seen)[Kind.DATE, Evidence.ALONE]]
    assert shares == sorted(shares)
    assert shares[0] == shares[1] == pytest.approx(11 / 20, abs=0.05)  # the two that fell are one step


def test_fields_and_amounts_do_not_lean_on_the_names_of_charged_items() -> None:
    fields = [Seen(Kind.DATE, Evidence.ALONE, 0.7, 0.7, is_right) for is_right in (True, False, False)]
    items = [Seen(Kind.LINE, Evidence.ALONE, 0.7, 0.7, True)] * 50
    for kind in (Kind.DATE, Kind.AMOUNT, Kind.LINE_AMOUNT):
        assert fit(fields + items)[kind, Evidence.ALONE] == fit(fields)[kind, Evidence.ALONE]


def test_the_calibration_error_is_the_gap_between_told_and_right() -> None:
    assert calibration_error([(0.9, True)] * 9 + [(0.9, False)], (0.0, 1.01)) == pytest.approx(0)
    assert calibration_error([(0.9, True), (0.9, False)], (0.0, 1.01)) == pytest.approx(0.4)


@pytest.mark.parametrize("evidence", list(Evidence))
def test_a_proof_of_an_amount_makes_no_name_sure(tmp_path: Path, evidence: Evidence) -> None:
    shares = ("line doubted 0 0.2", "line alone 0 0.4", "line agreed 0 0.4", "line proven 0 0.99",
              "line_amount doubted 0 0.3", "line_amount alone 0 0.6", "line_amount agreed 0 0.6", "line_amount proven 0 0.99")  # fmt: skip
    calibration = load_calibration(written(tmp_path, *(row for row in WHOLE if not row.startswith("line")), *shares))
    line = InvoiceLine("床位费", 100, confidence=0.97, page=0, proven=evidence is Evidence.PROVEN)
    (told,) = calibrate(Extraction((), (line,)), {"lines/0": evidence}, {0}, calibration).lines
    assert told.confidence == (0.2 if evidence is Evidence.DOUBTED else 0.4)
