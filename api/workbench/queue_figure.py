"""The part of a queue's address that names a figure of the dashboard: the queue then lists the claims that it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from api.workbench.form_text import plain_text
from domain.china import DAY_MS, china_midnight_ms
from storage.cohorts import AGES, Cohort, Figure

FIGURES_ZH: Mapping[Cohort, str] = {
    Cohort.DECIDED: "期间作出决定",
    Cohort.STRAIGHT_THROUGH: "直赔",
    Cohort.DECLINED: "拒赔",
    Cohort.CHANGED: "决定金额与理算不同",
    Cohort.RECEIVED: "期间收到并已处理",
    Cohort.COMPLETE: "首次提交即齐全",
    Cohort.PAID: "期间首次付款",
    Cohort.AT_RISK: "时限将到",
    Cohort.MISSED: "超过时限",
    Cohort.WAITING: "等待人工",
}


@dataclass(frozen=True)
class FigureAsked:
    """A figure in the words of an address: its days, both counted."""

    cohort: Cohort
    first: date
    last: date
    detail: str = ""

    def figure(self) -> Figure:
        """Give it as a question to the database."""
        return Figure(self.cohort, china_midnight_ms(self.first), china_midnight_ms(self.last) + DAY_MS, self.detail)

    def words(self) -> dict[str, str]:
        """Write it as parts of an address."""
        told = {"figure": self.cohort.value, "since": self.first.isoformat(), "until": self.last.isoformat()}
        return told | ({"detail": self.detail} if self.detail else {})


def figure_of(args: Mapping[str, str]) -> FigureAsked | None:
    """Read it; None when the address names none."""
    try:
        cohort = Cohort(args.get("figure", ""))
        first, last = date.fromisoformat(args.get("since", "")), date.fromisoformat(args.get("until", ""))
    except ValueError:
        return None
    detail = plain_text(args, "detail", 200)
    if cohort is Cohort.WAITING and detail not in AGES:
        return None
    return FigureAsked(cohort, first, last, detail)
