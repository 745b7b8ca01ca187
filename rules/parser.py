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

from rules.builtins import foreign_name, name_of, names_in
from rules.icd import CodeSet
from rules.keywords import Language, Place, canonical, written
from rules.lexer import ExpressionError, Kind, Token, glued_word, tokenize
from rules.source import nearest, suggest
from rules.syntax import (
    Binary,
    Call,
    Comparison,
    Conditional,
    Excluding,
    Expression,
    Item,
    ListOf,
    Literal,
    Membership,
    Name,
    Null,
    Property,
    Quantified,
    Range,
    Select,
    Unary,
)
from rules.types import SimpleType

MAX_DEPTH = 40
MAX_OPERATORS = 150  # in one expression; a chain of operators is a tree as deep as it is long
ITEM = "item"  # what a filter calls the item it stands at, in either language
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


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


class _Parser:
    def __init__(self, tokens: list[Token], language: Language) -> None:
        self.tokens, self.index, self.language = tokens, 0, language
        self.depth = self.operators = 0
        self.in_range = False  # a [ may close the range and open no filter

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def takes_symbol(self, *symbols: str) -> str:
        return self._takes(Kind.SYMBOL, symbols)

    def takes_word(self, *words: str) -> str:
        if self.token.kind is Kind.WORD and self.token.text.startswith("!"):
            word = self.token.text[1:]
            theirs = written(Place.WORD, word, "en" if self.language == "zh" else "zh")
            ours = written(Place.WORD, word, self.language)
            raise ExpressionError(self.token.at, f"{theirs} in a file that keeps to the other language", f"write {ours}")
        return self._takes(Kind.WORD, words)

    def _takes(self, kind: Kind, texts: tuple[str, ...]) -> str:
        token = self.token
        if token.kind is kind and token.text in texts:
            self.index += 1
            return token.text
        return ""

    def expect_end(self) -> None:
        self.takes_word()
        if self.token.kind is not Kind.END:
            glued = glued_word(self.tokens[self.index - 1].text)
            way_out = f"put spaces around {glued}" if glued else "join the two parts with an operator, or remove one"
            raise self.error("stands where the expression should end", way_out)

    def expect(self, symbol: str) -> None:
        if not self.takes_symbol(symbol):
            raise self.error(f"stands where {symbol!r} is expected", f"write {symbol!r} here")

    def expect_word(self, word: str) -> None:
        if not self.takes_word(word):
            ours = written(Place.WORD, word, self.language)
            raise self.error(f"stands where {ours} is expected", f"write {ours} here")

    def error(self, what: str, way_out: str) -> ExpressionError:
        token = self.token
        subject = "the end" if token.kind is Kind.END else repr(token.text)
        return ExpressionError(token.at, f"{subject} {what}", way_out)

    def expression(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(
                self.token.at, f"nested deeper than {MAX_DEPTH} levels", "give the inner part a name as a rule of its own"
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
        self._count(at)
        variable = self._name("the name of an item")
        self.expect_word("in")
        subject = self.expression()
        if self.takes_symbol(","):
            return Quantified(quantifier, variable, subject, self._quantified(quantifier, self.token.at), at)
        self.expect_word("satisfies")
        return Quantified(quantifier, variable, subject, self.expression(), at)

    def _name(self, what: str) -> str:
        self.takes_word()
        if self.token.kind is not Kind.NAME:
            raise self.error(f"stands where {what} is expected", "write a name of letters, digits and _, no keyword")
        self.index += 1
        return self.tokens[self.index - 1].text

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
        self._count(at)
        return Binary(operator, left, right, at)

    def _count(self, at: int) -> None:
        self.operators += 1
        if self.operators > MAX_OPERATORS:
            raise ExpressionError(
                at, f"more than {MAX_OPERATORS} operators in one expression", "give parts of it names as rules of their own"
            )

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
        left, at = self._sum(), self.token.at
        if operator := self.takes_symbol(*_COMPARISONS):
            return Binary(operator, left, self._sum(), at)
        if self.takes_word("in"):
            return Membership(left, self._set(), at)
        if self.takes_word("not_in"):
            return Unary("not", Membership(left, self._set(), at), at)
        if self.takes_word("between"):
            low = self._sum()
            self.expect_word("and")
            return Membership(left, (Range(low, self._sum(), with_low=True, with_high=True, at=at),), at)
        return left

    def _sum(self) -> Expression:
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
        return self._repeat("-", minuses, self._postfix(), at)

    def _postfix(self) -> Expression:
        tree = self._primary()
        while True:
            at = self.token.at
            if self.takes_symbol("."):
                self._count(at)
                name = self._name("a field")
                tree = Property(tree, name, canonical(Place.PROPERTY, name, self.language) or "", at)
            elif not self._closes_range() and self.takes_symbol("["):
                self._count(at)
                tree = Select(tree, self.expression(), at)
                self.expect("]")
            else:
                return tree

    def exclusion(self) -> Excluding | None:
        """Read `not (item, item)`; None when something else stands here."""
        self.takes_word()
        following = self.tokens[min(self.index + 1, len(self.tokens) - 1)]
        if self.token.kind is not Kind.WORD or self.token.text != "not" or following.text != "(":
            return None
        at, start = self.token.at, self.index
        self.index += 2
        items = (self.item(), *self._more_items(")"))
        if self.tokens[self.index].kind is Kind.END:
            return Excluding(items, at)
        self.index = start  # it goes on: not (a) or b is an expression
        return None

    def _closes_range(self) -> bool:
        # In ]5..6[ the last bracket is followed by nothing that could stand inside it.
        if not self.in_range or self.token.kind is Kind.END:
            return False
        following = self.tokens[self.index + 1]
        if following.kind is Kind.WORD:
            return following.text not in ("not", "if", "some", "every", "null", "item")
        return following.kind is Kind.END or (following.kind is Kind.SYMBOL and following.text not in ("(", "[", "-"))

    def _primary(self) -> Expression:
        token = self.token
        if token.kind is Kind.VALUE:
            self.index += 1
            return self._code_range(token) if token.type is SimpleType.CODE else Literal(token.value, token.type, token.at)
        if token.kind is Kind.NAME:
            self.index += 1
            self._refuse_unknown_function(token)
            return Name(token.text, token.at)
        if token.kind is Kind.FUNCTION:
            return self._call(token.text, token.at)
        if self.takes_word("null"):
            return Null(token.at)
        if self.takes_word("item"):
            return Name(ITEM, token.at)
        if token.kind is Kind.SYMBOL and token.text in ("[", "]", "(") and self._is_range():
            return self._range()
        if self.takes_symbol("("):
            tree = self.expression()
            self.expect(")")
            return tree
        if self.takes_symbol("["):
            return ListOf(self._items("]"), token.at)
        raise self.error("stands where a value or a name is expected", "write a name, a literal such as 1万元, or a bracket")

    def _refuse_unknown_function(self, first: Token) -> None:
        # One or several names before a bracket are the name of a function, and it is not one of ours.
        words, index = [first.text], self.index
        while self.tokens[index].kind is Kind.NAME:
            words.append(self.tokens[index].text)
            index += 1
        if self.tokens[index].kind is Kind.SYMBOL and self.tokens[index].text == "(" and not glued_word(first.text):
            name, known = " ".join(words), names_in(self.language)
            raise ExpressionError(first.at, f"there is no function {name}", suggest(name, known, "function"), nearest(name, known))

    def _call(self, function: str, at: int) -> Expression:
        if function.startswith("!"):
            theirs, ours = foreign_name(function[1:], self.language), name_of(function[1:], self.language)
            raise ExpressionError(at, f"{theirs} in a file that keeps to the other language", f"write {ours}")
        self.index += 1
        self.expect("(")
        return Call(function, self._items(")"), at)

    def _items(self, closing: str) -> tuple[Item, ...]:
        return () if self.takes_symbol(closing) else (self.item(), *self._more_items(closing))

    def _more_items(self, closing: str) -> tuple[Item, ...]:
        items: list[Item] = []
        while not self.takes_symbol(closing):
            if not self.takes_symbol(","):
                raise self.error(f"stands where ',' or {closing!r} is expected", f"write {closing!r} here")
            items.append(self.item())
        return tuple(items)

    def _code_range(self, token: Token) -> Expression:
        low = str(token.value)
        following = self.tokens[self.index + 1] if self.token.text == "-" else self.token
        if self.token.text != "-" or following.type is not SimpleType.CODE or not low:
            return Literal(low, SimpleType.CODE, token.at)
        self.index += 2
        high = str(following.value)
        if high.replace(".", "") < low.replace(".", ""):
            raise ExpressionError(token.at, f"the range {low}-{high} runs backwards", f"write {high}-{low}")
        return Literal(CodeSet(((low, high),)), SimpleType.CODES, token.at)

    def _set(self) -> tuple[Item, ...]:
        if self.token.text == "(" and self.token.kind is Kind.SYMBOL and not self._is_range():
            self.takes_symbol("(")
            return (self.item(), *self._more_items(")"))
        at = self.token.at
        if operator := self.takes_symbol(*_COMPARISONS):
            return (Comparison(operator, self._sum(), at),)
        return (self._sum(),)

    def item(self) -> Item:
        """Read one member of a set, or one test of a table cell."""
        at = self.token.at
        if operator := self.takes_symbol(*_COMPARISONS):
            return Comparison(operator, self._sum(), at)
        return self.expression()

    def _is_range(self) -> bool:
        depth = 0
        for token in self.tokens[self.index + 1 :]:
            if token.kind is not Kind.SYMBOL:
                continue
            if token.text == ".." and depth == 0:
                return True
            if token.text == "," and depth == 0:
                return False
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
            if depth < 0:
                return False
        return False

    def _range(self) -> Range:
        at = self.token.at
        opening = self.takes_symbol("[", "]", "(")
        outer, self.in_range = self.in_range, True
        low = self._sum()
        self.expect("..")
        high = self._sum()
        self.in_range = outer
        closing = self.takes_symbol("]", ")", "[")
        if not closing:
            raise self.error("stands where the range should close", "close the range with ] or )")
        return Range(low, high, with_low=opening == "[", with_high=closing == "]", at=at)
