"""A hospital's bill pays the hospital for what it settled with us; for everything else the patient has paid, and is paid."""

from dataclasses import replace
from datetime import date

import pytest
from test_settlement import BILL

from adjudicator.chores import do_chores
from adjudicator.decide import order_payment
from adjudicator.intake import add_files
from adjudicator.letters import told_payee
from adjudicator.reopening import Ground, appeal, reopen
from adjudicator.repaying import give_account, set_payee
from adjudicator.review import advance, approve, ask, decline, pay_part
from adjudicator.settlement import SettlementStatus, cancel_settlement, confirm_settlement, pre_settle, settle
from adjudicator.settling import give_back
from adjudicator.story import ClaimStory, tell
from adjudicator.verifying import verify_books
from adjudicator.writing import print_now
from domain.claim import Payee
from domain.decision import Actor
from domain.document import DocumentClass
from domain.errors import ConflictError, InputError, NotAllowedError
from domain.states import ClaimState
from storage import claims
from storage import tables as t
from storage.codec import to_json
from tests.adjudicator.world import ADJUSTER, HOSPITAL, OTHER, SENIOR, World, paper

HIS, CUSTOMER = Actor("H1", "hospital"), Actor(OTHER.person_id, "customer")
HERS = Payee(OTHER.name, "9900000000000000010", "示例银行")
THE_HOSPITALS = Payee(HOSPITAL.name, HOSPITAL.account_number)
LARGE = replace(
    BILL, external_ref="HIS-2", total_fen=20_000_000, lines=(replace(BILL.lines[0], name="手术费", amount_fen=20_000_000),)
)  # beyond straight through
FULL_FEN, INSURER_FEN = 18_000_000, 669_524


def story_of(world: World, claim_id: str) -> ClaimStory:
    return tell(world.system, claim_id)


def version_of(world: World, claim_id: str) -> int:
    return story_of(world, claim_id).claim.version


def not_settled(world: World) -> str:
    answer = pre_settle(world.system, LARGE)
    assert answer.status is SettlementStatus.NOT_SETTLED
    return answer.claim_id


def approved(world: World) -> str:
    claim_id = not_settled(world)
    approve(world.system, claim_id, version_of(world, claim_id), SENIOR, "")
    world.run()
    return claim_id


def paid_to(world: World) -> list[tuple[str, int]]:
    return [(each.payee.holder, each.amount_fen) for each in world.bank.booked.values()]


def books_agree(world: World) -> bool:
    return verify_books(world.system.database).differences == ()


def test_a_bill_that_a_person_approves_waits_for_the_patients_account_and_pays_nobody(world: World) -> None:
    story = story_of(world, approved(world))
    assert (story.claim.state, story.payouts, world.bank.calls) == (ClaimState.DECIDED, (), [])
    assert story.waits_for == "赔款 180,000.00 元等待被保险人本人的收款账户" == story.reasons[0]
    assert [each.kind for each in story.notices] == ["not_settled", "decision", "payee"]
    assert {each.kind for each in story.clocks if each.met_ms is None} == {"payment"}
    assert books_agree(world)


def test_the_account_that_the_patient_gives_is_paid(world: World) -> None:
    claim_id = approved(world)
    give_account(world.system, claim_id, CUSTOMER, HERS)
    world.run()
    assert paid_to(world) == [(OTHER.name, FULL_FEN)]
    assert story_of(world, claim_id).claim.state is ClaimState.PAID
    assert books_agree(world)


def test_an_account_that_was_given_before_the_decision_is_paid_with_it(world: World) -> None:
    claim_id = not_settled(world)
    give_account(world.system, claim_id, CUSTOMER, HERS)
    assert (story_of(world, claim_id).claim.state, world.bank.calls) == (ClaimState.IN_REVIEW, [])
    approve(world.system, claim_id, version_of(world, claim_id), SENIOR, "")
    world.run()
    assert paid_to(world) == [(OTHER.name, FULL_FEN)]


def test_the_desk_writes_an_account_with_a_reason_that_stays(world: World) -> None:
    claim_id = approved(world)
    with pytest.raises(InputError, match="reason"):
        set_payee(world.system, claim_id, version_of(world, claim_id), ADJUSTER, HERS, " ")
    set_payee(world.system, claim_id, version_of(world, claim_id), ADJUSTER, HERS, "本人持卡到柜面办理")
    world.run()
    assert paid_to(world) == [(OTHER.name, FULL_FEN)]
    entry = next(each for each in story_of(world, claim_id).audit if each.action == "payee.changed")
    assert (entry.actor, entry.said["reason"]) == (ADJUSTER.user_name, "本人持卡到柜面办理")


@pytest.mark.parametrize("payee", [THE_HOSPITALS, replace(THE_HOSPITALS, holder=OTHER.name), Payee(HOSPITAL.name, "9900000000000000010")])
@pytest.mark.parametrize("before", [True, False], ids=["in review", "decided"])
def test_nobody_can_write_the_hospitals_account_into_what_the_patient_has_paid(world: World, payee: Payee, before: bool) -> None:
    claim_id = not_settled(world) if before else approved(world)
    with pytest.raises(ConflictError, match="not settled"):
        set_payee(world.system, claim_id, version_of(world, claim_id), ADJUSTER, payee, "医院要求")
    with pytest.raises((ConflictError, NotAllowedError)):
        give_account(world.system, claim_id, CUSTOMER, payee)
    assert world.bank.calls == []


def test_an_account_of_somebody_else_is_for_the_desk_to_judge(world: World) -> None:
    claim_id = approved(world)
    heir = replace(HERS, holder="示例继承人")
    with pytest.raises(NotAllowedError):
        give_account(world.system, claim_id, CUSTOMER, heir)
    set_payee(world.system, claim_id, version_of(world, claim_id), ADJUSTER, heir, "继承公证书")
    world.run()
    assert paid_to(world) == [("示例继承人", FULL_FEN)]


@pytest.mark.parametrize("act", ["pay_part", "advance"])
def test_a_part_and_an_advance_wait_for_the_patient_too(world: World, act: str) -> None:
    claim_id = not_settled(world)
    {"pay_part": pay_part, "advance": advance}[act](
        world.system, claim_id, version_of(world, claim_id), SENIOR, 1_000_000, "其余部分待核实"
    )
    world.run()
    assert world.bank.calls == []
    give_account(world.system, claim_id, CUSTOMER, HERS)
    world.run()
    assert paid_to(world) == [(OTHER.name, 1_000_000)]
    assert story_of(world, claim_id).claim.state is (ClaimState.PAID if act == "pay_part" else ClaimState.IN_REVIEW)


def test_a_declined_bill_waits_for_nobody(world: World) -> None:
    claim_id = not_settled(world)
    decline(world.system, claim_id, version_of(world, claim_id), SENIOR, "不属于责任", "2.1")
    assert (story_of(world, claim_id).claim.state, story_of(world, claim_id).waits_for) == (ClaimState.CLOSED, "")


def test_a_claim_from_before_that_still_names_the_hospital_is_not_paid_there(world: World) -> None:
    claim_id = not_settled(world)
    with world.system.database.write() as tx:
        claims.set_payee(tx, claim_id, THE_HOSPITALS)
    approve(world.system, claim_id, version_of(world, claim_id), SENIOR, "")
    world.run()
    assert (story_of(world, claim_id).claim.state, world.bank.calls) == (ClaimState.DECIDED, [])
    with pytest.raises(ConflictError, match="not settled"), world.system.database.write() as tx:
        order_payment(tx, claims.get_claim(tx, claim_id, lock=True), 1, FULL_FEN, THE_HOSPITALS, HIS)
    give_account(world.system, claim_id, CUSTOMER, HERS)
    world.run()
    assert paid_to(world) == [(OTHER.name, FULL_FEN)]


def test_the_hospital_can_neither_confirm_nor_cancel_what_people_decided_for_the_patient(world: World) -> None:
    """Worked out anew it may look clean, as the doubt is gone: it is still the patient's."""
    claim_id = approved(world)
    for told in (pre_settle(world.system, LARGE), settle(world.system, LARGE)):
        assert (told.status, told.insurer_fen) == (SettlementStatus.NOT_SETTLED, 0)
    with pytest.raises(ConflictError, match="no pre-settlement"):
        confirm_settlement(world.system, claim_id, HIS, 2_000_000)
    with pytest.raises(ConflictError, match="decided for the patient"):
        cancel_settlement(world.system, claim_id, HIS, "患者自费")
    assert story_of(world, claim_id).claim.state is ClaimState.DECIDED


def test_a_bill_that_was_asked_papers_for_and_pays_itself_pays_the_patient(world: World) -> None:
    claim_id = not_settled(world)
    ask(world.system, claim_id, version_of(world, claim_id), ADJUSTER, ("发票",))
    card = paper(DocumentClass.BANK_CARD, holder_name=OTHER.name, card_number=HERS.account_number, bank_name="示例银行")
    add_files(world.system, claim_id, world.files(card), CUSTOMER)
    world.run()
    story = story_of(world, claim_id)
    assert HOSPITAL.name not in [holder for holder, _ in paid_to(world)]
    assert story.claim.payee is None or story.claim.payee.holder == OTHER.name


@pytest.mark.parametrize("how", ["cancelled", "run out"])
def test_what_was_taken_back_is_claimed_anew_and_never_reopened(world: World, how: str) -> None:
    claim_id = pre_settle(world.system, BILL).claim_id
    if how == "cancelled":
        cancel_settlement(world.system, claim_id, HIS, "账单有误")
    else:
        c = t.clock.c
        with world.system.database.write() as tx:
            tx.connection.execute(t.clock.update().where(c.claim_id == claim_id).values(due_ms=1, warn_ms=1))
        do_chores(world.system)
    story = story_of(world, claim_id)
    assert (story.claim.state, story.claim.round) == (ClaimState.CLOSED, 2)
    with pytest.raises(ConflictError, match="taken back"):
        reopen(world.system, claim_id, story.claim.version, ADJUSTER, "客户已自付", Ground.ERROR)
    with pytest.raises(ConflictError, match="taken back"):
        appeal(world.system, claim_id, CUSTOMER, "我已自付")
    assert (world.bank.calls, books_agree(world)) == ([], True)


def reopened(world: World) -> str:
    """Give a settled bill that was paid to the hospital and taken up again, because the insurer finds that it covers more."""
    claim_id = settle(world.system, BILL).claim_id
    world.run()
    reopen(world.system, claim_id, version_of(world, claim_id), ADJUSTER, "特需服务应予赔付", Ground.ERROR)
    with world.system.database.write() as tx:  # what the hospital had stated of the item was wrong
        lines = tuple(replace(each, list_class="甲") for each in BILL.lines)
        stated = tx.cipher.encrypt(to_json(replace(BILL, lines=lines), type(BILL)))
        tx.connection.execute(t.claim.update().where(t.claim.c.claim_id == claim_id).values(settlement_enc=stated))
    return claim_id


ADDED_FEN = 27_401  # 304.46 of an item that now counts, times 90 %: 274.014, so 6,969.258 in all, rounded once, less 6,695.24


def test_what_a_later_decision_adds_to_a_settled_bill_is_the_patients(world: World) -> None:
    claim_id = reopened(world)
    approve(world.system, claim_id, version_of(world, claim_id), SENIOR, "")
    world.run()
    story = story_of(world, claim_id)
    assert (story.claim.state, paid_to(world)) == (ClaimState.DECIDED, [(HOSPITAL.name, INSURER_FEN)])
    give_account(world.system, claim_id, CUSTOMER, HERS)
    world.run()
    added_fen = story_of(world, claim_id).paid_fen - INSURER_FEN
    assert paid_to(world) == [(HOSPITAL.name, INSURER_FEN), (OTHER.name, added_fen)]
    assert abs(added_fen - ADDED_FEN) <= 1
    assert (story_of(world, claim_id).claim.state, books_agree(world)) == (ClaimState.PAID, True)


def test_money_of_the_hospital_that_came_back_meanwhile_is_the_hospitals_and_the_rest_the_patients(world: World) -> None:
    claim_id = reopened(world)
    (first,) = story_of(world, claim_id).payouts
    with world.system.database.write() as tx:
        give_back(tx, first.idempotency_key, "账户已销户", HIS)
    approve(world.system, claim_id, version_of(world, claim_id), SENIOR, "")
    world.run()
    assert story_of(world, claim_id).waits_for == "赔款 6,695.24 元等待示例市第一医院的收款账户"
    with pytest.raises(NotAllowedError, match="settled it with us"):
        give_account(world.system, claim_id, CUSTOMER, HERS)
    version = version_of(world, claim_id)
    with pytest.raises(ConflictError, match="another holder"):
        set_payee(world.system, claim_id, version, ADJUSTER, HERS, "客户要求")
    set_payee(world.system, claim_id, version, ADJUSTER, Payee(HOSPITAL.name, "9900000000000000119"), "医院来函")
    assert books_agree(world)
    world.run()
    story = story_of(world, claim_id)
    assert (story.claim.state, story.claim.payee, story.notices[-1].subject) == (ClaimState.DECIDED, None, "请提供收款账户")
    give_account(world.system, claim_id, CUSTOMER, HERS)
    world.run()
    assert [holder for holder, _ in paid_to(world)] == [HOSPITAL.name, HOSPITAL.name, OTHER.name]  # the first one came back
    assert (story_of(world, claim_id).claim.state, books_agree(world)) == (ClaimState.PAID, True)


def test_what_bounced_on_its_way_to_the_hospital_goes_to_the_hospital(world: World) -> None:
    claim_id = settle(world.system, BILL).claim_id
    world.bank.mishaps.append("reject")
    world.run()
    set_payee(world.system, claim_id, version_of(world, claim_id), ADJUSTER, Payee(HOSPITAL.name, "9900000000000000119"), "医院来函")
    world.run()
    assert (paid_to(world), books_agree(world)) == ([(HOSPITAL.name, INSURER_FEN)], True)


def test_the_letter_says_whom_is_paid(world: World) -> None:
    settled = settle(world.system, BILL).claim_id
    waiting = approved(world)
    told = {each: told_payee(next(n.body for n in story_of(world, each).notices if n.kind == "decision")) for each in (settled, waiting)}
    assert told[settled] == "收款人：示例市第一医院（账户尾号 0101）。"
    assert told[waiting].startswith("收款人：被保险人本人。该款项不支付给医院")
    for claim_id, words in ((settled, "示例市第一医院 尾号 0101"), (waiting, "待提供")):
        files = [each for each in print_now(world.system, claim_id) if each.format == "html"]
        pages = [world.system.blobs.get(each.sha256).decode() for each in files]
        assert all(words in each for each in pages)
        assert told[claim_id] in pages[0] or told[claim_id] in pages[1]


def test_a_letter_that_is_printed_after_the_account_came_says_what_it_said(world: World) -> None:
    claim_id = approved(world)
    give_account(world.system, claim_id, CUSTOMER, HERS)
    world.run()
    files = [each for each in print_now(world.system, claim_id) if each.format == "html"]
    assert all("待提供" in world.system.blobs.get(each.sha256).decode() for each in files)


def test_books_that_pay_a_hospital_what_is_the_patients_are_told(world: World) -> None:
    claim_id = approved(world)
    give_account(world.system, claim_id, CUSTOMER, HERS)
    with world.system.database.write() as tx:
        tx.connection.execute(t.payout.update().where(t.payout.c.claim_id == claim_id).values(payee_holder=HOSPITAL.name))
    (told,) = verify_books(world.system.database).differences
    assert "180,000.00 was ordered to 示例市第一医院" in told


def test_an_early_bill_that_is_not_settled_tells_the_patient_at_once(world: World) -> None:
    claim_id = settle(world.system, replace(BILL, admission_date=date(2025, 2, 10), discharge_date=date(2025, 2, 12))).claim_id
    (told,) = story_of(world, claim_id).notices
    assert told.kind == "not_settled"
    assert "不支付给医院" in told.body and "等待期" not in told.body
    assert story_of(world, claim_id).claim.payee is None
