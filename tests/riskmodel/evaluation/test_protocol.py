"""The whole examination on small extracts: what it finds, what it refuses, and what it warns of."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from domain.errors import InputError
from riskmodel.evaluation.extract import Extract
from riskmodel.evaluation.measures import Figure
from riskmodel.evaluation.protocol import Evaluation, Examined, Question, count_steps, evaluate
from riskmodel.evaluation.report import to_mapping
from tests.riskmodel.evaluation.extracts import HEADER, claim_rows

QUICK = Question("fraud", repeats=1, bags=1)


def extract(count: int = 400, **more: list[str]) -> Extract:
    columns = dict(zip(HEADER, map(list, zip(*claim_rows(count), strict=True)), strict=True))
    return Extract(Path("c.csv"), {**columns, **more})


def auc(examined: Examined) -> float:
    figure = examined.figures["auc"]
    assert isinstance(figure, Figure)
    return figure.value


@pytest.fixture(scope="module")
def answer() -> Evaluation:
    return evaluate(extract(), Question("fraud", time=("Claim Date",), amount="amount", repeats=1, bags=1))


def test_fraud_that_depends_on_what_is_known_is_found(answer: Evaluation) -> None:
    assert auc(answer.cross_validated) > 0.7
    assert answer.forward and auc(answer.forward) > 0.7
    assert (answer.claims, answer.forward.learnt_from + answer.forward.examined_on) == (400, 400)


def test_the_json_has_each_figure_with_its_interval_beside_it(answer: Evaluation) -> None:
    told = to_mapping(answer)
    assert set(told) == {"claims", "frauds", "cross_validated", "forward", "warnings"}
    for part in (told["cross_validated"], told["forward"]):
        for name in ("auc", "average_precision", "calibration_error"):
            low, high = part[f"{name}_interval"]
            assert low <= part[name] <= high
        for name in ("recall_at", "money_captured_at"):
            assert list(part[name]) == list(part[f"{name}_interval"]) == ["1%", "5%", "10%"]
            assert all(low <= part[name][share] <= high for share, (low, high) in part[f"{name}_interval"].items())


def test_the_same_seed_gives_the_same_figures_and_every_model_is_counted() -> None:
    question, grown = Question("fraud", time=("Claim Date",), repeats=1, bags=1, seed=4), []
    first = evaluate(extract(300), question, lambda: grown.append(1))
    assert to_mapping(evaluate(extract(300), question)) == to_mapping(first)
    assert len(grown) == count_steps(question)


def test_labels_of_noise_find_nothing() -> None:
    random = Random(9)
    answer = evaluate(extract(600, fraud=[str(int(random.random() < 0.3)) for _ in range(600)]), QUICK)
    figure = answer.cross_validated.figures["auc"]
    assert isinstance(figure, Figure) and figure.low < 0.55  # also hospitals of thirty levels teach nothing by heart


def test_a_column_written_afterwards_is_named_with_the_option_that_leaves_it_out() -> None:
    fraud = extract().column("fraud")
    leaking = extract(finding=["confirmed" if label == "1" else "open" for label in fraud])
    warned = " | ".join(evaluate(leaking, QUICK).warnings)
    assert "finding leaks" in warned and "--exclude finding" in warned
    assert not any("leaks" in each for each in evaluate(leaking, Question("fraud", exclude=("finding",), repeats=1, bags=1)).warnings)


def test_a_column_filled_in_only_for_frauds_is_named() -> None:
    random = Random(2)
    fraud = extract().column("fraud")
    leaking = extract(inspected_on=[str(random.randrange(50)) if label == "1" else "" for label in fraud])
    assert any("inspected_on leaks: whether it is filled in" in each for each in evaluate(leaking, QUICK).warnings)


def test_random_folds_that_flatter_are_named() -> None:
    random, first = Random(5), date(2023, 1, 1)
    days = [first + timedelta(days=number) for number in range(600)]
    group = [number // 12 for number in range(600)]  # agents work for twelve days each; some are frauds
    fraud = [str(int(random.random() < (0.8 if agent % 3 == 0 else 0.05))) for agent in group]
    columns = {"day": [each.isoformat() for each in days], "agent": [f"示例{agent}" for agent in group], "fraud": fraud}
    answer = evaluate(Extract(Path("c.csv"), columns), Question("fraud", time=("day",), repeats=1, bags=1))
    assert any("random folds beat the split in time" in each for each in answer.warnings)


def test_an_extract_of_one_day_has_no_split_in_time() -> None:
    answer = evaluate(extract(200, day=["2024-08-15"] * 200), Question("fraud", time=("day",), repeats=1, bags=1))
    assert answer.forward is None
    assert any("no split in time" in each for each in answer.warnings)


def test_no_fraud_after_the_split_is_told_and_no_figure_is_made_up() -> None:
    fraud = [str(int(number < 60)) for number in range(200)]
    days = [(date(2024, 1, 1) + timedelta(days=number)).isoformat() for number in range(200)]
    answer = evaluate(extract(200, day=days, fraud=fraud), Question("fraud", time=("day",), repeats=1, bags=1))
    assert answer.forward is None
    assert any("too few of a class" in each for each in answer.warnings)


def test_rows_that_repeat_are_told() -> None:
    columns = {name: values * 2 for name, values in extract(100).columns.items()}
    assert any("100 rows repeat" in each for each in evaluate(Extract(Path("c.csv"), columns), QUICK).warnings)


@pytest.mark.parametrize(
    "question", [Question("froud"), Question("fraud", time=("when",)), Question("fraud", exclude=("x",)), Question("fraud", amount="sum")]
)
def test_every_wrong_column_is_named_with_those_there_are(question: Question) -> None:
    with pytest.raises(InputError, match="has no column") as caught:
        evaluate(extract(60), question)
    assert "hospital" in caught.value.way_out


def test_an_extract_with_nothing_to_learn_from_is_refused() -> None:
    columns = {"claim_no": [str(n) for n in range(60)], "fraud": [str(n % 2) for n in range(60)]}
    with pytest.raises(InputError, match="no column to learn from"):
        evaluate(Extract(Path("c.csv"), columns), QUICK)


def test_a_column_that_stands_for_the_time_is_left_out_and_named() -> None:
    days = [(date(2024, 1, 1) + timedelta(days=number)).isoformat() for number in range(400)]
    batch = ["early" if number < 276 else "late" for number in range(400)]
    answer = evaluate(extract(400, day=days, batch=batch), Question("fraud", time=("day",), exclude=("Claim Date",), repeats=1, bags=1))
    assert any(each.startswith("batch only tells whether a claim is from before or after") for each in answer.warnings)
    assert not any(each.startswith("amount only tells") for each in answer.warnings)


def seasonal(years: int, month: str = "claim_month") -> Extract:
    """Claims of some years, with the month of each beside its day."""
    days = [date(2020, 1, 1) + timedelta(days=number * 365 * years // 400) for number in range(400)]
    return extract(400, day=[day.isoformat() for day in days], **{month: [str(day.month) for day in days]})


@pytest.mark.parametrize(("years", "is_learnt"), [(2, False), (6, True)])
def test_the_split_in_time_learns_from_months_only_where_each_came_three_times(years: int, is_learnt: bool) -> None:
    question = Question("fraud", time=("day",), exclude=("Claim Date",), repeats=1, bags=1)
    answer = evaluate(seasonal(years), question)
    without = evaluate(seasonal(years), replace(question, exclude=("Claim Date", "claim_month")))
    assert answer.forward is not None
    assert without.forward is not None
    assert any(each.startswith("claim_month tells the month of a year") for each in answer.warnings) is not is_learnt
    assert (answer.forward.figures != without.forward.figures) is is_learnt
    assert answer.cross_validated.figures != without.cross_validated.figures
