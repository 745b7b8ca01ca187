"""What FEEL has and this language leaves out on purpose (有意不收): the words it is written with, why, and the way out.

docs/rules/refused.md tells the reader; a test holds the page against this table.
"""

from dataclasses import dataclass

from rules.phrases import Phrase


@dataclass(frozen=True)
class Refusal:
    """One thing left out: `what` gives the reason."""

    words: tuple[str, ...]
    what: Phrase
    way_out: Phrase


REFUSALS = (
    Refusal(
        ("function", "for", "return", "函数"),
        Phrase("functions and loops of one's own are left out: the length of a book bounds its time"),
        Phrase("make it a rule of its own; over a list use 存在/some, 每个/every or a filter in [ ]"),
    ),
    Refusal(
        ("matches", "replace", "split", "正则", "匹配"),
        Phrase("regular expressions are left out: nothing bounds their time"),
        Phrase("declare the kinds as an element of 类型: 枚举/enum, or ask 包含/contains"),
    ),
    Refusal(
        ("today", "now", "今天", "现在"),
        Phrase("no rule may ask what day it is: a replay would answer otherwise"),
        Phrase("declare the day that the contract means as an element"),
    ),
    Refusal(("instance",), Phrase("types are declared, so no expression asks for them"), Phrase("remove it")),
    Refusal(
        ("{",),
        Phrase("contexts are left out: what may be known is declared once, as elements"),
        Phrase("declare an element; lines are one of 类型: 列表/list with 字段/fields"),
    ),
)
_BY_WORD = {word: each for each in REFUSALS for word in each.words}


def refusal_of(word: str) -> Refusal | None:
    """Find why a word is refused; None when it is simply unknown."""
    return _BY_WORD.get(word)
