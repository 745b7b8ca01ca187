"""The workload as other engines take it: plain names and numbers, the same rules, the same steps, the same answer.

A peer answers the amount in fen and which condition declined (-1: none). It is spared what it has no means for: it gets
dates as day numbers, words of ordered lists as places, and neither units, unknowns, accounts nor reasons.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.workload.book import CONDITIONS, FACTS, GRADES, LINES
from bench.workload.records import KINDS, RECORD_CONDITIONS, RECORD_GRADES
from rules.values import ElementValue

Facts = dict[str, Any]
Answer = tuple[int, int]
DEDUCTIBLE, PER_STAY, PER_YEAR = 1_000_000, 50_000_000, 200_000_000
RATIOS = (9, 6)  # tenths that are paid: with social insurance, without
SPARE = FACTS - 10
EXCLUDED = ("O", "Z4", "Z50")  # what an excluded diagnosis starts with
BED = "bed"
_LETTERS = {"甲": "A", "乙": "B", "丙": "C"}
_KINDS = dict(zip(KINDS, (BED, "drug", "test", "care"), strict=True))
_LEVELS = ("未定级", "一级", "二级", "三级")


@dataclass(frozen=True)
class Size:
    """How many rules judge the claim: conditions, the exclusion among them, and one more than rules on what the customer bears."""

    conditions: int
    grades: int


ONE_BY_ONE = Size(CONDITIONS, GRADES)  # and a rule for each of 30 lines
AS_RECORDS = Size(RECORD_CONDITIONS, RECORD_GRADES)  # and one for all lines: 60 rules as well


@dataclass(frozen=True)
class Peer:
    """Another engine, ready: one claim after another, or a batch; None where it has no such thing.

    `prepare` brings facts into the engine's own types before anything is timed. A batch takes columns of `numbered`
    facts, those of lines as one column for each field, and gives amounts and conditions.
    """

    name: str
    one: Callable[[Any], Answer]
    prepare: Callable[[Facts], Any] = dict
    batch: Callable[[Mapping[str, Any]], tuple[Any, Any]] | None = None


@dataclass(frozen=True)
class Test:
    """A fact compared with a number; no sign: the fact is itself a yes or a no."""

    fact: str
    sign: str = ""
    number: int = 0


@dataclass(frozen=True)
class Condition:
    """What a claim must satisfy: all tests, or any."""

    tests: tuple[Test, ...]
    is_any: bool = False


def condition(each: int) -> Condition:
    """Give a condition of the workload; `waited` is how many days passed from the start to the loss."""
    if each == 0:
        return Condition((Test("waited", ">=", 30), Test("accident"), Test("renewed")), is_any=True)
    if each == 1:
        return Condition((Test("level", ">=", 2), Test("public")))
    fact = (each * 3 + each % 2 + 1) % SPARE
    if fact % 3:
        return Condition((Test(f"s{fact}", "<=", 30 if fact % 3 == 1 else 90_000),))
    return Condition((Test(f"s{fact}"), Test("days", "<=", 300)), is_any=True)


def own_share(each: int) -> tuple[str, int]:
    """Give a rule on what the customer bears: the fact that it asks, and the fen where it is so."""
    return f"s{each * 3 % SPARE // 3 * 3}", (each + 1) * 1000


def conclude(paid: int, by: int) -> Answer:
    """Make the answer of what would be paid and of the condition that declines."""
    return (paid, -1) if by < 0 else (0, by)


def facts_of(claim: Mapping[str, ElementValue]) -> Facts:
    """Give a claim to a peer, with its lines as numbered facts, or as records under `lines`."""
    start, loss = claim["保单生效日"], claim["出险日"]
    assert isinstance(start, date)  # noqa: S101 – the workload makes it
    assert isinstance(loss, date)  # noqa: S101 – as above
    facts: Facts = {
        "start": start.toordinal(),
        "loss": loss.toordinal(),
        "accident": claim["出险原因"] == "意外",
        "dx": claim["主诊断"],
        "level": _LEVELS.index(str(claim["医院等级"])),
        "public": claim["医院性质"] == "公立",
        "insured": claim["参保身份"] == "有医保",
        "renewed": claim["连续续保"],
        "other": claim["医保已付"],
        "days": claim["住院天数"],
    }
    facts |= {f"s{each}": claim[f"情形{each}"] for each in range(SPARE)}
    given = claim.get("费用明细")
    if isinstance(given, list):
        return facts | {"lines": [_line(line) for line in given]}
    for each in range(LINES):
        facts[f"l{each}"], facts[f"c{each}"] = claim[f"行{each}"], _LETTERS[str(claim[f"类{each}"])]
    return facts


def _line(line: Any) -> Facts:
    return {
        "item": line["项目"],
        "kind": _KINDS[line["类别"]],
        "class": _LETTERS[line["等级"]],
        "amount": line["金额"],
        "days": line["天数"],
    }


def numbered(facts: Facts) -> Facts:
    """Spare an engine the texts: classes become places, and the diagnosis whether it is excluded; lines stay as they are."""
    numbers = {name: "ABC".index(value) if name[0] == "c" else value for name, value in facts.items() if name != "dx"}
    return {**numbers, "excluded": facts["dx"].startswith(EXCLUDED)}
