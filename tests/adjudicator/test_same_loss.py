"""One loss on two channels is one claim; what is not sure is asked of a person; nothing is lost and nothing overwritten."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from test_settlement import BILL

from adjudicator.intake import Receipt, submit
from adjudicator.settlement import cancel_settlement, confirm_settlement, pre_settle, settle
from adjudicator.story import ClaimStory, tell
from adjudicator.verifying import verify_books
from domain.claim import Channel, ClaimNotice, LossCause, Payee, PersonClue
from domain.decision import Actor
from domain.errors import KeyReusedError
from domain.states import ClaimState
from storage import audit
from storage import tables as t
from tests.adjudicator.world import INSURED, OTHER, World, id_card, invoice, notice, summary

DAY = date(2025, 8, 15)


def reported(world: World, channel: Channel = Channel.HOTLINE, ref: str = "TEL-1", **changes: object) -> Receipt:
    return submit(world.system, notice(ref, channel=channel, **({"payee": None} | changes)))


def with_papers(world: World, ref: str = "APP-1", **changes: object) -> ClaimNotice:
    return notice(ref, world.files(invoice(), summary(), id_card(), tag=ref), **changes)


def doubts(story: ClaimStory) -> list[str]:
    assert story.adjudication is not None
    return [each.about for each in story.adjudication.findings if each.code == "claim.perhaps_same"]


def all_claims(world: World) -> int:
    with world.system.database.read() as tx:
        return len(tx.connection.execute(t.claim.select()).all())


def test_papers_of_the_app_go_to_the_report_of_the_telephone(world: World) -> None:
    first = reported(world)
    second = submit(world.system, with_papers(world))
    assert (second.claim_id, second.is_new, second.is_joined, second.state) == (first.claim_id, False, True, ClaimState.SUBMITTED)
    world.run()
    story = tell(world.system, first.claim_id)
    assert (story.claim.state, len(story.documents), all_claims(world)) == (ClaimState.PAID, 3, 1)
    assert verify_books(world.system.database).differences == ()


def test_both_channels_are_told_one_number(world: World) -> None:
    first = reported(world, reporter_phone="10000000099")
    reported(world, Channel.WEBSITE, "WEB-1", reporter_phone="10000000088")
    (told,) = [each for each in tell(world.system, first.claim_id).notices if each.kind == "joined"]
    assert first.claim_id in told.body
    with world.system.database.read() as tx:
        rows = tx.connection.execute(t.message.select().where(t.message.c.claim_id == first.claim_id)).all()
        numbers = {tx.cipher.decrypt(row.recipient_enc) for row in rows}
    assert numbers == {"10000000099", "10000000088"}
    assert all(first.claim_id in row.body for row in rows)


def test_a_joined_number_that_is_sent_again_gives_the_same_claim_and_no_third_report(world: World) -> None:
    first, sent = reported(world), with_papers(world)
    submit(world.system, sent)
    again = submit(world.system, sent)
    assert (again.claim_id, again.is_new, again.is_joined) == (first.claim_id, False, True)
    assert len(tell(world.system, first.claim_id).documents) == 3
    with pytest.raises(KeyReusedError):
        submit(world.system, with_papers(world, narrative="别的"))


def test_a_later_report_adds_what_was_open_and_changes_nothing_that_was_known(world: World) -> None:
    first = reported(world, narrative="腹痛", loss_cause=None)
    second = Payee(INSURED.name, "9900000000000000010", "示例银行")
    reported(world, Channel.WEBSITE, "WEB-1", narrative="在家发病", reporter_phone="10000000077", payee=second)
    claim = tell(world.system, first.claim_id).claim
    assert (claim.narrative, claim.loss_cause, claim.payee) == ("腹痛\n在家发病", LossCause.ILLNESS, second)
    assert claim.reporter_phone == INSURED.phone


def test_another_account_is_never_written_over_the_first_and_is_a_claim_of_its_own(world: World) -> None:
    first = reported(world, payee=Payee(INSURED.name, "9900000000000000010"))
    other = reported(world, Channel.WEBSITE, "WEB-1", payee=Payee("别人", "9900000000000000028"))
    assert other.is_new
    assert tell(world.system, first.claim_id).claim.payee == Payee(INSURED.name, "9900000000000000010")


@pytest.mark.parametrize(
    "changes",
    [
        {"loss_cause": LossCause.ACCIDENT},
        {"loss_date": DAY + timedelta(days=1)},
        {"loss_date": None},
        {"channel": Channel.HOTLINE},
        {"insured": PersonClue(id_number=OTHER.id_number)},
    ],
    ids=["another cause", "the next day", "no day", "the same channel", "another insured"],
)
def test_what_is_not_surely_the_same_is_a_claim_of_its_own(world: World, changes: dict[str, object]) -> None:
    first = reported(world)
    second = submit(world.system, notice("X-2", **({"payee": None, "channel": Channel.WEBSITE} | changes)))
    assert (second.is_new, second.claim_id != first.claim_id) == (True, True)


@pytest.mark.parametrize(("apart_days", "asks"), [(1, True), (3, True), (4, False)])
def test_losses_a_few_days_apart_are_asked_of_a_person(world: World, apart_days: int, asks: bool) -> None:
    # The report is about a day before the stay; the papers tell the stay, from the 15th on.
    first = reported(world, loss_date=DAY - timedelta(days=apart_days))
    second = submit(world.system, with_papers(world))
    world.run()
    story = tell(world.system, second.claim_id)
    assert doubts(story) == ([first.claim_id] if asks else [])
    assert story.claim.state is (ClaimState.IN_REVIEW if asks else ClaimState.PAID)


def test_two_open_claims_that_fit_are_asked_of_a_person(world: World) -> None:
    reported(world)
    reported(world, ref="TEL-2")
    third = submit(world.system, with_papers(world))
    world.run()
    assert third.is_new
    assert len(doubts(tell(world.system, third.claim_id))) == 2


def test_a_claim_that_a_person_has_takes_the_papers_of_another_channel_and_is_read_again(world: World) -> None:
    world = world.with_limits(straight_through_fen=1)
    first = submit(world.system, with_papers(world))
    world.run()
    assert tell(world.system, first.claim_id).claim.state is ClaimState.IN_REVIEW
    more = world.files(invoice(total_fen=100_000, social_fen=0, number="9900000077"), tag="web")
    second = submit(world.system, notice("WEB-1", more, channel=Channel.WEBSITE, payee=None))
    assert (second.claim_id, second.is_joined) == (first.claim_id, True)
    world.run()
    assert len(tell(world.system, first.claim_id).documents) == 4


def test_at_one_moment_two_channels_make_one_claim(world: World) -> None:
    sent = [
        notice("TEL-1", channel=Channel.HOTLINE, payee=None),
        notice("WEB-1", channel=Channel.WEBSITE, payee=None),
        notice("CTR-1", channel=Channel.COUNTER, payee=None),
        with_papers(world),
    ]
    with ThreadPoolExecutor(len(sent)) as pool:
        answers = list(pool.map(lambda each: submit(world.system, each), sent))
    assert len({each.claim_id for each in answers}) == 1
    assert sum(each.is_new for each in answers) == 1
    world.run()
    story = tell(world.system, answers[0].claim_id)
    assert (story.claim.state, len(story.documents)) == (ClaimState.PAID, 3)
    assert sum(each.action == "report.joined" for each in story.audit) == 3
    with world.system.database.read() as tx:
        assert audit.find_break(tx, answers[0].claim_id) is None


STAY = {"insured": PersonClue(id_number=OTHER.id_number), "channel": Channel.HOTLINE, "payee": None}


@pytest.mark.parametrize(("day", "is_joined"), [(14, False), (15, True), (20, True), (21, False)])
def test_a_report_of_a_day_of_the_stay_becomes_the_hospitals_when_it_confirms(world: World, day: int, is_joined: bool) -> None:
    report = submit(world.system, notice("TEL-1", **(STAY | {"loss_date": date(2025, 8, day)})))
    settled = pre_settle(world.system, BILL)
    assert tell(world.system, report.claim_id).claim.state is ClaimState.REPORTED
    confirm_settlement(world.system, settled.claim_id, Actor("H1", "hospital"), settled.customer_fen)
    story = tell(world.system, report.claim_id)
    assert story.claim.state is (ClaimState.DUPLICATE if is_joined else ClaimState.REPORTED)
    if is_joined:
        assert settled.claim_id in story.notices[-1].body
        assert all(each.met_ms for each in story.clocks)


def test_a_stay_that_a_hospital_settled_is_not_paid_once_more_without_a_person(world: World) -> None:
    settled = settle(world.system, BILL)
    papers = world.files(
        invoice(payer_name=OTHER.name, total_fen=774_362, social_fen=0, discharge_date=date(2025, 8, 20)),
        summary(patient_name=OTHER.name, discharge_date=date(2025, 8, 20)),
        id_card(OTHER),
    )
    second = submit(
        world.system, replace(notice("APP-9", papers), insured=PersonClue(id_number=OTHER.id_number), payee=Payee(OTHER.name, "99"))
    )
    world.run()
    story = tell(world.system, second.claim_id)
    assert (second.is_new, doubts(story), story.claim.state) == (True, [settled.claim_id], ClaimState.IN_REVIEW)


def test_a_settlement_that_was_cancelled_speaks_against_nothing(world: World) -> None:
    settled = settle(world.system, BILL)
    cancel_settlement(world.system, settled.claim_id, Actor("H1", "hospital"), "患者自费")
    second = submit(
        world.system,
        replace(
            notice("APP-9", world.files(invoice(payer_name=OTHER.name), summary(patient_name=OTHER.name), id_card(OTHER))),
            insured=PersonClue(id_number=OTHER.id_number),
            payee=Payee(OTHER.name, "99"),
        ),
    )
    world.run()
    assert doubts(tell(world.system, second.claim_id)) == []
