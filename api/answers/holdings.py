"""What a customer is shown of their policies' state and money (通查询): codes for programs, words in Chinese and English for people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import Field

from api.answers.base import Answer
from api.paging import Page
from domain.contract import ENDED, Holding, PolicyEntry, PolicyState
from domain.money import format_fen
from entitlement.figures import Figure, Kind, Part, totals
from entitlement.history import Month

KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.PREMIUMS_PAID: ("累计已交保费", "premiums paid to date"),
    Kind.RECEIVED: ("累计已领取", "money received to date"),
    Kind.BORROWED: ("累计已借", "borrowed to date"),
    Kind.REPAID: ("累计已还", "repaid to date"),
    Kind.PREMIUM_DUE: ("当前应交保费", "premium due now"),
    Kind.RECEIVABLE: ("当前可领取", "receivable now"),
    Kind.LOAN_AVAILABLE: ("当前可借", "loan available now"),
    Kind.REPAYMENT_DUE: ("当前应还", "repayment due now"),
    Kind.UNIVERSAL_ACCOUNT: ("万能账户价值", "universal-life account"),
}
STATES: Mapping[PolicyState, tuple[str, str]] = {
    PolicyState.NOT_STARTED: ("未生效", "not started"),
    PolicyState.IN_FORCE: ("有效", "in force"),
    PolicyState.IN_GRACE: ("宽限期", "in its days of grace"),
    PolicyState.LAPSED: ("中止", "lapsed"),
    PolicyState.TERMINATED: ("终止", "terminated"),
    PolicyState.MATURED: ("满期", "matured"),
    PolicyState.SURRENDERED: ("退保", "surrendered"),
}
WHAT: Mapping[str, tuple[str, str]] = {
    "premium": ("保费", "premium"),
    "premium_by_loan": ("自动垫交保费", "premium lent by itself"),
    "reinstatement_premium": ("复效补交保费", "premium made up"),
    "account_premium": ("万能账户交费", "paid into the account"),
    "account_withdrawal": ("万能账户领取", "taken out of the account"),
    "benefit_due": ("到期应领", "benefit due"),
    "benefit_paid": ("生存金、年金、满期金", "benefit paid"),
    "surrender_paid": ("退保金", "surrender value paid"),
    "rescission_paid": ("解除合同退还保费", "premium given back"),
    "loan": ("保单贷款", "policy loan"),
    "loan_repaid": ("归还本金", "principal repaid"),
    "loan_interest_paid": ("归还利息", "interest paid"),
    "loan_set_off": ("从给付中扣还本金", "principal taken off a benefit"),
    "loan_interest_set_off": ("从给付中扣还利息", "interest taken off a benefit"),
    "survival": ("生存金", "survival benefit"),
    "annuity": ("年金", "annuity"),
    "maturity": ("满期金", "maturity benefit"),
    "cash_value": ("现金价值", "cash value"),
    "owed": ("减：贷款本息", "less the loan and its interest"),
    "unpaid_premium": ("减：未交保费", "less unpaid premiums"),
    "principal": ("贷款本金", "principal of the loan"),
    "interest": ("贷款利息", "interest of the loan"),
    "account": ("账户价值", "value of the account"),
}
_WHY: Mapping[str, tuple[str, str]] = {
    "": ("", ""),
    "no_contract": ("本公司系统中只有该保单的保障信息", "only the cover of this policy is known here"),
    "no_terms": ("该产品的合同约定尚未录入", "what this product's contract says about money is not known here"),
    "not_lending": ("该合同不提供保单贷款", "this contract lends nothing"),
    "not_covering": ("保单已中止或终止", "the policy has lapsed or ended"),
}


# What a figure calls for: the servicing item behind it, or behind the part of it that waits.
_ITEMS: Mapping[Kind, str] = {
    Kind.PREMIUM_DUE: "renewal-premium",
    Kind.LOAN_AVAILABLE: "policy-loan",
    Kind.REPAYMENT_DUE: "loan-repayment",
    Kind.UNIVERSAL_ACCOUNT: "account-withdrawal",
}
_ITEMS_OF_PARTS = {"survival": "survival-benefit", "annuity": "annuity-instalment", "maturity": "maturity-benefit"}


class Words(Answer):
    """A code in both languages."""

    code: str
    zh: str
    en: str


class Amount(Answer):
    """An amount, or null where nobody knows it."""

    amount: str | None
    amount_fen: int | None


class FigureTotal(Amount):
    """One of the nine figures over all policies; `unknown` policies are not in it."""

    kind: Words
    unknown: int = Field(description="of so many policies nobody knows this figure; they are not in the amount")
    link: str


class PoliciesByState(Answer):
    """How many policies of a line are in a state."""

    line: str = Field(description="life, property; unknown where the product's terms are not here")
    state: Words
    policies: int


class OwnOverview(Answer):
    """Everything in one look: how many policies in which state, and the nine figures over all of them."""

    as_of: date
    policies: int
    in_force: int = Field(description="begun and not ended: in force, in grace or lapsed")
    ended: int
    by_state: tuple[PoliciesByState, ...]
    figures: tuple[FigureTotal, ...]


class FigurePart(Amount):
    """One thing that a figure is made of."""

    day: date
    what: Words


class PolicyFigure(Amount):
    """A figure of one policy, and what it is made of."""

    policy_number: str
    product_name: str
    why: Words | None = Field(None, description="why nobody knows it, or why it is nothing")
    item: str | None = Field(None, description="the servicing item that it calls for: one tap leads there")
    parts: tuple[FigurePart, ...]


class FigureRows(Page):
    """One figure, policy by policy; policies of which it is nothing are left out."""

    as_of: date
    kind: Words
    total: Amount
    rows: tuple[PolicyFigure, ...]


class Movement(Amount):
    """One entry of the policies' ledger."""

    day: date
    policy_number: str
    what: Words


class MonthShown(Answer):
    """One month of the history."""

    month: str
    premiums_paid_fen: int
    received_fen: int
    borrowed_fen: int
    repaid_fen: int
    movements: tuple[Movement, ...]


class HistoryShown(Page):
    """What moved on the customer's policies, newest month first."""

    as_of: date
    months: tuple[MonthShown, ...]


def overview(day: date, holdings: Sequence[Holding], figures: Sequence[Figure]) -> OwnOverview:
    """Show everything in one look."""
    states = Counter((line_of(each), each.standing.state) for each in holdings)
    ended = sum(1 for each in holdings if each.standing.state in ENDED)
    waiting = sum(1 for each in holdings if each.standing.state is PolicyState.NOT_STARTED)
    by_state = tuple(
        PoliciesByState(line=line, state=state_words(state), policies=count) for (line, state), count in sorted(states.items())
    )
    return OwnOverview(
        as_of=day,
        policies=len(holdings),
        in_force=len(holdings) - ended - waiting,
        ended=ended,
        by_state=by_state,
        figures=tuple(_total(kind, fen, unknown, day) for kind, (fen, unknown) in totals(figures).items()),
    )


def line_of(holding: Holding) -> str:
    """Tell the line of business; unknown where no terms of the product are here."""
    return holding.terms.line.value if holding.terms else "unknown"


def product_name_of(holding: Holding) -> str:
    """Give the product's name as its contract has it."""
    return holding.terms.name if holding.terms else holding.policy.product


def state_words(state: PolicyState) -> Words:
    """Write a state in both languages."""
    return both_words(state.value, STATES[state])


def kind_words(kind: Kind) -> Words:
    """Write a figure's name in both languages."""
    return both_words(kind.value, KINDS[kind])


def figure_rows(
    day: date, kind: Kind, all_of_kind: Sequence[Figure], shown: Sequence[tuple[Holding, Figure]], following: str | None
) -> FigureRows:
    """Show a page of one figure's rows, with the total over all of them."""
    fen, _ = totals(all_of_kind)[kind]
    rows = tuple(policy_figure(holding, figure) for holding, figure in shown)
    return FigureRows(as_of=day, kind=kind_words(kind), total=Amount(**amount_of(fen)), rows=rows, next=following)


def history(day: date, months: Sequence[Month], following: str | None) -> HistoryShown:
    """Show some months."""
    return HistoryShown(as_of=day, months=tuple(map(_month, months)), next=following)


def _month(month: Month) -> MonthShown:
    return MonthShown(
        month=month.month,
        premiums_paid_fen=month.sums[Kind.PREMIUMS_PAID],
        received_fen=month.sums[Kind.RECEIVED],
        borrowed_fen=month.sums[Kind.BORROWED],
        repaid_fen=month.sums[Kind.REPAID],
        movements=tuple(map(_movement, month.entries)),
    )


def _movement(entry: PolicyEntry) -> Movement:
    what = both_words(entry.kind.value, WHAT[entry.kind.value])
    return Movement(day=entry.value_date, policy_number=entry.policy_number, what=what, **amount_of(entry.amount_fen))


def policy_figure(holding: Holding, figure: Figure) -> PolicyFigure:
    """Show one figure of one policy."""
    why = both_words(figure.why, _WHY[figure.why]) if figure.why else None
    name, number = product_name_of(holding), figure.policy_number
    parts = tuple(map(_part, figure.parts))
    amount, item = amount_of(figure.amount_fen), item_of(figure) or None
    return PolicyFigure(policy_number=number, product_name=name, why=why, item=item, parts=parts, **amount)


def item_of(figure: Figure) -> str:
    """Name the servicing item that a figure calls for; "" where it calls for none."""
    parts = {_ITEMS_OF_PARTS[each.what] for each in figure.parts if each.what in _ITEMS_OF_PARTS}
    return _ITEMS.get(figure.kind, "") if figure.amount_fen and figure.kind in _ITEMS else min(parts, default="")


def _part(part: Part) -> FigurePart:
    return FigurePart(day=part.day, what=both_words(part.what, WHAT[part.what]), **amount_of(part.amount_fen))


def _total(kind: Kind, fen: int | None, unknown: int, day: date) -> FigureTotal:
    return FigureTotal(kind=kind_words(kind), unknown=unknown, link=f"/v1/me/figures/{kind.value}?as_of={day}", **amount_of(fen))


def amount_of(fen: int | None) -> dict[str, Any]:
    """Write an amount twice: in 元 for people, in fen for programs."""
    return {"amount": None if fen is None else format_fen(fen, grouped=False), "amount_fen": fen}


def both_words(code: str, both: tuple[str, str]) -> Words:
    """Write a code with its words in both languages."""
    return Words(code=code, zh=both[0], en=both[1])
