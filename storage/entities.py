"""Entities (关联要素): what several claims have in common, counted as each of them is scored.

A phone, an account or a hospital has one row, named by a keyed hash. A score reads the rows of its claim before they are
counted up, so what it sees is what was known then; what it saw is kept with its feature row, and a claim that is scored
again sees the same. Whose a phone, an account or a device is, is remembered from the report on, before there is a score.

Counts only add up, so that transactions which meet at a hospital's row lose nothing: "recent" is a sum of weights that
double every ninety days (forward decay, Cormode et al. 2009), divided by today's weight when it is read.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import String, bindparam, case, column, delete, func, literal_column, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.risk import EntityFacts, EntityKind, Shared
from storage import tables as t
from storage.database import Transaction
from storage.heads import is_group
from storage.rows import write_rows

_DAY_MS = 86_400_000
_LANDMARK_MS = 1_577_836_800_000  # 2020-01-01: weights stay far from what a float can hold for centuries
HALF_LIFE_DAYS = 90
PRIOR_CLAIMS, PRIOR_RATE = 10, 0.02  # claims of average honesty that every rate of fraud begins with
FEWEST_FOR_USUAL = 5  # claims before anything is called usual
MOST_PEOPLE = 50  # insureds that one entity remembers: a hub has more, and no model asks how many
HUB = 20  # insureds from which on an entity holds nobody together: an employer's phone, a hospital's account
MOST_LINKED = 200
_LINKING = (EntityKind.INSURED, EntityKind.PHONE, EntityKind.ACCOUNT, EntityKind.ADDRESS, EntityKind.DEVICE)
_USUAL = (EntityKind.HOSPITAL_DIAGNOSIS, EntityKind.DIAGNOSIS)
_MARK = 16  # characters by which an entity remembers an insured

Keys = Mapping[EntityKind, str]


@dataclass(slots=True)
class _Row:
    """An entity as this transaction knows it: as it was read, and what was counted since."""

    recent: float = 0.0
    claims: int = 0
    frauds: int = 0
    log_sum: float = 0.0
    people: str = ""  # sixteen characters each; hexadecimal, so that none is found in the midst of two others
    component: str | None = None
    account: str | None = None
    account_ms: int | None = None


@dataclass
class _Book:
    """The entities that this transaction has met."""

    rows: dict[str, _Row] = field(default_factory=dict)
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)  # by claim: what it saw when it was first scored; {} for a new one
    sizes: dict[str, int] = field(default_factory=dict)  # insureds by component
    merged: dict[str, str] = field(default_factory=dict)
    added: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Met:
    """What a claim shares, and the text to keep with its feature row."""

    shared: Shared
    known_json: str


def key_of(tx: Transaction, kind: EntityKind, value: str) -> str:
    """Name an entity by a keyed hash; `value` may be a hash already."""
    return f"{kind}:{tx.cipher.lasting(f'{kind} {tx.cipher.oldest(value)}')[:32]}"


def remember(tx: Transaction, insured_id: str, told: Mapping[EntityKind, str]) -> None:
    """Remember who a phone, an account or a device belongs to, as soon as a claim tells it; nothing is counted yet, and nothing read."""
    book, mark = _book(tx), key_of(tx, EntityKind.INSURED, insured_id)[-_MARK:]
    for kind, value in told.items():
        if value:
            added = _added(book, key_of(tx, kind, value))
            if mark not in added["people"]:
                added["people"] += mark
            _write_at_the_end(tx)


def look_ahead(tx: Transaction, keys_by_claim: Mapping[str, Keys]) -> None:
    """Read the entities of several claims at once, for those who ask for one after another."""
    book = _book(tx)
    wanted = {key for keys in keys_by_claim.values() for key in keys.values()} - book.rows.keys()
    claim_ids = keys_by_claim.keys() - book.seen.keys()
    if not wanted and not claim_ids:
        return
    for key in wanted:
        book.rows[key] = _Row()
    for claim_id in claim_ids:
        book.seen[claim_id] = {}
    keys = listed(wanted) if tx.is_sqlite else list(wanted)
    for each in tx.find_bare(FIND[tx.is_sqlite], {"of_keys": keys, "of_claims": list(claim_ids)}):
        key, recent, claims, frauds, log_sum, people, component, account, account_ms, linked = each
        if recent is None:  # a claim that was scored before, and what it saw
            book.seen[key] = json.loads(people)
            continue
        component = _root(book, component)
        book.rows[key] = _Row(recent, claims, frauds, log_sum, people, component, account, account_ms)
        if component is not None and linked is not None:
            book.sizes.setdefault(component, linked)
    groups = {component for key in wanted if (component := book.rows[key].component) is not None} - book.sizes.keys()
    if groups:
        book.sizes.update(tx.find_bare(SIZES, {"of_groups": listed(groups)}))


def listed(keys: Iterable[str]) -> str:
    """Give the names of entities as a JSON list; a kind and hexadecimal digits hold nothing that JSON would escape."""
    return '["' + '","'.join(keys) + '"]'  # a tenth of what json.dumps takes, and this is asked twice for every claim


def meet(tx: Transaction, claim_id: str, keys: Keys, claimed_fen: int) -> Met:
    """Give what a claim shares with those scored before it, and count it; what it was counted for before it sees as it did then."""
    look_ahead(tx, {claim_id: keys})
    book = _book(tx)
    seen = book.seen[claim_id]
    counted: dict[str, str] = dict(seen.get("keys", {}))
    entities = {
        EntityKind(kind): EntityFacts(*facts)
        for kind, facts in seen.get("entities", {}).items()
        if keys.get(EntityKind(kind)) == counted[kind]
    }
    fresh = {kind: key for kind, key in keys.items() if counted.get(kind) != key}
    mark = keys[EntityKind.INSURED][-_MARK:]
    now_ms = tx.now_ms()
    weight = float(2 ** ((now_ms - _LANDMARK_MS) / (HALF_LIFE_DAYS * _DAY_MS)))
    entities |= {kind: _facts(kind, book.rows[key], mark, weight) for kind, key in fresh.items()}
    linked, changed_ms = int(seen.get("linked", 1)), seen.get("account_changed_ms")
    if fresh:
        linked = max(linked, _link(book, keys))
        if EntityKind.ACCOUNT in fresh:
            changed_ms = _note_account(book, keys, now_ms)
        for kind, key in fresh.items():
            _count(book, kind, key, mark, claimed_fen, weight)
        _write_at_the_end(tx)
    kept: dict[str, Any] = {
        "keys": {**counted, **fresh},
        "entities": {kind: list(vars(each).values()) for kind, each in entities.items()},
        "linked": linked,
        "account_changed_ms": changed_ms,
    }
    book.seen[claim_id] = kept
    days = None if changed_ms is None else max(0, now_ms - changed_ms) // _DAY_MS
    return Met(Shared(entities, linked, days), json.dumps(kept, separators=(",", ":")))


def keys_of(tx: Transaction, claim_id: str) -> dict[EntityKind, str]:
    """Name the entities that a claim was counted for; none when it was never scored, or is erased."""
    r = t.risk_row.c
    statement = select(r.known_json).where(r.claim_id == claim_id, r.known_json.is_not(None)).order_by(r.round.desc()).limit(1)
    known = tx.connection.execute(statement).scalar_one_or_none()
    return {EntityKind(kind): key for kind, key in json.loads(known)["keys"].items()} if known else {}


def note_finding(tx: Transaction, claim_id: str, change: int) -> None:
    """Count one fraud more (+1) or fewer (-1) for every entity of a claim; a claim that was never scored has none."""
    book = _book(tx)
    for key in keys_of(tx, claim_id).values():
        added = _added(book, key)
        added["frauds"] += change
        if key in book.rows:
            book.rows[key].frauds += change
    _write_at_the_end(tx)


def forget_claim(tx: Transaction, claim_id: str, *, is_fraud: bool) -> None:
    """Take an erased claim out of the counts of what names a person; an entity without any claim left goes."""
    e, c = t.risk_entity.c, t.claim.c
    told = {EntityKind.PHONE: c.reporter_phone_index, EntityKind.ACCOUNT: c.payee_account_index, EntityKind.DEVICE: c.device_index}
    row = tx.connection.execute(select(*told.values()).where(c.claim_id == claim_id)).one()
    keys = {key for kind, key in keys_of(tx, claim_id).items() if kind in _LINKING}
    keys |= {key_of(tx, kind, value) for kind, value in zip(told, row, strict=True) if value}
    fewer = {"claims": e.claims - 1, "frauds": e.frauds - int(is_fraud)}
    tx.connection.execute(update(t.risk_entity).where(e.entity_key.in_(keys)).values(fewer))
    tx.connection.execute(delete(t.risk_entity).where(e.entity_key.in_(keys), e.claims <= 0))
    tx.forget("entities")


def _book(tx: Transaction) -> _Book:
    return tx.once(("entities",), _Book)


def _facts(kind: EntityKind, row: _Row, mark: str, weight: float) -> EntityFacts:
    usual = None
    if kind in _USUAL and row.claims >= FEWEST_FOR_USUAL:
        usual = round(math.exp(row.log_sum / row.claims))
    recent = round(row.recent / weight, 4)
    rate = round((max(0, row.frauds) + PRIOR_CLAIMS * PRIOR_RATE) / (max(row.claims, row.frauds) + PRIOR_CLAIMS), 6)
    return EntityFacts(recent, len(row.people) // _MARK - (mark in row.people), rate, usual)


def _count(book: _Book, kind: EntityKind, key: str, mark: str, claimed_fen: int, weight: float) -> None:
    row, added = book.rows[key], _added(book, key)
    row.recent, row.claims = row.recent + weight, row.claims + 1
    added["recent"] += weight
    added["claims"] += 1
    if kind in _USUAL:
        told = math.log(max(1, claimed_fen))
        row.log_sum += told
        added["log_sum"] += told
    elif kind is not EntityKind.INSURED and mark not in row.people and len(row.people) < MOST_PEOPLE * _MARK:
        row.people += mark
        if mark not in added["people"]:
            added["people"] += mark


def _link(book: _Book, keys: Keys) -> int:
    """Join what a claim's phone, account, address and device hold together, hubs left out; gives how many insureds that are."""
    linking = [keys[kind] for kind in _LINKING if kind in keys and len(book.rows[keys[kind]].people) < HUB * _MARK]
    found = {each for key in linking if (each := _root(book, book.rows[key].component)) is not None}
    own = keys[EntityKind.INSURED]
    label = min(found, default=own)
    size = sum(book.sizes.get(each, 1) for each in found) + (book.rows[own].component is None)
    for other in found - {label}:
        book.merged[other] = label
    book.sizes[label] = size
    for key in linking:
        if book.rows[key].component != label:
            book.rows[key].component = label
            _added(book, key)["component"] = label
    reported = {book.rows[key].people[at : at + _MARK] for key in linking for at in range(0, len(book.rows[key].people), _MARK)}
    return min(MOST_LINKED, max(size, len(reported | {own[-_MARK:]})))  # some of them may not have been scored yet


def _root(book: _Book, component: str | None) -> str | None:
    while component is not None and component in book.merged:
        component = book.merged[component]
    return component


def _note_account(book: _Book, keys: Keys, now_ms: int) -> int | None:
    """Remember where the insured's money goes; gives when that last became another account than before."""
    own, account = keys[EntityKind.INSURED], keys[EntityKind.ACCOUNT]
    row = book.rows[own]
    if row.account != account:
        row.account_ms = now_ms if row.account else None
        row.account = account
        _added(book, own).update(account=account, account_ms=row.account_ms)
    return row.account_ms


def _added(book: _Book, key: str) -> dict[str, Any]:
    nothing = {"recent": 0.0, "claims": 0, "frauds": 0, "log_sum": 0.0, "people": "", "component": None, "account": None}
    return book.added.setdefault(key, {"entity_key": key, "kind": key.partition(":")[0], **nothing, "account_ms": None})


def _write_at_the_end(tx: Transaction) -> None:
    if _write not in tx.before_commit:
        tx.before_commit.append(_write)


def _write(tx: Transaction) -> None:
    """Write what was counted, in the order of the keys, so that two transactions never wait each for the other.

    Of groups that became one, which is rare, the rows that this transaction did not meet are written with the others.
    """
    book = _book(tx)
    for old in book.merged:
        for key in tx.connection.execute(_OF_COMPONENT, {"old": old}).scalars():
            added = _added(book, key)
            added["component"] = added["component"] or old
    if book.added:
        rows = [book.added[key] for key in sorted(book.added)]
        for row in rows:
            row["component"], row["touched_ms"] = _root(book, row["component"]), tx.now_ms()
        tx.write_out()
        write_rows(tx.bare, _ADD[tx.is_sqlite], rows)
    tx.forget("entities")


def _find(*, is_sqlite: bool) -> Any:
    """Write the question for entities and for claims that were scored before.

    SQLite reads the keys from one JSON text: for `IN` it would build a table of them first, which costs as much as half of the
    reading. It tells no sizes of groups: most entities of a claim are of one group, which is counted once by `SIZES`. To
    PostgreSQL a second question is a journey, so it counts at once.
    """
    e, r = t.risk_entity.c, t.risk_row.c
    columns = (e.entity_key, e.recent, e.claims, e.frauds, e.log_sum, e.people, e.component, e.account, e.account_ms)
    none: Any = literal_column("NULL")
    zero: Any = literal_column("0")
    if is_sqlite:
        asked = _rows_of("of_keys")
        entities = select(*columns, none.label("linked")).select_from(asked).join(t.risk_entity, e.entity_key == asked.c.value)
    else:
        linked = case((e.component.is_not(None), _insureds_of(e.component, t.risk_entity))).label("linked")
        entities = select(*columns, linked).where(e.entity_key.in_(bindparam("of_keys", expanding=True)))
    was_scored = r.claim_id.in_(bindparam("of_claims", expanding=True)), r.known_json.is_not(None)
    seen = select(r.claim_id, none, zero, zero, zero, r.known_json, none, none, none, zero).where(*was_scored)
    return union_all(entities, seen)


def _sizes() -> Any:
    asked = _rows_of("of_groups")
    return select(asked.c.value, _insureds_of(asked.c.value, asked).label("linked"))


def _rows_of(name: str) -> Any:
    """Give the texts of a JSON list as the rows of a table, on SQLite."""
    return func.json_each(bindparam(name, type_=String)).table_valued(column("value", String), name=name)


def _insureds_of(component: Any, told_by: Any) -> Any:
    """Count the insureds of a group that another table tells, up to the most that are told apart."""
    other = t.risk_entity.alias("other").c
    hanging: Any = (
        select(literal_column("1")).where(is_group(other.component, component), other.kind == str(EntityKind.INSURED)).limit(MOST_LINKED)
    )
    return select(func.count()).select_from(hanging.correlate(told_by).subquery()).scalar_subquery()


def _adding(insert: Any, place_of: Any) -> Any:
    statement, old = insert(t.risk_entity), t.risk_entity.c
    new = statement.excluded
    is_known = or_(place_of(old.people, new.people) > 0, func.length(old.people) >= MOST_PEOPLE * _MARK)
    changes: dict[str, Any] = {name: old[name] + new[name] for name in ("recent", "claims", "frauds", "log_sum")}
    changes["people"] = case((is_known, old.people), else_=old.people + new.people)
    changes |= {name: func.coalesce(new[name], old[name]) for name in ("component", "account", "account_ms")}
    return statement.on_conflict_do_update(index_elements=["entity_key"], set_={**changes, "touched_ms": new.touched_ms})


# Written once: building a statement anew for every claim costs more than running it.
# Public for the benchmark alone: by whether it is for SQLite; and for SQLite only.
FIND, SIZES = {is_sqlite: _find(is_sqlite=is_sqlite) for is_sqlite in (True, False)}, _sizes()
_ADD = {True: _adding(sqlite_insert, func.instr), False: _adding(postgres_insert, func.strpos)}
_OF_COMPONENT = select(t.risk_entity.c.entity_key).where(is_group(t.risk_entity.c.component, bindparam("old", type_=String)))
