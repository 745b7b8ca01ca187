"""Names a type in a language, for the hints of an editor; messages name it as `describe` does, in the units that books write."""

from rules.keywords import Language
from rules.types import EnumType, ListType, NumberType, RecordType, SimpleType, Type, describe

_ENGLISH = {
    SimpleType.BOOLEAN: "true or false",
    SimpleType.DATE: "date",
    SimpleType.MONTHS: "months",
    SimpleType.CODE: "ICD-10 code",
    SimpleType.CODES: "set of ICD-10 codes",
    SimpleType.TEXT: "text",
    SimpleType.RANGE: "range",
    SimpleType.ANY: "anything",
    SimpleType.NOTHING: "nothing",
}


def type_words(type_: Type, language: Language) -> str:
    """Name a type: 元/天 and 序列 一级|二级 in Chinese, yuan/day and ordered 一级|二级 in English; an author's own words stay."""
    if language == "zh":
        return describe(type_)
    if isinstance(type_, SimpleType):
        return _ENGLISH[type_]
    if isinstance(type_, EnumType):
        return ("ordered " if type_.ordered else "one of ") + "|".join(type_.values)
    if isinstance(type_, ListType):
        return f"list of {type_words(type_.item, language)}"
    if isinstance(type_, RecordType):
        return "lines of " + "|".join(name for name, _ in type_.fields)
    return "number" if type_ == NumberType() else describe(type_).replace("元", "yuan").replace("天", "day" if type_.yuan else "days")
