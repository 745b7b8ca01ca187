"""What can be done with a policy (办理): one function an act, named by items in their files.

Each gives what it would do; nothing is done here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from actuarial.calendar import add_years
from actuarial.loans import split_repayment
from actuarial.premiums import yearly_premium_fen
from actuarial.rounding import to_fen
from actuarial.universal import initial_charge_fen, withdrawal_charge_fen
from domain.contract import PREMIUM_KINDS, EntryKind, PolicyEntry, PremiumChange, premium_event
from domain.errors import ConflictError, InputError
from domain.money import format_fen
from domain.servicing import Figure, Work
from policy.facts import FREQUENCIES_ZH
from policy.transacting.asking import Asked

_K = EntryKind


def lend(asked: Asked) -> Work:
    """Lend on the cash value; interest runs from the day on which the bank paid."""
    amount_fen, look = asked.amount_fen, asked.look
    figures = (
        Figure("借款金额", "loan", amount_fen),
        Figure("借款后贷款本息合计", "owed afterwards", look.loan.total_fen + amount_fen),
        Figure("本次最多可借", "most that can be borrowed", look.lendable_fen or 0),
    )
    rate = next(each.rate for each in reversed(asked.loan_terms.rates) if each.effective <= asked.day)
    words = {"利率": f"{float(rate * 100):.2f}%", "借款期限": f"{asked.loan_terms.term_days}天"}
    return Work(figures, with_money=(asked.entry(_K.LOAN, amount_fen),), from_payment=True, pay_fen=amount_fen, words=words)


def repay(asked: Asked) -> Work:
    """Take a payment on a loan, interest first; `还` of the item says 全部, 利息, or else what the customer wrote."""
    loan = asked.look.loan
    amounts = {"全部": loan.total_fen, "利息": loan.interest_fen}
    chosen = asked.item.settings.get("还", "")
    amount_fen = amounts[chosen] if chosen else asked.amount_fen
    interest_fen, principal_fen = split_repayment(loan, amount_fen)
    figures = (
        Figure("还款金额", "repayment", amount_fen),
        Figure("其中利息", "of it interest", interest_fen),
        Figure("其中本金", "of it principal", principal_fen),
        Figure("还款后贷款本息合计", "owed afterwards", loan.total_fen - amount_fen),
    )
    entries = (asked.entry(_K.LOAN_INTEREST_PAID, interest_fen), asked.entry(_K.LOAN_REPAID, principal_fen))
    return Work(figures, (), (*asked.added_interest(), *(each for each in entries if each.amount_fen)), collect_fen=amount_fen)


def pay_premium(asked: Asked) -> Work:
    """Pay every premium that came due, else the next one."""
    dues = asked.look.next_due
    entries = tuple(asked.entry(_K.PREMIUM, asked.contract.premium_on(due), premium_event(due)) for due in dues)
    total_fen = sum(each.amount_fen for each in entries)
    figures: tuple[Figure, ...] = (
        Figure("本次交费", "paid now", total_fen),
        Figure("每期保费", "one premium", asked.contract.premium_on(dues[-1])),
    )
    return Work(figures, with_money=entries, collect_fen=total_fen, words={"应交日": "、".join(due.isoformat() for due in dues)})


def reinstate(asked: Asked) -> Work:
    """Make up every missing premium with its interest; the policy covers again from the day of signing."""
    dues, interest_fen = asked.look.holding.standing.due, asked.look.late_interest_fen or 0
    entries = [asked.entry(_K.REINSTATEMENT_PREMIUM, asked.contract.premium_on(due), premium_event(due)) for due in dues]
    premiums_fen = sum(each.amount_fen for each in entries)
    entries += [asked.entry(_K.REINSTATEMENT_INTEREST, interest_fen)] if interest_fen else []
    figures: tuple[Figure, ...] = (Figure("补交保费", "premiums made up", premiums_fen), Figure("补交利息", "interest", interest_fen))
    figures += (Figure("合计", "together", premiums_fen + interest_fen),)
    return Work(figures, with_money=tuple(entries), collect_fen=premiums_fen + interest_fen)


def draw(asked: Asked) -> Work:
    """Pay out the benefits of a kind (`种类`) that wait; a maturity benefit first pays back what is owed."""
    kind = asked.item.settings["种类"]
    waiting = [each for each in asked.look.waiting if each.kind == kind]
    known = {each.event for each in asked.look.holding.entries if each.kind is _K.BENEFIT_DUE}
    due = tuple(asked.entry(_K.BENEFIT_DUE, each.amount_fen, each.event, each.due) for each in waiting if each.event not in known)
    total_fen = sum(each.amount_fen for each in waiting)
    owed_fen = min(asked.look.loan.total_fen, total_fen) if kind == "maturity" else 0
    figures: tuple[Figure, ...] = (Figure("应领金额", "due", total_fen), Figure("扣还贷款本息", "less loan and interest", owed_fen))
    figures += (Figure("实付金额", "paid", total_fen - owed_fen),)
    entries: list[PolicyEntry] = []
    for each in waiting:  # only one of them is a maturity benefit
        entries += asked.set_off(owed_fen, f"paid {each.event}") if owed_fen else ()
        paid_fen = each.amount_fen - owed_fen
        entries += [asked.entry(_K.BENEFIT_PAID, paid_fen, f"paid {each.event}")] if paid_fen else []
    words = {"期数": str(len(waiting)), "应领日": "、".join(each.due.isoformat() for each in waiting)}
    return Work(figures, due, tuple(entries), pay_fen=total_fen - owed_fen, words=words)


def withdraw(asked: Asked) -> Work:
    """Take a part out of a universal account; its charge comes out of the account beside it."""
    amount_fen = asked.amount_fen
    charge_fen = withdrawal_charge_fen(asked.universal, asked.look.holding.policy, asked.day, amount_fen)
    left_fen = (asked.look.account_fen or 0) - amount_fen - charge_fen
    figures: tuple[Figure, ...] = (Figure("领取金额", "withdrawal", amount_fen), Figure("领取费用", "charge", charge_fen))
    figures += (Figure("领取后账户价值", "account afterwards", left_fen),)
    entries = [*asked.settled_account(), asked.entry(_K.ACCOUNT_WITHDRAWAL, amount_fen)]
    entries += [asked.entry(_K.ACCOUNT_WITHDRAWAL_CHARGE, charge_fen)] if charge_fen else []
    return Work(figures, with_money=tuple(entries), pay_fen=amount_fen)


def top_up(asked: Asked) -> Work:
    """Put a premium into a universal account, less its initial charge."""
    amount_fen = asked.amount_fen
    charge_fen = initial_charge_fen(asked.universal, asked.look.holding.policy, asked.day, amount_fen)
    figures: tuple[Figure, ...] = (Figure("追加保费", "additional premium", amount_fen), Figure("初始费用", "initial charge", charge_fen))
    figures += (Figure("计入账户", "into the account", amount_fen - charge_fen),)
    entries = [asked.entry(_K.ACCOUNT_PREMIUM, amount_fen)] + ([asked.entry(_K.ACCOUNT_CHARGE, charge_fen)] if charge_fen else [])
    return Work(figures, with_money=tuple(entries), collect_fen=amount_fen)


def surrender(asked: Asked) -> Work:
    """End the contract for its cash value, less what is owed (退保); it ends when it is signed, and the money follows."""
    look = asked.look
    value_fen, owed_fen = look.cash_fen or 0, look.loan.total_fen
    figures: tuple[Figure, ...] = (Figure("现金价值", "cash value", value_fen), Figure("扣还贷款本息", "less loan and interest", owed_fen))
    figures += (Figure("退保净额", "paid", value_fen - owed_fen),)
    at_once = [asked.entry(_K.SURRENDER, value_fen), *asked.set_off(owed_fen), *_closed_account(asked)]
    paid = asked.entry(_K.SURRENDER_PAID, value_fen - owed_fen)
    return Work(figures, tuple(at_once), (paid,) if paid.amount_fen else (), pay_fen=paid.amount_fen)


def rescind(asked: Asked) -> Work:
    """Undo the contract within the cooling-off days (犹豫期): every premium goes back, less what is owed."""
    premiums_fen, owed_fen = asked.look.premiums_fen, asked.look.loan.total_fen
    figures: tuple[Figure, ...] = (
        Figure("退还保费", "premiums returned", premiums_fen),
        Figure("扣还贷款本息", "less loan and interest", owed_fen),
    )
    figures += (Figure("实退金额", "paid", premiums_fen - owed_fen),)
    at_once = [asked.entry(_K.RESCISSION, premiums_fen), *asked.set_off(owed_fen), *_closed_account(asked)]
    paid = asked.entry(_K.RESCISSION_PAID, premiums_fen - owed_fen)
    return Work(figures, tuple(at_once), (paid,) if paid.amount_fen else (), pay_fen=paid.amount_fen)


def _closed_account(asked: Asked) -> list[PolicyEntry]:
    """Empty a universal account in the books: what it holds pays for what is given back."""
    value_fen = asked.look.account_fen
    if not value_fen:
        return []
    charge_fen = withdrawal_charge_fen(asked.universal, asked.look.holding.policy, asked.day, value_fen) if asked.item.act == "退保" else 0
    closed = [asked.entry(_K.ACCOUNT_CLOSED, value_fen - charge_fen), asked.entry(_K.ACCOUNT_WITHDRAWAL_CHARGE, charge_fen)]
    return [*asked.settled_account(), *(each for each in closed if each.amount_fen)]


def choose(asked: Asked) -> Work:
    """Turn 自动垫交 or 自动续保 on or off, as the item says."""
    chosen, contract = {name: value == "是" for name, value in asked.item.settings.items()}, asked.contract
    lends, renews = chosen.get("自动垫交", contract.automatic_premium_loan), chosen.get("自动续保", contract.auto_renew)
    return Work(contract=replace(contract, automatic_premium_loan=lends, auto_renew=renews))


def change_frequency(asked: Asked) -> Work:
    """Pay by the year, the half, the quarter or the month from the next anniversary on that nothing was paid for yet.

    A premium is its share of the year's as first agreed, rounded to the 分, halves up; benefits and cash values rest on that year's
    premium as before.

    Raises:
        InputError: it is paid so already, or the product cannot be.
        ConflictError: no premium is left to pay from an anniversary on.
    """
    name, contract = asked.fields["frequency"], asked.contract
    chosen, field = FREQUENCIES_ZH[name], "fields/frequency"
    begins = _next_free_anniversary(asked)
    if begins is None:
        raise ConflictError(
            f"no premium of {contract.policy_number} is left to pay from an anniversary on", "the way of paying stays as it is"
        )
    if chosen not in asked.terms.frequencies:
        allowed = "、".join(zh for zh, each in FREQUENCIES_ZH.items() if each in asked.terms.frequencies)
        raise InputError(
            f"{asked.terms.product} is not paid {chosen}", f"send one of: {allowed}", field=field, advice_zh=f"可选：{allowed}"
        )
    if chosen is contract.frequency_on(begins):
        raise InputError(f"it is paid {chosen} already", "send another one", field=field, advice_zh=f"该日起已是{name}")
    premium_fen = to_fen(Fraction(yearly_premium_fen(contract) * chosen.months, 12))
    figures: tuple[Figure, ...] = (
        Figure("变更前每期保费", "premium before", contract.premium_on(begins)),
        Figure("变更后每期保费", "premium afterwards", premium_fen),
    )
    changed = replace(contract, changes=(*contract.changes, PremiumChange(begins, chosen, premium_fen)))
    words = {"应交日": f"{begins.year}年{begins.month}月{begins.day}日", "金额": format_fen(premium_fen)}
    return Work(figures, contract=changed, words=words)


def _next_free_anniversary(asked: Asked) -> date | None:
    """Give the next anniversary from which no premium was paid in advance, while premiums are still to be paid."""
    start, holding = asked.look.holding.policy.first_effective_from, asked.look.holding
    paid = [each.event for each in holding.entries if each.kind in PREMIUM_KINDS]
    for year in range(1, asked.contract.payment_years):
        begins = add_years(start, year)
        if asked.day < begins <= holding.policy.effective_to and all(event < premium_event(begins) for event in paid):
            return begins
    return None


def change_person(asked: Asked) -> Work:
    """Change what is known of the customer: what the item's fields are named after."""
    person, fields = asked.person, asked.fields
    phone, region = fields.get("phone", person.phone), fields.get("region", person.region_code)
    return Work(person=replace(person, phone=phone, region_code=region, address=fields.get("address", person.address)))


ACTS: Mapping[str, Callable[[Asked], Work]] = {
    "贷款": lend,
    "还款": repay,
    "交费": pay_premium,
    "复效": reinstate,
    "领取": draw,
    "账户领取": withdraw,
    "追加保费": top_up,
    "退保": surrender,
    "犹豫期退保": rescind,
    "约定": choose,
    "交费方式": change_frequency,
    "客户资料": change_person,
}
