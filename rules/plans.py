"""Layer four, plans (方案): which responsibilities, with which parameters, from which date; one plan may derive from another."""

from dataclasses import dataclass

from domain.assessment import Benefit
from rules.elements import read_value
from rules.keywords import Place, written
from rules.model import Element, Parameter, Plan, PlanTest, Responsibility
from rules.parameters import read_parameters
from rules.phrases import Phrase
from rules.reading import Fields, Reading
from rules.strict_yaml import Node, Scalar
from rules.types import SimpleType
from rules.unknown import Value

KEYS = ("basis", "year_from", "loss_date", "based_on", "responsibilities", "parameters", "benefit", "tests")
TEST_KEYS = ("name", "given", "same_as", "change", "after", "gives")
_BENEFITS = {"indemnity": Benefit.INDEMNITY, "fixed": Benefit.FIXED, "proportional": Benefit.PROPORTIONAL, "waiver": Benefit.WAIVER}
_DEFAULT_NAMES = {"year_from": ("保单生效日", "policy_start"), "loss_date": ("出险日", "loss_date")}  # names outlive a translation


@dataclass(frozen=True)
class PlanDraft:
    """A plan whose keywords are read and whose ancestors are known, before its names are looked up."""

    name: Scalar
    fields: Fields  # of this plan alone, over those of its ancestors
    own: Fields
    parameters: dict[str, Parameter]


def read_drafts(reading: Reading, node: Node) -> dict[str, PlanDraft]:
    """Read every plan's keywords and parameters, and lay each over the plan it is based on."""
    nodes = {name.text: (name, body) for name, body in reading.mapping(node, "方案").entries}
    own: dict[str, Fields] = {}
    parameters: dict[str, dict[str, Parameter]] = {}
    for text, (name, body) in nodes.items():
        with reading.problems.collect():
            own[text] = reading.fields(body, KEYS, Phrase("plan {name}", name=name.text))
            parameters[text] = read_parameters(reading, own[text]["parameters"][1]) if "parameters" in own[text] else {}
    drafts: dict[str, PlanDraft] = {}
    for text in own:
        with reading.problems.collect():
            fields: Fields = {}
            merged: dict[str, Parameter] = {}
            for ancestor in _lineage(reading, text, own):
                fields |= {word: pair for word, pair in own[ancestor].items() if word not in ("based_on", "tests")}
                merged |= parameters[ancestor]
            drafts[text] = PlanDraft(nodes[text][0], fields, own[text], merged)
    return drafts


def _lineage(reading: Reading, name: str, own: dict[str, Fields]) -> list[str]:
    """List a plan's ancestors, the oldest first and the plan itself last."""
    line = [name]
    while "based_on" in own[line[0]]:
        parent = reading.scalar(own[line[0]]["based_on"][1], "基于")
        if parent.text not in own:
            raise reading.unknown_name(parent, list(own), Phrase("plan"))
        if parent.text in line:
            raise reading.source.error(
                parent.at,
                Phrase("plans derive from one another in a circle: {listed}", listed=" ← ".join([parent.text, *line])),
                Phrase("let one stand alone"),
            )
        line.insert(0, parent.text)
    return line


def read_plan(
    reading: Reading, draft: PlanDraft, elements: dict[str, Element], responsibilities: dict[str, Responsibility], declared: set[str]
) -> Plan:
    """Look up a plan's names."""
    what = Phrase("plan {name}", name=draft.name.text)
    if "responsibilities" not in draft.fields:
        word = written(Place.KEY, "responsibilities", reading.language)
        raise reading.source.error(
            draft.name.at, Phrase("{what} has no {word}", what=what, word=word), Phrase("add {word}: [one, another]", word=word)
        )
    listed = [reading.scalar(item, "责任") for item in reading.sequence(draft.fields["responsibilities"][1], "责任").items]
    for scalar in listed:
        if scalar.text not in declared:
            raise reading.unknown_name(scalar, sorted(declared), Phrase("responsibility"))
        if scalar.text in {each.text for each in listed[: listed.index(scalar)]}:
            raise reading.source.error(scalar.at, Phrase("{word} stands twice", word=scalar.text), Phrase("keep one of the two"))
    # One in error is already reported; the book will not load, but the rest of the plan is still worth checking.
    names = tuple(scalar.text for scalar in listed)
    return Plan(
        name=draft.name.text,
        basis=_read_basis(reading, draft, elements),
        year_from=_read_date_name(reading, draft, "year_from", elements),
        loss_date=_read_date_name(reading, draft, "loss_date", elements),
        responsibilities=tuple(name for name in names if name in responsibilities),
        benefits=_read_benefits(reading, draft, names),
        parameters=draft.parameters,
        tests=_read_tests(reading, draft, elements, names),
        at=draft.name.at,
    )


def _read_basis(reading: Reading, draft: PlanDraft, elements: dict[str, Element]) -> str:
    if "basis" in draft.fields:
        return _date_element(reading, reading.scalar(draft.fields["basis"][1], "基准日"), elements)
    dated = next((each for each in draft.parameters.values() if each.values[0][0] is not None), None)
    if dated is not None:
        word = written(Place.KEY, "basis", reading.language)
        what = Phrase("{dated} changes on dates, but plan {plan} has no {word}", dated=dated.name, plan=draft.name.text, word=word)
        raise reading.source.error(dated.at, what, Phrase("name the date that selects its value: {word}: element", word=word))
    return ""


def _read_date_name(reading: Reading, draft: PlanDraft, word: str, elements: dict[str, Element]) -> str:
    if word in draft.fields:
        key, node = draft.fields[word]
        return _date_element(reading, reading.scalar(node, key.text), elements)
    dates = [name for name in _DEFAULT_NAMES[word] if name in elements and elements[name].type is SimpleType.DATE]
    return dates[0] if dates else ""


def _date_element(reading: Reading, scalar: Scalar, elements: dict[str, Element]) -> str:
    dates = [name for name, element in elements.items() if element.type is SimpleType.DATE]
    if scalar.text not in dates:
        raise reading.unknown_name(scalar, dates, Phrase("element of 类型: 日期"))
    return scalar.text


def _read_benefits(reading: Reading, draft: PlanDraft, names: tuple[str, ...]) -> dict[str, Benefit]:
    benefits = dict.fromkeys(names, Benefit.INDEMNITY)
    if "benefit" in draft.fields:
        for name, node in reading.mapping(draft.fields["benefit"][1], "给付").entries:
            if name.text not in benefits:
                raise reading.unknown_name(name, list(names), Phrase("responsibility of this plan"))
            benefits[name.text] = _BENEFITS[reading.keyword(node, Place.BENEFIT, "给付")]
    return benefits


def _read_tests(reading: Reading, draft: PlanDraft, elements: dict[str, Element], names: tuple[str, ...]) -> tuple[PlanTest, ...]:
    if "tests" not in draft.own:
        return ()
    tests: list[PlanTest] = []
    for item in reading.sequence(draft.own["tests"][1], "测试").items:
        with reading.problems.collect():
            tests.append(_read_test(reading, item, elements, names))
    return tuple(tests)


def _read_test(reading: Reading, node: Node, elements: dict[str, Element], names: tuple[str, ...]) -> PlanTest:
    fields = reading.fields(node, TEST_KEYS, Phrase("a test"), required=("name", "gives"))
    given: dict[str, Value | None] = {}
    for word in ("given", "change"):
        if word in fields:
            given |= read_given(reading, fields[word][1], elements)
    expected = []
    for name, answer in reading.mapping(fields["gives"][1], "得").entries:
        if name.text not in names:
            raise reading.unknown_name(name, list(names), Phrase("responsibility of this plan"))
        expected.append((name.text, reading.answer(answer, "得")))
    at = reading.scalar(fields["name"][1], "名").at
    return PlanTest(
        reading.text(fields, "name"), reading.text(fields, "same_as"), reading.text(fields, "after"), given, tuple(expected), at
    )


def read_given(reading: Reading, node: Node, elements: dict[str, Element]) -> dict[str, Value | None]:
    """Read the elements a test gives; 缺 is None: not given."""
    given: dict[str, Value | None] = {}
    for name, body in reading.mapping(node, "给").entries:
        if name.text not in elements:
            raise reading.unknown_name(name, list(elements), Phrase("element"))
        is_missing = reading.is_word(body, "missing")
        given[name.text] = None if is_missing else read_value(reading, body, elements[name.text].type, name.text)
    return given
