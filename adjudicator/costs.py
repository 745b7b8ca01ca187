"""Costs (费用): what invoices charged, what social insurance and others paid of it, and the single lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adjudicator.papers import is_outpatient, of_class, place_of_lines, places_of, sum_of
from domain.document import Document, DocumentClass, Field, InvoiceLine
from domain.finding import Finding, Severity
from domain.money import format_fen

_SELF_PAID = ("自费", "无", "全自费")


@dataclass(frozen=True)
class Costs:
    """What was charged and what social insurance paid of it; None is unknown, never zero."""

    charged_fen: int | None = None
    social_insurance_paid_fen: int | None = None  # of the basic insurance and of the one for major illness
    via_social_insurance: bool | None = None
    lines: tuple[InvoiceLine, ...] = ()  # that sum to what was charged; none when the papers' lines do not
    source: str = ""


@dataclass(frozen=True)
class Bills:
    """The costs of all invoices of a claim, of its stays and of its visits; None where it has no such invoice."""

    all: Costs | None = None
    inpatient: Costs | None = None
    outpatient: Costs | None = None


def gather_bills(papers: Sequence[Document]) -> tuple[Bills, list[Finding]]:
    """Sum the invoices, each counted once, and compare them with expense list and settlement sheet."""
    invoices, findings = _distinct_invoices(papers)
    visits = [each for each in invoices if is_outpatient(each)]
    stays = [each for each in invoices if not is_outpatient(each)]
    findings += [finding for each in invoices for finding in _unread_share(each)]
    total, more = _settled(_costs_of(invoices), invoices, of_class(papers, DocumentClass.SETTLEMENT_SHEET))
    findings += more
    total, more = _with_lines(total, invoices, of_class(papers, DocumentClass.EXPENSE_LIST))
    findings += more
    if not visits or not stays:
        return Bills(total, None if visits else total, total if visits else None), findings
    return Bills(total, _costs_of(stays), _costs_of(visits)), findings


def paid_by_others(papers: Sequence[Document]) -> int | None:
    """Sum what other insurers, a liable party or the employer state that they paid; None without such a statement."""
    return sum_of([each.field("paid_fen") for each in of_class(papers, DocumentClass.PAYMENT_STATEMENT)])


def _costs_of(invoices: Sequence[Document]) -> Costs | None:
    if not invoices:
        return None
    shares = [each.field("social_insurance_paid_fen") for each in invoices]
    charged_fen = sum_of([each.field("total_fen") for each in invoices])
    lines = tuple(line for each in invoices for line in each.lines)
    return Costs(
        charged_fen,
        sum_of(shares),
        _settled_by_social_insurance(invoices, shares),
        lines if sum(line.amount_fen for line in lines) == charged_fen else (),
        f"{len(invoices)} 张医疗收费票据",
    )


def _distinct_invoices(papers: Sequence[Document]) -> tuple[list[Document], list[Finding]]:
    distinct: dict[object, Document] = {}
    findings = []
    for place, paper in enumerate(of_class(papers, DocumentClass.MEDICAL_INVOICE)):
        number = paper.field("invoice_number")
        key: object = (number.value if number else None) or place  # without a number, nothing tells that two are one
        if key in distinct:
            told = f"同一张票据（{key}）在本案中交了两次，只计一次"
            places = places_of((distinct[key], paper), "invoice_number")
            findings.append(Finding("invoice.sent_twice", Severity.NOTE, told, about="invoice_number", places=places))
        else:
            distinct[key] = paper
    return list(distinct.values()), findings


def _settled_by_social_insurance(invoices: Sequence[Document], shares: Sequence[Field | None]) -> bool | None:
    answers = set()
    for invoice, share in zip(invoices, shares, strict=True):
        if share and isinstance(share.value, int) and share.value > 0:
            answers.add(True)
        elif _is_self_paid(invoice):
            answers.add(False)
        else:
            return None
    return answers.pop() if len(answers) == 1 else None


def _is_self_paid(invoice: Document) -> bool:
    printed = invoice.field("insurance_type")
    return printed is not None and str(printed.value) in _SELF_PAID


def _unread_share(invoice: Document) -> list[Finding]:
    # Most contracts count a missing payment of the social insurance as zero: where the paper merely was not read, that would overpay.
    if invoice.field("social_insurance_paid_fen") or _is_self_paid(invoice):
        return []
    told = "票据上没有读到医保统筹基金支付，也没有注明自费"
    return [Finding("invoice.social_share_unread", Severity.DOUBT, told, "请核对医保支付金额", about="social_insurance_paid_fen")]


def _settled(costs: Costs | None, invoices: Sequence[Document], sheets: Sequence[Document]) -> tuple[Costs | None, list[Finding]]:
    """Let the settlement sheet say what social insurance paid; an invoice that says otherwise is a doubt."""
    basic_fen = sum_of([each.field("social_insurance_paid_fen") for each in sheets])
    if costs is None or basic_fen is None:
        return costs, []
    extra = [found.value for each in sheets if (found := each.field("major_illness_paid_fen")) and isinstance(found.value, int)]
    paid_fen = basic_fen + sum(extra)
    settled = Costs(costs.charged_fen, paid_fen, paid_fen > 0 or costs.via_social_insurance, costs.lines, "医保结算单")
    totals = sum_of([each.field("total_fen") for each in sheets])
    findings = []
    for name, label, sheet_fen, invoice_fen in (
        ("total_fen", "费用总额", [totals], costs.charged_fen),
        ("social_insurance_paid_fen", "医保支付", [basic_fen, paid_fen], costs.social_insurance_paid_fen),
    ):
        if invoice_fen is not None and None not in sheet_fen and invoice_fen not in sheet_fen:
            told = f"医保结算单的{label} {format_fen(sheet_fen[0] or 0)} 与票据的 {format_fen(invoice_fen)} 不一致"
            places = places_of((*sheets, *invoices), name)
            findings.append(Finding("claim.settlement_differs", Severity.DOUBT, told, about=name, places=places))
    return settled, findings


def _with_lines(costs: Costs | None, invoices: Sequence[Document], lists: Sequence[Document]) -> tuple[Costs | None, list[Finding]]:
    """Take the expense list's lines, which tell more than the invoice's, where they sum to what was charged; else its total must agree."""
    listed = [line for each in lists for line in each.lines]
    if costs is None or costs.charged_fen is None:
        return costs, []
    if listed and sum(line.amount_fen for line in listed) == costs.charged_fen:
        return replace(costs, lines=tuple(listed)), []
    sums = {
        "合计": sum_of([each.field("total_fen") for each in lists]),
        "明细合计": sum(line.amount_fen for line in listed) if listed else None,
    }
    differing = {label: fen for label, fen in sums.items() if fen not in (None, costs.charged_fen)}
    if not differing:
        return costs, []
    told = "，".join(f"费用清单{label} {format_fen(fen or 0)}" for label, fen in differing.items())
    places = places_of((*lists, *invoices), "total_fen") + tuple(place for each in lists for place in place_of_lines(each))
    message = f"{told}，票据合计 {format_fen(costs.charged_fen)}"
    return costs, [Finding("claim.expense_list_differs", Severity.DOUBT, message, "请核对费用清单是否齐全", "total_fen", places)]
