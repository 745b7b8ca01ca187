"""Tasks: what is to be done next for a claim, held under a lease while somebody does it.

A lease ends by itself, so a killed worker blocks nothing; its token fences it off, so a worker that
comes back late cannot finish what another has taken over. The rows are also the outbox: no message
is needed to find them.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.errors import StaleVersionError
from domain.states import DocumentState
from storage import tables as t
from storage.database import Transaction

QUICKLY_READ = "application/xml"  # papers that are parsed and not looked at: a few milliseconds each

# Written into the statement, not bound to it: a planner takes a partial index only when it sees that the condition holds.
_IS_OPEN = t.task.c.status == literal_column("'open'")
_IS_DEAD = t.task.c.status == literal_column("'dead'")


@dataclass(frozen=True)
class Lease:
    """The right to do one stage of one claim until `until_ms`."""

    claim_id: str
    stage: str
    round: int
    token: str
    attempt: int
    until_ms: int
    is_quick: bool = False  # it may be done in one transaction with others


# Written once: building a statement anew for every claim costs more than running it.
_DUE = (_IS_OPEN, t.task.c.available_ms <= bindparam("now"), t.task.c.stage.in_(bindparam("stages", expanding=True)))
_HAS_DUE = select(t.task.c.stage).where(*_DUE).limit(1)
_UNREAD = (t.document.c.claim_id == t.task.c.claim_id, t.document.c.state == DocumentState.RECEIVED)
_IS_SLOW = exists().where(*_UNREAD, t.document.c.media_type != QUICKLY_READ)
_OLDEST = (
    select(t.task.c.claim_id, t.task.c.stage, t.task.c.round, t.task.c.attempt, _IS_SLOW.label("is_slow"))
    .where(*_DUE)
    .order_by(t.task.c.available_ms)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=t.task)
)
_IT = (t.task.c.claim_id == bindparam("of_claim"), t.task.c.stage == bindparam("of_stage"), t.task.c.round == bindparam("of_round"))
_TAKE = update(t.task).where(*_IT).values(lease_token=bindparam("token"), available_ms=bindparam("until"), attempt=t.task.c.attempt + 1)


def open_task(tx: Transaction, claim_id: str, stage: str, round_: int, *, after_ms: int = 0) -> None:
    """Ask for a stage of a claim to be done, now or after a while; a stage that was done before in this round is opened again."""
    row = {"claim_id": claim_id, "stage": stage, "round": round_, "available_ms": tx.now_ms() + after_ms}
    tx.later(claim_id, _OPEN[tx.is_sqlite], row)


def _opening(insert: Any) -> Any:  # each dialect has a class of its own
    new = insert(t.task).values(status="open", lease_token="", attempt=0, last_error="")
    changed = {name: new.excluded[name] for name in ("status", "available_ms", "lease_token", "attempt", "last_error")}
    return new.on_conflict_do_update(index_elements=["claim_id", "stage", "round"], set_=changed)


_OPEN = {True: _opening(sqlite_insert), False: _opening(postgres_insert)}


def has_due(tx: Transaction, stages: tuple[str, ...]) -> bool:
    """Tell, without writing, whether a task of some stages could be taken now."""
    return bool(tx.find(_HAS_DUE, {"now": tx.now_ms(), "stages": stages}))


def lease_next(tx: Transaction, stages: tuple[str, ...], lease_ms: int) -> Lease | None:
    """Take the oldest open task of some stages. Its attempt is counted now, so that a crash counts too."""
    return next(iter(lease_several(tx, stages, lease_ms, 1)), None)


def lease_several(
    tx: Transaction, stages: tuple[str, ...], lease_ms: int, limit: int, together: frozenset[str] = frozenset()
) -> tuple[Lease, ...]:
    """Take the oldest open task, and with it others of its stage that may be done in one transaction (`together`).

    A task that was tried before is taken alone, so that what killed its worker kills no other's again; and so is one
    with papers that are slow to read, so that the other machines have something to read, too.
    """
    now = tx.now_ms()
    found = tx.find(_OLDEST, {"now": now, "stages": stages, "limit": limit})
    taken = list(found[:1])
    if taken and _is_quick(taken[0], together):
        quick = (each for each in found if each.stage == taken[0].stage and _is_quick(each, together))
        taken = list({each.claim_id: each for each in quick}.values())
    token, until = secrets.token_hex(16), now + lease_ms
    for each in taken:
        row = {"of_claim": each.claim_id, "of_stage": each.stage, "of_round": each.round, "token": token, "until": until}
        tx.later(each.claim_id, _TAKE, row)
    return tuple(Lease(each.claim_id, each.stage, each.round, token, each.attempt + 1, until, _is_quick(each, together)) for each in taken)


def _is_quick(row: Row[Any], together: frozenset[str]) -> bool:
    return row.stage in together and row.attempt == 0 and not row.is_slow


def renew(tx: Transaction, lease: Lease, lease_ms: int) -> bool:
    """Hold a lease for longer; False when somebody else has it by now."""
    return _change(tx, lease, {"available_ms": tx.now_ms() + lease_ms})


def finish(tx: Transaction, lease: Lease) -> None:
    """Close the task of a lease, in the transaction that writes its result.

    Raises:
        StaleVersionError: the lease was lost, and the result must not be written.
    """
    if not _change(tx, lease, {"status": "done", "lease_token": ""}):
        raise StaleVersionError(
            f"the lease on {lease.stage} of claim {lease.claim_id} was lost", "nothing to do: another worker has taken it over"
        )


def finish_several(tx: Transaction, leases: Sequence[Lease]) -> tuple[Lease, ...]:
    """Close the tasks of leases that were taken together; gives those that were not lost: only their results may be written."""
    first = leases[0]
    mine = {"of_claims": [each.claim_id for each in leases], "of_stage": first.stage, "token": first.token}
    closed = set(tx.connection.execute(_FINISH_SEVERAL, mine).scalars())
    return tuple(each for each in leases if each.claim_id in closed)


_FINISH_SEVERAL = (
    update(t.task)
    .where(
        t.task.c.claim_id.in_(bindparam("of_claims", expanding=True)),
        t.task.c.stage == bindparam("of_stage"),
        t.task.c.lease_token == bindparam("token"),
        _IS_OPEN,
    )
    .values(status="done", lease_token="")
    .returning(t.task.c.claim_id)
)


def fail(tx: Transaction, lease: Lease, error: str, *, retry_after_ms: int) -> bool:
    """Give a task back with what went wrong, to be tried again later; False when the lease was lost."""
    return _change(tx, lease, {"lease_token": "", "last_error": error, "available_ms": tx.now_ms() + retry_after_ms})


def bury(tx: Transaction, lease: Lease, error: str) -> bool:
    """Give a task up for good: it is dead until a person opens it again; False when the lease was lost."""
    return _change(tx, lease, {"status": "dead", "lease_token": "", "last_error": error})


def _change(tx: Transaction, lease: Lease, values: dict[str, object]) -> bool:
    mine = and_(
        t.task.c.claim_id == lease.claim_id,
        t.task.c.stage == lease.stage,
        t.task.c.round == lease.round,
        _IS_OPEN,
        t.task.c.lease_token == lease.token,
    )
    return tx.connection.execute(update(t.task).where(mine).values(**values).returning(t.task.c.stage)).one_or_none() is not None


def settle_dead(tx: Transaction, claim_id: str, stage: str, round_: int | None = None) -> None:
    """Close the given-up tasks of one stage, of one round or of all, because what they were to find out is known by now."""
    dead = [t.task.c.claim_id == claim_id, t.task.c.stage == stage, t.task.c.status == "dead"]
    dead += [] if round_ is None else [t.task.c.round == round_]
    tx.connection.execute(update(t.task).where(*dead).values(status="done", lease_token="", last_error=""))


def drop(tx: Transaction, claim_id: str) -> None:
    """Close whatever is open or dead for a claim that leaves the path; whoever holds a lease on it has lost it."""
    waiting = (t.task.c.claim_id == claim_id, t.task.c.status != "done")
    tx.connection.execute(update(t.task).where(*waiting).values(status="done", lease_token="", last_error=""))


@dataclass(frozen=True)
class Backlog:
    """How much is waiting: open tasks, dead ones, and the age of the oldest that could be done now."""

    open: int
    dead: int
    oldest_age_ms: int


def backlog(tx: Transaction) -> Backlog:
    """Measure what is waiting, without looking at what is done."""
    waiting, oldest = tx.connection.execute(_WAITING).one()
    dead = tx.connection.execute(_DEAD).scalar_one()
    return Backlog(waiting, dead, 0 if oldest is None else max(0, tx.now_ms() - oldest))


def count_open(tx: Transaction, at_most: int) -> int:
    """Count the open tasks, as far as it matters: intake asks this for every claim."""
    return int(tx.find_bare(_SOME_OPEN, {"at_most": at_most})[0][0])


_WAITING = select(func.count(), func.min(t.task.c.available_ms)).where(_IS_OPEN)
_SOME_OPEN = select(func.count()).select_from(select(t.task.c.claim_id).where(_IS_OPEN).limit(bindparam("at_most")).subquery())
_LAST_ERROR = select(t.task.c.last_error).where(t.task.c.claim_id == bindparam("of_claim"), _IS_DEAD).limit(1)
_DEAD = select(func.count()).select_from(t.task).where(_IS_DEAD)


def has_open_tasks(tx: Transaction, claim_id: str) -> bool:
    """Tell whether something is still to be done for a claim without a person."""
    return tx.connection.execute(select(t.task.c.stage).where(t.task.c.claim_id == claim_id, _IS_OPEN).limit(1)).one_or_none() is not None


def dead_tasks(tx: Transaction, claim_id: str) -> tuple[tuple[str, int], ...]:
    """List the tasks of a claim that were given up, as stage and round: a payment of an earlier round may be among them."""
    dead = select(t.task.c.stage, t.task.c.round).where(t.task.c.claim_id == claim_id, _IS_DEAD)
    return tuple((row.stage, row.round) for row in tx.connection.execute(dead.order_by(t.task.c.stage, t.task.c.round)))


def last_error(tx: Transaction, claim_id: str) -> str:
    """Tell why a claim's dead task died; "" when none did."""
    row = next(iter(tx.find(_LAST_ERROR, {"of_claim": claim_id})), None)
    return row.last_error if row else ""
