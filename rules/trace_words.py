"""The words around a trace, in Chinese and in English; names, clauses and notes stay as the book wrote them."""

import re
from fractions import Fraction

from domain.assessment import ResponsibilityResult, Step
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
    "豁免保费": {"zh": "豁免保费", "en": "waives premiums of"},
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


# What the engine says beside the book's own words, and how English says it.
_SAYINGS = tuple(
    (re.compile(pattern), english)
    for pattern, english in (
        (r"全家本年余 ", "left to the family this year "),
        (r"本年余 ", "left this year "),
        (r"本次余 ", "left for this event "),
        (r"终身余 ", "left in life "),
        (r"(?:全家)?(?:本年|本次|终身)第(\d+)次 ", r"claim \1 of its stretch, "),
        (r"(?<=\d)次", " claims"),
        (r"(?<=\d)元/天", " yuan a day"),
        (r"(?<=\d)天", " days"),
        (r"(?<=\d)个月", " months"),
        (r"表第(\d+)行：", r"row \1 of the table: "),
        (r"不足 0，按 0 计", "below 0 counts as 0"),
        (r"他方已抵 ", "filled by others "),
        (r"此前未给付", "nothing paid before"),
        (r"上次 (\S+)，满 (.+?)为 (\S+)", r"last \1, \2 are full on \3"),
        (r"例外：", "exception: "),
        (r"待补 ", "waiting for "),
        (r"参数按 ", "parameters of "),
        (r"若改为「(.+?) = (.+?)」（其余不变）：(\S+)（\+(\S+)）", r"if \1 were \2 (all else the same): \3 (+\4)"),
        (r"(?<= were )是(?= \()", "yes"),
        (r"(?<= were )否(?= \()", "no"),
        (r"，", ", "),
        (r"；", "; "),
    )
)


def say_in(text: str, language: Language) -> str:
    """Say a remark of the engine in a language; what the book wrote inside it stays."""
    for pattern, english in _SAYINGS if language == "en" else ():
        text = pattern.sub(english, text)
    return text


def word(text: str, language: Language) -> str:
    """Write a word of the trace in a language."""
    return _WORDS[text][language]


def outcome_word(result: ResponsibilityResult, language: Language) -> str:
    """Write what became of a responsibility; premiums that are waived are not paid."""
    return word("豁免保费" if result.is_waived else result.outcome.value, language)


def show_balance(step: Step, language: Language) -> str:
    """Write the balance after a step; while something is unknown, what it lies between."""

    def figure(amount: Fraction) -> str:
        return show_money(amount) if step.unit == "元" else say_in(f"{decimal(amount)}{step.unit}", language)

    if step.is_exact:
        return figure(step.after)
    return f"{figure(step.after)}～{word('不封顶', language) if step.after_high is None else figure(step.after_high)}"


def show_interval(low_fen: int | None, high_fen: int | None, language: Language) -> str:
    """Write what an open answer lies between."""
    return f"{format_fen(low_fen or 0)}～{word('不封顶', language) if high_fen is None else format_fen(high_fen)}"
