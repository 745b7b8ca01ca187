"""Where a log-in leads."""

from urllib.parse import urlsplit

from flask import url_for

from api.permissions import Action, Role, may

_HOMES = (  # the first that a role may see
    (Action.VIEW_QUEUE, "workbench.queue.show"),
    (Action.SERVE_CALLER, "workbench.hotline.show"),
    (Action.MY_CUSTOMERS, "workbench.my_customers.show"),
)


def home_of(role: Role) -> str:
    """Give the page on which the day of a role begins."""
    return url_for(next((page for action, page in _HOMES if may(role, action)), "workbench.queue.show"))


def safe_target(target: str) -> str:
    """Give a path of this site, or the queue: a link must not lead from our log-in to another site."""
    parts = urlsplit(target)
    is_own = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if is_own and "\\" not in target and target.isprintable() else url_for("workbench.queue.show")
