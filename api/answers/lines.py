"""The lines of a bill as customers and hospitals are told them: charged − adjustments = paid."""

from collections.abc import Sequence

from api.answers.base import Answer
from domain.allocation import LineAllocation
from domain.money import format_fen


class LineAdjustment(Answer):
    """What is not paid of a line, and why."""

    code: str
    label: str
    amount: str
    amount_fen: int


class SettledLine(Answer):
    """One line of the bill: charged − adjustments = paid."""

    name: str
    charged: str
    charged_fen: int
    adjustments: tuple[LineAdjustment, ...]
    paid: str
    paid_fen: int


def settled_lines(lines: Sequence[LineAllocation]) -> tuple[SettledLine, ...]:
    """Tell the lines."""
    return tuple(map(_line, lines))


def _line(line: LineAllocation) -> SettledLine:
    return SettledLine(
        name=line.name,
        charged=_yuan(line.charged_fen),
        charged_fen=line.charged_fen,
        adjustments=tuple(
            LineAdjustment(code=each.code, label=each.label, amount=_yuan(each.amount_fen), amount_fen=each.amount_fen)
            for each in line.adjustments
        ),
        paid=_yuan(line.paid_fen),
        paid_fen=line.paid_fen,
    )


def _yuan(fen: int) -> str:
    return format_fen(fen, grouped=False)
