"""What FEEL has and this language leaves out on purpose (有意不收): the words it is written with, why, and the way out.

docs/rules/refused.md tells the reader; a test holds the page against this table.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """One thing left out: `what` gives the reason."""

    words: tuple[str, ...]
    what: str
    way_out: str


REFUSALS = (
    Refusal(
        ("function", "for", "return", "函数"),
        "functions and loops of one's own are left out: the length of a book bounds its time",
        "make it a rule of its own; over a list use 存在/some, 每个/every or a filter in [ ]",
    ),
    Refusal(
        ("matches", "replace", "split", "正则", "匹配"),
        "regular expressions are left out: nothing bounds their time",
        "declare the kinds as an element of 类型: 枚举/enum, or ask 包含/contains",
    ),
    Refusal(
        ("today", "now", "今天", "现在"),
        "no rule may ask what day it is: a replay would answer otherwise",
        "declare the day that the contract means as an element",
    ),
    Refusal(("instance",), "types are declared, so no expression asks for them", "remove it"),
    Refusal(
        ("{",),
        "contexts are left out: what may be known is declared once, as elements",
        "declare an element; lines are one of 类型: 列表/list with 字段/fields",
    ),
)
_BY_WORD = {word: each for each in REFUSALS for word in each.words}


def refusal_of(word: str) -> Refusal | None:
    """Find why a word is refused; None when it is simply unknown."""
    return _BY_WORD.get(word)
