"""A program of its own: workers that are killed (SIGKILL) again and again while they bring claims from papers to the bank.

    python tests/adjudicator/killed_workers.py DATABASE_URL FOLDER BANK_URL KILLS SEED

Each worker is a forked process, killed after a random part of a second; the last one is left alone until nothing is due.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from adjudicator.bank import HttpBank
from adjudicator.published import PublishedBooks
from adjudicator.system import Limits, System
from adjudicator.worker import work_once
from domain.document import Document
from domain.policy import Person
from riskmodel.model import load_model
from rules.routing import load_routing
from storage.blobs import BlobStore
from storage.crypto import FieldCipher
from storage.database import Database
from tests.adjudicator.world import id_card, invoice, summary

HOME = Path(__file__).parents[2]
MAGIC = b"\xff\xd8\xff"


class NamedReader:
    """Reads a file whose content is only its name: "invoice 7", "summary 7" or "id_card 7"."""

    def read_all(self, content: bytes) -> tuple[Document, ...]:
        kind, number = content.removeprefix(MAGIC).decode().split()
        person = person_of(int(number))
        if kind == "id_card":
            return (id_card(person),)
        if kind == "summary":
            return (summary(patient_name=person.name),)
        return (invoice(number=f"99{int(number):08}", payer_name=person.name),)

    def read_joined(self, files: Sequence[tuple[bytes, tuple[int, ...]]]) -> tuple[Document, ...]:
        return ()


def person_of(number: int) -> Person:
    """Give the insured of a claim: each has one of their own, with a phone of their own."""
    return Person(
        f"K{number}", f"李示{number}", f"99010119880314{number:04}", date(1988, 3, 14), f"1000000{number:04}", has_social_insurance=True
    )


def content_of(kind: str, number: int) -> bytes:
    """Give the file that reads as that paper of that claim."""
    return MAGIC + f"{kind} {number}".encode()


def main(url: str, folder: str, bank_url: str, kills: int, seed: int) -> None:
    books = PublishedBooks()
    routing, model = load_routing(HOME / "rules/book/routing.yaml"), load_model(HOME / "riskmodel/artefacts/cold-start")
    chance = random.Random(seed)

    def work() -> None:
        cipher = FieldCipher(bytes(range(64)))
        limits = Limits(audit_sample_rate=0.0, lease_ms=400, max_attempts=1_000, max_payment_attempts=1_000)
        database, blobs = Database(url, cipher), BlobStore(Path(folder), cipher)
        system = System(
            database, blobs, books, routing, model, lambda _: "image/jpeg", NamedReader(), HttpBank(bank_url), limits, lambda: None
        )
        idle_since = time.monotonic()
        while time.monotonic() - idle_since < 3:  # longer than any lease or pause that could still end
            if work_once(system):
                idle_since = time.monotonic()
            else:
                time.sleep(0.02)

    for _ in range(kills):
        run_and_kill(work, chance.uniform(0.02, 0.6))
    _, status = os.waitpid(fork(work), 0)
    sys.exit(os.waitstatus_to_exitcode(status))


def run_and_kill(work: Callable[[], None], seconds: float) -> None:
    child = fork(work)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
