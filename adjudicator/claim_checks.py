"""Checks papers against the claim as it was reported and against its contracts: account, policy, day, old illness, an expired card."""

from collections.abc import Sequence
from datetime import date

from adjudicator.papers import day, of_class, place_of, places_of, title
from domain.claim import Payee
from domain.contract import PolicyState, Standing
from domain.document import Document, DocumentClass
from domain.finding import Finding, Severity
from domain.policy import Policy

_STATES = {
    PolicyState.NOT_STARTED: "尚未生效",
    PolicyState.LAPSED: "效力中止",
    PolicyState.TERMINATED: "已终止",
    PolicyState.MATURED: "已满期",
    PolicyState.SURRENDERED: "已退保",
}


def check_payee(papers: Sequence[Document], payee: Payee | None) -> tuple[Finding, ...]:
    """Compare the account that is to be paid with the bank card and with the claim form: number and holder."""
    findings = []
    cards, forms = of_class(papers, DocumentClass.BANK_CARD), of_class(papers, DocumentClass.CLAIM_FORM)
    numbers = places_of(cards, "card_number") + places_of(forms, "bank_account")
    for paper, name in [*((card, "card_number") for card in cards), *((form, "bank_account") for form in forms)]:
        found = paper.field(name)
        if found and payee and str(found.value) != payee.account_number.replace(" ", ""):
            told = f"{title(paper)}上的账号与收款账户不符"
            findings.append(Finding("claim.account_mismatch", Severity.DOUBT, told, "请核对收款账户", name, numbers))
    for card in cards:
        holder = card.field("holder_name")
        if holder and payee and str(holder.value).replace(" ", "") != payee.holder.replace(" ", ""):
            told, places = "银行卡的持卡人与收款人不符", (place_of(card, holder), *places_of(forms, "insured_name"))
            findings.append(Finding("claim.holder_mismatch", Severity.DOUBT, told, "请核对收款账户", "holder_name", places))
    return tuple(findings)


def check_form(papers: Sequence[Document], loss_date: date | None, policies: Sequence[Policy]) -> tuple[Finding, ...]:
    """Compare the claim form with what was reported: the policy it names, and the day of the loss."""
    findings = []
    for form in of_class(papers, DocumentClass.CLAIM_FORM):
        number, lost = form.field("policy_number"), form.field("loss_date")
        if number and str(number.value) not in {each.policy_number for each in policies}:
            told = f"理赔申请书上的保单号 {number.value} 不在本案的保单之内"
            findings.append(
                Finding("claim.policy_number_mismatch", Severity.DOUBT, told, "请核对保单", "policy_number", (place_of(form, number),))
            )
        if lost and loss_date and lost.value != loss_date:
            told = f"理赔申请书上的出险日期 {lost.value} 与报案的 {loss_date} 不符"
            places = (place_of(form, lost), *places_of(of_class(papers, DocumentClass.ACCIDENT_CERTIFICATE), "accident_date"))
            findings.append(Finding("claim.loss_date_differs", Severity.DOUBT, told, "请核对出险日期", "loss_date", places))
    return tuple(findings)


def check_history(papers: Sequence[Document], policies: Sequence[Policy]) -> tuple[Finding, ...]:
    """Find an illness (既往史) that began before the oldest of the claim's policies: a person judges whether it matters.

    The day that was read is the latest on which it can have begun, so that nothing is told which may be later.
    """
    insured_since = min((each.first_effective_from for each in policies), default=None)
    findings = []
    for paper in papers:
        since = paper.field("history_since_date")
        began = day(since)
        if since and began and insured_since and began < insured_since:
            told = f"{title(paper)}记载的病史不晚于 {began}，早于首次投保生效日 {insured_since}"
            places = (place_of(paper, since), *places_of((paper,), "diagnosis"))
            findings.append(Finding("history.predates_policy", Severity.DOUBT, told, "请核对既往病史与本次疾病的关系", since.name, places))
    return tuple(findings)


def check_standing(policy_number: str, standing: Standing) -> Finding:
    """Say that a policy did not cover on the day of the loss, by what was paid: a person judges, and nothing is paid straight through."""
    since = f"（自 {standing.since} 起）" if standing.since else ""
    told = f"出险日保单 {policy_number} {_STATES[standing.state]}{since}"
    return Finding("policy.not_covering", Severity.DOUBT, told, "请核对保费缴纳与保单状态", policy_number)


def check_id_card(papers: Sequence[Document], on: date | None) -> tuple[Finding, ...]:
    """Note an identity card whose term (有效期限) ended before a day; its last day still counts.

    The back (国徽面) that came by itself is a paper of no class, and tells it all the same.
    """
    findings = []
    for card in papers:
        until = card.field("valid_until_date")
        last = day(until)
        if until and last and on and last < on:
            told = f"身份证有效期至 {last}，早于 {on}"
            findings.append(
                Finding("id_card.expired", Severity.NOTE, told, "请更新身份证件后补交", "valid_until_date", (place_of(card, until),))
            )
    return tuple(findings)
