"""When claims happened, and where the calendar parts earlier from later ones."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from domain.errors import InputError
from riskmodel.evaluation.extract import Extract
from riskmodel.evaluation.periods import Times, later_than, named_columns, read_times


def times(**columns: list[str]) -> Times:
    return read_times(Extract(Path("c.csv"), columns), tuple(columns))


def days_from(first: date, count: int) -> list[str]:
    return [(first + timedelta(days=day)).isoformat() for day in range(count)]


def test_two_years_are_parted_at_the_last_half_year() -> None:
    read = times(day=days_from(date(2015, 1, 1), 731))
    assert read.tell(later_than(read) or 0) == "2016-07-01"


def test_three_years_are_parted_at_the_last_year_with_months_or_without() -> None:
    years = [str(year) for year in (1994, 1995, 1996) for _ in range(120)]
    months = [str(1 + number % 12) for number in range(360)]
    assert times(Year=years).tell(later_than(times(Year=years)) or 0) == "1996-01-01"
    both = times(Year=years, Month=months)
    assert both.tell(later_than(both) or 0) == "1996-01-01"


def test_a_month_of_claims_is_parted_where_a_quarter_lies_behind() -> None:
    read = times(day=days_from(date(2024, 3, 1), 28))
    assert read.tell(later_than(read) or 0) == "2024-03-22"


def test_numbered_periods_and_a_single_time() -> None:
    assert later_than(times(period=[str(n // 10) for n in range(40)])) == 3
    assert later_than(times(day=["2024-01-01"] * 40)) is None


def test_year_and_month_in_words_and_what_is_no_month() -> None:
    read = times(Year=["1994", "1994", "1995"], Month=["Dec", "0", "Jan"])
    assert read.values[0] == date(1994, 12, 1).toordinal()
    assert np.isnan(read.values[1])


def test_year_month_and_day_are_understood_in_either_order() -> None:
    year, month, day = ["2023", "2024", "2024"], ["Dec", "1", "3月"], ["31", "5", "7"]
    assert times(Month=month, Year=year).values.tolist() == times(Year=year, Month=month).values.tolist()
    assert times(Day=day, Month=month, Year=year).values.tolist() == times(Year=year, Month=month, Day=day).values.tolist()
    assert times(Month=month, Year=year).tell(times(Month=month, Year=year).values[1]) == "2024-01-01"


def test_columns_are_named_by_comma_or_plus_unless_the_name_itself_has_one() -> None:
    extract = Extract(Path("c.csv"), {"Year": ["1"], "Month": ["1"], "a+b": ["1"]})
    assert named_columns(extract, "Year,Month") == named_columns(extract, "Year+Month") == ("Year", "Month")
    assert named_columns(extract, "a+b") == ("a+b",)


@pytest.mark.parametrize(("texts", "way_out"), [(["red", "blue"], "write 2024-08-15"), (["Jan", "Feb"], "--time Year,when")])
def test_what_is_no_time_is_named_with_the_way_out(texts: list[str], way_out: str) -> None:
    with pytest.raises(InputError) as caught:
        times(when=texts)
    assert way_out in caught.value.way_out
