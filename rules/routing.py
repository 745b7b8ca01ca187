"""Routing (分流): the facts about a finished assessment become flags, and the complete set of flags gives the queue.

Operations staff write the flags in `rules/book/routing.yaml`; durable_rules chains them. It sees no money and
decides nothing: the queue is computed here, and when the engine fails the claim goes to a person.
A situation that it has judged before is not put to it again.
"""

import hashlib
import logging
import threading
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from domain.decision import Queue, Route
from domain.errors import InputError
from domain.finding import Finding, Severity
from rules.phrases import Phrase
from rules.routing_book import read_book
from rules.routing_compile import Program, compile_flags
from rules.routing_conditions import FactType, FactValue, Flag
from rules.routing_durable import DurableEngine, EngineFailedError
from rules.routing_situations import Situations

_log = logging.getLogger(__name__)

ENGINE_FAILED = Finding(
    code="routing.engine_failed",
    severity=Severity.DOUBT,
    message="分流引擎未能完成，案件转人工复核",
    advice="请人工核对全部结论项后再作决定，并通知系统管理员",
    about="claim",
)


@dataclass(frozen=True)
class RoutingRules:
    """A checked and compiled routing book, named by the hash of its bytes."""

    facts: Mapping[str, FactType]
    flags: tuple[Flag, ...]
    program: Program
    book_hash: str


def load_routing(path: Path) -> RoutingRules:
    """Read, check and compile a routing book.

    Raises:
        RuleBookError: whatever is wrong with it, with file:line:column and the way out.
    """
    book = read_book(path)
    return RoutingRules(book.facts, book.flags, compile_flags(book.facts, book.flags, book.name), hashlib.sha256(book.content).hexdigest())


def route(rules: RoutingRules, facts: Mapping[str, bool | int | str], findings: Set[str]) -> Route:
    """Give the queue of a claim, with every flag it raises in the order of the book.

    `facts` holds each declared fact and nothing else; `findings` the codes of all findings of the claim.
    A failing engine is no error: the claim goes to review under `routing.engine_failed`.

    Raises:
        InputError: a fact is missing, unknown, or of another kind than declared; `field` names it.
    """
    told = read_facts(rules, facts)
    try:
        raised = _raise_flags(rules, encode_claim(rules, told, findings))
    except EngineFailedError:
        _log.exception("routing engine failed; the claim goes to review")
        return Route(Queue.REVIEW, (ENGINE_FAILED,))
    return route_of(rules, raised, told)


def read_facts(rules: RoutingRules, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """Give the facts of a claim under the names, and with the values, that the book has for them.

    Raises:
        InputError: a fact is missing, unknown, or of another kind than declared; `field` names it.
    """
    known = {fact.told_as for fact in rules.facts.values()}
    for name in facts:
        if name not in known:
            raise InputError(
                Phrase("routing knows no fact {name}", name=name),
                Phrase("declare it under 'facts:' in the routing book, or do not send it"),
                field=name,
            )
    for fact in rules.facts.values():
        if fact.told_as not in facts:
            wanted = fact.expected(fact.given or fact.values)
            raise InputError(
                Phrase("the routing fact {fact} is missing", fact=fact.told_as), Phrase("give {wanted}", wanted=wanted), field=fact.told_as
            )
    return {name: fact.read(facts[fact.told_as]) for name, fact in rules.facts.items()}


def encode_claim(rules: RoutingRules, told: Mapping[str, FactValue], findings: Set[str]) -> dict[str, int]:
    """Give what `read_facts` gave as the engine sees it: a whole number for each fact and each finding the book looks at."""
    props = {rules.program.fact_props[name]: fact.encode(told[name]) for name, fact in rules.facts.items()}
    return props | {prop: int(code in findings) for code, prop in rules.program.finding_props.items()}


def route_of(rules: RoutingRules, raised: Set[str], told: Mapping[str, FactValue]) -> Route:
    """Compute the route from the complete set of raised flags: investigation before review, and review before nobody."""
    flags = [flag for flag in rules.flags if flag.code in raised]
    queues = {flag.queue for flag in flags}
    queue = next((each for each in (Queue.INVESTIGATION, Queue.REVIEW) if each in queues), Queue.STRAIGHT_THROUGH)
    shown = {name: {True: "是", False: "否"}[value] if isinstance(value, bool) else value for name, value in told.items()}
    return Route(queue, tuple(Finding(flag.code, flag.severity, flag.message.format_map(shown), flag.advice, "claim") for flag in flags))


def close() -> None:
    """Free every engine that `route` has started; the next claim starts a new one."""
    with _engines_lock:
        engines = [engine for engine, _ in _engines.values()]
        _engines.clear()
    for engine in engines:
        engine.close()


_engines: dict[str, tuple[DurableEngine, Situations]] = {}  # by book hash, so that a book that is loaded twice starts one engine
_engines_lock = threading.Lock()


def _raise_flags(rules: RoutingRules, props: Mapping[str, int]) -> frozenset[str]:
    """Run the engine of a book, unless it has met the situation; one that failed is thrown away, and the next claim starts a fresh one."""
    with _engines_lock:
        started = _engines.get(rules.book_hash)
        if started is None:
            started = _engines[rules.book_hash] = DurableEngine(rules.program), Situations(rules.program)
    engine, situations = started
    situation = situations.of(props)
    known = situations.raised(situation)
    if known is not None:
        return known
    try:
        raised = engine.raise_flags(props)
    except BaseException:  # an interrupt too may leave a session behind
        with _engines_lock:
            if _engines.get(rules.book_hash) is started:
                del _engines[rules.book_hash]
        engine.close()
        raise
    situations.keep(situation, raised)
    return raised
