"""How a payout falls on the invoice's lines: charged − adjustments = paid, for every line and in sum."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Adjustment:
    """An amount that is not paid on a line, and the reason for it."""

    code: str  # out_of_list | social_insurance | deductible | share | limit
    label: str  # 目录外 | 医保已付 | 免赔额 | 自付比例 | 超过限额
    amount_fen: int


@dataclass(frozen=True)
class LineAllocation:
    """One invoice line after adjudication."""

    name: str
    charged_fen: int
    adjustments: tuple[Adjustment, ...]
    paid_fen: int
