"""Chores: what is due by the hour and not by a claim's stage: clocks that run out are told of, customers are reminded of
appointments and of what is due on their policies, the outbox is emptied, and letters are printed.

Any number of processes may do them at once: a clock is marked, and a message leased, by one of them only. Each round
begins with one look that locks nothing, and does a small piece of what is due; claims come before their letters.
"""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from adjudicator import clocks, reminding, servicing_sweep, watching
from adjudicator.confirming import expire
from adjudicator.decide import SYSTEM
from adjudicator.endorsing import write_endorsements
from adjudicator.servicing_money import move_money
from adjudicator.system import System
from adjudicator.telling import tell_breach, warn
from adjudicator.uploading import drop_expired
from adjudicator.writing import write_letters
from agent import reminding as appointments_near
from domain.errors import MessageError
from domain.states import ClaimState
from storage import audit, claims, letters, messages, servicing, servicing_orders
from storage.clocks import Mark, has_unmarked, mark_clock, unmarked_clocks
from storage.database import Transaction
from storage.messages import Sending

_log = logging.getLogger(__name__)
_PIECE = 20  # clocks or messages of one round: workers of the same process wait for no more than that
_SENDERS = 4
_FIRST_PAUSE_MS = 1_000
_LONGEST_PAUSE_MS = 3_600_000
_ATTEMPTS = 24  # with growing pauses, more than half a day


def do_chores(system: System) -> int:
    """Do a piece of everything that is due now; gives how many clocks, messages and letters were dealt with."""
    ways = tuple(system.messengers)
    with system.database.read() as tx:
        clocks_due, messages_due, letters_due = has_unmarked(tx), bool(ways) and messages.has_due(tx, ways), letters.has_due(tx)
        sweep_due = servicing_sweep.is_due(tx)
        money_due, endorsements_due, watch_due = servicing_orders.has_due(tx), servicing.has_print_due(tx), watching.is_due(tx)
        reminders_due, reminding_due = appointments_near.is_due(tx), reminding.is_due(tx)
    dealt = escalate(system) if clocks_due else 0
    dealt += drop_expired(system, _PIECE)
    dealt += move_money(system, _PIECE) if money_due else 0
    dealt += appointments_near.remind_due(system.database, _PIECE) if reminders_due else 0
    dealt += send_messages(system) if messages_due or dealt else 0  # a clock that was told of wrote one
    dealt += write_letters(system) if letters_due else 0
    dealt += write_endorsements(system, _PIECE) if endorsements_due or money_due else 0
    if sweep_due and not dealt:
        dealt += servicing_sweep.sweep(system)
    if (reminding_due or sweep_due) and not dealt:  # the same round may have ended what has to come before
        dealt += reminding.sweep(system)
    if watch_due and not dealt:  # figures of the risk model can wait until nothing else does
        watching.watch(system)
    return dealt


def escalate(system: System) -> int:
    """Tell of every clock that was missed, and of every one of which a fifth is left, each once; gives how many."""
    return _tell_of(system, Mark.BREACHED) + _tell_of(system, Mark.WARNED)


def _tell_of(system: System, mark: Mark) -> int:
    with system.database.read() as tx:
        found = unmarked_clocks(tx, mark, _PIECE)
    for claim_id, kind in found:
        with system.database.write() as tx:
            claim = claims.get_claim(tx, claim_id, lock=True)  # first, as whoever meets a clock does, so that nobody waits for each other
            clock = mark_clock(tx, claim_id, kind, mark)
            if clock is None or (mark is Mark.WARNED and clock.breached_ms):
                continue
            if (
                kind == clocks.CONFIRMATION
            ):  # the hospital's clock: nobody here is told of it, and when it has run out, so has what it was for
                if mark is Mark.BREACHED:
                    expire(tx, claim)
                continue
            tell = warn if mark is Mark.WARNED else tell_breach
            tell(tx, clock)
            action = "clock.at_risk" if mark is Mark.WARNED else "clock.missed"
            audit.append(tx, claim_id, SYSTEM, action, {"clock": kind, "due_ms": clock.due_ms})
    return len(found)


def send_messages(system: System) -> int:
    """Hand over what is in the outbox; gives how many messages were tried."""
    ways = tuple(system.messengers)
    with system.database.write() as tx:
        taken = messages.lease_due(tx, ways, system.limits.lease_ms, _PIECE) if ways else ()
    with ThreadPoolExecutor(_SENDERS) as pool:  # one gateway that is slow must not hold up the others
        for sending, answer in zip(taken, pool.map(lambda each: _send(system, each), taken), strict=True):
            with system.database.write() as tx:
                _write_down(system, tx, sending, answer)
    return len(taken)


def _send(system: System, sending: Sending) -> str | MessageError:
    try:
        return system.messengers[sending.message.way].send(sending.message)
    except MessageError as error:
        return error
    except Exception as error:  # noqa: BLE001  # one message that a gateway chokes on must not hold up those behind it
        _log.exception("message %s could not be handed over", sending.message.message_id)
        return MessageError(f"{type(error).__name__} while a message was handed over", "it is tried again")


def _write_down(system: System, tx: Transaction, sending: Sending, answer: str | MessageError) -> None:
    if isinstance(answer, MessageError):
        is_last = sending.attempt >= _ATTEMPTS
        pause = None if is_last else min(_LONGEST_PAUSE_MS, _FIRST_PAUSE_MS * 2 ** (sending.attempt - 1))
        _log.warning("message %s failed (attempt %d): %s", sending.message.message_id, sending.attempt, answer)
        if messages.note_failed(tx, sending, str(answer), retry_after_ms=pause) and is_last:
            if not sending.claim_id:
                reminding.take_another_way(system, tx, sending.message.message_id)
                return
            audit.append(tx, sending.claim_id, SYSTEM, "message.dead", {"message": sending.message.message_id, "way": sending.message.way})
        return
    if messages.note_sent(tx, sending, answer) and sending.notice_id:
        audit.append(tx, sending.claim_id, SYSTEM, "notice.sent", {"notice": sending.notice_id, "way": sending.message.way})
        claim = claims.get_claim(tx, sending.claim_id)
        if claim.event_code:
            clocks.contacted(tx, sending.claim_id)
        if claim.state is ClaimState.CLOSED:
            clocks.refusal_sent(tx, sending.claim_id)


class Chores:
    """A thread that does the chores every so often, until it is stopped."""

    def __init__(self, system: System, every_seconds: float = 1.0) -> None:
        """Prepare the thread."""
        self._system = system
        self._every = every_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Let the round that is under way finish, and end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause = self._every
        while not self._stopping.wait(pause):
            begun, dealt = time.monotonic(), 0
            try:
                dealt = do_chores(self._system)
            except Exception:  # noqa: BLE001  # a database that is away for a moment must not end the thread
                _log.exception("the chores could not be done")
            # While there is more to do, it rests for as long as it worked: claims come before their letters.
            pause = min(self._every, time.monotonic() - begun) if dealt else self._every
