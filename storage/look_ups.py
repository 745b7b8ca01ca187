"""Who looked whom up (查询留痕): a chain of hashes for each desk or channel, append-only; it holds numbers of people and names none."""

import json
from dataclasses import dataclass

from sqlalchemy import insert, select

from domain.decision import Actor
from storage import tables as t
from storage.audit import GENESIS
from storage.codec import canonical_json, sha256_of
from storage.database import Transaction

_AGAIN_MS = 3_600_000  # whoever is found again within an hour is the same call


@dataclass(frozen=True)
class LookUp:
    """Somebody looked for a customer: by which clue, and whom it found."""

    actor: str
    seq: int
    at_ms: int
    actor_role: str
    clue: str  # id_number | policy_number | name | chosen, of several | cover, looked at: what was typed, and never what it said
    found_json: str
    previous_hash: str
    hash: str

    @property
    def found(self) -> tuple[str, ...]:
        """The numbers of the people that were found."""
        return tuple(json.loads(self.found_json))


def note(tx: Transaction, actor: Actor, clue: str, found: tuple[str, ...]) -> None:
    """Write that somebody looked people up; what is found again within the hour is one look."""
    _lock(tx, actor.name)
    c = t.look_up.c
    last = tx.connection.execute(select(t.look_up).where(c.actor == actor.name).order_by(c.seq.desc()).limit(1)).one_or_none()
    told = canonical_json(sorted(found))
    is_again = last is not None and last.found_json == told and bool(found or last.clue == clue)
    if last and is_again and tx.now_ms() - last.at_ms < _AGAIN_MS:
        return
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    row = {"actor": actor.name, "seq": seq, "at_ms": tx.now_ms(), "actor_role": actor.role, "clue": clue, "found_json": told}
    row["previous_hash"] = previous
    tx.connection.execute(insert(t.look_up).values(**row, hash=sha256_of(row)))


def _lock(tx: Transaction, actor: str) -> None:
    """Let one transaction at a time write to a chain: the row of the member of staff, or of the channel."""
    for table, key in ((t.staff, t.staff.c.user_name), (t.api_client, t.api_client.c.client_id)):
        tx.connection.execute(select(key).select_from(table).where(key == actor).with_for_update(key_share=True))


def look_ups(tx: Transaction, *, actor: str = "", person_id: str = "", limit: int = 1000) -> tuple[LookUp, ...]:
    """List look-ups, the newest first: of one desk or channel, of one customer, or all."""
    c = t.look_up.c
    wanted = select(t.look_up).order_by(c.at_ms.desc(), c.actor, c.seq.desc()).limit(limit)
    if actor:
        wanted = wanted.where(c.actor == actor)
    if person_id:
        wanted = wanted.where(c.found_json.contains(json.dumps(person_id, ensure_ascii=False), autoescape=True))
    return tuple(LookUp(**row._mapping) for row in tx.connection.execute(wanted))


def find_breaks(tx: Transaction) -> tuple[str, ...]:
    """Check every chain: a sentence for each that does not hold, with its first broken place."""
    broken: dict[str, str] = {}
    seen: dict[str, tuple[int, str]] = {}
    for row in tx.connection.execute(select(t.look_up).order_by(t.look_up.c.actor, t.look_up.c.seq)):
        seq, previous = seen.get(row.actor, (0, GENESIS))
        told = {name: value for name, value in row._mapping.items() if name != "hash"}
        if row.seq != seq + 1 or row.previous_hash != previous or sha256_of(told) != row.hash:
            broken.setdefault(row.actor, f"the chain of look-ups by {row.actor} is broken at entry {seq + 1}")
        seen[row.actor] = (row.seq, row.hash)
    return tuple(broken.values())
