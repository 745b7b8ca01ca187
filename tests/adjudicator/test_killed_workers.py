"""Money under SIGKILL: workers die at any instruction, the bank loses answers, and still every claim is paid, once."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from adjudicator.intake import submit
from domain.claim import Payee, PersonClue, UploadedFile
from sandbox.bank import SandboxBank
from sandbox.misbehaviour import Misbehaviour
from storage import audit, registry
from storage.ledger import Account, balances
from tests.adjudicator.killed_workers import HOME, content_of, person_of
from tests.adjudicator.world import STANDARD, World, notice

CLAIMS, KILLS = 25, 20
BAD_BANK = Misbehaviour(seed=7, error_before_booking=0.1, error_after_booking=0.1, drop_after_booking=0.1, delay=0.3, delay_ms=120)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked, which this system cannot")
def test_no_claim_is_lost_and_none_is_paid_twice(world: World, tmp_path: Path) -> None:
    with world.system.database.write() as tx:
        registry.save_people(tx, [person_of(number) for number in range(CLAIMS)])
        registry.save_policies(
            tx, [replace(STANDARD, policy_number=f"PK{n}", insured_id=f"K{n}", policyholder_id=f"K{n}") for n in range(CLAIMS)]
        )
    for number in range(CLAIMS):
        person = person_of(number)
        own = {"insured": PersonClue(id_number=person.id_number), "reporter_phone": person.phone, "device_id": f"device-{number}"}
        payee = Payee(person.name, f"99000000000000{number + 1:04}1")
        files = tuple(UploadedFile(f"{kind}.jpg", content_of(kind, number)) for kind in ("invoice", "summary", "id_card"))
        assert submit(world.system, notice(f"APP-{number}", files, payee=payee, **own)).is_new
    url = world.system.database.engine.url.render_as_string(hide_password=False)
    bank = SandboxBank(tmp_path / "bank.db", BAD_BANK)
    bank.start()
    try:
        command = [sys.executable, "tests/adjudicator/killed_workers.py", url, str(tmp_path / "files"), bank.url, str(KILLS), "1"]
        run = subprocess.run(command, cwd=HOME, env={**os.environ, "PYTHONPATH": str(HOME)}, capture_output=True, text=True, timeout=180)
        assert run.returncode == 0, run.stderr
        booked = bank.booked()
    finally:
        bank.stop()
    with world.system.database.read() as tx:
        states = tx.connection.execute(text("SELECT state, count(*) FROM claim GROUP BY state")).all()
        attempts = tx.connection.execute(text("SELECT max(attempt) FROM task")).scalar_one()
        sums, ids = balances(tx), tx.connection.execute(text("SELECT claim_id FROM claim")).scalars().all()
        assert [tuple(row) for row in states] == [("PAID", CLAIMS)]
        assert [each for each in ids if audit.find_break(tx, each)] == []
    assert attempts > 1  # somebody really was killed, or refused by the bank, in the middle of a task
    assert len(booked) == len({each.idempotency_key for each in booked}) == CLAIMS
    assert sum(each.transfer.amount_fen for each in booked) == -sums[Account.BANK] == sums[Account.CLAIMS_EXPENSE]
    assert sums[Account.CLAIMS_PAYABLE] == 0
