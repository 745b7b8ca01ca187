"""Cover (保障): which policies of an insured answer for a loss on a given day."""

from collections.abc import Sequence
from datetime import date

from domain.errors import NotFoundError
from domain.policy import Person, Policy
from storage import registry
from storage.database import Transaction


def choose_policies(tx: Transaction, insured: Person, wanted: Sequence[str], loss_date: date | None) -> tuple[Policy, ...]:
    """Choose the policies a claim is made under: those that were named, else every one in force on the loss date.

    A named policy is taken even when it is out of force, and so is every policy when none is in force: that
    is for a person to judge, not a reason to lose a claim.

    Raises:
        NotFoundError: a named policy that does not insure this person, or a person without any policy.
    """
    insuring = registry.policies_insuring(tx, insured.person_id)
    if wanted:
        known = {each.policy_number: each for each in insuring}
        missing = [number for number in wanted if number not in known]
        if missing:
            raise NotFoundError(f"no policy {missing[0]} insures this person", "check the policy number, or leave policy_numbers empty")
        return tuple(known[number] for number in sorted(set(wanted)))
    if not insuring:
        raise NotFoundError("this person is insured by no policy here", "check the ID number against the policy")
    return in_force(insuring, loss_date) or insuring


def in_force(policies: Sequence[Policy], on: date | None) -> tuple[Policy, ...]:
    """Keep the policies in force on a day; all of them while the day is unknown."""
    return tuple(each for each in policies if on is None or each.is_in_force(on))
