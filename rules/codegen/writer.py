"""Walks the typed tree and writes expressions and rules; how an operation is spelled is left to the two back ends.

A name or a rule is computed where it is first needed, at the outer level of the program. That may compute more than
the reference does; whatever goes wrong then sends the claim to the reference, so that the answer is its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from rules.codegen.arithmetic import Arithmetic
from rules.codegen.names import Names
from rules.codegen.partition import is_partition
from rules.codegen.pieces import NotCoveredError, Piece, number
from rules.line_work import Adjustment, LineWork
from rules.model import Rule
from rules.rule_layer import trees_of
from rules.typed import Apply, Constant, Local, Loop, Reference, RuleAnswer, Table, Typed, names_of
from rules.types import EnumType, NumberType, SimpleType, Type

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


@dataclass
class Writer(Arithmetic):
    """Writes expressions of the typed tree into a program."""

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
