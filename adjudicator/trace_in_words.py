"""Says the steps and the accounts of a calculation in a customer's words (理算步骤, 限额与免赔额)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.assessment import FAMILY, AccumulatorKey, AccumulatorUse, Outcome, ResponsibilityResult, Step
from rules.figures import decimal, show_money
from rules.trace_words import show_balance

_SAID = {
    "起": "以{label}起算",
    "分项": "各部分相加：{label}",
    "减": "减去{label} {operand}",
    "乘": "按{label} {operand} 计算",
    "分级": "按分级比例计算：{operand}",
    "依次": "按给付次序的比例计算",
    "限": "以{label} {operand} 为限",
    "限次": "给付次数以 {operand} 为限",
    "间隔": "两次给付须间隔 {operand}",
    "取整": "取整：{label}",
}
_AMOUNT = re.compile(r"[\d,]+\.\d\d")
_OF_A_COUNT = ("间隔", "依次")  # accounts that only count occasions: nothing is left of them


@dataclass(frozen=True)
class Account:
    """A limit or a deductible (限额, 免赔额) before and after one decision; the figures are written with their unit."""

    name: str
    period: str
    at_most: str
    used_before: str
    used_now: str
    left: str


def tell_step(step: Step) -> tuple[str, str]:
    """Say one step and the balance after it: 减去年免赔额 10,000.00 元（本年余 10,000.00 → 0.00）, 70,000.00."""
    operand = f"{step.operand} 元" if _AMOUNT.fullmatch(step.operand) else step.operand
    told = _SAID.get(step.kind, "{label} {operand}").format(label=step.label, operand=operand).replace("  ", " ").strip()
    notes = "；".join(each for each in (step.note, "其他保单或渠道已承担的部分不重复给付" if not step.line else "") if each)
    return told + (f"（{notes}）" if notes else ""), show_balance(step, "zh")


def tell_accounts(results: Iterable[ResponsibilityResult], part: Fraction = Fraction(1)) -> tuple[Account, ...]:
    """Say what one policy's limits and deductibles were, what this claim uses of them, and what is left.

    `part` is the part of the policy's proposal that is paid: accounts that count payouts are used by that much only, as
    they are booked (storage/decisions.py).
    """
    found: dict[AccumulatorKey, list[AccumulatorUse]] = {}
    for result in results:
        for use in result.uses if result.outcome is Outcome.PAYABLE else ():
            booked = use.used_now * part if use.counts_payout and not result.is_waived else use.used_now
            found.setdefault(use.key, []).append(replace(use, used_now=booked))
    return tuple(_account(key, uses) for key, uses in found.items() if not _short(key.name).startswith(_OF_A_COUNT))


def _account(key: AccumulatorKey, uses: list[AccumulatorUse]) -> Account:
    first, used_now = uses[0], sum((each.used_now for each in uses), Fraction(0))
    at_most, before, now = (_whole(each, first.unit) for each in (first.at_most, first.used_before, used_now))
    figures = [_figure(each, first.unit) for each in (at_most, before, now, max(Fraction(0), at_most - before - now))]
    return Account(_short(key.name), tell_period(key.period), *figures)


def tell_period(period: str) -> str:
    """Say what an account counts over: 年度 2024-03-01 -> 2024-03-01 起的保单年度."""
    kind, _, rest = period.partition(" ")
    start, _, part = rest.partition(" ")
    if kind == "终身":
        return f"终身（{rest}）" if rest else "终身"
    if kind == "次":
        return f"本次（{rest}）"
    whose = "，".join(each for each in ("全家共用" if kind == FAMILY else "", part) if each)
    return f"{start} 起的保单年度" + (f"（{whose}）" if whose else "")


def _short(name: str) -> str:
    last = name.rsplit("/", 1)[-1]
    return "给付次数" if last.startswith("限次") else last


def _whole(value: Fraction, unit: str) -> Fraction:
    """Round money to the 分, so that what is printed adds up."""
    return Fraction(round(value)) if unit == "元" else value


def _figure(value: Fraction, unit: str) -> str:
    return show_money(value) if unit == "元" else f"{decimal(value)} {unit}"
