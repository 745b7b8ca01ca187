"""A claim (案件) as the channels deliver it: one `ClaimNotice`, whoever sent it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Channel(StrEnum):
    """The way a notice came in."""

    APP = "app"
    WECHAT = "wechat"  # the mini-program
    WEBSITE = "website"
    HOTLINE = "hotline"  # 95519-style telephone line
    COUNTER = "counter"  # 柜面
    AGENT = "agent"  # 代理人代报案
    HOSPITAL = "hospital"  # direct settlement (理赔直付)
    EVENT = "event"  # nobody reported: we did, for the insured of a catastrophe


class LossCause(StrEnum):
    """Why the loss happened; the values are the rule language's own."""

    ILLNESS = "疾病"
    ACCIDENT = "意外"


@dataclass(frozen=True)
class PersonClue:
    """How a person may be found: by ID number, by policy number, or by name and birth date. A name beside an ID number must be theirs."""

    id_number: str = ""
    policy_number: str = ""
    name: str = ""
    birth_date: date | None = None


@dataclass(frozen=True)
class Payee:
    """Where the money goes: the account's holder, its number, and the bank's name."""

    holder: str
    account_number: str
    bank_name: str = ""


@dataclass(frozen=True)
class UploadedFile:
    """A file as it arrived; its name and its media type are claims of the sender, not facts."""

    name: str
    content: bytes
    claimed_media_type: str = ""


@dataclass(frozen=True)
class ClaimNotice:
    """A report (报案) or a complete claim, in the one shape that every channel adapter produces.

    `external_ref` is the channel's own number for it: the same number with the same content is the same claim.
    """

    channel: Channel
    external_ref: str
    insured: PersonClue
    policy_numbers: tuple[str, ...] = ()  # empty: every policy of the insured in force on the loss date
    loss_date: date | None = None
    loss_cause: LossCause | None = None
    narrative: str = ""
    reporter_name: str = ""
    reporter_phone: str = ""
    payee: Payee | None = None
    device_id: str = ""
    files: tuple[UploadedFile, ...] = ()
    taken_by: str = ""  # the clerk or the agent who took it down, by their number; "": the customer did it themselves
