"""The file of reminders: days and words are data; what is wrong is told with its line and the way out."""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import RuleBookError
from domain.message import Way
from domain.reminder import Occasion, QuietHours, ReminderKind
from entitlement.reminders.file import SHIPPED, load_reminders

TEXT = SHIPPED.read_text()


def read(folder: Path, old: str = "", new: str = ""):  # type: ignore[no-untyped-def]
    assert old in TEXT
    path = folder / "reminders.yaml"
    path.write_text(TEXT.replace(old, new, 1))
    return load_reminders(path)


def test_days_and_hours_are_data(tmp_path: Path) -> None:
    book = read(tmp_path, "    提前: 30天\n    月交提前: 7天", "    提前: 21天\n    月交提前: 3天")
    due = book.rule_of(Occasion.PREMIUM_DUE)
    assert (due.lead_days, due.lead_days_monthly) == (21, 3)
    assert (book.quiet, book.words_kept, book.ways[0]) == (QuietHours(22 * 60, 8 * 60), timedelta(days=90), Way.APP_PUSH)
    assert [kind for kind, rule in book.kinds.items() if not rule.may_be_off] == [ReminderKind.LAPSE, ReminderKind.PREMIUM_LOAN]
    assert read(tmp_path, "免打扰: 22:00～8:00", "免打扰: 无").quiet is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("提前: 30天", "提前: 一个月", "提前 一个月 is no number of 天"),
        ("占现金价值: 90%", "占现金价值: 101%", "is no share"),
        ("保留: 30天\n    ", "", "has no 保留"),
        ("  lapsed:\n", "  lapst:\n", "unknown key lapst"),
        ("{产品}（保单尾号{尾号}）应交保费{金额}元，应交日", "{产品}（保单尾号{尾号}）应交保费{价钱}元，应交日", "unknown place {价钱}"),
        ("应交保费{金额}元，应交日{日期}。", "应交保费，应交日{日期}。", "has no {金额}"),
        ("渠道: [应用推送, 短信, 邮件]", "渠道: [应用推送, 短信]", "does not name each way once"),
        ("免打扰: 22:00～8:00", "免打扰: 22:00～22:00", "no span of hours"),
        ("免打扰: 22:00～8:00", "免打扰: 24:00～8:00", "no span of hours"),
        ("对象: 投保人", "对象: 受益人", "对象 受益人 is not known"),
        ("标题: 续期保费应交", "标题: " + "长" * 61, "61 characters"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(RuleBookError, match=r"reminders\.yaml:\d+:\d+") as caught:
        read(tmp_path, old, new)
    assert told in str(caught.value)
