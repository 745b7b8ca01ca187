"""A book in English keywords is the same book."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from domain.assessment import Outcome
from rules.engine import adjudicate
from rules.inline_tests import run_tests
from rules.loader import check_file, load_book
from rules.trace import render_text

BOOK = """
elements:
  policy_start: {type: date}
  loss_date: {type: date, missing: unknown}
  cause: {type: enum, values: [illness, accident]}
  renewed: {type: boolean, missing: false}
  settled: {type: boolean, missing: unknown, ask_for: settlement sheet}
  grade: {type: ordered, values: [first, second, third]}
  cost: {type: money}
  days: {type: days}
rules:
  hospital_qualifies:
    is: grade in [second, third]
  is_waiting:
    clause: "6"
    is: loss_date < policy_start + wait
    except:
      - {if: cause = accident or renewed, is: false, clause: "6.2"}
    tests:
      - {policy_start: 2024-03-01, loss_date: 2024-03-30, cause: illness, gives: true}
      - {policy_start: 2024-03-01, cause: illness, gives: unknown loss_date}
  share:
    table:
      - [settled, gives]
      - [true, 100%]
      - [false, 60%]
responsibilities:
  inpatient:
    requires: [hospital_qualifies]
    excludes: [is_waiting]
    calculate:
      - start: cost
      - subtract: {at_most: deductible, per: policy_year}
      - multiply: share
      - round: to_fen half_up
plans:
  basic:
    responsibilities: [inpatient]
    benefit: {inpatient: indemnity}
    parameters: {wait: 30 days, deductible: 1000 yuan}
    tests:
      - name: settled
        given: {policy_start: 2024-03-01, loss_date: 2024-08-15, cause: illness, settled: true, grade: third, cost: 3000.05 yuan}
        gives: {inpatient: 2000.05}
      - name: not yet known
        same_as: settled
        change: {settled: missing}
        gives: {inpatient: unknown settled 1200.03～2000.05}
      - name: a first-grade hospital
        same_as: settled
        change: {grade: first}
        gives: {inpatient: declined hospital_qualifies}
"""


def test_an_english_book_passes_its_tests(write: Callable[[str], Path]) -> None:
    outcomes = run_tests(load_book(write(BOOK)))
    assert len(outcomes) == 5
    assert [each for each in outcomes if not each.passed] == []


def test_an_english_book_pays_and_prints(write: Callable[[str], Path]) -> None:
    book = load_book(write(BOOK))
    given = {"policy_start": date(2024, 3, 1), "loss_date": date(2024, 8, 15), "cause": "illness", "settled": False, "grade": "second"}
    assessment = adjudicate(book, "basic", {**given, "cost": 300_000}, {})
    assert (assessment.results[0].outcome, assessment.total_fen) == (Outcome.PAYABLE, 120_000)
    assert "inpatient pays 1,200.00" in render_text(assessment, "en")


def test_a_file_keeps_to_one_language(write: Callable[[str], Path]) -> None:
    (found,) = check_file(write(BOOK.replace("    excludes: [is_waiting]", "    不赔: [is_waiting]")))
    assert (found.what, found.way_out) == (
        "responsibility inpatient has no keyword 不赔",
        "this file keeps to the other language: write excludes",
    )
