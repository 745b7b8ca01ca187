"""The claims that the risk tests speak of."""

from dataclasses import replace
from datetime import date, timedelta

from riskmodel.facts import RiskFacts

LOSS_DATE = date(2024, 8, 15)
ORDINARY = RiskFacts(
    claimed_fen=2_500_000,
    payable_fen=900_000,
    sum_insured_fen=200_000_000,
    loss_date=LOSS_DATE,
    report_date=LOSS_DATE + timedelta(days=12),
    policy_effective_from=LOSS_DATE - timedelta(days=167),
    inpatient_days=7,
    loss_cause="疾病",
    diagnosis_icd10="K35.8",
    hospital_grade="三级",
    hospital_ownership="公立",
    payee_is_insured=True,
    channel="app",
    earlier_claims_365d=0,
    earlier_claims_same_hospital=0,
    phone_other_insureds=0,
    account_other_insureds=0,
    device_other_insureds=0,
    agent_recent_claims=2,
    hospital_recent_claims=5,
)
CRITICAL_ILLNESS = replace(
    ORDINARY,
    claimed_fen=10_000_000,
    payable_fen=10_000_000,
    sum_insured_fen=10_000_000,
    policy_effective_from=LOSS_DATE - timedelta(days=101),
    inpatient_days=None,
    diagnosis_icd10="C50.9",
)
YOUNG_AND_LARGE = replace(ORDINARY, claimed_fen=9_000_000, payable_fen=9_000_000, policy_effective_from=LOSS_DATE - timedelta(days=45))
YOUNG_TO_ANOTHER = replace(YOUNG_AND_LARGE, payee_is_insured=False)
RING = replace(YOUNG_TO_ANOTHER, phone_other_insureds=2, account_other_insureds=2, device_other_insureds=2)
