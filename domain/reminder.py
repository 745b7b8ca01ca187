"""Reminders (提醒): what a customer is told of their policies before it is too late, and how they wish to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.china import DAY_MS, MINUTE_MS, china_day, china_midnight_ms
from domain.message import Way
from domain.servicing import Asker

CUSTOMER_WAYS = (Way.APP_PUSH, Way.SMS, Way.MAIL)
DAY_MINUTES = 24 * 60


class ReminderKind(StrEnum):
    """The five kinds, by which customers choose."""

    LAPSE = "lapse"  # 失效
    PREMIUM_LOAN = "premium_loan"  # 自动垫交
    RENEWAL_PREMIUM = "renewal_premium"  # 续期交费
    MONEY_WAITING = "money_waiting"  # 待领取
    LOAN = "loan"  # 贷款


class Occasion(StrEnum):
    """What a reminder is about. Of each there is one for a policy and due day."""

    PREMIUM_DUE = "premium_due"  # 应交保费; its day: the last one that is due or near
    RENEWAL_COMING = "renewal_coming"  # a policy of one year is renewed by itself; its day: the first of the next term
    TERM_ENDING = "term_ending"  # … is not; its day: the last of the term
    GRACE_ENDING = "grace_ending"  # 宽限期; its day: the last of grace
    LAPSED = "lapsed"  # 中止; its day: the last on which it can be reinstated
    REINSTATEMENT_ENDING = "reinstatement_ending"  # 复效期; likewise
    PREMIUM_LOAN_COMING = "premium_loan_coming"  # its day: the last of grace, from which the loan counts
    PREMIUM_LOAN_TAKEN = "premium_loan_taken"  # likewise
    MONEY_WAITING = "money_waiting"  # its day: the last on which something came due that waits
    LOAN_TERM_ENDING = "loan_term_ending"  # its day: the last of the loan's term
    LOAN_NEAR_VALUE = "loan_near_value"  # what is owed comes near the cash value; its day: the last of the loan's term


@dataclass(frozen=True)
class ReminderRule:
    """When an occasion is told, to whom, and in which words: one entry of the file of reminders."""

    occasion: Occasion
    kind: ReminderKind
    title_zh: str
    title_en: str
    body_zh: str  # with {places}: `PLACES` of entitlement/reminder_file.py
    to: Asker
    items: Mapping[str, str]  # the servicing item to tap, by the benefit that waits; "": of any
    lead_days: int = 0  # how long before its day it begins to stand
    lead_days_monthly: int | None = None  # the same, where premiums are paid by the month
    keep_days: int = 0  # how long after its day it still stands
    share: Fraction = Fraction(0)  # of the cash value, from which a loan is near it


@dataclass(frozen=True)
class KindRule:
    """A kind as the file of reminders has it."""

    kind: ReminderKind
    name_zh: str
    name_en: str
    may_be_off: bool  # False: only how it is told may be chosen


@dataclass(frozen=True)
class Reminder:
    """Something that a customer is to be reminded of, as of a day. Its amount is worked out anew at every look."""

    policy_number: str
    product_name: str
    rule: ReminderRule
    person_id: str  # who is told
    due_on: date
    amount_fen: int
    interest_fen: int = 0  # of a loan: what of the amount is interest
    item: str = ""  # the servicing item that deals with it


@dataclass(frozen=True)
class KindPreference:
    """How a customer wishes to be told of a kind: by the first of these ways that reaches them."""

    is_on: bool
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class QuietHours:
    """Minutes of the day in China between which nobody is told (免打扰): from the first on, until the second, which is free again."""

    from_minute: int
    until_minute: int

    def over_ms(self, at_ms: int) -> int:
        """Give the moment from which somebody may be told: the same one outside these hours."""
        begins_ms = china_midnight_ms(china_day(at_ms))
        minute = (at_ms - begins_ms) // MINUTE_MS
        is_over_midnight = self.from_minute > self.until_minute
        is_late = is_over_midnight and minute >= self.from_minute
        if not (is_late or (minute < self.until_minute and (is_over_midnight or minute >= self.from_minute))):
            return at_ms
        return begins_ms + self.until_minute * MINUTE_MS + (DAY_MS if is_late else 0)


@dataclass(frozen=True)
class NoticePreferences:
    """How a customer wishes to be told (通知偏好)."""

    kinds: Mapping[ReminderKind, KindPreference]
    quiet: QuietHours | None
    mail_address: str = ""
