"""Turns a row of the columns that tell what is used of accounts into the keys that a single claim looks up."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from domain.assessment import AccumulatorKey
from domain.errors import MingbaiError
from rules.accounts import Accounts, account_name
from rules.compiler import Scope
from rules.dated_parameters import select_parameters
from rules.model import Book, Plan, Step, all_steps
from rules.values import ElementValue, to_values

UsedColumns = Mapping[str, NDArray[np.int64]]


def accounts_of(book: Book, plan: Plan) -> dict[str, bool]:
    """Name the accounts of a plan, and tell of which the column holds the days to the nearest claim paid."""
    return {
        account_name(name, step): step.kind == "interval"
        for name in plan.responsibilities
        for step in all_steps(book.responsibilities[name].steps)
        if step.per
    }


def used_at(book: Book, plan: Plan, claim: Mapping[str, ElementValue], used: UsedColumns, row: int) -> dict[AccumulatorKey, Fraction]:
    """Say what earlier claims used of every account in the stretch that a claim falls in, as `adjudicate` takes it."""
    gaps = accounts_of(book, plan)
    amounts = {name: int(used[name][row]) for name in gaps if name in used}
    if not any(amount >= 0 if gaps[name] else amount for name, amount in amounts.items()):
        return {}
    try:
        values = to_values(book, claim)
        values |= select_parameters(book, plan, values, frozenset().union(*(book.needed[each] for each in plan.responsibilities)))
    except MingbaiError:
        return {}  # the claim will be refused for the same reason
    found: dict[AccumulatorKey, Fraction] = {}
    for name in plan.responsibilities:
        outer = Scope(values, book.compiled)
        scope = outer.rebound({each: formula.evaluate(outer) for each, formula in book.responsibilities[name].let})
        accounts = Accounts(plan, name, scope, {}, {})
        for step in all_steps(book.responsibilities[name].steps):
            if step.per and account_name(name, step) in amounts:
                found |= _used_of(accounts, step, amounts[account_name(name, step)])
    return found


def _used_of(accounts: Accounts, step: Step, amount: int) -> dict[AccumulatorKey, Fraction]:
    key = accounts.key(step)
    if key is None:
        return {}
    if step.kind != "interval":
        return {key: Fraction(amount)}
    loss = accounts.loss_date()
    if amount < 0 or not isinstance(loss, date):
        return {}
    day = loss - timedelta(days=amount)
    return {AccumulatorKey(key.name, key.period.replace(loss.isoformat(), day.isoformat(), 1)): Fraction(1)}
