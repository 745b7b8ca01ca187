"""What stands behind claims: people, policies, hospitals of the medical base, agents, entitlements."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.claim import PersonClue
from domain.errors import InputError
from domain.policy import Agent, Entitlement, Hospital, Person, Policy
from storage import agent_changes, contract_looks
from storage import tables as t
from storage.codec import canonical_json
from storage.crypto import FieldCipher
from storage.database import Transaction

_AT_ONCE = 500


def save_people(tx: Transaction, people: Iterable[Person]) -> None:
    """Insert people, or bring what is known of them up to date."""
    people = tuple(people)
    _look_again_at_insured(tx, people)
    _upsert(tx, t.person, [row_of_person(tx.cipher, each) for each in people], ["person_id"])
    tx.forget("person", "people of")


def _look_again_at_insured(tx: Transaction, people: Sequence[Person]) -> None:
    """Have the policies of those looked at again whose birth date was another: benefits come due by age."""
    p, policy = t.person.c, t.policy.c
    for start in range(0, len(people), _AT_ONCE):
        born = {each.person_id: each.birth_date for each in people[start : start + _AT_ONCE]}
        known = tx.connection.execute(select(p.person_id, p.birth_date).where(p.person_id.in_(born))).all()
        if moved := [row.person_id for row in known if born[row.person_id] != row.birth_date]:
            insuring = select(policy.policy_number).where(policy.insured_id.in_(moved))
            contract_looks.look_again(tx, tx.connection.execute(insuring).scalars().all())


def row_of_person(cipher: FieldCipher, person: Person) -> dict[str, Any]:
    """Give the row of a person, with what names them encrypted."""
    return {
        "person_id": person.person_id,
        "name": person.name,
        "birth_date": person.birth_date,
        "id_number_enc": cipher.encrypt(person.id_number),
        "id_number_index": cipher.index(person.id_number),
        "phone_enc": cipher.encrypt(person.phone),
        "phone_index": cipher.index(person.phone),
        "has_social_insurance": person.has_social_insurance,
        "region_code": person.region_code,
        "address_index": cipher.index(person.address) or person.address_index,
    }


def save_agents(tx: Transaction, agents: Iterable[Agent]) -> None:
    """Insert agents, or bring them up to date."""
    rows = [
        {"agent_id": each.agent_id, "name": each.name, "phone_enc": tx.cipher.encrypt(each.phone), "branch": each.branch} for each in agents
    ]
    _upsert(tx, t.agent, rows, ["agent_id"])


def save_hospitals(tx: Transaction, hospitals: Iterable[Hospital]) -> None:
    """Insert hospitals of the medical base, or bring them up to date."""
    _upsert(tx, t.hospital, [vars(each).copy() for each in hospitals], ["hospital_id"])
    tx.forget("hospitals")


def save_policies(tx: Transaction, policies: Iterable[Policy]) -> None:
    """Insert policies, or bring them up to date; insured and policyholder must be there.

    Raises:
        InputError: policies of one family and product whose years begin on different days.
    """
    policies = tuple(policies)
    moved = agent_changes.note_imported(tx, policies)
    _upsert(tx, t.policy, [row_of_policy(each) for each in policies], ["policy_number"])
    agent_changes.end_care(tx, moved)
    contract_looks.look_again(tx, (each.policy_number for each in policies))
    tx.forget("locked policy", "policies insuring")
    for family_id, product in sorted({(each.family_id, each.product) for each in policies if each.family_id}):
        _check_family(tx, family_id, product)


def row_of_policy(policy: Policy) -> dict[str, Any]:
    """Give the row of a policy."""
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
    if rows:
        statement: Any = (sqlite_insert if tx.is_sqlite else postgres_insert)(table)  # each dialect has a class of its own
        changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
        tx.connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), list(rows))


def _locking() -> Select[Any]:
    p, own = t.policy.c, t.policy.alias("own")
    wanted: Any = bindparam("of_policies", expanding=True)
    families = select(own.c.family_id).where(own.c.policy_number.in_(wanted), own.c.family_id != "")
    chosen = select(p.policy_number).where(or_(p.policy_number.in_(wanted), p.family_id.in_(families)))
    return chosen.order_by(p.policy_number).with_for_update()


# Written once: building a statement anew for every claim costs more than running it.
_PERSON = select(t.person).where(t.person.c.person_id == bindparam("of_person"))
_PEOPLE = select(t.person).where(t.person.c.person_id.in_(bindparam("of_people", expanding=True)))
_HOSPITALS = select(t.hospital).order_by(t.hospital.c.hospital_id)
_HOSPITAL = select(t.hospital).where(t.hospital.c.hospital_id == bindparam("of_hospital"))
_POLICIES = (
    select(t.policy).where(t.policy.c.policy_number.in_(bindparam("of_policies", expanding=True))).order_by(t.policy.c.policy_number)
)
_LOCK_POLICIES = _locking()
_INSURING = select(t.policy).where(t.policy.c.insured_id.in_(bindparam("of_people", expanding=True))).order_by(t.policy.c.policy_number)
_BY_ID_NUMBER = select(t.person).where(t.person.c.id_number_index.in_(bindparam("of_indexes", expanding=True)))


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

    def find() -> Person | None:
        row = next(iter(tx.find_bare(_PERSON, {"of_person": person_id})), None)
        return _person_of(tx, row) if row else None

    return tx.once(("person", person_id), find)


def look_ahead(tx: Transaction, person_ids: Collection[str]) -> None:
    """Find several people at once, for those who ask for one after another."""
    for row in tx.find_bare(_PEOPLE, {"of_people": list(person_ids)}):
        tx.learn(("person", row.person_id), _person_of(tx, row))


def find_people(tx: Transaction, clue: PersonClue) -> tuple[Person, ...]:
    """Find everybody whom a clue fits: all its parts that are given must agree."""
    if clue == PersonClue(id_number=clue.id_number) and clue.id_number:  # as most do: one statement that is written once
        return _people_of(tx, [tx.cipher.index(clue.id_number)])
    wanted: list[ColumnElement[bool]] = []
    if clue.id_number:
        wanted.append(t.person.c.id_number_index.in_(tx.cipher.same(tx.cipher.index(clue.id_number))))
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


def _people_of(tx: Transaction, indexes: Sequence[str]) -> tuple[Person, ...]:
    """Give the people of ID numbers, found at once for those that nobody has asked for before."""
    if unknown := [each for each in dict.fromkeys(indexes) if not tx.knows(("people of", each))]:
        found: dict[str, list[Person]] = {each: [] for each in unknown}
        written = {same: each for each in unknown for same in tx.cipher.same(each)}  # under whichever key it was
        for row in tx.find_bare(_BY_ID_NUMBER, {"of_indexes": list(written)}):
            found[written[row.id_number_index]].append(_person_of(tx, row))
        for index, people in found.items():
            tx.learn(("people of", index), tuple(people))
    return tuple(person for each in indexes for person in tx.known(("people of", each)))


def look_ahead_insured(tx: Transaction, clues: Sequence[PersonClue]) -> tuple[str, ...]:
    """Find the people of several clues that tell an ID number, and their policies, for those who ask for one after another."""
    people = {each.person_id for each in _people_of(tx, [tx.cipher.index(each.id_number) for each in clues if each.id_number])}
    insuring: dict[str, list[Policy]] = {each: [] for each in sorted(people)}
    for policy in map(_policy_of, tx.find_bare(_INSURING, {"of_people": list(insuring)})) if insuring else ():
        insuring[policy.insured_id].append(policy)
    for person_id, policies in insuring.items():
        tx.learn(("policies insuring", person_id), tuple(policies))
    return tuple(insuring)


def policies_of(tx: Transaction, person_id: str, limit: int | None = None, *, after: str = "") -> tuple[Policy, ...]:
    """List the policies in which a person is insured or policyholder, by number; at most `limit` of them, those after a number."""
    mine = or_(t.policy.c.insured_id == person_id, t.policy.c.policyholder_id == person_id)
    statement = select(t.policy).where(mine, t.policy.c.policy_number > after)
    return _policies(tx, statement.order_by(t.policy.c.policy_number).limit(limit))


@dataclass(frozen=True)
class Insured:
    """Who a policy insures, as far as a list of policies tells: no number is opened."""

    name: str
    birth_date: date


def insureds_of(tx: Transaction, person_ids: Collection[str]) -> dict[str, Insured]:
    """Find names and birth dates of people, in one statement."""
    p = t.person.c
    rows = tx.connection.execute(select(p.person_id, p.name, p.birth_date).where(p.person_id.in_(list(person_ids))))
    return {row.person_id: Insured(row.name, row.birth_date) for row in rows}


def policies_insuring(tx: Transaction, person_id: str) -> tuple[Policy, ...]:
    """List the policies that cover a person, in force or not, by number."""
    return tx.once(("policies insuring", person_id), lambda: tuple(map(_policy_of, tx.find_bare(_INSURING, {"of_people": [person_id]}))))


def policies_where(tx: Transaction, *wanted: ColumnElement[bool]) -> tuple[Policy, ...]:
    """List the policies that fit conditions of this room, by number."""
    return _policies(tx, select(t.policy).where(*wanted).order_by(t.policy.c.policy_number))


def find_policies(tx: Transaction, numbers: Sequence[str], *, lock: bool = False) -> tuple[Policy, ...]:
    """Find policies by number, ordered by number; `lock` keeps other transactions from the same limits until commit.

    With a policy its whole family is locked, all in one order, so that two members' claims wait for each other and never
    each for the other.
    """
    in_order = sorted(numbers)
    if lock and all(tx.knows(("locked policy", each)) for each in numbers):
        return tuple(tx.known(("locked policy", each)) for each in in_order)
    chosen: dict[str, Any] = {"of_policies": in_order}
    if lock:
        tx.find_bare(_LOCK_POLICIES, chosen)
    found = tuple(map(_policy_of, tx.find_bare(_POLICIES, chosen)))
    for each in found if lock else ():
        tx.learn(("locked policy", each.policy_number), each)
    return found


def find_hospital(tx: Transaction, hospital_id: str) -> Hospital | None:
    """Find a hospital by id."""
    if tx.knows(("hospitals",)):
        return next((each for each in list_hospitals(tx) if each.hospital_id == hospital_id), None)
    return next((Hospital(**row._mapping) for row in tx.find_bare(_HOSPITAL, {"of_hospital": hospital_id})), None)


def list_hospitals(tx: Transaction) -> tuple[Hospital, ...]:
    """List the medical base, by id."""
    return tx.once(("hospitals",), lambda: tuple(Hospital(**row._mapping) for row in tx.find_bare(_HOSPITALS)))


def find_agent(tx: Transaction, agent_id: str) -> Agent | None:
    """Find an agent by id."""
    row = tx.connection.execute(select(t.agent).where(t.agent.c.agent_id == agent_id)).one_or_none()
    return Agent(row.agent_id, row.name, tx.cipher.decrypt(row.phone_enc), row.branch) if row else None


def entitlements_of(tx: Transaction, policy_number: str, on: date) -> tuple[Entitlement, ...]:
    """List the entitlements of a policy that are valid on a day, by code."""
    e = t.entitlement.c
    statement = select(t.entitlement).where(e.policy_number == policy_number, e.valid_from <= on, e.valid_to >= on)
    return tuple(Entitlement(**row._mapping) for row in tx.connection.execute(statement.order_by(e.code)))


def _person_of(tx: Transaction, row: Row[Any]) -> Person:
    return Person(
        person_id=row.person_id,
        name=row.name,
        id_number=tx.cipher.decrypt(row.id_number_enc),
        birth_date=row.birth_date,
        phone=tx.cipher.decrypt(row.phone_enc),
        has_social_insurance=row.has_social_insurance,
        region_code=row.region_code,
        address_index=row.address_index,
    )


def _policies(tx: Transaction, statement: Select[Any]) -> tuple[Policy, ...]:
    return tuple(_policy_of(row) for row in tx.connection.execute(statement))


def _policy_of(row: Row[Any]) -> Policy:
    columns = dict(row._mapping)
    return Policy(**columns | {"agent_id": row.agent_id or "", "particulars": json.loads(columns.pop("particulars_json"))})
