"""Policy years count from the effective date."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.policy_year import policy_year_start


@pytest.mark.parametrize(
    ("effective", "loss", "start"),
    [
        (date(2024, 3, 1), date(2024, 3, 1), date(2024, 3, 1)),
        (date(2024, 3, 1), date(2025, 2, 28), date(2024, 3, 1)),
        (date(2024, 3, 1), date(2025, 3, 1), date(2025, 3, 1)),
        (date(2024, 3, 1), date(2024, 2, 29), date(2023, 3, 1)),
        (date(2024, 2, 29), date(2025, 2, 27), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 28), date(2027, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_a_loss_falls_into_the_year_that_starts_on_or_before_it(effective: date, loss: date, start: date) -> None:
    assert policy_year_start(effective, loss) == start


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.dates(date(1991, 1, 2), date(2100, 1, 1)))
def test_a_year_is_never_longer_than_366_days(effective: date, loss: date) -> None:
    assert 0 <= (loss - policy_year_start(effective, loss)).days <= 365
