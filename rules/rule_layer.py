"""Layer two, rules (规则): one clause each, a general answer or a table, with exceptions; pure, and never in a circle."""

from dataclasses import dataclass, field

from rules.keywords import Place, written
from rules.line_rules import KEYS as LINE_KEYS
from rules.line_rules import read_line_work
from rules.line_work import LineWork, compile_line_work
from rules.model import Element, Rule
from rules.names import Names
from rules.phrases import Phrase
from rules.reading import Fields, Reading
from rules.rule_compiler import compile_rule
from rules.source import AlreadyReportedError, DiagnosticError
from rules.strict_yaml import Mapping, Node, Scalar
from rules.tables import read_table
from rules.typed import RuleException, Table, Typed
from rules.types import MONEY, SimpleType, Type

KEYS = ("clause", "when_not", "is", "table", "except", "tests")
EXCEPTION_KEYS = ("if", "is", "clause")


class _NeededFirstError(Exception):
    """A rule names another that is not read yet: that one is read first, and then the rule anew."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass
class RuleReader:
    """Reads rules, each after those it names, so that a rule may name one that stands below it."""

    reading: Reading
    nodes: dict[str, tuple[Scalar, Node]]
    elements: dict[str, Element]
    parameters: dict[str, Type]
    rules: dict[str, Rule] = field(default_factory=dict)  # in the order they were read
    heads: dict[str, tuple[Typed, ...]] = field(default_factory=dict)
    failed: dict[str, DiagnosticError | AlreadyReportedError] = field(default_factory=dict)

    @property
    def names(self) -> Names:
        """What a rule may name."""
        elements = {name: element.type for name, element in self.elements.items()}
        return Names(elements, self.parameters, self.type_of, tuple(self.nodes), frozenset(self.reading.broken))

    def read_all(self) -> dict[str, Rule]:
        """Read every rule; what is wrong with one is noted, and the others are read on."""
        for name in self.nodes:
            self._read_after_those_it_names(name)
        return self.rules

    def type_of(self, name: str) -> Type | None:
        """Give the type of a rule's answer; None when there is no such rule.

        Raises:
            DiagnosticError, AlreadyReportedError: the rule is in error.
        """
        if name not in self.nodes:
            return None
        if name in self.failed:
            raise self.failed[name]
        if name not in self.rules:
            raise _NeededFirstError(name)
        return self.rules[name].type

    def _read_after_those_it_names(self, name: str) -> None:
        # The rules that wait for one another stand in a list and not on Python's stack: they may be thousands.
        waiting = [name]
        while waiting:
            name = waiting[-1]
            said = len(self.reading.said)
            try:
                if name not in self.rules and name not in self.failed:
                    self.rules[name] = self._read_rule(*self.nodes[name])
                waiting.pop()
            except _NeededFirstError as needed:
                del self.reading.said[said:]
                if needed.name in waiting:
                    circle = waiting[waiting.index(needed.name) :]
                    self._fail(circle, self._circle(circle))
                    waiting.pop()
                else:
                    waiting.append(needed.name)
            except (DiagnosticError, AlreadyReportedError) as error:
                self._fail([name], error)
                waiting.pop()

    def _fail(self, names: list[str], error: DiagnosticError | AlreadyReportedError) -> None:
        self.failed |= dict.fromkeys(names, error)
        with self.reading.problems.collect():
            raise error

    def _circle(self, circle: list[str]) -> DiagnosticError:
        what = Phrase("rules name one another in a circle: {circle}", circle=shortened([*circle, circle[0]]))
        return self.reading.source.error(self.nodes[circle[0]][0].at, what, Phrase("let one of them stand without the others"))

    def _read_rule(self, name: Scalar, node: Node) -> Rule:
        reading = self.reading
        if isinstance(node, Mapping) and node.get(written(Place.KEY, "each_line", reading.language)) is not None:
            return self._read_line_rule(name, node)
        fields = reading.fields(node, KEYS, Phrase("rule {name}", name=name.text))
        if ("is" in fields) == ("table" in fields):
            is_, table = (written(Place.KEY, word, reading.language) for word in ("is", "table"))
            raise reading.source.error(
                name.at,
                Phrase("rule {name} needs either {one} or {other}", name=name.text, one=is_, other=table),
                Phrase("write {key}: expression", key=is_),
            )
        clause = reading.clause(fields)
        general: Typed | Table
        if "table" in fields:
            general, heads, type_ = read_table(reading, fields["table"][1], self.names)
            self.heads[name.text] = heads
        else:
            general = reading.expression(fields["is"][1], self.names, "是")
            type_ = general.type
        exceptions = self._read_exceptions(fields, type_)
        compiled = compile_rule(name.text, general, exceptions, clause)
        return Rule(name.text, clause, type_, general, exceptions, compiled, name.at, reading.text(fields, "when_not"))

    def _read_line_rule(self, name: Scalar, node: Mapping) -> Rule:
        work = read_line_work(self.reading, name, node, self.names)
        clause = self.reading.clause(self.reading.fields(node, LINE_KEYS, Phrase("rule {name}", name=name.text)))
        return Rule(name.text, clause, MONEY, work, (), compile_line_work(work), name.at)

    def _read_exceptions(self, fields: Fields, type_: Type) -> tuple[RuleException, ...]:
        if "except" not in fields:
            return ()
        return tuple(self._read_exception(item, type_) for item in self.reading.sequence(fields["except"][1], "例外").items)

    def _read_exception(self, node: Node, type_: Type) -> RuleException:
        reading = self.reading
        fields = reading.fields(node, EXCEPTION_KEYS, Phrase("an exception"), required=("if", "is"))
        condition = reading.expression(fields["if"][1], self.names, "若", SimpleType.BOOLEAN)
        answer = reading.expression(fields["is"][1], self.names, "是", type_)
        return RuleException(condition, answer, reading.clause(fields), node.at)


def trees_of(rule: Rule) -> list[Typed]:
    """List every expression of a rule."""
    general: list[Typed]
    if isinstance(rule.general, Table):
        general = [tree for row in rule.general.rows for tree in (*row.conditions, row.answer)]
    elif isinstance(rule.general, LineWork):
        general = rule.general.trees()
    else:
        general = [rule.general]
    return [*general, *(tree for each in rule.exceptions for tree in (each.condition, each.answer))]


def shortened(chain: list[str]) -> str:
    """Write a chain of rules as one line, however long it is."""
    return " → ".join(chain if len(chain) <= 6 else [*chain[:3], "…", *chain[-2:]])
