"""What an expression may name, and what a bare name means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from rules.lexer import ExpressionError, glued_word
from rules.phrases import Phrase
from rules.source import AlreadyReportedError, nearest, suggest
from rules.syntax import Name
from rules.typed import Constant, Reference, RuleAnswer, Typed
from rules.types import EnumType, Type, describe


@dataclass(frozen=True)
class Names:
    """What an expression may name; a rule's type is asked for when needed, so that rules may stand in any order."""

    elements: Mapping[str, Type]
    parameters: Mapping[str, Type]
    rule_type: Callable[[str], Type | None]
    rule_names: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()  # declared, but in error
    items: Mapping[str, Typed] = field(default_factory=dict)  # what a loop calls its item, and its fields
    loops: int = 0  # how many loops stand around

    def find(self, name: str) -> Typed | None:
        """Look a name up."""
        if name in self.items:
            return self.items[name]
        if name in self.elements:
            return Reference(name, self.elements[name])
        if name in self.parameters:
            return Reference(name, self.parameters[name])
        type_ = self.rule_type(name)
        return None if type_ is None else RuleAnswer(name, type_)

    def known(self) -> list[str]:
        """List every name."""
        return [*self.items, *self.elements, *self.parameters, *self.rule_names]

    def looping(self, items: Mapping[str, Typed]) -> "Names":
        """Add what a loop calls its item."""
        return replace(self, items={**self.items, **items}, loops=self.loops + 1)


def resolve_name(tree: Name, names: Names, hint: Type | None) -> Typed:
    """Give what a bare name means; `hint` is the enum whose value it may be.

    Raises:
        ExpressionError: nothing is called so; the nearest name is the way out.
        AlreadyReportedError: it is declared, but in error.
    """
    if isinstance(hint, EnumType) and tree.text in hint.values:
        return Constant(tree.text, hint)
    found = names.find(tree.text)
    if found is not None:
        return found
    if tree.text in names.broken:
        raise AlreadyReportedError
    if isinstance(hint, EnumType):
        raise ExpressionError(
            tree.at,
            Phrase("{name} is none of {hint}", name=tree.text, hint=describe(hint)),
            suggest(tree.text, [*hint.values, *names.known()], Phrase("value")),
        )
    glued = glued_word(tree.text)
    way_out = Phrase("put spaces around {glued}", glued=glued) if glued else suggest(tree.text, names.known(), Phrase("name"))
    raise ExpressionError(tree.at, Phrase("nothing is called {name}", name=tree.text), way_out, nearest(tree.text, names.known()))
