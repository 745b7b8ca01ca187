"""A state machine over the public functions: whatever people, the bank, time and crashes do in whatever order, the laws hold.

A command that may not be done now is refused with an error of ours, and changes nothing; every law is checked after every step.
"""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from adjudicator import review
from adjudicator.chores import escalate
from adjudicator.intake import add_files, submit
from adjudicator.merging import merge
from adjudicator.reconciling import reconcile
from adjudicator.reopening import Ground, appeal, reopen, stop_waiting
from adjudicator.repaying import declare_unpaid, give_account, set_payee
from adjudicator.undoing import undo
from adjudicator.withdrawing import withdraw, withdraw_for
from adjudicator.worker import drain, retry, work_once
from domain.claim import Payee
from domain.decision import Actor
from domain.errors import KeyReusedError
from storage.access import Staff
from tests.adjudicator.world import ADJUSTER, INSURED
from tests.torture.machine_laws import Laws
from tests.torture.machine_receivables import Receivables
from tests.torture.machine_stage import DECIDERS, DONE, OPERATOR, PICK, WITH_PEOPLE, Clock, Death, Killed
from tests.torture.moody_bank import MoodyBank

CUSTOMER = Actor("P1", "customer")
SENIOR = DECIDERS[1]
INVESTIGATOR = Staff("cha", "查", "investigator", 0)
FOR_PAPERS = ("REPORTED", "NEEDS_SUPPLEMENT", "REOPENED")
UNDECIDED = ("SUBMITTED", "READING", "NEEDS_SUPPLEMENT", *WITH_PEOPLE)
ACCOUNTS = ("9900000000000000010", "9900000000000000028", "9900000000000000036", "9900000000000000044")
_DAY_MS = 86_400_000


class ClaimsMachine(Receivables, Laws):
    """One insured with one policy, and everything that can happen to their claims."""

    @initialize(is_idempotent=st.booleans(), straight_through=st.booleans(), owes=st.booleans(), undoes=st.booleans())
    def begin(self, is_idempotent: bool, straight_through: bool, owes: bool, undoes: bool) -> None:
        self.clock, self.bank, self.death = Clock(), MoodyBank(is_idempotent), Death()
        self.world = type(self).open_world(self.clock, self.bank)
        self.system = self.world.system
        if not straight_through:
            self.system = replace(self.system, limits=replace(self.system.limits, straight_through_fen=0))
        self.death.watch(self.world)
        self.number, self.notices, self.replayed, self.where = 0, {}, set(), {}
        self.owing, self.is_offset = {}, False
        for is_complete in (True, False):  # so that no run spends itself on beginning
            self.send(3_000_000, is_complete=is_complete)
        drain(self.system)
        if owes:  # and have a large claim wait for a person, against which it may be set off
            self._pay_too_much(next(iter(self.notices)))
            self.send(60_000_000, is_complete=True)
            drain(self.system)
        if undoes:  # from now on verdicts wait for their minute
            self.system = replace(self.system, limits=replace(self.system.limits, undo_ms=60_000))

    def _pay_too_much(self, claim_id: str) -> None:
        """Pay a claim, and decide it lower afterwards."""
        _, senior, second, third = DECIDERS
        self.look_where_claims_stand()
        if self.where[claim_id] in WITH_PEOPLE:
            review.approve(self.system, claim_id, self.version(claim_id), third, "")
            drain(self.system)
        reopen(self.system, claim_id, self.version(claim_id), senior, "核定有误", Ground.ERROR)
        drain(self.system)
        review.pay_part(self.system, claim_id, self.version(claim_id), second, 100_000, "部分费用与本次疾病无关")
        drain(self.system)

    # What customers do

    @rule(
        total_fen=st.sampled_from([3_000_000, 60_000_000, 90_000_000]),
        is_complete=st.sampled_from([True, True, False]),
        works=st.booleans(),
    )
    def submit(self, total_fen: int, is_complete: bool, works: bool) -> None:
        self.send(total_fen, is_complete=is_complete)
        if works:
            drain(self.system)

    @precondition(lambda self: self.where)
    @rule(pick=PICK)
    def submit_again(self, pick: int) -> None:
        """The same once more is the same claim; another content under its number is refused."""
        claim_id = self.one_of(pick)
        receipt = submit(self.system, self.notices[claim_id])
        assert (receipt.claim_id, receipt.is_new) == (claim_id, False)
        with self.refused(KeyReusedError):
            submit(self.system, replace(self.notices[claim_id], narrative="另一件事"))

    @precondition(lambda self: self.any_in(*FOR_PAPERS))
    @rule(pick=PICK)
    def add_papers(self, pick: int) -> None:
        claim_id = self.one_of(pick, *FOR_PAPERS)
        with self.perhaps("add papers", allowed=True):
            add_files(self.system, claim_id, self.summary_of(claim_id), CUSTOMER)

    @precondition(lambda self: self.any_in(*DONE))
    @rule(pick=PICK, brings_papers=st.booleans())
    def appeal(self, pick: int, brings_papers: bool) -> None:
        with self.perhaps("appeal", allowed=True):
            appeal(self.system, self.one_of(pick, *DONE), CUSTOMER, "赔付金额过低", brings_papers=brings_papers)

    @precondition(lambda self: self.any_in(*UNDECIDED))
    @rule(pick=PICK, by_staff=st.booleans())
    def withdraw(self, pick: int, by_staff: bool) -> None:
        claim_id = self.one_of(pick, *UNDECIDED)
        with self.perhaps("withdraw", allowed=not self.is_decided(claim_id) and not (by_staff and self.pending(claim_id))):
            if by_staff:
                withdraw_for(self.system, claim_id, self.version(claim_id), ADJUSTER, "客户来电")
            else:
                withdraw(self.system, claim_id, CUSTOMER)

    @precondition(lambda self: self.any_in("DECIDED"))
    @rule(pick=PICK, number=st.integers(0, 3), by_staff=st.booleans())
    def give_account(self, pick: int, number: int, by_staff: bool) -> None:
        """Give another account after a bounce; refused while money may be on its way."""
        claim_id, payee = self.one_of(pick, "DECIDED"), Payee(INSURED.name, ACCOUNTS[number], "示例银行")
        with self.perhaps("give account", allowed=not self.is_flying(claim_id)):
            if by_staff:
                set_payee(self.system, claim_id, self.version(claim_id), SENIOR, payee, "已核实")
            else:
                give_account(self.system, claim_id, CUSTOMER, payee)

    # What staff do

    @precondition(lambda self: self.any_in(*WITH_PEOPLE))
    @rule(pick=PICK, staff=st.sampled_from(DECIDERS), is_stale=st.sampled_from([False, False, False, True]))
    def approve(self, pick: int, staff: Staff, is_stale: bool) -> None:
        with self.deciding("approve", pick, staff, is_stale=is_stale) as (claim_id, version):
            review.approve(self.system, claim_id, version, staff, "")

    @precondition(lambda self: self.any_in(*WITH_PEOPLE))
    @rule(pick=PICK, staff=st.sampled_from(DECIDERS), amount_fen=st.sampled_from([1, 100_000, 1_000_000, 50_000_000]))
    def pay_part(self, pick: int, staff: Staff, amount_fen: int) -> None:
        with self.deciding("pay part", pick, staff) as (claim_id, version):
            review.pay_part(self.system, claim_id, version, staff, amount_fen, "部分费用与本次疾病无关")

    @precondition(lambda self: self.any_in(*WITH_PEOPLE))
    @rule(pick=PICK, staff=st.sampled_from(DECIDERS))
    def decline(self, pick: int, staff: Staff) -> None:
        with self.deciding("decline", pick, staff) as (claim_id, version):
            review.decline(self.system, claim_id, version, staff, "不属于责任范围", "第七条")

    @precondition(lambda self: self.any_in(*WITH_PEOPLE))
    @rule(pick=PICK, staff=st.sampled_from(DECIDERS), amount_fen=st.sampled_from([1, 100_000, 1_000_000]))
    def advance_money(self, pick: int, staff: Staff, amount_fen: int) -> None:
        with self.deciding("advance", pick, staff) as (claim_id, version):
            review.advance(self.system, claim_id, version, staff, amount_fen, "已能确定的部分")

    @precondition(lambda self: self.any_in(*WITH_PEOPLE))
    @rule(pick=PICK, asks=st.booleans())
    def look_into(self, pick: int, asks: bool) -> None:
        """Ask for papers (once a round), or hand it to the investigators."""
        claim_id = self.one_of(pick, *WITH_PEOPLE)
        with self.perhaps("ask" if asks else "investigate"):
            if asks:
                review.ask(self.system, claim_id, self.version(claim_id), INVESTIGATOR, ("出院小结",))
            else:
                review.investigate(self.system, claim_id, self.version(claim_id), SENIOR, "核实住院经过")

    @precondition(lambda self: self.any_in(*WITH_PEOPLE))
    @rule(pick=PICK, staff=st.sampled_from(DECIDERS))
    def undo(self, pick: int, staff: Staff) -> None:
        """Take a verdict back: whoever gave it may, within its minute."""
        claim_id = self.one_of(pick, *WITH_PEOPLE)
        with self.perhaps("undo", allowed=None if self.pending(claim_id) == staff.user_name else False):
            undo(self.system, claim_id, staff)

    @precondition(lambda self: self.any_in(*DONE))
    @rule(pick=PICK, staff=st.sampled_from(DECIDERS), ground=st.sampled_from(Ground))
    def reopen(self, pick: int, staff: Staff, ground: Ground) -> None:
        claim_id = self.one_of(pick, *DONE)
        with self.perhaps("reopen", allowed=True):
            reopen(self.system, claim_id, self.version(claim_id), staff, "核定有误", ground)

    @precondition(lambda self: self.any_in("NEEDS_SUPPLEMENT", "REOPENED"))
    @rule(pick=PICK)
    def stop_waiting(self, pick: int) -> None:
        claim_id = self.one_of(pick, "NEEDS_SUPPLEMENT", "REOPENED")
        with self.perhaps("stop waiting", allowed=True):
            stop_waiting(self.system, claim_id, self.version(claim_id), SENIOR, "客户不再补交")

    @precondition(lambda self: self.any_in(*UNDECIDED) and len(self.where) > 1)
    @rule(pick=PICK, into=PICK)
    def merge(self, pick: int, into: int) -> None:
        claim_id = self.one_of(pick, *UNDECIDED)
        into_id = self.one_of(into)
        with self.perhaps("merge", allowed=False if self.is_decided(claim_id) or claim_id == into_id else None):
            merge(self.system, claim_id, into_id, self.version(claim_id), SENIOR, "同一事故")

    @precondition(lambda self: self.any_in("DECIDED", "IN_REVIEW"))
    @rule(pick=PICK, unpaid=st.booleans())
    def mend_given_up(self, pick: int, unpaid: bool) -> None:
        """Take up what was given up, or write down that the bank says it never paid: true or not."""
        claim_id = self.one_of(pick, "DECIDED", "IN_REVIEW")
        with self.perhaps("declare unpaid" if unpaid else "retry"):
            if unpaid:
                declare_unpaid(self.system, claim_id, OPERATOR, "银行柜台确认未付")
            else:
                retry(self.system, claim_id, OPERATOR)

    @precondition(lambda self: self.where)
    @rule(
        pick=PICK, command=st.sampled_from(["approve", "papers", "appeal", "withdraw", "account", "reopen", "investigator", "stop waiting"])
    )
    def try_at_the_wrong_moment(self, pick: int, command: str) -> None:
        """What a claim's state or a role forbids is refused."""
        claim_id = self.one_of(pick)
        state, version = self.where[claim_id], self.version(claim_id)
        forbidden: dict[str, tuple[bool, Callable[[], None]]] = {
            "approve": (state not in WITH_PEOPLE, lambda: review.approve(self.system, claim_id, version, SENIOR, "")),
            "papers": (state not in FOR_PAPERS, lambda: _nothing(add_files(self.system, claim_id, self.summary_of(claim_id), CUSTOMER))),
            "appeal": (state not in DONE, lambda: appeal(self.system, claim_id, CUSTOMER, "赔付金额过低")),
            "withdraw": (self.is_decided(claim_id) or state not in UNDECIDED, lambda: withdraw(self.system, claim_id, CUSTOMER)),
            "account": (state != "DECIDED", lambda: give_account(self.system, claim_id, CUSTOMER, Payee(INSURED.name, ACCOUNTS[1], ""))),
            "reopen": (state not in DONE, lambda: reopen(self.system, claim_id, version, SENIOR, "核定有误", Ground.ERROR)),
            "investigator": (True, lambda: review.approve(self.system, claim_id, version, INVESTIGATOR, "")),
            "stop waiting": (
                state not in ("NEEDS_SUPPLEMENT", "REOPENED"), lambda: stop_waiting(self.system, claim_id, version, SENIOR, "不再补交")
            ),
        }  # fmt: skip
        is_forbidden, act = forbidden[command]
        if is_forbidden:
            with self.perhaps(f"forbidden {command}", allowed=False):
                act()

    # What the bank, time and machines do

    @rule(moods=st.lists(st.sampled_from(["lost before", "lost after", "late", "refused", "refused", "pending"]), min_size=1, max_size=2))
    def moods(self, moods: list[str]) -> None:
        self.bank.moods += moods

    @precondition(lambda self: self.bank.book or self.bank.late)
    @rule(pick=PICK, reconciles=st.booleans())
    def bank_acts_late(self, pick: int, reconciles: bool) -> None:
        """What was lost at the bank is paid after all; else some money that arrived comes back."""
        if self.bank.late:
            self.bank.pay_late(list(self.bank.late)[pick % len(self.bank.late)])
            self.counts["paid late"] += 1
        else:
            self.bank.give_back(list(self.bank.book)[pick % len(self.bank.book)])
            self.counts["returned"] += 1
        if reconciles:
            self.reconcile()

    @precondition(lambda self: self.bank.book)
    @rule()
    def reconcile(self) -> None:
        day = self.today()
        reconcile(self.system, day, self.bank.statement(day), "torture", OPERATOR)
        self.counts["reconcile"] += 1

    @rule(steps=st.integers(1, 4))
    def work(self, steps: int) -> None:
        """A claim goes some steps of its way, and perhaps not all."""
        self.send(3_000_000, is_complete=True)
        for _ in range(steps):
            self.counts["step"] += work_once(self.system)

    @rule()
    def work_all(self) -> None:
        drain(self.system)

    @rule(boundary=st.integers(1, 120), recovers=st.booleans())
    def crash(self, boundary: int, recovers: bool) -> None:
        """A worker dies at one of its next boundaries; perhaps its leases run out before anybody looks."""
        self.send(3_000_000, is_complete=True)
        self.death.left = boundary
        try:
            drain(self.system)
        except Killed:
            self.counts["crash"] += 1
        finally:
            self.death.left = 0
        if recovers:
            self.clock.ahead += self.system.limits.lease_ms + 1
            drain(self.system)

    @rule(ms=st.sampled_from([700, 31_000, 3_700_000, _DAY_MS, 8 * _DAY_MS, 40 * _DAY_MS]))
    def time_passes(self, ms: int) -> None:
        self.clock.ahead += ms
        escalate(self.system)


def _nothing(_: object) -> None:
    pass
