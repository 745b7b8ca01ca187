"""Compiles rules: a general answer or a table, and the exceptions that replace it."""

from fractions import Fraction

from domain.errors import InputError, RuleBookError
from rules.compiler import Answered, CompiledRule, Scope, compile_tree
from rules.operators import all_of
from rules.phrases import Phrase
from rules.typed import Apply, Constant, RuleException, Table, Typed, parts_of
from rules.unknown import Unknown, causes_of, join

MAX_ANSWER_BITS = 4000  # some 1,200 digits
_GROWING = ("*", "/", "**", "product", "product#1")


def compile_rule(name: str, general: Typed | Table, exceptions: tuple[RuleException, ...], clause: str) -> CompiledRule:
    """Compile a rule: an exception that applies replaces the general answer.

    The function raises RuleBookError when two exceptions apply at once with different answers,
    and InputError when a number grows too large to hold.
    """
    answer = _compile_whole(name, general, exceptions, clause)
    trees = [*_answers(general), *(each.answer for each in exceptions)]
    return _bounded(name, answer) if any(_multiplies(tree) for tree in trees) else answer


def _answers(general: Typed | Table) -> list[Typed]:
    return [row.answer for row in general.rows] if isinstance(general, Table) else [general]


def _multiplies(tree: Typed) -> bool:
    waiting = [tree]
    while waiting:
        tree = waiting.pop()
        if isinstance(tree, Apply) and tree.operator in _GROWING and sum(not isinstance(each, Constant) for each in tree.arguments) > 1:
            return True
        waiting += parts_of(tree)
    return False


def _bounded(name: str, compiled: CompiledRule) -> CompiledRule:
    # Rules that multiply one another's answers could grow a number beyond all memory.
    def answer(scope: Scope) -> Answered:
        answered = compiled(scope)
        value = answered.value
        if isinstance(value, Fraction) and max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_ANSWER_BITS:
            raise InputError(Phrase("rule {name} answers a number too large to hold", name=name), Phrase("check what it multiplies"))
        return answered

    return answer


def _compile_whole(name: str, general: Typed | Table, exceptions: tuple[RuleException, ...], clause: str) -> CompiledRule:
    answer_generally = _compile_table(general) if isinstance(general, Table) else _compile_plain(general)
    if not exceptions:
        return answer_generally
    compiled = [(compile_tree(each.condition), compile_tree(each.answer)) for each in exceptions]

    def answer(scope: Scope) -> Answered:
        conditions = [condition(scope) for condition, _ in compiled]
        sure = [index for index, condition in enumerate(conditions) if condition is True]
        unsure = [index for index, condition in enumerate(conditions) if isinstance(condition, Unknown)]
        values = {index: compiled[index][1](scope) for index in (*sure, *unsure)}
        for index in sure[1:]:
            if values[index] != values[sure[0]]:
                raise _conflict(name, clause, exceptions[sure[0]], exceptions[index])
        general_answer = Answered(values[sure[0]], exception=sure[0]) if sure else answer_generally(scope)
        if not unsure:
            return general_answer
        return Answered(join([general_answer.value, *(values[index] for index in unsure)], causes_of(conditions)))

    return answer


def _conflict(name: str, clause: str, first: RuleException, second: RuleException) -> RuleBookError:
    one, two = (
        Phrase("{clause} (line {line})", clause=each.clause or clause or Phrase("an exception"), line=each.at.line)
        for each in (first, second)
    )
    what = Phrase("rule {name}: the exceptions of {one} and {two} apply at once and answer differently", name=name, one=one, two=two)
    return RuleBookError(what, Phrase("let one of the two name the other's case in its 若, so that only one applies"))


def _compile_plain(tree: Typed) -> CompiledRule:
    evaluate = compile_tree(tree)
    return lambda scope: Answered(evaluate(scope))


def _compile_table(table: Table) -> CompiledRule:
    rows = [([compile_tree(each) for each in row.conditions], compile_tree(row.answer)) for row in table.rows]

    def answer(scope: Scope) -> Answered:
        open_rows, conditions = [], []
        for index, (tests, value) in enumerate(rows):
            hit = all_of([test(scope) for test in tests])
            if hit is True:
                return Answered(value(scope), row=index)
            if isinstance(hit, Unknown):
                open_rows.append((index, value))
                conditions.append(hit)
        if not open_rows:
            at = table.rows[0].at.line
            raise RuleBookError(
                Phrase("no row of the table on line {at} covers this claim", at=at), Phrase("add the missing row to the table")
            )
        values = [value(scope) for _, value in open_rows]
        return Answered(join(values, causes_of(conditions)))

    return answer
