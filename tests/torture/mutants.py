"""Known mistakes, put into a worker on purpose: a harness that does not notice them proves nothing.

Each is the code as somebody might have written it. A name that is not there any more is an error, not a mutant that survived.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from adjudicator import paying
from adjudicator.bank import HttpBank
from domain.payout import BankAnswer, BankStatus
from storage import tasks


def _random_key() -> None:
    """The key of an order is drawn anew for each try."""
    written = paying.order_of
    _put(paying, "order_of", lambda payout: replace(written(payout), idempotency_key=secrets.token_hex(20)))


def _no_query() -> None:
    """What may have been sent is sent again without asking, to a bank that does not know keys either."""
    HttpBank.is_idempotent = False
    _put(paying, "_may_send_again", lambda *_: True)
    _put(HttpBank, "query", lambda *_: BankAnswer(BankStatus.NOT_FOUND))


def _not_idempotent() -> None:
    """No mutant: the truth about a bank that books whatever comes."""
    HttpBank.is_idempotent = False


def _no_fence() -> None:
    """A lease is closed by whoever comes, with a token or without."""
    changed = tasks._change

    def change(tx: Any, lease: Any, values: dict[str, object]) -> bool:
        changed(tx, lease, values)
        return True

    _put(tasks, "_change", change)
    together: Any = getattr(tasks, "finish_several", None)  # leases that are taken together are closed together, where that is done
    if together:
        _put(tasks, "finish_several", lambda tx, leases: (together(tx, leases), tuple(leases))[1])


def _put(where: Any, name: str, what: Any) -> None:
    if not hasattr(where, name):
        raise AttributeError(f"{where.__name__} has no {name} any more: write this mutant anew")
    setattr(where, name, what)


_MUTANTS: dict[str, Callable[[], None]] = {
    "random key": _random_key,
    "no query": _no_query,
    "no fence": _no_fence,
    "bank without keys": _not_idempotent,
}


def change(names: tuple[str, ...]) -> None:
    """Make these mistakes in this process."""
    for name in names:
        _MUTANTS[name]()
