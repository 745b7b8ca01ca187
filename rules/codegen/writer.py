"""Walks the typed tree and writes expressions and rules; how an operation is spelled is left to the two back ends.

A name or a rule is computed where it is first needed, at the outer level of the program. That may compute more than
the reference does; whatever goes wrong then sends the claim to the reference, so that the answer is its own.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial, reduce
from math import lcm
from operator import or_

from rules.codegen.partition import is_partition
from rules.codegen.pieces import NotCoveredError, Piece, Program, number
from rules.line_work import Adjustment, LineWork
from rules.model import Rule
from rules.rule_layer import trees_of
from rules.typed import Apply, Constant, Local, Loop, Reference, RuleAnswer, Table, Typed, names_of
from rules.types import EnumType, NumberType, SimpleType, Type

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


@dataclass
class Names:
    """What the names of one scope stand for, which rules it has answered, and by which exception (-1: none)."""

    pieces: dict[str, Piece]
    answers: dict[str, Piece] = field(default_factory=dict)
    exceptions: dict[str, Piece] = field(default_factory=dict)
    items: dict[str, "Item"] = field(default_factory=dict)  # what the loops around call their items
    outside: "Names | None" = None  # the names around the outermost loop

    @property
    def around(self) -> "Names":
        """Give the names that no loop adds to."""
        return self.outside or self

    def looping(self, variable: str, item: "Item") -> "Names":
        """Give the names inside a loop."""
        return replace(self, items={**self.items, variable: item}, outside=self.around)


@dataclass(frozen=True)
class Item:
    """What a loop stands at: the item, and its fields where it is a record; `where` tells columns which list it is of."""

    piece: Piece
    fields: Mapping[str, Piece] = field(default_factory=dict)
    where: object = None


@dataclass
class Writer(ABC):
    """Writes expressions of the typed tree into a program."""

    rules: Mapping[str, Rule]
    program: Program = field(default_factory=Program)

    def expression(self, tree: Typed, names: Names) -> Piece:
        """Write an expression.

        Raises:
            NotCoveredError: it holds something that this back end cannot write.
        """
        match tree:
            case Constant(value=value):
                return number(value) if isinstance(value, Fraction) else self.constant(value, tree.type)
            case Reference(name=name):
                if name not in names.pieces:
                    raise NotCoveredError(f"{name} is no plain value")
                return self.inside(names.pieces[name], names)
            case RuleAnswer(rule=rule):
                return self.inside(self.rule(rule, names.around), names)
            case Local(name=name):
                return names.items[name].piece
            case Loop():
                self.answer_rules([tree.subject, tree.body], names)
                return self.loop(tree, names)
            case Apply(operator="field", arguments=(Local(name=name), Constant(value=str() as chosen))):
                return names.items[name].fields[chosen]
            case Apply():
                return self._apply(tree, names)

    def answer_rules(self, trees: Sequence[Typed], names: Names) -> None:
        """Answer the rules that a loop will ask before it starts: no rule depends on where a loop stands."""
        for tree in trees:
            for rule in sorted(names_of(tree)[1]):
                self.rule(rule, names.around)

    def rule(self, name: str, names: Names) -> Piece:
        """Write a rule where it is asked for first, after all it stands on; afterwards its answer is at hand."""
        if name not in names.answers:
            for each in self._unwritten(name, names):
                with self.everywhere():
                    names.answers[each] = self._write_rule(self.rules[each], names)
        return names.answers[name]

    def _unwritten(self, name: str, names: Names) -> list[str]:
        # In the order they were read, in which a rule stands after those it names: a chain of rules is no recursion here.
        found, waiting = {name}, [name]
        while waiting:
            below = {rule for tree in trees_of(self.rules[waiting.pop()]) for rule in names_of(tree)[1]}
            waiting += below - found - names.answers.keys()
            found |= below
        return [each for each in self.rules if each in found and each not in names.answers]

    def _apply(self, tree: Apply, names: Names) -> Piece:
        operator, types = tree.operator, [argument.type for argument in tree.arguments]
        if operator == "if":
            condition = self.expression(tree.arguments[0], names)
            with self.branch(condition, is_then=True):
                then = self.expression(tree.arguments[1], names)
            with self.branch(condition, is_then=False):
                otherwise = self.expression(tree.arguments[2], names)
            return self.choose(condition, then, otherwise, tree.type)
        if operator == "+" and isinstance(tree.type, NumberType):
            first, second = tree.arguments
            return self.sum_of([self.running(self.expression(first, names)), self.expression(second, names)])
        pieces = [self.expression(each, names) for each in tree.arguments]
        if operator in ("and", "or"):
            return self.all_of(pieces) if operator == "and" else self.any_of(pieces)
        if operator == "not":
            return self.negated(pieces[0])
        if operator == "rank":
            return self.rank(pieces[0], types[0])
        if operator in _COMPARISONS:
            return self._compare(operator, pieces[0], pieces[1], types)
        if all(isinstance(each, NumberType) for each in types) and isinstance(tree.type, NumberType):
            return self._calculate(tree, pieces)
        return self.operation(tree, pieces)

    def _compare(self, operator: str, left: Piece, right: Piece, types: Sequence[Type]) -> Piece:
        if all(isinstance(each, NumberType) for each in types):
            left, right = self.common([left, right])
            return self.compare(operator, left, right)
        if all(each is SimpleType.DATE or each is SimpleType.BOOLEAN for each in types):
            return self.compare(operator, left, right)
        if operator in ("=", "!=") and all(isinstance(each, EnumType) or each in (SimpleType.CODE, SimpleType.TEXT) for each in types):
            return self.same_word(left, right, types, is_same=operator == "=")
        raise NotCoveredError(f"{operator} between {types[0]} and {types[1]}")

    def _calculate(self, tree: Apply, pieces: list[Piece]) -> Piece:
        match tree.operator:
            case "sum" | "sum#0":
                return self.sum_of(pieces)
            case "-":
                return self.difference(pieces[0], pieces[1])
            case "neg":
                return self.times(number(-1), pieces[0])
            case "*":
                return self.times(pieces[0], pieces[1])
            case "/":
                divisor = pieces[1].constant
                if isinstance(divisor, Fraction) and divisor:
                    return self.times(pieces[0], number(1 / divisor))
                return self.divided(pieces[0], pieces[1])
            case "min":
                return self.least(pieces)
            case "max":
                return self.most(pieces)
        return self.operation(tree, pieces)

    def common(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Bring numbers to one denominator."""
        den = lcm(*(piece.den for piece in pieces))
        scaled = [self.scaled(piece, den // piece.den) for piece in pieces]
        over = reduce(or_, (Counter(piece.over) for piece in pieces), Counter[str]())
        return [self._over(piece, over) for piece in scaled] if over else scaled

    def _over(self, piece: Piece, over: Counter[str]) -> Piece:
        """Write the same number over divisors that hold those it stands over."""
        names, lacking = tuple(sorted(over.elements())), sorted((over - Counter(piece.over)).elements())
        if not lacking or piece.constant == 0:
            return replace(piece, over=names)
        return replace(piece, code=f"({' * '.join([piece.code, *lacking])})", over=names, bound=0, constant=None)

    def scaled(self, piece: Piece, factor: int) -> Piece:
        """Write the same number over a denominator that is `factor` times as large."""
        if factor == 1:
            return piece
        if isinstance(piece.constant, Fraction):
            top = int(piece.constant * piece.den * factor)
            return replace(number(top), den=piece.den * factor, constant=piece.constant)
        return replace(self.product(piece, number(factor)), den=piece.den * factor)

    def sum_of(self, pieces: Sequence[Piece]) -> Piece:
        """Write a sum."""
        return self._added(pieces, ())

    def difference(self, left: Piece, right: Piece) -> Piece:
        """Write what is left of a number when another is taken off."""
        return self._added((left,), (right,))

    def _added(self, plus: Sequence[Piece], minus: Sequence[Piece]) -> Piece:
        terms = [(piece, 1) for piece in plus] + [(piece, -1) for piece in minus]
        if all(isinstance(piece.constant, Fraction) for piece, _ in terms):
            return number(sum(piece.constant * sign for piece, sign in terms if isinstance(piece.constant, Fraction)))
        terms = [(piece, sign) for piece, sign in terms if piece.constant != 0]
        if len(terms) == 1 and terms[0][1] == 1:
            return terms[0][0]
        held = self.common([piece for piece, _ in terms])
        bound = sum(piece.bound for piece in held)
        parts = self.counted([self.within(piece, len(held)) for piece in held], bound)
        code = "".join(f"{' + ' if sign == 1 else ' - '}{part.code}" for part, (_, sign) in zip(parts, terms, strict=True))
        is_natural = not minus and all(part.is_natural for part in parts)
        return Piece(
            f"({code.removeprefix(' + ').strip()})",
            parts[0].den,
            sum(part.bound for part in parts),
            is_natural=is_natural,
            is_wide=any(part.is_wide for part in parts),
            is_whole=all(part.is_whole for part in parts),
            over=parts[0].over,
        )

    def times(self, left: Piece, right: Piece) -> Piece:
        """Write a product."""
        if isinstance(left.constant, Fraction) and isinstance(right.constant, Fraction):
            return number(left.constant * right.constant)
        for one, other in ((left, right), (right, left)):
            if isinstance(one.constant, Fraction):
                if one.constant == 0:
                    return number(0)
                den = other.den * one.constant.denominator
                return replace(self.product(other, number(one.constant.numerator)), den=den)
        return replace(self.product(left, right), den=left.den * right.den)

    def product(self, left: Piece, right: Piece) -> Piece:
        """Write the product of two codes, whatever they stand over."""
        if right.constant == 1 and right.den == 1:
            return left
        if left.bound >= right.bound or right.constant is not None:
            left = self.within(left, max(right.bound, 1))
        right = self.within(right, max(left.bound, 1))
        bound = left.bound * right.bound
        left, right = self.counted([left, right], bound)
        return Piece(
            f"({left.code} * {right.code})",
            1,
            bound,
            is_natural=left.is_natural and right.is_natural,
            is_wide=left.is_wide or right.is_wide,
            is_whole=left.is_whole and right.is_whole,
            over=tuple(sorted((*left.over, *right.over))),
        )

    def least(self, pieces: Sequence[Piece]) -> Piece:
        """Write the smallest of numbers."""
        return self.extreme(pieces, is_least=True)

    def most(self, pieces: Sequence[Piece]) -> Piece:
        """Write the largest of numbers; what is zero or more is not compared with zero."""
        if any(piece.is_natural and piece.constant is None for piece in pieces):
            pieces = [piece for piece in pieces if not isinstance(piece.constant, Fraction) or piece.constant > 0]
        return self.extreme(pieces, is_least=False)

    def hold(self, piece: Piece) -> Piece:
        """Compute a piece here and now, so that it may be named several times."""
        if piece.is_atom or piece.constant is not None:
            return piece
        return replace(piece, code=self.program.held(piece.code))

    def _write_rule(self, rule: Rule, names: Names) -> Piece:
        conditions = [self.hold(self.expression(each.condition, names)) for each in rule.exceptions]
        answers = [self.expression(each.answer, names) for each in rule.exceptions]
        general = self._general(rule, names)
        if not conditions:
            return self.hold(general)
        self.at_most_one(conditions)
        pick = self._branches(conditions, [*answers, general], rule.type)
        places = [number(place) for place in range(len(conditions))]
        if rule.type is SimpleType.BOOLEAN and any(each.clause for each in rule.exceptions):
            names.exceptions[rule.name] = self.hold(self._branches(conditions, [*places, number(-1)], NumberType()))
        return self.hold(pick)

    def _branches(self, conditions: Sequence[Piece], answers: Sequence[Piece], type_: Type) -> Piece:
        result = answers[-1]
        for condition, answer in zip(reversed(conditions), reversed(answers[:-1]), strict=True):
            result = self.choose(condition, answer, result, type_)
        return result

    def _general(self, rule: Rule, names: Names) -> Piece:
        if isinstance(rule.general, (Constant, Reference, RuleAnswer, Apply, Local, Loop)):
            return self.expression(rule.general, names)
        if isinstance(rule.general, LineWork):
            self.answer_rules(rule.general.trees(), names)
            return self.review(rule.general, names)
        if not isinstance(rule.general, Table):
            raise NotCoveredError(f"rule {rule.name} is a {type(rule.general).__name__}")
        hits = [self.every_cell([self.expression(each, names) for each in row.conditions]) for row in rule.general.rows]
        is_sure = is_partition(rule.general)
        shares = [self._share(row.answer, names) for row in rule.general.rows]
        amounts = {(amount.code, amount.den): amount for amount, share in shares if share and amount.constant is None}
        if is_sure and len(amounts) == 1 and all(amount.constant is None or not share for amount, share in shares):
            return self.share_hit(next(iter(amounts.values())), hits, [share or Fraction(0) for _, share in shares])
        answers = [self.times(amount, number(share)) if share is not None else amount for amount, share in shares]
        return self.one_hit(hits, answers, rule.type, is_sure=is_sure)

    def _share(self, tree: Typed, names: Names) -> tuple[Piece, Fraction | None]:
        """Write an amount and which share of it a tree is; None: it is no number."""
        if not isinstance(tree.type, NumberType):
            return self.expression(tree, names), None
        if isinstance(tree, Apply) and tree.operator == "*":
            left, right = (self.expression(each, names) for each in tree.arguments)
            for amount, share in ((left, right), (right, left)):
                if isinstance(share.constant, Fraction) and amount.constant is None:
                    return amount, share.constant
            return self.times(left, right), Fraction(1)
        piece = self.expression(tree, names)
        return (number(1), piece.constant) if isinstance(piece.constant, Fraction) else (piece, Fraction(1))

    def share_hit(self, amount: Piece, hits: Sequence[Piece], shares: Sequence[Fraction]) -> Piece:
        """Write the share of an amount that the hit row tells; exactly one is hit."""
        return self.times(amount, self.one_hit(hits, [number(share) for share in shares], NumberType(), is_sure=True))

    def review_line(self, work: LineWork, names: Names) -> Piece:
        """Write what is left of one invoice line after its review; every balance is brought to whole 分, half a 分 up."""
        nil = number(0)
        balance = self.hold(self._to_fen(self.most([self.expression(work.charged.tree, names), nil])))
        for adjustment in work.adjustments:
            condition = None if adjustment.condition is None else self.hold(self.expression(adjustment.condition.tree, names))
            balance = self.adjusted(condition, partial(self._reduced, adjustment, balance, names), balance)
        return balance

    def _reduced(self, adjustment: Adjustment, balance: Piece, names: Names) -> Piece:
        if adjustment.operand is None:
            return number(0)
        operand, nil = self.hold(self.expression(adjustment.operand.tree, names)), number(0)
        if adjustment.kind == "multiply":
            return self._to_fen(self.least([balance, self.most([self.times(balance, operand), nil])]))
        operand = self.hold(self.most([operand, nil]))
        if adjustment.kind == "cap":
            return self._to_fen(self.least([balance, operand]))
        return self._to_fen(self.most([self.hold(self.difference(balance, operand)), nil]))

    def _to_fen(self, piece: Piece) -> Piece:
        return piece if self.is_whole(piece) else self.rounded(self.hold(piece), 1, "half_up")

    # How a value is spelled is told by the back end.

    def branch(self, condition: Piece, *, is_then: bool) -> AbstractContextManager[None]:  # noqa: ARG002 – columns look at it
        """Write what is only looked at where a condition holds, or does not."""
        return nullcontext()

    def everywhere(self) -> AbstractContextManager[None]:
        """Write what may be looked at from anywhere."""
        return nullcontext()

    def inside(self, piece: Piece, names: Names) -> Piece:  # noqa: ARG002 – columns look at them
        """Bring what stands around a loop into it."""
        return piece

    @abstractmethod
    def is_whole(self, piece: Piece) -> bool:
        """Tell whether a number is surely whole."""

    @abstractmethod
    def loop(self, tree: Loop, names: Names) -> Piece:
        """Write a loop over a list; the rules that it asks are answered."""

    @abstractmethod
    def review(self, work: LineWork, names: Names) -> Piece:
        """Write what is allowed of all lines together; the rules that it asks are answered."""

    @abstractmethod
    def adjusted(self, condition: Piece | None, reduced: Callable[[], Piece], balance: Piece) -> Piece:
        """Write an item of a review: what is left where its condition holds, or always where it has none."""

    @abstractmethod
    def constant(self, value: object, type_: Type) -> Piece:
        """Write a known value that is no number."""

    @abstractmethod
    def within(self, piece: Piece, factor: int) -> Piece:
        """Make sure that `factor` times a number can still be counted."""

    @abstractmethod
    def choose(self, condition: Piece, then: Piece, otherwise: Piece, type_: Type) -> Piece:
        """Write a choice between two values of one type."""

    @abstractmethod
    def all_of(self, pieces: Sequence[Piece]) -> Piece:
        """Write an and; what follows a decisive answer may be left out."""

    @abstractmethod
    def any_of(self, pieces: Sequence[Piece]) -> Piece:
        """Write an or; what follows a decisive answer may be left out."""

    @abstractmethod
    def every_cell(self, pieces: Sequence[Piece]) -> Piece:
        """Write an and that looks at everything."""

    @abstractmethod
    def negated(self, piece: Piece) -> Piece:
        """Write a not."""

    @abstractmethod
    def compare(self, operator: str, left: Piece, right: Piece) -> Piece:
        """Write a comparison of numbers over one denominator, of dates, or of booleans."""

    @abstractmethod
    def same_word(self, left: Piece, right: Piece, types: Sequence[Type], *, is_same: bool) -> Piece:
        """Write whether two words, codes or texts are the same, or differ."""

    @abstractmethod
    def rank(self, piece: Piece, type_: Type) -> Piece:
        """Write a word's place in its list."""

    def running(self, total: Piece) -> Piece:
        """Keep the total of what was added so far."""
        return total

    def counted(self, pieces: Sequence[Piece], bound: int) -> list[Piece]:  # noqa: ARG002 – columns look at it
        """Make sure that a result of that size can be counted with these operands."""
        return list(pieces)

    @abstractmethod
    def extreme(self, pieces: Sequence[Piece], *, is_least: bool) -> Piece:
        """Write the smallest, or the largest, of numbers."""

    @abstractmethod
    def divided(self, left: Piece, right: Piece) -> Piece:
        """Write a division by what is not known beforehand."""

    @abstractmethod
    def operation(self, tree: Apply, pieces: Sequence[Piece]) -> Piece:
        """Write any other operation."""

    @abstractmethod
    def at_most_one(self, conditions: Sequence[Piece]) -> None:
        """Leave the program where two of several conditions hold."""

    @abstractmethod
    def one_hit(self, hits: Sequence[Piece], answers: Sequence[Piece], type_: Type, *, is_sure: bool) -> Piece:
        """Write the answer of the row that is hit; leave the program where none is, unless it is sure that one is."""

    @abstractmethod
    def rounded(self, piece: Piece, granularity: int, way: str) -> Piece:
        """Write a number rounded to a whole multiple."""
