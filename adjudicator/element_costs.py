"""Elements of cost: what was charged, and what others paid of it already."""

from adjudicator.element_lines import dental_fen
from adjudicator.known import UNTOLD, Known, Told
from rules.model import Element as Declared

_DENTAL = "dental_cost"


def charged(known: Known, _: Declared) -> Told:
    """合理医疗费用: what the invoices that the book means charged; dental care apart where the book counts it apart."""
    costs = known.costs
    if costs is None:
        return _nothing_claimed(known)
    if costs.charged_fen is None:
        return Told(doubt="有票据没有读到金额合计")
    apart = dental_fen(known) if _DENTAL in known.declared else 0
    return UNTOLD if apart is None else Told(costs.charged_fen - apart, costs.source)


def visits_charged(known: Known, _: Declared) -> Told:
    """门急诊费用: what outpatient invoices charged; zero where all invoices are for stays."""
    bills = known.evidence.bills
    if bills.outpatient is not None:
        fen = bills.outpatient.charged_fen
        return Told(doubt="有门诊票据没有读到金额合计") if fen is None else Told(fen, bills.outpatient.source)
    return Told(0, "没有门诊收费票据") if bills.all else UNTOLD


def social_insurance_paid(known: Known, _: Declared) -> Told:
    """医保已付: as the settlement sheet says, else the invoices."""
    costs = known.costs
    if costs is None or costs.social_insurance_paid_fen is None:
        if costs is not None and costs.via_social_insurance is False:
            return Told(0, f"{costs.source}，注明自费")
        return UNTOLD
    return Told(costs.social_insurance_paid_fen, costs.source)


def via_social_insurance(known: Known, _: Declared) -> Told:
    """经医保结算: yes where social insurance paid something, no where the invoice says so, else unknown."""
    costs = known.costs
    return UNTOLD if costs is None or costs.via_social_insurance is None else Told(costs.via_social_insurance, costs.source)


def others_paid(known: Known, _: Declared) -> Told:
    """他方已付: what other insurers, a liable party or the employer state that they paid."""
    fen = known.evidence.others_paid_fen
    return UNTOLD if fen is None else Told(fen, "理赔分割单")


def _nothing_claimed(known: Known) -> Told:
    if known.evidence.is_critical_illness_only:
        return Told(0, "未申请医疗费用")
    return Told(0, "没有住院收费票据") if known.evidence.bills.all else UNTOLD
