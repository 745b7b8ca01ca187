"""Intake: a notice becomes one claim, once, however often it is sent; bad input is named and loses nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from adjudicator import intake
from adjudicator.intake import add_files, submit
from adjudicator.unusual import UnusualError
from domain.claim import Channel, PersonClue, UploadedFile
from domain.decision import Actor
from domain.errors import (
    ConflictError,
    FileTooLargeError,
    InputError,
    KeyReusedError,
    NotFoundError,
    OverloadedError,
    UnreadableFileError,
)
from domain.states import ClaimState
from storage import audit
from storage import tables as t
from tests.adjudicator.world import INSURED, World, id_card, invoice, notice, summary

CHANNEL = Actor("app", "channel")


def count_claims(world: World) -> int:
    with world.system.database.read() as tx:
        return int(tx.connection.execute(select(func.count()).select_from(t.claim)).scalar_one())


def test_the_same_notice_again_is_the_same_claim(world: World) -> None:
    sent = notice(files=world.files(invoice()))
    first, second = submit(world.system, sent), submit(world.system, sent)
    assert (first.is_new, second.is_new, first.claim_id == second.claim_id, count_claims(world)) == (True, False, True, 1)


def test_the_same_notice_from_eight_threads_at_once_is_one_claim(world: World) -> None:
    sent = notice(files=world.files(invoice()))
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: submit(world.system, sent), range(24)))
    assert sum(each.is_new for each in receipts) == 1
    assert len({each.claim_id for each in receipts}) == count_claims(world) == 1


@pytest.mark.parametrize("change", [{"narrative": "另一件事"}, {"loss_date": date(2025, 8, 16)}, {"files": ()}])
def test_the_same_number_with_another_content_is_refused(world: World, change: dict[str, object]) -> None:
    sent = notice(files=world.files(invoice()))
    submit(world.system, sent)
    with pytest.raises(KeyReusedError, match="APP-1"):
        submit(world.system, replace(sent, **change))


def test_an_unknown_insured_is_refused_without_repeating_the_number(world: World) -> None:
    with pytest.raises(NotFoundError) as refused:
        submit(world.system, notice(insured=PersonClue(id_number="990101190001010012")))
    assert "990101190001010012" not in str(refused.value)
    assert count_claims(world) == 0


def test_a_policy_that_does_not_insure_the_person_is_named(world: World) -> None:
    with pytest.raises(NotFoundError, match="PL3"):
        submit(world.system, notice(policy_numbers=("PL3",)))


def test_a_person_is_found_by_policy_number_or_by_name_and_birth_date(world: World) -> None:
    for number, clue in enumerate([PersonClue(policy_number="PL1"), PersonClue(name=INSURED.name, birth_date=INSURED.birth_date)]):
        assert submit(world.system, notice(f"APP-{number}", insured=clue)).is_new


@pytest.mark.parametrize(("content", "error"), [
    (b"", UnreadableFileError),
    (b"just some text", UnreadableFileError),
    (b"\xff\xd8\xff" + b"x" * 20_000_000, FileTooLargeError),
])  # fmt: skip
def test_a_claim_whose_only_file_cannot_be_opened_is_refused_and_the_file_named(
    world: World, content: bytes, error: type[InputError]
) -> None:
    with pytest.raises(error, match=r"invoice\.jpg") as refused:
        submit(world.system, notice(files=(UploadedFile("invoice.jpg", content),)))
    assert refused.value.field == "files/0"
    assert count_claims(world) == 0


def test_one_bad_file_among_good_ones_is_named_and_the_claim_goes_on(world: World) -> None:
    receipt = submit(world.system, notice(files=(UploadedFile("notes.txt", b"plain text"), *world.files(invoice(), summary(), id_card()))))
    assert [each.file_name for each in receipt.problems] == ["notes.txt"]
    assert receipt.state is ClaimState.SUBMITTED


@pytest.mark.parametrize(("sent", "is_taken"), [(3, True), (4, False)])
def test_a_claim_takes_as_many_files_as_the_limit_and_not_one_more(world: World, sent: int, is_taken: bool) -> None:
    few = world.with_limits(max_files=3)
    files = tuple(world.file(f"page{number}", invoice()) for number in range(sent))
    if is_taken:
        assert submit(few.system, notice(files=files)).is_new
    else:
        with pytest.raises(InputError, match="4 files"):
            submit(few.system, notice(files=files))


def test_intake_says_when_to_come_back_before_it_drowns(world: World) -> None:
    full = world.with_limits(max_backlog=1)
    submit(full.system, notice("APP-1", world.files(invoice())))
    with pytest.raises(OverloadedError) as refused:
        submit(full.system, notice("APP-2", world.files(invoice(), tag="2")))
    assert refused.value.retry_after_seconds > 0
    assert submit(full.system, notice("APP-1", world.files(invoice()))).is_new is False  # what is known is still answered


def test_papers_for_a_claim_that_waits_for_none_are_refused(world: World) -> None:
    receipt = submit(world.system, notice(files=world.files(invoice(), summary(), id_card())))
    world.run()
    with pytest.raises(ConflictError, match="PAID"):
        add_files(world.system, receipt.claim_id, world.files(invoice(), tag="late"), CHANNEL)


def test_papers_turn_a_bare_report_into_a_claim(world: World) -> None:
    receipt = submit(world.system, notice())
    answer = add_files(world.system, receipt.claim_id, world.files(invoice(), summary(), id_card()), CHANNEL)
    assert answer.state is ClaimState.SUBMITTED


def test_a_lapsed_policy_is_for_a_person_to_judge_not_a_reason_to_lose_the_claim(world: World) -> None:
    stay = {"admission_date": date(2026, 3, 1), "discharge_date": date(2026, 3, 9)}
    receipt = submit(world.system, notice(files=world.files(invoice(**stay), summary(**stay), id_card()), loss_date=date(2026, 3, 1)))
    world.run()
    assert submit(world.system, notice("APP-2", insured=PersonClue(policy_number="PL1"), loss_date=date(2026, 3, 1))).is_new
    from adjudicator.story import tell

    story = tell(world.system, receipt.claim_id)
    assert story.claim.state is ClaimState.IN_REVIEW
    assert "policy.not_in_force" in [flag.code for flag in story.adjudication.route.flags]  # type: ignore[union-attr]


def test_of_many_reports_at_once_the_bad_ones_are_told_so_and_the_others_are_stored(world: World) -> None:
    sent = [notice(f"APP-{number}", world.files(invoice(number=f"99000000{number:02}"), tag=f"{number}-")) for number in range(24)]
    sent[5] = replace(sent[5], insured=PersonClue(id_number="990101190001010012"))
    sent[11] = replace(sent[11], policy_numbers=("PL3",))
    sent[17] = sent[16]

    def told(number: int) -> str:
        try:
            return submit(world.system, sent[number]).claim_id
        except NotFoundError as error:
            return error.what

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(told, range(24)))
    assert answers[16] == answers[17]
    assert ("ID number" in answers[5], "PL3" in answers[11]) == (True, True)
    stored = {each for number, each in enumerate(answers) if number not in (5, 11)}
    assert len(stored) == count_claims(world) == 21
    world.run()
    with world.system.database.read() as tx:
        assert {audit.find_break(tx, each) for each in stored} == {None}


def test_a_report_of_a_catastrophe_among_others_goes_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    alone: list[str] = []
    usual = intake._write_alone
    monkeypatch.setattr(intake, "owner_of", lambda *_: (_ for _ in ()).throw(UnusualError("of an event")) if not alone else None)
    monkeypatch.setattr(intake, "_write_alone", lambda system, sent: (alone.append(sent.notice.external_ref), usual(system, sent))[1])
    assert submit(world.system, notice(files=world.files(invoice()))).is_new
    assert (alone, count_claims(world)) == (["APP-1"], 1)


def test_two_channels_that_tell_one_loss_at_one_moment_make_one_claim(world: World) -> None:
    app = notice("APP-1", world.files(invoice(number="9900000001"), tag="a"))
    site = replace(app, channel=Channel.WEBSITE, external_ref="WEB-1")
    group = [intake.Submission(each, each.external_ref, ()) for each in (app, site)]
    with pytest.raises(UnusualError):
        intake._write_together(world.system, group)
    assert count_claims(world) == 0
    receipts = [intake._write_alone(world.system, each) for each in group]
    assert [each.is_joined for each in receipts if each] == [False, True]
    assert count_claims(world) == 1
