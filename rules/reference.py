"""Writes the reference of expressions out of the tables that the engine runs on, so that it cannot drift from them."""

from rules.builtins import BUILTINS, Builtin
from rules.keywords import Place, all_written, canonical, written

_HEAD = """# Expressions: the reference 表达式速查

Written by `python app.py rules reference expressions` from the tables the engine runs on; a test holds this page against
them. All other keywords: [keywords.md](keywords.md).

## Words 关键词
| 中文 | English |
|---|---|
"""
_PROPERTIES = """
## Properties 属性
A date, a span of months and a number of days have parts: `出险日.年`, `loss_date.year`.

| 中文 | English |
|---|---|
"""
_BUILT_INS = """
## Built-ins 内置函数
`quantity` is a number with any unit, `span` that or months, `ordered` anything that comes before or after; `?` may be left out, `…` may
repeat. An unknown argument makes the answer unknown only where it could change it.

| 中文 | English | takes | answers | promise |
|---|---|---|---|---|
"""


def expression_reference() -> str:
    """Write the whole page."""
    properties = "".join(_pair(Place.PROPERTY, word) for word in all_written(Place.PROPERTY, "zh"))
    words = "".join(_pair(Place.WORD, word) for word in all_written(Place.WORD, "zh"))
    built_ins = "".join(_line(each) for each in BUILTINS.values())
    return f"{_HEAD}{words}{_PROPERTIES}{properties}{_BUILT_INS}{built_ins}"


def _pair(place: Place, word: str) -> str:
    return f"| `{word}` | `{written(place, str(canonical(place, word, 'zh')), 'en')}` |\n"


def _line(builtin: Builtin) -> str:
    takes = " or ".join(f"`{signature}`" for signature in builtin.signatures)
    answers = " or ".join(dict.fromkeys(signature.result for signature in builtin.signatures))
    return f"| `{builtin.zh}` | `{builtin.name}` | {takes} | {answers} | {builtin.promise} |\n"
