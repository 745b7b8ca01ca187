"""The sandbox bank's book: every order it ever took, once, in a file that outlives the process."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from threading import Lock

from domain.errors import KeyReusedError
from domain.payout import BankStatus

_SCHEMA = """
CREATE TABLE IF NOT EXISTS booking (
    serial INTEGER PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    booked_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS returned (
    idempotency_key TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    returned_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS late (
    idempotency_key TEXT PRIMARY KEY,
    body TEXT NOT NULL
);
"""
_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Transfer:
    """What a customer of the bank orders: whole fen to an account, or from it (代扣)."""

    amount_fen: int
    holder: str
    account_number: str
    purpose: str
    is_collection: bool = False


@dataclass(frozen=True)
class Booking:
    """An order in the book; a rejected one moved no money."""

    idempotency_key: str
    transfer: Transfer
    status: BankStatus
    reason: str
    bank_reference: str
    booked_at: datetime


@dataclass(frozen=True)
class Return:
    """Money that came back (退票) after it had gone out."""

    booking: Booking
    reason: str
    returned_at: datetime


def utc_now() -> datetime:
    """Tell the time of this machine."""
    return datetime.now(UTC)


class BankBook:
    """Books orders one at a time; safe to share between threads."""

    def __init__(self, path: Path, rejected_suffix: str, clock: Callable[[], datetime] = utc_now) -> None:
        """Open the book, or begin one; orders to accounts that end in `rejected_suffix` are rejected."""
        self._rejected_suffix, self._clock = rejected_suffix, clock
        self._lock = Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)

    def book(self, idempotency_key: str, transfer: Transfer) -> Booking:
        """Book an order, or find the one that came with this key before.

        Raises:
            KeyReusedError: the key came before with another order.
        """
        with self._lock:
            known = self._find(idempotency_key)
            if known is None:
                self._insert(idempotency_key, transfer)
                known = self._find(idempotency_key)
        if known is None or known.transfer != transfer:
            raise KeyReusedError(f"the key {idempotency_key} came before with another order", "use a new key for a new order")
        return known

    def put_off(self, idempotency_key: str, transfer: Transfer) -> None:
        """Take an order without booking it: that happens when somebody has asked for it, also after a restart."""
        with self._lock:
            row = (idempotency_key, _body(transfer))
            self._connection.execute("INSERT INTO late VALUES (?, ?) ON CONFLICT DO NOTHING", row)

    def book_late(self, idempotency_key: str) -> Booking | None:
        """Book an order that was put off; None when none was. A crash on the way leaves it put off, and booking is once a key."""
        with self._lock:
            row = self._connection.execute("SELECT body FROM late WHERE idempotency_key = ?", (idempotency_key,)).fetchone()
        if row is None:
            return None
        booking = self.find(idempotency_key) or self.book(idempotency_key, Transfer(**json.loads(row[0])))
        with self._lock:
            self._connection.execute("DELETE FROM late WHERE idempotency_key = ?", (idempotency_key,))
        return booking

    def find(self, idempotency_key: str) -> Booking | None:
        """Look an order up by its key."""
        with self._lock:
            return self._find(idempotency_key)

    def entries(self) -> tuple[Booking, ...]:
        """List every order in the order of booking, rejected ones too."""
        with self._lock:
            return tuple(_booking(row) for row in self._connection.execute("SELECT * FROM booking ORDER BY serial"))

    def statement(self, day: date) -> tuple[Booking, ...]:
        """List the transfers that moved money on a day in China."""
        return tuple(each for each in self.entries() if each.status is BankStatus.CONFIRMED and _is_on(each.booked_at, day))

    def give_back(self, idempotency_key: str, reason: str) -> None:
        """Give the money of a transfer back, once.

        Raises:
            LookupError: it moved none, or came back before.
        """
        with self._lock:
            booking = self._find(idempotency_key)
            if booking is None or booking.status is not BankStatus.CONFIRMED or idempotency_key in self._returned():
                raise LookupError(idempotency_key)
            row = (idempotency_key, reason, self._clock().isoformat())
            self._connection.execute("INSERT INTO returned VALUES (?, ?, ?)", row)

    def returns(self, day: date | None = None) -> tuple[Return, ...]:
        """List what came back, on a day in China or ever."""
        with self._lock:
            found = [(self._find(key), reason, datetime.fromisoformat(at)) for key, (reason, at) in self._returned().items()]
        came = (Return(booking, reason, at) for booking, reason, at in found if booking)
        return tuple(each for each in came if day is None or _is_on(each.returned_at, day))

    def _returned(self) -> dict[str, tuple[str, str]]:
        rows = self._connection.execute("SELECT * FROM returned ORDER BY rowid")
        return {key: (reason, at) for key, reason, at in rows}

    def close(self) -> None:
        """Close the file; everything booked is in it."""
        with self._lock:
            self._connection.close()

    def _find(self, idempotency_key: str) -> Booking | None:
        row = self._connection.execute("SELECT * FROM booking WHERE idempotency_key = ?", (idempotency_key,)).fetchone()
        return None if row is None else _booking(row)

    def _insert(self, idempotency_key: str, transfer: Transfer) -> None:
        is_rejected = transfer.account_number.endswith(self._rejected_suffix)
        status, reason = (BankStatus.REJECTED, "账号不存在") if is_rejected else (BankStatus.CONFIRMED, "")
        self._connection.execute(
            "INSERT INTO booking (idempotency_key, body, status, reason, booked_at) VALUES (?, ?, ?, ?, ?)",
            (idempotency_key, _body(transfer), status, reason, self._clock().isoformat()),
        )


def _body(transfer: Transfer) -> str:
    return json.dumps(vars(transfer), ensure_ascii=False, sort_keys=True)


def _is_on(moment: datetime, day: date) -> bool:
    return moment.astimezone(_CHINA).date() == day


def _booking(row: tuple[int, str, str, str, str, str]) -> Booking:
    serial, key, body, status, reason, booked_at = row
    return Booking(key, Transfer(**json.loads(body)), BankStatus(status), reason, f"SB99{serial:010d}", datetime.fromisoformat(booked_at))
