"""The stretches of time that accumulators count over (每)."""

from datetime import date


def policy_year_start(effective_from: date, loss_date: date) -> date:
    """Give the first day of the policy year (保单年度) that a loss falls in.

    Years count from the effective date: one from 2024-03-01 ends on 2025-02-28. A policy that starts
    on 29 February renews on 28 February where there is no 29th.
    """
    anniversary = _in_year(effective_from, loss_date.year)
    return anniversary if anniversary <= loss_date else _in_year(effective_from, loss_date.year - 1)


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
