"""The dozen claims of the demo and of the end-to-end test, in the order in which they are told."""

from collections.abc import Callable

from sandbox.scenario import Scenario
from sandbox.scenes import (
    blurred_photo,
    clean_inpatient,
    critical_illness,
    deductible_over_two_claims,
    direct_settlement,
    duplicate_invoice,
    high_risk,
    hotline_report,
    lost_decimal,
    missing_discharge_summary,
    two_policies,
    waiting_period,
)

# To add a scenario: its file in scenes/, with a slot of its own, and one line here.
_STAGES: tuple[Callable[[int], Scenario], ...] = (
    clean_inpatient.stage,
    lost_decimal.stage,
    waiting_period.stage,
    deductible_over_two_claims.stage,
    duplicate_invoice.stage,
    high_risk.stage,
    blurred_photo.stage,
    missing_discharge_summary.stage,
    hotline_report.stage,
    critical_illness.stage,
    direct_settlement.stage,
    two_policies.stage,
)


def scenario_claims(count: int) -> tuple[Scenario, ...]:
    """Stage the first `count` scenarios; past the twelfth they are played again, by other people with other numbers."""
    return tuple(_STAGES[place % len(_STAGES)](place // len(_STAGES)).in_round(place // len(_STAGES)) for place in range(count))


SCENARIOS: tuple[Scenario, ...] = scenario_claims(len(_STAGES))
