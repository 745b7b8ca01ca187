"""Reads what an expression is made of: values, names, calls, lists, ranges, and what stands after them in brackets or after a dot."""

from abc import ABC, abstractmethod

from rules.builtins import foreign_name, name_of, names_in
from rules.icd import CodeSet
from rules.keywords import Language, Place, canonical
from rules.lexer import ExpressionError, Kind, Token, glued_word
from rules.phrases import Phrase
from rules.refused import refusal_of
from rules.source import nearest, suggest
from rules.syntax import ITEM, Call, Comparison, Excluding, Expression, Item, ListOf, Literal, Name, Null, Property, Range, Select
from rules.token_cursor import TokenCursor
from rules.types import SimpleType

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class PrimaryParser(TokenCursor, ABC):
    """Reads primaries and sets; what stands inside their brackets is read by the parser of expressions."""

    def __init__(self, tokens: list[Token], language: Language) -> None:
        super().__init__(tokens, language)
        self.in_range = False  # a [ may close the range and open no filter

    @abstractmethod
    def expression(self) -> Expression:
        """Read an expression of any kind."""

    @abstractmethod
    def sum(self) -> Expression:
        """Read an expression that neither compares nor joins."""

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

    def postfix(self) -> Expression:
        """Read a primary with its fields and filters."""
        tree = self._primary()
        while True:
            at = self.token.at
            if self.takes_symbol("."):
                self.count(at)
                name = self.name(Phrase("a field"))
                tree = Property(tree, name, canonical(Place.PROPERTY, name, self.language) or "", at)
            elif not self._closes_range() and self.takes_symbol("["):
                self.count(at)
                tree = Select(tree, self.expression(), at)
                self.expect("]")
            else:
                return tree

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
        raise self.error(
            Phrase("stands where a value or a name is expected"), Phrase("write a name, a literal such as 1万元, or a bracket")
        )

    def _refuse_unknown_function(self, first: Token) -> None:
        # One or several names before a bracket are the name of a function, and it is not one of ours.
        words, index = [first.text], self.index
        while self.tokens[index].kind is Kind.NAME:
            words.append(self.tokens[index].text)
            index += 1
        if self.tokens[index].kind is Kind.SYMBOL and self.tokens[index].text == "(" and not glued_word(first.text):
            if refused := refusal_of(words[-1]):
                raise ExpressionError(first.at, refused.what, refused.way_out)
            name, known = " ".join(words), names_in(self.language)
            raise ExpressionError(
                first.at, Phrase("there is no function {name}", name=name), suggest(name, known, Phrase("function")), nearest(name, known)
            )

    def _call(self, function: str, at: int) -> Expression:
        if function.startswith("!"):
            theirs, ours = foreign_name(function[1:], self.language), name_of(function[1:], self.language)
            raise ExpressionError(
                at, Phrase("{theirs} in a file that keeps to the other language", theirs=theirs), Phrase("write {ours}", ours=ours)
            )
        self.index += 1
        self.expect("(")
        return Call(function, self._items(")"), at)

    def _items(self, closing: str) -> tuple[Item, ...]:
        return () if self.takes_symbol(closing) else (self.item(), *self._more_items(closing))

    def _more_items(self, closing: str) -> tuple[Item, ...]:
        items: list[Item] = []
        while not self.takes_symbol(closing):
            if not self.takes_symbol(","):
                raise self.error(
                    Phrase("stands where ',' or {closing} is expected", closing=repr(closing)),
                    Phrase("write {closing} here", closing=repr(closing)),
                )
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
            raise ExpressionError(
                token.at,
                Phrase("the range {low}-{high} runs backwards", low=low, high=high),
                Phrase("write {high}-{low}", high=high, low=low),
            )
        return Literal(CodeSet(((low, high),)), SimpleType.CODES, token.at)

    def set(self) -> tuple[Item, ...]:
        """Read what stands after 属于/in."""
        if self.token.text == "(" and self.token.kind is Kind.SYMBOL and not self._is_range():
            self.takes_symbol("(")
            return (self.item(), *self._more_items(")"))
        at = self.token.at
        if operator := self.takes_symbol(*COMPARISONS):
            return (Comparison(operator, self.sum(), at),)
        return (self.sum(),)

    def item(self) -> Item:
        """Read one member of a set, or one test of a table cell."""
        at = self.token.at
        if operator := self.takes_symbol(*COMPARISONS):
            return Comparison(operator, self.sum(), at)
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
        low = self.sum()
        self.expect("..")
        high = self.sum()
        self.in_range = outer
        closing = self.takes_symbol("]", ")", "[")
        if not closing:
            raise self.error(Phrase("stands where the range should close"), Phrase("close the range with ] or )"))
        return Range(low, high, with_low=opening == "[", with_high=closing == "]", at=at)
