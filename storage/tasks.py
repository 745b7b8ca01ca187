"""Tasks: what is to be done next for a claim, held under a lease while somebody does it.

A lease ends by itself, so a killed worker blocks nothing; its token fences it off, so a worker that
comes back late cannot finish what another has taken over. The rows are also the outbox: no message
is needed to find them.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.errors import StaleVersionError
from storage import tables as t
from storage.database import Transaction

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


# Written once: building a statement anew for every claim costs more than running it.
_DUE = (_IS_OPEN, t.task.c.available_ms <= bindparam("now"), t.task.c.stage.in_(bindparam("stages", expanding=True)))
_HAS_DUE = select(t.task.c.stage).where(*_DUE).limit(1)
_OLDEST = (
    select(t.task.c.claim_id, t.task.c.stage, t.task.c.round)
    .where(*_DUE)
    .order_by(t.task.c.available_ms)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_IT = (t.task.c.claim_id == bindparam("of_claim"), t.task.c.stage == bindparam("of_stage"), t.task.c.round == bindparam("of_round"))
_TAKE = (
    update(t.task)
    .where(*_IT)
    .values(lease_token=bindparam("token"), available_ms=bindparam("until"), attempt=t.task.c.attempt + 1)
    .returning(t.task.c.attempt)
)


def open_task(tx: Transaction, claim_id: str, stage: str, round_: int) -> None:
    """Ask for a stage of a claim to be done now; a stage that was done before in this round is opened again."""
    values = {"status": "open", "available_ms": tx.now_ms(), "lease_token": "", "attempt": 0, "last_error": ""}
    insert = sqlite_insert if tx.connection.dialect.name == "sqlite" else postgres_insert
    statement = insert(t.task).values(claim_id=claim_id, stage=stage, round=round_, **values)
    tx.connection.execute(statement.on_conflict_do_update(index_elements=["claim_id", "stage", "round"], set_=values))


def has_due(tx: Transaction, stages: tuple[str, ...]) -> bool:
    """Tell, without writing, whether a task of some stages could be taken now."""
    return tx.connection.execute(_HAS_DUE, {"now": tx.now_ms(), "stages": stages}).one_or_none() is not None


def lease_next(tx: Transaction, stages: tuple[str, ...], lease_ms: int) -> Lease | None:
    """Take the oldest open task of some stages. Its attempt is counted now, so that a crash counts too."""
    now = tx.now_ms()
    found = tx.connection.execute(_OLDEST, {"now": now, "stages": stages}).one_or_none()
    if found is None:
        return None
    token, until = secrets.token_hex(16), now + lease_ms
    taken = {"of_claim": found.claim_id, "of_stage": found.stage, "of_round": found.round, "token": token, "until": until}
    row = tx.connection.execute(_TAKE, taken).one()
    return Lease(found.claim_id, found.stage, found.round, token, row.attempt, until)


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


def settle_dead(tx: Transaction, claim_id: str, stage: str) -> None:
    """Close the given-up tasks of one stage, because what they were to find out is known by now."""
    dead = (t.task.c.claim_id == claim_id, t.task.c.stage == stage, t.task.c.status == "dead")
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
    """Measure what is waiting, without looking at what is done: intake asks this for every claim."""
    waiting, oldest = tx.connection.execute(select(func.count(), func.min(t.task.c.available_ms)).where(_IS_OPEN)).one()
    dead = tx.connection.execute(select(func.count()).select_from(t.task).where(_IS_DEAD)).scalar_one()
    return Backlog(waiting, dead, 0 if oldest is None else max(0, tx.now_ms() - oldest))


def has_open_tasks(tx: Transaction, claim_id: str) -> bool:
    """Tell whether something is still to be done for a claim without a person."""
    return tx.connection.execute(select(t.task.c.stage).where(t.task.c.claim_id == claim_id, _IS_OPEN).limit(1)).one_or_none() is not None


def dead_stages(tx: Transaction, claim_id: str, round_: int) -> tuple[str, ...]:
    """List the stages of a claim's round that were given up."""
    dead = (t.task.c.claim_id == claim_id, t.task.c.round == round_, t.task.c.status == "dead")
    return tuple(tx.connection.execute(select(t.task.c.stage).where(*dead).order_by(t.task.c.stage)).scalars())


def last_error(tx: Transaction, claim_id: str) -> str:
    """Tell why a claim's dead task died; "" when none did."""
    row = tx.connection.execute(select(t.task.c.last_error).where(t.task.c.claim_id == claim_id, _IS_DEAD).limit(1)).one_or_none()
    return row.last_error if row else ""
