"""Answers expressions that come as JSON lines, by the parser, the compiler and the operations of the books."""

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction

from domain.errors import InputError
from rules.compiler import Scope, compile_tree
from rules.dynamic import NULL, OpenNames, type_openly
from rules.dynamic_operations import DYNAMIC_OPERATIONS
from rules.feel_json import Json, decode, encode, of_declared_type
from rules.functions_texts import read_number
from rules.keywords import Language
from rules.lexer import ExpressionError
from rules.parser import parse_expression
from rules.phrases import Phrase
from rules.unknown import Null, Unknown, Value

MAX_LINE = 1_000_000
_WAY_OUT = 'send {"expression": "…", "context": {…}, "types": {…}} on each line'


def evaluate(expression: str, context: dict[str, Value], language: Language = "en") -> Value:
    """Answer one expression; what makes no sense is an unknown whose causes say why.

    Raises:
        ExpressionError: the text is no expression, or names what is not given.
        InputError: it takes more work than is allowed.
    """
    tree = type_openly(parse_expression(expression, language), OpenNames(frozenset(context)))
    return compile_tree(tree, DYNAMIC_OPERATIONS)(Scope({**context, NULL: Null(frozenset({NULL}))}, {}))


def answer_lines(lines: Iterable[bytes]) -> Iterator[str]:
    """Answer each line by one line, in order; a bad line is answered by an error, and the rest goes on. Empty lines are left out."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer_bytes(line), ensure_ascii=False)


def _answer_bytes(line: bytes) -> dict[str, Json]:
    try:
        return answer_line(line.decode())
    except UnicodeDecodeError:
        return _failure(Phrase("this line is not UTF-8"), Phrase("send UTF-8 text"))


def answer_line(line: str) -> dict[str, Json]:
    """Answer one request: {"value": …}, with "causes" when it is unknown, or {"error": {…}}."""
    try:
        value = _answer(_request(line))
        answer: dict[str, Json] = {"value": encode(value)}
        return {**answer, "causes": sorted(value.causes)} if isinstance(value, Unknown) else answer  # type: ignore[dict-item]
    except ExpressionError as error:
        return {"error": dict(error.as_json())}
    except InputError as error:
        return _failure(error.what, error.way_out)
    except RecursionError:
        return _failure(Phrase("nested too deeply"), Phrase("say it in flatter terms"))


def _failure(what: str, way_out: str) -> dict[str, Json]:
    return {"error": {"what": what, "way_out": way_out, "at": None, "nearest": None}}


def _request(line: str) -> dict[str, object]:
    if len(line) > MAX_LINE:
        raise InputError(Phrase("a line of more than {most} characters", most=MAX_LINE), Phrase("send less context"))
    try:
        request = json.loads(line, parse_float=read_number, parse_int=read_number, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InputError(Phrase("this line is no JSON"), _WAY_OUT) from error
    if not isinstance(request, dict) or not isinstance(request.get("expression"), str):
        raise InputError(Phrase("this line asks no expression"), _WAY_OUT)
    return request


def _refuse(constant: str) -> Fraction:
    raise InputError(Phrase("{constant} is no number of the language", constant=constant), Phrase("send a decimal number"))


def _answer(request: dict[str, object]) -> Value:
    context, types = ({} if request.get(key) is None else request[key] for key in ("context", "types"))
    language = request.get("language", "en")
    if not isinstance(context, dict) or not isinstance(types, dict) or language not in ("zh", "en"):
        raise InputError(Phrase("context and types are objects, and language is zh or en"), _WAY_OUT)
    values = {name: of_declared_type(decode(written, name), types.get(name), name) for name, written in context.items()}
    return evaluate(str(request["expression"]), values, "zh" if language == "zh" else "en")
