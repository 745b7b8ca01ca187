"""Layer two, rules (规则): one clause each, a general answer or a table, with exceptions; pure, and never in a circle."""

from dataclasses import dataclass, field

from rules.keywords import Place, written
from rules.line_rules import KEYS as LINE_KEYS
from rules.line_rules import read_line_work
from rules.line_work import LineWork, compile_line_work
from rules.model import Element, Rule
from rules.names import Names
from rules.reading import Fields, Reading
from rules.rule_compiler import compile_rule
from rules.source import AlreadyReportedError, DiagnosticError
from rules.strict_yaml import Mapping, Node, Scalar
from rules.tables import read_table
from rules.typed import RuleException, Table, Typed
from rules.types import MONEY, SimpleType, Type

MAX_CHAIN = 25
KEYS = ("clause", "when_not", "is", "table", "except", "tests")
EXCEPTION_KEYS = ("if", "is", "clause")


@dataclass
class RuleReader:
    """Reads rules when they are asked for, so that a rule may name one that stands below it."""

    reading: Reading
    nodes: dict[str, tuple[Scalar, Node]]
    elements: dict[str, Element]
    parameters: dict[str, Type]
    rules: dict[str, Rule] = field(default_factory=dict)
    heads: dict[str, tuple[Typed, ...]] = field(default_factory=dict)
    failed: dict[str, Exception] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)

    @property
    def names(self) -> Names:
        """What a rule may name."""
        elements = {name: element.type for name, element in self.elements.items()}
        return Names(elements, self.parameters, self.type_of, tuple(self.nodes), frozenset(self.reading.broken))

    def read_all(self) -> dict[str, Rule]:
        """Read every rule; what is wrong with one is noted, and the others are read on."""
        for name in self.nodes:
            with self.reading.problems.collect():
                self.type_of(name)
        return self.rules

    def type_of(self, name: str) -> Type | None:
        """Give the type of a rule's answer, reading it first if need be; None when there is no such rule."""
        if name not in self.nodes:
            return None
        if name not in self.rules:
            self._read(name)
        return self.rules[name].type

    def _read(self, name: str) -> None:
        scalar, node = self.nodes[name]
        if name in self.open:
            circle = " → ".join([*self.open[self.open.index(name) :], name])
            raise self.reading.source.error(
                scalar.at, f"rules name one another in a circle: {circle}", "let one of them stand without the others"
            )
        if name in self.failed:
            raise self.failed[name]
        if len(self.open) == MAX_CHAIN:
            raise self.reading.source.error(
                scalar.at, f"more than {MAX_CHAIN} rules stand on one another", "say it with fewer rules in between"
            )
        self.open.append(name)
        try:
            self.rules[name] = self._read_rule(scalar, node)
        except (DiagnosticError, AlreadyReportedError) as error:
            self.failed[name] = error
            raise
        finally:
            self.open.pop()

    def _read_rule(self, name: Scalar, node: Node) -> Rule:
        reading = self.reading
        if isinstance(node, Mapping) and node.get(written(Place.KEY, "each_line", reading.language)) is not None:
            return self._read_line_rule(name, node)
        fields = reading.fields(node, KEYS, f"rule {name.text}")
        if ("is" in fields) == ("table" in fields):
            is_, table = (written(Place.KEY, word, reading.language) for word in ("is", "table"))
            raise reading.source.error(name.at, f"rule {name.text} needs either {is_} or {table}", f"write {is_}: expression")
        clause = reading.text(fields, "clause")
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
        clause = self.reading.text(self.reading.fields(node, LINE_KEYS, f"rule {name.text}"), "clause")
        return Rule(name.text, clause, MONEY, work, (), compile_line_work(work), name.at)

    def _read_exceptions(self, fields: Fields, type_: Type) -> tuple[RuleException, ...]:
        if "except" not in fields:
            return ()
        return tuple(self._read_exception(item, type_) for item in self.reading.sequence(fields["except"][1], "例外").items)

    def _read_exception(self, node: Node, type_: Type) -> RuleException:
        reading = self.reading
        fields = reading.fields(node, EXCEPTION_KEYS, "an exception", required=("if", "is"))
        condition = reading.expression(fields["if"][1], self.names, "若", SimpleType.BOOLEAN)
        answer = reading.expression(fields["is"][1], self.names, "是", type_)
        return RuleException(condition, answer, reading.text(fields, "clause"), node.at)


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
