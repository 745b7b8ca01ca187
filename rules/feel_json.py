"""Values as JSON lines carry them: {"$n": "1.5"}, {"$d": "2020-01-01"}, {"$dur": "P3D"}, {"$c": {…}}, and plain JSON."""

from datetime import date
from fractions import Fraction

from domain.errors import InputError
from rules.durations import read_date, read_duration, write_days, write_months
from rules.dynamic_values import with_unit
from rules.figures import show
from rules.functions_texts import read_number, write_number
from rules.phrases import Phrase
from rules.types import DAYS, describe
from rules.unknown import Items, Months, Null, Quantity, Record, Span, Unknown, Value

MAX_DEPTH = 30
Json = None | bool | int | str | Fraction | list["Json"] | dict[str, "Json"]


def decode(written: object, name: str, depth: int = 0) -> Value:
    """Read a value; null is FEEL's null, and `name` is its cause.

    Raises:
        InputError: it is written in no way this page knows.
    """
    if depth > MAX_DEPTH:
        raise InputError(Phrase("{name} is nested deeper than {most} levels", name=name, most=MAX_DEPTH), Phrase("send flatter values"))
    if written is None:
        return Null(frozenset({name}))
    if isinstance(written, (bool, str, Fraction)):
        return written
    if isinstance(written, int):
        return Fraction(written)
    if isinstance(written, list):
        return Items(tuple(decode(each, name, depth + 1) for each in written))
    if isinstance(written, dict) and len(written) == 1:
        ((tag, inner),) = written.items()
        if tag == "$c" and isinstance(inner, dict):
            return Record(tuple((str(key), decode(each, f"{name}.{key}", depth + 1)) for key, each in inner.items()))
        if isinstance(inner, str):
            return _tagged(tag, inner, name)
    raise InputError(
        Phrase("{name} is no value", name=name),
        Phrase('write {"$n": "1.5"}, {"$d": "2020-01-01"}, {"$dur": "P3D"}, {"$c": {…}} or plain JSON'),
    )


def _tagged(tag: str, text: str, name: str) -> Value:
    if tag == "$n":
        return read_number(text)
    day, duration = read_date(text), read_duration(text)
    if tag == "$d" and day is not None:
        return day
    if tag == "$dur" and duration is not None:
        return with_unit(*duration)
    if tag in ("$t", "$dt"):
        raise InputError(Phrase("{name} is a time of day", name=name), Phrase("claims are judged by days: send a date"))
    raise InputError(
        Phrase("{name} is {tag} {text}, which cannot be read", name=name, tag=tag, text=repr(text[:40])),
        Phrase("write a number, a day or a duration"),
    )


def encode(value: Value) -> Json:
    """Write a value; an unknown is null.

    Raises:
        InputError: the value has no form in JSON, such as a range.
    """
    match value:
        case Unknown():
            return None
        case bool() | str():
            return value
        case Fraction():
            return {"$n": write_number(value)}
        case date():
            return {"$d": value.isoformat()}
        case Months():
            return {"$dur": write_months(value)}
        case Quantity(number=number, unit=unit):
            return {"$dur": write_days(number)} if unit == DAYS else {"$q": show(number, unit), "unit": describe(unit)}
        case Items():
            return [encode(each) for each in value.values]
        case Record():
            return {"$c": {name: encode(each) for name, each in value.fields}}
        case Span():
            opening, closing = "[" if value.with_low else "(", "]" if value.with_high else ")"
            return {"$r": [opening, encode(value.low), encode(value.high), closing]}
    raise InputError(Phrase("a set of codes is no answer"), Phrase("ask whether a code lies in it"))


def of_declared_type(value: Value, declared: object, name: str) -> Value:
    """Hold a value against the simple type it was declared with; one of another type is unknown, as in FEEL."""
    test = _DECLARED.get(declared) if isinstance(declared, str) else None
    if test is None or isinstance(value, Unknown) or test(value):
        return value
    return Unknown(frozenset({f"{name} is no {declared}"}))


_DECLARED = {
    "number": lambda value: isinstance(value, Fraction),
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "date": lambda value: isinstance(value, date),
    "years and months duration": lambda value: isinstance(value, Months),
    "days and time duration": lambda value: isinstance(value, Quantity) and value.unit == DAYS,
}
