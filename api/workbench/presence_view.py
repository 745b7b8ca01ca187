"""Who works on a claim and who else has it open, in words."""

from collections.abc import Mapping

from adjudicator.desk import Presence
from api.workbench.language import say
from api.workbench.words import ROLES_ZH, time_words
from storage import referrals
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


def handed_words(tx: Transaction, claim_id: str) -> str:
    """Say to whom a claim was handed, and by whom; "" when it was not."""
    found = referrals.find(tx, claim_id)
    if found is None:
        return ""
    to = _name(tx, found.to_user) if found.to_user else say(ROLES_ZH[found.to_role])
    told = "{who} 于 {time} 上报给 {to}。" if found.is_escalation else "{who} 于 {time} 转交给 {to}。"
    return say(told, who=_name(tx, found.by_user), time=time_words(found.at_ms), to=to)


def _name(tx: Transaction, user_name: str) -> str:
    staff = find_staff(tx, user_name)
    return staff.display_name if staff else user_name
