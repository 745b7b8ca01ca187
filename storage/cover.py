"""Know your cover (知保障): what customers agreed to have kept of their life, and the groups of similar people."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.cover import CoverKind
from domain.policy import Person
from storage import tables as t
from storage.codec import canonical_json
from storage.database import Transaction
from storage.tables_cover import cover_group, cover_profile


@dataclass(frozen=True)
class Profile:
    """What a customer told, by the names of assumptions as people write them, and when they agreed that it is kept."""

    told: Mapping[str, Any]
    consented_ms: int


@dataclass(frozen=True)
class CoverGroup:
    """What is kept of the people of one city and band of ages, in one kind."""

    city: str
    age_band: int  # the lowest age of its ten years
    kind: CoverKind
    people: int
    cuts_fen: tuple[int, ...]  # one for each fifth but the last: so much of the group has no more than this
    counted_on: date


def save_profile(tx: Transaction, person_id: str, told: Mapping[str, Any]) -> Profile:
    """Keep what a customer told, in the place of what they told before; who calls has their consent."""
    row = {"person_id": person_id, "assumptions_enc": tx.cipher.encrypt(canonical_json(dict(told))), "consented_ms": tx.now_ms()}
    statement: Any = (sqlite_insert if tx.is_sqlite else postgres_insert)(cover_profile)  # each dialect has a class of its own
    changed = {name: statement.excluded[name] for name in ("assumptions_enc", "consented_ms")}
    tx.connection.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=changed), row)
    return Profile(told, tx.now_ms())


def find_profile(tx: Transaction, person_id: str) -> Profile | None:
    """Give what a customer agreed to have kept, or None."""
    c = cover_profile.c
    row = tx.connection.execute(select(c.assumptions_enc, c.consented_ms).where(c.person_id == person_id)).one_or_none()
    return Profile(json.loads(tx.cipher.decrypt(row.assumptions_enc)), row.consented_ms) if row else None


def erase_profile(tx: Transaction, person_id: str) -> bool:
    """Destroy what a customer had agreed to have kept; tells whether there was anything."""
    if tx.is_sqlite:
        tx.connection.exec_driver_sql("PRAGMA secure_delete=ON")  # freed places in the file are zeroed, too
    return bool(tx.connection.execute(delete(cover_profile).where(cover_profile.c.person_id == person_id)).rowcount)


def replace_groups(tx: Transaction, groups: Iterable[CoverGroup]) -> None:
    """Put newly counted groups in the place of all earlier ones."""
    rows = [
        {**{name: value for name, value in vars(each).items() if name != "cuts_fen"}, "cuts_json": canonical_json(list(each.cuts_fen))}
        for each in groups
    ]
    tx.connection.execute(delete(cover_group))
    if rows:
        tx.connection.execute(insert(cover_group), rows)


def groups_of(tx: Transaction, city: str, age_band: int) -> dict[CoverKind, CoverGroup]:
    """Give the groups of a city and a band of ages, by kind; one look at the primary key."""
    c = cover_group.c
    rows = tx.connection.execute(select(cover_group).where(c.city == city, c.age_band == age_band))
    return {
        CoverKind(row.kind): CoverGroup(
            row.city, row.age_band, CoverKind(row.kind), row.people, tuple(json.loads(row.cuts_json)), row.counted_on
        )
        for row in rows
    }


def page_of_insured(tx: Transaction, after: str, limit: int) -> tuple[Person, ...]:
    """List people who live somewhere known and are insured, by id; without name and numbers, which nobody needs who counts."""
    c, insured = t.person.c, select(t.policy.c.insured_id)
    wanted = select(c.person_id, c.birth_date, c.has_social_insurance, c.region_code)
    wanted = wanted.where(c.person_id > after, c.region_code != "", c.person_id.in_(insured))
    rows = tx.connection.execute(wanted.order_by(c.person_id).limit(limit))
    return tuple(Person(name="", id_number="", **row._mapping) for row in rows)


def count_insured(tx: Transaction) -> int:
    """Count whom `page_of_insured` lists."""
    c = t.person.c
    wanted = select(func.count()).select_from(t.person).where(c.region_code != "", c.person_id.in_(select(t.policy.c.insured_id)))
    return int(tx.connection.execute(wanted).scalar_one())


def policies_of_many(tx: Transaction, person_ids: Sequence[str]) -> tuple[str, ...]:
    """List the numbers of all policies that insure some people."""
    p = t.policy.c
    return tuple(tx.connection.execute(select(p.policy_number).where(p.insured_id.in_(person_ids))).scalars())
