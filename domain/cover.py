"""The five kinds of cover (保障): what people insure themselves against, whatever the products are called."""

from collections.abc import Mapping
from enum import StrEnum


class CoverKind(StrEnum):
    """What a responsibility is cover against; the words stand in rule books (保障)."""

    DEATH = "death"  # 身故
    ILLNESS = "illness"  # 疾病: a sum when a serious illness is found
    DISABILITY = "disability"  # 残疾
    MEDICAL = "medical"  # 医疗: costs of treatment, and money by the day in hospital
    SAVINGS = "savings"  # 养老储蓄: paid to who lives


KINDS_ZH: Mapping[CoverKind, str] = {
    CoverKind.DEATH: "身故",
    CoverKind.ILLNESS: "疾病",
    CoverKind.DISABILITY: "残疾",
    CoverKind.MEDICAL: "医疗",
    CoverKind.SAVINGS: "养老储蓄",
}


class CoverCause(StrEnum):
    """What brings the loss about; much cover answers for accidents only."""

    ILLNESS = "illness"
    ACCIDENT = "accident"
