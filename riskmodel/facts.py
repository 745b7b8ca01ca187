"""What is known of a claim when it is scored (风险事实), and how it is read from a JSON file."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from difflib import get_close_matches
from typing import get_args, get_type_hints

from domain.claim import Channel, LossCause
from domain.errors import InputError
from domain.risk import EntityKind, Shared

GRADES = ("未定级", "一级", "二级", "三级")
OWNERSHIPS = ("公立", "民营")


@dataclass(frozen=True)
class RiskFacts:
    """What is known of a claim at the moment it is scored: counts as of then, `None` or "" where nobody knows.

    Entity counts speak of *other* insureds and of claims *before* this one; the hashes behind them stay in storage.
    """

    claimed_fen: int
    payable_fen: int | None = None
    sum_insured_fen: int | None = None  # 0 counts as unknown
    usual_fen: int | None = None  # of the hospital's claims with this diagnosis, else of all with it
    loss_date: date | None = None
    report_date: date | None = None
    report_hour: int | None = None  # 0..23, in China
    policy_effective_from: date | None = None  # of the first year, when it was renewed without a gap
    policy_changed_on: date | None = None  # the last endorsement (批单)
    inpatient_days: int | None = None
    loss_cause: str = ""  # 疾病 | 意外
    diagnosis_icd10: str = ""
    hospital_grade: str = ""  # 未定级 | 一级 | 二级 | 三级
    hospital_ownership: str = ""  # 公立 | 民营
    payee_is_insured: bool | None = None
    account_changed_days: int | None = None
    channel: str = ""  # app | hotline | hospital
    document_doubts: int = 0
    invoice_duplicate: bool = False
    duplicate_marks: int | None = None  # papers that stand in other claims too
    rules_declined: int | None = None  # responsibilities that the rules refuse
    rules_unknown: int | None = None  # responsibilities that the rules cannot tell
    earlier_claims_7d: int | None = None
    earlier_claims_30d: int | None = None
    earlier_claims_90d: int | None = None
    earlier_claims_365d: int | None = None
    earlier_claims_same_hospital: int | None = None
    insured_fraud_rate: float | None = None
    linked_insureds: int | None = None
    phone_recent_claims: float | None = None
    phone_other_insureds: int | None = None
    phone_fraud_rate: float | None = None
    account_recent_claims: float | None = None
    account_other_insureds: int | None = None
    account_fraud_rate: float | None = None
    address_recent_claims: float | None = None
    address_other_insureds: int | None = None
    address_fraud_rate: float | None = None
    device_recent_claims: float | None = None
    device_other_insureds: int | None = None
    device_fraud_rate: float | None = None
    agent_recent_claims: float | None = None
    agent_other_insureds: int | None = None
    agent_fraud_rate: float | None = None
    hospital_recent_claims: float | None = None
    hospital_other_insureds: int | None = None
    hospital_fraud_rate: float | None = None
    hospital_agent_recent_claims: float | None = None
    hospital_agent_other_insureds: int | None = None
    hospital_agent_fraud_rate: float | None = None
    insured_age_years: int | None = None  # only where configuration allows it, like the next
    region_fraud_rate: float | None = None

    def __post_init__(self) -> None:
        for name, words in _WORDS.items():
            word = getattr(self, name)
            if word and word not in words:
                raise InputError(f"{name} cannot be {word!r}", "give one of " + ", ".join(words) + ', or ""', field=name)
        for name in _COUNTS:
            count = getattr(self, name)
            if count is not None and not 0 <= count < float("inf"):
                told = f"{name} is negative: {count}" if count < 0 else f"{name} is no number: {count}"
                raise InputError(told, "give zero or more, or null when it is unknown", field=name)


ENTITIES = tuple(
    EntityKind(name.removesuffix("_recent_claims")) for name in RiskFacts.__dataclass_fields__ if name.endswith("_recent_claims")
)
_WORDS: dict[str, tuple[str, ...]] = {
    "loss_cause": tuple(LossCause),
    "hospital_grade": GRADES,
    "hospital_ownership": OWNERSHIPS,
    "channel": tuple(Channel),
}
_KINDS = {field.name: get_args(hint) or (hint,) for field, hint in zip(fields(RiskFacts), get_type_hints(RiskFacts).values(), strict=True)}
_COUNTS = tuple(name for name, kinds in _KINDS.items() if int in kinds or float in kinds)
_EXPECTED = {int: "a whole number", float: "a number", str: "a text", bool: "true or false", date: "a date such as 2024-08-15"}
_EXPECTED[type(None)] = "null"


def shared_facts(shared: Shared) -> dict[str, int | float | None]:
    """Give what a claim shares with others under the names of its facts; what it does not tell is left out."""
    told: dict[str, int | float | None] = {
        "linked_insureds": shared.linked_insureds,
        "account_changed_days": shared.account_changed_days,
    }
    for kind in ENTITIES:
        if (found := shared.entities.get(kind)) is not None:
            told[f"{kind}_recent_claims"] = found.recent_claims
            told[f"{kind}_other_insureds"] = found.other_insureds
            told[f"{kind}_fraud_rate"] = found.fraud_rate
    for kind in (EntityKind.INSURED, EntityKind.REGION):
        if (found := shared.entities.get(kind)) is not None:
            told[f"{kind}_fraud_rate"] = found.fraud_rate
    usual = (shared.entities.get(kind) for kind in (EntityKind.HOSPITAL_DIAGNOSIS, EntityKind.DIAGNOSIS))
    told["usual_fen"] = next((each.usual_fen for each in usual if each is not None and each.usual_fen is not None), None)
    return told


def parse_facts(mapping: Mapping[str, object]) -> RiskFacts:
    """Read facts as JSON writes them: dates as "2024-08-15", amounts in whole fen, null where nobody knows.

    Raises:
        InputError: an unknown or missing name, or a value of the wrong kind; `field` names it.
    """
    for name in mapping:
        if name not in _KINDS:
            close = get_close_matches(str(name), _KINDS, n=1)
            hint = f"did you mean {close[0]}?" if close else "known are " + ", ".join(_KINDS)
            raise InputError(f"there is no risk fact {name}", hint, field=str(name))
    for field in fields(RiskFacts):
        if field.default is MISSING and field.name not in mapping:
            raise InputError(f"the risk fact {field.name} is missing", "give it in whole fen", field=field.name)
    values = {name: _read(name, value) for name, value in mapping.items()}
    return RiskFacts(**values)  # type: ignore[arg-type]  # each value was read by the kind of its field


def _read(name: str, value: object) -> object:
    kinds = _KINDS[name]
    if isinstance(value, str) and date in kinds:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise InputError(f"{name} is no date: {value!r}", "write it like 2024-08-15", field=name) from None
    if type(value) is int and float in kinds:
        return float(value)
    if type(value) not in kinds:
        raise InputError(f"{name} cannot be {value!r}", "give " + " or ".join(_EXPECTED[kind] for kind in kinds), field=name)
    return value
