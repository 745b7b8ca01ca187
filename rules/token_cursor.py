"""Goes through the tokens of one expression: takes what may stand here, and says what was expected where something else stands."""

from rules.keywords import Language, Place, written
from rules.lexer import ExpressionError, Kind, Token, glued_word
from rules.phrases import Phrase
from rules.refused import refusal_of

MAX_OPERATORS = 150  # in one expression; a chain of operators is a tree as deep as it is long


class TokenCursor:
    """A place among tokens, the bounds on what was read so far included."""

    def __init__(self, tokens: list[Token], language: Language) -> None:
        self.tokens, self.index, self.language = tokens, 0, language
        self.depth = self.operators = 0

    @property
    def token(self) -> Token:
        """Give the token that stands here."""
        return self.tokens[self.index]

    def takes_symbol(self, *symbols: str) -> str:
        """Take one of these symbols; "" when none of them stands here."""
        return self._takes(Kind.SYMBOL, symbols)

    def takes_word(self, *words: str) -> str:
        """Take one of these keywords; "" when none of them stands here.

        Raises:
            ExpressionError: a keyword of the other language stands here.
        """
        if self.token.kind is Kind.WORD and self.token.text.startswith("!"):
            word = self.token.text[1:]
            theirs = written(Place.WORD, word, "en" if self.language == "zh" else "zh")
            ours = written(Place.WORD, word, self.language)
            raise ExpressionError(
                self.token.at,
                Phrase("{theirs} in a file that keeps to the other language", theirs=theirs),
                Phrase("write {ours}", ours=ours),
            )
        return self._takes(Kind.WORD, words)

    def _takes(self, kind: Kind, texts: tuple[str, ...]) -> str:
        token = self.token
        if token.kind is kind and token.text in texts:
            self.index += 1
            return token.text
        return ""

    def expect_end(self) -> None:
        """Insist that the expression ends here."""
        self.takes_word()
        if self.token.kind is not Kind.END:
            glued = glued_word(self.tokens[self.index - 1].text)
            way_out = (
                Phrase("put spaces around {glued}", glued=glued) if glued else Phrase("join the two parts with an operator, or remove one")
            )
            raise self.error(Phrase("stands where the expression should end"), way_out)

    def expect(self, symbol: str) -> None:
        """Insist on a symbol, and take it."""
        if not self.takes_symbol(symbol):
            raise self.error(
                Phrase("stands where {symbol} is expected", symbol=repr(symbol)), Phrase("write {symbol} here", symbol=repr(symbol))
            )

    def expect_word(self, word: str) -> None:
        """Insist on a keyword, and take it."""
        if not self.takes_word(word):
            ours = written(Place.WORD, word, self.language)
            raise self.error(Phrase("stands where {ours} is expected", ours=ours), Phrase("write {ours} here", ours=ours))

    def error(self, what: Phrase, way_out: Phrase) -> ExpressionError:
        """Make the error about the token that stands here; what is left out on purpose is told as such."""
        for token in (*self.tokens[max(self.index - 1, 0) : self.index], self.token):
            if refused := refusal_of(token.text):
                return ExpressionError(token.at, refused.what, refused.way_out)
        token = self.token
        if token.kind is Kind.WORD and token.text in ("some", "every"):
            way_out = Phrase("put the whole question in brackets: (…)")
        return ExpressionError(token.at, Phrase("{subject} {what}", subject=self._subject(token), what=what), way_out)

    def _subject(self, token: Token) -> str:
        if token.kind is Kind.END:
            return Phrase("the end")
        return repr(written(Place.WORD, token.text, self.language) if token.kind is Kind.WORD else token.text)

    def name(self, what: Phrase) -> str:
        """Insist on a name, and take it."""
        self.takes_word()
        if self.token.kind is not Kind.NAME:
            raise self.error(
                Phrase("stands where {what} is expected", what=what), Phrase("write a name of letters, digits and _, no keyword")
            )
        self.index += 1
        return self.tokens[self.index - 1].text

    def count(self, at: int) -> None:
        """Count an operator.

        Raises:
            ExpressionError: there are too many of them.
        """
        self.operators += 1
        if self.operators > MAX_OPERATORS:
            raise ExpressionError(
                at,
                Phrase("more than {most} operators in one expression", most=MAX_OPERATORS),
                Phrase("give parts of it names as rules of their own"),
            )
