"""Watches which payments were ordered, and what a database server's processes have used."""

import threading
import time
from pathlib import Path

from sqlalchemy import event, text

from storage.database import Database

_OLDEST = 4  # claims that are looked for first: while none of them is ordered, nobody looks at the others
_MOST = 500  # that are looked for at a time
_PIDS = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
_TICKS = 100  # of a second, as /proc counts on every Linux we know


class Watch:
    """Looks every few milliseconds which of the expected payments were ordered, and how long each took.

    It looks past SQLAlchemy, and first at the oldest alone, because what it costs is counted as ours.
    """

    def __init__(self, database: Database, look_seconds: float) -> None:
        """Begin to look, in a thread."""
        self._line = database.engine.raw_connection()
        self._place = "?"
        if not database.is_sqlite:
            self._line.driver_connection.autocommit, self._place = True, "%s"  # type: ignore[union-attr]  # psycopg's own
        self._look_seconds = look_seconds
        self._open: dict[str, float] = {}
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self.latencies_ms: list[float] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def expect(self, claim_id: str, since: float) -> None:
        """Look out for the payment of a claim that was sent at a moment of `time.perf_counter`."""
        with self._lock:
            self._open[claim_id] = since

    def wait(self) -> None:
        """Come back when everything that was expected was seen."""
        while self._open:
            time.sleep(self._look_seconds)
        self._stopping.set()
        self._thread.join()
        self._line.close()

    def _run(self) -> None:
        while not self._stopping.wait(self._look_seconds):
            with self._lock:
                wanted = list(self._open)
            if found := self._ordered(wanted[:_OLDEST]) and self._ordered(wanted[:_MOST]):
                now = time.perf_counter()
                with self._lock:
                    self.latencies_ms += [(now - self._open.pop(claim_id)) * 1000 for claim_id in found]

    def _ordered(self, claim_ids: list[str]) -> list[str]:
        if not claim_ids:
            return []
        cursor = self._line.cursor()
        places = ", ".join([self._place] * len(claim_ids))
        cursor.execute(f"SELECT claim_id FROM payout WHERE claim_id IN ({places})", claim_ids)  # noqa: S608 - placeholders
        return [claim_id for (claim_id,) in cursor.fetchall()]


def count_commits(database: Database) -> list[int]:
    """Count the transactions that write, in a list of one number."""
    counted = [0]

    def count(connection: object) -> None:
        counted[0] += 1

    event.listen(database.engine, "commit", count)
    return counted


def server_cpu_seconds(database: Database) -> float:
    """Sum the processor time of a PostgreSQL server's processes for this database, on this machine; 0 for SQLite, which has none."""
    if database.is_sqlite:
        return 0.0
    with database.read() as tx:
        pids = tx.bare.execute(_PIDS).scalars().all()
    used = 0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            fields = stat.read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
    return used / _TICKS
