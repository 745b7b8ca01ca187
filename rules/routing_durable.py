"""durable_rules on rails: it chains facts to flags, and a doubt about it is an error, never a missing flag.

What the rails are for, each measured on durable_rules 2.0.28:

- its host starts timer threads that run failed actions again: ours has none;
- an action's exception ends up in the session's state: we look there after each run;
- an action of more than ten seconds is left unfinished without a word: we ask for the completion, and for a probe
  that every claim must reach;
- a session that stays behind would meet the next claim's facts: it is deleted after each run;
- deleting a session whose run failed frees memory that was never set and crashes the process: then nothing is
  deleted, and the whole engine is thrown away instead.

Sessions come from a fixed pool of one a ruleset, behind a lock: every call into the engine holds Python's
interpreter lock anyway, so more of them would win nothing.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from rules.routing_compile import PROBE, Atom, Program, RulesetPlan

_SESSION = "claim"
LONGEST_WAIT_S = 5.0
_SIGNS = {"<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}


class EngineFailedError(Exception):
    """The engine is missing, failed, or may have missed a flag; the claim belongs to a person. Never leaves this room."""


class DurableEngine:
    """A routing program inside durable_rules; safe to share between threads.

    After a run that did not end well it refuses every further claim: close it and make another.
    """

    def __init__(self, program: Program) -> None:
        """Hand the program's rulesets to the engine.

        Raises:
            EngineFailedError: durable_rules is not installed, or refuses a ruleset.
        """
        self._program = program
        self._lock = threading.Lock()
        self._is_sound = True
        self._fired: list[str] = []
        self._runs = 0
        plans = [plan for stratum in program.rulesets for plan in stratum]
        try:
            self._host = _make_host({plan.name: self._define(plan) for plan in plans})
        except Exception as error:  # whatever an engine in C does must not reach the claim
            raise EngineFailedError(f"durable_rules cannot start: {error}") from error

    def raise_flags(self, props: Mapping[str, int]) -> frozenset[str]:
        """Name every flag that a claim raises, given a number for each fact and each finding.

        Raises:
            EngineFailedError: anything less than a complete run of every ruleset.
        """
        if not self._lock.acquire(timeout=LONGEST_WAIT_S):
            raise EngineFailedError(f"no session became free within {LONGEST_WAIT_S} s")
        try:
            known = dict(props) | dict.fromkeys(self._program.flag_props.values(), 0)
            raised: set[str] = set()
            for stratum in self._program.rulesets:
                for plan in stratum:
                    raised |= self._run(plan, known)
                known |= {self._program.flag_props[code]: 1 for code in raised}
            return frozenset(raised)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Free what the engine holds in C; the engine is of no use afterwards."""
        with self._lock:
            self._is_sound = False
            host, self._host = self._host, None
            if host is not None:
                host.free()

    def _define(self, plan: RulesetPlan) -> dict[str, Any]:
        rules = {f"r{index}": _rule(atoms, self._collect(code)) for index, (code, atoms) in enumerate(plan.rules)}
        return rules | {"probe": _rule((Atom(PROBE, "==", 1),), self._collect(PROBE))}

    def _collect(self, code: str) -> Callable[[Any], None]:
        """Make the only kind of action there is: it notes a flag."""

        def collect(_: Any) -> None:
            self._fired.append(code)

        return collect

    def _run(self, plan: RulesetPlan, known: Mapping[str, int]) -> set[str]:
        if not self._is_sound:
            raise EngineFailedError("the engine was closed, or an earlier run of it failed")
        self._is_sound = False  # until this run has ended well and left nothing behind
        self._fired.clear()
        self._runs += 1
        fact = {prop: known[prop] for prop in plan.props} | {PROBE: 1, "sid": _SESSION, "id": str(self._runs)}
        outcomes: list[tuple[Any, Any]] = []
        try:
            self._host.assert_fact(plan.name, fact, lambda error, state: outcomes.append((error, state)))
            if len(outcomes) != 1 or outcomes[0][0] is not None:
                raise EngineFailedError(f"durable_rules did not finish {plan.name}: {outcomes}")
            state = self._host.get_state(plan.name, _SESSION)
            if "exception" in state:
                raise EngineFailedError(f"an action of {plan.name} failed: {state['exception']}")
            if PROBE not in self._fired:
                raise EngineFailedError(f"durable_rules ran {plan.name} without reaching its probe")
            self._host.delete_state(plan.name, _SESSION)
        except EngineFailedError:
            raise
        except Exception as error:  # whatever an engine in C does must not reach the claim
            raise EngineFailedError(f"durable_rules failed in {plan.name}: {error}") from error
        self._is_sound = True
        return set(self._fired) - {PROBE}


def _rule(atoms: tuple[Atom, ...], action: Callable[[Any], None]) -> dict[str, Any]:
    conditions = [_condition(atom) for atom in atoms]
    return {"all": [{"m": conditions[0] if len(conditions) == 1 else {"$and": conditions}}], "run": action}


def _condition(atom: Atom) -> dict[str, Any]:
    return {atom.prop: atom.value} if atom.operator == "==" else {_SIGNS[atom.operator]: {atom.prop: atom.value}}


def _make_host(definitions: dict[str, Any]) -> Any:
    import durable_rules_engine  # here and not above: an extension in C that may be missing on this machine
    from durable import engine

    class QuietHost(engine.Host):  # type: ignore[misc]  # the library has no types
        """A host without the two timer threads; it runs what it is asked to run, once."""

        def _run(self) -> None:
            pass

        def free(self) -> None:
            for ruleset in self._ruleset_list:
                durable_rules_engine.delete_ruleset(ruleset._handle)

    return QuietHost(definitions)
