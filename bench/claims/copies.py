"""Copies stored claims until there are millions: numbers are joined to the rows of a few, inside the database.

Each copy gives its insureds, policies, claims and all that hangs on them names and hashes of their own. Ids begin with the copy's
number, as those of older claims do. Hashes are spread evenly over all that there can be, so that one that is looked up later may lie
anywhere among them, and are written in their order, so that a tree grows at its end. Indexes that can be dropped are built when all
rows are there. None of this would survive a crash.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, LargeBinary, NullPool, Table, create_engine, text
from sqlalchemy.schema import CreateIndex, DropIndex

from storage import tables as t
from storage.database import Database

SEED = 160  # claims that are copied
_OLDER_MS = 600_000  # each copy than the one before it
_LOOKED_AT = (
    t.person, t.policy, t.claim, t.document, t.paper_mark, t.task, t.risk_row, t.decision, t.accumulator_use, t.payout, t.risk_entity,
)  # fmt: skip
_OTHERS = (t.adjudication, t.ledger_entry, t.clock, t.notice, t.message, t.audit)
_OF_COPIES = {
    t.person: "WHERE person_id IN (SELECT insured_id FROM claim)",
    t.policy: "WHERE insured_id IN (SELECT insured_id FROM claim)",
    t.risk_entity: "WHERE kind IN ('insured', 'phone', 'account', 'device')",  # hospitals and agents are those of all copies
}
_IDS = frozenset({"claim_id", "document_id", "notice_id", "message_id"})
_NAMES = frozenset({"person_id", "insured_id", "policyholder_id", "policy_number", "external_ref"})
_HASHES = frozenset({
    "id_number_index", "phone_index", "reporter_phone_index", "payee_account_index", "device_index", "sha256", "number_index", "bill_index",
    "idempotency_key",
})  # fmt: skip
_OF_KIND = frozenset({"entity_key", "component", "account"})  # the kind of an entity, and a hash
_UNREAD = frozenset({
    "read_enc", "content_enc", "inputs_json", "features_json", "known_json", "narrative", "reason", "file_name", "request_hash",
    "audit_hash",
    "name_index", "id_number_enc", "phone_enc", "reporter_phone_enc", "payee_account_enc", "model_hash",
})  # fmt: skip


class Copies:
    """Copies what a database holds, as often as is asked for."""

    def __init__(self, database: Database, *, lean: bool) -> None:
        """Keep what it holds now as the seed: `SEED` claims and nothing after them; `lean` leaves out what no other claim looks at."""
        self._database, self._lean, self._copies = database, lean, 0
        self._tables = _LOOKED_AT if lean else (*_LOOKED_AT, *_OTHERS)
        with self._connected() as connection:
            if not database.is_sqlite:
                connection.execute(text("CREATE SCHEMA seed"))
            for table in self._tables:
                chosen = f"SELECT * FROM {table.name} {_OF_COPIES.get(table, '')}"  # noqa: S608 - our own names
                connection.execute(text(f"CREATE TABLE seed.{table.name} AS {chosen}"))

    def fill(self, claims: int) -> None:
        """Add copies until there are so many claims."""
        first, last = self._copies + 1, -(-claims // SEED) - 1  # one is the seed itself
        indexes = [each for table in self._tables for each in table.indexes]
        with self._connected() as connection:
            for each in indexes:
                connection.execute(DropIndex(each))
            for table in self._tables:
                connection.execute(text(self._copying(table)), {"first": first, "last": last, "stride": 2**32 // (last + 1)})
            for each in indexes:
                connection.execute(CreateIndex(each))
            if not self._database.is_sqlite:
                connection.execute(text("VACUUM ANALYZE"))
        self._copies = last

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Give the one connection there is, in a hurry and without a net."""
        self._database.close()
        engine = create_engine(self._database.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            if not self._database.is_sqlite:
                connection.execute(text("SET synchronous_commit = off"))
                connection.execute(text("SET session_replication_role = replica"))  # no look at what a foreign key names
                yield connection
                return
            seed = self._database.url.removeprefix("sqlite:///") + ".seed"
            for told in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
                connection.exec_driver_sql(f"PRAGMA {told}")
            connection.exec_driver_sql("ATTACH ? AS seed", (seed,))
            yield connection
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")

    def _copying(self, table: Table) -> str:
        names = [each.name for each in table.c if each is not t.ledger_entry.c.entry_id]
        values = ", ".join(self._copied(table, name) for name in names)
        numbers = "WITH RECURSIVE copy(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM copy WHERE n < :last)"
        chosen = f"{numbers} SELECT {values} FROM copy CROSS JOIN seed.{table.name} AS s"  # noqa: S608 - our own names
        return f"INSERT INTO {table.name} ({', '.join(names)}) {chosen}"

    def _copied(self, table: Table, name: str) -> str:
        """Write the expression of a column: in SQLite's words, or in PostgreSQL's."""
        column, it = table.c[name], f"s.{name}"
        if self._lean and name in _UNREAD:
            return "NULL" if column.nullable else "''" if not isinstance(column.type, LargeBinary) else self._no_bytes
        if name in _IDS:
            return f"substr({it}, 1, 1) || {self._hex('copy.n', 8)} || substr({it}, 10)"
        if name in _NAMES:
            return f"{self._hex('copy.n', 6)} || {it}"
        if name in _HASHES:
            return f"CASE {it} WHEN '' THEN '' ELSE {self._spread(f'substr({it}, 15)')} END"
        if name in _OF_KIND:
            colon = f"instr({it}, ':')" if self._database.is_sqlite else f"strpos({it}, ':')"
            return f"substr({it}, 1, {colon}) || {self._spread(f'substr({it}, {colon} + 15)')}"
        if name in ("event", "bank_reference"):  # which hold another column's value
            told = "claim_id" if name == "event" else "idempotency_key"
            return f"replace({it}, s.{told}, {self._copied(table, told)})"
        if name == "created_ms":
            return f"{it} - copy.n * {_OLDER_MS}"
        return {"letter_due_ms": "NULL", "status": "'done'" if table is t.task else "'sent'"}.get(name, it)

    def _spread(self, rest: str) -> str:
        return f"{self._hex('copy.n * :stride', 8)} || {self._hex('copy.n', 6)} || {rest}"

    def _hex(self, number: str, digits: int) -> str:
        if self._database.is_sqlite:
            return f"printf('%0{digits}x', {number})"
        return f"lpad(to_hex(({number})::bigint), {digits}, '0')"

    @property
    def _no_bytes(self) -> str:
        return "x''" if self._database.is_sqlite else "''::bytea"
