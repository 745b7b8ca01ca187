"""Clocks that run out are told of, once and before they are missed; the outbox is emptied; time is a virtual clock's."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from adjudicator import clocks, intake, review
from adjudicator.chores import do_chores
from domain.china import DAY_MS
from domain.decision import Actor
from domain.errors import MessageError
from domain.message import Message, Way
from storage import audit, claims, messages
from storage.clocks import clocks_of, count_clocks
from storage.database import Database
from tests.adjudicator.world import ADJUSTER, World, id_card, invoice, notice, summary


@dataclass
class Gateway:
    """Keeps what it is given; fails as often as it is told to."""

    taken: list[Message] = field(default_factory=list)
    failures: int = 0

    def send(self, message: Message) -> str:
        if self.failures:
            self.failures -= 1
            raise MessageError("the gateway gave no answer")
        self.taken.append(message)
        return f"GW-{len(self.taken)}"


class Clock:
    """A virtual clock: how far ahead of the database's own it is."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def __call__(self) -> int:
        return self.ahead_ms

    def pass_days(self, days: float) -> None:
        self.ahead_ms += int(days * DAY_MS)


@dataclass
class Office:
    """A system whose time and gateway a test holds."""

    world: World
    clock: Clock
    gateway: Gateway

    def wait(self, days: float) -> None:
        self.clock.pass_days(days)
        do_chores(self.world.system)

    def subjects(self, way: Way) -> list[str]:
        return [each.subject for each in self.gateway.taken if each.way is way]

    def actions(self, claim_id: str) -> list[str]:
        with self.world.system.database.read() as tx:
            return [each.action for each in audit.entries(tx, claim_id)]


@pytest.fixture
def office(world: World) -> Office:
    clock, gateway = Clock(), Gateway()
    timed = Database(world.system.database.engine.url.render_as_string(hide_password=False), world.system.database.cipher, clock)
    system = replace(world.system, database=timed, messengers=dict.fromkeys(Way, gateway))
    return Office(World(system, world.reader, world.bank), clock, gateway)


def _in_review(office: Office) -> str:
    """A claim that waits for a person: its bill says another name."""
    papers = (invoice(payer_name="赵示例"), summary(patient_name="赵示例"), id_card())
    receipt = intake.submit(office.world.system, notice(files=office.world.files(*papers)))
    office.world.run()
    return receipt.claim_id


def test_people_are_warned_when_a_fifth_of_a_clock_is_left_and_not_before(office: Office) -> None:
    claim_id = _in_review(office)
    office.wait(23.9)
    assert office.subjects(Way.STAFF) == []
    office.wait(0.2)
    assert office.subjects(Way.STAFF) == ["时限预警：核定（30日）"]
    assert "clock.at_risk" in office.actions(claim_id)


def test_a_warning_is_given_once(office: Office) -> None:
    _in_review(office)
    office.wait(25)
    office.wait(0.1)
    assert len(office.subjects(Way.STAFF)) == 1


def test_a_missed_clock_is_told_of_once(office: Office) -> None:
    claim_id = _in_review(office)
    office.wait(25)
    office.wait(5.1)
    office.wait(0.1)
    assert office.subjects(Way.STAFF) == ["时限预警：核定（30日）", "时限已超：核定（30日）"]
    assert office.actions(claim_id).count("clock.missed") == 1


def test_a_clock_that_was_missed_before_anybody_looked_is_not_warned_of(office: Office) -> None:
    _in_review(office)
    office.wait(31)
    office.wait(0.1)
    assert office.subjects(Way.STAFF) == ["时限已超：核定（30日）"]


def test_a_clock_that_stands_still_warns_nobody_and_goes_on_afterwards(office: Office) -> None:
    claim_id = _in_review(office)
    with office.world.system.database.read() as tx:
        version = _version(office, claim_id)
        before = next(each for each in clocks_of(tx, claim_id) if each.kind == clocks.DECISION)
    review.ask(office.world.system, claim_id, version, ADJUSTER, ("出院记录原件",))
    office.wait(40)
    assert office.subjects(Way.STAFF) == []
    intake.add_files(office.world.system, claim_id, office.world.files(summary(), tag="again"), Actor("app", "channel"))
    with office.world.system.database.read() as tx:
        after = next(each for each in clocks_of(tx, claim_id) if each.kind == clocks.DECISION)
    assert after.due_ms - before.due_ms >= 40 * DAY_MS
    assert after.warn_ms is not None
    assert before.warn_ms is not None
    assert after.warn_ms - before.warn_ms == after.due_ms - before.due_ms


def test_counts_follow_the_clock(office: Office) -> None:
    _in_review(office)
    for days, at_risk, missed in ((0, 0, 0), (25, 1, 0), (6, 0, 1)):
        office.clock.pass_days(days)
        with office.world.system.database.read() as tx:
            counted = count_clocks(tx)
        assert (counted.running, counted.at_risk, counted.breached) == (2, at_risk, missed)


def _version(office: Office, claim_id: str) -> int:

    with office.world.system.database.read() as tx:
        return claims.get_claim(tx, claim_id).version


def test_a_refusal_is_done_with_when_its_letter_has_gone_out(office: Office) -> None:
    claim_id = _in_review(office)
    review.decline(office.world.system, claim_id, _version(office, claim_id), ADJUSTER, "等待期内出险", "第六条")
    assert not _met(office, claim_id, clocks.REFUSAL_LETTER)
    do_chores(office.world.system)
    assert _met(office, claim_id, clocks.REFUSAL_LETTER)
    assert office.subjects(Way.APP_PUSH) == ["理赔决定：不予给付"]


def _met(office: Office, claim_id: str, kind: str) -> bool:
    with office.world.system.database.read() as tx:
        return any(each.kind == kind and each.met_ms for each in clocks_of(tx, claim_id))


def test_a_push_names_the_matter_and_nothing_of_the_illness(office: Office) -> None:
    claim_id = _in_review(office)
    review.decline(office.world.system, claim_id, _version(office, claim_id), ADJUSTER, "等待期内出险", "第六条")
    do_chores(office.world.system)
    (message,) = office.gateway.taken
    assert claim_id in message.body
    assert "等待期" not in message.subject + message.body


def test_a_gateway_that_fails_gets_the_message_again_and_the_refusal_waits(office: Office) -> None:
    claim_id = _in_review(office)
    office.gateway.failures = 2
    review.decline(office.world.system, claim_id, _version(office, claim_id), ADJUSTER, "等待期内出险", "第六条")
    for _ in range(2):
        office.wait(0.01)
        assert not _met(office, claim_id, clocks.REFUSAL_LETTER)
    office.wait(0.01)
    assert _met(office, claim_id, clocks.REFUSAL_LETTER)


def test_a_message_that_no_gateway_takes_is_given_up_and_counted(office: Office) -> None:
    claim_id = _in_review(office)
    office.gateway.failures = 1_000
    review.decline(office.world.system, claim_id, _version(office, claim_id), ADJUSTER, "等待期内出险", "第六条")
    for _ in range(24):
        office.wait(0.05)
    with office.world.system.database.read() as tx:
        assert messages.count_messages(tx) == {"open": 0, "dead": 1}
    assert "message.dead" in office.actions(claim_id)


def test_a_message_that_a_gateway_chokes_on_holds_up_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    claim_id = _in_review(office)
    with office.world.system.database.write() as tx:
        messages.add_message(tx, claim_id, None, Way.SMS, "19900001234", "poison", "")
        messages.add_message(tx, claim_id, None, Way.SMS, "19900001234", "behind it", "")
    taken, send = office.gateway.taken, office.gateway.send

    def choke(message: Message) -> str:
        if message.subject == "poison":
            raise ValueError(message.subject)
        return send(message)

    monkeypatch.setattr(office.gateway, "send", choke)
    for _ in range(2):
        office.wait(0.01)
    assert [each.subject for each in taken] == ["behind it"]


def test_a_file_takes_messages_one_a_line_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    import json

    from adjudicator.messengers import FileMessenger

    messenger = FileMessenger(tmp_path / "outbox" / "sms.jsonl")
    for number in range(2):
        messenger.send(Message(f"M{number}", Way.SMS, "19900001234", "标题", "正文\n第二行"))
    path = tmp_path / "outbox" / "sms.jsonl"
    assert [json.loads(line)["message_id"] for line in path.read_text().splitlines()] == ["M0", "M1"]
    assert path.stat().st_mode & 0o077 == 0


def test_nothing_is_written_and_nobody_is_locked_when_nothing_is_due(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _in_review(office)
    do_chores(office.world.system)

    def locked() -> None:
        raise AssertionError("a write transaction was begun although nothing is due")

    monkeypatch.setattr(office.world.system.database, "write", locked)
    assert do_chores(office.world.system) == 0
    office.clock.pass_days(31)
    with pytest.raises(AssertionError, match="a write transaction"):
        do_chores(office.world.system)


def test_a_round_does_a_piece_and_the_next_one_the_rest(office: Office) -> None:
    claim_id = _in_review(office)
    do_chores(office.world.system)
    with office.world.system.database.write() as tx:
        for number in range(25):
            messages.add_message(tx, claim_id, None, Way.STAFF, "senior_adjuster", f"第 {number} 条", "内容")
    assert [do_chores(office.world.system) for _ in range(3)] == [20, 5, 0]
