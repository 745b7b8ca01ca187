"""What the operator sets for the HTTP side."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class ApiSettings:
    """Settings of one web application; `secret_key` signs the sessions of staff and must survive a restart."""

    secret_key: str
    max_request_bytes: int = 100_000_000  # of one whole request, all its files together
    demo_hint: str = ""  # shown on the log-in page; empty outside the demo
    is_stopping: Callable[[], bool] = bool  # bool() is False; True once the process was told to end: it is not ready any more
    secure_cookies: bool = True  # False only where pages are served over plain HTTP, as the demo does
