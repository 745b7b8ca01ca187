"""A bank over HTTP for the demo and the tests: it answers to idempotency keys, forgets nothing, and misbehaves when told to.

POST /payments          Idempotency-Key: K  {"amount_fen", "holder", "account_number", "purpose"}
                        -> 200 {"status": "confirmed" | "rejected", "bank_reference", "reason"}
                        -> 400 a body that is no order; 409 the key came before with another order
POST /collections       as /payments; the money comes from the account (代扣)
POST /batches           {"orders": [{"idempotency_key", and as above}]}
                        -> 200 {"answers": [{"idempotency_key", "status", …}]}, one for each order that was taken
GET  /payments/{key}    -> 200 as above; 404 {"status": "not_found", …}
GET  /statement?date=D  -> 200 {"date", "entries": [{"movement": "payment" | "collection" | "return", "idempotency_key", "bank_reference",
                           "amount_fen", …}]}; D is a day in China
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from domain.errors import InputError, KeyReusedError
from domain.payout import BankStatus
from sandbox.bank_book import BankBook, Booking, Transfer, utc_now
from sandbox.misbehaviour import WELL_BEHAVED, Misbehaviour, Mishap

_MAX_BODY_BYTES = 64 * 1024
_MAX_BATCH_BYTES = 1024 * 1024
_LARGEST_FEN = 10**12  # 100 亿元: beyond this an order is a typing error
_IDLE_SECONDS = 10


class SandboxBank:
    """A bank on 127.0.0.1, served by threads of this process; its book is one SQLite file."""

    def __init__(
        self, path: Path, misbehaviour: Misbehaviour = WELL_BEHAVED, port: int = 0, clock: Callable[[], datetime] = utc_now
    ) -> None:
        """Open the book and take the port (0: any free one); `start` begins to answer.

        Raises:
            OSError: the port is taken.
        """
        self.misbehaviour = misbehaviour
        self.book = BankBook(path, misbehaviour.rejected_suffix, clock)
        self._attempts: Counter[str] = Counter()
        self._lock = Lock()
        self._server = _BankServer(("127.0.0.1", port), self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="sandbox-bank", daemon=True)

    @property
    def url(self) -> str:
        """Where it answers: http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """Begin to answer, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Let running requests finish, then close the port and the book; a new bank on the same file goes on."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self.book.close()

    def booked(self) -> tuple[Booking, ...]:
        """List every transfer that moved money, in the order of booking."""
        return tuple(each for each in self.book.entries() if each.status is BankStatus.CONFIRMED)

    def count_attempt(self, idempotency_key: str) -> int:
        """Count a try of a key in this process, from 1."""
        with self._lock:
            self._attempts[idempotency_key] += 1
            return self._attempts[idempotency_key]


class _BankServer(ThreadingHTTPServer):
    daemon_threads = False  # so that stop() waits for running requests before it closes the book
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], bank: SandboxBank) -> None:
        super().__init__(address, _Teller)
        self.bank = bank

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a client that hung up or fell silent; anything else is a fault of this bank and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Teller(BaseHTTPRequestHandler):
    """Answers one request a connection."""

    server: _BankServer
    server_version = "SandboxBank"
    timeout = _IDLE_SECONDS

    def do_POST(self) -> None:
        """Take a payment order."""
        try:
            if urlsplit(self.path).path == "/batches":
                self._pay_batch(parse_batch(self._read_body(_MAX_BATCH_BYTES)))
                return
            if urlsplit(self.path).path not in ("/payments", "/collections"):
                self._refuse(HTTPStatus.NOT_FOUND, f"there is no {self.path}")
                return
            is_collection = urlsplit(self.path).path == "/collections"
            self._pay(self._read_key(), replace(parse_order(self._read_body()), is_collection=is_collection))
        except InputError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
        except KeyReusedError as error:
            self._refuse(HTTPStatus.CONFLICT, str(error))

    def do_GET(self) -> None:
        """Tell what became of a key, or what moved on a day."""
        url = urlsplit(self.path)
        if url.path.startswith("/payments/"):
            self._tell_payment(unquote(url.path.removeprefix("/payments/")))
        elif url.path == "/statement":
            self._tell_statement(parse_qs(url.query).get("date", [""])[0])
        else:
            self._refuse(HTTPStatus.NOT_FOUND, f"there is no {url.path}")

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent: the log of the demo belongs to the claims."""

    def _pay(self, key: str, transfer: Transfer) -> None:
        bank = self.server.bank
        attempt = bank.count_attempt(key)
        time.sleep(bank.misbehaviour.delay_ms_of(key, attempt) / 1000)
        mishap = bank.misbehaviour.mishap_of(key, attempt)
        if mishap is Mishap.ERROR_BEFORE_BOOKING:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "the bank is out of order")
            return
        if mishap is Mishap.BOOK_LATE and bank.book.find(key) is None:
            bank.book.put_off(key, transfer)
            return  # no answer
        booking = bank.book.book(key, transfer)
        if mishap is Mishap.PENDING:
            self._answer(HTTPStatus.OK, {"status": BankStatus.PENDING, "bank_reference": "", "reason": ""})
            return
        if mishap is Mishap.DROP_AFTER_BOOKING:
            return  # the connection closes, and no byte of an answer was sent
        if mishap is Mishap.ERROR_AFTER_BOOKING:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "the bank is out of order")
            return
        for _ in range(2 if mishap is Mishap.DUPLICATE_ANSWER else 1):
            self._answer(HTTPStatus.OK, _told(booking))

    def _pay_batch(self, orders: list[tuple[str, Transfer]]) -> None:
        """Take a batch; of a batch that is cut, only the first half is taken, and nobody hears of the rest."""
        bank = self.server.bank
        taken = orders[: len(orders) // 2] if bank.misbehaviour.cuts_batch([key for key, _ in orders]) else orders
        answers = [{"idempotency_key": key, **_told(bank.book.book(key, transfer))} for key, transfer in taken]
        self._answer(HTTPStatus.OK, {"answers": bank.misbehaviour.in_some_order(answers)})

    def _tell_payment(self, key: str) -> None:
        bank = self.server.bank
        booking = bank.book.find(key)
        if booking is None:
            self._answer(HTTPStatus.NOT_FOUND, {"status": BankStatus.NOT_FOUND, "bank_reference": "", "reason": "no such key"})
        else:
            self._answer(HTTPStatus.OK, _told(booking))
        bank.book.book_late(key)

    def _tell_statement(self, text: str) -> None:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self._refuse(HTTPStatus.BAD_REQUEST, f"{text!r} is no date; ask like /statement?date=2026-11-22")
            return
        bank = self.server.bank
        booked = bank.book.statement(day)
        entries = [_entry("collection" if each.transfer.is_collection else "payment", each, "") for each in booked]
        entries += [_entry("return", each.booking, each.reason) for each in bank.book.returns(day)]
        self._answer(HTTPStatus.OK, {"date": day.isoformat(), "entries": bank.misbehaviour.in_some_order(entries)})

    def _read_key(self) -> str:
        key = self.headers.get("Idempotency-Key", "").strip()
        if not 0 < len(key) <= 200:
            raise InputError("the header Idempotency-Key is missing or longer than 200 characters", "send the order's own key")
        return key

    def _read_body(self, most: int = _MAX_BODY_BYTES) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > most:
            raise InputError(f"a body of {length or 'unknown'} bytes", f"send a JSON order of at most {most} bytes")
        return self.rfile.read(int(length))

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        self._answer(status, {"title": status.phrase, "status_code": status.value, "detail": detail})

    def _answer(self, status: HTTPStatus, content: Mapping[str, Any]) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def parse_order(body: bytes) -> Transfer:
    """Read a payment order.

    Raises:
        InputError: no JSON object, an entry missing or beyond what an order holds, or an amount that is no positive whole number.
    """
    try:
        order = json.loads(body)
    except ValueError as error:
        raise InputError("the body is no JSON", "send an object with amount_fen, holder, account_number, purpose") from error
    return _transfer(order)


def parse_batch(body: bytes) -> list[tuple[str, Transfer]]:
    """Read a batch: each order with its key; raises as `parse_order` does, and for the whole batch."""
    try:
        orders = json.loads(body)["orders"]
        return [(str(each.pop("idempotency_key")), _transfer(each)) for each in orders]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("the body is no batch of orders", 'send {"orders": [{"idempotency_key", "amount_fen", …}]}') from error


def _transfer(order: Any) -> Transfer:
    names = {"amount_fen", "holder", "account_number", "purpose"}
    if not isinstance(order, dict) or set(order) != names:
        raise InputError("the body is no payment order", "send exactly amount_fen, holder, account_number, purpose")
    amount_fen = order.pop("amount_fen")
    if type(amount_fen) is not int or not 0 < amount_fen <= _LARGEST_FEN:
        raise InputError(f"amount_fen is {amount_fen!r}", "send a whole number of fen above zero", field="amount_fen")
    for name, text in order.items():
        if not isinstance(text, str) or (not text and name != "purpose"):
            raise InputError(f"{name} is {text!r}", "send a text", field=name)
    return Transfer(amount_fen, **order)


def _told(booking: Booking) -> dict[str, str]:
    reference = booking.bank_reference if booking.status is BankStatus.CONFIRMED else ""
    return {"status": booking.status, "bank_reference": reference, "reason": booking.reason}


def _entry(movement: str, booking: Booking, reason: str) -> dict[str, str | int]:
    return {
        "movement": movement,
        "reason": reason,
        "idempotency_key": booking.idempotency_key,
        "bank_reference": booking.bank_reference,
        **vars(booking.transfer),
        "booked_at": booking.booked_at.isoformat(),
    }
