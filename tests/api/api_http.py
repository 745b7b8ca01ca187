"""A browser or a channel, played over the real application without a socket."""

import io
import json
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse


class Http:
    """Speaks as a channel (`secret_of`), with a token, or as somebody logged in through the log-in page."""

    def __init__(
        self, app: Flask, password: str, secrets: dict[str, str], *, secret_of: str = "", token: str = "", staff: str = ""
    ) -> None:
        self.app = app
        self._client = app.test_client()
        self._password = password
        self._headers: dict[str, str] = {}
        if secret_of or token:
            self._headers["Authorization"] = f"Bearer {token or secrets[secret_of]}"
        if staff:
            assert self.log_in(staff).status_code == 302

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._client.get(path, headers={**self._headers, **options.pop("headers", {})}, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self._client.post(path, headers={**self._headers, **options.pop("headers", {})}, **options)

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        return self._client.open(path, method=method, headers={**self._headers, **options.pop("headers", {})}, **options)

    def send_claim(self, claim: object, files: dict[str, bytes]) -> TestResponse:
        """POST multipart: the claim as JSON beside its files."""
        parts = {"claim": json.dumps(claim), "files": [(io.BytesIO(content), name) for name, content in files.items()]}
        return self.post("/v1/claims", data=parts, content_type="multipart/form-data")

    def log_in(self, user_name: str, password: str = "", **fields: str) -> TestResponse:
        page = self._client.get("/login").text
        return self._client.post(
            "/login", data={"csrf": csrf_of(page), "user_name": user_name, "password": password or self._password, **fields}
        )

    def submit(self, page: str, path: str, **fields: str) -> TestResponse:
        """Send a form of a page, with the page's own token and version."""
        version = re.search(r'data-version="(\d+)"', page)
        form = {"csrf": csrf_of(page), "version": version[1] if version else "", **fields}
        return self._client.post(path, data=form, headers={"Accept": "text/html"})


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page has no form token"
    return found[1]
