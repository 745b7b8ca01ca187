"""A storm: claims come in while one mishap follows the other; then calm, until nothing is open; then the invariants.

Every mishap lets a few more claims in, so that none of them meets an idle house.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.torture.customers import Customers
from tests.torture.disk import Disk
from tests.torture.faults import KINDS, Faults
from tests.torture.invariants import Found, check
from tests.torture.line import Line, Weather
from tests.torture.stand import LEASE_SECONDS, Process, Stand

_OPEN = (
    "SELECT (SELECT count(*) FROM task WHERE status = 'open') + (SELECT count(*) FROM message WHERE status = 'open')"
    " + (SELECT count(*) FROM claim WHERE state NOT IN ('PAID', 'DECIDED', 'CLOSED'))"
)
_WAITING = "SELECT available_ms FROM task WHERE status = 'open' UNION ALL SELECT available_ms FROM message WHERE status = 'open'"
_SOONEST = f"SELECT min(available_ms) FROM ({_WAITING}) AS waiting"  # noqa: S608  # made of constants
_ALL = "SELECT count(*) FROM claim"
_ENTRIES = "SELECT sum(audit_seq) FROM claim"  # rises with everything that is done
_ENTRIES_OF_A_CLAIM = 15
_PATIENCE_SECONDS = 15.0
_QUIET_SECONDS = 2.5  # longer than the pause between two chores
_HOUR_MS = 3_600_000


@dataclass
class Report:
    """What was done to a system, and what came of it."""

    name: str
    mishaps: Counter[str] = field(default_factory=Counter)
    deaths: int = 0
    places: int = 0  # at which somebody died, of those that were come to
    sent_again: int = 0
    seconds: float = 0.0
    found: Found = field(default_factory=Found)


@dataclass
class Storm:
    """A stand in bad weather. `extra` are further mishaps by name: of the database, of the broker."""

    stand: Stand
    name: str = "storm"
    seed: int = 1
    workers: int = 1  # processes beside the server
    disk: Disk | None = None
    extra: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    mutants: tuple[str, ...] = ()  # in every process
    unsettled: tuple[str, ...] = ()  # states that claims may be left in by design
    tell: Callable[[str], None] = lambda _: None

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.report = Report(self.name)
        self._roles = ["serve", *["worker"] * self.workers]

    def run(self, claims: int, mishaps: int) -> Report:
        """Let that many claims through that many mishaps, and look at what is left."""
        begun = time.monotonic()
        customers = Customers(self.stand, claims).start()
        for number, name in enumerate(self._forecast(mishaps)):
            released = claims * (number + 1) // mishaps
            customers.release(released)
            self._staff_up()
            self._let_them_work(self.chance.randint(1, max(2, _ENTRIES_OF_A_CLAIM * claims // mishaps)), customers, released)
            self._kinds[name]()
            self.report.mishaps[name] += 1
            if number % 20 == 0:
                self.tell(
                    f"{self.report.name}: mishap {number} of {mishaps}, {len(customers.acknowledged)} claims in, {self.report.deaths} dead"
                )
        return self._end(customers, begun)

    def climb(self, claims: int, kinds: tuple[str, ...], at_most: int = 10_000) -> Report:
        """Let one server after the other die at the next place where nobody died before, until one comes through (or `at_most` died).

        Of a server that keeps worker processes, these die, and the server goes on.
        """
        begun, released, seen = time.monotonic(), 0, -1
        customers = Customers(self.stand, claims).start()
        quiet_since, deadly, keeps = begun, Faults(kinds, mutants=self.mutants), self.stand.worker_processes > 0
        while seen < at_most and time.monotonic() - quiet_since < _QUIET_SECONDS:
            if not self.stand.processes:
                self.stand.start("serve", *((Faults(mutants=self.mutants), deadly) if keeps else (deadly,)))
            self.stand.bury()
            deaths = len(self.stand.diary.deaths())
            if deaths > seen:
                seen, released = deaths, min(released + 1, claims)
                customers.release(released)
                self.stand.clock.jump(LEASE_SECONDS * 1000 + 1)
                if seen % 20 == 0:
                    self.tell(f"{self.report.name}: died at {seen} places, {len(customers.acknowledged)} claims in")
            if len(customers.acknowledged) < released or self.stand.count(_OPEN):
                quiet_since = time.monotonic()
            time.sleep(0.05)
        for each in list(self.stand.processes):
            self.stand.end(each)  # one may come to a new place, and die there, on its way out
        self.report.deaths = len(self.stand.diary.deaths())
        customers.release(claims)
        return self._end(customers, begun)

    def overtake(self, claims: int) -> Report:
        """Let a process stand still in the middle of reading, another take over and finish, and the first go on as if nothing had been."""
        begun = time.monotonic()
        customers = Customers(self.stand, claims).start()
        first = self.stand.start("serve", Faults(("read",), 1, stops=True, mutants=self.mutants))
        customers.release(claims)
        self._wait(lambda: self.stand.is_standing_still(first))
        self.report.mishaps["stood still"] += 1
        self.stand.clock.jump(LEASE_SECONDS * 1000 + 1)
        second = self.stand.start("worker", Faults(mutants=self.mutants))
        self._wait(lambda: self.stand.count(_ALL) > 0 and self.stand.count(_OPEN) == 0)
        done = self.stand.count(_ENTRIES)
        self.stand.wake_up(first)
        self._wait(lambda: self.stand.count(_ENTRIES) > done, seconds=_QUIET_SECONDS)
        self.stand.end(second)
        report = self._end(customers, begun)
        report.found.wrong += [f"who was overtaken went on: {each}" for each in self.stand.complaints("serve")]
        return report

    @staticmethod
    def _wait(until: Callable[[], bool], seconds: float = 120) -> None:
        """Wait for something at most so long; the invariants will tell whether it came."""
        end = time.monotonic() + seconds
        while not until() and time.monotonic() < end:
            time.sleep(0.05)

    def _end(self, customers: Customers, begun: float) -> Report:
        self.settle(customers)
        self.report.found = check(self.stand.database, self.stand.bank_book, customers.acknowledged, unsettled=self.unsettled)
        self.report.found.wrong += customers.faults
        self.report.sent_again, self.report.seconds = customers.again, time.monotonic() - begun
        self.report.places = len(set(self.stand.diary.deaths()))
        return self.report

    def settle(self, customers: Customers, patience_seconds: float = 600) -> None:
        """Fair weather: time passes whenever everything waits, until nothing is open.

        Raises:
            TimeoutError: something stays open; the invariants would say what.
        """
        for each in self.stand.processes:
            self.stand.wake_up(each)
        until = time.monotonic() + patience_seconds
        while not customers.are_done or self.stand.count(_OPEN):
            self._staff_up(faults=False)
            self.pass_time()
            time.sleep(0.1)
            if time.monotonic() > until:
                self.tell(f"{self.report.name}: something stays open")
                customers.give_up()
                break
        for process in list(self.stand.processes):  # letters of the last claims are printed by then, or by the next one that starts
            self.stand.end(process)

    def pass_time(self) -> None:
        """Let the clock jump to the first thing that is due, when nothing is due before any lease could end."""
        soonest, now = self.stand.count(_SOONEST), self.now_ms()
        if soonest - now > LEASE_SECONDS * 1000:
            self.stand.clock.jump(soonest - now)

    def now_ms(self) -> int:
        """Tell the time as the product's processes see it."""
        with self.stand.database.read() as tx:
            return tx.now_ms() + self.stand.clock.ahead_ms()

    def _staff_up(self, *, faults: bool = True) -> None:
        """Replace who died; every second newcomer carries the seed of its own end."""
        self.report.deaths += len(self.stand.bury())
        for role in set(self._roles):
            missing = self._roles.count(role) - sum(each.role == role for each in self.stand.processes)
            for _ in range(missing):
                self.stand.start(role, self._perhaps_deadly(faults=faults), self._perhaps_deadly(faults=faults))

    def _perhaps_deadly(self, *, faults: bool) -> Faults:
        strikes = faults and self.chance.random() < 0.5
        return Faults(KINDS if strikes else (), self.chance.randint(1, 600), mutants=self.mutants)

    def _let_them_work(self, entries: int, customers: Customers, released: int) -> None:
        """Wait until so much was done, or nothing is left to do: who strikes an idle house proves nothing."""
        enough = self.stand.count(_ENTRIES) + entries
        until = time.monotonic() + _PATIENCE_SECONDS
        while self.stand.count(_ENTRIES) < enough and time.monotonic() < until:
            if len(customers.acknowledged) >= released and not self.stand.count(_OPEN):
                return
            self._staff_up()  # whoever died meanwhile
            time.sleep(0.02)

    def _forecast(self, mishaps: int) -> list[str]:
        """Choose what will happen: everything equally often, killing twice as often, in an order of chance."""
        self._kinds: dict[str, Callable[[], None]] = {
            "killed": self._kill, "stood still": self._stand_still, "clock jumped": self._jump,
            "bank cut off": lambda: self.cut(self.stand.line, Weather.CUT), "answers lost": lambda: self.cut(self.stand.line, Weather.DEAF),
            **({"worker process killed": self.stand.kill_child} if self.stand.worker_processes else {}),
            **({"disk full": self._fill_disk} if self.disk else {}), **self.extra,
        }  # fmt: skip
        names = ["killed", *self._kinds]
        rounds = [self.chance.sample(names, len(names)) for _ in range(mishaps // len(names) + 1)]
        return [each for round_ in rounds for each in round_][:mishaps]

    def _any(self) -> Process:
        return self.chance.choice(self.stand.processes)

    def _kill(self) -> None:
        victim = self._any()
        self.stand.kill(victim)
        self.report.deaths += 1

    def _stand_still(self) -> None:
        """One machine loses its time: the others take over what it holds, and then it comes back."""
        victim = self._any()
        self.stand.stop(victim)
        time.sleep(0.1)
        self.stand.clock.jump(LEASE_SECONDS * 1000)
        time.sleep(self.chance.uniform(0.2, 0.6))
        self.stand.wake_up(victim)

    def _jump(self) -> None:
        self.stand.clock.jump(self.chance.randint(LEASE_SECONDS * 1000, _HOUR_MS))

    def cut(self, line: Line, weather: Weather) -> None:
        """Let a line be bad for a while."""
        line.set(weather)
        time.sleep(self.chance.uniform(0.2, 0.8))
        line.set(Weather.FAIR)

    def _fill_disk(self) -> None:
        assert self.disk
        self.disk.fill()
        time.sleep(self.chance.uniform(0.2, 0.6))
        self.disk.free()
