"""Servicing of policies (保全): what an item (保全项目) is, and what a transaction under one does and leaves behind.

Items are written as data, one file each, in policy/servicing/; policy/item_file.py reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.contract import Contract, PolicyEntry
from domain.policy import Person, Policy


class Asker(StrEnum):
    """Who may ask for an item."""

    POLICYHOLDER = "policyholder"  # 投保人
    INSURED = "insured"  # 被保险人


class Level(StrEnum):
    """How whoever asks proves to be who they are (身份验证)."""

    CODE = "code"  # 验证码, sent to the phone number that is on file
    FACE = "face"  # 人脸比对, against the photograph that is on file


class FieldKind(StrEnum):
    """What a customer writes into a field."""

    AMOUNT = "amount"  # 金额, in 元
    ACCOUNT = "account"  # 银行账号: the customer's own; money comes from it or goes to it
    PHONE = "phone"  # 手机号
    REGION = "region"  # 行政区划代码
    ADDRESS = "address"  # 地址
    CHOICE = "choice"  # 选项


@dataclass(frozen=True)
class FieldSpec:
    """One field of an item: what may stand in it. Bounds are whole fen, or the name of a fact (policy/facts.py)."""

    name: str
    label_zh: str
    label_en: str
    kind: FieldKind
    least_fen: int = 0
    most_fact: str = ""  # an amount may not be above this figure of the policy
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """A rule (办理条件): one fact of the policy, and what it must be. Exactly one of the three is asked for."""

    fact: str
    words: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    otherwise_zh: str = ""
    otherwise_en: str = ""

    def holds(self, value: int | str | None) -> bool:
        """Tell whether a value fulfils it; what is unknown does not."""
        if value is None:
            return False
        if isinstance(value, str):
            return value in self.words
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True)
class ServicingItem:
    """One thing that can be done with a policy."""

    code: str
    name_zh: str
    name_en: str
    act: str  # which of policy/transacting/acts.py does it
    settings: Mapping[str, str]  # what the act is told beside the fields
    askers: tuple[Asker, ...]
    level: Level
    papers: tuple[str, ...]
    is_straight_through: bool  # else a person decides, within `working_days`
    working_days: int
    fields: tuple[FieldSpec, ...]
    conditions: tuple[Condition, ...]
    endorsement: str  # with {places} for figures and fields
    version: str = ""  # the hash of its file


@dataclass(frozen=True)
class Figure:
    """One amount that a transaction comes to, as a customer reads it before signing."""

    label_zh: str
    label_en: str
    amount_fen: int


@dataclass(frozen=True)
class Work:
    """What a transaction does when it is signed: figures to show, entries to book, money to move, and what changes."""

    figures: tuple[Figure, ...] = ()
    at_once: tuple[PolicyEntry, ...] = ()  # booked when it is signed
    with_money: tuple[PolicyEntry, ...] = ()  # booked when the bank has moved the money
    from_payment: bool = False  # those count from the day on which the bank moved it, and not from the day of signing
    pay_fen: int = 0
    collect_fen: int = 0
    contract: Contract | None = None
    policy: Policy | None = None
    person: Person | None = None
    words: Mapping[str, str] = field(default_factory=dict)  # more places for the endorsement


class TransactionState(StrEnum):
    """Where a transaction stands."""

    QUOTED = "quoted"  # 已试算: nothing is done yet
    WAITING = "waiting"  # 待审核: signed, and a person decides
    MOVING = "moving"  # 资金处理中: signed, and money is on its way
    DONE = "done"  # 已完成
    REFUSED = "refused"  # 未办理: the bank or a person refused, and nothing was done


OPEN_STATES = (TransactionState.WAITING, TransactionState.MOVING)  # while one is in these, its policy takes no other with money


class Direction(StrEnum):
    """Which way money goes."""

    PAY = "pay"  # to the customer
    COLLECT = "collect"  # from the customer (代扣)
