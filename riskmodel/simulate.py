"""A small, honest simulation of claims: it gives the cold start something to be trained on, and proves nothing.

Three kinds of claims with a plain story each. No figure measured on it says how well real fraud is found.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from riskmodel.facts import GRADES, RiskFacts
from riskmodel.features import feature_row
from riskmodel.train import LabelledRow

_ILLNESSES = ("K35.8", "J18.9", "I25.1", "C50.9", "K80.2", "N20.0", "M54.5", "R51", "S52.5", "S33.5", "G44.2", "E11.9")
_SUBJECTIVE = ("M54.5", "R51", "S33.5", "G44.2")
_OPPORTUNIST, _ORGANISED = 0.03, 0.02  # shares of all claims


def simulate_rows(count: int, seed: int) -> list[LabelledRow]:
    """Draw claims and their labels; a tenth of the frauds goes undetected and is labelled as none."""
    random = Random(seed)
    return [_draw(random) for _ in range(count)]


def _draw(random: Random) -> LabelledRow:
    loss_date = date(2024, 1, 1) + timedelta(days=random.randrange(365))
    facts, kind = _ordinary(loss_date, random), random.random()
    if kind < _OPPORTUNIST:
        facts = _exaggerate(facts, random)
    elif kind < _OPPORTUNIST + _ORGANISED:
        facts = _organise(facts, loss_date, random)
    is_found = kind < _OPPORTUNIST + _ORGANISED and random.random() < 0.9
    return LabelledRow(feature_row(facts), is_found)


def _ordinary(loss_date: date, random: Random) -> RiskFacts:
    """A claim of somebody ill: families share phones and accounts, the chronically ill come back."""
    claimed_fen = round(100 * min(random.lognormvariate(9.4, 1.0), 600_000))
    is_critical = random.random() < 0.05
    family = random.choices((0, 1, 2), (85, 12, 3))[0]
    earlier = random.choices((0, 1, 2, 3, 5), (78, 13, 5, 3, 1))[0]
    return RiskFacts(
        claimed_fen=claimed_fen,
        payable_fen=claimed_fen * random.randrange(40, 101) // 100,
        sum_insured_fen=claimed_fen if is_critical else random.choice((10_000_000, 100_000_000, 200_000_000)),
        loss_date=loss_date,
        report_date=loss_date + timedelta(days=int(random.expovariate(1 / 12))),
        policy_effective_from=loss_date - timedelta(days=31 + int(random.expovariate(1 / 700))),
        inpatient_days=None if is_critical else 1 + int(random.expovariate(1 / 7)),
        loss_cause="意外" if random.random() < 0.2 else "疾病",
        diagnosis_icd10=random.choice(_ILLNESSES),
        hospital_grade=random.choices(GRADES, (3, 7, 35, 55))[0],
        hospital_ownership="民营" if random.random() < 0.15 else "公立",
        payee_is_insured=random.random() > 0.08,
        channel=random.choices(("app", "hotline", "hospital"), (70, 15, 15))[0],
        document_doubts=random.choices((0, 1, 2), (88, 10, 2))[0],
        invoice_duplicate=random.random() < 0.001,
        earlier_claims_365d=earlier,
        earlier_claims_same_hospital=random.randrange(earlier + 1),
        phone_other_insureds=family,
        account_other_insureds=min(family, random.choices((0, 1), (80, 20))[0]),
        device_other_insureds=None if random.random() < 0.2 else family,
        agent_recent_claims=random.expovariate(1 / 4),
        hospital_recent_claims=random.expovariate(1 / 40),
    )


def _exaggerate(facts: RiskFacts, random: Random) -> RiskFacts:
    """Somebody who makes a small illness larger on paper."""
    return replace(
        facts,
        claimed_fen=facts.claimed_fen * random.randrange(110, 200) // 100,
        diagnosis_icd10=random.choice(_SUBJECTIVE) if random.random() < 0.6 else facts.diagnosis_icd10,
        document_doubts=facts.document_doubts + random.choices((0, 1, 2), (40, 40, 20))[0],
        invoice_duplicate=facts.invoice_duplicate or random.random() < 0.25,
        hospital_grade=random.choice(GRADES),
        earlier_claims_365d=(facts.earlier_claims_365d or 0) + random.randrange(3),
    )


def _organise(facts: RiskFacts, loss_date: date, random: Random) -> RiskFacts:
    """A claim of a ring: its traces are the accounts and phones; amount and tenure stay within the ordinary."""
    young = random.random() < 0.5
    age_days = random.randrange(31, 120) if young else 31 + int(random.expovariate(1 / 700))
    return replace(
        facts,
        policy_effective_from=loss_date - timedelta(days=age_days),
        payee_is_insured=random.random() < 0.4,
        phone_other_insureds=random.choices((0, 1, 2, 3, 4), (25, 20, 25, 20, 10))[0],
        account_other_insureds=random.choices((0, 1, 2, 3, 4), (15, 20, 30, 25, 10))[0],
        device_other_insureds=random.choices((0, 1, 2, 3), (30, 20, 25, 25))[0],
        hospital_ownership="民营" if random.random() < 0.4 else "公立",
        agent_recent_claims=random.expovariate(1 / 12),
        invoice_duplicate=random.random() < 0.05,
    )
