"""Proving the audit trails (审计核验): every chain of hashes there is, of claims, rule books, agents and look-ups."""

from collections.abc import Iterator
from dataclasses import dataclass

from storage import agent_acts, audit, books, look_ups, publications
from storage.database import Database

_PAGE = 500


@dataclass(frozen=True)
class Audited:
    """What a look through the chains came to; `breaks` are sentences, one for each chain that does not hold."""

    claims: int
    agents: int
    breaks: tuple[str, ...]


def verify_chains(database: Database, *, at_most: int = 100) -> Audited:
    """Go through all chains; ends early after `at_most` breaks."""
    found: list[str] = []
    claims, after = 0, ""
    while len(found) < at_most:
        with database.read() as tx:
            page = books.claim_ids(tx, after, _PAGE)
            found += [broken for each in page if (broken := audit.find_break(tx, each))]
        claims += len(page)
        if len(page) < _PAGE:
            break
        after = page[-1]
    with database.read() as tx:
        subjects = agent_acts.subjects(tx)
        found += [broken for each in subjects if (broken := agent_acts.find_break(tx, each))]
        found += look_ups.find_breaks(tx)
        found += [broken] if (broken := publications.find_break(tx)) else []
    return Audited(claims, len(subjects), tuple(found[:at_most]))


def iter_lines(audited: Audited) -> Iterator[str]:
    """Say what was found, one line each."""
    yield from audited.breaks
    told = "all hold" if not audited.breaks else f"{len(audited.breaks)} broken"
    yield f"{audited.claims} claims, {audited.agents} customers and agents, the rule books, the look-ups: {told}"
