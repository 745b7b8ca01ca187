"""Proves of a decision table over words and yes-or-no that every case hits exactly one row, by trying all cases."""

from itertools import product

from rules.compiler import Scope, compile_tree
from rules.typed import Apply, Constant, Reference, Table, Typed
from rules.types import EnumType, SimpleType, Type
from rules.unknown import Known

_MAX_CASES = 256


def is_partition(table: Table) -> bool:
    """Tell whether exactly one row is hit whatever the values are; False also where there are too many cases to try."""
    cells = [cell for row in table.rows for cell in row.conditions]
    names: dict[str, tuple[Known, ...]] = {}
    for cell in cells:
        if not _collect(cell, names):
            return False
    cases = 1
    for values in names.values():
        cases *= len(values)
    if cases > _MAX_CASES:
        return False
    rows = [[compile_tree(cell) for cell in row.conditions] for row in table.rows]
    for values in product(*names.values()):
        scope = Scope(dict(zip(names, values, strict=True)), {})
        if sum(all(cell(scope) is True for cell in row) for row in rows) != 1:
            return False
    return True


def _collect(tree: Typed, names: dict[str, tuple[Known, ...]]) -> bool:
    """Add the elements of a tree and their values; False where one has no short list of values."""
    if isinstance(tree, Constant):
        return True
    if isinstance(tree, Reference):
        values = _values_of(tree.type)
        names[tree.name] = values
        return bool(values)
    return isinstance(tree, Apply) and all(_collect(each, names) for each in tree.arguments)


def _values_of(type_: Type) -> tuple[Known, ...]:
    if type_ is SimpleType.BOOLEAN:
        return (True, False)
    return type_.values if isinstance(type_, EnumType) else ()
