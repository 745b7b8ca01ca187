"""Reminding customers (提醒): once a day in China, after what came due was booked, all contracts are looked at, some hundred at a time.

A reminder is written down in the transaction that puts its message into the outbox, under a key of policy, occasion and due
day: a crash, or another process at the same work, tells nothing twice. What nobody told on its day is told on a later one, as
long as it stands (entitlement/reminders/finding.py).
"""

import logging
from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

from adjudicator.system import System
from domain.china import china_day
from domain.errors import MingbaiError
from domain.message import Way
from domain.money import format_fen
from domain.policy import Person
from domain.reminder import NoticePreferences, Occasion, Reminder, ReminderKind
from entitlement.reminders.finding import reminders_of
from policy.holdings import holdings_of
from storage import messages, registry, reminders, servicing, servicing_sweeps
from storage.database import Transaction
from storage.tables_reminders import reminder_sweep

_log = logging.getLogger(__name__)
_PAGE = 200


def is_due(tx: Transaction) -> bool:
    """Tell whether contracts are left to look at today; not before what came due is booked. A look that locks nothing."""
    day = china_day(tx.now_ms())
    return servicing_sweeps.is_over(tx, day) and not servicing_sweeps.is_over(tx, day, reminder_sweep)


def sweep(system: System) -> int:
    """Look at the next contracts, and tell what is to be told; gives how many were looked at."""
    with system.database.write() as tx:
        day = china_day(tx.now_ms())
        is_booked = servicing_sweeps.is_over(tx, day)
        after = servicing_sweeps.begin(tx, day, reminder_sweep) if is_booked else None
    if after is None:
        return 0
    with system.database.read() as tx:  # figures are worked out without a lock: others may write meanwhile
        numbers = servicing_sweeps.contracts_after(tx, after, _PAGE)
        found, skipped = _find(system, tx, numbers, day)
    with system.database.write() as tx:
        if servicing_sweeps.begin(tx, day, reminder_sweep) != after:
            return 0  # another process was quicker
        for each in found:
            _tell(system, tx, each, day)
        is_over = len(numbers) < _PAGE
        reminders.note_skipped(tx, day, skipped)
        reminders.forget_words(tx, day - system.reminders.words_kept, _PAGE)
        servicing_sweeps.go_on(tx, day, numbers[-1] if numbers else after, is_over=is_over, sweep=reminder_sweep)
    return len(numbers)


def _find(system: System, tx: Transaction, numbers: Sequence[str], day: date) -> tuple[list[Reminder], int]:
    """List what stands and was not told, and count the policies whose figures cannot be worked out: they hold up nobody else."""
    if not numbers:
        return [], 0
    told, busy = reminders.told_of(tx, numbers), servicing.open_on(tx, numbers)  # where money is on its way, the next day tells
    found: list[Reminder] = []
    skipped = 0
    for holding in holdings_of(tx, [each for each in numbers if each not in busy], system.terms, day):
        try:
            found += [each for each in reminders_of(holding, system.bases, system.reminders) if reminders.key_of(each) not in told]
        except MingbaiError as error:
            skipped += 1
            _log.warning("no reminders for policy %s: %s", holding.policy.policy_number, error)
    return found, skipped


def _tell(system: System, tx: Transaction, reminder: Reminder, day: date) -> None:
    if not reminders.take(tx, reminder, day):
        return
    person, preferences = registry.find_person(tx, reminder.person_id), preferences_of(system, tx, reminder.person_id)
    if person is not None and is_wanted(system, preferences, reminder.rule.kind):
        ways = _ways_of(system, preferences, reminder.rule.kind)
        _send(tx, reminders.key_of(reminder), reminder.rule.title_zh, words_of(system, reminder, day), person, preferences, ways)


def _send(
    tx: Transaction,
    key: tuple[str, Occasion, date],
    subject: str,
    body: str,
    person: Person,
    preferences: NoticePreferences,
    ways: Sequence[Way],
) -> bool:
    """Put it into the outbox for the first way that reaches the customer, not before their quiet hours are over."""
    recipients = {Way.APP_PUSH: person.person_id, Way.SMS: person.phone, Way.MAIL: preferences.mail_address}
    way = next((each for each in ways if recipients[each]), None)
    if way is None:
        return False
    now = tx.now_ms()
    not_before = preferences.quiet.over_ms(now) if preferences.quiet else now
    message_id = messages.add_customer_message(tx, person.person_id, way, recipients[way], subject, body, not_before)
    reminders.note_way(tx, key, way, message_id)
    return True


def take_another_way(system: System, tx: Transaction, message_id: str) -> bool:
    """Send a reminder that a gateway would not take by the customer's next way; False where it is no reminder, or no way is left."""
    told = reminders.find_by_message(tx, message_id)
    person = registry.find_person(tx, told.person_id) if told else None
    if told is None or told.way is None or person is None:
        return False
    preferences = preferences_of(system, tx, told.person_id)
    ways = _ways_of(system, preferences, system.reminders.rule_of(told.occasion).kind)
    left = ways[ways.index(told.way) + 1 :] if told.way in ways else ways
    subject, body = reminders.message_words(tx, message_id)
    return _send(tx, told.key, subject, body, person, preferences, left)


def preferences_of(system: System, tx: Transaction, person_id: str) -> NoticePreferences:
    """Give how a customer wishes to be told; as the file of reminders has it, where they chose nothing."""
    return reminders.preferences_of(tx, [person_id]).get(person_id) or system.reminders.preferences()


def is_wanted(system: System, preferences: NoticePreferences, kind: ReminderKind) -> bool:
    """Tell whether a customer is told of a kind: always, where the law wants it, also when the file said otherwise as they chose."""
    return preferences.kinds[kind].is_on or not system.reminders.kinds[kind].may_be_off


def _ways_of(system: System, preferences: NoticePreferences, kind: ReminderKind) -> tuple[Way, ...]:
    """List the ways for a kind in the customer's order; behind them all others, where the law wants that it arrives."""
    chosen = preferences.kinds[kind].ways
    return chosen if system.reminders.kinds[kind].may_be_off else (*chosen, *(each for each in system.reminders.ways if each not in chosen))


def link_of(system: System, reminder: Reminder) -> str:
    """Give the link in the message that opens the transaction in the insurer's app."""
    return system.reminder_link.format(item=quote(reminder.item, safe=""), policy=quote(reminder.policy_number, safe=""))


def words_of(system: System, reminder: Reminder, day: date) -> str:
    """Write a reminder as the customer reads it on a day."""
    places = {
        "产品": reminder.product_name,
        "尾号": reminder.policy_number[-4:],
        "金额": format_fen(reminder.amount_fen),
        "利息": format_fen(reminder.interest_fen),
        "日期": _in_words(reminder.due_on),
        "今天": _in_words(day),
        "链接": link_of(system, reminder),
    }
    return f"【明白保险】{reminder.rule.body_zh.format_map(places)}"


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
