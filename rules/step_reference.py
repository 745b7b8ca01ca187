"""Writes the reference of steps (理算步骤): what each takes and does, with an example that the engine works out while it is written."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from domain.assessment import AccumulatorKey, Assessment
from rules.element_texts import parse_elements
from rules.engine import adjudicate
from rules.keywords import Place, written
from rules.loader import read_book
from rules.model import Book
from rules.reading import Reading
from rules.source import Source
from rules.step_entries import ENTRIES, OPTIONS, Entry
from rules.step_operands import STEP_KEYS
from rules.steps import READERS
from rules.trace import render_step
from rules.translate import translate_text

_BOOK = """要素:
  保单生效日: {类型: 日期}
  出险日: {类型: 日期}
  费用: {类型: 金额, 缺失: 0元}
  目录外费用: {类型: 金额, 缺失: 0元}
  他方已付: {类型: 金额, 缺失: 0元}
  住院天数: {类型: 天数, 缺失: 0天}
规则: {}
责任:
  示例:
    理算:
"""
_PLAN = """方案:
  示例方案:
    责任: [示例]
"""
_HEAD = """# Steps: the reference 理算步骤速查

Written by `python app.py rules reference steps`: the keywords are those that the reader takes, the examples are worked out by the engine; a
test holds this page against them. Each example is one contract from 2025-03-01 on, its claims one after another.
由命令写成：关键词就是读取程序认的，例子由引擎当场算出。每例是一份 2025-03-01 生效的合同，案件依次发生。
"""
_OPTIONS_HEAD = """## Inside the braces 花括号里
| 中文 | English | | |
|---|---|---|---|
"""


def step_reference() -> str:
    """Write the whole page."""
    sections = [_section(kind, ENTRIES[kind]) for kind in READERS]
    words = dict.fromkeys(word for words in STEP_KEYS.values() for word in words)
    options = "".join(f"| `{written(Place.KEY, word, 'zh')}` | `{word}` | {' | '.join(OPTIONS[word])} |\n" for word in words)
    return "\n".join([_HEAD, *sections, _OPTIONS_HEAD + options])


def _section(kind: str, entry: Entry) -> str:
    text = _BOOK + "".join(f"      {line}\n" for line in entry.example.steps.splitlines()) + _PLAN
    book, reading = read_book("示例", Source.of("示例", text), "")
    english = translate_text(text, reading, "en").split("calculate:\n")[1].split("plans:\n")[0]
    keys = "、".join(f"`{written(Place.KEY, word, 'zh')}` `{word}`" for word in STEP_KEYS.get(kind, ()))
    lines = [
        f"## `{written(Place.KEY, kind, 'zh')}` `{kind}`",
        f"`{entry.forms}`" + (f"  {{…}}: {keys}" if keys else ""),
        "",
        entry.zh,
        "",
        entry.en,
        "```yaml",
        *entry.example.steps.splitlines(),
        "```",
        "```yaml",
        *(line[6:] for line in english.splitlines()),
        "```",
        "```",
        *_answers(book, reading, entry.example.claims),
        "```",
    ]
    return "\n".join(lines) + "\n"


def _answers(book: Book, reading: Reading, claims: tuple[Mapping[str, str], ...]) -> list[str]:
    assert not reading.problems.found, [str(each) for each in reading.problems.found]  # noqa: S101  # an example of ours
    used: dict[AccumulatorKey, Fraction] = {}
    lines: list[str] = []
    for given in claims:
        assessment = adjudicate(book, "示例方案", parse_elements(book, {"保单生效日": "2025-03-01", **given}), used)
        lines.append("，".join(f"{name} {value}" for name, value in given.items()))
        lines += _told(assessment)
        for use in assessment.results[0].uses:
            used[use.key] = used.get(use.key, Fraction(0)) + use.used_now
    return lines


def _told(assessment: Assessment) -> list[str]:
    return [render_step(replace(step, line=0), "zh").rstrip() for step in assessment.results[0].steps]
