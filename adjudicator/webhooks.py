"""Delivers webhooks: signed after the Standard Webhooks convention, to public addresses alone, each attempt in a log.

The address is checked at every delivery, not only when it was named, and the connection goes to the very address that was
checked: a name that answers otherwise a moment later leads nowhere (server-side request forgery, DNS rebinding).
"""

import base64
import hashlib
import hmac
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import httpcore

from domain.errors import InputError, MessageError
from domain.message import Message
from storage.database import Database
from storage.webhooks import Webhook, end_webhook, find_webhook, key_of, note_attempt

_TIMEOUT_SECONDS = 5.0
_GONE = 410
_WAY_OUT = "name a public https address, or set messages.webhooks_to_private in config.yaml for one of your own network"

Resolve = Callable[[str, int], list[str]]


def _resolve(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def check_url(url: str, *, may_be_private: bool, resolve: Resolve = _resolve) -> None:
    """Refuse an address at which nobody may be told.

    Raises:
        InputError: no https, a password in it, no such host, or an address that is not public.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise InputError(f"{url!r} is no address", _WAY_OUT, field="url") from error
    schemes = ("https", "http") if may_be_private else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password or parts.fragment or not url.isascii():
        raise InputError(f"{url!r} is no address at which a channel is told", _WAY_OUT, field="url")
    try:
        public_addresses(parts.hostname, port, may_be_private=may_be_private, resolve=resolve)
    except OSError as error:
        raise InputError(f"{parts.hostname} cannot be reached: {error}", _WAY_OUT, field="url") from error


def public_addresses(host: str, port: int, *, may_be_private: bool, resolve: Resolve = _resolve) -> list[str]:
    """Give the addresses of a host; one that is not public spoils them all.

    Raises:
        OSError: there are none, or one is not public.
    """
    found = resolve(host, port)
    hidden = [each for each in found if not _is_public(each)]
    if not found or (hidden and not may_be_private):
        raise OSError(f"{host} is no public address" if hidden else f"{host} has no address")
    return found


def _is_public(address: str) -> bool:
    """Tell whether an address is one of the open internet: not of a machine, a network, a cloud's metadata, nor one hidden in IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class _CheckedBackend(httpcore.SyncBackend):
    """Connects only to addresses that were checked at this moment; TLS still proves the name."""

    def __init__(self, *, may_be_private: bool, resolve: Resolve) -> None:
        self._may_be_private, self._resolve = may_be_private, resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            address = public_addresses(host, port, may_be_private=self._may_be_private, resolve=self._resolve)[0]
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return super().connect_tcp(address, port, timeout, local_address, socket_options)


class WebhookMessenger:
    """Posts each delivery to the address of its webhook, once a call; the outbox tries again."""

    def __init__(self, database: Database, *, may_be_private: bool = False, resolve: Resolve = _resolve) -> None:
        """Deliver for the webhooks of this database."""
        self._database, self._may_be_private, self._resolve = database, may_be_private, resolve

    def send(self, message: Message) -> str:
        """Deliver one message, and write what came of it into the log.

        Raises:
            MessageError: it was not taken; it is tried again.
        """
        with self._database.read() as tx:
            webhook, at = find_webhook(tx, message.recipient), tx.now_ms() // 1000
        if webhook is None or webhook.ended_ms is not None:
            return "the webhook was ended"
        begun, status, error = time.monotonic(), None, ""
        try:
            check_url(webhook.url, may_be_private=self._may_be_private, resolve=self._resolve)
            status = self._post(webhook, message, at)
        except (
            InputError,
            OSError,
            ssl.SSLError,
            httpcore.ConnectError,
            httpcore.TimeoutException,
            httpcore.ProtocolError,
            httpcore.NetworkError,
        ) as failure:
            error = f"{type(failure).__name__}: {failure}"
        elapsed_ms = round((time.monotonic() - begun) * 1000)
        with self._database.write() as tx:
            note_attempt(tx, webhook.webhook_id, message.message_id, elapsed_ms, status, error)
            if status == _GONE:  # the convention's word for: never again
                end_webhook(tx, webhook.webhook_id)
        if status is None or not 200 <= status < 300:
            told = f"answered {status}" if status else error
            raise MessageError(f"the webhook {webhook.webhook_id} {told}", "it is tried again")
        return f"HTTP {status}"

    def _post(self, webhook: Webhook, message: Message, at: int) -> int:
        body = message.body.encode()
        headers = {
            "Host": urlsplit(webhook.url).netloc,
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "User-Agent": "mingbai-webhook/1",
            "webhook-id": message.message_id,
            "webhook-timestamp": str(at),
            "webhook-signature": signatures(webhook.secrets, message.message_id, at, body),
        }
        limits = dict.fromkeys(("connect", "read", "write", "pool"), _TIMEOUT_SECONDS)
        backend = _CheckedBackend(may_be_private=self._may_be_private, resolve=self._resolve)
        with (
            httpcore.ConnectionPool(network_backend=backend, ssl_context=ssl.create_default_context()) as pool,
            pool.stream("POST", webhook.url, headers=list(headers.items()), content=body, extensions={"timeout": limits}) as answer,
        ):
            status: int = answer.status  # redirects are not followed, and what the body says is nobody's business here
            return status


def signatures(secrets: Iterable[str], message_id: str, at: int, body: bytes) -> str:
    """Sign a delivery with every secret that is good: "v1,<base64>" for each, apart by spaces (Standard Webhooks)."""
    signed = f"{message_id}.{at}.".encode() + body
    return " ".join("v1," + base64.b64encode(hmac.new(key_of(each), signed, hashlib.sha256).digest()).decode() for each in secrets)
