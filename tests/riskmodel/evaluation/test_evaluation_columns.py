"""What kind of thing a column is, told from its values: numbers, days, ladders, codes, names, and what nobody may learn from."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from riskmodel.evaluation.columns import Typed, type_columns
from riskmodel.evaluation.encoding import encode
from riskmodel.evaluation.extract import Extract
from riskmodel.evaluation.periods import read_times
from riskmodel.evaluation.values import is_missing, read_days, read_ladder, read_month, read_number


def typed(*, left_out: frozenset[str] = frozenset(), time: tuple[str, ...] = (), **columns: list[str]) -> Typed:
    extract = Extract(Path("c.csv"), columns)
    return type_columns(extract, left_out, read_times(extract, time) if time else None)


def names(found: Typed) -> set[str]:
    return {column.name for column in (*found.numbers, *found.categories)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,234.50", 1234.5), ("¥12", 12), ("-3", -3), ("3%", 3), ("5元", 5), (".5", 0.5), ("1e3", 1000), ("+7", 7)],
)
def test_numbers_as_offices_write_them(text: str, expected: float) -> None:
    assert read_number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.5万元", 35_000),
        ("3万", 30_000),
        ("1.2亿元", 120_000_000),
        ("人民币35,000元整", 35_000),
        ("RMB 12.50", 12.5),
        ("１，２００．５", 1_200.5),
    ],
)
def test_ten_thousands_and_wide_digits_are_the_amounts_they_stand_for(text: str, expected: float) -> None:
    assert read_number(text) == expected


@pytest.mark.parametrize("text", ["", "万元", "元", "5整", "12,34", "1.2.3", "abc", "3 to 5", "2024-08-15"])
def test_what_is_no_number_is_nan(text: str) -> None:
    assert np.isnan(read_number(text))


@pytest.mark.parametrize(("text", "missing"), [("", True), ("NA", True), ("n/a", True), ("NULL", True), ("none", False), ("0", False)])
def test_none_is_an_answer_and_na_is_not(text: str, missing: bool) -> None:
    assert is_missing(text) is missing


@pytest.mark.parametrize(
    "text",
    ["2024-08-15", "2024/8/15", "2024年8月15日", "20240815", "2024-08-15 10:30", "2024-08-15T10:30:00Z", "15-Aug-2024", "Aug 15, 2024",
        "15.8.2024",
        "8/15/2024", "8/15/24"],
)  # fmt: skip
def test_a_day_in_all_its_forms(text: str) -> None:
    assert read_days([text])[0] == date(2024, 8, 15).toordinal()


def test_the_column_tells_whether_the_day_or_the_month_comes_first() -> None:
    assert read_days(["3/4/2024", "25/4/2024"])[0] == read_days(["2024-04-03"])[0]
    assert read_days(["3/4/2024", "4/25/2024"])[0] == read_days(["2024-03-04"])[0]


@pytest.mark.parametrize("text", ["2024-02-30", "30/30/2024", "2024", "hello"])
def test_what_is_no_day_is_nan(text: str) -> None:
    assert np.isnan(read_days([text])[0])


def test_months_by_number_and_by_name() -> None:
    assert [read_month(text) for text in ("1", "12", "Jan", "december", "3月", "0", "13", "")] == [1, 12, 1, 12, 3, None, None, None]


def test_steps_stand_in_their_order() -> None:
    for ladder in (
        ["new", "2 years", "3 years", "more than 7"],
        ["none", "1 to 2", "3 to 5", "more than 5"],
        ["under 18", "18 to 20", "over 65"],
        ["Jan", "Feb", "Dec"],
        ["星期一", "星期三", "星期日"],
    ):
        steps = read_ladder(ladder)
        assert steps and sorted(ladder, key=lambda level: steps[level]) == ladder


@pytest.mark.parametrize("levels", [["Honda", "Mazda"], ["K35.8", "J18.9"], ["A1", "B2"], ["Sport", "Sedan 2", "Utility", "Wagon"]])
def test_names_are_no_steps(levels: list[str]) -> None:
    assert read_ladder(levels) is None


def test_constants_identifiers_and_what_is_excluded_are_not_learnt_from() -> None:
    found = typed(
        left_out=frozenset({"dropped"}),
        constant=["x"] * 200,
        empty=[""] * 200,
        claim_number=[str(n) for n in range(200)],
        policy=[f"P-{n:05}" for n in range(200)],
        dropped=[str(n % 7) for n in range(200)],
        amount=[f"{n * 1.37:.2f}" for n in range(200)],
        kept=[str(n % 5) for n in range(200)],
    )
    assert names(found) == {"amount", "kept"}
    assert sum("identifier" in note for note in found.notes) == 2
    assert [sum(words in note for note in found.notes) for words in ("is always 'x'", "empty is empty")] == [1, 1]


def test_a_postcode_is_a_number_and_a_name() -> None:
    found = typed(zip_code=[str(15_000 + n % 20) for n in range(1_000)])
    assert [column.name for column in found.numbers] == [column.name for column in found.categories] == ["zip_code"]


def test_numbers_with_some_words_among_them_stay_numbers() -> None:
    (column,) = typed(age=[str(20 + n % 50) if n % 30 else "unknown" for n in range(300)]).numbers
    assert np.isnan(column.values[0]) and column.values[1] == 21


def test_the_time_is_not_learnt_from_but_the_lag_to_it_is() -> None:
    claimed = [f"2024-0{1 + n % 8}-15" for n in range(100)]
    found = typed(time=("claimed",), claimed=claimed, lost=[f"2024-0{1 + n % 8}-{1 + n % 14:02}" for n in range(100)])
    assert names(found) == {"lost: month", "lost: day", "lost: weekday", "lost − claimed in days"}
    lag = next(column for column in found.numbers if "−" in column.name)
    assert lag.values.tolist() == [1 + n % 14 - 15 for n in range(100)]


def test_rates_of_many_levels_never_see_the_label_of_the_row_itself_nor_of_the_fold_left_out() -> None:
    random = np.random.default_rng(1)
    hospital = [f"示例医院{n}" for n in random.integers(0, 300, 3_000)]
    found = typed(hospital=hospital)
    labels = (random.random(3_000) < 0.2).astype(np.int64)
    learn = np.arange(2_000)
    before = encode(found, labels, learn, seed=1)
    after = labels.copy()
    after[2_000:] = 1 - after[2_000:]
    assert (encode(found, after, learn, seed=1) == before).all()
    assert abs(np.corrcoef(before[:2_000, 0], labels[:2_000])[0, 1]) < 0.1  # pure noise stays noise: no row reads its own label


def test_a_level_that_was_never_learnt_gets_the_average() -> None:
    hospital = [f"示例医院{n % 20}" for n in range(400)]
    hospital[399] = "示例新医院"
    labels = np.array([int(n % 4 == 0) for n in range(400)])
    matrix = encode(typed(hospital=hospital), labels, np.arange(390), seed=1)
    average = labels[:390].mean()
    assert matrix[399, 0] == pytest.approx(np.log(average / (1 - average)))


def test_between_two_months_and_two_weekdays_the_lag_is_learnt_also_over_the_new_year() -> None:
    months = ["Jan", "Jun", "Nov", "Dec"] * 10
    found = typed(
        Month=months,
        MonthClaimed=["Feb", "Jun", "Jan", "Jan"] * 10,
        Day=["周一", "周五", "周日", "周六"] * 10,
        Code=["May1", "a", "b", "c"] * 10,
    )
    lag = next(column for column in found.numbers if "−" in column.name)
    assert lag.name == "MonthClaimed − Month"
    assert lag.values[:4].tolist() == [1, 0, 2, 1]


def test_what_tells_the_month_of_a_year_is_known_by_names_by_numbers_and_in_days() -> None:
    found = typed(
        MonthClaimed=["Feb", "Jun", "Jan", "Dec"] * 39 + ["0", "Feb", "Mar", "Apr"],
        claim_month=["1", "7", "12", ""] * 40,
        WeekOfMonth=["1", "5", "2", "3"] * 40,
        months_insured=["1", "7", "12", "3"] * 40,
        premium_month=["199", "320", "80", "75"] * 40,
        reported=["2024-01-31", "2024-07-05", "2024-03-01", "2023-12-24"] * 40,
        weekday=["Mon", "Sun", "Fri", "Sat"] * 40,
    )
    assert found.months == {"MonthClaimed", "claim_month", "reported: month"}
    assert found.without(frozenset({"claim_month"})).months == {"MonthClaimed", "reported: month"}
