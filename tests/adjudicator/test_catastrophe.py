"""Catastrophes: who is found, that a report comes once, what is not asked for, the clocks, the account, the closing."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from adjudicator import clocks, intake
from adjudicator.catastrophe import answers_peril
from adjudicator.chores import send_messages
from adjudicator.declaring import approve, close, declare
from adjudicator.event_account import EventAccount, account_of, report_markdown
from adjudicator.finding_insureds import FoundInsureds, find_insureds
from adjudicator.letter_frame import LetterCase
from adjudicator.story import ClaimStory, tell
from adjudicator.supplement_letter import write_supplement_letter
from domain.catastrophe import Area, CatastropheEvent, Relaxation
from domain.china import DAY_MS, HOUR_MS
from domain.claim import Channel, LossCause
from domain.decision import Actor, DecisionKind
from domain.document import DocumentClass
from domain.errors import ConflictError, InputError, KeyReusedError, NotAllowedError
from domain.letter import Letterhead
from domain.message import Way
from domain.policy import Person
from domain.states import ClaimState
from rules.routing import load_routing
from storage import claims, events, ledger, registry
from storage.clocks import ClockRecord
from storage.ledger import Account
from tests.adjudicator.test_chores import Gateway
from tests.adjudicator.test_path import CLEAN_PAYS_FEN
from tests.adjudicator.world import DIRECT, HOME, HOSPITAL, INSURED, OTHER, SENIOR, STANDARD, World, id_card, invoice, notice, summary

C = DocumentClass
DAY = date(2025, 8, 15)  # of the loss that `notice` reports
SECOND = replace(SENIOR, user_name="bai")
FLOOD = CatastropheEvent(
    "flood_2025", "示例洪水", Area(("9901",)), date(2025, 8, 10), date(2025, 8, 20), (LossCause.ILLNESS, LossCause.ACCIDENT), (),
    Relaxation((C.ID_CARD,)), None,
)  # fmt: skip


@pytest.fixture
def hit(world: World) -> World:
    """The insured lives in the area, the other one nobody knows where."""
    with world.system.database.write() as tx:
        registry.save_people(tx, [replace(INSURED, region_code="990104")])
    return world


def opened(world: World, event: CatastropheEvent = FLOOD) -> FoundInsureds:
    declare(world.system.database, event, world.system.limits, SENIOR)
    approve(world.system.database, event.code, SECOND)
    return search(world, event)


def search(world: World, event: CatastropheEvent = FLOOD) -> FoundInsureds:
    return find_insureds(world.system.database, world.system.books, event.code)


def claims_of(world: World, person: Person = INSURED) -> list[claims.ClaimRecord]:
    with world.system.database.read() as tx:
        return list(claims.claims_of(tx, person.person_id))


def account(world: World) -> EventAccount:
    with world.system.database.read() as tx:
        return account_of(tx, events.get_event(tx, FLOOD.code))


def clock(story: ClaimStory, kind: str) -> ClockRecord:
    (found,) = [each for each in story.clocks if each.kind == kind]
    return found


def sent(world: World, *papers: Any, ref: str = "APP-1", **changes: object) -> ClaimStory:
    receipt = intake.submit(world.system, notice(ref, world.files(*papers, tag=ref), **changes))
    world.run()
    return tell(world.system, receipt.claim_id)


# whom it finds


def test_an_insured_of_the_area_is_reported_for_once_however_often_it_is_looked_for(hit: World) -> None:
    assert opened(hit) == FoundInsureds(joined=0, reported=1)
    assert search(hit) == FoundInsureds(0, 0)
    (claim,) = claims_of(hit)
    assert (claim.channel, claim.state, claim.event_code) == (Channel.EVENT, ClaimState.REPORTED, FLOOD.code)
    assert (claim.policy_numbers, claim.loss_date, claim.loss_cause) == (("PL1",), None, None)  # nobody knows of a loss yet


def test_who_lives_nobody_knows_where_is_counted_and_not_reported_for(hit: World) -> None:
    opened(hit)
    assert claims_of(hit, OTHER) == []
    assert account(hit).without_region == 1


@pytest.mark.parametrize(
    ("first", "last", "is_found"),
    [
        (date(2025, 1, 1), date(2025, 1, 31), False),  # the policy begins on 1 February
        (date(2025, 1, 1), date(2025, 2, 1), True),
        (date(2026, 1, 31), date(2026, 3, 1), True),
        (date(2026, 2, 1), date(2026, 3, 1), False),
    ],
)
def test_a_policy_in_force_on_one_day_of_the_period_is_enough(hit: World, first: date, last: date, is_found: bool) -> None:
    assert opened(hit, replace(FLOOD, period_from=first, period_to=last)).reported == is_found


@pytest.mark.parametrize("change", [{"area": Area(("9902",))}, {"area": Area((), (HOSPITAL.hospital_id,))}, {"products": ("ankang-cash",)}])
def test_other_areas_and_products_find_nobody(hit: World, change: dict[str, Any]) -> None:
    assert opened(hit, replace(FLOOD, **change)).reported == 0


@pytest.mark.parametrize(("peril", "is_found"), [(LossCause.ILLNESS, False), (LossCause.ACCIDENT, True)])
def test_only_a_contract_that_answers_the_peril_is_reported_under(hit: World, peril: LossCause, is_found: bool) -> None:
    with hit.system.database.write() as tx:
        registry.save_policies(tx, [replace(STANDARD, product="anxing-accident", plan="综合版")])
    assert opened(hit, replace(FLOOD, perils=(peril,))).reported == is_found


def test_the_contract_itself_tells_which_perils_it_answers(world: World) -> None:
    answers = {}
    with world.system.database.read() as tx:
        for product, plan in (("menji-outpatient", "门急诊版"), ("xueping-student", "学生版"), ("anxin-inpatient", "标准版")):
            book = world.system.books.in_force(tx, {product}, DAY)[product].book
            answers[product] = [answers_peril(book, plan, [each]) for each in LossCause]
    assert answers == {"menji-outpatient": [False, True], "xueping-student": [True, True], "anxin-inpatient": [True, True]}


def test_a_claim_that_was_there_joins_the_event_instead_of_a_second_one(hit: World) -> None:
    story = sent(hit)
    assert opened(hit) == FoundInsureds(joined=1, reported=0)
    assert [each.claim_id for each in claims_of(hit)] == [story.claim.claim_id]


@pytest.mark.parametrize(
    "change", [{"loss_date": date(2025, 8, 9)}, {"loss_date": date(2025, 8, 21)}, {"loss_cause": None}, {"loss_date": None}]
)
def test_a_claim_joins_only_when_day_and_cause_are_known_to_fit(hit: World, change: dict[str, Any]) -> None:
    story = sent(hit, **change)
    opened(hit)
    assert tell(hit.system, story.claim.claim_id).claim.event_code is None


def test_the_papers_of_a_named_hospital_bring_a_claim_to_the_event(world: World) -> None:
    opened(world, replace(FLOOD, area=Area((), (HOSPITAL.hospital_id,))))
    story = sent(world, invoice(), summary())
    assert (story.claim.event_code, story.claim.state) == (FLOOD.code, ClaimState.PAID)


# the customer's own report


def test_a_later_report_is_joined_and_the_claim_takes_its_papers(hit: World) -> None:
    opened(hit)
    story = sent(hit, invoice(), summary())
    (claim,) = claims_of(hit)
    assert (story.claim.claim_id, claim.channel, claim.state) == (claim.claim_id, Channel.EVENT, ClaimState.PAID)
    assert (claim.loss_date, claim.loss_cause, claim.payee and claim.payee.holder) == (DAY, LossCause.ILLNESS, INSURED.name)
    assert "report.joined" in [each.action for each in story.audit]


def test_the_same_report_sent_again_finds_the_joined_claim_and_another_content_is_refused(hit: World) -> None:
    opened(hit)
    first = intake.submit(hit.system, notice())
    again = intake.submit(hit.system, notice())
    assert (again.claim_id, again.is_new, len(claims_of(hit))) == (first.claim_id, False, 1)
    with pytest.raises(KeyReusedError):
        intake.submit(hit.system, notice(narrative="另一件事"))


def test_a_report_at_the_moment_of_the_search_makes_one_claim(hit: World) -> None:
    declare(hit.system.database, FLOOD, hit.system.limits, SENIOR)
    approve(hit.system.database, FLOOD.code, SECOND)
    start = Barrier(4)

    def act(number: int) -> None:
        start.wait()
        if number % 2:
            intake.submit(hit.system, notice(f"APP-{number}"))
        else:
            search(hit)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(4)))
    assert len(claims_of(hit)) == 1


def test_a_call_and_then_the_app_come_to_one_claim(hit: World) -> None:
    opened(hit)
    intake.submit(hit.system, notice("TEL-1", channel=Channel.HOTLINE, payee=None, narrative="电话报案"))
    story = sent(hit, invoice(), summary(), ref="APP-1", narrative="")
    assert (len(claims_of(hit)), story.claim.state, story.claim.narrative) == (1, ClaimState.PAID, "电话报案")


@pytest.mark.parametrize("loss_date", [date(2025, 8, 9), date(2025, 8, 21), None])
def test_a_report_of_another_loss_is_a_claim_of_its_own_and_declines_nothing(hit: World, loss_date: date | None) -> None:
    opened(hit)
    intake.submit(hit.system, notice(loss_date=loss_date))
    assert sorted((each.channel, each.state) for each in claims_of(hit)) == [("app", "REPORTED"), ("event", "REPORTED")]


# papers, limits, amounts


def test_what_the_event_leaves_out_is_not_asked_for_and_the_notice_says_so(hit: World) -> None:
    opened(hit)
    story = sent(hit, invoice())
    (supplement,) = [each for each in story.notices if each.kind == "supplement"]
    assert [each.about for each in supplement.items] == [C.DISCHARGE_SUMMARY]
    assert supplement.body.endswith("因灾害理赔绿色通道，您无须提交：身份证。")
    insured = story.insured
    letter = write_supplement_letter(LetterCase(story.claim, insured, supplement, None, None, None), Letterhead())
    assert [each.paragraphs for each in letter.sections if each.heading == "无须提交的资料"] == [
        ("因灾害理赔绿色通道，您无须提交：身份证。",)
    ]


@pytest.mark.parametrize(("small_fen", "state"), [(2_999_999, "NEEDS_SUPPLEMENT"), (3_000_000, "IN_REVIEW"), (3_000_001, "IN_REVIEW")])
def test_small_claims_need_less_up_to_the_sum_that_is_small(hit: World, small_fen: int, state: str) -> None:
    opened(hit, replace(FLOOD, relaxed=Relaxation((C.ID_CARD,), (C.DISCHARGE_SUMMARY,), small_fen)))
    story = sent(hit, invoice(3_000_000))
    assert story.claim.state == state
    if story.adjudication:  # no diagnosis: what no paper tells stays unknown, and a person looks
        assert "outcome.unknown" in [each.code for each in story.adjudication.route.flags]


def test_an_event_changes_no_amount(hit: World) -> None:
    before = sent(hit.with_limits(straight_through_fen=0), invoice(), summary(), id_card()).adjudication
    with hit.system.database.write() as tx:
        registry.save_people(tx, [replace(OTHER, region_code="990104")])
        registry.save_policies(tx, [replace(STANDARD, policy_number="PL8", insured_id="P2", policyholder_id="P2")])
    opened(hit)
    papers = (invoice(number="9900000002", payer_name=OTHER.name), summary(patient_name=OTHER.name), id_card(OTHER))
    changed = {"insured": replace(notice().insured, id_number=OTHER.id_number), "policy_numbers": ("PL8",)}
    after = sent(hit.with_limits(straight_through_fen=0), *papers, ref="APP-2", **changed)
    assert after.claim.event_code == FLOOD.code and after.adjudication and before
    assert after.adjudication.proposed_fen == before.proposed_fen > 0
    assert after.adjudication.policies[0].assessment.results == before.policies[0].assessment.results


@pytest.mark.parametrize(
    ("limit_fen", "system_fen", "state"),
    [
        (CLEAN_PAYS_FEN - 1, 10_000_000, "IN_REVIEW"),
        (CLEAN_PAYS_FEN, 10_000_000, "PAID"),
        (CLEAN_PAYS_FEN + 1, 10_000_000, "PAID"),
        (CLEAN_PAYS_FEN, CLEAN_PAYS_FEN - 1, "IN_REVIEW"),  # the system's was lowered afterwards
    ],
)
def test_the_events_limit_includes_its_own_amount_and_never_lifts_the_systems(
    hit: World, limit_fen: int, system_fen: int, state: str
) -> None:
    opened(hit, replace(FLOOD, straight_through_fen=limit_fen))
    assert sent(hit.with_limits(straight_through_fen=system_fen), invoice(), summary()).claim.state == state


def test_routing_rules_send_an_event_where_operations_want_it(hit: World, tmp_path: Path) -> None:
    shipped = (HOME / "rules/book/routing.yaml").read_text(encoding="utf-8")
    own = "  - {code: event.watched, message: 灾害案件, severity: doubt, queue: review, when: {finding: event.flood_2025}}\n"
    (tmp_path / "routing.yaml").write_text(shipped.rstrip("\n") + "\n" + own, encoding="utf-8")
    opened(hit)
    watched = replace(hit, system=replace(hit.system, routing=load_routing(tmp_path / "routing.yaml")))
    story = sent(watched, invoice(), summary())
    assert story.claim.state is ClaimState.IN_REVIEW and story.adjudication
    assert [each.code for each in story.adjudication.route.flags] == ["event.watched"]
    assert {"event.claim", "event.flood_2025"} <= {each.code for each in story.adjudication.findings}


def test_papers_that_tell_of_another_day_go_to_a_person(hit: World) -> None:
    opened(hit)
    (claim,) = claims_of(hit)
    stay = {"admission_date": date(2025, 9, 15), "discharge_date": date(2025, 9, 23)}
    intake.add_files(hit.system, claim.claim_id, hit.files(invoice(**stay), summary(**stay), id_card()), Actor("app", "channel"))
    with hit.system.database.write() as tx:
        claims.set_payee(tx, claim.claim_id, notice().payee)  # type: ignore[arg-type]  # it has one
    hit.run()
    story = tell(hit.system, claim.claim_id)
    assert story.claim.state is ClaimState.IN_REVIEW and story.adjudication
    assert "event.not_of_it" in [each.code for each in story.adjudication.findings]


# clocks


def test_the_contact_is_due_in_an_hour_and_kept_when_the_notice_has_gone_out(hit: World) -> None:
    opened(hit)
    (claim,) = claims_of(hit)
    contact = clock(tell(hit.system, claim.claim_id), clocks.CATASTROPHE_CONTACT)
    assert (contact.due_ms - contact.started_ms, contact.met_ms) == (HOUR_MS, None)
    gateway = Gateway()
    send_messages(replace(hit.system, messengers={Way.SMS: gateway}))
    assert [each.subject for each in gateway.taken] == ["灾害理赔绿色通道已为您开通"]
    assert clock(tell(hit.system, claim.claim_id), clocks.CATASTROPHE_CONTACT).met_ms is not None


def test_the_decision_is_due_in_a_day_from_complete_papers_and_not_before(hit: World) -> None:
    opened(hit)
    story = sent(hit, invoice(payer_name="赵示例"))
    assert clocks.CATASTROPHE_DECISION not in [each.kind for each in story.clocks]
    intake.add_files(hit.system, story.claim.claim_id, hit.files(summary(patient_name="赵示例"), tag="late"), Actor("app", "channel"))
    hit.run()
    story = tell(hit.system, story.claim.claim_id)
    due = clock(story, clocks.CATASTROPHE_DECISION)
    assert (story.claim.state, due.due_ms - due.started_ms, due.met_ms) == (ClaimState.IN_REVIEW, DAY_MS, None)


# two people, the account, the closing


def test_who_declares_an_event_does_not_approve_it(world: World) -> None:
    declare(world.system.database, FLOOD, world.system.limits, SENIOR)
    with pytest.raises(NotAllowedError, match="second person"):
        approve(world.system.database, FLOOD.code, SENIOR)
    with pytest.raises(ConflictError, match="proposed"):
        search(world)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "Flood 1"}, "code"),
        ({"period_to": date(2025, 8, 9)}, "to"),
        ({"area": Area()}, "region"),
        ({"area": Area(("99x",))}, "region"),
        ({"area": Area((), ("H99",))}, "hospital"),
        ({"perils": ()}, "peril"),
        ({"relaxed": Relaxation((), (C.ID_CARD,), 0)}, "small"),
        ({"straight_through_fen": 10_000_001}, "straight_through"),
    ],
)
def test_an_event_that_cannot_be_meant_is_refused_by_the_name_of_what_is_wrong(world: World, change: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        declare(world.system.database, replace(FLOOD, **change), world.system.limits, SENIOR)
    assert refused.value.field == field


def test_the_account_is_the_ledger_of_its_claims_and_of_no_other(hit: World) -> None:
    outside = sent(hit, invoice(), summary(), id_card(), loss_date=DAY, loss_cause=None)
    opened(hit)
    inside = sent(hit, invoice(number="9900000003"), summary(), ref="APP-2")
    assert outside.claim.event_code is None and inside.decision and inside.decision.kind is DecisionKind.PAY_FULL
    told = account(hit)
    assert (told.reported, told.reported_for, told.untouched, told.by_state) == (1, 1, 0, {"PAID": 1})
    assert (told.decided_fen, told.paid_fen, told.by_product) == (
        inside.decision.amount_fen,
        inside.decision.amount_fen,
        {"anxin-inpatient": 1},
    )
    assert [each.product for each in told.sums] == ["anxin-inpatient"]
    assert {each.kind: (each.kept, each.missed) for each in told.clocks}[clocks.CATASTROPHE_DECISION] == (1, 0)


def test_the_account_tells_what_is_asked_back_set_off_and_given_up(hit: World) -> None:
    opened(hit)
    claim = sent(hit, invoice(number="9900000003"), summary(), ref="APP-2").claim
    back, off, gone = Account.CLAIMS_RECOVERABLE, Account.CLAIMS_OFFSET, Account.CLAIMS_WRITTEN_OFF
    with hit.system.database.write() as tx:
        for debit, credit, fen in ((back, Account.CLAIMS_PAYABLE, 1_000), (off, back, 300), (gone, back, 20)):
            ledger.book(tx, claim.claim_id, claim.policy_numbers[0], debit, credit, fen, "by hand")
    (day,) = account(hit).sums
    assert (day.recoverable_fen, day.offset_fen, day.written_off_fen) == (680, -300, 20)


def test_an_event_with_open_claims_closes_only_with_a_reason_and_its_report_names_them(hit: World) -> None:
    opened(hit)
    (claim,) = claims_of(hit)
    with pytest.raises(ConflictError, match="1 claims of event flood_2025 are still open"):
        close(hit.system.database, FLOOD.code, SENIOR)
    sha256 = close(hit.system.database, FLOOD.code, SENIOR, "期间结束")
    with hit.system.database.read() as tx:
        kept, text = events.find_report(tx, FLOOD.code) or ("", "")
    markdown = report_markdown(json.loads(text), sha256)
    assert kept == sha256 and claim.claim_id in markdown and "期间结束" in markdown and "身份证" in markdown


def test_after_the_closing_new_claims_are_ordinary_and_old_ones_keep_what_was_promised(hit: World) -> None:
    opened(hit)
    with hit.system.database.write() as tx:
        registry.save_people(tx, [replace(OTHER, region_code="990104")])
    close(hit.system.database, FLOOD.code, SENIOR, "期间结束")
    old = sent(hit, invoice(), summary())
    changed = {"insured": replace(notice().insured, id_number=OTHER.id_number), "policy_numbers": (DIRECT.policy_number,)}
    new = sent(hit, invoice(number="9900000009", payer_name=OTHER.name), summary(patient_name=OTHER.name), ref="APP-2", **changed)
    assert (old.claim.event_code, old.claim.state) == (FLOOD.code, ClaimState.PAID)
    assert (new.claim.event_code, new.claim.state) == (None, ClaimState.NEEDS_SUPPLEMENT)
    with pytest.raises(ConflictError, match="closed"):
        search(hit)
