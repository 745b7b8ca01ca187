"""Declaring a catastrophe (启动灾害应急): one person declares it, another approves it, and when it is over somebody closes it.

Until the second signature nothing follows from it. Closing writes its report, once and for good.
"""

import re

from adjudicator.event_account import account_of, report_of
from adjudicator.system import Limits
from domain.catastrophe import CatastropheEvent, EventStatus
from domain.errors import ConflictError, InputError, NotAllowedError
from domain.money import format_fen
from storage import events, registry
from storage.access import Staff
from storage.database import Database, Transaction
from storage.events import EventRecord

_CODE = re.compile(r"[a-z][a-z0-9_]{1,30}")  # routing rules name it as the finding event.CODE
_REGION = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}")


def declare(database: Database, event: CatastropheEvent, limits: Limits, staff: Staff) -> EventRecord:
    """Sign an event as the first of two people.

    Raises:
        InputError: a code, region or hospital that is none, days out of order, no area or peril, a limit above the system's.
        ConflictError: the code is taken.
    """
    with database.write() as tx:
        _check(tx, event, limits)
        events.add_event(tx, event, staff.user_name)
        return events.get_event(tx, event.code)


def _check(tx: Transaction, event: CatastropheEvent, limits: Limits) -> None:
    if not _CODE.fullmatch(event.code):
        raise InputError(f"{event.code!r} is no code of an event", "write small letters, digits and _: typhoon_2027", field="code")
    if event.period_to < event.period_from:
        raise InputError(f"the period ends on {event.period_to}, before {event.period_from}", "check both days", field="to")
    if not event.area.regions and not event.area.hospital_ids:
        raise InputError("the event has no area", "name a region or a hospital", field="region")
    if not event.perils:
        raise InputError("the event has no peril", "name 意外, 疾病 or both", field="peril")
    for region in event.area.regions:
        if not _REGION.fullmatch(region):
            raise InputError(f"{region!r} is no region", "write 2, 4, 6, 9 or 12 digits: 51, 5101, 510104", field="region")
    for hospital_id in event.area.hospital_ids:
        if registry.find_hospital(tx, hospital_id) is None:
            raise InputError(f"there is no hospital {hospital_id}", "import it, or check its id", field="hospital")
    if bool(event.relaxed.papers_of_small) != bool(event.relaxed.small_fen):
        raise InputError("papers of small claims need an amount that is small, and the amount needs papers", "give both", field="small")
    limit, most = event.straight_through_fen, limits.straight_through_fen
    if limit is not None and not 0 <= limit <= most:
        raise InputError(
            f"{format_fen(limit)} is not between 0.00 and the system's {format_fen(most)}", "lower it", field="straight_through"
        )


def approve(database: Database, code: str, staff: Staff) -> EventRecord:
    """Sign an event as the second of two people: from now on claims belong to it.

    Raises:
        NotFoundError: no such event.
        NotAllowedError: the same person declared it.
        ConflictError: it was approved before.
    """
    with database.write() as tx:
        record = events.get_event(tx, code, lock=True)
        if record.status is not EventStatus.PROPOSED:
            raise ConflictError(f"event {code} is {record.status}", "only an event that waits for its second signature is approved")
        if record.declared_by == staff.user_name:
            raise NotAllowedError(f"{staff.user_name} declared event {code} and may not approve it, too", "a second person must sign")
        events.sign_approval(tx, code, staff.user_name)
        return events.get_event(tx, code)


def close(database: Database, code: str, staff: Staff, reason: str = "") -> str:
    """Close an event and write its report; gives the hash of the report. Claims of later reports are ordinary ones.

    Raises:
        NotFoundError: no such event.
        ConflictError: it is not open; or claims of it are, and no reason is given.
    """
    with database.write() as tx:
        record = events.get_event(tx, code, lock=True)
        if record.status is not EventStatus.OPEN:
            raise ConflictError(f"event {code} is {record.status}", "only an open event is closed")
        account = account_of(tx, record)
        if account.open_claims and not reason.strip():
            told = f"{len(account.open_claims)} claims of event {code} are still open, {account.untouched} of them nobody answered for yet"
            raise ConflictError(told, "finish them, or give a reason; they keep what the event promised them")
        sha256, text = report_of(record, account, staff.user_name, tx.now_ms(), reason.strip())
        events.sign_closing(tx, code, staff.user_name, sha256, text)
        return sha256
