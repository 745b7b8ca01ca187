"""From the YAML that operations staff edit to checked facts and flags; every complaint names its line and the way out."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from domain.decision import Queue
from domain.finding import Severity
from rules.phrases import Phrase
from rules.routing_conditions import FactType, Flag, needed_flags
from rules.routing_facts import Declared, read_fact
from rules.routing_when import flags_named, is_code, read_condition
from rules.routing_yaml import Item, read_items
from rules.source import Diagnostic, DiagnosticError, Problems, suggest

_MOST_NAME = 60
_RESERVED = "routing."  # the codes that this room itself raises


@dataclass(frozen=True)
class RoutingBook:
    """A routing book after its checks: the declared facts, and the flags in the order of the file."""

    name: str
    facts: Mapping[str, FactType]
    flags: tuple[Flag, ...]
    content: bytes


def read_book(path: Path) -> RoutingBook:
    """Read and check a routing book.

    Raises:
        RuleBookError: the first thing that is wrong with it, with file:line:column and the way out.
    """
    book, found = read_problems(path)
    if found:
        raise DiagnosticError(found[0])
    return book


def read_problems(path: Path) -> tuple[RoutingBook, list[Diagnostic]]:
    """Read a routing book, with everything that is wrong with it: it is whole only when nothing is.

    Raises:
        RuleBookError: nothing of it can be read.
    """
    item, content = read_items(path)
    parts = item.fields(Phrase("a routing book"), ("facts", "flags"), ("name",))
    problems, declared = Problems(), Declared()
    for fact, each in parts["facts"].entries("facts").items():
        with problems.collect():
            declared.facts[fact] = read_fact(fact, each, declared.facts)
        declared.broken |= {fact} - declared.facts.keys()
    flags = _read_flags(parts["flags"], declared, problems)
    name = "flags"
    with problems.collect():
        name = parts["name"].text("name") if "name" in parts else name
        if len(name) > _MOST_NAME:
            raise parts["name"].error(
                Phrase("the name has {count} characters", count=len(name)), Phrase("keep it within {most}", most=_MOST_NAME)
            )
    return RoutingBook(name, declared.facts, tuple(flags.values()), content), problems.found


def _read_flags(item: Item, declared: Declared, problems: Problems) -> dict[str, Flag]:
    flags: dict[str, Flag] = {}
    items: dict[str, Item] = {}
    broken: set[str] = set()
    for each in item.items("flags"):
        with problems.collect():
            broken |= _code_in(each)
            flag = _read_flag(each, declared)
            if flag.code in flags:
                raise each.error(
                    Phrase("the flag {flag} stands twice", flag=flag.code),
                    Phrase("the first is at {place}; rename one", place=flags[flag.code].place),
                )
            flags[flag.code], items[flag.code] = flag, each
    for code, each in items.items():
        for named in flags_named(each.entries(Phrase("a flag"))["when"]):
            with problems.collect():
                if (seen := named.text("flag")) not in broken:
                    what = Phrase("{code} looks at a flag {text} that does not exist", code=code, text=seen)
                    raise named.error(what, suggest(seen, list(flags), Phrase("flag")))
    if not problems.found:
        with problems.collect():
            _check_circle(items, flags)
    return flags


def _code_in(item: Item) -> set[str]:
    code = item.entries(Phrase("a flag")).get("code")
    return {code.text("code")} if code is not None else set()


def _read_flag(item: Item, declared: Declared) -> Flag:
    fields = item.fields(Phrase("a flag"), ("code", "message", "severity", "when"), ("queue", "advice"))
    code = fields["code"].text("code")
    if not is_code(code) or code.startswith(_RESERVED):
        raise fields["code"].error(
            Phrase("{code} cannot be the code of a flag", code=code),
            Phrase("write it like amount.over_limit; {reserved}* is taken", reserved=_RESERVED),
        )
    severity = _read_severity(fields["severity"])
    queue = _read_queue(fields["queue"]) if "queue" in fields else None
    if (queue is None) != (severity is Severity.NOTE):
        raise item.error(
            Phrase("the severity and the queue of {code} contradict each other", code=code),
            Phrase("a note has no queue; doubt and block need one"),
        )
    return Flag(
        code=code,
        message=_read_message(fields["message"], declared),
        severity=severity,
        queue=queue,
        when=read_condition(fields["when"], declared),
        advice=fields["advice"].text("advice") if "advice" in fields else "",
        place=item.place,
    )


def _read_severity(item: Item) -> Severity:
    word = item.text("severity")
    if word not in list(Severity):
        raise item.error(Phrase("there is no severity {word}", word=word), Phrase("use note, doubt or block"))
    return Severity(word)


def _read_queue(item: Item) -> Queue:
    word = item.text("queue")
    if word not in (Queue.REVIEW, Queue.INVESTIGATION):
        raise item.error(Phrase("there is no queue {word}", word=word), Phrase("use review or investigation"))
    return Queue(word)


def _read_message(item: Item, declared: Declared) -> str:
    message = item.text("message")
    try:
        quoted = [(name, spec, conversion) for _, name, spec, conversion in string.Formatter().parse(message) if name is not None]
    except ValueError as error:
        raise item.error(
            Phrase("the braces of the message do not close ({error})", error=error), Phrase("quote a fact like {risk_band}")
        ) from error
    for name, spec, conversion in quoted:
        declared.find(item, name, Phrase("the message quotes {{{name}}}, which is no fact", name=name))
        if spec or conversion:
            raise item.error(
                Phrase("the message quotes {name} in a form of its own", name=name), Phrase("quote it as {{{name}}}", name=name)
            )
    return message


def _check_circle(items: Mapping[str, Item], flags: Mapping[str, Flag]) -> None:
    try:
        TopologicalSorter({code: needed_flags(flag.when) for code, flag in flags.items()}).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        what = Phrase("flags look at each other in a circle: {listed}", listed=" → ".join(circle))
        raise items[circle[0]].error(what, Phrase("let one of them look at facts only")) from error
