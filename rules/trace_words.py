"""The words around a trace, in Chinese and in English; names, clauses and notes stay as the book wrote them."""

from fractions import Fraction

from domain.assessment import Step
from domain.money import format_fen
from rules.figures import decimal, show_money
from rules.keywords import Language

MARKS = {True: "✓", False: "✗", None: "?"}
SIGNS = {"起": " ", "减": "−", "乘": "×", "限": "≤", "取整": "≈", "分级": "×", "依次": "×", "限次": "≤", "间隔": "≥", "分项": "="}
_WORDS: dict[str, dict[Language, str]] = {
    "赔付": {"zh": "赔付", "en": "pays"},
    "不涉及": {"zh": "不涉及", "en": "not involved"},
    "拒赔": {"zh": "拒赔", "en": "declined"},
    "待补": {"zh": "待补", "en": "waiting for"},
    "触发": {"zh": "触发", "en": "trigger"},
    "须": {"zh": "须", "en": "requires"},
    "不赔": {"zh": "不赔", "en": "excludes"},
    "是": {"zh": "是", "en": "yes"},
    "否": {"zh": "否", "en": "no"},
    "请补": {"zh": "请补", "en": "please send"},
    "要件": {"zh": "要件", "en": "documents"},
    "不封顶": {"zh": "不封顶", "en": "no upper end"},
    "合计": {"zh": "合计", "en": "total"},
    "补偿": {"zh": "补偿", "en": "indemnity"},
    "定额": {"zh": "定额", "en": "fixed"},
    "按比例": {"zh": "按比例", "en": "proportional"},
    "豁免": {"zh": "豁免", "en": "waiver"},
    "起": {"zh": "起", "en": "start"},
    "分项": {"zh": "分项", "en": "parts"},
    "减": {"zh": "减", "en": "subtract"},
    "乘": {"zh": "乘", "en": "multiply"},
    "分级": {"zh": "分级", "en": "banded"},
    "依次": {"zh": "依次", "en": "in turn"},
    "限": {"zh": "限", "en": "cap"},
    "限次": {"zh": "限次", "en": "times"},
    "间隔": {"zh": "间隔", "en": "interval"},
    "取整": {"zh": "取整", "en": "round"},
    "第几行": {"zh": "行", "en": "line"},
    "项目": {"zh": "项目", "en": "item"},
    "收费": {"zh": "收费", "en": "charged"},
    "剔除": {"zh": "剔除", "en": "taken off"},
    "认可": {"zh": "认可", "en": "allowed"},
    "步骤": {"zh": "步骤", "en": "step"},
    "数额": {"zh": "数额", "en": "amount"},
    "余额": {"zh": "余额", "en": "balance"},
    "说明": {"zh": "说明", "en": "note"},
    "条款": {"zh": "条款", "en": "clause"},
}


def word(text: str, language: Language) -> str:
    """Write a word of the trace in a language."""
    return _WORDS[text][language]


def show_balance(step: Step, language: Language) -> str:
    """Write the balance after a step; while something is unknown, what it lies between."""

    def figure(amount: Fraction) -> str:
        return show_money(amount) if step.unit == "元" else f"{decimal(amount)}{step.unit}"

    if step.is_exact:
        return figure(step.after)
    return f"{figure(step.after)}～{word('不封顶', language) if step.after_high is None else figure(step.after_high)}"


def show_interval(low_fen: int | None, high_fen: int | None, language: Language) -> str:
    """Write what an open answer lies between."""
    return f"{format_fen(low_fen or 0)}～{word('不封顶', language) if high_fen is None else format_fen(high_fen)}"
