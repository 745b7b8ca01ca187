"""What the operator sets for the HTTP side."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from adjudicator.worker_processes import Staffing
from api.rate_limit import Rates


@dataclass(frozen=True)
class OidcSettings:
    """The identity provider of staff. `roles` maps what stands in the claim to our roles: the first that fits counts."""

    issuer: str
    client_id: str
    client_secret: str
    callback: str  # where the provider sends browsers back to: https://<this site>/login/sso/callback
    roles: Mapping[str, str]
    authority_fen: Mapping[str, int] = field(default_factory=dict)  # by role: the most its members may decide alone
    role_claim: str = "groups"
    name_claim: str = "preferred_username"
    scopes: tuple[str, ...] = ("profile",)
    only: bool = False  # True: no log-in by password


@dataclass(frozen=True)
class ApiSettings:
    """Settings of one web application; `secret_key` signs the sessions of staff and must survive a restart."""

    secret_key: str
    max_request_bytes: int = 100_000_000  # of one whole request, all its files together
    demo_hint: str = ""  # shown on the log-in page; empty outside the demo
    is_stopping: Callable[[], bool] = bool  # bool() is False; True once the process was told to end: it is not ready any more
    staffing: Callable[[], Staffing] = lambda: Staffing(0, 0, 0)  # of the worker processes that this one keeps
    secure_cookies: bool = True  # False only where pages are served over plain HTTP, as the demo does
    rates: Rates = field(default_factory=Rates)
    static_secrets: bool = True  # False: channels must fetch tokens; a secret of `client add` opens nothing
    oidc: OidcSettings | None = None  # None: staff log in by password
