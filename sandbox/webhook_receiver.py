"""A channel's server that takes webhooks: it checks their signatures, keeps what was genuine, and can be told to misbehave."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_MOST_BYTES = 65_536


class WebhookReceiver:
    """Listens on 127.0.0.1. `answers` are the statuses of the next deliveries; 204 once they are used up."""

    def __init__(self, secret: str, port: int = 0, *, told: Callable[[str], object] = lambda _: None) -> None:
        """Prepare it; `told` gets a line for each delivery."""
        self.secret, self.answers = secret, list[int]()
        self.genuine: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.refused = 0
        self._told = told
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks"

    def start(self) -> None:
        """Begin to listen."""
        threading.Thread(target=self._server.serve_forever, name="webhook-receiver", daemon=True).start()

    def stop(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """Take one delivery; gives the status to answer."""
        if not is_genuine(self.secret, headers, body, time.time()):
            self.refused += 1
            self._told("refused: the signature does not fit")
            return 401
        status = self.answers.pop(0) if self.answers else 204
        self.headers.append(headers)
        if status < 300:
            self.genuine.append(json.loads(body))
        self._told(f"{status} {headers['webhook-id']} {body.decode()}")
        return status


def is_genuine(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    """Tell whether a delivery is signed after the Standard Webhooks convention, within the last five minutes."""
    try:
        message_id, at, sent = (headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
        is_fresh = abs(now - int(at)) <= 300
    except (KeyError, ValueError):
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = "v1," + base64.b64encode(hmac.new(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()).decode()
    return is_fresh and any([hmac.compare_digest(right.encode(), each.encode()) for each in sent.split(" ")])  # noqa: C419 - all are tried


def _handler(receiver: WebhookReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), _MOST_BYTES))
            status = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing by itself."""

    return Handler
