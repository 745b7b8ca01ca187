"""Workers: threads that lease tasks and do their stages until they are told to stop.

A wake-up only makes a worker look sooner; without one it looks twice a second. A stage that fails is
tried again with growing pauses; after the last attempt a person has the claim, with the error attached. So it is
when the last attempt killed its process: whoever takes the task over does not begin it once more.
"""

import logging
import threading
from collections.abc import Callable, Collection, Sequence

from adjudicator.decide import SYSTEM
from adjudicator.paying import pay_together
from adjudicator.pending import let_fall
from adjudicator.stages import STAGES, TOGETHER
from adjudicator.system import System
from adjudicator.together import work_together
from adjudicator.undoing import STAGE as VERDICT
from adjudicator.unusual import UnusualError
from domain.decision import Actor
from domain.errors import ConflictError, MingbaiError, StaleVersionError
from domain.states import CLAIM_MOVES, ClaimState, PaymentState
from storage import audit, claims, decisions, payouts, tasks
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.tasks import Lease

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5
_FIRST_PAUSE_MS = 500
_LONGEST_PAUSE_MS = 600_000


class Workers:
    """A number of worker threads over one system."""

    def __init__(self, system: System, woken: threading.Event, count: int, stages: Collection[str] = STAGES) -> None:
        """Prepare `count` workers that look for work of some stages whenever `woken` is set."""
        self._system = system
        self._stages = tuple(stages)
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
                busy = work_once(self._system, self._stages, is_patient=True)
            except Exception:  # noqa: BLE001  # a database that is away for a moment must not end the worker
                _log.exception("a worker could not look for work")
                busy = False
            if not busy:
                self._woken.wait(_LOOK_SECONDS)
                self._woken.clear()


def work_once(system: System, stages: Collection[str] = STAGES, *, is_patient: bool = False) -> bool:
    """Lease what is due next and do its stage: one task, or several that are quick; False when nothing is due.

    Who `is_patient` lets the claims of a busy moment gather first: see adjudicator/turns.py.
    """
    with system.turns.taken():
        leases = _lease(system, tuple(stages), is_patient=is_patient)
        left = _judge(system, leases) if _is_batch(leases) and leases[0].stage != "pay" else leases
    if _is_batch(left) and left[0].stage == "pay":  # out of turn: a bank takes its time
        left = _left_over(left, lambda: _pay(system, left))
    for lease in left:
        _work_alone(system, lease)
    return bool(leases)


def _lease(system: System, stages: tuple[str, ...], *, is_patient: bool) -> Sequence[Lease]:
    limits, together = system.limits, TOGETHER if system.limits.claims_together > 1 else frozenset[str]()
    with system.database.read() as tx:
        if not tasks.has_due(tx, stages):
            return ()
    if is_patient:
        system.turns.gather()
    with system.database.write() as tx:
        return tasks.lease_several(tx, stages, limits.lease_ms, limits.claims_together, together)


def _is_batch(leases: Sequence[Lease]) -> bool:
    return bool(leases) and leases[0].is_quick


def _judge(system: System, leases: Sequence[Lease]) -> Sequence[Lease]:
    def judge() -> Sequence[Lease]:
        work_together(system, leases)
        return ()

    with system.turns.working(is_full=len(leases) == system.limits.claims_together):
        return _left_over(leases, judge)


def _left_over(leases: Sequence[Lease], work: Callable[[], Sequence[Lease]]) -> Sequence[Lease]:
    """Do the stage of several claims together; gives those that go on alone, because one of them, or the bank, is not as usual."""
    try:
        return work()
    except UnusualError as error:
        _log.info("claim %s goes on alone, and so do those beside it", error)
        return leases
    except Exception as error:  # noqa: BLE001  # whose it is shows when each is worked on alone
        _log.warning("stage %s of %d claims failed together (%s): each goes on alone", leases[0].stage, len(leases), type(error).__name__)
        return leases


def _pay(system: System, leases: Sequence[Lease]) -> Sequence[Lease]:
    left = pay_together(system, leases)
    for lease, error in left:
        if error:
            _note_failure(system, lease, error)
    return [lease for lease, error in left if not error]


def _work_alone(system: System, lease: Lease) -> None:
    if lease.attempt > _attempts(system, lease):  # nobody was left to say that the last one failed
        _note_failure(system, lease, _silent(lease))
        return
    try:
        STAGES[lease.stage](system, lease)
    except StaleVersionError:
        _log.info("lost the lease on %s of claim %s", lease.stage, lease.claim_id)
    except Exception as error:  # noqa: BLE001  # whatever it is, the claim must not be lost: it is tried again, then a person has it
        _note_failure(system, lease, error)


def _silent(lease: Lease) -> MingbaiError:
    told = f"attempt {lease.attempt - 1} of stage {lease.stage} never ended: its process died, or stood still for longer than its lease"
    return MingbaiError(told, "look for that moment in the log and in the system's, and mend what killed it; then claim retry")


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
        audit.append(
            tx, lease.claim_id, SYSTEM, "task.dead", {"stage": lease.stage, "attempts": min(lease.attempt, _attempts(system, lease))}
        )
        if lease.stage == VERDICT:
            let_fall(tx, lease.claim_id, told)
        state = claims.get_claim(tx, lease.claim_id).state
        to = ClaimState.DECIDED if state is ClaimState.PAYING else ClaimState.IN_REVIEW
        if to in CLAIM_MOVES[state]:
            claims.move(tx, lease.claim_id, to, SYSTEM, {"stage": lease.stage})


def _attempts(system: System, lease: Lease) -> int:
    return system.limits.max_payment_attempts if lease.stage == "pay" else system.limits.max_attempts


def retry(system: System, claim_id: str, actor: Actor) -> tuple[str, ...]:
    """Open a claim's dead tasks again, after whatever killed them was mended; gives the stages.

    A payment is tried again in whichever round it is; reading and adjudicating only in the present one, as long as nobody decided it.
    What a person has decided since is closed, so that nobody is alarmed by it any more.

    Raises:
        NotFoundError: no such claim.
        ConflictError: no task of it is dead, or a person has decided since, or has the claim in an investigation.
    """
    with system.database.write() as tx:
        claim = claims.get_claim(tx, claim_id, lock=True)
        dead = tasks.dead_tasks(tx, claim_id)
        overtaken = [each for each in dead if _is_overtaken(tx, claim, *each)]
        for stage, round_ in overtaken:
            tasks.settle_dead(tx, claim_id, stage, round_)
            audit.append(tx, claim_id, actor, "task.overtaken", {"stage": stage, "round": round_})
        retried = [each for each in dead if each not in overtaken]
        for stage, round_ in retried:
            _open_again(tx, claim_id, stage, round_, actor)
    if not dead:
        raise ConflictError(f"no task of claim {claim_id} has been given up", "nothing to do; `claim show` tells where it stands")
    if not retried:
        told = "、".join(f"{stage} of round {round_}" for stage, round_ in overtaken)
        raise ConflictError(f"{told} of claim {claim_id}: a person has decided since", "it is closed now; to decide anew: claim reopen")
    system.wake()
    return tuple(stage for stage, _ in retried)


def _is_overtaken(tx: Transaction, claim: ClaimRecord, stage: str, round_: int) -> bool:
    if stage == VERDICT:  # it fell when its task was given up: somebody decides again
        return True
    return stage != "pay" and (round_ < claim.round or decisions.find_kind(tx, claim.claim_id, round_) is not None)


def _open_again(tx: Transaction, claim_id: str, stage: str, round_: int, actor: Actor) -> None:
    to, state = ClaimState.PAYING if stage == "pay" else ClaimState.READING, claims.get_claim(tx, claim_id).state
    if state is not to:  # two payments of a claim may have died
        if to not in CLAIM_MOVES[state]:
            told = f"claim {claim_id} is {state}, and {stage} of round {round_} cannot be tried again from there"
            raise ConflictError(told, "let whoever has the claim decide it, or hand it back to review first")
        claims.move(tx, claim_id, to, actor, {"retry": stage})
    if stage == "pay":
        _ask_bank_again(tx, claim_id, round_)
    tasks.open_task(tx, claim_id, stage, round_)
    audit.append(tx, claim_id, actor, "task.retried", {"stage": stage, "round": round_})


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
