"""Two writings of a total that agree to the 分 prove it; anything less is for a person."""

import pytest

from ocr.amount_proof import TotalVerdict, prove_total

TOTAL = 774362


def test_three_writings_that_agree_prove_the_total():
    proof = prove_total(TOTAL, TOTAL, TOTAL)
    assert (proof.total_fen, proof.proven, proof.verdict) == (TOTAL, True, TotalVerdict.AGREED)


@pytest.mark.parametrize("writings", [(TOTAL, TOTAL, None), (TOTAL, None, TOTAL), (None, TOTAL, TOTAL)])
def test_any_two_writings_that_agree_prove_the_total(writings):
    assert prove_total(*writings) == prove_total(TOTAL, TOTAL, TOTAL)


def test_a_lost_decimal_point_is_put_back_by_capitals_and_lines():
    proof = prove_total(TOTAL * 100, TOTAL, TOTAL)
    assert (proof.total_fen, proof.proven, proof.verdict) == (TOTAL, True, TotalVerdict.DECIMAL_RESTORED)


@pytest.mark.parametrize("off_by", [-1, 1])
def test_lines_one_fen_off_the_capitals_prove_nothing_against_a_lost_decimal_point(off_by):
    proof = prove_total(TOTAL * 100, TOTAL, TOTAL + off_by)
    assert (proof.proven, proof.verdict) == (False, TotalVerdict.DISAGREED)


@pytest.mark.parametrize("off_by", [-1, 1])
def test_figures_one_fen_off_a_hundred_times_the_total_are_no_lost_decimal_point(off_by):
    proof = prove_total(TOTAL * 100 + off_by, TOTAL, TOTAL)
    assert (proof.total_fen, proof.verdict) == (TOTAL, TotalVerdict.OUTVOTED)


def test_a_lost_decimal_point_with_capitals_alone_stays_unproven():
    proof = prove_total(TOTAL * 100, TOTAL, None)
    assert (proof.proven, proof.verdict) == (False, TotalVerdict.DISAGREED)


def test_figures_and_capitals_prove_the_total_when_a_line_was_missed():
    proof = prove_total(TOTAL, TOTAL, TOTAL - 1)
    assert (proof.total_fen, proof.proven, proof.verdict) == (TOTAL, True, TotalVerdict.LINES_DIFFER)


def test_figures_and_lines_against_other_capitals_prove_nothing():
    proof = prove_total(TOTAL, TOTAL + 1, TOTAL)
    assert (proof.total_fen, proof.proven) == (TOTAL + 1, False)


def test_one_writing_alone_proves_nothing():
    assert prove_total(TOTAL, None, None).verdict is TotalVerdict.ALONE
    assert prove_total(None, None, None).total_fen is None
