"""What stands behind claims: people, policies, hospitals of the medical base, agents, entitlements."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.claim import PersonClue
from domain.errors import InputError
from domain.policy import Agent, Entitlement, Hospital, Person, Policy
from storage import tables as t
from storage.codec import canonical_json
from storage.database import Transaction


def save_people(tx: Transaction, people: Iterable[Person]) -> None:
    """Insert people, or bring what is known of them up to date."""
    rows = [
        {
            "person_id": each.person_id,
            "name": each.name,
            "birth_date": each.birth_date,
            "id_number_enc": tx.cipher.encrypt(each.id_number),
            "id_number_index": tx.cipher.index(each.id_number),
            "phone_enc": tx.cipher.encrypt(each.phone),
            "phone_index": tx.cipher.index(each.phone),
            "has_social_insurance": each.has_social_insurance,
            "region_code": each.region_code,
        }
        for each in people
    ]
    _upsert(tx, t.person, rows, ["person_id"])


def save_agents(tx: Transaction, agents: Iterable[Agent]) -> None:
    """Insert agents, or bring them up to date."""
    rows = [
        {"agent_id": each.agent_id, "name": each.name, "phone_enc": tx.cipher.encrypt(each.phone), "branch": each.branch} for each in agents
    ]
    _upsert(tx, t.agent, rows, ["agent_id"])


def save_hospitals(tx: Transaction, hospitals: Iterable[Hospital]) -> None:
    """Insert hospitals of the medical base, or bring them up to date."""
    _upsert(tx, t.hospital, [vars(each).copy() for each in hospitals], ["hospital_id"])


def save_policies(tx: Transaction, policies: Iterable[Policy]) -> None:
    """Insert policies, or bring them up to date; insured and policyholder must be there.

    Raises:
        InputError: policies of one family and product whose years begin on different days.
    """
    policies = tuple(policies)
    _upsert(tx, t.policy, [_row_of(each) for each in policies], ["policy_number"])
    for family_id, product in sorted({(each.family_id, each.product) for each in policies if each.family_id}):
        _check_family(tx, family_id, product)


def _row_of(policy: Policy) -> dict[str, Any]:
    row = vars(policy) | {"agent_id": policy.agent_id or None}  # a policy that nobody sold has no agent
    return row | {"particulars_json": canonical_json(dict(row.pop("particulars")))}


def _check_family(tx: Transaction, family_id: str, product: str) -> None:
    """Make sure that a family's policy years are the same stretch, without which they cannot be counted together."""
    p = t.policy.c
    rows = tx.connection.execute(select(p.policy_number, p.effective_from).where(p.family_id == family_id, p.product == product))
    starts = {(row.effective_from.month, row.effective_from.day): row.policy_number for row in rows}
    if len(starts) > 1:
        told = f"policies {'、'.join(sorted(starts.values()))} of family {family_id} begin their years on different days"
        raise InputError(told, "let the policies of a family begin on one day, or leave family_id of one empty", field="family_id")


def save_entitlements(tx: Transaction, entitlements: Iterable[Entitlement]) -> None:
    """Insert entitlements, or bring them up to date."""
    _upsert(tx, t.entitlement, [vars(each).copy() for each in entitlements], ["policy_number", "code"])


def _upsert(tx: Transaction, table: Any, rows: Sequence[dict[str, Any]], key: list[str]) -> None:
    insert = sqlite_insert if tx.connection.dialect.name == "sqlite" else postgres_insert
    for row in rows:
        statement = insert(table).values(**row)
        changed = {name: statement.excluded[name] for name in row if name not in key}
        tx.connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))


def check_key(tx: Transaction) -> None:
    """Make sure that what is encrypted here opens with this key, before anything new is written under it.

    Raises:
        SetupError: it does not: the key file is another one, or was lost and made anew.
    """
    first = tx.connection.execute(select(t.person.c.id_number_enc).limit(1)).scalar_one_or_none()
    if first is not None:
        tx.cipher.decrypt(first)


def find_person(tx: Transaction, person_id: str) -> Person | None:
    """Find a person by id."""
    return _one_person(tx, t.person.c.person_id == person_id)


def find_people(tx: Transaction, clue: PersonClue) -> tuple[Person, ...]:
    """Find everybody whom a clue fits: all its parts that are given must agree."""
    wanted: list[ColumnElement[bool]] = []
    if clue.id_number:
        wanted.append(t.person.c.id_number_index == tx.cipher.index(clue.id_number))
    if clue.policy_number:
        covered = select(t.policy.c.insured_id).where(t.policy.c.policy_number == clue.policy_number)
        wanted.append(t.person.c.person_id.in_(covered))
    if clue.name:
        wanted.append(t.person.c.name == clue.name)
    if clue.birth_date:
        wanted.append(t.person.c.birth_date == clue.birth_date)
    if not wanted:
        return ()
    rows = tx.connection.execute(select(t.person).where(*wanted).order_by(t.person.c.person_id))
    return tuple(_person_of(tx, row) for row in rows)


def policies_of(tx: Transaction, person_id: str) -> tuple[Policy, ...]:
    """List the policies in which a person is insured or policyholder, by number."""
    mine = or_(t.policy.c.insured_id == person_id, t.policy.c.policyholder_id == person_id)
    return _policies(tx, select(t.policy).where(mine).order_by(t.policy.c.policy_number))


def policies_insuring(tx: Transaction, person_id: str) -> tuple[Policy, ...]:
    """List the policies that cover a person, in force or not, by number."""
    return _policies(tx, select(t.policy).where(t.policy.c.insured_id == person_id).order_by(t.policy.c.policy_number))


def policies_where(tx: Transaction, *wanted: ColumnElement[bool]) -> tuple[Policy, ...]:
    """List the policies that fit conditions of this room, by number."""
    return _policies(tx, select(t.policy).where(*wanted).order_by(t.policy.c.policy_number))


def find_policies(tx: Transaction, numbers: Sequence[str], *, lock: bool = False) -> tuple[Policy, ...]:
    """Find policies by number, ordered by number; `lock` keeps other transactions from the same limits until commit.

    With a policy its whole family is locked, all in one order, so that two members' claims wait for each other and never
    each for the other.
    """
    p, own, wanted = t.policy.c, t.policy.alias("own"), list(numbers)
    statement = select(t.policy).where(p.policy_number.in_(wanted)).order_by(p.policy_number)
    if lock:
        families = select(own.c.family_id).where(own.c.policy_number.in_(wanted), own.c.family_id != "")
        tx.connection.execute(
            select(p.policy_number)
            .where(or_(p.policy_number.in_(wanted), p.family_id.in_(families)))
            .order_by(p.policy_number)
            .with_for_update()
        )
    return _policies(tx, statement)


def find_hospital(tx: Transaction, hospital_id: str) -> Hospital | None:
    """Find a hospital by id."""
    row = tx.connection.execute(select(t.hospital).where(t.hospital.c.hospital_id == hospital_id)).one_or_none()
    return Hospital(**row._mapping) if row else None


def list_hospitals(tx: Transaction) -> tuple[Hospital, ...]:
    """List the medical base, by id."""
    return tuple(Hospital(**row._mapping) for row in tx.connection.execute(select(t.hospital).order_by(t.hospital.c.hospital_id)))


def find_agent(tx: Transaction, agent_id: str) -> Agent | None:
    """Find an agent by id."""
    row = tx.connection.execute(select(t.agent).where(t.agent.c.agent_id == agent_id)).one_or_none()
    return Agent(row.agent_id, row.name, tx.cipher.decrypt(row.phone_enc), row.branch) if row else None


def entitlements_of(tx: Transaction, policy_number: str, on: date) -> tuple[Entitlement, ...]:
    """List the entitlements of a policy that are valid on a day, by code."""
    e = t.entitlement.c
    statement = select(t.entitlement).where(e.policy_number == policy_number, e.valid_from <= on, e.valid_to >= on)
    return tuple(Entitlement(**row._mapping) for row in tx.connection.execute(statement.order_by(e.code)))


def _one_person(tx: Transaction, condition: ColumnElement[bool]) -> Person | None:
    row = tx.connection.execute(select(t.person).where(condition)).one_or_none()
    return _person_of(tx, row) if row else None


def _person_of(tx: Transaction, row: Row[Any]) -> Person:
    return Person(
        person_id=row.person_id,
        name=row.name,
        id_number=tx.cipher.decrypt(row.id_number_enc),
        birth_date=row.birth_date,
        phone=tx.cipher.decrypt(row.phone_enc),
        has_social_insurance=row.has_social_insurance,
        region_code=row.region_code,
    )


def _policies(tx: Transaction, statement: Select[Any]) -> tuple[Policy, ...]:
    return tuple(_policy_of(row) for row in tx.connection.execute(statement))


def _policy_of(row: Row[Any]) -> Policy:
    columns = dict(row._mapping)
    return Policy(**columns | {"agent_id": row.agent_id or "", "particulars": json.loads(columns.pop("particulars_json"))})
