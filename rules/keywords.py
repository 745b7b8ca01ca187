"""The one table of keywords: what a Chinese and an English rule file write for the same branch of the syntax tree.

The English word is the canonical one inside the engine. A file keeps to one of the two languages.
"""

from enum import StrEnum
from functools import cache
from typing import Literal

Language = Literal["zh", "en"]


class Place(StrEnum):
    """Where a keyword may stand; the same word may mean two things in two places."""

    KEY = "key"
    TYPE = "type"
    WORD = "word"
    PROPERTY = "property"
    PERIOD = "period"
    ROUNDING = "rounding"
    BENEFIT = "benefit"
    COVER = "cover"
    OUTCOME = "outcome"


_TABLE: dict[Place, tuple[tuple[str, str], ...]] = {
    Place.KEY: (
        ("条文", "clauses"),
        ("要素", "elements"),
        ("规则", "rules"),
        ("责任", "responsibilities"),
        ("方案", "plans"),
        ("类型", "type"),
        ("取值", "values"),
        ("缺失", "missing"),
        ("请补", "ask_for"),
        ("条款", "clause"),
        ("是", "is"),
        ("表", "table"),
        ("例外", "except"),
        ("若", "if"),
        ("测试", "tests"),
        ("得", "gives"),
        ("触发", "trigger"),
        ("须", "requires"),
        ("不赔", "excludes"),
        ("令", "let"),
        ("要件", "documents"),
        ("保障", "covers"),
        ("理算", "calculate"),
        ("起", "start"),
        ("减", "subtract"),
        ("乘", "multiply"),
        ("限", "cap"),
        ("取整", "round"),
        ("至多", "at_most"),
        ("每", "per"),
        ("基准日", "basis"),
        ("年度起", "year_from"),
        ("事故日", "loss_date"),
        ("基于", "based_on"),
        ("参数", "parameters"),
        ("给付", "benefit"),
        ("名", "name"),
        ("给", "given"),
        ("同", "same_as"),
        ("改", "change"),
        ("接", "after"),
        ("共享", "shared"),
        ("按", "by"),
        ("抵", "offset"),
        ("分级", "banded"),
        ("以上", "above"),
        ("分项", "parts"),
        ("限次", "times"),
        ("依次", "in_turn"),
        ("其后", "then"),
        ("间隔", "interval"),
        ("至少", "at_least"),
        ("反面", "when_not"),
        ("项", "item"),
        ("字段", "fields"),
        ("逐行", "each_line"),
        ("审核", "review"),
        ("原因码", "code"),
        ("原因", "reason"),
    ),
    Place.TYPE: (
        ("日期", "date"),
        ("枚举", "enum"),
        ("序列", "ordered"),
        ("是否", "boolean"),
        ("ICD10", "icd10"),
        ("金额", "money"),
        ("天数", "days"),
        ("数值", "number"),
        ("比例", "ratio"),
        ("文本", "text"),
        ("列表", "list"),
    ),
    Place.WORD: (
        ("且", "and"),
        ("或", "or"),
        ("非", "not"),
        ("属于", "in"),
        ("不属于", "not_in"),
        ("介于", "between"),
        ("如果", "if"),
        ("则", "then"),
        ("否则", "else"),
        ("是", "true"),
        ("否", "false"),
        ("无", "none"),
        ("任意", "any"),
        ("待补", "unknown"),
        ("缺", "missing"),
        ("存在", "some"),
        ("每个", "every"),
        ("满足", "satisfies"),
        ("空值", "null"),
        ("本项", "item"),
    ),
    Place.PROPERTY: (
        ("年", "year"),
        ("月", "month"),
        ("日", "day"),
        ("星期", "weekday"),
        ("年数", "years"),
        ("月数", "months"),
        ("天数", "days"),
        ("小时数", "hours"),
        ("分钟数", "minutes"),
        ("秒数", "seconds"),
    ),
    Place.PERIOD: (("保单年度", "policy_year"), ("次", "occurrence"), ("终身", "lifetime"), ("家庭", "family")),
    Place.ROUNDING: (
        ("到分", "to_fen"),
        ("到角", "to_jiao"),
        ("到元", "to_yuan"),
        ("四舍五入", "half_up"),
        ("四舍六入五成双", "half_even"),
        ("进位", "up"),
        ("舍去", "down"),
    ),
    Place.BENEFIT: (("补偿", "indemnity"), ("定额", "fixed"), ("按比例", "proportional"), ("豁免", "waiver")),
    Place.COVER: (("身故", "death"), ("疾病", "illness"), ("残疾", "disability"), ("医疗", "medical"), ("养老储蓄", "savings")),
    Place.OUTCOME: (("赔付", "payable"), ("不涉及", "not_involved"), ("拒赔", "declined"), ("待补", "unknown")),
}


@cache
def _to_canonical(place: Place, language: Language) -> dict[str, str]:
    return {(zh if language == "zh" else en): en for zh, en in _TABLE[place]}


@cache
def _to_written(place: Place, language: Language) -> dict[str, str]:
    return {en: (zh if language == "zh" else en) for zh, en in _TABLE[place]}


def canonical(place: Place, text: str, language: Language) -> str | None:
    """Find the canonical word for a written one; None when the language has no such keyword in that place."""
    return _to_canonical(place, language).get(text)


def written(place: Place, word: str, language: Language) -> str:
    """Write a canonical word as the language writes it."""
    return _to_written(place, language)[word]


def all_written(place: Place, language: Language) -> list[str]:
    """List what a language may write in a place."""
    return list(_to_canonical(place, language))


def other(language: Language) -> Language:
    """Name the other language."""
    return "en" if language == "zh" else "zh"
