"""A finding (结论项): something that was noticed about a claim, as data with a stable code."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding means for straight-through payment (直赔)."""

    NOTE = "note"  # worth telling, stops nothing
    DOUBT = "doubt"  # a person looks before money moves
    BLOCK = "block"  # a paper is missing or useless: the customer is asked


@dataclass(frozen=True)
class Place:
    """A spot that a finding compares: a document of a claim, its page counted from 0, and the field there, with the box that shows it."""

    claim_id: str
    document_id: str
    page: int = 0
    field: str = ""  # "" is the whole page
    title: str = ""  # the paper as its readers name it: "费用清单"
    box: tuple[int, int, int, int] | None = None  # left, top, right, bottom, in pixels of the upload; None without one


@dataclass(frozen=True)
class Finding:
    """One thing noticed, by whom, about what, and what to do."""

    code: str  # dotted and stable, such as "invoice.total_mismatch"
    severity: Severity
    message: str  # a Chinese sentence that an adjuster or a customer can read
    advice: str = ""  # the way out, in the customer's words
    about: str = ""  # field, document, invoice line, rule or claim that it speaks of
    places: tuple[Place, ...] = ()  # where it is to be seen, ours first; () where `about` says enough
