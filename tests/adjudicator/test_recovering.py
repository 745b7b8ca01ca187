"""What was paid too much is asked for, received, set off or written off: each books once, never more than is owed, and the books hold."""

from dataclasses import replace
from datetime import date

import pytest

from adjudicator import review
from adjudicator.arranging import arrange, cancel
from adjudicator.intake import submit
from adjudicator.recovering import ask_back, list_owing, receive
from adjudicator.story import ClaimStory, tell
from adjudicator.verifying import verify_books
from adjudicator.writing import write_letters
from adjudicator.writing_off import sign_write_off, write_off
from domain.claim import Payee
from domain.decision import Actor
from domain.errors import ConflictError, InputError, MingbaiError, NotAllowedError, SetupError
from domain.letter import Letterhead, LetterKind
from domain.payout import Movement, StatementLine
from domain.states import ClaimState
from letters.press import Press
from storage import claims, ledger
from storage.access import Staff
from storage.ledger import Account
from storage.letters import letters_of
from storage.recoveries import Receipt
from tests.adjudicator.test_reconciling import codes, compared, day_of
from tests.adjudicator.test_reopening import FULL_FEN, THIRD, after, decide, decided, owed, reopened, used
from tests.adjudicator.test_verifying import past_the_triggers
from tests.adjudicator.world import ACTUARY, ADJUSTER, SENIOR, World, id_card, invoice, notice, summary

OVER_FEN = 400_000
TELLER = Actor("yun", "operator")
DAY = date(2026, 11, 22)


@pytest.fixture
def house(world: World) -> World:
    """A system whose letters say where to pay back, printed as pages only."""
    head = Letterhead("示例人寿保险公司", "00000", repay_to="示例银行 示例人寿保险公司 99000001")
    return replace(world, system=replace(world.system, press=Press(find=lambda _: ()), letterhead=head))


def owing(world: World) -> ClaimStory:
    """Give a claim that was paid 4,000.00 too much."""
    story = reopened(world, decided(world))
    decide(world, story, FULL_FEN - OVER_FEN)
    return after(world, story)


def came(world: World, story: ClaimStory, fen: int, reference: str = "IN-1") -> bool:
    with world.system.database.write() as tx:
        return receive(tx, Receipt(reference, story.claim.claim_id, fen, DAY, "yun"), TELLER)


def differences(world: World) -> tuple[str, ...]:
    return verify_books(world.system.database).differences


def sums(world: World) -> dict[Account, int]:
    with world.system.database.read() as tx:
        return ledger.balances(tx)


def let_days_pass(world: World, days: int) -> None:
    world.system.database._ahead_ms = lambda: days * 86_400_000  # the virtual clock of tests and drills


@pytest.fixture(autouse=True)
def real_time(world: World) -> object:
    yield
    world.system.database._ahead_ms = lambda: 0


def test_a_claim_that_owes_is_listed_until_it_is_settled(house: World) -> None:
    assert list_owing(house.system.database) == ()
    story = owing(house)
    (listed,) = list_owing(house.system.database)
    assert (listed.claim_id, listed.amount_fen, listed.asked) == (story.claim.claim_id, OVER_FEN, None)
    came(house, story, OVER_FEN)
    assert list_owing(house.system.database) == ()


def test_the_customer_is_asked_by_a_letter_with_amount_reason_and_way(house: World) -> None:
    story = owing(house)
    ask_back(house.system, story.claim.claim_id, ADJUSTER, "两张发票重复计算")
    write_letters(house.system)
    with house.system.database.read() as tx:
        (letter,) = [each for each in letters_of(tx, story.claim.claim_id) if each.kind is LetterKind.REPAYMENT]
    page = house.system.blobs.get(letter.sha256).decode()
    assert all(each in page for each in ("4,000.00 元", "肆仟元整", "两张发票重复计算", "99000001", story.claim.claim_id, "深表歉意"))
    assert differences(house) == ()


def test_asking_again_waits_for_thirty_days(house: World) -> None:
    story = owing(house)
    ask_back(house.system, story.claim.claim_id, ADJUSTER, "重复计算")
    for days, is_early in ((0, True), (30, True), (31, False)):
        let_days_pass(house, days)
        if is_early:
            with pytest.raises(ConflictError, match="has until"):
                ask_back(house.system, story.claim.claim_id, ADJUSTER, "重复计算")
        else:
            ask_back(house.system, story.claim.claim_id, ADJUSTER, "重复计算")


@pytest.mark.parametrize(("staff", "reason", "repay_to", "error"), [
    (ACTUARY, "重复计算", "示例银行", NotAllowedError), (ADJUSTER, " ", "示例银行", InputError), (ADJUSTER, "重复计算", "", SetupError),
])  # fmt: skip
def test_nobody_is_asked_without_role_reason_and_way(
    world: World, staff: Staff, reason: str, repay_to: str, error: type[MingbaiError]
) -> None:
    story = owing(world)
    system = replace(world.system, letterhead=Letterhead(repay_to=repay_to))
    with pytest.raises(error):
        ask_back(system, story.claim.claim_id, staff, reason)


def test_nobody_is_asked_for_nothing_or_while_it_is_decided_anew(house: World) -> None:
    story = decided(house)
    with pytest.raises(ConflictError, match="nothing is to be given back"):
        ask_back(house.system, story.claim.claim_id, ADJUSTER, "重复计算")
    reopened(house, story)
    with pytest.raises(ConflictError, match="may change"):
        ask_back(house.system, story.claim.claim_id, ADJUSTER, "重复计算")


@pytest.mark.parametrize(("fen", "rest"), [(OVER_FEN, 0), (OVER_FEN - 1, 1), (1, OVER_FEN - 1)])
def test_what_comes_in_is_booked_against_what_is_owed(house: World, fen: int, rest: int) -> None:
    story = owing(house)
    before = used(house)
    assert came(house, story, fen)
    assert owed(house, story) == (0, rest)
    assert sums(house)[Account.BANK] == -FULL_FEN + fen
    assert used(house) == before  # limits are used by the decision, whatever comes back
    assert differences(house) == ()


@pytest.mark.parametrize("fen", [OVER_FEN + 1, 0, -1])
def test_one_fen_too_much_is_not_booked(house: World, fen: int) -> None:
    story = owing(house)
    with pytest.raises((ConflictError, InputError)):
        came(house, story, fen)
    assert owed(house, story) == (0, OVER_FEN)


def test_the_same_receipt_twice_is_booked_once(house: World) -> None:
    story = owing(house)
    assert [came(house, story, 100), came(house, story, 100)] == [True, False]
    assert owed(house, story) == (0, OVER_FEN - 100)
    with pytest.raises(ConflictError, match=r"is that of 1\.00 on claim"):
        came(house, story, 101)
    assert came(house, story, 100, "IN-2")
    assert owed(house, story) == (0, OVER_FEN - 200)


@pytest.mark.parametrize("reference", ["", "A B", "流水1", "X" * 65])
def test_a_reference_is_one_word_of_the_bank(house: World, reference: str) -> None:
    with pytest.raises(InputError, match="no reference"):
        came(house, owing(house), 1, reference)


def test_what_was_given_back_is_paid_again_when_a_third_decision_owes_it(house: World) -> None:
    story = owing(house)
    came(house, story, OVER_FEN)
    story = reopened(house, tell(house.system, story.claim.claim_id))
    review.approve(house.system, story.claim.claim_id, story.claim.version, THIRD, "")
    story = after(house, story)
    assert [each.amount_fen for each in house.bank.booked.values()] == [FULL_FEN, OVER_FEN]
    assert f"此前已给付 {(FULL_FEN - OVER_FEN) / 100:,.2f} 元" in story.notices[-1].body
    assert (owed(house, story), differences(house)) == ((0, 0), ())


def in_line(story: ClaimStory, fen: int = OVER_FEN, reference: str = "IN-1", reason: str = "") -> StatementLine:
    return StatementLine(Movement.RECEIPT, "" if reason else story.claim.claim_id, reference, fen, reason)


def test_a_line_of_the_statement_that_names_its_claim_is_booked_once(house: World) -> None:
    story = owing(house)
    paid = house.system.bank.statement(day_of(house))
    half = in_line(story, OVER_FEN // 2, reason=f"还款{story.claim.claim_id.lower()}")
    rest = in_line(story, OVER_FEN - OVER_FEN // 2, "IN-2")
    assert codes(compared(house, *paid, half, rest)) == ["bank.received", "bank.received"]  # two of one claim on one day are two
    assert (owed(house, story), codes(compared(house, *paid, half, rest))) == ((0, 0), [])
    assert differences(house) == ()


def test_a_line_that_is_too_much_or_names_no_claim_is_for_a_person(house: World) -> None:
    story = owing(house)
    lines = house.system.bank.statement(day_of(house))
    assert codes(compared(house, *lines, in_line(story, OVER_FEN + 1))) == ["bank.receipt_refused"]
    assert codes(compared(house, *lines, in_line(story, reason="张三还款"))) == ["bank.receipt_unknown"]
    assert codes(compared(house, *lines, replace(in_line(story), idempotency_key="C0123456789ABCDE"))) == ["bank.receipt_refused"]
    assert codes(compared(house, *lines, in_line(story), in_line(story))) == ["bank.twice", "bank.received"]
    assert codes(compared(house, *lines, in_line(story, 1))) == ["bank.receipt_unknown"]  # the number is known with another amount
    assert owed(house, story) == (0, 0)


def test_a_receipt_booked_by_hand_that_the_statement_lacks_is_told(house: World) -> None:
    story = owing(house)
    with house.system.database.write() as tx:
        receive(tx, Receipt("IN-9", story.claim.claim_id, 1, day_of(house), "yun"), TELLER)
    lines = house.system.bank.statement(day_of(house))
    assert codes(compared(house, *lines)) == ["bank.receipt_missing"]
    assert codes(compared(house, *lines, in_line(story, 1, "IN-9"))) == []


SMALL = Staff("xiao", "小", "adjuster", OVER_FEN - 1)
ENOUGH = Staff("gou", "够", "adjuster", OVER_FEN)


def test_up_to_ones_authority_a_write_off_needs_nobody_else(house: World) -> None:
    story = owing(house)
    before = used(house)
    assert write_off(house.system.database, story.claim.claim_id, None, ENOUGH, "客户已失联")
    assert (owed(house, story), sums(house)[Account.CLAIMS_WRITTEN_OFF]) == ((0, 0), OVER_FEN)
    assert (used(house), differences(house)) == (before, ())


def test_one_fen_above_the_authority_a_second_person_signs(house: World) -> None:
    story, database = owing(house), house.system.database
    claim_id = story.claim.claim_id
    assert not write_off(database, claim_id, None, SMALL, "客户已失联")
    assert owed(house, story) == (0, OVER_FEN)
    assert list_owing(database)[0].write_off_fen == OVER_FEN
    for staff, told in ((SMALL, "may not sign it, too"), (replace(SMALL, user_name="lao"), "beyond the authority"), (ACTUARY, "role")):
        with pytest.raises(NotAllowedError, match=told):
            sign_write_off(database, claim_id, staff)
    assert sign_write_off(database, claim_id, ENOUGH) == OVER_FEN
    assert (owed(house, story), differences(house)) == ((0, 0), ())
    with pytest.raises(ConflictError, match="no write-off"):
        sign_write_off(database, claim_id, ENOUGH)


def test_a_write_off_is_not_signed_for_more_than_is_still_owed(house: World) -> None:
    story = owing(house)
    write_off(house.system.database, story.claim.claim_id, None, SMALL, "客户已失联")
    came(house, story, 1)
    with pytest.raises(ConflictError, match=r"owes 3,999\.99"):
        sign_write_off(house.system.database, story.claim.claim_id, ENOUGH)
    assert write_off(house.system.database, story.claim.claim_id, None, SMALL, "余款")  # in place of the one that waited
    assert (owed(house, story), differences(house)) == ((0, 0), ())


@pytest.mark.parametrize(("fen", "reason"), [(OVER_FEN + 1, "失联"), (0, "失联"), (1, " ")])
def test_a_write_off_is_of_what_is_owed_and_has_a_reason(house: World, fen: int, reason: str) -> None:
    story = owing(house)
    with pytest.raises((ConflictError, InputError)):
        write_off(house.system.database, story.claim.claim_id, fen, ENOUGH, reason)


@pytest.mark.parametrize(("third", "restored"), [(None, OVER_FEN), (FULL_FEN - OVER_FEN + 1, 1), (FULL_FEN - OVER_FEN, 0), (1, 0)])
def test_a_later_decision_takes_a_write_off_up_before_it_pays(house: World, third: int | None, restored: int) -> None:
    story = owing(house)
    write_off(house.system.database, story.claim.claim_id, None, ENOUGH, "客户已失联")
    story = reopened(house, tell(house.system, story.claim.claim_id))
    decide(house, story, third, THIRD)
    story = after(house, story)
    assert len(house.bank.booked) == 1  # the money is with the customer already
    assert sums(house)[Account.CLAIMS_WRITTEN_OFF] == OVER_FEN - restored
    assert owed(house, story) == (0, FULL_FEN - OVER_FEN - 1 if third == 1 else 0)
    assert differences(house) == ()


def second_claim(world: World) -> ClaimStory:
    """Give another claim of the insured, with people."""
    strict = world.with_limits(straight_through_fen=0)
    files = world.files(invoice(number="9900000002"), summary(), id_card(), tag="2")
    receipt = submit(strict.system, notice("APP-2", files))
    strict.run()
    return tell(world.system, receipt.claim_id)


def approved(world: World, story: ClaimStory) -> ClaimStory:
    version = tell(world.system, story.claim.claim_id).claim.version
    review.approve(world.system, story.claim.claim_id, version, SENIOR, "")
    return after(world, story)


@pytest.mark.parametrize("fen", [OVER_FEN, OVER_FEN - 1, 1])
def test_a_payout_is_less_what_was_set_off(house: World, fen: int) -> None:
    debt, story = owing(house), second_claim(house)
    arrange(house.system, story.claim.claim_id, debt.claim.claim_id, fen, ADJUSTER, "客户来函同意", agreed=True)
    assert (owed(house, debt), differences(house)) == ((0, OVER_FEN), ())  # nothing moves before the decision
    story = approved(house, story)
    assert story.claim.state is ClaimState.PAID and story.decision is not None
    assert list(house.bank.booked.values())[-1].amount_fen == story.decision.amount_fen - fen
    assert (owed(house, debt), owed(house, story)) == ((0, OVER_FEN - fen), (0, 0))
    assert sums(house)[Account.CLAIMS_OFFSET] == 0
    assert "抵销" in next(each for each in story.notices if each.kind == "offset").body
    assert differences(house) == ()


def test_a_decision_anew_counts_what_was_set_off_as_given(house: World) -> None:
    debt, story = owing(house), second_claim(house)
    arrange(house.system, story.claim.claim_id, debt.claim.claim_id, OVER_FEN, ADJUSTER, "客户来函同意", agreed=True)
    story = approved(house, story)
    assert story.decision is not None
    given = story.decision.amount_fen
    story = reopened(house, story)
    decide(house, story, given - 1, THIRD)
    assert (owed(house, after(house, story)), differences(house)) == ((0, 1), ())


def test_no_more_is_set_off_than_is_owed_at_the_decision(house: World) -> None:
    debt, story = owing(house), second_claim(house)
    arrange(house.system, story.claim.claim_id, debt.claim.claim_id, OVER_FEN, ADJUSTER, "客户来函同意", agreed=True)
    came(house, debt, OVER_FEN - 1)
    story = approved(house, story)
    assert story.decision is not None
    assert list(house.bank.booked.values())[-1].amount_fen == story.decision.amount_fen - 1
    assert (owed(house, debt), differences(house)) == ((0, 0), ())


def test_an_offset_that_was_called_off_pays_in_full(house: World) -> None:
    debt, story = owing(house), second_claim(house)
    arrange(house.system, story.claim.claim_id, debt.claim.claim_id, OVER_FEN, ADJUSTER, "客户来函同意", agreed=True)
    cancel(house.system, story.claim.claim_id, ADJUSTER)
    story = approved(house, story)
    assert story.decision is not None
    assert list(house.bank.booked.values())[-1].amount_fen == story.decision.amount_fen
    with pytest.raises(ConflictError, match="waits for nobody"):
        cancel(house.system, story.claim.claim_id, ADJUSTER)


def test_a_decision_on_the_page_of_before_does_not_go_through(house: World) -> None:
    debt, story = owing(house), second_claim(house)
    arrange(house.system, story.claim.claim_id, debt.claim.claim_id, OVER_FEN, ADJUSTER, "客户来函同意", agreed=True)
    with pytest.raises(ConflictError, match="was changed by"):
        review.approve(house.system, story.claim.claim_id, story.claim.version, SENIOR, "")


@pytest.mark.parametrize(("days", "is_free"), [(0, False), (30, False), (31, True), (30 + 3 * 365, True), (31 + 3 * 365, False)])
def test_without_agreement_the_debt_must_be_due_and_not_too_old(house: World, days: int, is_free: bool) -> None:
    debt, story = owing(house), second_claim(house)
    words = (house.system, story.claim.claim_id, debt.claim.claim_id, OVER_FEN, ADJUSTER, "到期未还")
    with pytest.raises(ConflictError, match="was not asked"):
        arrange(*words)
    ask_back(house.system, debt.claim.claim_id, ADJUSTER, "重复计算")
    let_days_pass(house, days)
    if is_free:
        arrange(*words)
    else:
        with pytest.raises(ConflictError, match=r"may be paid back until|years ago"):
            arrange(*words)


def test_what_is_not_set_off(house: World) -> None:
    debt, story = owing(house), second_claim(house)
    claim_id, debt_id = story.claim.claim_id, debt.claim.claim_id

    def tried(error: type[MingbaiError], told: str, fen: int = 1, into: str = claim_id, staff: Staff = ADJUSTER, why: str = "同意") -> None:
        with pytest.raises(error, match=told):
            arrange(house.system, into, debt_id, fen, staff, why, agreed=True)

    tried(ConflictError, r"owes 4,000\.00, and not 4,000\.01", OVER_FEN + 1)
    tried(InputError, "no amount", 0)
    tried(InputError, "needs a reason", why=" ")
    tried(NotAllowedError, "role", staff=ACTUARY)
    tried(NotAllowedError, "beyond the authority", OVER_FEN, staff=SMALL)
    tried(InputError, "not two claims", into=debt_id)
    with house.system.database.write() as tx:
        claims.set_payee(tx, claim_id, Payee("示例配偶", "9900000000000000028", "示例银行"))
    tried(ConflictError, "not paid to the insured")


def test_nobody_else_is_paid_less_for_what_the_insured_owes(house: World) -> None:
    debt, story = owing(house), second_claim(house)
    arrange(house.system, story.claim.claim_id, debt.claim.claim_id, OVER_FEN, ADJUSTER, "客户来函同意", agreed=True)
    with house.system.database.write() as tx:
        claims.set_payee(tx, story.claim.claim_id, Payee("示例配偶", "9900000000000000028", "示例银行"))
    with pytest.raises(ConflictError, match=f"claim offset {story.claim.claim_id} --cancel"):
        approved(house, story)
    cancel(house.system, story.claim.claim_id, ADJUSTER)
    assert approved(house, story).claim.state is ClaimState.PAID


@pytest.mark.parametrize(("table", "statement", "told"), [
    ("ledger_entry", "DELETE FROM ledger_entry WHERE event LIKE 'receipt%'", "receipt IN-1: 0.00 and 0.01"),
    ("receipt", "UPDATE receipt SET amount_fen = 2", "receipt IN-1: 0.01 and 0.02"),
    ("write_off", "UPDATE write_off SET amount_fen = 3", "0.02 and 0.03"),
    ("ledger_entry", "DELETE FROM ledger_entry WHERE event LIKE 'offset%' AND debit_account = 'claims_offset'", "one side only"),
    ("offset_arranged", "UPDATE offset_arranged SET amount_fen = 1", "was set off, and 0.01 arranged"),
])  # fmt: skip
def test_what_is_wrong_in_the_books_is_named(house: World, table: str, statement: str, told: str) -> None:
    debt, story = owing(house), second_claim(house)
    came(house, debt, 1)
    write_off(house.system.database, debt.claim.claim_id, 2, ENOUGH, "零头")
    arrange(house.system, story.claim.claim_id, debt.claim.claim_id, 300, ADJUSTER, "客户来函同意", agreed=True)
    approved(house, story)
    assert differences(house) == ()
    with house.system.database.write() as tx:
        past_the_triggers(tx, table, statement)
    assert any(told in each for each in differences(house))
