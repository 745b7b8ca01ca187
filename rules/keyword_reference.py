"""Writes the reference of keywords (关键词) out of the table and of what each reader takes, so that it cannot drift from them."""

from rules import elements, line_rules, loader, plans, responsibilities, rule_layer, rule_tests, tables
from rules.keywords import Place, all_written, canonical, written
from rules.step_operands import STEP_KEYS
from rules.steps import READERS

# Where a key may stand, in both languages, and the keys that the reader of that place takes.
HOMES: dict[tuple[str, str], tuple[str, ...]] = {
    ("条款书", "a book"): loader.KEYS,
    ("要素、字段", "an element, a field"): elements.KEYS,
    ("规则", "a rule"): rule_layer.KEYS,
    ("例外", "an exception"): rule_layer.EXCEPTION_KEYS,
    ("表头", "the head of a table"): tables.HEAD_KEYS,
    ("行规则", "a line rule"): line_rules.KEYS,
    ("审核的一项", "an item of a review"): line_rules.REVIEW_KEYS,
    ("规则的测试", "a test of a rule"): rule_tests.KEYS,
    ("责任", "a responsibility"): responsibilities.KEYS,
    ("理算的一步", "a step"): tuple(READERS),
    ("步骤的花括号", "the braces of a step"): tuple(dict.fromkeys(word for words in STEP_KEYS.values() for word in words)),
    ("方案", "a plan"): plans.KEYS,
    ("方案的测试", "a test of a plan"): plans.TEST_KEYS,
}
TYPES = {  # a value of each type, as a book writes it, and what is worth knowing of it
    "date": ("2024-03-01", "一天", "a day"),
    "enum": ("疾病", "`取值` 之一，无高低", "one of its `values`, in no order"),
    "ordered": ("二级", "`取值` 之一，从低到高：`医院等级 >= 二级`", "one of its `values`, lowest first: it can be compared"),
    "boolean": ("是", "`是` 或 `否`", "`true` or `false`"),
    "icd10": ("K35.8", "疾病编码；`I21` 包含 `I21.4`；`无` 表示没有", "a disease code; `I21` holds `I21.4`; `none` is none"),
    "money": ("1万元", "元、角、分，千、万、亿", "yuan or fen"),
    "days": ("30天", "天数", "days"),
    "number": ("3", "没有单位的数", "a number without unit"),
    "ratio": ("60%", "没有单位的数，通常写成百分数", "a number without unit, mostly written in percent"),
    "text": ("阑尾切除", "文字", "a text"),
    "list": ("", "`项` 给单个值的类型，或 `字段` 给每行的字段", "`item` gives the type of single values, `fields` that of a line's fields"),
}
_HEAD = """# Keywords: the reference 关键词速查

Written by `python app.py rules reference keywords` from the table and from what the reader of each place takes; a test holds this page
against them. A file keeps to one language. Built-ins: [expressions.md](expressions.md); steps: [steps.md](steps.md).
由命令从关键词表和各处的读取程序写成。一个文件只用一种语言的关键词。

## Keys 键
| 中文 | English | 可用于 | may stand in |
|---|---|---|---|
"""
_TYPES_HEAD = """
## Types of elements 要素类型
Written after `类型` `type`.

| 中文 | English | 例 | | |
|---|---|---|---|---|
"""
_VALUES = {
    Place.PERIOD: ("Stretches 期间", "After `每` `per`"),
    Place.ROUNDING: ("Rounding 取整", "After `取整` `round`: how far, and which way"),
    Place.BENEFIT: ("Kinds of benefit 给付性质", "After `给付` `benefit`, for each responsibility; 补偿 where nothing is written"),
    Place.COVER: (
        "Kinds of cover 保障种类",
        "After `保障` `covers`: a list, or kinds with elements of their cases; `无` `none` where a responsibility counts for none of them",
    ),
    Place.OUTCOME: (
        "Answers that a test expects 测试的得数",
        "After `得` `gives`; an amount stands for 赔付. `拒赔 rule`, `待补 element low～high`: what is left out at the end may be anything",
    ),
    Place.WORD: (
        "Words of expressions 表达式里的词",
        "In expressions, tables and answers; `缺` `missing` is an element that a test does not give",
    ),
    Place.PROPERTY: ("Properties 属性", "After a dot: `出险日.年`"),
}


def keyword_reference() -> str:
    """Write the whole page."""
    keys = "".join(_key(zh) for zh in all_written(Place.KEY, "zh"))
    types = "".join(_type(zh) for zh in all_written(Place.TYPE, "zh"))
    return _HEAD + keys + _TYPES_HEAD + types + "".join(_values(place) for place in _VALUES)


def homes_of(word: str) -> list[tuple[str, str]]:
    """List where a key may stand, by its canonical word."""
    return [home for home, words in HOMES.items() if word in words]


def _key(zh: str) -> str:
    word = str(canonical(Place.KEY, zh, "zh"))
    homes = homes_of(word)
    return f"| `{zh}` | `{word}` | {'、'.join(zh for zh, _ in homes)} | {'; '.join(en for _, en in homes)} |\n"


def _type(zh: str) -> str:
    word = str(canonical(Place.TYPE, zh, "zh"))
    example, told_zh, told_en = TYPES[word]
    return f"| `{zh}` | `{word}` | {f'`{example}`' if example else ''} | {told_zh} | {told_en} |\n"


def _values(place: Place) -> str:
    title, where = _VALUES[place]
    pairs = [(zh, str(canonical(place, zh, "zh"))) for zh in all_written(place, "zh")]
    rows = "".join(f"| `{zh}` | `{written(place, word, 'en')}` |\n" for zh, word in pairs)
    return f"\n## {title}\n{where}.\n\n| 中文 | English |\n|---|---|\n{rows}"
