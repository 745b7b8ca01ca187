"""The laws of the state machine: they hold after every step, whatever was done."""

import json
from collections import Counter
from fractions import Fraction
from itertools import pairwise

from hypothesis.stateful import invariant
from sqlalchemy import text

from adjudicator.owing import recoverable_fen
from adjudicator.pending import find_pending
from adjudicator.replaying import replay_decision
from adjudicator.verifying import verify_books
from adjudicator.worker import drain
from domain.decision import DecisionKind
from storage import audit, claims, decisions, history
from storage.database import Transaction
from tests.torture.machine_stage import WITH_PEOPLE, Stage

YEARLY_FEN, DEDUCTIBLE_FEN = 200_000_000, 1_000_000
# From docs/architecture.md, written down once more, apart from the product's own table.
MOVES = {
    "REPORTED": "SUBMITTED WITHDRAWN DUPLICATE",
    "SUBMITTED": "READING IN_REVIEW WITHDRAWN DUPLICATE",
    "READING": "NEEDS_SUPPLEMENT ADJUDICATED IN_REVIEW WITHDRAWN DUPLICATE",
    "NEEDS_SUPPLEMENT": "READING IN_REVIEW WITHDRAWN DUPLICATE",
    "ADJUDICATED": "SCORED IN_REVIEW",
    "SCORED": "APPROVED_STRAIGHT_THROUGH IN_REVIEW IN_INVESTIGATION",
    "APPROVED_STRAIGHT_THROUGH": "DECIDED",
    "IN_REVIEW": "DECIDED IN_INVESTIGATION NEEDS_SUPPLEMENT READING WITHDRAWN DUPLICATE",
    "IN_INVESTIGATION": "DECIDED IN_REVIEW NEEDS_SUPPLEMENT WITHDRAWN DUPLICATE",
    "DECIDED": "PAYING CLOSED PRESETTLED",
    "PRESETTLED": "PAYING CLOSED DECIDED",
    "PAYING": "PAID DECIDED",
    "PAID": "CLOSED REOPENED DECIDED",
    "CLOSED": "REOPENED DECIDED",
    "REOPENED": "READING IN_REVIEW IN_INVESTIGATION",
}


class Laws(Stage):
    """What may never be seen."""

    replayed: set[tuple[str, int]]  # claims and rounds whose decisions were worked out again

    @invariant()
    def look_where_claims_stand(self) -> None:
        """No law: the first look after a step, on which the choice of the next one rests."""
        with self.system.database.read() as tx:
            self.where = {claim_id: str(claims.get_claim(tx, claim_id).state) for claim_id in self.notices}
            self.owing = {claim_id: fen for claim_id in self.notices if (fen := recoverable_fen(tx, claim_id))}

    @invariant()
    def what_is_set_off_is_taken_in(self) -> None:
        with self.system.database.read() as tx:
            assert tx.connection.execute(_ON_THE_WAY).scalar_one() == 0

    @invariant()
    def chains_hold_and_moves_are_legal(self) -> None:
        with self.system.database.read() as tx:
            for claim_id in self.notices:
                assert audit.find_break(tx, claim_id) is None
                told = [json.loads(each.detail_json) for each in audit.entries(tx, claim_id) if each.action == "claim.moved"]
                moves = [(each["from"], each["to"]) for each in told]
                assert all(to in MOVES[came].split() for came, to in moves), moves
                assert all(one[1] == other[0] for one, other in pairwise(moves)), moves
                assert (moves[-1][1] if moves else "SUBMITTED") == claims.get_claim(tx, claim_id).state

    @invariant()
    def books_agree(self) -> None:
        assert verify_books(self.system.database).differences == ()
        with self.system.database.read() as tx:
            for claim_id in self.notices:
                self._check_money(tx, claim_id)

    def _check_money(self, tx: Transaction, claim_id: str) -> None:
        """What was decided last is paid, set off or owed, or more was and is asked back or given up; the bank did what we booked."""
        sums: Counter[str] = Counter()
        for debit, credit, fen in tx.connection.execute(_ENTRIES, {"claim": claim_id}):
            sums[debit] += fen
            sums[credit] -= fen
        decided = decisions.decisions_of(tx, claim_id)
        amount_fen = decided[-1].amount_fen if decided else 0
        owed, back, kept = -sums["claims_payable"], sums["claims_recoverable"], -sums["bank"]
        set_off, given_up = -sums["claims_offset"], sums["claims_written_off"]
        assert owed >= 0 and back >= 0 and given_up >= 0 and not (owed and back)
        assert amount_fen == kept + set_off + owed - back - given_up
        came = {line.bank_reference: line.amount_fen for line in self.bank.received}
        receipts = {each.bank_reference: each.amount_fen for each in tx.connection.execute(_RECEIPTS, {"claim": claim_id})}
        assert receipts.items() <= came.items()
        orders = list(tx.connection.execute(_ORDERS, {"claim": claim_id}))
        assert sum(each.state in ("ORDERED", "SENT", "UNKNOWN") for each in orders) <= 1
        arrived = sum(each.amount_fen for each in orders if each.state in ("CONFIRMED", "LATE"))
        assert arrived == kept + sum(receipts.values()) >= 0
        for each in orders:
            if each.state in ("CONFIRMED", "LATE"):
                assert self.bank.book[each.idempotency_key].amount_fen == each.amount_fen
            if each.state == "ORDERED":
                assert each.idempotency_key not in self.bank.book

    @invariant()
    def bank_moved_money_once_a_key(self) -> None:
        assert all(times == 1 for times in self.bank.times.values())

    @invariant()
    def limits_are_kept_and_used_by_what_stands(self) -> None:
        yearly = deductible = Fraction(0)
        with self.system.database.read() as tx:
            for claim_id in self.notices:
                used = {row.name: Fraction(row.used) for row in tx.connection.execute(_USES, {"claim": claim_id})}
                yearly += used.get("住院医疗/年限额", Fraction(0))
                deductible += used.get("住院医疗/年免赔额", Fraction(0))
                decided = decisions.decisions_of(tx, claim_id)
                if not decided or decided[-1].kind is DecisionKind.DECLINE:
                    assert not any(used.values())
                elif done := decisions.find_adjudication(tx, claim_id, decided[-1].round):
                    result = next(each for each in done.policies[0].assessment.results if each.name == "住院医疗")
                    if decided[-1].amount_fen == done.proposed_fen:
                        assert used.get("住院医疗/年限额", Fraction(0)) == (result.amount_fen or 0)
                    else:
                        assert used.get("住院医疗/年限额", Fraction(0)) <= (result.amount_fen or 0)
        assert yearly <= YEARLY_FEN
        assert deductible <= DEDUCTIBLE_FEN

    @invariant()
    def what_waits_has_not_happened(self) -> None:
        with self.system.database.read() as tx:
            for claim_id in self.notices:
                if find_pending(tx, claim_id):
                    claim = claims.get_claim(tx, claim_id)
                    assert claim.state in WITH_PEOPLE
                    assert decisions.find_decision(tx, claim_id, claim.round) is None

    @invariant()
    def decisions_replay(self) -> None:
        with self.system.database.read() as tx:
            for claim_id in self.notices:
                decided = history.find_decided(tx, claim_id)
                if decided and (claim_id, decided.round) not in self.replayed:
                    assert replay_decision(tx, self.system.books, decided) == []
                    self.replayed.add((claim_id, decided.round))
                    self.counts["decision"] += 1

    def teardown(self) -> None:
        """In the end, in good weather, nothing stays open: who waits, waits for a person."""
        if not hasattr(self, "world"):
            return
        try:
            self.bank.moods.clear()
            for _ in range(60):
                drain(self.system)
                with self.system.database.read() as tx:
                    soonest = tx.connection.execute(text("SELECT min(available_ms) FROM task WHERE status = 'open'")).scalar_one()
                    now = tx.now_ms()
                if soonest is None:
                    break
                self.clock.ahead += max(0, soonest - now) + 1
            assert soonest is None, "a task stays open"
            self.look_where_claims_stand()
            for claim_id in self.notices:
                assert self.where[claim_id] not in ("SUBMITTED", "READING", "ADJUDICATED", "SCORED", "APPROVED_STRAIGHT_THROUGH", "PAYING")
                assert not self.pending(claim_id), "a verdict waits for ever"
            self.chains_hold_and_moves_are_legal()
            self.books_agree()
            self.limits_are_kept_and_used_by_what_stands()
            self.decisions_replay()
        finally:
            self.system.database.close()


_ENTRIES = text("SELECT debit_account, credit_account, amount_fen FROM ledger_entry WHERE claim_id = :claim")
_ORDERS = text("SELECT idempotency_key, amount_fen, state FROM payout WHERE claim_id = :claim")
_USES = text("SELECT name, used FROM accumulator_use WHERE claim_id = :claim AND superseded_by IS NULL")
_RECEIPTS = text("SELECT bank_reference, amount_fen FROM receipt WHERE claim_id = :claim")
_ON_THE_WAY = text(
    "SELECT coalesce(sum(CASE WHEN debit_account = 'claims_offset' THEN amount_fen ELSE -amount_fen END), 0) FROM ledger_entry"
    " WHERE 'claims_offset' IN (debit_account, credit_account)"
)
