"""Erasure: no name is left in a claim, the books still hold; and nothing is erased that the law keeps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from adjudicator.chores import do_chores
from adjudicator.erasing import erase, iter_due, kept_until
from adjudicator.intake import submit
from adjudicator.merging import merge
from adjudicator.reopening import Ground, appeal, reopen, stop_waiting
from adjudicator.repaying import set_payee
from adjudicator.review import investigate
from adjudicator.servicing_erasing import erase_transaction
from adjudicator.settling import give_back
from adjudicator.story import tell
from adjudicator.story_text import story_text
from adjudicator.verifying import verify_books
from adjudicator.withdrawing import withdraw, withdraw_for
from adjudicator.writing import print_now
from adjudicator.writing_off import write_off
from domain.agent import MeetingKind
from domain.claim import Payee
from domain.decision import Actor
from domain.errors import ConflictError, InputError, NotFoundError
from domain.letter import LetterFormat
from domain.message import Way
from domain.states import ClaimState
from storage import agent_meetings, endorsements, messages
from storage.access import Staff
from storage.all_tables import metadata
from storage.audit import ERASED_WORDS
from storage.database import Transaction
from tests.adjudicator.servicing_world import begin, endowment
from tests.adjudicator.test_recovering import owing
from tests.adjudicator.test_reopening import decide, decided, in_review
from tests.adjudicator.world import ADJUSTER, INSURED, SENIOR, STANDARD, World, id_card, invoice, notice, summary, unusable

OPERATOR = Staff("yun", "云", "operator", 0)
ORDER = "（示例）民初1号"


def paid(world: World, ref: str = "APP-1", number: str = "9900000001") -> str:
    receipt = submit(world.system, notice(ref, world.files(invoice(number=number), summary(), id_card(), tag=ref)))
    world.run()
    do_chores(world.system)
    assert tell(world.system, receipt.claim_id).claim.state is ClaimState.PAID
    return receipt.claim_id


def words_of(tx: Transaction, value: object) -> str:
    """Give what stands in a column, opened when it is sealed."""
    if isinstance(value, bytes | memoryview):
        try:
            return tx.cipher.decrypt(bytes(value))
        except Exception:  # noqa: BLE001  # not sealed: a rule book
            return ""
    return str(value)


def places_of(world: World, *persons: str) -> set[str]:
    """Name every column, but those of the register of customers, in which one of these words stands."""
    found = set()
    with world.system.database.read() as tx:
        for table in metadata.sorted_tables:
            if table.name in ("person", "policy", "rule_content", "book_act", "agent", "hospital"):
                continue
            for row in tx.connection.execute(table.select()).mappings():
                found |= {f"{table.name}.{name}" for name, value in row.items() if any(each in words_of(tx, value) for each in persons)}
    return found


def test_no_name_is_left_and_the_books_hold(world: World) -> None:
    claim_id = paid(world)
    account, who = "9900000000000000010", (INSURED.name, INSURED.id_number, INSURED.phone)
    assert places_of(world, *who, account) >= {"claim.reporter_name", "payout.payee_account_enc", "document.read_enc"}
    before = tell(world.system, claim_id)
    erase(world.system, claim_id, OPERATOR, "来信 7", ORDER)
    assert places_of(world, *who, account, "腹痛住院") == set()
    assert verify_books(world.system.database).differences == ()
    after = tell(world.system, claim_id)
    assert (after.ledger, after.paid_fen) == (before.ledger, before.paid_fen)
    assert after.audit[-1].action == "claim.erased"


NAMED = "示例邻居王大姐说的"  # free words of staff and customers may name anybody


def withdrawn(world: World) -> str:
    claim_id = submit(world.system, notice(files=world.files(unusable()))).claim_id
    withdraw(world.system, claim_id, Actor("P1", "customer"), NAMED)
    return claim_id


def investigated(world: World) -> str:
    story = in_review(world)
    investigate(world.system, story.claim.claim_id, story.claim.version, ADJUSTER, NAMED)
    world.run()
    withdraw_for(world.system, story.claim.claim_id, tell(world.system, story.claim.claim_id).claim.version, ADJUSTER, NAMED)
    return story.claim.claim_id


def appealed(world: World) -> str:
    claim_id = decided(world).claim.claim_id
    appeal(world.system, claim_id, Actor("P1", "customer"), NAMED, brings_papers=True)
    stop_waiting(world.system, claim_id, tell(world.system, claim_id).claim.version, SENIOR, NAMED)
    decide(world, tell(world.system, claim_id), None)
    return claim_id


def merged(world: World) -> str:
    into = in_review(world).claim.claim_id
    claim_id = submit(world.system, notice("APP-2", world.files(unusable(), tag="2"))).claim_id
    merge(world.system, claim_id, into, tell(world.system, claim_id).claim.version, ADJUSTER, NAMED)
    return claim_id


def bounced(world: World) -> str:
    claim_id = decided(world).claim.claim_id
    (order,) = tell(world.system, claim_id).payouts
    with world.system.database.write() as tx:
        give_back(tx, order.idempotency_key, NAMED, Actor("ops", "operator"))
    claim = tell(world.system, claim_id).claim
    set_payee(world.system, claim_id, claim.version, ADJUSTER, Payee(INSURED.name, "9900000000000000028", "示例银行"), "客户来电，已核实")
    world.run()
    return claim_id


def written_off(world: World) -> str:
    story = owing(world)
    write_off(world.system.database, story.claim.claim_id, None, SENIOR, NAMED)
    return story.claim.claim_id


@pytest.mark.parametrize("lived", [withdrawn, investigated, appealed, merged, bounced, written_off])
def test_free_words_are_shown_until_the_claim_is_erased_and_survive_nowhere(world: World, lived: Callable[[World], str]) -> None:
    claim_id = lived(world)
    do_chores(world.system)
    assert "audit.detail_json" not in places_of(world, NAMED)  # the chain is kept for ever
    assert "audit_text.text_enc" in places_of(world, NAMED)
    assert NAMED in story_text(tell(world.system, claim_id))
    erase(world.system, claim_id, OPERATOR, "来信 7", ORDER)
    assert places_of(world, NAMED) == set()
    assert ERASED_WORDS in story_text(tell(world.system, claim_id))
    assert verify_books(world.system.database).differences == ()


def test_bytes_of_papers_go_unless_another_claim_has_the_same(world: World) -> None:
    claim_id = paid(world)
    shared = world.files(id_card(), tag="APP-1")  # not the same name, so another content
    alone = [each.sha256 for each in tell(world.system, claim_id).documents]
    other = submit(world.system, notice("APP-2", (*shared, *world.files(invoice(), tag="APP-1"))))
    common = {each.sha256 for each in tell(world.system, other.claim_id).documents} & set(alone)
    assert len(common) == 1
    erase(world.system, claim_id, OPERATOR, "来信 7", ORDER)
    for sha256 in alone:
        if sha256 in common:
            assert world.system.blobs.get(sha256)
        else:
            with pytest.raises(NotFoundError):
                world.system.blobs.get(sha256)


def test_a_paper_that_is_an_endorsement_of_ours_goes_with_the_last_of_both(world: World) -> None:
    """Customers send in what they have, our own letters and endorsements among it: the same bytes are stored once."""
    claim_id = paid(world)
    desk = begin(world)
    transaction_id = desk.do(endowment(desk), "policy-loan", amount="1000", account="9900123412341234").transaction_id
    sha256 = tell(world.system, claim_id).documents[0].sha256
    with world.system.database.write() as tx:
        tx.connection.execute(text("DELETE FROM endorsement"))
        endorsements.add(tx, transaction_id, LetterFormat.PDF, sha256, 1)
    erase(world.system, claim_id, OPERATOR, "来信 7", ORDER)
    assert world.system.blobs.get(sha256)
    erase_transaction(world.system, transaction_id, OPERATOR, "来信 8", ORDER)
    with pytest.raises(NotFoundError):
        world.system.blobs.get(sha256)


def test_an_endorsement_that_was_sent_in_as_a_paper_stays_as_long_as_the_claim(world: World) -> None:
    claim_id = paid(world)
    desk = begin(world)
    transaction_id = desk.do(endowment(desk), "policy-loan", amount="1000", account="9900123412341234").transaction_id
    sha256 = tell(world.system, claim_id).documents[0].sha256
    with world.system.database.write() as tx:
        tx.connection.execute(text("DELETE FROM endorsement"))
        endorsements.add(tx, transaction_id, LetterFormat.PDF, sha256, 1)
    erase_transaction(world.system, transaction_id, OPERATOR, "来信 8", ORDER)
    assert world.system.blobs.get(sha256)


def test_a_claim_that_the_law_keeps_is_erased_only_by_an_order(world: World) -> None:
    claim_id = paid(world)
    with pytest.raises(ConflictError, match=r"is kept until 2031-01-31 \(保险法 art\. 87\)"):
        erase(world.system, claim_id, OPERATOR, "来信 7")
    erase(world.system, claim_id, OPERATOR, "来信 7", ORDER)
    with pytest.raises(ConflictError, match="is erased already"):
        erase(world.system, claim_id, OPERATOR, "来信 7", ORDER)


def test_a_claim_in_work_is_not_erased(world: World) -> None:
    receipt = submit(world.system, notice("APP-1", world.files(unusable())))
    world.run()
    with pytest.raises(ConflictError, match="work on it is not over"):
        erase(world.system, receipt.claim_id, OPERATOR, "来信 7", ORDER)


@pytest.mark.parametrize(("reason", "told"), [(" ", "needs a reason"), (f"应{INSURED.name}要求", "names a person")])
def test_the_reason_is_kept_for_ever_and_so_names_nobody(world: World, reason: str, told: str) -> None:
    claim_id = paid(world)
    with pytest.raises(InputError, match=told):
        erase(world.system, claim_id, OPERATOR, reason, ORDER)


YEAR = replace(STANDARD, effective_from=date(2024, 3, 1), effective_to=date(2025, 2, 28))


@pytest.mark.parametrize(("policy", "closed", "years", "last"), [
    (YEAR, date(2025, 1, 1), 0, date(2030, 2, 28)),  # one year: five more
    (replace(YEAR, effective_to=date(2025, 3, 1)), date(2025, 1, 1), 0, date(2035, 3, 1)),  # a year and a day: ten
    (replace(YEAR, effective_to=date(9999, 12, 31)), date(2025, 1, 1), 0, date(9999, 12, 31)),  # for life
    (YEAR, date(2025, 1, 1), 8, date(2033, 1, 1)),  # the insurer keeps it longer than the law
    (YEAR, date(2028, 2, 29), 5, date(2033, 2, 28)),
])  # fmt: skip
def test_a_claim_is_kept_by_law_from_the_end_of_its_contract(policy: Callable[..., object], closed: date, years: int, last: date) -> None:
    assert kept_until([policy], closed, years) == last  # type: ignore[list-item]


def test_what_is_due_is_erased_on_the_day_after_its_last(world: World) -> None:
    claim_id = paid(world)
    database, closed = world.system.database, "UPDATE claim SET updated_ms = 0"
    with database.write() as tx:
        tx.connection.execute(text(closed))
    assert list(iter_due(database, 1)) == []  # the law
    with database.write() as tx:
        tx.connection.execute(text("UPDATE policy SET effective_from = '2001-01-01', effective_to = '2001-12-31'"))
    assert list(iter_due(database, 100)) == []  # the insurer
    assert list(iter_due(database, 1)) == [claim_id]
    erase(world.system, claim_id, OPERATOR, "retention.years 1")
    assert list(iter_due(database, 1)) == []


def test_what_agents_wrote_goes_with_the_last_claim_of_a_customer_whom_nothing_keeps(world: World) -> None:
    first, second = paid(world), paid(world, "R2", "0000000002")
    with world.system.database.write() as tx:
        made = agent_meetings.add_contact(tx, "A1", INSURED.person_id, MeetingKind.VISIT, tx.now_ms(), NAMED)
        messages.add_customer_message(tx, INSURED.person_id, Way.SMS, INSURED.phone, "预约提醒", f"{NAMED}有约")
    erase(world.system, first, OPERATOR, "来信 7", ORDER)
    erase(world.system, second, OPERATOR, "来信 8", ORDER)
    assert places_of(world, NAMED) == {"agent_contact.note_enc", "customer_message.body"}  # the policies are still to be kept
    third = paid(world, "R3", "0000000003")
    with world.system.database.read() as tx:
        ahead = int((datetime(2050, 1, 1, tzinfo=UTC)).timestamp() * 1000) - tx.now_ms()
    world.system.database._ahead_ms = lambda: ahead
    erase(world.system, third, OPERATOR, "来信 9")
    assert places_of(world, NAMED, INSURED.phone) == set()
    with world.system.database.read() as tx:
        (left,) = agent_meetings.contacts_of(tx, INSURED.person_id, 10, None)
    assert (left.contact_id, left.note) == (made.contact_id, None)


def test_what_was_erased_is_neither_decided_anew_nor_printed(world: World) -> None:
    claim_id = paid(world)
    erase(world.system, claim_id, OPERATOR, "letter 7", ORDER)
    version = tell(world.system, claim_id).claim.version
    acts: tuple[Callable[[], object], ...] = (
        lambda: reopen(world.system, claim_id, version, SENIOR, "漏算", Ground.ERROR),
        lambda: appeal(world.system, claim_id, Actor("P1", "customer"), "不服"),
        lambda: print_now(world.system, claim_id),
    )
    for act in acts:
        with pytest.raises(ConflictError, match="was erased"):
            act()
    assert tell(world.system, claim_id).claim.state is ClaimState.PAID
