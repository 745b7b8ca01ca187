"""Where a log-in leads."""

from urllib.parse import urlsplit

from flask import url_for


def safe_target(target: str) -> str:
    """Give a path of this site, or the queue: a link must not lead from our log-in to another site."""
    parts = urlsplit(target)
    is_own = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if is_own and "\\" not in target and target.isprintable() else url_for("workbench.queue.show")
