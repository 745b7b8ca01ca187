"""Prints an assessment as a page that a customer, an adjuster and an auditor can all read (理算说明)."""

from domain.assessment import Assessment, Check, LineJudgement, Outcome, ResponsibilityResult, Step
from domain.money import format_fen
from rules.keywords import Language
from rules.source import display_width
from rules.trace_words import MARKS, SIGNS, outcome_word, say_in, show_balance, show_interval, word


def render_text(assessment: Assessment, language: Language = "zh") -> str:
    """Print an assessment: for every responsibility its answer, checks, waterfall, unknowns and best single change.

    Names, clauses and notes stay as the book wrote them; `language` is that of the words around them.
    """
    separator = "，" if language == "zh" else ", "
    heading = separator.join(part for part in (assessment.plan, say_in(assessment.basis, language)) if part)
    blocks = [_render_result(result, heading, language) for result in assessment.results]
    total = f"{word('合计', language)} {format_fen(assessment.total_fen)}"
    return "\n\n".join([*blocks, total]) + "\n"


def _render_result(result: ResponsibilityResult, heading: str, language: Language) -> str:
    answer = f"{result.name} {_render_answer(result, language)}"
    lines = [f"{_pad(answer, 36)}{heading}"]
    lines += [_render_check(check, language) for check in result.checks]
    lines += [_render_line(line) for line in result.lines]
    lines += [render_step(step, language) for step in result.steps]
    for cause in result.unknowns:
        document = f"（{word('请补', language)} {cause.document}）" if cause.document else ""
        lines.append(f" {word('待补', language)} {cause.element}{document}")
    if result.documents:
        lines.append(f" {word('要件', language)} {'、'.join(result.documents)}")
    if result.counterfactual:
        lines.append(f" {say_in(result.counterfactual, language)}")
    return "\n".join(line.rstrip() for line in lines)


def _render_answer(result: ResponsibilityResult, language: Language) -> str:
    outcome = outcome_word(result, language)
    if result.outcome is Outcome.PAYABLE:
        return f"{outcome} {format_fen(result.amount_fen or 0)}"
    if result.outcome is Outcome.DECLINED:
        return f"{outcome} {result.declined_by}{f'（{result.clause}）' if result.clause else ''}"
    if result.outcome is Outcome.UNKNOWN:
        names = "、".join(cause.element for cause in result.unknowns)
        return f"{outcome} {names} {show_interval(result.low_fen, result.high_fen, language)}"
    return outcome


def _render_check(check: Check, language: Language) -> str:
    answer = "" if check.holds is None else f"（{word('是' if check.holds else '否', language)}）"
    name = check.said or (f"{word('触发', language)}{answer}" if check.role == "触发" else check.rule)
    place = f"{check.clause}  :{check.line}" if check.clause else f":{check.line}"
    return f" {MARKS[check.good]} {_pad(name, 26)} {_pad(say_in(check.detail, language), 30)} {place}"


def _render_line(line: LineJudgement) -> str:
    taken = "".join(
        f"  − {format_fen(each.amount_fen)} {each.reason}〔{each.code}〕{f' {each.clause}' if each.clause else ''}"
        for each in line.adjustments
    )
    return f" {line.place:>3} {_pad(line.name, 20)} {format_fen(line.charged_fen):>14}{taken}  = {format_fen(line.allowed_fen)}"


def render_step(step: Step, language: Language) -> str:
    """Print one step of a calculation: operand, label and note, balance after it, place in the book."""
    is_first = step.kind in ("起", "取整", "分项")
    figure = show_balance(step, language) if is_first else say_in(step.operand, language)
    note = say_in(step.note, language)
    label = step.label + (f" ← {note}" if step.kind == "乘" and note else f"（{note}）" if note else "")
    place = "  ".join(part for part in (step.clause, f":{step.line}" if step.line else "") if part)
    after = "" if is_first else f"= {show_balance(step, language)}"
    return f" {SIGNS.get(step.kind, ' ')} {' ' * (16 - display_width(figure))}{figure}  {_pad(label, 50)} {_pad(after, 24)} {place}"


def _pad(text: str, width: int) -> str:
    return text + " " * max(width - display_width(text), 1)
