# ruff: noqa: D102 – what a method writes is promised by AccountsWriter
"""Writes how one claim finds its accounts: the key of the stretch it falls into, and what is used of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache

from domain.assessment import AccumulatorKey
from rules.accounts import account_name
from rules.codegen.calculation import AccountsWriter
from rules.codegen.names import Names
from rules.codegen.pieces import NotCoveredError, Piece
from rules.codegen.scalar import ScalarWriter, whole
from rules.figures import show
from rules.model import Plan, Step
from rules.policy_year import policy_year_start
from rules.types import NumberType

_REMEMBERED_KEYS = 4096


@dataclass
class ScalarAccounts(AccountsWriter):
    """Names the accounts of one responsibility; every key is made once."""

    writer: ScalarWriter
    names: Names
    plan: Plan
    responsibility: str
    keys: dict[int, Piece] = field(default_factory=dict)
    amounts: dict[int, Piece] = field(default_factory=dict)

    def key(self, step: Step) -> Piece:
        """Write the key of a step's account."""
        if id(step) not in self.keys:
            self.keys[id(step)] = self.writer.hold(Piece(self._key(step)))
        return self.keys[id(step)]

    def before(self, step: Step) -> Piece:
        if id(step) not in self.amounts:
            key, small = self.key(step).code, self.writer.program.keep(whole)
            self.amounts[id(step)] = self.writer.hold(Piece(f"({small}(used.get({key}, 0)) if used else 0)", is_natural=True))
        return self.amounts[id(step)]

    def is_far(self, step: Step, days: Piece) -> Piece:
        name = self.writer.program.keep(account_name(self.responsibility, step))
        loss, near = self._date(self.plan.loss_date), self.writer.program.keep(_is_near)
        return Piece(f"(not used or not {near}(used, {name}, {self._apart(step)}, {loss}, {days.code}, {days.den}))")

    def _key(self, step: Step) -> str:
        name, keep, apart = account_name(self.responsibility, step), self.writer.program.keep, self._apart(step)
        if step.per == "lifetime":
            return f"{keep(_lifetime_key(name))}({apart})" if step.by else keep(AccumulatorKey(name, "终身"))
        loss = self._date(self.plan.loss_date)
        if step.per == "occurrence":
            return f"{keep(_occurrence_key(name))}({loss}, {apart})"
        word = "家庭" if step.per == "family" else "年度"
        return f"{keep(_year_key(name, word))}({self._date(self.plan.year_from)}, {loss}, {apart})"

    def _date(self, name: str) -> str:
        if name not in self.names.pieces:
            raise NotCoveredError(f"accounts without the date {name}")
        return self.names.pieces[name].code

    def _apart(self, step: Step) -> str:
        if step.by is None:
            return self.writer.program.keep("")
        tree = step.by.tree
        piece = self.writer.hold(self.writer.expression(tree, self.names))
        keep = self.writer.program.keep
        value = f"{keep(Fraction)}({piece.code}, {piece.den})" if isinstance(tree.type, NumberType) else piece.code
        return f"{keep(show)}({value}, {keep(tree.type)})"


def _lifetime_key(name: str) -> Callable[[str], AccumulatorKey]:
    return lru_cache(_REMEMBERED_KEYS)(lambda apart: AccumulatorKey(name, f"终身 {apart}".rstrip()))


def _occurrence_key(name: str) -> Callable[[date, str], AccumulatorKey]:
    return lru_cache(_REMEMBERED_KEYS)(lambda loss, apart: AccumulatorKey(name, f"次 {loss.isoformat()} {apart}".rstrip()))


def _year_key(name: str, word: str) -> Callable[[date, date, str], AccumulatorKey]:
    def make(start: date, loss: date, apart: str) -> AccumulatorKey:
        return AccumulatorKey(name, f"{word} {policy_year_start(start, loss).isoformat()} {apart}".rstrip())

    return lru_cache(_REMEMBERED_KEYS)(make)


def _is_near(used: Mapping[AccumulatorKey, Fraction | int], name: str, apart: str, loss: date, days: int, den: int) -> bool:
    for key, amount in used.items():
        if key.name == name and amount and key.period.startswith("次 "):
            _, day, *rest = key.period.split(" ", 2)
            if (rest or [""])[0] == apart and abs((loss - date.fromisoformat(day)).days) * den < days:
                return True
    return False
