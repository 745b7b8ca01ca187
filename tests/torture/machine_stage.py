"""What the state machine stands on: one insured's world, a clock, a death to come, and the words its rules are written in."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import event

from adjudicator.china_time import today as china_today
from adjudicator.intake import submit
from adjudicator.pending import find_pending
from adjudicator.system import System
from domain.claim import ClaimNotice, UploadedFile
from domain.decision import Actor, DecisionKind
from domain.errors import MingbaiError
from storage import claims, decisions, payouts
from storage.access import Staff
from storage.payouts import IN_FLIGHT
from tests.adjudicator.world import ADJUSTER, World, id_card, invoice, notice, summary
from tests.torture.moody_bank import MoodyBank

OPERATOR = Actor("command line", "operator")
DECIDERS = (ADJUSTER, *(Staff(name, name, "senior_adjuster", 10**10) for name in ("gao", "he", "bai")))
WITH_PEOPLE, DONE = ("IN_REVIEW", "IN_INVESTIGATION"), ("PAID", "CLOSED")
PICK = st.integers(0, 99)
_TICK_MS = 20


class Killed(BaseException):
    """The process is dead: nothing of ours may catch it."""


@dataclass
class Death:
    """Kills this "process" at one of the coming boundaries: a statement, a COMMIT, before or after it."""

    left: int = 0

    def watch(self, world: World) -> None:
        engine = world.system.database.engine
        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            self.pass_boundary()
            commit(connection)
            self.pass_boundary()

        engine.dialect.do_commit = do_commit  # type: ignore[method-assign]
        event.listen(engine, "before_cursor_execute", lambda *_: self.pass_boundary())

    def pass_boundary(self) -> None:
        if self.left > 0:
            self.left -= 1
            if self.left == 0:
                raise Killed


class Clock:
    """The virtual clock of one database: it moves by a tick a transaction and when it is told to, so that every run repeats exactly."""

    def __init__(self) -> None:
        self.ahead = 0
        self._ticks = count(0, _TICK_MS)

    def ahead_ms(self) -> int:
        """Tell how far this clock is ahead of the moment at which all runs begin."""
        return next(self._ticks) + self.ahead


class Stage(RuleBasedStateMachine):
    """One insured with one policy, their claims, and what every rule and law asks about them."""

    open_world: Callable[[Clock, MoodyBank], World]  # set by the test: a new, empty world
    counts: ClassVar[Counter[str]] = Counter()  # over all runs: what was done, so that a test can ask whether enough was

    world: World
    system: System
    clock: Clock
    bank: MoodyBank
    death: Death
    notices: dict[str, ClaimNotice]
    where: dict[str, str]  # the state of every claim
    owing: dict[str, int]  # what is to be given back on claims, in fen
    is_offset: bool  # whether an offset was ever arranged
    number: int

    def send(self, total_fen: int, *, is_complete: bool) -> None:
        """Submit a claim with its papers; an incomplete one lacks the discharge summary."""
        self.number += 1
        papers = (invoice(total_fen, number=f"99000000{self.number:02}"), id_card(), *([summary()] if is_complete else []))
        sent = notice(f"APP-{self.number}", self.world.files(*papers, tag=f"{self.number}-"))
        receipt = submit(self.system, sent)
        assert receipt.is_new
        self.notices[receipt.claim_id] = sent
        self.counts["submit"] += 1

    def today(self) -> date:
        """Tell the day of this world."""
        with self.system.database.read() as tx:
            return china_today(tx)

    @contextmanager
    def refused(self, error: type[MingbaiError]) -> Iterator[None]:
        """Expect a command to be refused."""
        try:
            yield
        except error:
            return
        raise AssertionError(f"this was to be refused with {error.__name__}")

    @contextmanager
    def perhaps(self, name: str, *, allowed: bool | None = None) -> Iterator[None]:
        """Let a command be done or be refused; when we know which, it must be so."""
        try:
            yield
        except MingbaiError as error:
            assert allowed is not True, f"{name} was refused: {error}"
            self.counts[f"{name} refused"] += 1
            return
        assert allowed is not False, f"{name} was done, and may not be"
        self.counts[name] += 1

    @contextmanager
    def deciding(self, name: str, pick: int, staff: Staff, *, is_stale: bool = False) -> Iterator[tuple[str, int]]:
        """Decide on a claim: never on an old page, never by who decided before."""
        claim_id = self.one_of(pick, *WITH_PEOPLE)
        with self.system.database.read() as tx:
            by_before = {each.actor for each in decisions.decisions_of(tx, claim_id) if each.kind is not DecisionKind.ADVANCE}
        with self.perhaps(name, allowed=False if is_stale or staff.user_name in by_before else None):
            yield claim_id, self.version(claim_id) - is_stale

    def any_in(self, *states: str) -> bool:
        return any(each in states for each in self.where.values())

    def one_of(self, pick: int, *states: str) -> str:
        """Choose a claim among those in some states, or among all."""
        fitting = [claim_id for claim_id in self.notices if not states or self.where[claim_id] in states]
        return fitting[pick % len(fitting)]

    def summary_of(self, claim_id: str) -> tuple[UploadedFile, ...]:
        number = int(self.notices[claim_id].external_ref.removeprefix("APP-"))
        return self.world.files(summary(), tag=f"more-{number}-")

    def version(self, claim_id: str) -> int:
        with self.system.database.read() as tx:
            return claims.get_claim(tx, claim_id).version

    def is_decided(self, claim_id: str) -> bool:
        """Tell whether a claim was ever decided; between two steps nothing is halfway."""
        with self.system.database.read() as tx:
            return bool(decisions.decisions_of(tx, claim_id))

    def pending(self, claim_id: str) -> str:
        """Name whose verdict waits on a claim; "" when none does."""
        with self.system.database.read() as tx:
            found = find_pending(tx, claim_id)
            return found.user_name if found else ""

    def is_flying(self, claim_id: str) -> bool:
        """Tell whether an order of a claim may yet move money."""
        with self.system.database.read() as tx:
            return any(each.state in IN_FLIGHT for each in payouts.payouts_of(tx, claim_id))
