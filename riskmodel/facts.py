"""What is known of a claim when it is scored (风险事实), and how it is read from a JSON file."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from difflib import get_close_matches
from typing import get_args, get_type_hints

from domain.claim import Channel, LossCause
from domain.errors import InputError

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
    loss_date: date | None = None
    report_date: date | None = None
    policy_effective_from: date | None = None  # of the first year, when it was renewed without a gap
    inpatient_days: int | None = None
    loss_cause: str = ""  # 疾病 | 意外
    diagnosis_icd10: str = ""
    hospital_grade: str = ""  # 未定级 | 一级 | 二级 | 三级
    hospital_ownership: str = ""  # 公立 | 民营
    payee_is_insured: bool | None = None
    channel: str = ""  # app | hotline | hospital
    document_doubts: int = 0
    invoice_duplicate: bool = False
    earlier_claims_365d: int | None = None
    earlier_claims_same_hospital: int | None = None
    phone_other_insureds: int | None = None
    account_other_insureds: int | None = None
    device_other_insureds: int | None = None
    agent_claims_90d: int | None = None
    hospital_claims_90d: int | None = None

    def __post_init__(self) -> None:
        for name, words in _WORDS.items():
            word = getattr(self, name)
            if word and word not in words:
                raise InputError(f"{name} cannot be {word!r}", "give one of " + ", ".join(words) + ', or ""', field=name)
        for name in _COUNTS:
            count = getattr(self, name)
            if count is not None and count < 0:
                raise InputError(f"{name} is negative: {count}", "give zero or more, or null when it is unknown", field=name)


_WORDS: dict[str, tuple[str, ...]] = {
    "loss_cause": tuple(LossCause),
    "hospital_grade": GRADES,
    "hospital_ownership": OWNERSHIPS,
    "channel": tuple(Channel),
}
_KINDS = {field.name: get_args(hint) or (hint,) for field, hint in zip(fields(RiskFacts), get_type_hints(RiskFacts).values(), strict=True)}
_COUNTS = tuple(name for name, kinds in _KINDS.items() if int in kinds)
_EXPECTED = {int: "a whole number", str: "a text", bool: "true or false", date: "a date such as 2024-08-15", type(None): "null"}


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
    if type(value) not in kinds:
        raise InputError(f"{name} cannot be {value!r}", "give " + " or ".join(_EXPECTED[kind] for kind in kinds), field=name)
    return value
