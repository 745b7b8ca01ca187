"""Undoing (撤回): a person's verdict takes effect a minute after it was given; until then whoever gave it may take it back.

Giving one rehearses it, so that whatever stands against it is told at once, and keeps it with a task for later. The stage
`verdict` carries it out as if it were given then: authority, four eyes, the claim's version and the amount are looked at
anew, and a verdict that would come to something else falls. It is dropped in the transaction that carries it out: a
process that is killed at any instruction loses none and repeats none (docs/adr/0026).
"""

from dataclasses import dataclass

from adjudicator.acts import ACTS
from adjudicator.offsetting import lock_with_owing
from adjudicator.pending import find_pending, let_fall
from adjudicator.people import HANDLERS, actor_of, take_claim
from adjudicator.system import System
from domain.errors import ConflictError, MingbaiError, NotAllowedError
from storage import access, audit, claims, tasks, verdicts
from storage.access import Staff
from storage.database import Transaction
from storage.tasks import Lease
from storage.verdicts import Outcome, Pending, Wanted

STAGE = "verdict"


@dataclass(frozen=True)
class Given:
    """What a verdict comes to, and when it takes effect; None: it has."""

    outcome: Outcome
    due_ms: int | None


def give(system: System, claim_id: str, version: int, staff: Staff, wanted: Wanted) -> Given:
    """Give a verdict: carried out at once where nothing may be undone, else kept until its time is over.

    Raises:
        MingbaiError: as its act in adjudicator/acts.py does; nothing is kept then.
    """
    act = ACTS[wanted.act]
    if not system.limits.undo_ms:
        with system.database.write() as tx:
            outcome = act(system, tx, claim_id, version, staff, wanted)
        system.wake()
        return Given(outcome, None)
    with system.database.rehearse() as tx:
        outcome = act(system, tx, claim_id, version, staff, wanted)
    with system.database.write() as tx:
        take_claim(tx, claim_id, version, staff, HANDLERS)  # somebody may have been quicker than the rehearsal
        return Given(outcome, _keep(tx, claim_id, staff, wanted, outcome, system.limits.undo_ms).due_ms)


def undo(system: System, claim_id: str, staff: Staff) -> Wanted:
    """Take a verdict back; gives what had been wanted.

    Raises:
        ConflictError: none waits, or its minute is over.
        NotAllowedError: somebody else gave it.
    """
    with system.database.write() as tx:
        claims.get_claim(tx, claim_id, lock=True)
        pending = find_pending(tx, claim_id)
        if pending is None or pending.due_ms <= tx.now_ms():
            raise ConflictError(f"no verdict on claim {claim_id} can be taken back any more", "reopen the claim if it was wrong")
        if pending.user_name != staff.user_name:
            raise NotAllowedError(f"{pending.user_name} decided claim {claim_id}", "ask them to take it back; nobody else may")
        verdicts.drop(tx, claim_id)
        audit.append(tx, claim_id, actor_of(staff), "verdict.undone", {"act": pending.wanted.act})
        claims.note_facts(tx, claim_id)
        return pending.wanted


def carry_out(system: System, lease: Lease) -> None:
    """Let a verdict take effect; one that cannot any more falls, and the claim stays with people."""
    try:
        with system.database.write() as tx:
            pending = _take(tx, lease)
            if pending is None:
                return
            outcome = ACTS[pending.wanted.act](system, tx, lease.claim_id, pending.version, _who(tx, pending), pending.wanted)
            if outcome != pending.outcome:
                raise ConflictError(f"claim {lease.claim_id} would come to {outcome}, not {pending.outcome} as decided", "decide it again")
    except MingbaiError as error:
        with system.database.write() as tx:
            claims.get_claim(tx, lease.claim_id, lock=True)
            tasks.finish(tx, lease)
            let_fall(tx, lease.claim_id, str(error))
    system.wake()


def _keep(tx: Transaction, claim_id: str, staff: Staff, wanted: Wanted, outcome: Outcome, undo_ms: int) -> Pending:
    claims.note_facts(tx, claim_id)  # whoever has the page open learns of it
    claim = claims.get_claim(tx, claim_id)
    pending = Pending(claim_id, claim.version, wanted, outcome, staff.user_name, tx.now_ms(), tx.now_ms() + undo_ms)
    verdicts.keep(tx, pending)
    tasks.open_task(tx, claim_id, STAGE, claim.round, after_ms=undo_ms)
    told = {} if outcome.amount_fen is None else {"amount_fen": outcome.amount_fen}
    audit.append(tx, claim_id, actor_of(staff), "verdict.given", {"act": wanted.act, "due_ms": pending.due_ms, **told})
    return pending


def _take(tx: Transaction, lease: Lease) -> Pending | None:
    """Take the verdict of a task away to carry it out; None when it was taken back, or another one came and has time left."""
    lock_with_owing(tx, lease.claim_id)  # first, as every act does, so that nobody waits for each other
    tasks.finish(tx, lease)
    pending = verdicts.find(tx, lease.claim_id)
    if pending is None or pending.due_ms > tx.now_ms():
        return None
    verdicts.drop(tx, lease.claim_id)
    return pending


def _who(tx: Transaction, pending: Pending) -> Staff:
    staff = access.find_staff(tx, pending.user_name)
    if staff is None:
        raise NotAllowedError(f"{pending.user_name} does not work here any more", "let somebody else decide the claim")
    return staff
