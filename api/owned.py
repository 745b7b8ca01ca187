"""What a customer owns as of a day: read once, for the customer's own endpoints and for whoever serves them at the desk."""

from datetime import date

from adjudicator.china_time import today
from api.context import the_system
from domain.contract import Holding
from domain.errors import InputError, NotFoundError
from policy.holdings import holdings_of, holdings_of_person
from storage.database import Transaction
from storage.registry import policies_of


def check_day(tx: Transaction, asked: date | None) -> date:
    """Give the day in China that is asked about; today when none is.

    Raises:
        InputError: it has not come.
    """
    day = today(tx)
    if asked and asked > day:
        told = f"as_of {asked} lies in the future: today is {day}"
        raise InputError(told, "ask for today or an earlier day", field="as_of", advice_zh="不能查询今天以后的日期")
    return asked or day


def owned_on(tx: Transaction, person_id: str, day: date) -> tuple[Holding, ...]:
    """Give a customer's policies that had begun by a day, or were to begin later when the day is today."""
    every = holdings_of_person(tx, person_id, the_system().terms, day)
    return every if day == today(tx) else tuple(each for each in every if each.policy.first_effective_from <= day)


def check_owned(tx: Transaction, person_id: str, number: str, way_out: str) -> None:
    """Refuse a policy that is not the customer's, in the words of one that does not exist.

    Raises:
        NotFoundError: it is not.
    """
    if number not in {each.policy_number for each in policies_of(tx, person_id)}:
        raise NotFoundError(f"no policy {number}", way_out)


def policy_on(tx: Transaction, number: str, day: date) -> Holding:
    """Give one policy as it stood on a day.

    Raises:
        InputError: it had not begun by then.
    """
    (holding,) = holdings_of(tx, [number], the_system().terms, day)
    begins = holding.policy.first_effective_from
    if day < begins and day != today(tx):
        raise InputError(f"as_of {day} is before policy {number} began on {begins}", f"ask for {begins} or a later day", field="as_of")
    return holding


def responsibilities_on(tx: Transaction, holding: Holding, day: date) -> tuple[str, ...]:
    """Name what the policy pays for, by the rule book in force on the day; nothing where none is here."""
    product, plan = holding.policy.product, holding.policy.plan
    found = the_system().books.in_force(tx, [product], day).get(product)
    return tuple(found.book.plans[plan].responsibilities) if found and plan in found.book.plans else ()
