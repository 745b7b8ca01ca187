"""Where a claim goes (route) and what is decided (decision)."""

from dataclasses import dataclass
from enum import StrEnum

from domain.finding import Finding


class Queue(StrEnum):
    """Who looks next."""

    STRAIGHT_THROUGH = "straight_through"  # nobody: it pays itself
    REVIEW = "review"
    INVESTIGATION = "investigation"


@dataclass(frozen=True)
class Route:
    """The queue a claim goes to, and every flag that sent it there."""

    queue: Queue
    flags: tuple[Finding, ...]


class DecisionKind(StrEnum):
    """What a decision says."""

    PAY_FULL = "pay_full"
    PAY_PART = "pay_part"
    DECLINE = "decline"
    ADVANCE = "advance"
    CANCELLED = "cancelled"  # 撤销: a direct settlement is taken back; nothing is owed, and nothing was refused


GIVES_NOTHING = frozenset({DecisionKind.DECLINE, DecisionKind.CANCELLED})  # pays nothing, and uses up no limit


@dataclass(frozen=True)
class Actor:
    """Who did something: a person's log-in, or a part of the system with its version."""

    name: str
    role: str
