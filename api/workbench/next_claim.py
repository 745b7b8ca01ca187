"""The claim that comes after one in the list that somebody came from: what a page fetches ahead, and where a decision leads.

The list stands in the address of the claim's page (`?list=filter%3Dreview…`), in the words of the queue's own address, and every address
of that page keeps it: its forms, where they lead, the next claim. Without one it is the queue of what waits (待处理).
"""

from dataclasses import replace
from urllib.parse import parse_qsl

from flask import g, has_request_context, request

from adjudicator.people import WITH_PEOPLE
from api.workbench.form_text import plain_text
from api.workbench.queue_asked import Asked, asked_of
from domain.states import ClaimState
from storage.access import Staff
from storage.database import Transaction
from storage.queue import Aside, FreeClaim, Place, QueueQuery, first_free

_MOST_CHARACTERS = 512
# The page of a claim, and what its forms are sent to.
_KEEPING = tuple(f"workbench.{each}." for each in ("claim", "decision", "desk", "correction", "receivables", "attachment"))


def the_list() -> Asked:
    """Give the list that whoever asks came from."""
    return asked_of(dict(parse_qsl(_list_words())))


def keep_list(endpoint: str, values: dict[str, object]) -> None:
    """Keep the list in an address that a page of a claim makes; an address that names its own list keeps that."""
    if (
        has_request_context()
        and endpoint.startswith(_KEEPING)
        and (request.endpoint or "").startswith(_KEEPING)
        and (words := _list_words())
    ):
        values.setdefault("list", words)


def _list_words() -> str:
    if "list_words" not in g:
        g.list_words = plain_text(request.args, "list", _MOST_CHARACTERS)
    return str(g.list_words)


def next_claim(tx: Transaction, claim_id: str, query: QueueQuery, staff: Staff, behind: Place | None, wanted: str = "") -> FreeClaim | None:
    """Give the claim behind a place of a list that nobody else works on; behind the last comes the first. `wanted` if it is one of them."""
    walked, me = _walked(query), (staff.user_name, staff.role, claim_id)
    found = first_free(tx, replace(walked, claim_id=wanted), *me) if wanted else None
    return found or first_free(tx, walked, *me, behind) or first_free(tx, walked, *me)


def _walked(query: QueueQuery) -> QueueQuery:
    """Leave out of a list what nobody can decide now; of one that holds nothing to decide, such as what is paid, nothing."""
    is_chosen = bool(query.search or query.naming or query.figure)  # somebody's claims, or those of a figure: all are looked at
    states: tuple[ClaimState, ...] = tuple(each for each in WITH_PEOPLE if each in query.states) or query.states
    aside = Aside.LEFT_OUT if query.aside is Aside.ANY else query.aside
    return replace(query, states=states or (() if is_chosen else WITH_PEOPLE), aside=aside)
