"""Reads an expression into its syntax tree: the business core of FEEL, with Chinese or English words.

expression := IF expression THEN expression ELSE expression
            | (SOME | EVERY) NAME IN expression (, NAME IN expression)* SATISFIES expression | or
or         := and (OR and)*
and        := not (AND not)*
not        := NOT not | test
test       := sum [ = != < <= > >= sum | IN set | NOT_IN set | BETWEEN sum AND sum ]
sum        := product (+ - product)*
product    := power (* / power)*
power      := factor (** factor)*                                    -2 ** 2 is 4, as FEEL has it
factor     := - factor | postfix
postfix    := primary ( . NAME | [ expression ] )*
primary    := value [- value] | NULL | NAME | FUNCTION ( arguments ) | ( expression ) | range | [ item, … ]
set        := ( item (, item)* ) | comparison sum | sum
item       := comparison sum | expression
range      := [ or ( or ]  sum .. sum  ] or ) or [
"""

from rules.keywords import Language
from rules.lexer import ExpressionError, Kind, tokenize
from rules.phrases import Phrase
from rules.primary_parser import COMPARISONS, PrimaryParser
from rules.syntax import Binary, Conditional, Expression, Item, Membership, Quantified, Range, Unary

MAX_DEPTH = 40


def parse_expression(text: str, language: Language) -> Expression:
    """Read a whole text as one expression.

    Raises:
        ExpressionError: with the offset, what is wrong and the way out.
    """
    parser = _Parser(tokenize(text, language), language)
    tree = parser.expression()
    parser.expect_end()
    return tree


def parse_items(text: str, language: Language) -> tuple[Item, ...] | None:
    """Read a cell of a decision table: tests joined by commas, or `not (tests)`; None for 任意/any or `-`, which asks nothing."""
    parser = _Parser(tokenize(text, language), language)
    if parser.takes_word("any") or (parser.token.text == "-" and parser.tokens[1].kind is Kind.END and parser.takes_symbol("-")):
        parser.expect_end()
        return None
    if excluded := parser.exclusion():
        parser.expect_end()
        return (excluded,)
    items = [parser.item()]
    while parser.takes_symbol(","):
        items.append(parser.item())
    parser.expect_end()
    return tuple(items)


class _Parser(PrimaryParser):
    def expression(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(
                self.token.at,
                Phrase("nested deeper than {most} levels", most=MAX_DEPTH),
                Phrase("give the inner part a name as a rule of its own"),
            )
        outer, self.in_range = self.in_range, False
        if self.takes_word("if"):
            tree = self._conditional()
        elif quantifier := self.takes_word("some", "every"):
            tree = self._quantified(quantifier, self.tokens[self.index - 1].at)
        else:
            tree = self._or()
        self.depth, self.in_range = self.depth - 1, outer
        return tree

    def _quantified(self, quantifier: str, at: int) -> Expression:
        self.count(at)
        variable = self.name(Phrase("the name of an item"))
        self.expect_word("in")
        subject = self.expression()
        if self.takes_symbol(","):
            return Quantified(quantifier, variable, subject, self._quantified(quantifier, self.token.at), at)
        self.expect_word("satisfies")
        return Quantified(quantifier, variable, subject, self.expression(), at)

    def _conditional(self) -> Expression:
        at = self.tokens[self.index - 1].at
        condition = self.expression()
        self.expect_word("then")
        then = self.expression()
        self.expect_word("else")
        return Conditional(condition, then, self.expression(), at)

    def _or(self) -> Expression:
        tree = self._and()
        while True:
            at = self.token.at
            if not self.takes_word("or"):
                return tree
            tree = self._link("or", tree, self._and(), at)

    def _link(self, operator: str, left: Expression, right: Expression, at: int) -> Binary:
        self.count(at)
        return Binary(operator, left, right, at)

    def _and(self) -> Expression:
        tree = self._not()
        while True:
            at = self.token.at
            if not self.takes_word("and"):
                return tree
            tree = self._link("and", tree, self._not(), at)

    def _not(self) -> Expression:
        at, negations = self.token.at, 0
        while self.takes_word("not"):
            negations += 1
        return self._repeat("not", negations, self._test(), at)

    def _repeat(self, operator: str, count: int, tree: Expression, at: int) -> Expression:
        # Two and four and six of them are the same; the first two are kept, so that what they stand before is still checked.
        for _ in range(count and 2 - count % 2):
            tree = Unary(operator, tree, at)
        return tree

    def _test(self) -> Expression:
        left, at = self.sum(), self.token.at
        if operator := self.takes_symbol(*COMPARISONS):
            return Binary(operator, left, self.sum(), at)
        if self.takes_word("in"):
            return Membership(left, self.set(), at)
        if self.takes_word("not_in"):
            return Unary("not", Membership(left, self.set(), at), at)
        if self.takes_word("between"):
            low = self.sum()
            self.expect_word("and")
            return Membership(left, (Range(low, self.sum(), with_low=True, with_high=True, at=at),), at)
        return left

    def sum(self) -> Expression:
        tree = self._product()
        while True:
            at = self.token.at
            operator = self.takes_symbol("+", "-")
            if not operator:
                return tree
            tree = self._link(operator, tree, self._product(), at)

    def _product(self) -> Expression:
        tree = self._power()
        while True:
            at = self.token.at
            operator = self.takes_symbol("*", "/")
            if not operator:
                return tree
            tree = self._link(operator, tree, self._power(), at)

    def _power(self) -> Expression:
        tree = self._factor()
        while True:
            at = self.token.at
            if not self.takes_symbol("**"):
                return tree
            tree = self._link("**", tree, self._factor(), at)

    def _factor(self) -> Expression:
        at, minuses = self.token.at, 0
        while self.takes_symbol("-"):
            minuses += 1
        return self._repeat("-", minuses, self.postfix(), at)
