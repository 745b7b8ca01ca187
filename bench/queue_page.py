"""Times the queue and the dashboard with many open claims, through the web application, without a socket.

    python -m bench.queue_page [--claims 100000] [--rounds 7] [--database URL]

The database is a new SQLite one, or an empty PostgreSQL one that is named. It gets open claims in bulk, each with what it was worked out
to, its route and its clocks, and as many that are paid; some were reopened, some are handed on or set aside. Names,
numbers and amounts are made up. Every page is asked for `--rounds` times after one that nobody counts; told are
the median and the slowest, in milliseconds of the server's work.
"""

import argparse
import random
import statistics
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Table, text

from adjudicator.settings import read_config
from api.settings import ApiSettings, Rates
from api.web import create_app
from commands.collecting import collect_rarely
from commands.plant import plug_together
from storage import access
from storage import tables as t
from storage.access import Staff
from storage.database import Database

PASSWORD = "bench-bench-bench"  # noqa: S105 - of a database that is thrown away
OPEN_STATES = ("IN_REVIEW",) * 7 + ("IN_INVESTIGATION",) + ("NEEDS_SUPPLEMENT",) * 2
_AT_ONCE, _PEOPLE, _DAY_MS = 5_000, 20_000, 86_400_000
_ROUTE = '{"queue": "review", "flags": [{"code": "amount.over_limit", "severity": "doubt", "message": "金额超过直赔权限，须有权限者核准"}, {"code": "documents.doubtful", "severity": "doubt", "message": "资料有 %d 处存疑，付款前须有人核对"}]}'  # noqa: E501
_SCORE = '{"probability": 0.1, "expected_loss_fen": 1000, "band": "low", "reasons": [], "model_hash": "bench", "evidence": "synthetic"}'
_KEPT = """UPDATE claim SET urgency_ms = coalesce((SELECT min(due_ms) FROM clock WHERE clock.claim_id = claim.claim_id
    AND met_ms IS NULL AND paused_ms IS NULL), urgency_ms),
    (stake_fen, worth_fen) = (SELECT expected_loss_fen, coalesce(decision.amount_fen, adjudication.proposed_fen)
        FROM adjudication LEFT JOIN decision ON decision.claim_id = adjudication.claim_id AND decision.round = adjudication.round
        WHERE adjudication.claim_id = claim.claim_id AND adjudication.round = claim.round),
    first_paid_ms = (SELECT min(booked_ms) FROM ledger_entry WHERE ledger_entry.claim_id = claim.claim_id AND credit_account = 'bank'),
    completeness = CASE WHEN EXISTS (SELECT 1 FROM notice WHERE notice.claim_id = claim.claim_id) THEN 2 ELSE 1 END"""
_REOPENED_EVERY, _HANDED_EVERY, _ASIDE_EVERY = 100, 500, 1000
PAGES = {
    "first page, all that waits": "/",
    "investigation": "/?filter=investigation",
    "waiting for papers": "/?filter=supplement",
    "done": "/?filter=done",
    "all": "/?filter=all",
    "overdue only": "/?due=late",
    "from 10,000 yuan": "/?amount=10000",
    "one channel": "/?channel=hotline",
    "page 50": "/?page=50",
    "search by name": "/?search=示例甲17",
    "search by number": "/?search=C0000012",
    "handed to me": "/?filter=handed",
    "set aside": "/?filter=aside",
    "declined, of the dashboard": "/?figure=declined&since=2026-01-01&until=2099-01-01",
    "dashboard": "/dashboard",
}


def fill(database: Database, count: int) -> None:
    """Write `count` open claims and as many that are paid."""
    dice = random.Random(7)
    with database.write() as tx:
        now, secret = tx.now_ms(), tx.cipher.encrypt("19900000000")
        _insert(tx.connection, t.person, (_person(number, secret) for number in range(_PEOPLE)))
        _insert(tx.connection, t.claim, (_claim(number, count, now, secret, dice) for number in range(2 * count)))
        _insert(tx.connection, t.adjudication, (_adjudication(number, now, dice) for number in range(2 * count)))
        _insert(tx.connection, t.clock, (each for number in range(2 * count) for each in _clocks(number, count, now, dice)))
        decided = [(number, now - dice.randrange(40 * _DAY_MS)) for number in range(count, 2 * count)]
        _insert(tx.connection, t.decision, (each for number, at_ms in decided for each in _decisions(number, at_ms, dice)))
        _insert(tx.connection, t.ledger_entry, (each for number, at_ms in decided for each in _entries(number, at_ms, dice)))
        _insert(tx.connection, t.notice, (_notice(number, now) for number in range(2 * count) if number % 10 in (8, 9)))
        _insert(tx.connection, t.claim_referral, (_referral(number, now) for number in range(0, count, _HANDED_EVERY)))
        _insert(tx.connection, t.claim_snooze, (_snooze(number, now) for number in range(1, count, _ASIDE_EVERY)))
        access.save_staff(tx, Staff("bench", "示例员", "senior_adjuster", 10**9), PASSWORD)
        tx.connection.execute(text("ANALYZE"))  # without it PostgreSQL goes through all entries for every claim
        tx.connection.execute(text(_KEPT))
        tx.connection.execute(text("ANALYZE"))


def _insert(connection: Any, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _AT_ONCE:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)


def _id(number: int) -> str:
    return f"C{number:015d}"


def _person(number: int, secret: bytes) -> dict[str, Any]:
    names = {"person_id": f"P{number}", "name": f"示例甲{number}", "birth_date": date(1980, 1, 1) + timedelta(days=number % 9000)}
    return names | {"id_number_enc": secret, "id_number_index": f"i{number}", "phone_enc": secret, "phone_index": f"p{number}"}


def _claim(number: int, count: int, now: int, secret: bytes, dice: random.Random) -> dict[str, Any]:
    at_ms = now - dice.randrange(40 * _DAY_MS)
    return {
        "claim_id": _id(number), "channel": dice.choice(("app", "wechat", "hotline")), "external_ref": str(number),
        "request_hash": "0" * 64,
        "state": dice.choice(OPEN_STATES) if number < count else "PAID", "round": 1, "version": 5, "insured_id": f"P{number % _PEOPLE}",
        "policy_numbers_json": "[]", "loss_date": date(2026, 8, 15), "loss_cause": "疾病", "narrative": "", "reporter_name": "合成",
        "reporter_phone_enc": secret, "reporter_phone_index": "", "payee_holder": "", "payee_account_enc": secret,
        "payee_account_index": "",
        "payee_bank": "", "device_index": "", "created_ms": at_ms, "updated_ms": at_ms, "audit_seq": 1, "audit_hash": "0" * 64,
    }  # fmt: skip


def _adjudication(number: int, now: int, dice: random.Random) -> dict[str, Any]:
    return {
        "claim_id": _id(number), "round": 1, "policies_json": "[]", "allocation_json": "[]", "findings_json": "[]", "score_json": _SCORE,
        "route_json": _ROUTE % dice.randrange(1, 6), "proposed_fen": dice.randrange(2_000_000), "expected_loss_fen": dice.randrange(90_000),
        "created_ms": now,
    }  # fmt: skip


def _clocks(number: int, count: int, now: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    for kind, days in (("decision", 30), ("advance", 60), ("call_back", 1)):
        started = now - dice.randrange(40 * _DAY_MS)
        is_met = number >= count or kind == "call_back"
        yield {
            "claim_id": _id(number), "kind": kind, "started_ms": started, "due_ms": started + days * _DAY_MS, "pause_reason": "",
            "met_ms": now if is_met else None, "warn_ms": started + days * _DAY_MS * 4 // 5, "warned_ms": None,
        }  # fmt: skip


def _decisions(number: int, at_ms: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    """Decide a claim, and some once more a day before."""
    for round_ in (1, 2) if number % _REOPENED_EVERY == 0 else (1,):
        kind = dice.choice(("pay_full",) * 8 + ("pay_part", "decline"))
        fen = dice.randrange(2_000_000)
        yield {
            "claim_id": _id(number), "round": round_, "kind": kind, "amount_fen": 0 if kind == "decline" else fen, "reason": "",
            "clause": f"第{dice.randrange(1, 30)}条" if kind == "decline" else "", "actor": "mingbai", "actor_role": "system",
            "inputs_json": "{}", "decided_ms": at_ms - _DAY_MS * (2 - round_), "proposed_fen": fen,
        }  # fmt: skip


def _entries(number: int, at_ms: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    row = {"claim_id": _id(number), "policy_number": "P", "amount_fen": 1 + dice.randrange(2_000_000)}
    for debit, credit, later_ms in (("claims_expense", "claims_payable", 0), ("claims_payable", "bank", dice.randrange(2 * _DAY_MS))):
        yield row | {"debit_account": debit, "credit_account": credit, "event": f"{credit} {number}", "booked_ms": at_ms + later_ms}


def _notice(number: int, now: int) -> dict[str, Any]:
    told = {"kind": "supplement", "subject": "补充资料通知", "body": "", "items_json": "[]"}
    return told | {"notice_id": f"N{number}", "claim_id": _id(number), "round": 1, "created_ms": now, "letter_due_ms": None}


def _referral(number: int, now: int) -> dict[str, Any]:
    handed = {"to_user": "", "to_role": "senior_adjuster", "is_escalation": False, "by_user": "bench", "at_ms": now}
    return handed | {"claim_id": _id(number), "round": 1}


def _snooze(number: int, now: int) -> dict[str, Any]:
    return {"claim_id": _id(number), "version": 5, "user_name": "bench", "until_ms": now + _DAY_MS}


def time_pages(system: Any, pages: dict[str, str], rounds: int) -> None:
    """Ask for each page, and tell what the server took."""
    fast = Rates(channel=1e6, customer=1e6, staff=1e6, address=1e6)
    client = create_app(system, ApiSettings("k" * 32, secure_cookies=False, rates=fast)).test_client()
    form = client.get("/login").text
    token = form.split('name="csrf" value="')[1].split('"')[0]
    answer = client.post("/login", data={"csrf": token, "user_name": "bench", "password": PASSWORD})
    if answer.status_code != 302:
        raise SystemExit(answer.text)
    for name, address in pages.items():
        took, worked = [], []
        for _ in range(rounds + 1):
            started, began = perf_counter(), process_time()
            answer = client.get(address)
            took.append((perf_counter() - started) * 1000)
            worked.append((process_time() - began) * 1000)
            if answer.status_code != 200:
                raise SystemExit(answer.text)
        told = f"{statistics.median(took[1:]):7.0f} ms, slowest {max(took[1:]):7.0f} ms"
        told += f", of the processor {statistics.median(worked[1:]):7.0f} ms"
        print(f"{name:32} {told}, {len(answer.data) // 1024:6} KiB", flush=True)


def main() -> None:
    """Fill a database, then time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--database", default="sqlite:///queue.db")
    parser.add_argument("--csv", action="store_true", help="the whole queue as CSV, too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, root = Path(folder), Path.cwd()
        config = home / "config.yaml"
        places = {"books": "rules/book", "routing": "rules/book/routing.yaml", "risk_model": "riskmodel/artefacts/cold-start"}
        config.write_text(
            f"database: {asked.database}\nfield_key: field.key\nfiles: files\n"
            + "".join(f"{name}: {root / place}\n" for name, place in places.items())
        )
        with plug_together(read_config(config), home) as plant:
            started = perf_counter()
            fill(plant.system.database, asked.claims)
            print(f"{asked.claims:,} open claims and as many paid, written in {perf_counter() - started:.0f} s")
            collect_rarely()  # as `serve` does: the garbage of what was filled in is no page's
            time_pages(plant.system, PAGES | ({"CSV of all that waits": "/queue.csv"} if asked.csv else {}), asked.rounds)


if __name__ == "__main__":
    main()
