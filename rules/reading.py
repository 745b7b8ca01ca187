"""What every layer's reader needs: keys by their keyword, expressions with their place in the file, the problems so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from rules.checker import check
from rules.keywords import Language, Place, all_written, canonical, other, written
from rules.lexer import ExpressionError
from rules.medical_base import MedicalBase, shipped_base
from rules.names import Names
from rules.parser import parse_expression
from rules.phrases import Phrase
from rules.source import AlreadyReportedError, DiagnosticError, Position, Problems, Source, suggest
from rules.strict_yaml import Mapping, Node, Scalar, Sequence
from rules.syntax import Expression
from rules.typed import Constant, Typed
from rules.types import Type
from rules.unknown import Known

# A key that looks like a piece of an expression was torn off by a comma: {是: 取小(甲, 3天)} has the keys 是 and 3天).
_OF_EXPRESSIONS = set('()[]"<>=+*/（）“”＜＞＝')
_TORN = Phrase("inside { } a comma ends the value: put the expression in single quotes, or on a line of its own")
NO_NAMES = Names({}, {}, lambda _: None)
Fields = dict[str, tuple[Scalar, Node]]


def subject(what: str) -> Phrase:
    """Give what a message is about: a phrase, or a word of the book, which Chinese sets apart by quotation marks."""
    return what if isinstance(what, Phrase) else Phrase("{word}", word=what)


@dataclass(frozen=True)
class Said:
    """Something in a file that belongs to the language and not to the author: a keyword, an expression, or the answer of a test."""

    scalar: Scalar
    place: Place | None = None  # None: an expression, or an answer
    word: str = ""  # the canonical word; "" of an expression, "answer" of an answer


@dataclass
class Reading:
    """The reading of one file."""

    source: Source
    language: Language
    medical: MedicalBase = field(default_factory=shipped_base)
    problems: Problems = field(default_factory=Problems)
    base: str = ""  # the hash of the medical base, once the file has named a set of it
    broken: set[str] = field(default_factory=set)  # elements and parameters that are declared, but in error
    said: list[Said] = field(default_factory=list)
    cited: dict[Position, str] = field(default_factory=dict)  # the clauses of the contract that something cites, and where

    def fields(self, node: Node, allowed: tuple[str, ...], what: str, required: tuple[str, ...] = ()) -> Fields:
        """Read a mapping whose keys are keywords, by their canonical words."""
        found: Fields = {}
        for key, value in self.mapping(node, what).entries:
            found[self.key(key, allowed, what)] = (key, value)
        for word in required:
            if word not in found:
                name = written(Place.KEY, word, self.language)
                raise self.source.error(
                    node.at, Phrase("{what} has no {name}", what=subject(what), name=name), Phrase("add {name}:", name=name)
                )
        return found

    def key(self, key: Scalar, allowed: tuple[str, ...], what: str) -> str:
        """Read a keyword that stands as a key."""
        word = self.key_word(key, allowed)
        if word is not None:
            return word
        ours = [written(Place.KEY, each, self.language) for each in allowed]
        foreign = canonical(Place.KEY, key.text, other(self.language))
        if foreign in allowed:
            way_out = Phrase("this file keeps to the other language: write {ours}", ours=written(Place.KEY, str(foreign), self.language))
        else:
            way_out = _TORN if set(key.text) & _OF_EXPRESSIONS else suggest(key.text, ours, Phrase("keyword"))
        raise self.source.error(key.at, Phrase("{what} has no keyword {key}", what=subject(what), key=key.text), way_out)

    def key_word(self, key: Scalar, allowed: tuple[str, ...]) -> str | None:
        """Read a key that may be a keyword; None when it is none of the allowed."""
        word = canonical(Place.KEY, key.text, self.language)
        if word not in allowed:
            return None
        self.said.append(Said(key, Place.KEY, str(word)))
        return word

    def keyword(self, node: Node, place: Place, what: str) -> str:
        """Read a keyword that stands as a value."""
        scalar = self.scalar(node, what)
        word = canonical(place, scalar.text, self.language)
        if word is None:
            raise self.source.error(
                scalar.at,
                Phrase("{what} cannot be {word}", what=subject(what), word=scalar.text),
                suggest(scalar.text, all_written(place, self.language), Phrase("word")),
            )
        self.said.append(Said(scalar, place, word))
        return word

    def is_word(self, node: Node, word: str) -> bool:
        """Tell whether a node is one of the expression words, such as 待补 or 缺."""
        if not isinstance(node, Scalar) or canonical(Place.WORD, node.text, self.language) != word:
            return False
        self.said.append(Said(node, Place.WORD, word))
        return True

    def answer(self, node: Node, what: str) -> Scalar:
        """Read the answer that a test expects, as it is written."""
        scalar = self.scalar(node, what)
        self.said.append(Said(scalar, None, "answer"))
        return scalar

    def unknown_name(self, scalar: Scalar, known: list[str], kind: Phrase) -> DiagnosticError:
        """Refuse a name that does not exist, with the nearest that does."""
        if scalar.text in self.broken:
            raise AlreadyReportedError
        return self.source.error(
            scalar.at, Phrase("there is no {kind} {word}", kind=kind, word=scalar.text), suggest(scalar.text, known, kind)
        )

    def mapping(self, node: Node, what: str) -> Mapping:
        """Insist on a mapping."""
        if isinstance(node, Mapping):
            return node
        raise self.source.error(node.at, Phrase("{what} must be a mapping", what=subject(what)), Phrase("write name: value pairs"))

    def sequence(self, node: Node, what: str) -> Sequence:
        """Insist on a list."""
        if isinstance(node, Sequence):
            return node
        raise self.source.error(
            node.at, Phrase("{what} must be a list", what=subject(what)), Phrase("write it in [brackets], or a dash before each item")
        )

    def scalar(self, node: Node, what: str) -> Scalar:
        """Insist on a single text that is not empty."""
        if isinstance(node, Scalar) and node.text:
            return node
        raise self.source.error(
            node.at, Phrase("{what} must be a single value", what=subject(what)), Phrase("write one value after the colon")
        )

    def text(self, fields: Fields, word: str, default: str = "") -> str:
        """Read an optional text."""
        return self.scalar(fields[word][1], written(Place.KEY, word, self.language)).text if word in fields else default

    def clause(self, fields: Fields) -> str:
        """Read the clause of the contract that something cites (条款); "" where it cites none."""
        cited = self.text(fields, "clause")
        if cited:
            self.cited[fields["clause"][1].at] = cited
        return cited

    def expression(self, node: Node, names: Names, what: str, expected: Type | None = None) -> Typed:
        """Read and type an expression."""
        scalar = self.scalar(node, what)
        return self.at(scalar, lambda: check(self.parse(scalar), names, expected))

    def parse(self, scalar: Scalar) -> Expression:
        """Read an expression's syntax."""
        return parse_expression(scalar.text, self.language)

    def at(self, scalar: Scalar, work: Callable[[], Typed]) -> Typed:
        """Do work on an expression, and point into the file where it fails."""
        self.said.append(Said(scalar))
        try:
            return work()
        except ExpressionError as error:
            raise self.misread(scalar, error) from error

    def misread(self, scalar: Scalar, error: ExpressionError) -> DiagnosticError:
        """Point into the file at what is wrong with an expression."""
        is_one_line = "\n" not in scalar.text and self._stands_at(scalar)
        at = Position(scalar.at.line, scalar.at.column + (error.at if is_one_line else 0))
        return self.source.error(at, error.what, error.way_out)

    def _stands_at(self, scalar: Scalar) -> bool:
        line = self.source.lines[scalar.at.line - 1] if scalar.at.line <= len(self.source.lines) else ""
        return line[scalar.at.column - 1 :].startswith(scalar.text)

    def literal(self, node: Node, what: str, expected: Type | None = None) -> tuple[Known, Type]:
        """Read a value that names nothing."""
        typed = self.expression(node, NO_NAMES, what, expected)
        if not isinstance(typed, Constant):
            raise self.source.error(
                node.at,
                Phrase("{what} must be a plain value", what=subject(what)),
                Phrase("write a literal such as 1万元, 30天, 60% or 2024-03-01"),
            )
        if isinstance(typed.value, Fraction) and typed.value < 0:
            raise self.source.error(node.at, Phrase("{what} is negative", what=subject(what)), Phrase("write a value of zero or more"))
        return typed.value, typed.type
