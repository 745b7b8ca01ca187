"""What a customer is shown of reminders, and of how they wish to be told."""

from collections.abc import Mapping
from datetime import date

from api.answers.base import Answer, iso_time
from api.answers.holdings import Amount, Words, amount_of, both_words
from api.paging import Page
from domain.message import Way
from domain.reminder import NoticePreferences, Reminder
from entitlement.reminders.file import ReminderBook
from storage.reminders import ToldReminder

_WAYS: Mapping[Way, tuple[str, str]] = {
    Way.APP_PUSH: ("应用推送", "push of the app"),
    Way.SMS: ("短信", "text message"),
    Way.MAIL: ("邮件", "mail"),
}


class Tap(Answer):
    """The transaction that deals with it: what to send to `quote`, and where the app opens it."""

    item: str
    quote: str
    policy_number: str
    app: str


class ReminderShown(Amount):
    """One thing that stands on the day."""

    policy_number: str
    product_name: str
    kind: Words
    occasion: Words
    due_on: date
    days_left: int
    interest: str | None
    text: str
    tap: Tap
    told_at: str | None
    told_by: Words | None


class RemindersShown(Page):
    """What stands on the day, the nearest day first."""

    as_of: date
    reminders: tuple[ReminderShown, ...]


class KindShown(Answer):
    """How one kind is told."""

    kind: Words
    on: bool
    may_be_off: bool
    ways: tuple[str, ...]


class QuietShown(Answer):
    """Hours in China in which nobody is told."""

    begins: str
    ends: str


class PreferencesShown(Answer):
    """How the customer is told. `is_own`: they chose it; else it is as for everybody."""

    is_own: bool
    kinds: dict[str, KindShown]
    quiet: QuietShown | None
    mail_address: str


def shown_reminder(book: ReminderBook, reminder: Reminder, day: date, text: str, link: str, told: ToldReminder | None) -> ReminderShown:
    """Show a reminder as of a day; `told` only if it was by then."""
    rule, kind = reminder.rule, book.kinds[reminder.rule.kind]
    interest = amount_of(reminder.interest_fen)["amount"] if reminder.interest_fen else None
    way = told.way if told else None
    return ReminderShown(
        policy_number=reminder.policy_number,
        product_name=reminder.product_name,
        kind=both_words(kind.kind.value, (kind.name_zh, kind.name_en)),
        occasion=both_words(rule.occasion.value, (rule.title_zh, rule.title_en)),
        due_on=reminder.due_on,
        days_left=(reminder.due_on - day).days,
        interest=interest,
        text=text,
        tap=Tap(item=reminder.item, quote="/v1/me/servicing", policy_number=reminder.policy_number, app=link),
        told_at=iso_time(told.told_ms) if told and way else None,
        told_by=both_words(way.value, _WAYS[way]) if way else None,
        **amount_of(reminder.amount_fen),
    )


def shown_preferences(book: ReminderBook, chosen: NoticePreferences, *, is_own: bool) -> PreferencesShown:
    """Show how a customer is told."""
    kinds = {
        kind.value: KindShown(
            kind=both_words(kind.value, (rule.name_zh, rule.name_en)),
            on=chosen.kinds[kind].is_on or not rule.may_be_off,
            may_be_off=rule.may_be_off,
            ways=tuple(each.value for each in chosen.kinds[kind].ways),
        )
        for kind, rule in book.kinds.items()
    }
    quiet = QuietShown(begins=_clock(chosen.quiet.from_minute), ends=_clock(chosen.quiet.until_minute)) if chosen.quiet else None
    return PreferencesShown(is_own=is_own, kinds=kinds, quiet=quiet, mail_address=_masked(chosen.mail_address))


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _masked(address: str) -> str:
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}" if at else ""
