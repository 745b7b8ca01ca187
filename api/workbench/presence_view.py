"""Who works on a claim and who else has it open, in words."""

from collections.abc import Mapping

from adjudicator.desk import Presence
from api.workbench.words import time_words
from storage.access import find_staff
from storage.database import Transaction


def presence_words(tx: Transaction, found: Presence, me: str) -> Mapping[str, object]:
    """Say who works on a claim and who else has it open, by display names."""
    lease = found.lease
    return {
        "mine": lease is not None and lease.user_name == me,
        "holder": "" if lease is None or lease.user_name == me else _name(tx, lease.user_name),
        "since": time_words(lease.since_ms) if lease else "",
        "others": [_name(tx, each) for each in found.others],
    }


def _name(tx: Transaction, user_name: str) -> str:
    staff = find_staff(tx, user_name)
    return staff.display_name if staff else user_name
