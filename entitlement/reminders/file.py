"""Reads the reminders from YAML. What is wrong is told with file, line and the way out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TypeVar

from domain.message import Way
from domain.reminder import (
    CUSTOMER_WAYS,
    DAY_MINUTES,
    KindPreference,
    KindRule,
    NoticePreferences,
    Occasion,
    QuietHours,
    ReminderKind,
    ReminderRule,
)
from domain.servicing import Asker
from rules.routing_yaml import Item, read_items
from rules.source import suggest

SHIPPED = Path(__file__).parent / "reminders.yaml"
PLACES = frozenset({"产品", "尾号", "金额", "利息", "日期", "今天", "链接"})
WAYS_ZH = {"应用推送": Way.APP_PUSH, "短信": Way.SMS, "邮件": Way.MAIL}
_Value = TypeVar("_Value")
_ASKERS = {"投保人": Asker.POLICYHOLDER, "被保险人": Asker.INSURED}
_BENEFITS = {"生存金": "survival", "年金": "annuity", "满期金": "maturity"}
_NEEDED = ("类别", "对象", "办理", "标题", "title", "内容")
_AHEAD = ("提前",)
# Beside what every reminder has: what tells when it stands. It must be there, but for 月交提前.
_WHEN: Mapping[Occasion, tuple[str, ...]] = {
    Occasion.PREMIUM_DUE: ("提前", "月交提前"),
    Occasion.LAPSED: (),
    Occasion.PREMIUM_LOAN_TAKEN: ("保留",),
    Occasion.MONEY_WAITING: (),
    Occasion.LOAN_NEAR_VALUE: ("占现金价值",),
}


@dataclass(frozen=True)
class ReminderBook:
    """Everything that the file says."""

    kinds: Mapping[ReminderKind, KindRule]
    rules: tuple[ReminderRule, ...]
    ways: tuple[Way, ...]  # all of them, the first choice first
    quiet: QuietHours | None
    words_kept: timedelta  # after a reminder was handed over

    def rule_of(self, occasion: Occasion) -> ReminderRule:
        """Give the rule of an occasion."""
        return next(each for each in self.rules if each.occasion is occasion)

    def preferences(self) -> NoticePreferences:
        """Give how whoever chose nothing is told."""
        return NoticePreferences({each: KindPreference(is_on=True, ways=self.ways) for each in self.kinds}, self.quiet)


@cache
def shipped_reminders() -> ReminderBook:
    """Give the reminders that come with this version, read once."""
    return load_reminders()


def load_reminders(path: Path = SHIPPED) -> ReminderBook:
    """Read a file of reminders.

    Raises:
        RuleBookError: it cannot be read, or says what reminders cannot say; the message names its line.
    """
    root, _ = read_items(path)
    found = root.fields("提醒文件", ("免打扰", "渠道", "留存", "类别", "提醒"))
    kinds = _read_all(found["类别"], "类别", {each.value: each for each in ReminderKind}, _read_kind)
    rules = _read_all(found["提醒"], "提醒", {each.value: each for each in Occasion}, _read_rule)
    ways = tuple(_word(each, "渠道", WAYS_ZH) for each in found["渠道"].items("渠道"))
    if sorted(ways) != sorted(CUSTOMER_WAYS):
        raise found["渠道"].error("渠道 does not name each way once", f"write [{', '.join(WAYS_ZH)}] in your order")
    kept = timedelta(days=_days(found["留存"], "留存"))
    return ReminderBook({each.kind: each for each in kinds}, tuple(rules), ways, _read_quiet(found["免打扰"]), kept)


_Known = TypeVar("_Known")


def _read_all(item: Item, what: str, known: Mapping[str, _Known], read: Callable[[_Known, Item], _Value]) -> list[_Value]:
    """Read a mapping that has each of the known names, and no other."""
    found = item.fields(what, tuple(known))
    return [read(name, found[code]) for code, name in known.items()]


def _read_kind(kind: ReminderKind, item: Item) -> KindRule:
    found = item.fields(kind.value, ("名称", "name", "可关闭"))
    may_be_off = _word(found["可关闭"], "可关闭", {"是": True, "否": False})
    return KindRule(kind, found["名称"].text("名称"), found["name"].text("name"), may_be_off)


def _read_rule(occasion: Occasion, item: Item) -> ReminderRule:
    when = _WHEN.get(occasion, _AHEAD)
    found = item.fields(occasion.value, (*_NEEDED, *(each for each in when if each != "月交提前")), tuple({"月交提前"} & set(when)))
    return ReminderRule(
        occasion=occasion,
        kind=_word(found["类别"], "类别", {each.value: each for each in ReminderKind}),
        title_zh=_short(found["标题"], "标题"),
        title_en=_short(found["title"], "title"),
        body_zh=_read_body(found["内容"]),
        to=_word(found["对象"], "对象", _ASKERS),
        items=_read_items_to_tap(occasion, found["办理"]),
        lead_days=_days(found["提前"], "提前") if "提前" in found else 0,
        lead_days_monthly=_days(found["月交提前"], "月交提前") if "月交提前" in found else None,
        keep_days=_days(found["保留"], "保留") if "保留" in found else 0,
        share=_share(found["占现金价值"]) if "占现金价值" in found else Fraction(0),
    )


def _read_items_to_tap(occasion: Occasion, item: Item) -> dict[str, str]:
    if occasion is not Occasion.MONEY_WAITING:
        return {"": item.text("办理")}
    found = item.fields("办理", tuple(_BENEFITS))
    return {_BENEFITS[name]: each.text("办理") for name, each in found.items()}


def _read_body(item: Item) -> str:
    text = item.text("内容")
    try:
        places = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise item.error(f"内容 has a brace that is not closed: {error}", "write places as {金额}") from error
    for name in sorted(places - PLACES):
        raise item.error(f"内容 has an unknown place {{{name}}}", suggest(name, sorted(PLACES), "place"))
    for name in sorted({"金额", "日期", "链接"} - places - ({"日期"} if "今天" in places else set())):
        raise item.error(f"内容 has no {{{name}}}", "customers need the amount, the day and the link")
    return text


def _read_quiet(item: Item) -> QuietHours | None:
    text = item.text("免打扰")
    if text == "无":
        return None
    match = re.fullmatch(r"(\d{1,2}:\d{2})[～~](\d{1,2}:\d{2})", text, re.ASCII)
    try:
        if match is None:
            raise ValueError(text)
        return quiet_hours(match[1], match[2])
    except ValueError as error:
        raise item.error(f"免打扰 {text} is no span of hours", "write 22:00～8:00, or 无") from error


def quiet_hours(begins: str, ends: str) -> QuietHours:
    """Read two times of the day, such as 22:00 and 8:00.

    Raises:
        ValueError: one of them is no time of the day, or they are the same.
    """
    minutes = []
    for text in (begins, ends):
        hour, _, minute = text.partition(":")
        minutes.append(int(hour) * 60 + int(minute))
        if int(minute) > 59 or minutes[-1] >= DAY_MINUTES:
            raise ValueError(f"{text} is no time of the day")
    if minutes[0] == minutes[1]:
        raise ValueError("quiet hours that begin when they end are none, or all day")
    return QuietHours(*minutes)


def _word(item: Item, what: str, words: Mapping[str, _Value]) -> _Value:
    text = item.text(what)
    if text not in words:
        raise item.error(f"{what} {text} is not known", suggest(text, list(words), what))
    return words[text]


def _short(item: Item, what: str) -> str:
    text = item.text(what)
    if len(text) > 60:
        raise item.error(f"{what} has {len(text)} characters", "write 60 or fewer: it is the first line on a telephone")
    return text


def _days(item: Item, what: str) -> int:
    text = item.text(what)
    if not re.fullmatch(r"\d{1,3}天", text, re.ASCII):
        raise item.error(f"{what} {text} is no number of 天", "write it as 30天")
    return int(text.removesuffix("天"))


def _share(item: Item) -> Fraction:
    text = item.text("占现金价值")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?%", text, re.ASCII) or not 0 < Fraction(text[:-1]) <= 100:
        raise item.error(f"占现金价值 {text} is no share", "write a share such as 90%")
    return Fraction(text[:-1]) / 100
