"""Elements that the contract, the customer data and the report tell."""

from adjudicator.known import UNTOLD, Known, Told
from rules.model import Element as Declared


def effective_from(known: Known, _: Declared) -> Told:
    """保单生效日: the first day of the present policy year's contract."""
    return Told(known.policy.effective_from, _contract(known))


def is_renewal(known: Known, _: Declared) -> Told:
    """连续续保: whether it continues an earlier year without a gap."""
    return Told(known.policy.is_renewal, _contract(known))


def anniversary(known: Known, _: Declared) -> Told:
    """生存周年: which anniversary of the first year's start the day of the loss is; 0 on any other day."""
    loss_day = known.loss_day
    return UNTOLD if loss_day is None else Told(known.policy.anniversary_on(loss_day), _contract(known))


def birth_date(known: Known, _: Declared) -> Told:
    """被保险人生日."""
    return Told(known.insured.birth_date, "客户资料")


def age(known: Known, _: Declared) -> Told:
    """被保险人年龄: the full years lived on the day of the loss."""
    loss_day = known.loss_day
    return UNTOLD if loss_day is None else Told(known.insured.age_on(loss_day), "客户资料")


def insurance_status(known: Known, _: Declared) -> Told:
    """参保身份: whether the insured has social insurance."""
    covered = known.insured.has_social_insurance
    return UNTOLD if covered is None else Told("有医保" if covered else "无医保", "客户资料")


def loss_day(known: Known, _: Declared) -> Told:
    """出险日: as reported, else the first day that a paper proves; a claim keeps the latter as its own."""
    day = known.loss_day
    return UNTOLD if day is None else Told(day, "报案，或资料上最早的日期")


def cause(known: Known, _: Declared) -> Told:
    """出险原因."""
    return UNTOLD if known.cause is None else Told(known.cause.value, "报案")


def _contract(known: Known) -> str:
    return f"保单 {known.policy.policy_number}"
