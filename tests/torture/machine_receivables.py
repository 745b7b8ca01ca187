"""What customers owe, in the state machine: they are asked, they pay back (or one 分 more), it is set off or given up."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from adjudicator.arranging import arrange, cancel
from adjudicator.recovering import ask_back, receive
from adjudicator.writing_off import sign_write_off, write_off
from storage.access import Staff
from storage.recoveries import Receipt
from tests.torture.machine_stage import DECIDERS, DONE, OPERATOR, PICK, WITH_PEOPLE, Stage


class Receivables(Stage):
    """The rules about money that is to come back."""

    @precondition(lambda self: self.owing)
    @rule(pick=PICK, staff=st.sampled_from(DECIDERS))
    def ask_back(self, pick: int, staff: Staff) -> None:
        with self.perhaps("ask back"):
            ask_back(self.system, self.owing_one(pick), staff, "重新核定后应付金额减少")

    @precondition(lambda self: self.owing)
    @rule(pick=PICK, more_fen=st.sampled_from([0, 0, -1, 1]), is_named=st.booleans())
    def customer_pays_back(self, pick: int, more_fen: int, is_named: bool) -> None:
        """Money comes in: what is owed, one 分 less or more; the next reconciliation, or a person, finds it."""
        claim_id = self.owing_one(pick)
        if amount_fen := max(0, self.owing[claim_id] + more_fen):
            self.bank.receive(amount_fen, f"还款 {claim_id}" if is_named else "还款")
            self.counts["paid back"] += 1

    @precondition(lambda self: self.owing and self.bank.received)
    @rule(pick=PICK, line=PICK)
    def book_receipt(self, pick: int, line: int) -> None:
        """A person books a line of the statement on a claim, once: the second time changes nothing."""
        came, claim_id = self.bank.received[line % len(self.bank.received)], self.owing_one(pick)
        with self.perhaps("book receipt"), self.system.database.write() as tx:
            receipt = Receipt(came.bank_reference, claim_id, came.amount_fen, self.today(), OPERATOR.name)
            receive(tx, receipt, OPERATOR)
            assert not receive(tx, receipt, OPERATOR)

    @precondition(lambda self: self.owing)
    @rule(pick=PICK, staff=st.sampled_from(DECIDERS), more_fen=st.sampled_from([0, -1, 1]))
    def give_up(self, pick: int, staff: Staff, more_fen: int) -> None:
        claim_id = self.owing_one(pick)
        amount_fen = self.owing[claim_id] + more_fen
        is_settled = self.where[claim_id] in DONE
        with self.perhaps("write off", allowed=None if is_settled and more_fen <= 0 and amount_fen else False):
            write_off(self.system.database, claim_id, amount_fen, staff, "客户已无力返还")

    @precondition(lambda self: self.owing)
    @rule(pick=PICK, staff=st.sampled_from(DECIDERS))
    def sign_off(self, pick: int, staff: Staff) -> None:
        with self.perhaps("sign write-off"):
            sign_write_off(self.system.database, self.owing_one(pick), staff)

    @precondition(lambda self: self.owing and self.any_in(*WITH_PEOPLE))
    @rule(
        pick=PICK,
        into=PICK,
        staff=st.sampled_from(DECIDERS),
        more_fen=st.sampled_from([0, 0, -1, 1]),
        agreed=st.sampled_from([True, True, False]),
    )
    def arrange_offset(self, pick: int, into: int, staff: Staff, more_fen: int, agreed: bool) -> None:
        owing_id, claim_id = self.owing_one(pick), self.one_of(into, *WITH_PEOPLE)
        amount_fen = self.owing[owing_id] + more_fen
        allowed = None if more_fen <= 0 and amount_fen and owing_id != claim_id else False
        with self.perhaps("arrange offset", allowed=allowed):
            arrange(self.system, claim_id, owing_id, amount_fen, staff, "客户同意抵销", agreed=agreed)
            self.is_offset = True

    @precondition(lambda self: self.is_offset and self.any_in(*WITH_PEOPLE))
    @rule(pick=PICK)
    def cancel_offset(self, pick: int) -> None:
        with self.perhaps("cancel offset"):
            cancel(self.system, self.one_of(pick, *WITH_PEOPLE), DECIDERS[1])

    def owing_one(self, pick: int) -> str:
        """Choose a claim that owes something."""
        return list(self.owing)[pick % len(self.owing)]
