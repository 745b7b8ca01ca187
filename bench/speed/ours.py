"""Prints what our own engine takes: one claim, columns, the trace, and how cost grows with lines and rules."""

from collections.abc import Callable

from bench.speed.timing import Work, growth_exponent, in_turn, over
from bench.speed.workloads import PLAN, Claim, Settings, Workload, flat, records
from bench.workload.book import CONDITIONS, GRADES, LINES
from domain.assessment import Assessment
from rules.engine import adjudicate
from rules.trace import render_text

_TRACED = 20  # claims
_GROWN = 50  # claims
_FACTORS = (1, 2, 4, 8)


def print_own(workload: Workload, settings: Settings) -> None:
    """Print what one claim takes, and how many claims a second columns take."""
    ready, claims = workload.ready, workload.claims
    answered, checked = in_turn([over(workload.answer, ready), over(workload.fast, claims)], settings.rounds)
    print(f"  {'one claim without trace':<28}{answered / len(claims) * 1e6:12.1f} µs           (read before, as a peer's facts are)")
    print(f"  {'… types and ranges checked':<28}{checked / len(claims) * 1e6:12.1f} µs           (every time)")
    batch = workload.batch(settings.rows)
    singly, [seconds] = len(batch().told), in_turn([batch], settings.rounds)
    print(f"  {f'columns of {settings.rows:,} claims':<28}{settings.rows / seconds:12,.0f} claims/s     ({singly} answered one by one)")


def print_trace(workload: Workload, settings: Settings) -> None:
    """Print what the trace costs: as ratios to the same call without it, and to the program, which has none.

    What-ifs are answered by a program from the third claim of a book on; here all are of that kind.
    """
    book, claims = workload.book, workload.claims[:_TRACED]

    def answer(claim: Claim, *, is_told: bool = True) -> Assessment:
        return adjudicate(book, PLAN, claim, {}, is_told=is_told)

    def print_cost(name: str, work: Work) -> None:
        untold = over(lambda claim: answer(claim, is_told=False), claims)
        bare, told, program = in_turn([untold, work, over(workload.fast, claims)], settings.rounds)
        each = told / len(claims) * 1e6
        print(f"  {name:<28}{each:12.1f} µs a claim   {told / bare:8.2f} × without trace  {told / program:8.0f} × the program")

    print_cost("the reference, no trace", over(lambda claim: answer(claim, is_told=False), claims))
    print_cost("… with trace and what-ifs", over(answer, claims))
    print_cost("… and printed as text", over(lambda claim: render_text(answer(claim)), claims))


def print_growth(settings: Settings) -> None:
    """Print how cost grows with lines and with rules, and the exponent: 1 is linear, less where a part is the same for all."""
    _print_growth("lines, each with a rule", settings, lambda factor: flat(_GROWN, LINES * factor, CONDITIONS, GRADES), _lines)
    _print_growth("lines as records", settings, lambda factor: records(_GROWN, LINES * factor), _lines)
    _print_growth("rules on the claim", settings, lambda factor: flat(_GROWN, LINES, CONDITIONS * factor, GRADES * factor), _rules)


def _rules(workload: Workload) -> int:
    return len(workload.book.rules)


def _lines(workload: Workload) -> int:
    lines = workload.claims[0].get("费用明细")
    return len(lines) if lines is not None else sum(name[0] == "行" for name in workload.book.elements)


def _print_growth(name: str, settings: Settings, make: Callable[[int], Workload], size: Callable[[Workload], int]) -> None:
    workloads = [make(factor) for factor in _FACTORS]
    rows = settings.rows // 2
    singles = in_turn([over(each.fast, each.claims) for each in workloads], settings.rounds)
    batches = in_turn([each.batch(rows) for each in workloads], settings.rounds)
    for workload, single, batch in zip(workloads, singles, batches, strict=True):
        told = f"{_lines(workload):6} lines {_rules(workload):6} rules"
        print(f"  {name:<24}{told}{single / _GROWN * 1e6:12.1f} µs{batch / rows * 1e6:12.3f} µs")
    sizes = [size(each) for each in workloads]
    print(f"  {'':<24}{'exponent':>25}{growth_exponent(sizes, singles):12.2f}   {growth_exponent(sizes, batches):12.2f}")
