"""Net premiums and policy values against published tables, and the laws that hold for every contract.

Published: *AMLCR* (Dickson, Hardy, Waters), appendix D, and the Society of Actuaries' "Excel Workbook for FAM-L Tables" (SULT, i = 5 %).
"""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.mortality import makeham, read_table, reference_basis
from actuarial.values import Flows, accumulated_values, annuity_due, insurance, net_premium, policy_values
from domain.errors import InputError

SULT, FIVE = reference_basis(), Decimal("0.05")


@pytest.mark.parametrize(("age", "published"), [(20, "19.9664"), (40, "18.4578"), (50, "17.0245"), (60, "14.9041"), (80, "8.5484")])
def test_whole_life_annuities_are_those_of_the_published_table(age: int, published: str) -> None:
    assert annuity_due(SULT, FIVE, age).quantize(Decimal("0.0001")) == Decimal(published)


@pytest.mark.parametrize(("age", "published"), [(20, "0.04922"), (40, "0.12106"), (50, "0.18931"), (60, "0.29028"), (80, "0.59293")])
def test_whole_life_insurances_are_those_of_the_published_table(age: int, published: str) -> None:
    assert insurance(SULT, FIVE, age).quantize(Decimal("0.00001")) == Decimal(published)


def test_a_temporary_annuity_is_that_of_the_published_table() -> None:
    assert annuity_due(SULT, FIVE, 60, 10).quantize(Decimal("0.0001")) == Decimal("7.9555")


def test_of_100000_lives_at_twenty_the_published_number_sees_sixty() -> None:
    lives = Decimal(100_000)
    for age in range(20, 60):
        lives *= 1 - SULT.q_at(age)
    assert lives.quantize(Decimal("0.1")) == Decimal("96634.1")


def test_without_interest_and_mortality_a_premium_is_the_benefit_divided_by_its_years() -> None:
    nobody_dies = makeham("none", Decimal(0), Decimal("0.0000000000000000000000001"), Decimal("1.0000000001"))
    flows = Flows((Decimal(0),) * 4, (Decimal(0),) * 4 + (Decimal(1000),), 4)
    assert round(net_premium(nobody_dies, Decimal(0), 30, flows), 6) == 250


@settings(max_examples=60, deadline=None)
@given(
    age=st.integers(0, 70),
    years=st.integers(1, 60),
    paying=st.integers(1, 60),
    death=st.integers(0, 10**9),
    living=st.integers(1, 10**9),
    interest=st.decimals("0", "0.08", places=4),
)
def test_looking_back_and_looking_ahead_give_one_policy_value(
    age: int, years: int, paying: int, death: int, living: int, interest: Decimal
) -> None:
    survivals = (Decimal(0), *(Decimal(living if year % 3 == 0 else 0) for year in range(1, years)), Decimal(living))
    flows = Flows((Decimal(death),) * years, survivals, min(paying, years))
    ahead, back = (values(SULT, interest, age, flows) for values in (policy_values, accumulated_values))
    assert abs(ahead[0]) < Decimal("1e-15")
    assert all(abs(one - other) < Decimal("1e-9") for one, other in zip(ahead, back, strict=False))


@given(age=st.integers(0, 100), interest=st.decimals("0.001", "0.1", places=3))
def test_an_insurance_is_one_less_the_discount_on_an_annuity(age: int, interest: Decimal) -> None:
    """A_x = 1 − d·ä_x."""
    discount = interest / (1 + interest)
    assert abs(insurance(SULT, interest, age) - (1 - discount * annuity_due(SULT, interest, age))) < Decimal("1e-25")


def test_a_table_of_an_insurer_is_read(tmp_path: Path) -> None:
    (tmp_path / "cl.csv").write_text("age,qx\n0,0.000867\n1,0.000615\n2,1\n", encoding="utf-8")
    basis = read_table(tmp_path / "cl.csv")
    assert (basis.name, basis.last_age, basis.q_at(1), basis.q_at(50)) == ("cl", 2, Decimal("0.000615"), 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0,0.1\n2,1\n", r"bad.csv:2: expected age 1"),
        ("0,0.1\n1,8.67\n", r"bad.csv:2: qx 8.67 is not between 0 and 1"),
        ("0,0.1\n1,x\n", r"bad.csv:2: 'x' is no probability"),
        ("0,0.1\n1,0.2\n", r"does not end with qx 1"),
    ],
)
def test_a_table_with_an_error_names_the_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_table(tmp_path / "bad.csv")
