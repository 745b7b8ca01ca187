"""Reads the inline tests of rules: elements and parameters as given, and the answer."""

from rules.elements import complete_lines, read_value
from rules.keywords import Place, written
from rules.model import Element, RuleTest
from rules.phrases import Phrase
from rules.reading import Reading
from rules.strict_yaml import Mapping, Node, Scalar
from rules.types import Type
from rules.unknown import Items, Value

KEYS = ("gives",)  # besides names


def read_rule_tests(
    reading: Reading, nodes: dict[str, tuple[Scalar, Node]], elements: dict[str, Element], parameters: dict[str, Type]
) -> tuple[tuple[str, RuleTest], ...]:
    """Read the tests of every rule, in order."""
    word = written(Place.KEY, "tests", reading.language)
    found: list[tuple[str, RuleTest]] = []
    for name, (_, body) in nodes.items():
        tests = body.get(word) if isinstance(body, Mapping) else None
        for item in reading.sequence(tests, word).items if tests is not None else ():
            with reading.problems.collect():
                found.append((name, _read_rule_test(reading, item, elements, parameters)))
    return tuple(found)


def _read_rule_test(reading: Reading, node: Node, elements: dict[str, Element], parameters: dict[str, Type]) -> RuleTest:
    types = {**parameters, **{name: element.type for name, element in elements.items()}}
    given: dict[str, Value] = {}
    expected = ""
    for name, body in reading.mapping(node, Phrase("a test")).entries:
        if reading.key_word(name, KEYS):
            expected = reading.answer(body, name.text).text
        elif name.text not in types:
            raise reading.unknown_name(name, list(types), Phrase("element or parameter"))
        elif not reading.is_word(body, "missing"):
            value = read_value(reading, body, types[name.text], name.text)
            given[name.text] = complete_lines(elements[name.text], value) if isinstance(value, Items) else value
    if not expected:
        word = written(Place.KEY, "gives", reading.language)
        raise reading.source.error(node.at, Phrase("the test has no {word}", word=word), Phrase("add {word}: the answer", word=word))
    return RuleTest(given, expected, node.at)
