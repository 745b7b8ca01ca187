"""Forgetting customers (客户信息删除) whom no claim and no transaction of theirs forgets: who never had one, or has them erased long since.

What is kept of them beside their policies (storage/customer_words.py) goes when the law keeps none of their policies any more, and
`retention.years` have gone by since the last of them ended and since anything was added.
"""

from collections.abc import Iterator

from adjudicator.china_time import today
from adjudicator.erasing import forget_customer, is_kept, years_later
from adjudicator.people import actor_of
from domain.china import china_day
from storage import agent_acts, customer_words
from storage.access import Staff
from storage.database import Database, Transaction

_PAGE = 500


def iter_due_customers(database: Database, years: int) -> Iterator[str]:
    """Walk through the customers of whom something is kept that need not be."""
    after = ""
    while True:
        with database.read() as tx:
            page = customer_words.customers_after(tx, after, _PAGE)
            due = [each for each in page if _is_due(tx, each, years)]
        if not page:
            return
        yield from due
        after = page[-1]


def forget(database: Database, person_id: str, staff: Staff, years: int) -> bool:
    """Destroy what is kept of a customer, unless something of theirs has come in meanwhile; that it was done stays in their chain."""
    with database.write() as tx:
        agent_acts.lock_customer(tx, person_id)
        if not _is_due(tx, person_id, years):
            return False
        agent_acts.append(tx, agent_acts.of_customer(person_id), actor_of(staff), "customer.forgotten", reason=f"retention.years {years}")
        forget_customer(tx, person_id)
        return True


def _is_due(tx: Transaction, person_id: str, years: int) -> bool:
    latest = customer_words.latest_ms(tx, [person_id]).get(person_id)
    if latest is None or years_later(china_day(latest), years) >= today(tx):
        return False
    return not is_kept(tx, person_id, years)
