"""From the YAML that operations staff edit to checked facts and flags; every complaint names its line and the way out."""

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from domain.decision import Queue
from domain.finding import Severity
from rules.routing_conditions import (
    LARGEST_INT,
    All,
    AnyOf,
    Comparison,
    Condition,
    FactType,
    FactValue,
    Flag,
    HasFinding,
    HasFlag,
    Not,
    needed_flags,
)
from rules.routing_yaml import Item, read_items
from rules.source import AlreadyReportedError, Diagnostic, DiagnosticError, Problems, suggest

_NAME = re.compile(r"[^\W\d]\w*")  # in any script
_CODE = re.compile(r"[^\W\d]\w*(\.\w+)+")
_COMPARISON = re.compile(r"(\w+)\s*([=!<>＝！＜＞]=|[=!<>＝！＜＞]＝|[<>＜＞≤≥≠])\s*(.+)")
_TWINS = str.maketrans("＝！＜＞－", "=!<>-") | {0xFF10 + digit: str(digit) for digit in range(10)}
_SAME_SIGN = {"≤": "<=", "≥": ">=", "≠": "!="}
_MOST_NAME = 60
_TRUTH = {"true": True, "是": True, "false": False, "否": False}
_KINDS = ("bool", "int", "str")
_RESERVED = "routing."  # the codes that this room itself raises


@dataclass(frozen=True)
class RoutingBook:
    """A routing book after its checks: the declared facts, and the flags in the order of the file."""

    name: str
    facts: Mapping[str, FactType]
    flags: tuple[Flag, ...]
    content: bytes


@dataclass
class _Declared:
    """What flags may name; what is declared but in error is reported once, where it stands."""

    facts: dict[str, FactType] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def find(self, item: Item, name: str, what: str) -> FactType:
        """Find a fact by its name."""
        if name in self.broken:
            raise AlreadyReportedError
        if name not in self.facts:
            raise item.error(what, suggest(name, list(self.facts), "fact"))
        return self.facts[name]


def read_book(path: Path) -> RoutingBook:
    """Read and check a routing book.

    Raises:
        RuleBookError: the first thing that is wrong with it, with file:line:column and the way out.
    """
    book, found = read_problems(path)
    if book is None or found:
        raise DiagnosticError(found[0])
    return book


def read_problems(path: Path) -> tuple[RoutingBook | None, list[Diagnostic]]:
    """Read a routing book, with everything that is wrong with it.

    Raises:
        RuleBookError: nothing of it can be read.
    """
    item, content = read_items(path)
    parts = item.fields("a routing book", ("facts", "flags"), ("name",))
    problems, declared = Problems(), _Declared()
    for fact, each in parts["facts"].entries("facts").items():
        with problems.collect():
            declared.facts[fact] = _read_fact(fact, each, declared.facts)
        declared.broken |= {fact} - declared.facts.keys()
    flags = _read_flags(parts["flags"], declared, problems)
    name = "flags"
    with problems.collect():
        name = parts["name"].text("name") if "name" in parts else name
        if len(name) > _MOST_NAME:
            raise parts["name"].error(f"the name has {len(name)} characters", f"keep it within {_MOST_NAME}")
    return RoutingBook(name, declared.facts, tuple(flags.values()), content), problems.found


def _read_flags(item: Item, declared: _Declared, problems: Problems) -> dict[str, Flag]:
    flags: dict[str, Flag] = {}
    items: dict[str, Item] = {}
    broken: set[str] = set()
    for each in item.items("flags"):
        with problems.collect():
            broken |= _code_in(each)
            flag = _read_flag(each, declared)
            if flag.code in flags:
                raise each.error(f"the flag {flag.code} stands twice", f"the first is at {flags[flag.code].place}; rename one")
            flags[flag.code], items[flag.code] = flag, each
    for code, each in items.items():
        for named in _flags_named(each.entries("a flag")["when"]):
            with problems.collect():
                if named.text("flag") not in broken:
                    what = f"{code} looks at a flag {named.text('flag')} that does not exist"
                    raise named.error(what, suggest(named.text("flag"), list(flags), "flag"))
    if not problems.found:
        with problems.collect():
            _check_circle(items, flags)
    return flags


def _code_in(item: Item) -> set[str]:
    code = item.entries("a flag").get("code")
    return {code.text("code")} if code is not None else set()


def _flags_named(item: Item) -> Iterator[Item]:
    """Find every place in a condition that names a flag."""
    if item.is_list:
        for each in item.items("when"):
            yield from _flags_named(each)
    elif not item.is_text:
        for word, value in item.entries("a condition").items():
            if word == "flag":
                yield value
            elif word != "finding":
                yield from _flags_named(value)


def _read_fact(name: str, item: Item, others: Mapping[str, FactType]) -> FactType:
    fields = item.fields(f"the fact {name}", ("type", "meaning"), ("values", "from"))
    if not _NAME.fullmatch(name):
        raise item.error(f"{name} is no name of a fact", "use letters of any script, digits and _, a letter first")
    kind = fields["type"].text("type")
    if kind not in _KINDS:
        raise fields["type"].error(f"the fact {name} has an unknown type {kind}", "known are " + ", ".join(_KINDS))
    values, given = _read_values(fields["values"]) if "values" in fields else ((), ())
    if (kind == "str") != bool(values) or len(values) == 1 or any(len(set(each)) != len(each) for each in (values, given)):
        raise item.error(f"the values of {name} do not fit its type", "a str lists two or more different values; bool and int list none")
    source = fields["from"].text("from") if "from" in fields else ""
    fact = FactType(name, kind, fields["meaning"].text("meaning"), values, source, given)
    twin = next((other.name for other in others.values() if other.told_as == fact.told_as), None)
    if twin is not None:
        raise item.error(f"{twin} and {name} are both the system's {fact.told_as}", "keep one of them")
    return fact


def _read_values(item: Item) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read a list of values, or the book's values each with the system's: {低: low, 高: high}."""
    if item.is_list:
        return tuple(each.text("a value") for each in item.items("values")), ()
    entries = item.entries("values")
    return tuple(entries), tuple(each.text("a value") for each in entries.values())


def _read_flag(item: Item, declared: _Declared) -> Flag:
    fields = item.fields("a flag", ("code", "message", "severity", "when"), ("queue", "advice"))
    code = fields["code"].text("code")
    if not _is_code(code) or code.startswith(_RESERVED):
        raise fields["code"].error(f"{code} cannot be the code of a flag", f"write it like amount.over_limit; {_RESERVED}* is taken")
    severity = _read_severity(fields["severity"])
    queue = _read_queue(fields["queue"]) if "queue" in fields else None
    if (queue is None) != (severity is Severity.NOTE):
        raise item.error(f"the severity and the queue of {code} contradict each other", "a note has no queue; doubt and block need one")
    return Flag(
        code=code,
        message=_read_message(fields["message"], declared),
        severity=severity,
        queue=queue,
        when=_read_condition(fields["when"], declared),
        advice=fields["advice"].text("advice") if "advice" in fields else "",
        place=item.place,
    )


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None and text == text.lower()


def _read_severity(item: Item) -> Severity:
    word = item.text("severity")
    if word not in list(Severity):
        raise item.error(f"there is no severity {word}", "use note, doubt or block")
    return Severity(word)


def _read_queue(item: Item) -> Queue:
    word = item.text("queue")
    if word not in (Queue.REVIEW, Queue.INVESTIGATION):
        raise item.error(f"there is no queue {word}", "use review or investigation")
    return Queue(word)


def _read_message(item: Item, declared: _Declared) -> str:
    message = item.text("message")
    try:
        quoted = [(name, spec, conversion) for _, name, spec, conversion in string.Formatter().parse(message) if name is not None]
    except ValueError as error:
        raise item.error(f"the braces of the message do not close ({error})", "quote a fact like {risk_band}") from error
    for name, spec, conversion in quoted:
        declared.find(item, name, f"the message quotes {{{name}}}, which is no fact")
        if spec or conversion:
            raise item.error(f"the message quotes {name} in a form of its own", f"quote it as {{{name}}}")
    return message


def _read_condition(item: Item, declared: _Declared) -> Condition:
    if item.is_text:
        return _read_comparison(item, declared)
    if item.is_list:
        return All(tuple(_read_condition(each, declared) for each in item.items("when")))
    entries = item.entries("a condition")
    if len(entries) != 1:
        raise item.error("a condition has one key", "put several conditions under 'all:' or 'any:', one a line")
    ((word, value),) = entries.items()
    if word in ("all", "any"):
        parts = tuple(_read_condition(each, declared) for each in value.items(word))
        return All(parts) if word == "all" else AnyOf(parts)
    if word == "not":
        return Not(_read_condition(value, declared))
    if word in ("finding", "flag"):
        code = value.text(word)
        if not _is_code(code):
            raise value.error(f"{code} is no code of a {word}", "write it like invoice.duplicate")
        return HasFinding(code) if word == "finding" else HasFlag(code)
    raise item.error(f"a condition cannot be {word}", "use a comparison, or all, any, not, finding, flag")


def _read_comparison(item: Item, declared: _Declared) -> Comparison:
    text = item.text("a condition")
    if _NAME.fullmatch(text) and declared.find(item, text, f"there is no fact {text}").kind == "bool":
        return Comparison(text, "==", True)
    match = _COMPARISON.fullmatch(text)
    if match is None:
        raise item.error(f"{text!r} is no comparison", "write 'fact operator value', such as policy_age_days < 30")
    name, sign, value = match.groups()
    sign = sign.translate(_TWINS)
    sign = _SAME_SIGN.get(sign, sign)
    fact = declared.find(item, name, f"there is no fact {name}")
    if fact.kind != "int" and sign not in ("==", "!="):
        raise item.error(f"{name} cannot be compared by {sign}", f"it is {fact.expected(fact.values)}: use == or !=")
    return Comparison(name, sign, _read_value(item, fact, value))


def _read_value(item: Item, fact: FactType, text: str) -> FactValue:
    if fact.kind == "bool" and text in _TRUTH:
        return _TRUTH[text]
    number = text.translate(_TWINS)
    if fact.kind == "int" and re.fullmatch(r"-?[0-9]{1,10}", number) and abs(int(number)) < LARGEST_INT:
        return int(number)
    if fact.kind == "str" and text in fact.values:
        return text
    raise item.error(f"{fact.name} can never be {text}", f"it is {fact.expected(fact.values)}")


def _check_circle(items: Mapping[str, Item], flags: Mapping[str, Flag]) -> None:
    try:
        TopologicalSorter({code: needed_flags(flag.when) for code, flag in flags.items()}).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        what = f"flags look at each other in a circle: {' → '.join(circle)}"
        raise items[circle[0]].error(what, "let one of them look at facts only") from error
