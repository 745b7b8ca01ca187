"""Workers: threads that lease tasks and do their stages until they are told to stop.

A wake-up only makes a worker look sooner; without one it looks twice a second. A stage that fails is
tried again with growing pauses; after the last attempt a person has the claim, with the error attached.
"""

import logging
import threading

from adjudicator.decide import SYSTEM
from adjudicator.stages import STAGES
from adjudicator.system import System
from domain.decision import Actor
from domain.errors import ConflictError, MingbaiError, StaleVersionError
from domain.states import CLAIM_MOVES, ClaimState, PaymentState
from storage import audit, claims, payouts, tasks
from storage.database import Transaction
from storage.tasks import Lease

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5
_FIRST_PAUSE_MS = 500
_LONGEST_PAUSE_MS = 600_000


class Workers:
    """A number of worker threads over one system."""

    def __init__(self, system: System, woken: threading.Event, count: int) -> None:
        """Prepare `count` workers that look for work whenever `woken` is set."""
        self._system = system
        self._woken = woken
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run, name=f"worker-{number}", daemon=True) for number in range(count)]

    def start(self) -> None:
        """Start all threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every worker finish the stage it is in, and end."""
        self._stopping.set()
        self._woken.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = work_once(self._system)
            except Exception:  # noqa: BLE001  # a database that is away for a moment must not end the worker
                _log.exception("a worker could not look for work")
                busy = False
            if not busy:
                self._woken.wait(_LOOK_SECONDS)
                self._woken.clear()


def work_once(system: System) -> bool:
    """Lease one task and do its stage; False when nothing is due."""
    stages = tuple(STAGES)
    with system.database.read() as tx:
        if not tasks.has_due(tx, stages):
            return False
    with system.database.write() as tx:
        lease = tasks.lease_next(tx, stages, system.limits.lease_ms)
    if lease is None:
        return False
    try:
        STAGES[lease.stage](system, lease)
    except StaleVersionError:
        _log.info("lost the lease on %s of claim %s", lease.stage, lease.claim_id)
    except Exception as error:  # noqa: BLE001  # whatever it is, the claim must not be lost: it is tried again, then a person has it
        _note_failure(system, lease, error)
    return True


def _note_failure(system: System, lease: Lease, error: Exception) -> None:
    told = str(error) if isinstance(error, MingbaiError) else f"{type(error).__name__} in stage {lease.stage}"
    _log.warning(
        "stage %s of claim %s failed (attempt %d): %s",
        lease.stage,
        lease.claim_id,
        lease.attempt,
        told,
        exc_info=not isinstance(error, MingbaiError),
    )
    with system.database.write() as tx:
        if lease.attempt < _attempts(system, lease):
            tasks.fail(tx, lease, told, retry_after_ms=min(_LONGEST_PAUSE_MS, _FIRST_PAUSE_MS * 2 ** (lease.attempt - 1)))
            return
        if not tasks.bury(tx, lease, told):
            return
        audit.append(tx, lease.claim_id, SYSTEM, "task.dead", {"stage": lease.stage, "attempts": lease.attempt})
        state = claims.get_claim(tx, lease.claim_id).state
        to = ClaimState.DECIDED if state is ClaimState.PAYING else ClaimState.IN_REVIEW
        if to in CLAIM_MOVES[state]:
            claims.move(tx, lease.claim_id, to, SYSTEM, {"stage": lease.stage})


def _attempts(system: System, lease: Lease) -> int:
    return system.limits.max_payment_attempts if lease.stage == "pay" else system.limits.max_attempts


def retry(system: System, claim_id: str, actor: Actor) -> tuple[str, ...]:
    """Open a claim's dead tasks again, after whatever killed them was mended; gives the stages.

    Raises:
        NotFoundError: no such claim.
        ConflictError: no task of it is dead, or a person has decided since.
    """
    with system.database.write() as tx:
        claim = claims.get_claim(tx, claim_id, lock=True)
        dead = tasks.dead_stages(tx, claim_id, claim.round)
        if not dead:
            raise ConflictError(f"no task of claim {claim_id} has been given up", "nothing to do; `claim show` tells where it stands")
        for stage in dead:
            claims.move(tx, claim_id, ClaimState.PAYING if stage == "pay" else ClaimState.READING, actor, {"retry": stage})
            if stage == "pay":
                _ask_bank_again(tx, claim_id, claim.round)
            tasks.open_task(tx, claim_id, stage, claim.round)
            audit.append(tx, claim_id, actor, "task.retried", {"stage": stage})
    system.wake()
    return dead


def _ask_bank_again(tx: Transaction, claim_id: str, round_: int) -> None:
    """Count a payment of unknown outcome as sent once more: the next worker asks the bank before it does anything."""
    payout = payouts.find_payout(tx, claim_id, round_)
    if payout and payout.state is PaymentState.UNKNOWN:
        payouts.move_payout(tx, payout.idempotency_key, PaymentState.SENT)


def drain(system: System) -> int:
    """Do everything that is due, in this thread; the number of tasks done. For tests and for one-shot commands."""
    done = 0
    while work_once(system):
        done += 1
    return done
