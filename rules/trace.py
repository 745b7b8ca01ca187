"""Prints an assessment as a page that a customer, an adjuster and an auditor can all read (理算说明)."""

from fractions import Fraction

from domain.assessment import Assessment, Check, LineJudgement, Outcome, ResponsibilityResult, Step
from domain.money import format_fen
from rules.figures import decimal, show_money
from rules.keywords import Language
from rules.source import display_width

_MARKS = {True: "✓", False: "✗", None: "?"}
_SIGNS = {"起": " ", "减": "−", "乘": "×", "限": "≤", "取整": "≈", "分级": "×", "依次": "×", "限次": "≤", "间隔": "≥", "分项": "="}
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
}


def render_text(assessment: Assessment, language: Language = "zh") -> str:
    """Print an assessment: for every responsibility its answer, checks, waterfall, unknowns and best single change.

    Names, clauses and notes stay as the book wrote them; `language` is that of the words around them.
    """
    separator = "，" if language == "zh" else ", "
    heading = separator.join(part for part in (assessment.plan, assessment.basis) if part)
    blocks = [_render_result(result, heading, language) for result in assessment.results]
    total = f"{_word('合计', language)} {format_fen(assessment.total_fen)}"
    return "\n\n".join([*blocks, total]) + "\n"


def _word(word: str, language: Language) -> str:
    return _WORDS[word][language]


def _render_result(result: ResponsibilityResult, heading: str, language: Language) -> str:
    answer = f"{result.name} {_render_answer(result, language)}"
    lines = [f"{_pad(answer, 36)}{heading}"]
    lines += [_render_check(check, language) for check in result.checks]
    lines += [_render_line(line) for line in result.lines]
    lines += [_render_step(step, language) for step in result.steps]
    for cause in result.unknowns:
        document = f"（{_word('请补', language)} {cause.document}）" if cause.document else ""
        lines.append(f" {_word('待补', language)} {cause.element}{document}")
    if result.documents:
        lines.append(f" {_word('要件', language)} {'、'.join(result.documents)}")
    if result.counterfactual:
        lines.append(f" {result.counterfactual}")
    return "\n".join(line.rstrip() for line in lines)


def _render_answer(result: ResponsibilityResult, language: Language) -> str:
    word = _word(result.outcome.value, language)
    if result.outcome is Outcome.PAYABLE:
        return f"{word} {format_fen(result.amount_fen or 0)}"
    if result.outcome is Outcome.DECLINED:
        return f"{word} {result.declined_by}{f'（{result.clause}）' if result.clause else ''}"
    if result.outcome is Outcome.UNKNOWN:
        names = "、".join(cause.element for cause in result.unknowns)
        high = _word("不封顶", language) if result.high_fen is None else format_fen(result.high_fen)
        return f"{word} {names} {format_fen(result.low_fen or 0)}～{high}"
    return word


def _render_check(check: Check, language: Language) -> str:
    answer = "" if check.holds is None else f"（{_word('是' if check.holds else '否', language)}）"
    name = _word(check.role, language) if check.role == "触发" else f"{_word(check.role, language)} {check.rule}"
    place = f"{check.clause}  :{check.line}" if check.clause else f":{check.line}"
    return f" {_MARKS[check.good]} {_pad(name + answer, 26)} {_pad(check.detail, 30)} {place}"


def _render_line(line: LineJudgement) -> str:
    taken = "".join(
        f"  − {format_fen(each.amount_fen)} {each.reason}〔{each.code}〕{f' {each.clause}' if each.clause else ''}"
        for each in line.adjustments
    )
    return f" {line.place:>3} {_pad(line.name, 20)} {format_fen(line.charged_fen):>14}{taken}  = {format_fen(line.allowed_fen)}"


def _render_step(step: Step, language: Language) -> str:
    is_first = step.kind in ("起", "取整", "分项")
    figure = _balance(step, language) if is_first else step.operand
    label = step.label + (f" ← {step.note}" if step.kind == "乘" and step.note else f"（{step.note}）" if step.note else "")
    place = "  ".join(part for part in (step.clause, f":{step.line}" if step.line else "") if part)
    after = "" if is_first else f"= {_balance(step, language)}"
    return f" {_SIGNS.get(step.kind, ' ')} {' ' * (16 - display_width(figure))}{figure}  {_pad(label, 50)} {_pad(after, 24)} {place}"


def _balance(step: Step, language: Language) -> str:
    def figure(amount: Fraction) -> str:
        return show_money(amount) if step.unit == "元" else f"{decimal(amount)}{step.unit}"

    if step.is_exact:
        return figure(step.after)
    return f"{figure(step.after)}～{_word('不封顶', language) if step.after_high is None else figure(step.after_high)}"


def _pad(text: str, width: int) -> str:
    return text + " " * max(width - display_width(text), 1)
