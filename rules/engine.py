"""Applies a plan of a book to what is known about a claim: the one entry to the rule engine."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from domain.assessment import AccumulatorKey, Assessment, Outcome, ResponsibilityResult, UnknownCause
from domain.errors import InputError, MingbaiError, RuleBookError
from domain.money import format_fen
from rules.assess import Run, run_responsibility
from rules.codegen.pieces import LEFT
from rules.completions import single_changes, try_completions
from rules.dated_parameters import basis_text, select_parameters
from rules.figures import show
from rules.model import Book, Plan, Responsibility, all_steps
from rules.phrases import Phrase
from rules.source import suggest
from rules.suppositions import payer_of
from rules.unknown import Known, Value
from rules.values import ElementValue, to_values


def adjudicate(
    book: Book,
    plan: str,
    elements: Mapping[str, ElementValue],
    used: Mapping[AccumulatorKey, Fraction],
    *,
    is_told: bool = True,
) -> Assessment:
    """Answer every responsibility of a plan.

    Money is given in whole fen, days as `int`, 无 as "无"; an element that is None or not given is its declared
    default, or unknown. `used` says how much earlier claims have used of each accumulator of this contract. Without
    `is_told` the reasons, the lines and the what-if are left out.

    Raises:
        RuleBookError: the book has no such plan, or its rules contradict one another on this claim.
        InputError: an element the book does not have, or a value that does not fit its type.
    """
    chosen = find_plan(book, plan)
    _check_used(used)
    values = to_values(book, elements)
    needed = frozenset().union(*(book.needed[name] for name in chosen.responsibilities))
    values |= select_parameters(book, chosen, values, needed)
    return Assessment(book.product, plan, book.sha256, basis_text(chosen, values), _answer_all(book, chosen, values, used, is_told=is_told))


def _answer_all(
    book: Book, plan: Plan, values: dict[str, Value], used: Mapping[AccumulatorKey, Fraction], *, is_told: bool
) -> tuple[ResponsibilityResult, ...]:
    """Answer the responsibilities in the plan's order: what one uses of a shared account is gone for the next."""
    used, doubtful = dict(used), dict[str, frozenset[str]]()
    results = []
    for name in plan.responsibilities:
        responsibility = book.responsibilities[name]
        result = _answer(book, plan, responsibility, values, used, doubtful, is_told=is_told)
        results.append(result)
        for use in result.uses:
            used[use.key] = used.get(use.key, Fraction(0)) + use.used_now
        if result.outcome is Outcome.UNKNOWN and result.high_fen != 0:
            causes = frozenset(cause.element for cause in result.unknowns)
            for step in all_steps(responsibility.steps):
                if step.shared:
                    doubtful[step.shared] = doubtful.get(step.shared, frozenset()) | causes
    return tuple(results)


def find_plan(book: Book, name: str) -> Plan:
    """Find a plan of a book.

    Raises:
        RuleBookError: there is none of that name.
    """
    plan = book.plans.get(name)
    if plan is None:
        raise RuleBookError(
            Phrase("{product} has no plan {name}", product=book.product, name=name), suggest(name, list(book.plans), Phrase("plan"))
        )
    return plan


def _check_used(used: Mapping[AccumulatorKey, Fraction]) -> None:
    for key, amount in used.items():
        if amount < 0:
            raise InputError(
                Phrase("the accumulator {key} ({period}) has {amount} used", key=key.name, period=key.period, amount=amount),
                Phrase("give what earlier claims used, zero or more"),
            )


def _answer(
    book: Book,
    plan: Plan,
    responsibility: Responsibility,
    values: dict[str, Value],
    used: Mapping[AccumulatorKey, Fraction],
    doubtful: Mapping[str, frozenset[str]],
    *,
    is_told: bool,
) -> ResponsibilityResult:
    def suppose(known: dict[str, Value], *, is_told: bool = False) -> Run:
        # Rules that contradict one another on a claim that is only supposed must not stop the real one.
        try:
            return run_responsibility(book, plan, responsibility, known, used, doubtful=doubtful, is_told=is_told)
        except MingbaiError:
            return Run(Outcome.UNKNOWN, 0, None)

    needed = book.needed[responsibility.name]
    found = run_responsibility(book, plan, responsibility, values, used, doubtful=doubtful, is_told=is_told)
    if found.outcome is Outcome.UNKNOWN:
        tried = try_completions(values, book.elements, needed, lambda known: suppose(known, is_told=is_told))
        deciding = tried.deciding(lambda each: (each.answer, each.uses))
        found = _merge(found, [answer for _, answer in tried.answers], deciding)
    counterfactual = ""
    if is_told and found.outcome is not Outcome.UNKNOWN:
        quick = None if doubtful else payer_of(book, plan, responsibility.name, values, used)
        pay = _payer(values, suppose, quick)
        counterfactual = _best_change(book, needed, values, found.low, pay)
    return _result(book, plan, responsibility, found, counterfactual)


def _payer(
    values: dict[str, Value], suppose: Callable[[dict[str, Value]], Run], quick: Callable[[str, Known], int | None] | None
) -> Callable[[str, Known], int | None]:
    """Give the function that tells what would be paid if one element were different; None: nothing is sure to be."""

    def pay(name: str, choice: Known) -> int | None:
        changed = suppose({**values, name: choice})
        return changed.low if changed.outcome is Outcome.PAYABLE else None

    if quick is None:
        return pay

    def pay_quickly(name: str, choice: Known) -> int | None:
        try:
            return quick(name, choice)
        except LEFT:
            return pay(name, choice)

    return pay_quickly


def _merge(open_run: Run, runs: list[Run], deciding: frozenset[str]) -> Run:
    first = runs[0]
    if first.outcome is not Outcome.UNKNOWN and all(each.answer == first.answer and each.uses == first.uses for each in runs):
        return replace(first, checks=open_run.checks)
    highs = [each.high for each in runs]
    return Run(
        Outcome.UNKNOWN,
        low=min(each.low for each in runs),
        high=None if None in highs else max(high for high in highs if high is not None),
        causes=deciding.union(*(each.causes for each in runs)),
        checks=open_run.checks,
        steps=open_run.steps,
    )


def _best_change(book: Book, needed: frozenset[str], values: dict[str, Value], now: int, pay: Callable[[str, Known], int | None]) -> str:
    """Tell which single known element of few values, changed, would raise the payout most; `now` is paid in fen."""
    best, gain = "", 0
    for name, choice in single_changes(values, book.elements, needed):
        paid = pay(name, choice)
        if paid is not None and paid - now > gain:
            gain = paid - now
            value = show(choice, book.elements[name].type)
            best = f"若改为「{name} = {value}」（其余不变）：{format_fen(paid)}（+{format_fen(gain)}）"
    return best


def _result(book: Book, plan: Plan, responsibility: Responsibility, found: Run, counterfactual: str) -> ResponsibilityResult:
    is_unknown = found.outcome is Outcome.UNKNOWN
    causes = [name for name in book.elements if name in found.causes]
    return ResponsibilityResult(
        name=responsibility.name,
        outcome=found.outcome,
        benefit=plan.benefits[responsibility.name],
        amount_fen=None if is_unknown else found.low,
        low_fen=found.low if is_unknown else None,
        high_fen=found.high if is_unknown else None,
        declined_by=found.declined_by,
        clause=found.clause,
        unknowns=tuple(UnknownCause(name, book.elements[name].ask_for) for name in causes) if is_unknown else (),
        checks=found.checks,
        steps=found.steps,
        uses=found.uses,
        lines=found.lines,
        documents=responsibility.documents,
        counterfactual=counterfactual,
    )
