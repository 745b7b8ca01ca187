"""Is this webhook really from Mingbai, and fresh? The Standard Webhooks convention, with the standard library alone.

A whole receiver to try it with: python -m sandbox.outside webhooks 8800 SECRET
"""

import base64
import hashlib
import hmac
import time


def is_genuine(secret: str, headers: dict[str, str], body: bytes, now: float | None = None) -> bool:
    """Tell whether `body` (the raw bytes, before any JSON is read) was signed with our secret within the last five minutes."""
    try:
        message_id, timestamp, sent = (headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature"))
        age = (time.time() if now is None else now) - int(timestamp)
    except (KeyError, ValueError):
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()).decode()
    # While a secret is changed there are two signatures, apart by spaces: one that fits is enough.
    fits = [hmac.compare_digest(f"v1,{right}".encode(), each.encode()) for each in sent.split(" ")]
    return any(fits) and abs(age) <= 300


# Then: answer 2xx within five seconds, do the work afterwards, and drop a webhook-id that you have seen before.
