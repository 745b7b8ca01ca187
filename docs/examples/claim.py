"""Send a claim in and wait for its money, from Python with nothing but its standard library.

BASE=http://127.0.0.1:8000 APP=<secret> python docs/examples/claim.py claim.json FILE…

claim.json is the claim as docs/api.md describes it: external_ref, insured, loss_date, payee and so on.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

BASE, APP = os.environ["BASE"], os.environ["APP"]
MOVING = {"SUBMITTED", "READING", "ADJUDICATED", "SCORED", "APPROVED_STRAIGHT_THROUGH", "DECIDED", "PAYING"}


def call(method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Any:
    """Call the API; after a failure of the network or of the server the very same call may be made again."""
    request = urllib.request.Request(BASE + path, body, {"Authorization": f"Bearer {APP}", **(headers or {})}, method=method)
    for wait in (0, 1, 4, 16):
        time.sleep(wait)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            if error.code not in (429, 500, 502, 503) and problem["type"] != "urn:mingbai:conflict.in_progress":
                sys.exit(f"{problem['detail']} | {problem.get('way_out', '')}")
        except OSError as error:
            print(f"{path}: {error}", file=sys.stderr)
    sys.exit("the server does not answer")


def multipart(claim: dict[str, Any], files: list[Path]) -> tuple[bytes, str]:
    """Write a claim and its files as one multipart body; gives it with its Content-Type."""
    boundary = uuid.uuid4().hex
    parts = [f'Content-Disposition: form-data; name="claim"\r\nContent-Type: application/json\r\n\r\n{json.dumps(claim)}'.encode()]
    for each in files:
        head = f'Content-Disposition: form-data; name="files"; filename="{each.name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        parts.append(head.encode() + each.read_bytes())
    body = b"".join(f"--{boundary}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


claim, *files = map(Path, sys.argv[1:])
content, content_type = multipart(json.loads(claim.read_text("utf-8")), files)
receipt = call("POST", "/v1/claims", content, {"Content-Type": content_type, "Idempotency-Key": str(uuid.uuid4())})
print(receipt["claim_id"], receipt["state"])
while (status := call("GET", f"/v1/claims/{receipt['claim_id']}"))["state"] in MOVING:
    time.sleep(1)
print(status["state"], status["text"], status["paid"])
