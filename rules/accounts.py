"""The accounts that a calculation counts on (累计账): what they are called, over which stretch they run, what is used of them.

An account belongs to one step of one responsibility, unless it is shared (共享); then the responsibilities
of a plan use it in the plan's order, also within one claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.assessment import FAMILY, AccumulatorKey
from rules.compiler import Scope
from rules.figures import show
from rules.keywords import Place, written
from rules.model import Plan, Responsibility, Step, all_steps
from rules.phrases import Phrase
from rules.policy_year import policy_year_start
from rules.reading import Reading
from rules.types import describe
from rules.unknown import Unknown, Value, between, causes_of, high_of

_NIL = Fraction(0)
_IN_A_YEAR = ("year_from", "loss_date")
# The dates that a plan must name for accounts of a stretch.
PERIOD_NEEDS: dict[str, tuple[str, ...]] = {"policy_year": _IN_A_YEAR, "family": _IN_A_YEAR, "occurrence": ("loss_date",)}


def account_name(responsibility: str, step: Step) -> str:
    """Name the account that a step counts on."""
    return step.shared or f"{responsibility}/{step.label}"


@dataclass
class Accounts:
    """What is used of every account when a calculation begins; `doubtful` shared ones may have been used by an unknown answer."""

    plan: Plan
    responsibility: str
    scope: Scope
    used: Mapping[AccumulatorKey, Fraction]
    doubtful: Mapping[str, frozenset[str]]

    def key(self, step: Step) -> AccumulatorKey | None:
        """Find a step's account; None while its stretch is unknown, or where it counts on none."""
        period, apart = self._period(step.per), self._apart(step)
        name = account_name(self.responsibility, step)
        if period is None or apart is None or name in self.doubtful:
            return None
        return AccumulatorKey(name, f"{period} {apart}".rstrip())

    def used_before(self, step: Step, at_most: Value) -> Value:
        """Tell what is used of a step's account; while its stretch is unknown, anything up to everything."""
        if not step.per:
            return _NIL
        key = self.key(step)
        return self.used.get(key, _NIL) if key is not None else between(self.causes(step), _NIL, high_of(at_most))

    def causes(self, step: Step) -> frozenset[str]:
        """Name what is to blame where a step's account is unknown."""
        names = PERIOD_NEEDS.get(step.per, ())
        causes = causes_of(self.scope.values[getattr(self.plan, each)] for each in names)
        if step.by is not None:
            causes |= causes_of((step.by.evaluate(self.scope),))
        return causes | self.doubtful.get(account_name(self.responsibility, step), frozenset())

    def loss_date(self) -> Value:
        """Give the day of the loss, as this responsibility means it (令)."""
        return self.scope.values[self.plan.loss_date]

    def earlier_days(self, step: Step) -> list[date]:
        """List the days on which the account of an interval (间隔) was used before."""
        name, apart = account_name(self.responsibility, step), self._apart(step)
        found = []
        for key, amount in self.used.items():
            if key.name == name and amount and key.period.startswith("次 "):
                _, day, *rest = key.period.split(" ", 2)
                if (rest or [""])[0] == apart:
                    found.append(date.fromisoformat(day))
        return found

    def _apart(self, step: Step) -> str | None:
        if step.by is None:
            return ""
        value = step.by.evaluate(self.scope)
        return None if isinstance(value, Unknown) else show(value, step.by.tree.type)

    def _period(self, per: str) -> str | None:
        if per == "lifetime":
            return "终身"
        if not per:
            return None
        loss = self.loss_date()
        if not isinstance(loss, date):
            return None
        if per == "occurrence":
            return f"次 {loss.isoformat()}"
        start = self.scope.values[self.plan.year_from]
        if not isinstance(start, date):
            return None
        return f"{FAMILY if per == 'family' else '年度'} {policy_year_start(start, loss).isoformat()}"


def check_shared_accounts(reading: Reading, responsibilities: Mapping[str, Responsibility]) -> None:
    """Note where two steps share an account (共享) but count different things, or over different stretches."""
    first: dict[str, tuple[str, Step]] = {}
    for responsibility in responsibilities.values():
        for step in all_steps(responsibility.steps):
            if not step.shared:
                continue
            owner, other = first.setdefault(step.shared, (responsibility.name, step))
            here, there = _counts(reading, step), _counts(reading, other)
            with reading.problems.collect():
                if here != there:
                    what = Phrase(
                        "the shared account {shared} counts {here} here, but {there} in {owner} (line {line})",
                        shared=step.shared,
                        here=here,
                        there=there,
                        owner=owner,
                        line=other.at.line,
                    )
                    raise reading.source.error(step.at, what, Phrase("let both count the same, or give one of them another account"))


def _counts(reading: Reading, step: Step) -> Phrase:
    unit, per = describe(step.formula.tree.type) if step.formula is not None else "次", written(Place.PERIOD, step.per, reading.language)
    if step.by is None:
        return Phrase("{unit} per {per}", unit=unit, per=per)
    return Phrase("{unit} per {per} by {by}", unit=unit, per=per, by=describe(step.by.tree.type))
