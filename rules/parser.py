"""Reads an expression into its syntax tree: the business core of FEEL, with Chinese or English words.

expression := IF expression THEN expression ELSE expression | or
or         := and (OR and)*
and        := not (AND not)*
not        := NOT not | test
test       := sum [ = != < <= > >= sum | IN set | NOT_IN set | BETWEEN sum AND sum ]
sum        := product (+ - product)*
product    := factor (* / factor)*
factor     := - factor | value [- value] | NAME | NAME ( arguments ) | ( expression )
set        := NAME | value | range | [ item (, item)* ]
item       := range | comparison | expression
range      := [ or ( or ]  sum .. sum  ] or ) or [
"""

from rules.icd import CodeSet
from rules.keywords import Language, Place, written
from rules.lexer import ExpressionError, Kind, Token, glued_word, tokenize
from rules.syntax import Binary, Call, Comparison, Conditional, Expression, Item, Literal, Membership, Name, Range, Unary
from rules.types import SimpleType

MAX_DEPTH = 40
MAX_OPERATORS = 150  # in one expression; a chain of operators is a tree as deep as it is long
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_FUNCTIONS = ("min", "max")


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
    """Read a cell of a decision table: tests joined by commas; None for 任意/any or `-`, which asks nothing."""
    parser = _Parser(tokenize(text, language), language)
    if parser.takes_word("any") or (parser.token.text == "-" and parser.tokens[1].kind is Kind.END and parser.takes_symbol("-")):
        parser.expect_end()
        return None
    items = [parser.item()]
    while parser.takes_symbol(","):
        items.append(parser.item())
    parser.expect_end()
    return tuple(items)


class _Parser:
    def __init__(self, tokens: list[Token], language: Language) -> None:
        self.tokens, self.index, self.language = tokens, 0, language
        self.depth = self.operators = 0

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
        tree = self._conditional() if self.takes_word("if") else self._or()
        self.depth -= 1
        return tree

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
        self.operators += 1
        if self.operators > MAX_OPERATORS:
            raise ExpressionError(
                at, f"more than {MAX_OPERATORS} operators in one expression", "give parts of it names as rules of their own"
            )
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
        tree = self._test()
        return Unary("not", tree, at) if negations % 2 else tree

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
        tree = self._factor()
        while True:
            at = self.token.at
            operator = self.takes_symbol("*", "/")
            if not operator:
                return tree
            tree = self._link(operator, tree, self._factor(), at)

    def _factor(self) -> Expression:
        at, minuses = self.token.at, 0
        while self.takes_symbol("-"):
            minuses += 1
        tree = self._primary()
        return Unary("-", tree, at) if minuses % 2 else tree

    def _primary(self) -> Expression:
        token = self.token
        if token.kind is Kind.VALUE:
            self.index += 1
            return self._code_range(token) if token.type is SimpleType.CODE else Literal(token.value, token.type, token.at)
        if token.kind is Kind.NAME:
            self.index += 1
            return Name(token.text, token.at)
        if function := self.takes_word(*_FUNCTIONS):
            return self._call(function, token.at)
        if self.takes_symbol("("):
            tree = self.expression()
            self.expect(")")
            return tree
        raise self.error("stands where a value or a name is expected", "write a name, a literal such as 1万元, or a bracket")

    def _call(self, function: str, at: int) -> Expression:
        self.expect("(")
        arguments = [self.expression()]
        while self.takes_symbol(","):
            arguments.append(self.expression())
        self.expect(")")
        return Call(function, tuple(arguments), at)

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
        if self.token.text in ("[", "]", "(") and self.token.kind is Kind.SYMBOL:
            if self._is_range():
                return (self._range(),)
            if self.takes_symbol("["):
                items = [self.item()]
                while self.takes_symbol(","):
                    items.append(self.item())
                self.expect("]")
                return tuple(items)
        return (self._sum(),)

    def item(self) -> Item:
        """Read one member of a set, or one test of a table cell."""
        at = self.token.at
        if operator := self.takes_symbol(*_COMPARISONS):
            return Comparison(operator, self._sum(), at)
        if self.token.kind is Kind.SYMBOL and self.token.text in ("[", "]", "(") and self._is_range():
            return self._range()
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
        low = self._sum()
        self.expect("..")
        high = self._sum()
        closing = self.takes_symbol("]", ")", "[")
        if not closing:
            raise self.error("stands where the range should close", "close the range with ] or )")
        return Range(low, high, with_low=opening == "[", with_high=closing == "]", at=at)
