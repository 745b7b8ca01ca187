"""What the peers do, whichever of them: a claim is submitted by the caller, then its stages are steps of a chain or a workflow.

`rows`: each stage inserts its rows over psycopg, with nothing read, looked up or worked out. `stages`: each stage runs the functions
that our own workers run, in one transaction of its own, as somebody would write it who has a queue and no leases: the papers are
parsed, the rules asked, the claim scored and routed, and the same rows written.
"""

import json
import pickle
import threading
from pathlib import Path
from typing import Any, Protocol

STAGES = ("read", "adjudicate")
BEFORE_US = Path(__file__).parents[2]  # where the product's own packages are imported from


class Work(Protocol):
    """Claims by number, and what is done of each; every method is one transaction that writes."""

    count: int
    warm: int  # so many of them go before and do not count

    def submit(self, number: int) -> str:
        """Store a claim; gives what its stages are called with."""
        ...

    def do(self, claim: str, stage: str) -> None:
        """Do a stage of it."""
        ...


def open_work(order: Path) -> Work:
    """Open what an order of bench/claims/peers.py asks for, in whichever process."""
    told = json.loads(order.read_text())
    return Rows(**told["rows"]) if "rows" in told else Stages(**told["stages"])


class Rows:
    """The rows alone."""

    def __init__(self, path: str, postgres: str, warm: int) -> None:
        self._steps = pickle.loads(Path(path).read_bytes())  # noqa: S301 - written by bench/claims/peers.py a moment ago
        self._postgres, self._lines = postgres, threading.local()
        self.count, self.warm = len(self._steps), warm

    def submit(self, number: int) -> str:
        """Insert what a submission writes."""
        self._insert(number, "submit")
        return str(number)

    def do(self, claim: str, stage: str) -> None:
        """Insert what a stage writes."""
        self._insert(int(claim), stage)

    def _insert(self, number: int, stage: str) -> None:
        if not hasattr(self._lines, "line"):
            import psycopg

            self._lines.line = psycopg.connect(self._postgres)
        with self._lines.line.transaction(), self._lines.line.cursor() as cursor:
            for statement, values in self._steps[number][stage]:
                cursor.executemany(statement, values)


class Stages:
    """The stages as they are."""

    def __init__(self, url: str, folder: str, first: int, count: int, warm: int) -> None:
        from bench.claims import plant

        self._system: Any = plant.open_system(url, Path(folder), lambda: None)
        self._first, self.count, self.warm = first, count, warm

    def submit(self, number: int) -> str:
        """Submit a claim, as the server does for its caller."""
        from adjudicator.intake import submit
        from bench.claims import cast

        return submit(self._system, cast.notice_of(self._first + number)).claim_id

    def do(self, claim: str, stage: str) -> None:
        """Read the papers, or judge and order the payment."""
        self._read(claim) if stage == "read" else self._adjudicate(claim)

    def _read(self, claim_id: str) -> None:
        from adjudicator.decide import SYSTEM
        from adjudicator.joining import find_joins
        from adjudicator.reading import as_records, is_complete, read_one, told_of
        from domain.states import ClaimState
        from storage import audit, claims, documents

        with self._system.database.read() as tx:
            papers, in_rows = documents.documents_of(tx, claim_id), documents.contents_of(tx, [claim_id])
        found = [record for each in papers for record in as_records(each, read_one(self._system, each, in_rows))]
        if find_joins(self._system, found, frozenset()):
            raise RuntimeError("papers of the benchmark are not parts of one another")
        with self._system.database.write() as tx:
            claim = claims.get_claim(tx, claim_id, lock=True)
            claims.move(tx, claim_id, ClaimState.READING, SYSTEM)
            tx.learn(("documents", claim_id), papers)
            documents.save_readings(tx, claim_id, [(paper, each.read) for paper, each in zip(papers, found, strict=True)])
            for each in found:
                audit.append(tx, claim_id, SYSTEM, "document.read", told_of(each, each.read))
            if not is_complete(self._system, tx, claim):
                raise RuntimeError("the papers of the benchmark are complete")

    def _adjudicate(self, claim_id: str) -> None:
        from adjudicator.judging import gather_evidence, judge_now
        from storage import claims

        with self._system.database.write() as tx:
            claim = claims.get_claim(tx, claim_id, lock=True)
            judge_now(self._system, tx, claim, gather_evidence(self._system, tx, claim))
