"""What a caller knows about a claim, checked and brought into the values of the language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from domain.errors import InputError
from rules.elements import complete_lines
from rules.icd import is_code
from rules.keywords import Place, written
from rules.model import Book, Element
from rules.phrases import Phrase
from rules.source import suggest
from rules.types import DAYS, MONEY, EnumType, ListType, NumberType, SimpleType, describe
from rules.unknown import NO_CODE, Items, Known, Record, Unknown, Value

PlainValue = int | str | bool | date | Fraction | None
ElementValue = PlainValue | Sequence[PlainValue | Mapping[str, PlainValue]]  # a list holds single values, or lines by field name
MAX_FEN = 10**15
MAX_LINES = 5_000
MAX_DAYS = 40_000
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def to_values(book: Book, elements: Mapping[str, ElementValue]) -> dict[str, Value]:
    """Bring all elements of a book into the language; what is missing is its default, or unknown.

    Money is an `int` of fen, days an `int`, 无 of a disease code is "无"; None is missing. A list of lines is a list of
    mappings from field to value.

    Raises:
        InputError: a name the book does not have, or a value that does not fit its type.
    """
    for name in elements:
        if name not in book.elements:
            raise InputError(
                Phrase("{product} has no element {name}", product=book.product, name=name),
                suggest(name, list(book.elements), Phrase("element")),
                field=name,
            )
    return {name: _to_value(book, element, elements.get(name)) for name, element in book.elements.items()}


def fits(book: Book, name: str, given: ElementValue) -> bool:
    """Tell whether a value may be given for an element of a book."""
    try:
        _to_value(book, book.elements[name], given)
    except InputError:
        return False
    return True


def missing_value(element: Element) -> Value:
    """Give what stands for an element that nobody told: its default, or unknown within what its type allows."""
    if element.default is not None:
        return element.default
    is_amount = element.type in (MONEY, DAYS)
    return Unknown(frozenset({element.name}), Fraction(0) if is_amount else None)


def _to_value(book: Book, element: Element, given: ElementValue) -> Value:
    if given is None:
        return missing_value(element)
    value = _convert(book, element, given)
    if value is None:
        what = Phrase("element {element} is {type}, not {given}", element=element.name, type=describe(element.type), given=repr(given))
        raise InputError(what, _expectation(book, element), field=element.name)
    return value


def _convert(book: Book, element: Element, given: ElementValue) -> Known | None:
    type_ = element.type
    if isinstance(type_, ListType):
        return _convert_list(book, element, type_, given)
    if isinstance(given, (list, tuple)) or not isinstance(given, (int, str, date, Fraction)):
        return None
    if isinstance(type_, EnumType):
        return given if isinstance(given, str) and given in type_.values else None
    if isinstance(type_, NumberType):
        return _convert_number(type_, given)
    if type_ is SimpleType.BOOLEAN:
        return given if isinstance(given, bool) else None
    if type_ is SimpleType.DATE:
        return _convert_date(given)
    if not isinstance(given, str):
        return None
    if type_ is SimpleType.CODE:
        none = written(Place.WORD, "none", book.language)
        return NO_CODE if given == none else given if is_code(given) else None
    return given


def _convert_list(book: Book, element: Element, type_: ListType, given: ElementValue) -> Items | None:
    if not isinstance(given, (list, tuple)) or len(given) > MAX_LINES:
        return None
    if not element.fields:
        single = Element(element.name, type_.item, element.at)
        return Items(tuple(_to_value(book, single, item) for item in given))
    if not all(isinstance(item, Mapping) for item in given):
        return None
    return complete_lines(element, Items(tuple(_convert_line(book, element, item) for item in given)))


def _convert_line(book: Book, element: Element, line: Mapping[str, PlainValue]) -> Record:
    fields = {each.name: each for each in element.fields}
    for name in line:
        if name not in fields:
            raise InputError(
                Phrase("a line of {element} has no field {name}", element=element.name, name=name),
                suggest(name, list(fields), Phrase("field")),
                field=element.name,
            )
    return Record(tuple((name, _to_value(book, fields[name], value)) for name, value in line.items() if value is not None))


def _convert_date(given: int | str | date | Fraction) -> date | None:
    # A datetime is a date to Python; the time of day would be lost without a word.
    if not isinstance(given, date) or isinstance(given, datetime):
        return None
    return given if FIRST_DAY <= given <= LAST_DAY else None


def _convert_number(type_: NumberType, given: int | str | date | Fraction) -> Fraction | None:
    if isinstance(given, bool) or not isinstance(given, (int, Fraction)):
        return None
    if isinstance(given, Fraction) and type_ != NumberType():
        return None
    most = MAX_DAYS if type_ == DAYS else MAX_FEN
    number = Fraction(given)
    return number if 0 <= number <= most else None


def _expectation(book: Book, element: Element) -> Phrase:
    type_ = element.type
    if isinstance(type_, ListType):
        if element.fields:
            return Phrase("give a list of at most {most} mappings from field to value", most=MAX_LINES)
        return Phrase("give a list of at most {most} values of {type}", most=MAX_LINES, type=describe(type_.item))
    if isinstance(type_, EnumType):
        return Phrase("give one of {values}", values="、".join(type_.values))
    if type_ == MONEY:
        return Phrase("give whole fen as an int from 0 to {most}", most=MAX_FEN)
    if type_ == DAYS:
        return Phrase("give whole days as an int from 0 to {most}", most=MAX_DAYS)
    if isinstance(type_, NumberType):
        return Phrase("give an int or a Fraction of zero or more")
    if type_ is SimpleType.CODE:
        return Phrase("give a code such as K35.8, or {none}", none=written(Place.WORD, "none", book.language))
    if type_ is SimpleType.DATE:
        return Phrase("give a date from {first} to {last}", first=FIRST_DAY, last=LAST_DAY)
    return Phrase("give True or False") if type_ is SimpleType.BOOLEAN else Phrase("give a text")


def to_plain(book: Book, element: Element, value: Known) -> ElementValue:
    """Turn a value of the language back into what `adjudicate` takes."""
    if isinstance(value, Items):
        return [_item_to_plain(book, element, item) for item in value.values]
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return int(value)
        if element.type in (MONEY, DAYS):
            raise InputError(
                Phrase("{element} has a fraction of 分 or of a day", element=element.name),
                Phrase("give whole 分 and whole days"),
                field=element.name,
            )
        return value
    if element.type is SimpleType.CODE and value == NO_CODE:
        return written(Place.WORD, "none", book.language)
    assert isinstance(value, (bool, date, str))  # noqa: S101 – no element holds a code set or months
    return value


def _item_to_plain(book: Book, element: Element, item: Value) -> PlainValue | dict[str, PlainValue]:
    if isinstance(item, Record):
        fields = {each.name: each for each in element.fields}
        return {name: _single(book, fields[name], value) for name, value in item.fields}
    assert isinstance(element.type, ListType)  # noqa: S101 – only lists hold items
    return _single(book, Element(element.name, element.type.item, element.at), item)


def _single(book: Book, element: Element, value: Value) -> PlainValue:
    plain = None if isinstance(value, Unknown) else to_plain(book, element, value)
    assert plain is None or isinstance(plain, (int, str, date, Fraction))  # noqa: S101 – no list lies in a list
    return plain
