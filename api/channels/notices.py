"""How a customer wishes to be told (通知偏好), as their app sends it."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from api.channels.fields import Payload
from domain.errors import InputError
from domain.message import Way
from domain.reminder import CUSTOMER_WAYS, KindPreference, NoticePreferences, QuietHours, ReminderKind
from entitlement.reminders.file import ReminderBook, quiet_hours

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}")
_CUSTOMER_WAYS = tuple(each.value for each in CUSTOMER_WAYS)


def _way(text: str) -> str:
    if text not in _CUSTOMER_WAYS:
        raise ValueError(f"one of {', '.join(_CUSTOMER_WAYS)}")
    return text


WayName = Annotated[str, AfterValidator(_way)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class KindChoice(Payload):
    """How one kind is told: by the first of the ways that reaches the customer."""

    on: bool = True
    ways: Annotated[tuple[WayName, ...], Field(min_length=1, max_length=3)] = _CUSTOMER_WAYS


class QuietChoice(Payload):
    """Hours in China in which nobody is told; they may go over midnight."""

    begins: Clock
    ends: Clock


class PreferencesAsked(Payload):
    """All of them, in the place of what was chosen before; a kind that is left out is told as everybody's is."""

    kinds: dict[ReminderKind, KindChoice] = Field(default={}, max_length=5)
    quiet: QuietChoice | None = Field(None, description="null: at any hour")
    mail_address: Annotated[str, StringConstraints(max_length=254)] | None = Field(
        None, description='for the way mail; null: the one that is kept, "": none'
    )

    def chosen(self, book: ReminderBook, kept_address: str) -> NoticePreferences:
        """Give what was chosen.

        Raises:
            InputError: a kind that must be told is off, a way stands twice or has no address, or hours that are none.
        """
        address = kept_address if self.mail_address is None else self.mail_address
        if self.mail_address and not _ADDRESS.fullmatch(self.mail_address):
            raise InputError("this is no mail address", "send name@example.cn", field="mail_address", advice_zh="邮箱格式不正确")
        told = {kind: self._kind(book, kind, address) for kind in book.kinds}
        return NoticePreferences(told, self._quiet(), address)

    def _kind(self, book: ReminderBook, kind: ReminderKind, address: str) -> KindPreference:
        choice, rule = self.kinds.get(kind), book.kinds[kind]
        if choice is None:
            return book.preferences().kinds[kind]
        field = f"kinds/{kind.value}"
        if not choice.on and not rule.may_be_off:
            told, zh = f"{rule.name_en} cannot be switched off", f"{rule.name_zh}不能关闭，只能选择渠道"
            raise InputError(told, "choose how it is told: ways", field=f"{field}/on", advice_zh=zh)
        ways = tuple(map(Way, choice.ways))
        if len(set(ways)) < len(ways):
            raise InputError("a way stands twice", "name each once, the first choice first", field=f"{field}/ways", advice_zh="渠道重复")
        if choice.on and ways == (Way.MAIL,) and not address:
            zh = "请填写邮箱，或选择其他渠道"
            raise InputError("mail alone, and no address", "send mail_address, or another way", field=f"{field}/ways", advice_zh=zh)
        return KindPreference(choice.on, ways)

    def _quiet(self) -> QuietHours | None:
        if self.quiet is None:
            return None
        try:
            return quiet_hours(self.quiet.begins, self.quiet.ends)
        except ValueError as error:
            zh = "免打扰的开始和结束时间不能相同"
            raise InputError(f"quiet: {error}", "send null for none", field="quiet/ends", advice_zh=zh) from error
