"""What an editor offers while a book is written (补全): the words of the language, and the names that the book itself declares."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.builtins import BUILTINS, name_of
from rules.keyword_reference import TYPES, homes_of
from rules.keywords import Language, Place, all_written, canonical, written
from rules.medical_base import MedicalBase
from rules.model import Book, Element
from rules.step_entries import ENTRIES
from rules.steps import READERS
from rules.telling import tell
from rules.type_words import type_words
from rules.types import EnumType, SimpleType

_VALUE_PLACES = (Place.PERIOD, Place.ROUNDING, Place.BENEFIT, Place.COVER, Place.OUTCOME)


@dataclass(frozen=True)
class Word:
    """One thing to offer. `kind`: key, step, word, function, type, value, element, parameter, rule, responsibility, plan, set or clause."""

    label: str
    kind: str
    detail: str = ""
    info: str = ""
    values: tuple[str, ...] = ()  # what an element of few values may be
    of: str = ""  # the element whose field it is


def words_of_language(language: Language, told: Language) -> tuple[Word, ...]:
    """List the keywords, steps, types and built-ins of a keyword language, explained in the language of whoever writes."""
    return (*_keys(language, told), *_steps(language, told), *_words(language, told), *_functions(language, told))


def words_of_book(book: Book, base: MedicalBase, told: Language) -> tuple[Word, ...]:
    """List the names that a book declares, and the code sets it may name; their types are named in the language of whoever writes."""
    elements = [word for each in book.elements.values() for word in _element(each, book.language, told)]
    kinds = {name: type_words(each.type, told) for plan in book.plans.values() for name, each in plan.parameters.items()}
    return (
        *elements,
        *(Word(name, "parameter", kind) for name, kind in kinds.items()),
        *(Word(each.name, "rule", each.clause) for each in book.rules.values()),
        *(Word(each.name, "responsibility") for each in book.responsibilities.values()),
        *(Word(each.name, "plan") for each in book.plans.values()),
        *(Word(name, "set") for name in base.sets),
        *(Word(each.number, "clause", info=each.text) for each in book.clauses.values()),
    )


def _keys(language: Language, told: Language) -> Iterable[Word]:
    for text in all_written(Place.KEY, language):
        word = str(canonical(Place.KEY, text, language))
        if word not in READERS:
            homes = homes_of(word)
            yield Word(text, "key", "、".join(zh for zh, _ in homes) if told == "zh" else "; ".join(en for _, en in homes))


def _steps(language: Language, told: Language) -> Iterable[Word]:
    for kind in READERS:
        entry = ENTRIES[kind]
        yield Word(written(Place.KEY, kind, language), "step", info=_without_marks(entry.zh if told == "zh" else entry.en))


def _words(language: Language, told: Language) -> Iterable[Word]:
    for text in all_written(Place.WORD, language):
        yield Word(text, "word")
    for text in all_written(Place.TYPE, language):
        example, told_zh, told_en = TYPES[str(canonical(Place.TYPE, text, language))]
        yield Word(text, "type", example, _without_marks(told_zh if told == "zh" else told_en))
    for place in _VALUE_PLACES:
        for text in all_written(place, language):
            yield Word(text, "value")


def _without_marks(text: str) -> str:
    """Take the marks off that set keywords apart on the pages of the reference."""
    return text.replace("`", "")


def _functions(language: Language, told: Language) -> Iterable[Word]:
    for name, each in BUILTINS.items():
        yield Word(name_of(name, language), "function", tell(each.expects(language), told), tell(each.told, told))


def _element(element: Element, language: Language, told: Language) -> Iterable[Word]:
    yield Word(element.name, "element", type_words(element.type, told), element.ask_for, _values(element, language))
    for field in element.fields:
        yield Word(field.name, "element", type_words(field.type, told), values=_values(field, language), of=element.name)


def _values(element: Element, language: Language) -> tuple[str, ...]:
    if element.type is SimpleType.BOOLEAN:
        return tuple(written(Place.WORD, word, language) for word in ("true", "false"))
    return tuple(element.type.values) if isinstance(element.type, EnumType) else ()
