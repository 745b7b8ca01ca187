"""A letter (函件) to the customer as a value: what it says, whatever it is printed as."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter is for."""

    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    PART_PAYMENT = "part_payment"
    ADVANCE = "advance"
    REFUSAL = "refusal"
    REPAYMENT = "repayment"  # what was paid too much is asked for
    OFFSET = "offset"  # … or set off against another payout
    BENEFITS = "benefits"  # the explanation of benefits, beside the letter that pays
    ENDORSEMENT = "endorsement"  # 批单: what a servicing transaction changed in a policy; belongs to no claim


KIND_NAMES_ZH = {
    LetterKind.SUPPLEMENT: "补充资料通知书",
    LetterKind.PAYMENT: "理赔给付通知书",
    LetterKind.PART_PAYMENT: "理赔部分给付通知书",
    LetterKind.ADVANCE: "理赔先行给付通知书",
    LetterKind.REFUSAL: "拒绝给付保险金通知书",
    LetterKind.REPAYMENT: "多付理赔款返还函",
    LetterKind.OFFSET: "多付款项抵销通知书",
    LetterKind.BENEFITS: "理赔给付说明",
    LetterKind.ENDORSEMENT: "保险批单",
}


class LetterFormat(StrEnum):
    """What a letter is printed as; the value is also the ending of its file."""

    PDF = "pdf"
    HTML = "html"


@dataclass(frozen=True)
class Letterhead:
    """Who writes: what is the same in all letters of an insurer."""

    insurer: str = ""  # "" writes 本公司
    hotline: str = ""
    is_specimen: bool = False  # 示例 stands across every page: the demo's letters are nobody's
    repay_to: str = ""  # bank, holder and account that customers pay back to


@dataclass(frozen=True)
class Column:
    """One column of a table; `share` is its part of the width, in no unit."""

    heading: str
    share: int
    is_figure: bool = False  # figures stand to the right


@dataclass(frozen=True)
class LetterTable:
    """A table; a cell may hold several lines, and `total` is the last row, or empty."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One part of a letter, printed in this order; points are numbered."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[LetterTable, ...] = ()


@dataclass(frozen=True)
class Letter:
    """One letter. Numbers that name a person or an account are masked already."""

    number: str  # 函件编号
    kind: LetterKind
    day: date
    heading: str
    head: Letterhead
    addressee: str
    facts: tuple[tuple[str, str], ...]  # label and text: 案件号, 被保险人 …
    sections: tuple[Section, ...]

    @property
    def sender(self) -> str:
        """Who signs."""
        return self.head.insurer or "本公司"
