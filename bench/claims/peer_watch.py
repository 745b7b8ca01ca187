"""What a peer's processes and its database have used; of no other package, since the peers run in an environment of their own."""

import os
from pathlib import Path

import psycopg

_TICKS = 100  # of a second, as /proc counts on every Linux we know


def tree_seconds(pid: int) -> float:
    """Sum the processor time of a process and of all that descend from it and live."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    children = [int(each) for task in Path(f"/proc/{pid}/task").iterdir() for each in (task / "children").read_text().split()]
    return _ticks(stat) / _TICKS + sum(map(tree_seconds, children))


def own_seconds() -> float:
    """Sum the processor time of this process and of all that it has started."""
    return tree_seconds(os.getpid())


def server_seconds(line: psycopg.Connection) -> float:
    """Sum the processor time of the server's processes for this database, and for that of DBOS beside it."""
    pids = line.execute("SELECT pid FROM pg_stat_activity WHERE datname LIKE current_database() || '%'").fetchall()
    return sum(_ticks(stat) for (pid,) in pids if (stat := Path(f"/proc/{pid}/stat")).exists()) / _TICKS


def ordered(line: psycopg.Connection) -> int:
    """Count the payment orders."""
    return line.execute("SELECT count(*) FROM payout").fetchone()[0]


def _ticks(stat: Path) -> int:
    return sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13]))
