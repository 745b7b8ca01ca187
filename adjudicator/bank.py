"""A bank reached over HTTP: the idempotency key travels in a header, and its answers are trusted only as far as they parse."""

import httpx

from domain.errors import BankError
from domain.payout import BankAnswer, BankStatus, PaymentOrder

_DAY_SECONDS = 86_400


class HttpBank:
    """The protocol of the sandbox bank: POST /payments with Idempotency-Key, GET /payments/KEY."""

    is_idempotent = True
    key_ttl_seconds = 7 * _DAY_SECONDS

    def __init__(self, url: str, timeout_seconds: float = 5.0) -> None:
        """Talk to the bank at `url`, waiting no longer than `timeout_seconds` for an answer."""
        self._client = httpx.Client(base_url=url, timeout=timeout_seconds)

    def pay(self, order: PaymentOrder) -> BankAnswer:
        """Send an order; the same key with the same content moves money once, however often it is sent."""
        body = {
            "amount_fen": order.amount_fen,
            "holder": order.payee.holder,
            "account_number": order.payee.account_number,
            "purpose": order.purpose,
        }
        return self._ask("POST", "/payments", json=body, headers={"Idempotency-Key": order.idempotency_key})

    def query(self, idempotency_key: str) -> BankAnswer:
        """Ask what became of a key."""
        return self._ask("GET", f"/payments/{idempotency_key}")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, method: str, path: str, **request: object) -> BankAnswer:
        try:
            response = self._client.request(method, path, **request)  # type: ignore[arg-type]  # httpx takes these by name
            if method == "GET" and response.status_code == httpx.codes.NOT_FOUND:
                return BankAnswer(BankStatus.NOT_FOUND)
            response.raise_for_status()
            answer = response.json()
            return BankAnswer(BankStatus(answer["status"]), str(answer.get("bank_reference") or ""), str(answer.get("reason") or ""))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise BankError(
                f"the bank gave no usable answer to {method} /{path.split('/')[1]}: {type(error).__name__}", "it is tried again"
            ) from error
