"""What must hold between the layers of a book, once each layer is read."""

from collections.abc import Mapping

from rules.accounts import PERIOD_NEEDS, check_shared_accounts
from rules.chains import check_chains
from rules.coverage import find_table_faults
from rules.keywords import Place, canonical, written
from rules.lexer import ExpressionError, Kind, tokenize
from rules.model import Book, Plan, PlanTest, all_steps
from rules.phrases import Phrase
from rules.reading import Reading
from rules.source import Position, suggest
from rules.typed import Table, Typed, names_of
from rules.types import EnumType
from rules.unknown import Known
from rules.wholeness import Wholeness


def check_book(reading: Reading, book: Book, heads: Mapping[str, tuple[Typed, ...]]) -> None:
    """Note every fault between the layers."""
    _check_names(reading, book)
    check_chains(reading, book)
    for plan in book.plans.values():
        _check_parameters_present(reading, book, plan)
        _check_periods(reading, book, plan)
        for test in plan.tests if not reading.problems.found else ():
            with reading.problems.collect():
                _check_test_links(reading, book, plan, test)
    for name, columns in heads.items():
        if name in book.rules:
            _check_table(reading, book, name, columns)
    check_shared_accounts(reading, book.responsibilities)
    wholeness = Wholeness(book.elements, book.rules, book.plans)
    for responsibility in book.responsibilities.values():
        if not wholeness.ends_whole(responsibility):
            word = f"{written(Place.KEY, 'round', book.language)}: {written(Place.ROUNDING, 'to_fen', book.language)} …"
            what = Phrase("the calculation of {responsibility} may end in fractions of 分", responsibility=responsibility.name)
            _note(reading, responsibility.steps[-1].at, what, Phrase("say where the contract rounds: - {word}", word=word))


def _note(reading: Reading, at: Position, what: Phrase, way_out: Phrase) -> None:
    with reading.problems.collect():
        raise reading.source.error(at, what, way_out)


def _check_names(reading: Reading, book: Book) -> None:
    places = {name: rule.at for name, rule in book.rules.items()}
    parameters = {name: each.at for plan in book.plans.values() for name, each in plan.parameters.items()}
    elements = {name: element.at for name, element in book.elements.items()}
    for name, at in {**elements, **parameters, **places}.items():
        _check_is_a_name(reading, name, at)
    for name, at in parameters.items():
        if name in book.elements:
            _note(reading, at, Phrase("{name} is an element and a parameter", name=name), Phrase("rename one of the two"))
    for name, rule in book.rules.items():
        if name in book.elements or name in parameters:
            _note(reading, rule.at, Phrase("{name} is a rule and an element or parameter", name=name), Phrase("rename one of the two"))
    values = {value: name for name, each in book.elements.items() if isinstance(each.type, EnumType) for value in each.type.values}
    for name, at in {**parameters, **places}.items():
        if name in values:
            _note(
                reading,
                at,
                Phrase("{name} is already a value of the element {element}", name=name, element=values[name]),
                Phrase("rename it, so that an expression cannot mean both"),
            )


def _check_is_a_name(reading: Reading, name: str, at: Position) -> None:
    try:
        tokens = tokenize(name, reading.language)
    except ExpressionError:
        tokens = []
    if len(tokens) != 2 or tokens[0].kind is not Kind.NAME or canonical(Place.WORD, name, reading.language):
        _note(
            reading,
            at,
            Phrase("{name} cannot be a name", name=name),
            Phrase("use letters, digits and _, no keyword, and not the shape of a disease code"),
        )


def _check_parameters_present(reading: Reading, book: Book, plan: Plan) -> None:
    known = {**book.elements, **plan.parameters}
    for name in plan.responsibilities:
        for missing in sorted(book.needed[name] - set(known) - reading.broken):
            what = Phrase("plan {plan} has no parameter {missing}, which {name} needs", plan=plan.name, missing=missing, name=name)
            _note(reading, plan.at, what, Phrase("add {missing} to its 参数, or derive it from a plan that has it", missing=missing))


def _check_periods(reading: Reading, book: Book, plan: Plan) -> None:
    for name in plan.responsibilities:
        for step in all_steps(book.responsibilities[name].steps):
            needs = PERIOD_NEEDS.get(step.per, ())
            for word in needs:
                if not getattr(plan, word):
                    keyword = written(Place.KEY, word, book.language)
                    what = Phrase(
                        "{name} counts by {per}, but plan {plan} has no {keyword}",
                        name=name,
                        per=written(Place.PERIOD, step.per, book.language),
                        plan=plan.name,
                        keyword=keyword,
                    )
                    _note(reading, step.at, what, Phrase("name a date element in the plan: {keyword}: …", keyword=keyword))


def _check_test_links(reading: Reading, book: Book, plan: Plan, test: PlanTest) -> None:
    for link in (test.same_as, test.after):
        trail, here = [f"{plan.name}/{test.name}"], (plan, test)
        while link:
            found = find_test(book, here[0], link)
            if found is None:
                known = [each.name for each in plan.tests] + [f"{p.name}/{t.name}" for p in book.plans.values() for t in p.tests]
                raise reading.source.error(here[1].at, Phrase("there is no test {link}", link=link), suggest(link, known, Phrase("test")))
            address = f"{found[0].name}/{found[1].name}"
            if address in trail:
                raise reading.source.error(
                    test.at,
                    Phrase("tests refer to one another in a circle: {listed}", listed=" → ".join([*trail, address])),
                    Phrase("let one stand alone"),
                )
            trail.append(address)
            here, link = found, found[1].same_as if link == test.same_as else found[1].after


def find_test(book: Book, plan: Plan, link: str) -> tuple[Plan, PlanTest] | None:
    """Find a test by its name in the same plan, or by "plan/name" anywhere in the book."""
    for each in plan.tests:
        if each.name == link:
            return plan, each
    for other in book.plans.values():
        for each in other.tests:
            if f"{other.name}/{each.name}" == link:
                return other, each
    return None


def _check_table(reading: Reading, book: Book, name: str, heads: tuple[Typed, ...]) -> None:
    table = book.rules[name].general
    if not isinstance(table, Table):
        return
    named: set[str] = set()
    for row in table.rows:
        for condition in row.conditions:
            named |= names_of(condition)[0]
    needed = named - set(book.elements)
    for values in _parameter_values(book, needed):
        for at, what, way_out in find_table_faults(table, heads, values):
            _note(reading, at, what, way_out)


def _parameter_values(book: Book, needed: set[str]) -> list[dict[str, Known]]:
    if not needed:
        return [{}]
    plans = [plan for plan in book.plans.values() if needed <= set(plan.parameters)]
    return [{name: plan.parameters[name].values[-1][1] for name in needed} for plan in plans]
