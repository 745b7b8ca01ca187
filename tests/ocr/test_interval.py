"""A share that was counted comes with its 95 % interval."""

import pytest

from bench.ocr.interval import interval


def test_none_of_6000_may_be_one_in_1562() -> None:
    low, high = interval(0, 6000)
    assert low == 0 and high == pytest.approx(1 / 1562, rel=0.01)


def test_half_of_hundred_lies_between_two_fifths_and_three_fifths() -> None:
    assert interval(50, 100) == pytest.approx((0.404, 0.596), abs=0.001)


def test_nothing_counted_says_nothing() -> None:
    assert interval(0, 0) == (0.0, 1.0)
