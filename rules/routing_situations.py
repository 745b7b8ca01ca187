"""Situations (情形): claims that no comparison of a routing book tells apart raise the same flags, and the engine is asked once for all."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping

from rules.routing_compile import Program

MOST_KEPT = 1_000

Situation = tuple[int, ...]


class Situations:
    """The flags that the engine gave for the situations it has met; only complete runs are kept, and no failure is."""

    def __init__(self, program: Program) -> None:
        """Collect what the rules compare each property with; flags are no part of a situation, for they follow from it."""
        compared: defaultdict[str, set[int]] = defaultdict(set)
        for stratum in program.rulesets:
            for plan in stratum:
                for _, atoms in plan.rules:
                    for atom in atoms:
                        compared[atom.prop].add(atom.value)
        flags = frozenset(program.flag_props.values())
        self._compared = tuple((prop, sorted(values)) for prop, values in sorted(compared.items()) if prop not in flags)
        self._raised: dict[Situation, frozenset[str]] = {}

    def of(self, props: Mapping[str, int]) -> Situation:
        """Tell where each number lies: below, at or above each that it is compared with."""
        return tuple(bisect_left(values, props[prop]) + bisect_right(values, props[prop]) for prop, values in self._compared)

    def raised(self, situation: Situation) -> frozenset[str] | None:
        """Give the flags of a situation; None when it was not met."""
        return self._raised.get(situation)

    def keep(self, situation: Situation, raised: frozenset[str]) -> None:
        """Keep the flags of a situation, a bounded number of them."""
        if len(self._raised) >= MOST_KEPT:
            self._raised.clear()
        self._raised[situation] = raised
