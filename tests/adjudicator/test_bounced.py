"""What a bank does after it said yes, or after it said no: money that comes back, money that went late, a new account."""

import pytest

from adjudicator.decide import SYSTEM, payment_key
from adjudicator.intake import submit
from adjudicator.owing import paid_fen, payable_fen, recoverable_fen
from adjudicator.repaying import declare_unpaid, give_account, set_payee
from adjudicator.settling import confirm, give_back
from adjudicator.story import ClaimStory, tell
from adjudicator.worker import work_once
from domain.claim import Payee
from domain.decision import Actor
from domain.errors import ConflictError, IllegalTransitionError, InputError, NotAllowedError
from domain.states import ClaimState, PaymentState
from storage import tables as t
from storage.ledger import Account, balances
from tests.adjudicator.world import ACTUARY, ADJUSTER, INSURED, World, id_card, invoice, notice, summary

FULL_FEN = 1_550_000
CUSTOMER = Actor("P1", "customer")
OPERATOR = Actor("ops", "operator")
NEW = Payee(INSURED.name, "9900000000000000028", "示例银行")


def paid(world: World, *mishaps: str) -> ClaimStory:
    """Give a claim that paid itself; with mishaps, one that the bank had its way with."""
    world.bank.mishaps.extend(mishaps)
    receipt = submit(world.system, notice(files=world.files(invoice(), summary(), id_card())))
    world.run()
    return tell(world.system, receipt.claim_id)


def key_of(story: ClaimStory, attempt: int = 1) -> str:
    return payment_key(story.claim.claim_id, 1, attempt)


def returned(world: World, story: ClaimStory, attempt: int = 1) -> ClaimStory:
    with world.system.database.write() as tx:
        give_back(tx, key_of(story, attempt), "账户已销户", SYSTEM)
    return tell(world.system, story.claim.claim_id)


def came_late(world: World, story: ClaimStory, attempt: int = 1) -> ClaimStory:
    with world.system.database.write() as tx:
        confirm(tx, key_of(story, attempt), f"LATE-{attempt}", SYSTEM)
    return tell(world.system, story.claim.claim_id)


def renewed(world: World, story: ClaimStory) -> ClaimStory:
    give_account(world.system, story.claim.claim_id, CUSTOMER, NEW)
    return tell(world.system, story.claim.claim_id)


def sums(world: World, story: ClaimStory) -> tuple[int, int, int]:
    """Paid, still owed, to be given back."""
    claim_id = story.claim.claim_id
    with world.system.database.read() as tx:
        return paid_fen(tx, claim_id), payable_fen(tx, claim_id), recoverable_fen(tx, claim_id)


def test_money_that_comes_back_is_owed_again_and_the_customer_is_asked_for_an_account(world: World) -> None:
    story = returned(world, paid(world))
    assert (story.claim.state, story.paid_fen, sums(world, story)) == (ClaimState.DECIDED, 0, (0, FULL_FEN, 0))
    assert (story.notices[-1].kind, story.notices[-1].subject) == ("payee", "请更换收款账户")
    assert {each.kind for each in story.clocks if each.met_ms is None} == {"payment"}
    with world.system.database.read() as tx:
        assert balances(tx)[Account.CLAIMS_EXPENSE] == FULL_FEN  # the decision stands


@pytest.mark.parametrize("bounce", ["refused at once", "returned later"])
def test_a_new_account_makes_a_new_order_under_a_key_of_its_own(world: World, bounce: str) -> None:
    story = paid(world, "reject") if bounce == "refused at once" else returned(world, paid(world))
    story = renewed(world, story)
    world.run()
    story = tell(world.system, story.claim.claim_id)
    assert (story.claim.state, story.paid_fen, sums(world, story)) == (ClaimState.PAID, FULL_FEN, (FULL_FEN, 0, 0))
    assert [(each.idempotency_key, each.state) for each in story.payouts] == [(key_of(story), "BOUNCED"), (key_of(story, 2), "CONFIRMED")]
    assert world.bank.booked[key_of(story, 2)].payee == NEW
    assert story.claim.payee == NEW


def test_money_may_come_back_more_than_once(world: World) -> None:
    story = paid(world)
    for attempt in (1, 2, 3):
        story = renewed(world, returned(world, story, attempt))
        world.run()
    assert (tell(world.system, story.claim.claim_id).paid_fen, sums(world, story)) == (FULL_FEN, (FULL_FEN, 0, 0))


def test_staff_may_give_any_account_on_the_version_they_saw(world: World) -> None:
    story = returned(world, paid(world))
    hospital = Payee("示例市第一医院", "9900000000000000101")
    with pytest.raises(NotAllowedError):
        set_payee(world.system, story.claim.claim_id, story.claim.version, ACTUARY, hospital, "客户来电，已核实")
    set_payee(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, hospital, "客户来电，已核实")
    world.run()
    assert world.bank.booked[key_of(story, 2)].payee == hospital


def test_a_customer_gives_an_account_of_the_insureds_own(world: World) -> None:
    story = returned(world, paid(world))
    with pytest.raises(NotAllowedError):
        give_account(world.system, story.claim.claim_id, CUSTOMER, Payee("王示平", NEW.account_number))
    with pytest.raises(InputError):
        give_account(world.system, story.claim.claim_id, CUSTOMER, Payee(INSURED.name, "9900000000000000029"))  # no Luhn digit


def test_without_a_bounce_no_account_is_changed(world: World) -> None:
    story = paid(world)
    with pytest.raises(ConflictError, match="after a bounce only"):
        renewed(world, story)


def unknown(world: World) -> ClaimStory:
    """Give a claim whose payment nobody knows anything of."""
    world.bank.is_idempotent = False
    story = paid(world, "lost before")
    with world.system.database.write() as tx:
        tx.connection.execute(t.task.update().values(available_ms=0))
    world.run()
    story = tell(world.system, story.claim.claim_id)
    assert story.payout is not None and story.payout.state is PaymentState.UNKNOWN
    return story


def test_while_the_outcome_is_unknown_nothing_is_paid_anew(world: World) -> None:
    story = unknown(world)
    with pytest.raises(ConflictError, match="may have moved"):
        renewed(world, story)
    story = came_late(world, story)  # the statement shows it
    assert (story.claim.state, story.paid_fen, sums(world, story)) == (ClaimState.PAID, FULL_FEN, (FULL_FEN, 0, 0))
    assert story.error == ""  # nothing waits for a person any more


def test_what_the_bank_says_it_never_paid_is_paid_anew(world: World) -> None:
    story = unknown(world)
    with pytest.raises(InputError):
        declare_unpaid(world.system, story.claim.claim_id, OPERATOR, " ")
    declare_unpaid(world.system, story.claim.claim_id, OPERATOR, "银行运营部书面确认")
    story = renewed(world, tell(world.system, story.claim.claim_id))
    world.run()
    story = tell(world.system, story.claim.claim_id)
    assert (story.claim.state, story.error, len(world.bank.booked)) == (ClaimState.PAID, "", 1)
    with pytest.raises(ConflictError, match="unknown outcome"):
        declare_unpaid(world.system, story.claim.claim_id, OPERATOR, "再次确认")


def test_a_payment_that_was_refused_and_came_late_pays_the_claim(world: World) -> None:
    story = came_late(world, paid(world, "reject"))
    assert (story.claim.state, story.paid_fen, sums(world, story)) == (ClaimState.PAID, FULL_FEN, (FULL_FEN, 0, 0))


def test_an_order_that_was_not_sent_yet_is_called_off_when_the_earlier_one_came_late(world: World) -> None:
    story = came_late(world, renewed(world, paid(world, "reject")))
    world.run()
    story = tell(world.system, story.claim.claim_id)
    assert (story.claim.state, story.paid_fen, sums(world, story)) == (ClaimState.PAID, FULL_FEN, (FULL_FEN, 0, 0))
    assert world.bank.booked == {}  # the late one was the bank's own doing, and the second order was never sent
    assert [each.state for each in story.payouts] == ["LATE", "BOUNCED"]


def test_what_went_twice_is_to_be_given_back(world: World) -> None:
    story = renewed(world, paid(world, "reject"))
    world.run()
    story = came_late(world, story)
    assert (story.claim.state, sums(world, story)) == (ClaimState.PAID, (2 * FULL_FEN, 0, FULL_FEN))
    story = returned(world, story)  # and the bank takes it back
    assert (story.claim.state, sums(world, story)) == (ClaimState.PAID, (FULL_FEN, 0, 0))


def test_a_payment_comes_back_once(world: World) -> None:
    story = returned(world, paid(world))
    with pytest.raises(IllegalTransitionError):
        returned(world, story)


def test_a_payment_that_was_never_sent_cannot_have_come(world: World) -> None:
    receipt = submit(world.system, notice(files=world.files(invoice(), summary(), id_card())))
    work_once(world.system)
    work_once(world.system)
    with pytest.raises(ConflictError, match="ORDERED"):
        came_late(world, tell(world.system, receipt.claim_id))
