"""The main job, end to end and over HTTP: photographs of a dozen claims go in; payouts with their reasons, to the 分, come out.

`app.py demo` runs once, as a person would run it; each test reads one claim of what it left behind.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from storage import audit
from storage.crypto import load_cipher
from storage.database import Database, Transaction
from storage.ledger import Account, balances

HOME = Path(__file__).parents[1]

# scenario -> (state, paid in 分, a word of the reasons), written down here apart from the scenarios themselves
EXPECTED = {
    "clean-inpatient": ("PAID", 1_200_362, "住院医疗"),
    "lost-decimal": ("PAID", 386_342, "小数点"),
    "waiting-period": ("IN_REVIEW", 0, "等待期"),
    "deductible-over-two-claims": ("PAID", 1_062_020, "2,200.00 → 0.00"),
    "duplicate-invoice": ("IN_REVIEW", 0, "重复"),
    "high-risk": ("IN_INVESTIGATION", 0, "风险评分为高"),
    "blurred-photo": ("NEEDS_SUPPLEMENT", 0, "模糊"),
    "missing-discharge-summary": ("NEEDS_SUPPLEMENT", 0, "缺少出院小结"),
    "hotline-report": ("REPORTED", 0, "已报案"),
    "critical-illness": ("PAID", 10_000_000, "重大疾病"),
    "direct-settlement": ("PAID", 669_524, "住院直付医疗"),
    "two-policies": ("PAID", 886_520, "住院日额津贴"),
}
EARLIER = {
    "deductible-over-two-claims": [("PAID", 20_000)],
    "high-risk": [("REPORTED", 0), ("NEEDS_SUPPLEMENT", 0), ("NEEDS_SUPPLEMENT", 0)],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> dict[str, Any]:
    """Run the demo once; its rows by scenario."""
    command = [sys.executable, "app.py", "demo", "--no-serve", "--json", "--folder", str(folder)]
    run = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=900, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    assert run.stdout, run.stderr
    told = json.loads(run.stdout)
    assert set(told) == {"claims", "seconds"}
    assert run.returncode == 0, [row for row in told["claims"] if not row["as_expected"]]
    return {row["scenario"]: row for row in told["claims"]}


@pytest.fixture
def left_behind(demo: dict[str, Any], folder: Path) -> Iterator[Transaction]:
    """A look at the database that the demo left."""
    database = Database(f"sqlite:///{folder}/mingbai.db", load_cipher(folder / "field.key"))
    with database.read() as tx:
        yield tx
    database.close()


def test_there_are_twelve_and_each_shows_one_thing(demo: dict[str, Any]) -> None:
    assert list(demo) == list(EXPECTED)


@pytest.mark.parametrize("scenario", EXPECTED)
def test_the_outcome_is_right_to_the_fen(demo: dict[str, Any], scenario: str) -> None:
    row, (state, paid_fen, word) = demo[scenario], EXPECTED[scenario]
    assert (row["state"], row["paid_fen"], row["expected_paid_fen"]) == (state, paid_fen, paid_fen)
    assert any(word in reason for reason in row["reasons"]), row["reasons"]
    assert [(each["state"], each["paid_fen"]) for each in row["earlier"]] == EARLIER.get(scenario, [])


def test_the_ledger_holds_exactly_what_the_bank_booked(demo: dict[str, Any], left_behind: Transaction) -> None:
    paid = sum(row["paid_fen"] + sum(each["paid_fen"] for each in row["earlier"]) for row in demo.values())
    sums = balances(left_behind)
    assert sums == dict.fromkeys(Account, 0) | {Account.CLAIMS_EXPENSE: paid, Account.BANK: -paid}


def test_every_claim_has_an_unbroken_audit_chain(left_behind: Transaction) -> None:
    ids = left_behind.connection.execute(text("SELECT claim_id FROM claim")).scalars().all()
    assert len(ids) == 16  # the dozen, and four earlier ones
    assert [broken for each in ids if (broken := audit.find_break(left_behind, each))] == []


def test_a_direct_settlement_leaves_the_customer_their_own_share(demo: dict[str, Any], left_behind: Transaction) -> None:
    query = text("SELECT p.payee_holder, p.amount_fen FROM payout p JOIN claim c USING (claim_id) WHERE c.channel = 'hospital'")
    assert [tuple(row) for row in left_behind.connection.execute(query)] == [("示例市第一医院", 774_362 - 104_838)]


def test_nobodys_number_stands_in_the_open(demo: dict[str, Any], folder: Path) -> None:
    content = b"".join(path.read_bytes() for path in folder.glob("mingbai.db*"))
    for secret in (b"990101198803140056", b"9900000000000000010"):
        assert secret not in content
