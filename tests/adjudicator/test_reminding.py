"""The chore of reminders: each once, whatever happens; by the way and at the hour the customer chose; words that go again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from adjudicator import reminding, servicing_sweep
from adjudicator.chores import do_chores, send_messages
from domain.china import china_day, china_minute
from domain.errors import MessageError
from domain.message import Message, Way
from domain.reminder import KindPreference, NoticePreferences, Occasion, QuietHours, ReminderKind
from storage import messages, registry, reminders
from storage.tables import customer_message
from storage.tables_reminders import reminder
from tests.adjudicator.servicing_world import ACCOUNT, ME, Servicing, begin, contract, endowment, paid, policy
from tests.adjudicator.world import World

DUE, GRACE = date(2026, 3, 1), date(2026, 4, 30)


@pytest.fixture
def desk(world: World) -> Servicing:
    return begin(world)


def sent(desk: Servicing) -> list[Any]:
    """List the messages of reminders, oldest first."""
    with desk.system.database.read() as tx:
        c, brings = customer_message.c, reminder.c.message_id
        chosen = select(c.subject, c.body, c.way, c.recipient_enc, c.available_ms, c.status, c.message_id)
        rows = tx.connection.execute(chosen.where(c.message_id.in_(select(brings))).order_by(c.created_ms, c.message_id))
        return list(rows)


def subjects(desk: Servicing) -> list[str]:
    return [each.subject for each in sent(desk)]


def live(desk: Servicing, *days: date) -> None:
    """Let the chores of a day be done: what came due is booked, then people are reminded."""
    for day in days:
        desk.go_to(day)
        for _ in range(4):
            do_chores(desk.system)


def prefer(desk: Servicing, quiet: QuietHours | None = None, mail: str = "", **kinds: KindPreference) -> None:
    told = dict(desk.system.reminders.preferences().kinds) | {ReminderKind(name): each for name, each in kinds.items()}
    with desk.system.database.write() as tx:
        reminders.save_preferences(tx, ME, NoticePreferences(told, quiet, mail))


def test_from_the_premium_to_the_end_of_reinstatement_each_is_told_once_on_its_day(desk: Servicing) -> None:
    endowment(desk, years=6)
    with desk.system.database.write() as tx:  # what waits from earlier years is another test's
        registry.save_policies(tx, [policy("S1", "dingshou-term", date(2020, 3, 1), date(2040, 2, 29))])
    days = [date(2026, 1, 28) + timedelta(days=number) for number in range(97)]
    live(desk, *days, date(2028, 2, 29), date(2028, 3, 1), date(2028, 3, 2))
    with desk.system.database.read() as tx:
        told = {china_day(each.told_ms): each.occasion for each in reminders.told_of(tx, ["S1"]).values()}
    assert told == {
        date(2026, 1, 30): Occasion.PREMIUM_DUE,
        date(2026, 4, 15): Occasion.GRACE_ENDING,
        date(2026, 5, 1): Occasion.LAPSED,
        date(2028, 3, 1): Occasion.REINSTATEMENT_ENDING,
    }


def test_a_message_says_amount_day_and_where_to_tap(desk: Servicing) -> None:
    endowment(desk, years=6)
    live(desk, date(2026, 4, 15))
    (told,) = (each for each in sent(desk) if each.subject == "宽限期即将届满")
    assert told.body == (
        "【明白保险】您的福禄两全保险（保单尾号S1）应交保费7,000.00元尚未交纳，宽限期至2026年4月30日止，逾期未交保障中止。"
        "办理交费：mingbai://servicing/renewal-premium?policy=S1"
    )


def test_the_premium_loan_is_told_before_and_after(desk: Servicing) -> None:
    endowment(desk, years=6, automatic_premium_loan=True)
    live(desk, date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 2))
    assert [each for each in subjects(desk) if "垫交" in each] == ["即将自动垫交保费", "已自动垫交保费"]


def test_a_premium_is_reminded_of_thirty_days_before_and_not_a_day_earlier(desk: Servicing) -> None:
    endowment(desk, years=7)
    live(desk, date(2027, 1, 29))
    assert "续期保费应交" not in subjects(desk)
    live(desk, date(2027, 1, 30))
    assert subjects(desk).count("续期保费应交") == 1


def test_after_a_crash_between_pages_and_from_two_workers_each_is_told_once(desk: Servicing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "_PAGE", 3)
    for each in range(10):
        endowment(desk, f"S{each:02d}", years=6)
    desk.go_to(date(2026, 4, 20))
    while servicing_sweep.sweep(desk.system):
        pass
    with monkeypatch.context() as broken:

        def crash(*_: object, **__: object) -> None:
            raise RuntimeError("killed")

        reminding.sweep(desk.system)  # the first page
        broken.setattr(reminders, "forget_words", crash)
        with pytest.raises(RuntimeError):
            reminding.sweep(desk.system)  # the second one, told and then undone
    assert len([each for each in subjects(desk) if each == "宽限期即将届满"]) == 3
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: reminding.sweep(desk.system), range(24)))
    while reminding.sweep(desk.system):  # who found a page held by another went away without one
        pass
    assert subjects(desk).count("宽限期即将届满") == 10
    with desk.system.database.read() as tx:
        assert not reminding.is_due(tx)


def test_nobody_is_reminded_before_what_came_due_is_booked(desk: Servicing) -> None:
    endowment(desk)
    with desk.system.database.read() as tx:
        assert not reminding.is_due(tx)
    while servicing_sweep.sweep(desk.system):
        pass
    with desk.system.database.read() as tx:
        assert reminding.is_due(tx)


def test_where_money_is_on_its_way_the_next_day_tells(desk: Servicing) -> None:
    number = endowment(desk, years=6)
    desk.go_to(date(2026, 4, 20))
    desk.sign(desk.quote(number, "renewal-premium", account=ACCOUNT))
    while servicing_sweep.sweep(desk.system):
        pass
    while reminding.sweep(desk.system):
        pass
    assert subjects(desk) == []
    do_chores(desk.system)  # the bank collects
    live(desk, date(2026, 4, 21))
    assert "宽限期即将届满" not in subjects(desk)


def test_one_that_is_switched_off_is_written_down_and_not_sent(desk: Servicing) -> None:
    endowment(desk, years=6)
    prefer(desk, renewal_premium=KindPreference(is_on=False, ways=(Way.SMS,)))
    live(desk, date(2026, 2, 1))
    assert "续期保费应交" not in subjects(desk)
    with desk.system.database.read() as tx:
        assert reminders.count_of_day(tx, date(2026, 2, 1))[("renewal_premium", "")] == 1


def test_lapse_is_told_even_where_a_row_says_off(desk: Servicing) -> None:
    endowment(desk, years=6)
    prefer(desk, lapse=KindPreference(is_on=False, ways=(Way.SMS,)))
    live(desk, date(2026, 4, 20))
    (told,) = (each for each in sent(desk) if each.subject == "宽限期即将届满")
    assert told.way == "sms"


@pytest.mark.parametrize(
    ("ways", "mail", "way", "recipient"),
    [
        ((Way.SMS, Way.APP_PUSH), "", "sms", "10000000001"),
        ((Way.MAIL, Way.SMS), "li@example.cn", "mail", "li@example.cn"),
        ((Way.MAIL, Way.SMS), "", "sms", "10000000001"),
        ((Way.APP_PUSH,), "", "app_push", ME),
    ],
)
def test_the_first_way_that_reaches_the_customer_is_taken(
    desk: Servicing, ways: tuple[Way, ...], mail: str, way: str, recipient: str
) -> None:
    endowment(desk, years=6)
    prefer(desk, mail=mail, renewal_premium=KindPreference(is_on=True, ways=ways))
    live(desk, date(2026, 2, 1))
    (told,) = (each for each in sent(desk) if each.subject == "续期保费应交")
    assert (told.way, desk.system.database.cipher.decrypt(told.recipient_enc)) == (way, recipient)


def test_in_quiet_hours_it_waits_in_the_outbox(desk: Servicing) -> None:
    endowment(desk, years=6)
    prefer(desk, QuietHours(22 * 60, 8 * 60))
    desk.go_to(date(2026, 2, 1), hour=3)
    for _ in range(4):
        do_chores(desk.system)
    assert {china_minute(each.available_ms) for each in sent(desk)} == {"2026-02-01 08:00"}
    with desk.system.database.read() as tx:
        assert not messages.has_due(tx, (Way.APP_PUSH, Way.SMS))
    desk.go_to(date(2026, 2, 1), hour=8)
    with desk.system.database.read() as tx:
        assert messages.has_due(tx, (Way.APP_PUSH, Way.SMS))


class Deaf:
    """A gateway that takes nothing."""

    def send(self, message: Message) -> str:
        raise MessageError("nothing is taken here", "try later")


def test_a_way_that_fails_for_good_is_followed_by_the_next_one(desk: Servicing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adjudicator.chores._ATTEMPTS", 1)
    endowment(desk, years=6)
    prefer(desk, renewal_premium=KindPreference(is_on=True, ways=(Way.APP_PUSH, Way.SMS)))
    deaf = replace(desk.system, messengers={Way.APP_PUSH: Deaf(), Way.SMS: Deaf()})
    live(desk, date(2026, 2, 1))
    send_messages(deaf)
    (told,) = (each for each in sent(desk) if each.subject == "续期保费应交")
    assert (told.way, told.status) == ("sms", "open")
    send_messages(deaf)
    (told,) = (each for each in sent(desk) if each.subject == "续期保费应交")
    assert (told.way, told.status) == ("sms", "dead")  # none is left


def test_words_go_after_ninety_days_and_the_reminder_is_not_told_again(desk: Servicing) -> None:
    endowment(desk, years=7)
    first = date(2026, 6, 15)
    live(desk, first)
    assert subjects(desk) == ["有款项待领取"]
    live(desk, first + timedelta(days=90))
    assert len(sent(desk)) == 1
    live(desk, first + timedelta(days=91))
    assert sent(desk) == []
    with desk.system.database.read() as tx:
        bodies = tx.connection.execute(select(customer_message.c.body)).scalars().all()
        assert not any("福禄" in each for each in bodies)
        assert len(reminders.told_of(tx, ["S1"])) == 1


def test_a_policy_whose_figures_cannot_be_worked_out_holds_up_nobody(desk: Servicing, caplog: pytest.LogCaptureFixture) -> None:
    endowment(desk, "S1", years=6)
    endowment(desk, "S2", years=6)
    terms = dict(desk.system.terms)
    strange = replace(terms["fulu-endowment"], cash_value=replace(terms["fulu-endowment"].cash_value, mortality="GONE"))
    broken = replace(desk.system, terms={**terms, "strange": strange})
    with broken.database.write() as tx:
        registry.save_policies(tx, [policy("S1", "strange", date(2020, 3, 1), date(2035, 2, 28))])
    desk.go_to(date(2026, 4, 20))
    while servicing_sweep.sweep(broken):
        pass
    while reminding.sweep(broken):
        pass
    assert "宽限期即将届满" in subjects(desk)
    with broken.database.read() as tx:
        assert reminders.skipped_on(tx, date(2026, 4, 20)) == 1
        assert {key[0] for key in reminders.told_of(tx, ["S1", "S2"])} == {"S2"}
    assert "no reminders for policy S1" in caplog.text


def test_property_is_reminded_of_too(desk: Servicing) -> None:
    start, end = date(2025, 7, 1), date(2026, 6, 30)
    desk.add(policy("H1", "jiacai-property", start, end), contract("H1", payment_years=1), *paid("H1", start))
    live(desk, date(2026, 5, 30), date(2026, 5, 31), date(2026, 6, 1))
    assert subjects(desk) == ["保单即将满期"]
    assert "保障至2026年6月30日止" in sent(desk)[0].body and "7,000.00元" in sent(desk)[0].body
