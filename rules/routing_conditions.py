"""What a routing flag (分流标记) is made of: declared facts, and conditions over facts, findings and earlier flags."""

from dataclasses import dataclass
from typing import TypeAlias

from domain.decision import Queue
from domain.errors import InputError
from domain.finding import Severity
from rules.phrases import Phrase

FactValue: TypeAlias = bool | int | str

LARGEST_INT = 2**31 - 1  # what the C engine reads alike on every machine; money never comes here


@dataclass(frozen=True)
class FactType:
    """A declared fact (事实): its name, its kind, what it means, and the closed list of values of a `str`.

    The book may have names of its own for it and for its values, in any script; `source` and `given` are what the
    system calls them, the same where they are left empty.
    """

    name: str
    kind: str  # bool | int | str
    meaning: str
    values: tuple[str, ...] = ()
    source: str = ""
    given: tuple[str, ...] = ()  # one for each of `values`

    @property
    def told_as(self) -> str:
        """Give the name under which the system tells it."""
        return self.source or self.name

    def read(self, value: object) -> FactValue:
        """Take a value from the system and give it in the words of the book.

        Raises:
            InputError: a value of another kind, beyond the bounds, or not in the list.
        """
        told = self.given or self.values
        if self.kind == "bool" and isinstance(value, bool):
            return value
        if self.kind == "int" and isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_INT:
            return value
        if self.kind == "str" and isinstance(value, str) and value in told:
            return self.values[told.index(value)]
        raise InputError(
            Phrase("routing fact {fact} cannot be {value}", fact=self.told_as, value=repr(value)),
            Phrase("give {expected}", expected=self.expected(told)),
            field=self.told_as,
        )

    def encode(self, value: FactValue) -> int:
        """Give a value in the words of the book as the whole number that the engine sees: text as its place in the list."""
        return self.values.index(value) if isinstance(value, str) else int(value)

    def expected(self, values: tuple[str, ...]) -> Phrase:
        """Tell in words which values it takes, `values` if it is a `str`."""
        if self.kind == "bool":
            return Phrase("true or false")
        return (
            Phrase("a whole number up to ±{most}", most=LARGEST_INT)
            if self.kind == "int"
            else Phrase("one of {values}", values=", ".join(values))
        )


@dataclass(frozen=True)
class Comparison:
    """A fact against a constant of its own kind; only an `int` fact is compared by order."""

    fact: str
    operator: str  # == != < <= > >=
    value: FactValue


@dataclass(frozen=True)
class HasFinding:
    """True when the claim carries a finding with this code."""

    code: str


@dataclass(frozen=True)
class HasFlag:
    """True when another flag of the same book was raised."""

    code: str


@dataclass(frozen=True)
class All:
    """True when every part is."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class AnyOf:
    """True when one part is."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    """True when its part is not."""

    part: "Condition"


Condition: TypeAlias = Comparison | HasFinding | HasFlag | All | AnyOf | Not


@dataclass(frozen=True)
class Flag:
    """One flag: when it is raised, what it says, and who then looks at the claim (nobody, if it is only a note)."""

    code: str
    message: str  # may quote facts: "本年已有 {earlier_claims_this_year} 次赔案"
    severity: Severity
    queue: Queue | None
    when: Condition
    advice: str = ""
    place: str = ""  # file:line, for messages


def needed_flags(condition: Condition) -> frozenset[str]:
    """Name every flag that a condition looks at."""
    match condition:
        case HasFlag(code):
            return frozenset((code,))
        case All(parts) | AnyOf(parts):
            return frozenset().union(*(needed_flags(part) for part in parts))
        case Not(part):
            return needed_flags(part)
        case _:
            return frozenset()


def needed_findings(condition: Condition) -> frozenset[str]:
    """Name every finding code that a condition looks at."""
    match condition:
        case HasFinding(code):
            return frozenset((code,))
        case All(parts) | AnyOf(parts):
            return frozenset().union(*(needed_findings(part) for part in parts))
        case Not(part):
            return needed_findings(part)
        case _:
            return frozenset()
