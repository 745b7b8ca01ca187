"""How several people work side by side: who has a claim open, who works on it, what they tell each other, what is set aside.

Working on a claim is a short lease that an open page renews; whoever needs the claim takes it over with a click, and the other
page says so. What keeps two people from overwriting each other is the claim's version, not the lease.
"""

import re
from dataclasses import dataclass

from adjudicator.people import HANDLERS, WITH_PEOPLE, actor_of, check_role, take_claim
from domain.china import china_minute
from domain.errors import ConflictError, InputError
from storage import access, audit, claims, clocks, desk
from storage.access import Staff
from storage.database import Database, Transaction
from storage.desk import Lease

LEASE_MS = 45_000  # three times the pause between two signs of life of a page
MOST_WORDS = 2_000
MOST_DAYS_ASIDE = 30
_DAY_MS = 86_400_000
_NAMED = re.compile(r"(?<!\S)@([^\s@，。、；：！？,;:!?]{1,64})")


@dataclass(frozen=True)
class Presence:
    """Who works on a claim, and who else has it open, by user names; `version` is the claim's."""

    lease: Lease | None
    others: tuple[str, ...]
    version: int
    state: str


def look_in(database: Database, claim_id: str, staff: Staff) -> Presence:
    """Give a sign of life from an open page: one that waits for people is worked on by whoever opened it first."""
    check_role(staff, HANDLERS)
    with database.write() as tx:
        claim = claims.get_claim(tx, claim_id)
        desk.note_presence(tx, claim_id, staff.user_name, LEASE_MS)
        lease = desk.take_lease(tx, claim_id, staff.user_name, LEASE_MS) if claim.state in WITH_PEOPLE else desk.find_lease(tx, claim_id)
        return _presence(tx, claim_id, staff, lease)


def look_at(tx: Transaction, claim_id: str, staff: Staff) -> Presence:
    """Tell who is there, and change nothing."""
    return _presence(tx, claim_id, staff, desk.find_lease(tx, claim_id))


def take_over(database: Database, claim_id: str, staff: Staff) -> None:
    """Work on a claim in the place of whoever does; their page tells them."""
    check_role(staff, HANDLERS)
    with database.write() as tx:
        claims.get_claim(tx, claim_id)
        before = desk.find_lease(tx, claim_id)
        desk.take_lease(tx, claim_id, staff.user_name, LEASE_MS, over=True)
        if before and before.user_name != staff.user_name:
            audit.append(tx, claim_id, actor_of(staff), "claim.taken_over", {"from": before.user_name})


def leave(database: Database, claim_id: str, staff: Staff) -> None:
    """Close a claim's page: the next one who opens it works on it."""
    with database.write() as tx:
        desk.leave(tx, claim_id, staff.user_name)


def check_free(tx: Transaction, claim_id: str, staff: Staff) -> None:
    """Make sure that nobody else works on a claim.

    Raises:
        ConflictError: somebody does.
    """
    lease = desk.find_lease(tx, claim_id)
    if lease and lease.user_name != staff.user_name:
        told = f"{lease.user_name} works on claim {claim_id} since {china_minute(lease.since_ms)}"
        raise ConflictError(told, "take it over first, or wait: it is free when their page is closed")


def comment(database: Database, claim_id: str, staff: Staff, words: str) -> tuple[str, ...]:
    """Write a comment for colleagues into a claim's history; gives the user names that it names with @.

    Raises:
        InputError: nothing is said, too much is, or nobody here has a name that is called.
    """
    check_role(staff, HANDLERS)
    said = words.strip()
    if not 0 < len(said) <= MOST_WORDS:
        raise InputError(f"a comment has {len(said)} characters", f"write something, at most {MOST_WORDS} characters", field="words")
    with database.write() as tx:
        claims.get_claim(tx, claim_id)
        named = tuple(dict.fromkeys(_find_named(tx, name) for name in _NAMED.findall(said)))
        audit.append(tx, claim_id, actor_of(staff), "comment.added", {"named": list(named), "words": audit.Said(said)})
        for each in named:
            if each != staff.user_name:
                desk.mention(tx, claim_id, each, staff.user_name)
    return named


def see(database: Database, claim_id: str, staff: Staff) -> None:
    """Note that somebody has seen the comment that named them."""
    with database.read() as tx:
        if not desk.is_mentioned(tx, claim_id, staff.user_name):
            return
    with database.write() as tx:
        desk.see_mention(tx, claim_id, staff.user_name)


def set_aside(database: Database, claim_id: str, version: int, staff: Staff, days: int, reason: str) -> int:
    """Set a claim aside (搁置) for some days; it comes back by itself then, or when anything about it changes. Gives until when.

    Raises:
        InputError: no reason, or not between one day and thirty.
        ConflictError: a clock would run out before; or the claim is not with people.
        StaleVersionError: the claim changed since the page was made.
    """
    if not reason.strip():
        raise InputError("setting a claim aside needs a reason", "write what it waits for", field="reason")
    if not 1 <= days <= MOST_DAYS_ASIDE:
        raise InputError(f"a claim is set aside for {days} days", f"give 1 to {MOST_DAYS_ASIDE}", field="days")
    with database.write() as tx:
        claim = take_claim(tx, claim_id, version, staff, HANDLERS)
        until = tx.now_ms() + days * _DAY_MS
        soonest = min(
            (each.due_ms for each in clocks.clocks_of(tx, claim_id) if each.met_ms is None and each.paused_ms is None), default=None
        )
        if soonest is not None and soonest < until:
            raise ConflictError(
                f"a clock of claim {claim_id} runs out on {china_minute(soonest)}", "set it aside for fewer days, or decide it"
            )
        desk.snooze(tx, claim_id, claim.version, staff.user_name, until)
        desk.leave(tx, claim_id, staff.user_name)
        audit.append(tx, claim_id, actor_of(staff), "claim.set_aside", {"days": days, "reason": audit.Said(reason.strip())})
        return until


def take_up(database: Database, claim_id: str, staff: Staff) -> None:
    """Take a claim back that was set aside, before its time.

    Raises:
        ConflictError: it is not aside.
    """
    check_role(staff, HANDLERS)
    with database.write() as tx:
        if desk.find_snooze(tx, claim_id) is None:
            raise ConflictError(f"claim {claim_id} is not set aside", "nothing to do")
        desk.wake(tx, claim_id)
        audit.append(tx, claim_id, actor_of(staff), "claim.taken_up", {})


def _presence(tx: Transaction, claim_id: str, staff: Staff, lease: Lease | None) -> Presence:
    there = desk.present_at(tx, claim_id, tx.now_ms() - LEASE_MS)
    claim = claims.get_claim(tx, claim_id)
    others = tuple(each for each in there if each != staff.user_name and not (lease and lease.user_name == each))
    return Presence(lease, others, claim.version, claim.state)


def _find_named(tx: Transaction, name: str) -> str:
    found = access.find_colleague(tx, name)
    if found is None:
        raise InputError(
            f"nobody here is called {name}", "write @ before a user name, or a display name that one colleague has", field="words"
        )
    return found.user_name
