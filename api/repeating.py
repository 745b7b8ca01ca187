"""Idempotency-Key: the same call under the same key is done once, and answered the same way each time, for a day.

The key is taken in a transaction of its own before anything is done, so that two calls at one moment, and a call after
a restart, find each other. Only what was done is kept: a call that was refused changed nothing and may be sent again, mended.
"""

import hashlib
import json
import re

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

from api.answers.fhir import MEDIA_TYPE
from api.context import the_asker, the_principal, the_system
from domain.errors import CallInProgressError, KeyReusedError
from storage import answered
from storage.answered import Call

HEADER, REPEATED = "Idempotency-Key", "Idempotency-Replayed"
_ASKS = ("Upload-Length", "Upload-Metadata")  # headers that say what is asked for: api/endpoints/tus.py
_KEY = re.compile(r"[!-~]{1,255}")


def install_repeating(app: Flask) -> None:
    """Look at every call that carries a key; stands after the guard, since a key belongs to who calls."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> Response | None:
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST" or "principal" not in g or the_principal().staff:
        return None
    if not _KEY.fullmatch(key):
        raise BadRequest(f"{HEADER} is 1 to 255 printable ASCII characters without spaces, such as a UUID")
    call = Call(the_asker(), key, the_system().database.cipher.index(_hash_request()))
    with the_system().database.write() as tx:
        known = answered.begin(tx, call)
    if known is None:
        g.call = call
        return None
    if known.request_hash != call.request_hash:
        raise KeyReusedError(f"the {HEADER} came before with another request", "use a new key for a new request")
    if known.status is None:
        raise CallInProgressError("the same call is being done at this moment", "send it again with the same key in a second")
    kind = MEDIA_TYPE if request.path.startswith("/v1/fhir/") else "application/json"
    return Response(known.body, known.status, {REPEATED: "true"}, mimetype=kind)


def _finish(response: Response) -> Response:
    call: Call | None = g.pop("call", None)
    if call is None:
        return response
    with the_system().database.write() as tx:
        if 200 <= response.status_code < 300:
            answered.finish(tx, call, response.status_code, response.get_data())
        else:
            answered.give_up(tx, call)
    return response


def _hash_request() -> str:
    """Hash what is asked for, not how it is written: names in any order, and a multipart body without its boundary."""
    whole = hashlib.sha256(json.dumps([request.path, sorted(request.args.items(multi=True)), request.mimetype]).encode())
    whole.update(json.dumps([request.headers[each] for each in _ASKS if each in request.headers]).encode())
    if request.mimetype != "multipart/form-data":
        body = request.get_data()
        whole.update(_canonical(body) if request.is_json else body)
        return whole.hexdigest()
    for name, text in sorted((name or "", text) for name, text in request.form.items(multi=True)):  # a part may have no name
        whole.update(json.dumps([name]).encode() + _canonical(text.encode()))
    for name, file in request.files.items(multi=True):
        content = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]  # werkzeug's stream reads as one
        file.stream.seek(0)
        whole.update(json.dumps([name, file.filename, content]).encode())
    return whole.hexdigest()


def _canonical(content: bytes) -> bytes:
    try:
        return json.dumps(json.loads(content), sort_keys=True).encode()
    except (ValueError, RecursionError):
        return content  # it will be refused with its reason by whoever reads it
