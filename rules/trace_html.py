"""The trace as an HTML fragment: sections and tables without style or script, so that any page and any letter may hold it."""

from collections.abc import Iterable
from html import escape

from domain.assessment import Assessment, Check, LineJudgement, Outcome, ResponsibilityResult, Step
from domain.money import format_fen
from rules.keywords import Language
from rules.trace_words import MARKS, SIGNS, outcome_word, say_in, show_balance, show_interval, word

_STATES = {True: "good", False: "bad", None: "open"}


def render_html(assessment: Assessment, language: Language = "zh") -> str:
    """Write an assessment as an HTML fragment; everything that came from a book or a claim is escaped.

    Classes: `trace`, `result` with the outcome in English, `checks`, `lines`, `steps`, `good`, `bad`, `open`.
    """
    heading = " ".join(part for part in (assessment.plan, say_in(assessment.basis, language)) if part)
    sections = "\n".join(_section(result, language) for result in assessment.results)
    total = f'<p class="total">{word("合计", language)} <b>{format_fen(assessment.total_fen)}</b></p>'
    return f'<article class="trace" lang="{language}">\n<header>{escape(heading)}</header>\n{sections}\n{total}\n</article>\n'


def _section(result: ResponsibilityResult, language: Language) -> str:
    parts = [f"<h3>{escape(result.name)} <span>{escape(_answer(result, language))}</span></h3>"]
    if result.checks:
        parts.append(f'<ul class="checks">{"".join(_check(each, language) for each in result.checks)}</ul>')
    if result.lines:
        heads = ("第几行", "项目", "收费", "剔除", "认可")
        parts.append(_table("lines", heads, (_line(each) for each in result.lines), language))
    if result.steps:
        heads = ("步骤", "数额", "余额", "说明", "条款")
        parts.append(_table("steps", heads, (_step(each, language) for each in result.steps), language))
    parts += [f'<p class="open">{escape(text)}</p>' for text in _open(result, language)]
    if result.documents:
        parts.append(f'<p class="documents">{word("要件", language)} {escape("、".join(result.documents))}</p>')
    if result.counterfactual:
        parts.append(f'<p class="counterfactual">{escape(say_in(result.counterfactual, language))}</p>')
    return f'<section class="result {result.outcome.name.lower()}">\n' + "\n".join(parts) + "\n</section>"


def _answer(result: ResponsibilityResult, language: Language) -> str:
    outcome = outcome_word(result, language)
    if result.outcome is Outcome.PAYABLE:
        return f"{outcome} {format_fen(result.amount_fen or 0)}"
    if result.outcome is Outcome.DECLINED:
        return f"{outcome} {result.declined_by} {result.clause}".rstrip()
    if result.outcome is Outcome.UNKNOWN:
        return f"{outcome} {show_interval(result.low_fen, result.high_fen, language)}"
    return outcome


def _check(check: Check, language: Language) -> str:
    said = check.said or (word("触发", language) if check.role == "触发" else check.rule)
    cells = (MARKS[check.good], said, say_in(check.detail, language), check.clause)
    return f'<li class="{_STATES[check.good]}">{" ".join(f"<span>{escape(cell)}</span>" for cell in cells)}</li>'


def _line(line: LineJudgement) -> tuple[str, ...]:
    taken = "；".join(f"{format_fen(each.amount_fen)} {each.reason} [{each.code}] {each.clause}".rstrip() for each in line.adjustments)
    return str(line.place), line.name, format_fen(line.charged_fen), taken, format_fen(line.allowed_fen)


def _step(step: Step, language: Language) -> tuple[str, ...]:
    label = f"{SIGNS.get(step.kind, '').strip()} {step.label}".strip()
    return label, say_in(step.operand, language), show_balance(step, language), say_in(step.note, language), step.clause


def _open(result: ResponsibilityResult, language: Language) -> list[str]:
    found = []
    for cause in result.unknowns:
        document = f"（{word('请补', language)} {cause.document}）" if cause.document else ""
        found.append(f"{word('待补', language)} {cause.element}{document}")
    return found


def _table(name: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], language: Language) -> str:
    head = "".join(f"<th>{word(each, language)}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="{name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
