"""Net premiums and policy values (保单价值准备金) from the cash flows of one contract, by the equivalence principle.

A contract is its yearly flows seen from its first day: premiums at the beginning of a year, deaths paid at its end,
survival benefits on anniversaries. Amounts are in fen, carried to forty digits, not rounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from actuarial.mortality import MortalityBasis
from actuarial.rounding import EXACT


@dataclass(frozen=True)
class Flows:
    """What one contract pays and is paid: as many deaths as it has years, one more survival benefit than years (none on day one)."""

    deaths: tuple[Decimal, ...]
    survivals: tuple[Decimal, ...]
    premiums_due: int  # in how many years, from the first on, a premium is due

    @property
    def years(self) -> int:
        """The term in years."""
        return len(self.deaths)


def annuity_due(basis: MortalityBasis, interest: Decimal, age: int, years: int | None = None) -> Decimal:
    """Value 1 a year in advance while somebody of an age lives, at most `years` of them (ä_x, ä_x:n)."""
    years = basis.last_age + 1 - age if years is None else years
    return present_value(basis, interest, age, (), [Decimal(1)] * years)


def insurance(basis: MortalityBasis, interest: Decimal, age: int, years: int | None = None) -> Decimal:
    """Value 1 at the end of the year of death (A_x), within `years` of them (term insurance)."""
    return present_value(basis, interest, age, [Decimal(1)] * (basis.last_age + 1 - age if years is None else years), ())


def present_value(
    basis: MortalityBasis, interest: Decimal, age: int, at_death: Sequence[Decimal], in_advance: Sequence[Decimal]
) -> Decimal:
    """Value amounts paid at the end of the year of death, and amounts paid at the beginning of each year that is lived to see."""
    with localcontext(EXACT):
        discount, value = 1 / (1 + interest), Decimal(0)
        for year in reversed(range(max(len(at_death), len(in_advance)))):
            q = basis.q_at(age + year)
            value = discount * ((1 - q) * value + (q * at_death[year] if year < len(at_death) else 0))
            value += in_advance[year] if year < len(in_advance) else 0
        return value


def net_premium(basis: MortalityBasis, interest: Decimal, age: int, flows: Flows) -> Decimal:
    """Give the level yearly net premium (净保费) that pays for the benefits, no more and no less."""
    with localcontext(EXACT):
        benefits = present_value(basis, interest, age, flows.deaths, flows.survivals)
        return benefits / annuity_due(basis, interest, age, flows.premiums_due)


def policy_values(basis: MortalityBasis, interest: Decimal, age: int, flows: Flows) -> list[Decimal]:
    """Give the policy value on every anniversary from day one on, after that anniversary's benefit and before its premium.

    Prospective: what the benefits to come are worth, less the net premiums to come.
    """
    premium = net_premium(basis, interest, age, flows)
    with localcontext(EXACT):
        discount = 1 / (1 + interest)
        values = [Decimal(0)]
        for year in reversed(range(flows.years)):
            q = basis.q_at(age + year)
            paid = premium if year < flows.premiums_due else Decimal(0)
            after = values[-1] + flows.survivals[year + 1]
            values.append(discount * ((1 - q) * after + q * flows.deaths[year]) - paid)
        return values[::-1]


def accumulated_values(basis: MortalityBasis, interest: Decimal, age: int, flows: Flows) -> list[Decimal]:
    """Give the same values from the past: what net premiums have grown to, less what was paid (retrospective).

    Stops before an age that nobody outlives, where nobody is left to share it.
    """
    premium = net_premium(basis, interest, age, flows)
    values = [Decimal(0)]
    with localcontext(EXACT):
        for year in range(flows.years):
            q = basis.q_at(age + year)
            if q == 1:
                break
            paid = premium if year < flows.premiums_due else Decimal(0)
            grown = (values[-1] + paid) * (1 + interest) - q * flows.deaths[year]
            values.append(grown / (1 - q) - flows.survivals[year + 1])
    return values
