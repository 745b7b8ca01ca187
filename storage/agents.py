"""Agents as the insurer's own system tells them, where they are found, and what their ratings come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.agent import AgentCard, AgentProfile, Branch, Hours
from domain.places import Box, position_of
from storage import tables as t
from storage import tables_agents as ta
from storage.codec import from_json, to_json
from storage.database import Transaction

_p, _b = ta.agent_profile.c, ta.agent_branch.c


@dataclass(frozen=True)
class Wanted:
    """Which agents are looked for: of one city, of one language, those who take new customers alone."""

    city_code: str = ""
    language: str = ""
    accepting: bool = True


@dataclass(frozen=True)
class Standing:
    """An agent in the order in which a search gives them: by shortfall, and by number where that is equal."""

    shortfall: int
    agent_id: str


def save_branches(tx: Transaction, branches: Iterable[Branch]) -> None:
    """Insert branches, or bring them up to date; positions are kept in WGS-84."""
    rows = []
    for each in branches:
        place = position_of(each.latitude, each.longitude, each.datum)
        told = {name: value for name, value in vars(each).items() if name != "datum"}
        rows.append(told | {"latitude": place.latitude, "longitude": place.longitude})
    _upsert(tx, ta.agent_branch, rows, "branch_id")


def save_profiles(tx: Transaction, profiles: Iterable[AgentProfile], shortfall_of_new: int) -> None:
    """Insert profiles, or bring them up to date; what customers gave stays, and who is new stands where nobody was rated."""
    profiles = tuple(profiles)
    new = {"ratings": 0, "stars": 0, "shortfall": shortfall_of_new}
    rows = [{**_row_of(each), **new} for each in profiles]
    _upsert(tx, ta.agent_profile, rows, "agent_id", kept=tuple(new))
    cities = [{"agent_id": each.agent_id, "city_code": code} for each in profiles for code in dict.fromkeys(each.city_codes)]
    for start in range(0, len(profiles), 500):
        some = [each.agent_id for each in profiles[start : start + 500]]
        tx.connection.execute(delete(ta.agent_city).where(ta.agent_city.c.agent_id.in_(some)))
    if cities:
        tx.connection.execute(insert(ta.agent_city), cities)


def _row_of(profile: AgentProfile) -> dict[str, Any]:
    plain = {name: value for name, value in vars(profile).items() if name not in ("city_codes", "languages", "hours")}
    return plain | {"languages": f" {' '.join(profile.languages)} ", "hours_json": to_json(profile.hours, Hours)}


def _upsert(tx: Transaction, table: Any, rows: Sequence[dict[str, Any]], key: str, *, kept: tuple[str, ...] = ()) -> None:
    if rows:
        statement: Any = (sqlite_insert if tx.is_sqlite else postgres_insert)(table)  # each dialect has a class of its own
        changed = {name: statement.excluded[name] for name in rows[0] if name != key and name not in kept}
        tx.connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=changed), list(rows))


def branches_in(tx: Transaction, box: Box) -> tuple[Branch, ...]:
    """List the branches in a box."""
    inside = (_b.latitude.between(box.south, box.north), _b.longitude.between(box.west, box.east))
    return tuple(_branch_of(row) for row in tx.connection.execute(select(ta.agent_branch).where(*inside)))


def best_of_branch(tx: Transaction, branch_id: str, wanted: Wanted, after: Standing | None, limit: int) -> tuple[Standing, ...]:
    """List the agents of a branch that are wanted, the best standing first."""
    found = _wanted(wanted).where(_p.branch_id == branch_id)
    if wanted.city_code:
        serving = select(ta.agent_city.c.agent_id).where(
            ta.agent_city.c.city_code == wanted.city_code, ta.agent_city.c.agent_id == _p.agent_id
        )
        found = found.where(serving.exists())
    return _standings(tx, found, after, limit)


def best_of_city(tx: Transaction, wanted: Wanted, after: Standing | None, limit: int) -> tuple[Standing, ...]:
    """List the agents who serve a city and are wanted, the best standing first."""
    found = (
        _wanted(wanted).join(ta.agent_city, ta.agent_city.c.agent_id == _p.agent_id).where(ta.agent_city.c.city_code == wanted.city_code)
    )
    return _standings(tx, found, after, limit)


def _wanted(wanted: Wanted) -> Select[Any]:
    found = select(_p.shortfall, _p.agent_id).select_from(ta.agent_profile)
    if wanted.accepting:
        found = found.where(_p.accepting)
    return found.where(_p.languages.like(f"% {wanted.language} %")) if wanted.language else found


def _standings(tx: Transaction, found: Select[Any], after: Standing | None, limit: int) -> tuple[Standing, ...]:
    if after:
        further = or_(_p.shortfall > after.shortfall, and_(_p.shortfall == after.shortfall, _p.agent_id > after.agent_id))
        found = found.where(_p.shortfall >= after.shortfall, further)
    return tuple(Standing(*row) for row in tx.connection.execute(found.order_by(_p.shortfall, _p.agent_id).limit(limit)))


def find_cards(tx: Transaction, agent_ids: Sequence[str]) -> dict[str, AgentCard]:
    """Find the cards of agents, by number; who has no profile has none."""
    if not agent_ids:
        return {}
    joined = ta.agent_profile.join(t.agent, t.agent.c.agent_id == _p.agent_id).join(ta.agent_branch, _b.branch_id == _p.branch_id)
    shown = (*_p, t.agent.c.name.label("agent_name"), t.agent.c.phone_enc, *(column.label(f"branch_{column.name}") for column in _b))
    rows = tx.connection.execute(select(*shown).select_from(joined).where(_p.agent_id.in_(agent_ids))).all()
    cities: dict[str, list[str]] = {}
    c = ta.agent_city.c
    for agent_id, code in tx.connection.execute(select(c.agent_id, c.city_code).where(c.agent_id.in_(agent_ids)).order_by(c.city_code)):
        cities.setdefault(agent_id, []).append(code)
    return {row.agent_id: _card_of(tx, row, tuple(cities.get(row.agent_id, ()))) for row in rows}


def find_card(tx: Transaction, agent_id: str) -> AgentCard | None:
    """Find the card of one agent."""
    return find_cards(tx, [agent_id]).get(agent_id)


def _card_of(tx: Transaction, row: Row[Any], cities: tuple[str, ...]) -> AgentCard:
    told = row._mapping
    branch = Branch(**{column.name: told[f"branch_{column.name}"] for column in _b})
    named = {name: told[name] for name in ("agent_id", "branch_id", "licence_number", "joined_on", "capacity", "accepting")}
    profile = AgentProfile(**named, languages=tuple(row.languages.split()), city_codes=cities, hours=from_json(row.hours_json, Hours))
    return AgentCard(row.agent_name, tx.cipher.decrypt(row.phone_enc), profile, branch, row.ratings, row.stars, row.shortfall)


def _branch_of(row: Row[Any]) -> Branch:
    return Branch(**row._mapping)


def set_accepting(tx: Transaction, agent_id: str, *, accepting: bool) -> None:
    """Write whether an agent takes new customers."""
    tx.connection.execute(update(ta.agent_profile).where(_p.agent_id == agent_id).values(accepting=accepting))


def set_ratings(tx: Transaction, agent_id: str, ratings: int, stars: int, shortfall: int) -> None:
    """Write what an agent's ratings come to."""
    tx.connection.execute(update(ta.agent_profile).where(_p.agent_id == agent_id).values(ratings=ratings, stars=stars, shortfall=shortfall))


def count_customers(tx: Transaction, agent_id: str) -> int:
    """Count the policyholders whose policies an agent looks after."""
    p = t.policy.c
    return tx.connection.execute(select(func.count(p.policyholder_id.distinct())).where(p.agent_id == agent_id)).scalar_one()


def save_login(tx: Transaction, user_name: str, agent_id: str) -> None:
    """Write which agent a member of staff is; whoever was that agent before is not any more."""
    c = ta.agent_login.c
    tx.connection.execute(delete(ta.agent_login).where(or_(c.user_name == user_name, c.agent_id == agent_id)))
    tx.connection.execute(insert(ta.agent_login).values(user_name=user_name, agent_id=agent_id))


def agent_of_login(tx: Transaction, user_name: str) -> str | None:
    """Tell which agent a member of staff is."""
    c = ta.agent_login.c
    found: str | None = tx.connection.execute(select(c.agent_id).where(c.user_name == user_name)).scalar_one_or_none()
    return found


def explain_nearest(tx: Transaction, box: Box, branch_id: str) -> tuple[str, ...]:
    """Tell how the database looks for branches in a box and agents of a branch: for bench/agents.py."""
    inside = select(ta.agent_branch).where(_b.latitude.between(box.south, box.north), _b.longitude.between(box.west, box.east))
    of_branch = _wanted(Wanted()).where(_p.branch_id == branch_id).order_by(_p.shortfall, _p.agent_id).limit(20)
    told = []
    for each in (inside, of_branch):
        plain = each.compile(tx.connection, compile_kwargs={"literal_binds": True})
        verb = "EXPLAIN QUERY PLAN" if tx.is_sqlite else "EXPLAIN"
        told += [str(row[-1]) for row in tx.connection.exec_driver_sql(f"{verb} {str(plain).replace('%', '%%')}")]
    return tuple(told)
