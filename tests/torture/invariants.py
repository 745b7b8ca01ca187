"""What must hold after torture, checked by code of its own: rows are read as they lie, hashes and sums are worked out here.

`ledger verify` and `rules replay` of the product are asked too, at the end.
"""

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import text

from adjudicator.published import PublishedBooks
from adjudicator.replaying import replay_decision
from adjudicator.verifying import verify_books
from storage import history
from storage.database import Database, Transaction
from tests.torture.papers import CLAIMS_EACH, DEDUCTIBLE_FEN, insured_of, paid_to_insured_fen

# The moves of a claim that nobody touches, written down once more, apart from the product's own table.
PATH = {
    ("SUBMITTED", "READING"), ("READING", "ADJUDICATED"), ("ADJUDICATED", "SCORED"), ("SCORED", "APPROVED_STRAIGHT_THROUGH"),
    ("APPROVED_STRAIGHT_THROUGH", "DECIDED"), ("DECIDED", "PAYING"), ("PAYING", "PAID"), ("PAYING", "DECIDED"),
}  # fmt: skip


@dataclass
class Found:
    """What a run came to; `wrong` is empty when every invariant holds."""

    accepted: int = 0
    paid: int = 0
    lost: int = 0
    paid_twice: int = 0
    takeovers: int = 0
    states: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def check(database: Database, bank_book: Path, acknowledged: Mapping[str, str], *, unsettled: Collection[str] = ()) -> Found:
    """Look through everything; `unsettled` are states, beside PAID, that claims may be left in by design."""
    found = Found(accepted=len(acknowledged))
    with database.read() as tx:
        claims = {each["claim_id"]: each for each in _rows(tx, "SELECT claim_id, external_ref, state, audit_hash, audit_seq FROM claim")}
        _check_claims(found, claims, acknowledged, {"PAID", *unsettled})
        _check_tasks(found, tx)
        trails = _trails(tx)
        for claim_id, claim in claims.items():
            found.wrong += _check_trail(claim, trails[claim_id])
        _check_money(found, tx, claims, _booked(bank_book))
        _check_limits(found, tx, claims)
        _check_replays(found, tx, claims)
    verified = verify_books(database)
    found.wrong += [f"ledger verify: {each}" for each in verified.differences]
    return found


def _rows(tx: Transaction, statement: str) -> Iterator[dict[str, Any]]:
    return (dict(each) for each in tx.connection.execute(text(statement)).mappings())


def _check_claims(found: Found, claims: dict[str, dict[str, Any]], acknowledged: Mapping[str, str], ends: set[str]) -> None:
    """Every acknowledged claim is there, once, and stands where a claim may end."""
    by_ref = Counter(each["external_ref"] for each in claims.values())
    found.wrong += [f"{ref} became {times} claims" for ref, times in by_ref.items() if times > 1]
    for ref, claim_id in acknowledged.items():
        if claim_id not in claims or claims[claim_id]["external_ref"] != ref:
            found.lost += 1
            found.wrong.append(f"{ref} was acknowledged as {claim_id} and is lost")
    found.states = dict(Counter(each["state"] for each in claims.values()))
    found.paid = found.states.get("PAID", 0)
    found.wrong += [f"{each['claim_id']} is left {each['state']}" for each in claims.values() if each["state"] not in ends]


def _check_tasks(found: Found, tx: Transaction) -> None:
    """Nothing stays open, and nothing was given up."""
    for each in _rows(tx, "SELECT claim_id, stage, status, attempt FROM task"):
        found.takeovers += max(0, each["attempt"] - 1)
        if each["status"] == "open":
            found.wrong.append(f"task {each['stage']} of {each['claim_id']} is open after {each['attempt']} attempts")
    for each in _rows(tx, "SELECT message_id, status FROM message WHERE status <> 'sent'"):
        found.wrong.append(f"message {each['message_id']} is {each['status']}")


def _trails(tx: Transaction) -> dict[str, list[dict[str, Any]]]:
    trails = defaultdict[str, list[dict[str, Any]]](list)
    for each in _rows(tx, "SELECT * FROM audit ORDER BY claim_id, seq"):
        trails[each["claim_id"]].append(each)
    return trails


def _check_trail(claim: dict[str, Any], trail: list[dict[str, Any]]) -> list[str]:
    """The chain holds from its beginning to the claim's head, its moves are legal and end where the claim stands, and no result was
    written twice."""
    claim_id, before, wrong = claim["claim_id"], "0" * 64, []
    for place, entry in enumerate(trail, 1):
        told = {key: value for key, value in entry.items() if key != "hash"}
        digest = hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        if (entry["seq"], entry["previous_hash"], entry["hash"]) != (place, before, digest):
            return [f"{claim_id}: the chain is broken at {place}"]
        before = digest
    if (claim["audit_seq"], claim["audit_hash"]) != (len(trail), before):
        wrong.append(f"{claim_id}: the chain does not end at its head")
    details = [(each["action"], json.loads(each["detail_json"])) for each in trail]
    moves = [(told["from"], told["to"]) for action, told in details if action == "claim.moved"]
    wrong += [f"{claim_id}: illegal move {came} to {went}" for came, went in moves if (came, went) not in PATH]
    wrong += [f"{claim_id}: from {one[1]} to {other[0]} without a move" for one, other in pairwise(moves) if one[1] != other[0]]
    if (moves[-1][1] if moves else "SUBMITTED") != claim["state"]:
        wrong.append(f"{claim_id}: its last move does not lead to {claim['state']}")
    read = Counter(told["document"] for action, told in details if action == "document.read")
    wrong += [f"{claim_id}: {document} was written down {times} times" for document, times in read.items() if times > 1]
    return wrong


def _booked(bank_book: Path) -> list[tuple[str, int, str]]:
    """Read from the bank's own book what moved money: key, amount and claim of each."""
    with sqlite3.connect(bank_book) as connection:
        rows = connection.execute("SELECT idempotency_key, body FROM booking WHERE status = 'confirmed'").fetchall()
    bodies = [(key, json.loads(body)) for key, body in rows]
    return [(key.split("#")[0], body["amount_fen"], body["purpose"].split()[-1]) for key, body in bodies]


def _check_money(found: Found, tx: Transaction, claims: dict[str, dict[str, Any]], booked: list[tuple[str, int, str]]) -> None:
    """The bank moved what was decided, once a claim, under a key that we ordered; the ledger says the same."""
    times = Counter(claim_id for _, _, claim_id in booked)
    for claim_id, count in times.items():
        if count > 1:
            found.paid_twice += 1
            found.wrong.append(f"{claim_id} was paid {count} times")
    decided = {each["claim_id"]: each["amount_fen"] for each in _rows(tx, "SELECT claim_id, amount_fen FROM decision")}
    orders = {each["idempotency_key"]: each for each in _rows(tx, "SELECT idempotency_key, claim_id, amount_fen, state FROM payout")}
    for key, amount_fen, claim_id in booked:
        if key not in orders or (orders[key]["claim_id"], orders[key]["amount_fen"]) != (claim_id, amount_fen):
            found.wrong.append(f"the bank paid {amount_fen} for {claim_id} under a key that we did not order")
        if decided.get(claim_id) != amount_fen:
            found.wrong.append(f"the bank paid {amount_fen} for {claim_id}, of which {decided.get(claim_id)} was decided")
    accounts = defaultdict[str, Counter[str]](Counter)
    for each in _rows(tx, "SELECT claim_id, debit_account, credit_account, amount_fen FROM ledger_entry"):
        accounts[each["claim_id"]][each["debit_account"]] += each["amount_fen"]
        accounts[each["claim_id"]][each["credit_account"]] -= each["amount_fen"]
    for claim_id, claim in claims.items():
        sums, amount_fen = accounts[claim_id], decided.get(claim_id, 0)
        left_fen = amount_fen if claim["state"] == "PAID" else 0
        wanted = {"claims_expense": amount_fen, "bank": -left_fen, "claims_payable": left_fen - amount_fen, "claims_recoverable": 0}
        if any(sums[account] != fen for account, fen in wanted.items()):
            found.wrong.append(f"{claim_id} is {claim['state']} of {amount_fen}, and its ledger says {dict(sums)}")
        if claim["state"] == "PAID" and times[claim_id] == 0:
            found.wrong.append(f"{claim_id} is PAID, and the bank knows nothing of it")


def _check_limits(found: Found, tx: Transaction, claims: dict[str, dict[str, Any]]) -> None:
    """Of one insured's claims together, the deductible of the year was borne once, whatever their order, and the rest was given."""
    used = defaultdict[str, Fraction](Fraction)
    for each in _rows(tx, "SELECT policy_number, name, used FROM accumulator_use WHERE superseded_by IS NULL"):
        if each["name"].endswith("年免赔额"):
            used[each["policy_number"]] += Fraction(each["used"])
    given, counts = Counter[int](), Counter[int]()
    amounts = {each["claim_id"]: each["amount_fen"] for each in _rows(tx, "SELECT claim_id, amount_fen FROM decision")}
    for claim_id, claim in claims.items():
        if claim_id in amounts:
            insured = insured_of(int(claim["external_ref"].removeprefix("T-")))
            given[insured] += amounts[claim_id]
            counts[insured] += 1
    for insured, claimed in counts.items():
        if claimed > CLAIMS_EACH or given[insured] != paid_to_insured_fen(claimed):
            found.wrong.append(f"insured {insured} was given {given[insured]} for {claimed} claims, not {paid_to_insured_fen(claimed)}")
        if used[f"TP{insured:06}"] != DEDUCTIBLE_FEN:
            found.wrong.append(f"insured {insured} bore a deductible of {used[f'TP{insured:06}']}")


def _check_replays(found: Found, tx: Transaction, claims: dict[str, dict[str, Any]]) -> None:
    """Every decision, worked out again from its own book and elements, gives what was stored."""
    books = PublishedBooks()
    for claim_id in claims:
        decided = history.find_decided(tx, claim_id)
        if decided and (differences := replay_decision(tx, books, decided)):
            found.wrong.append(f"{claim_id} does not replay: {differences[0]}")
