"""Says in a few words why a rule answered as it did: "三级 ≥ 二级，公立", "2024-08-15 ≥ 2024-03-31", "例外：意外"."""

from rules.compiler import Scope, compiled
from rules.figures import show
from rules.line_work import LineWork
from rules.model import Rule
from rules.typed import Apply, Constant, Reference, RuleAnswer, Table, Typed
from rules.types import SimpleType
from rules.unknown import Unknown, Value

_SIGNS = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_VERBS = ("在", "属于", "是", "能", "可", "应", "须", "符合", "属")
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def explain_rule(rule: Rule, scope: Scope) -> str:
    """Tell what decided a rule: the exception that applied, the row that was hit, or the values compared."""
    answered = scope.answer(rule.name)
    if answered.exception is not None:
        exception = rule.exceptions[answered.exception]
        clause = f"（{exception.clause}）" if exception.clause else ""
        return f"例外：{explain(exception.condition, scope)}{clause}"
    if isinstance(rule.general, Table):
        return row_note(rule.general, answered.row)
    if isinstance(rule.general, LineWork):
        return show(answered.value, rule.type)
    return explain(rule.general, scope)


def say(rule: Rule, holds: bool | None) -> str:
    """Say what was found: the rule's name where it holds, its 反面 where it does not; "" while it is unknown."""
    if holds is None:
        return ""
    return rule.name if holds else rule.when_not or _negated(rule.name)


def _negated(name: str) -> str:
    if not name.isascii():
        return f"不{name}" if name.startswith(_VERBS) else f"未满足「{name}」"
    return f"not {name}"


def row_note(table: Table, row: int | None) -> str:
    """Name the row that was hit: "表第2行：有医保 · 否"."""
    return "" if row is None else f"表第{row + 1}行：{' · '.join(table.rows[row].labels)}"


def explain(tree: Typed, scope: Scope) -> str:
    """Put a condition in values; of several only those that made the answer are told."""
    if isinstance(tree, Apply):
        if tree.operator == "not":
            return explain(tree.arguments[0], scope)
        if tree.operator in ("and", "or"):
            return _explain_several(tree, scope)
        if tree.operator in _SIGNS:
            return _explain_comparison(tree, scope)
        if tree.operator == "in codes":
            return _value(tree.arguments[0], scope)
    if isinstance(tree, RuleAnswer):
        return f"{tree.rule}：{_value(tree, scope)}"
    return _named(tree, scope)


def _explain_several(tree: Apply, scope: Scope) -> str:
    decisive = tree.operator == "or"  # a true one decides an or, a false one an and
    unknown = []
    for argument in tree.arguments:
        answer = _answer(argument, scope)
        if answer is decisive:
            return explain(argument, scope)
        if isinstance(answer, Unknown):
            unknown.append(argument)
    return "，".join(explain(argument, scope) for argument in (unknown or tree.arguments))


def _explain_comparison(tree: Apply, scope: Scope) -> str:
    answer = compiled(tree)(scope)
    left, right = (_unranked(argument) for argument in tree.arguments)
    if isinstance(answer, Unknown):
        return show(answer, SimpleType.BOOLEAN)
    operator = tree.operator if answer else _OPPOSITE[tree.operator]
    if operator == "=" and isinstance(right, Constant):
        return _value(left, scope)
    return f"{_value(left, scope)} {_SIGNS[operator]} {_value(right, scope)}"


def _unranked(tree: Typed) -> Typed:
    return tree.arguments[0] if isinstance(tree, Apply) and tree.operator == "rank" else tree


def _named(tree: Typed, scope: Scope) -> str:
    name = getattr(tree, "name", "")
    return f"{name} = {_value(tree, scope)}" if name else _value(tree, scope)


def _value(tree: Typed, scope: Scope) -> str:
    return show(_answer(tree, scope), tree.type)


def _answer(tree: Typed, scope: Scope) -> Value:
    # Most of what a trace shows is looked up, and need not be compiled for it.
    match tree:
        case Reference(name=name):
            return scope.values[name]
        case RuleAnswer(rule=rule):
            return scope.answer(rule).value
        case Constant(value=value):
            return value
    return compiled(tree)(scope)
