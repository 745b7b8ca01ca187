"""Which contracts the chores of a day look at.

A contract tells the day on which the calendar alone may next make something of it due (`look_on`), so a day looks at those whose
day has come and at nobody else. Whatever else may move that day, an entry, another contract, another birth date, calls
`look_again`. When the terms of a product change, all of its contracts are looked at, once, by number.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import bindparam, func, or_, select, update

from storage import tables as t
from storage import tables_policies as tp
from storage import tables_servicing as ts
from storage.codec import canonical_json
from storage.database import Transaction

_S, _C, _E = ts.servicing_sweep.c, tp.policy_contract.c, tp.policy_entry.c
_AT_ONCE = 500
_PUT_OFF = update(tp.policy_contract).where(_C.policy_number == bindparam("of_policy"), _C.touched == bindparam("seen"))
_LOOK_AGAIN = update(tp.policy_contract).where(_C.policy_number.in_(bindparam("of_policies", expanding=True)))


def changed_products(tx: Transaction, day: date, terms: Mapping[str, str]) -> tuple[str, ...]:
    """Name the products whose terms are not those of the last sweep that came to its end; `terms` has a hash for each.

    What a day's sweep, which is there, began with is kept with it.
    """
    tx.connection.execute(
        update(ts.servicing_sweep).where(_S.day == day, _S.terms_json.is_(None)).values(terms_json=canonical_json(dict(terms)))
    )
    ended = select(_S.terms_json).where(_S.day < day, _S.ended_ms.is_not(None)).order_by(_S.day.desc()).limit(1)
    told = tx.connection.execute(ended).scalar_one_or_none()
    before = json.loads(told) if told else {}
    return tuple(sorted(product for product, found in terms.items() if before.get(product) != found))


def contracts_due(tx: Transaction, day: date, changed: Collection[str], after: str, limit: int) -> dict[str, int]:
    """List the next contracts to look at, each with how often it was touched; by number and after one where all of some products are."""
    chosen = select(_C.policy_number, _C.touched).limit(limit)
    if changed:
        of_product = _C.policy_number.in_(select(t.policy.c.policy_number).where(t.policy.c.product.in_(changed)))
        chosen = chosen.where(_C.policy_number > after, or_(_C.look_on <= day, of_product)).order_by(_C.policy_number)
    else:
        chosen = chosen.where(_C.look_on <= day).order_by(_C.look_on, _C.policy_number)
    return {row.policy_number: row.touched for row in tx.connection.execute(chosen)}


def counting_later(tx: Transaction, numbers: Collection[str], day: date) -> dict[str, date]:
    """Find the first day after one from which a further entry of a policy counts, where there is one."""
    chosen = select(_E.policy_number, func.min(_E.value_date).label("first")).where(
        _E.policy_number.in_(list(numbers)), _E.value_date > day
    )
    return {row.policy_number: row.first for row in tx.connection.execute(chosen.group_by(_E.policy_number))}


def put_off(tx: Transaction, until: Mapping[str, date], seen: Mapping[str, int]) -> None:
    """Have contracts left alone until a day each; one that has changed since it was seen keeps its day, and is looked at again."""
    rows = [{"of_policy": number, "seen": seen[number], "look_on": day} for number, day in sorted(until.items())]
    if rows:
        tx.connection.execute(_PUT_OFF, rows)


def look_again(tx: Transaction, numbers: Iterable[str], on: date = date.min) -> None:
    """Have contracts looked at by the next sweep, as something of them changes in this transaction."""
    every = sorted(set(numbers))
    for start in range(0, len(every), _AT_ONCE):
        chosen = {"of_policies": every[start : start + _AT_ONCE], "on": on}
        tx.connection.execute(_LOOK_AGAIN.values(look_on=bindparam("on"), touched=_C.touched + 1), chosen)
