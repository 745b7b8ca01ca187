"""The toast (撤回条): the newest decision that whoever is looking may still take back, on every page until its minute is over."""

from dataclasses import dataclass
from typing import Any

from flask import g

from api.context import the_principal, the_system
from storage import verdicts
from storage.database import Transaction
from storage.verdicts import Pending


@dataclass(frozen=True)
class Toast:
    """What may still be taken back: the newest verdict, how many others wait, and how long it has left."""

    pending: Pending
    others: int
    left_ms: int


def find_toast(tx: Transaction, user_name: str) -> Toast | None:
    """Find what somebody may still take back; None when there is nothing."""
    waiting = verdicts.given_by(tx, user_name)
    return Toast(waiting[0], len(waiting) - 1, waiting[0].due_ms - tx.now_ms()) if waiting else None


def toast_of_page() -> dict[str, Any]:
    """Give every page its toast."""
    if "principal" not in g or the_principal().staff is None or not the_system().limits.undo_ms:
        return {"toast": None}
    with the_system().database.read() as tx:
        return {"toast": find_toast(tx, the_principal().name)}
