"""Cuts an expression into tokens; full-width punctuation and digits are read as their half-width twins."""

import re
import sys
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from rules.builtins import call_pattern, function_called
from rules.durations import read_date_or_duration
from rules.icd import CODE_PATTERN
from rules.keywords import Language, Place, canonical, other
from rules.phrases import Phrase
from rules.quantities import QUANTITY, quantity_of
from rules.refused import refusal_of
from rules.types import SimpleType, Type
from rules.unknown import Known

MAX_LENGTH = 2000
_TWINS = {ord(full): half for full, half in zip("（）＜＞＝，：！＋－＊／％．【】［］“”、×÷–", '()<>=,:!+-*/%.[][]"",*/-', strict=True)}
_TWINS |= {0xFF10 + digit: str(digit) for digit in range(10)}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?!\w)")
_CODE = re.compile(rf"{CODE_PATTERN}(?!\w)")
_NAME = re.compile(r"[^\W\d]\w*")
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_TEXT = re.compile(rf"(?P<at>@)?(?P<quoted>{_QUOTED})")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}
_VERBATIM = re.compile(rf"{_QUOTED}|“[^”]*”|//[^\n]*|/\*.*?\*/", re.DOTALL)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_SYMBOL = re.compile(r"\.\.|\*\*|>=|<=|!=|<>|==|[≥≤≠=<>+\-*/()\[\],.]")
_OPERATOR_WORDS = ("and", "or", "not", "in", "not_in", "between", "if", "then", "else", "some", "every", "satisfies")
_SAME_SYMBOL = {"≥": ">=", "≤": "<=", "≠": "!=", "<>": "!=", "==": "="}


class Kind(StrEnum):
    """What a token is."""

    VALUE = "value"
    NAME = "name"
    WORD = "word"
    FUNCTION = "function"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True)
class Token:
    """A piece of an expression; `text` is canonical for words and symbols."""

    kind: Kind
    text: str
    at: int
    value: Known = ""
    type: Type = SimpleType.TEXT


class ExpressionError(Exception):
    """What is wrong at an offset of an expression, and the way out."""

    def __init__(self, at: int, what: Phrase, way_out: Phrase, nearest: str = "") -> None:
        super().__init__(what)
        self.at, self.what, self.way_out, self.nearest = at, what, way_out, nearest

    def as_json(self) -> dict[str, str | int | None]:
        """Put it as JSON: what is wrong, the way out, the offset in characters, and the nearest name that exists, if any is near."""
        return {"what": self.what, "way_out": self.way_out, "at": self.at, "nearest": self.nearest or None}


def glued_word(name: str) -> str:
    """Find an operator that a name has swallowed because no space stands before it: 且 in 二级且医院性质."""
    return next((word for word in ("不属于", "属于", "介于", "且", "或", "非") if word in name[1:]), "")


def half_width(text: str) -> str:
    """Read full-width punctuation and digits as half-width, character for character; quoted texts and comments stay as they are."""
    pieces, end = [], 0
    for match in _VERBATIM.finditer(text):
        inside = match[0]
        kept = f'"{inside[1:-1].replace(chr(34), chr(39))}"' if inside.startswith("“") else inside
        pieces += [text[end : match.start()].translate(_TWINS), kept]
        end = match.end()
    return "".join([*pieces, text[end:].translate(_TWINS)])


def tokenize(text: str, language: Language) -> list[Token]:
    """Cut a text into tokens, the last of them END.

    Raises:
        ExpressionError: a character or a number that the language does not know.
    """
    return [*(token for token, _ in cut(text, language)), Token(Kind.END, "", len(text))]


def cut(text: str, language: Language) -> list[tuple[Token, int]]:
    """Cut a text into tokens, each with the offset where it ends.

    Raises:
        ExpressionError: a character or a number that the language does not know.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            0, Phrase("the expression has more than {most} characters", most=MAX_LENGTH), Phrase("split it into several rules")
        )
    plain, at = half_width(text), 0
    tokens: list[tuple[Token, int]] = []
    while at < len(plain):
        if plain[at].isspace():
            at += 1
            continue
        if comment := _COMMENT.match(plain, at):
            at = comment.end()
            continue
        token, at = _next_token(plain, at, language)
        tokens.append((token, at))
    return tokens


def _next_token(text: str, at: int, language: Language) -> tuple[Token, int]:
    if match := _DATE.match(text, at):
        return _date_token(match), match.end()
    if match := _CODE.match(text, at):
        return Token(Kind.VALUE, match[0], at, match[0], SimpleType.CODE), match.end()
    if match := QUANTITY.match(text, at):
        return _quantity_token(match), match.end()
    if match := _TEXT.match(text, at):
        return _text_token(match), match.end()
    if match := call_pattern(language).match(text, at):
        return Token(Kind.FUNCTION, function_called(match[0], language), at), match.end()
    if match := _NAME.match(text, at):
        return _word_token(match, language), match.end()
    if match := _SYMBOL.match(text, at):
        return Token(Kind.SYMBOL, _SAME_SYMBOL.get(match[0], match[0]), at), match.end()
    if match := re.compile(r"[\d.]+\w*(?:/\w+)?").match(text, at):
        raise ExpressionError(
            at, Phrase("{match} is no number with a unit", match=match[0]), Phrase("write it like 1万元, 30天, 60%, 100元/天, 6个月")
        )
    if refused := refusal_of(text[at]):
        raise ExpressionError(at, refused.what, refused.way_out)
    raise ExpressionError(
        at, Phrase("the character {text} means nothing here", text=repr(text[at])), Phrase("remove it, or put a text in double quotes")
    )


def _date_token(match: re.Match[str]) -> Token:
    try:
        return Token(Kind.VALUE, match[0], match.start(), date.fromisoformat(match[0]), SimpleType.DATE)
    except ValueError:
        raise ExpressionError(
            match.start(), Phrase("{match} is no day of the calendar", match=match[0]), Phrase("write a date as 2024-03-01")
        ) from None


def _quantity_token(match: re.Match[str]) -> Token:
    quantity = quantity_of(match)
    if quantity is None:
        raise ExpressionError(
            match.start(),
            Phrase("{match} is no number with a unit", match=match[0]),
            Phrase("write it like 1万元, 30天, 60%, 100元/天, 6个月"),
        )
    value, type_ = quantity
    assert isinstance(value, Fraction) or type_ is SimpleType.MONTHS  # noqa: S101 – tells mypy nothing else can be
    return Token(Kind.VALUE, match[0], match.start(), value, type_)


def _text_token(match: re.Match[str]) -> Token:
    text = _ESCAPE.sub(_unescape, match["quoted"][1:-1])
    if not match["at"]:
        return Token(Kind.VALUE, match[0], match.start(), text, SimpleType.TEXT)
    literal = read_date_or_duration(text)
    if literal is None:
        raise ExpressionError(
            match.start(), Phrase("{match} is no date and no duration", match=match[0]), Phrase('write @"2024-03-01", @"P30D" or @"P1Y6M"')
        )
    return Token(Kind.VALUE, match[0], match.start(), *literal)


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) <= sys.maxunicode else "\ufffd"
    return _ESCAPES.get(match[3], match[0])


def _word_token(match: re.Match[str], language: Language) -> Token:
    text, at = match[0], match.start()
    word = canonical(Place.WORD, text, language)
    if word in ("true", "false"):
        return Token(Kind.VALUE, text, at, word == "true", SimpleType.BOOLEAN)
    if word == "null":
        return Token(Kind.WORD, word, at)
    if word == "none":
        return Token(Kind.VALUE, text, at, "", SimpleType.CODE)
    if word is not None:
        return Token(Kind.WORD, word, at)
    foreign = canonical(Place.WORD, text, other(language))
    if foreign in _OPERATOR_WORDS:
        return Token(Kind.WORD, f"!{foreign}", at)
    return Token(Kind.NAME, text, at)
