"""A bank reached over HTTP: the idempotency key travels in a header, and its answers are trusted only as far as they parse."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import httpx

from domain.errors import BankError
from domain.payout import BankAnswer, BankStatus, Movement, PaymentOrder, StatementLine

_DAY_SECONDS = 86_400


class HttpBank:
    """The protocol of the sandbox bank: POST /payments and /collections with a key, GET /payments/KEY, POST /batches, GET /statement."""

    is_idempotent = True
    key_ttl_seconds = 7 * _DAY_SECONDS

    def __init__(self, url: str, timeout_seconds: float = 5.0) -> None:
        """Talk to the bank at `url`, waiting no longer than `timeout_seconds` for an answer."""
        self._client = httpx.Client(base_url=url, timeout=timeout_seconds)

    def pay(self, order: PaymentOrder) -> BankAnswer:
        """Send an order; the same key with the same content moves money once, however often it is sent."""
        return self._ask("POST", "/payments", json=_body(order), headers={"Idempotency-Key": order.idempotency_key})

    def collect(self, order: PaymentOrder) -> BankAnswer:
        """Have money taken from the order's account; its key works as that of a payment does."""
        return self._ask("POST", "/collections", json=_body(order), headers={"Idempotency-Key": order.idempotency_key})

    def query(self, idempotency_key: str) -> BankAnswer:
        """Ask what became of a key."""
        return self._ask("GET", f"/payments/{idempotency_key}")

    def pay_batch(self, orders: Sequence[PaymentOrder]) -> dict[str, BankAnswer]:
        """Send many orders in one request; each is answered for itself."""
        sent = [_body(each) | {"idempotency_key": each.idempotency_key} for each in orders]
        with _understood("POST /batches"):
            answers = self._request("POST", "/batches", json={"orders": sent}).json()["answers"]
            return {str(each["idempotency_key"]): _answer(each) for each in answers}

    def statement(self, day: date) -> tuple[StatementLine, ...]:
        """Give what moved on a day."""
        with _understood("GET /statement", "ask again when it answers, or name the file of its statement with --file"):
            return tuple(_line(each) for each in self._request("GET", "/statement", params={"date": day.isoformat()}).json()["entries"])

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, method: str, path: str, **request: Any) -> BankAnswer:
        with _understood(f"{method} /{path.split('/')[1]}"):
            response = self._client.request(method, path, **request)
            if method == "GET" and response.status_code == httpx.codes.NOT_FOUND:
                return BankAnswer(BankStatus.NOT_FOUND)
            response.raise_for_status()
            return _answer(response.json())

    def _request(self, method: str, path: str, **request: Any) -> httpx.Response:
        return self._client.request(method, path, **request).raise_for_status()


@contextmanager
def _understood(asked: str, way_out: str = "it is tried again") -> Iterator[None]:
    """Turn whatever keeps an answer from being understood into the one error of a bank."""
    try:
        yield
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BankError(f"the bank gave no usable answer to {asked}: {type(error).__name__}", way_out) from error


def _body(order: PaymentOrder) -> dict[str, Any]:
    return {
        "amount_fen": order.amount_fen,
        "holder": order.payee.holder,
        "account_number": order.payee.account_number,
        "purpose": order.purpose,
    }


def _answer(told: dict[str, Any]) -> BankAnswer:
    return BankAnswer(BankStatus(told["status"]), str(told.get("bank_reference") or ""), str(told.get("reason") or ""))


def _line(told: dict[str, Any]) -> StatementLine:
    movement = Movement(told.get("movement", Movement.PAYMENT))
    key, reference = str(told["idempotency_key"]), str(told["bank_reference"])
    return StatementLine(movement, key, reference, int(told["amount_fen"]), str(told.get("reason") or ""))
