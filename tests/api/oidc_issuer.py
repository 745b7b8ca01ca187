"""A small identity provider on 127.0.0.1: discovery, keys, authorization code with PKCE, signed ID tokens; it can be told to lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT_ID, CLIENT_SECRET = "mingbai", "s3cret/of:the+client"


@dataclass
class Issuer:
    """Who may log in, and how the answers are bent."""

    url: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    claims: dict[str, Any] = field(default_factory=dict)  # laid over the right ones
    signed_with: ECKey | None = None
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorize(self, address: str) -> tuple[str, str]:
        """Do what the browser does at the provider: gives the code and the state it comes back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        return code, asked["state"]

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(form.get("code", ""), None)
        told = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        right = told == "mingbai:s3cret%2Fof%3Athe%2Bclient"
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if not asked or not right or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "sub": "u-1", "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.claims}
        signed = jwt.encode({"alg": "ES256", "kid": "one"}, claims, self.signed_with or self.key)
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": signed}

    def description(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {"issuer": self.url, **{name: self.url + path for name, path in places.items()}}


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = KeySet([issuer.key]).as_dict(private=False)
            self._answer(200, keys if self.path == "/keys" else issuer.description())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*issuer.exchange(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, body: object) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
