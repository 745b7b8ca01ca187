"""Log-in of staff by the insurer's identity provider: OpenID Connect, authorization code with PKCE, state and nonce.

Authlib builds the question and checks the claims, joserfc the signature. What the provider tells is taken over at each
log-in: somebody who lost their group there has lost their role here.
"""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]  # it ships no types
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # it ships no types
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # it ships no types
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.settings import OidcSettings
from domain.errors import NotAllowedError, NotAuthenticatedError, SetupError
from storage.access import Staff

OIDC_KEY = "mingbai.oidc"
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")  # never "none", never a shared secret
_KEPT_SECONDS = 3600
_LEEWAY_SECONDS = 60
_ASK_ADMIN = "请重新登录；仍不行请联系管理员"


@dataclass(frozen=True)
class Question:
    """What the browser's session keeps while its owner is at the provider."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Proven:
    """Whom the provider has proven: `subject` never changes, all else may."""

    subject: str
    staff: Staff


class IdentityProvider:
    """Speaks with one provider; its description and keys are kept for an hour."""

    def __init__(
        self, settings: OidcSettings, transport: httpx.BaseTransport | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing is asked before the first log-in."""
        self._settings, self._clock = settings, clock
        self._client = httpx.Client(timeout=5.0, transport=transport, follow_redirects=False)
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any], KeySet] | None = None

    def ask(self) -> tuple[str, Question]:
        """Give the provider's address to which the browser goes, and what to keep until it comes back."""
        question = Question(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        metadata, _ = self._description()
        address = prepare_grant_uri(
            metadata["authorization_endpoint"],
            self._settings.client_id,
            "code",
            redirect_uri=self._settings.callback,
            scope=" ".join(("openid", *self._settings.scopes)),
            state=question.state,
            nonce=question.nonce,
            code_challenge=create_s256_code_challenge(question.verifier),
            code_challenge_method="S256",
        )
        return str(address), question

    def prove(self, question: Question, code: str) -> Proven:
        """Exchange the code that the browser brought back, and tell who it is.

        Raises:
            NotAuthenticatedError: the provider or its token is not as it must be.
            NotAllowedError: they have none of the groups that have a role here.
        """
        try:
            return self._member(self._claims(self._token(question, code), question))
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise NotAuthenticatedError(f"统一身份认证没有成功（{type(error).__name__}）", _ASK_ADMIN) from error

    def _token(self, question: Question, code: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.callback,
            "code_verifier": question.verifier,
        }
        metadata, _ = self._description()
        proof = httpx.BasicAuth(_encoded(self._settings.client_id), _encoded(self._settings.client_secret))
        answer = self._client.post(metadata["token_endpoint"], data=form, auth=proof)
        answer.raise_for_status()
        token: Mapping[str, Any] = answer.json()
        return token

    def _claims(self, token: Mapping[str, Any], question: Question) -> Mapping[str, Any]:
        decoded = self._decoded(str(token["id_token"]))
        mine = {"client_id": self._settings.client_id, "nonce": question.nonce, "access_token": token.get("access_token")}
        bounds = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        claims = CodeIDToken(decoded.claims, decoded.header, options=bounds, params=mine)
        claims.validate(leeway=_LEEWAY_SECONDS)
        return dict(claims)

    def _decoded(self, token: str) -> jwt.Token:
        _, keys = self._description()
        try:
            return jwt.decode(token, keys, algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            _, keys = self._description(anew=True)  # the provider may have changed its keys since
            return jwt.decode(token, keys, algorithms=_ALGORITHMS)

    def _member(self, claims: Mapping[str, Any]) -> Proven:
        told = claims.get(self._settings.role_claim, ())
        groups = {told} if isinstance(told, str) else {each for each in told if isinstance(each, str)}
        role = next((role for group, role in self._settings.roles.items() if group in groups), None)
        if role is None:
            raise NotAllowedError("您的账号没有本系统的角色", "请联系管理员，把您加入相应的组")
        name = str(claims[self._settings.name_claim])[:64]
        if not name or not name.isprintable():
            raise ValueError(f"the claim {self._settings.name_claim} is no name to log in with")
        staff = Staff(name, str(claims.get("name") or name)[:64], role, self._settings.authority_fen.get(role, 0))
        return Proven(f"{self._settings.issuer} {claims['sub']}"[:255], staff)

    def _description(self, *, anew: bool = False) -> tuple[Mapping[str, Any], KeySet]:
        with self._lock:
            if self._known and not anew and self._clock() < self._known[0]:
                return self._known[1], self._known[2]
            try:
                metadata = self._get(f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration")
                if metadata["issuer"] != self._settings.issuer:
                    raise ValueError(f"it calls itself {metadata['issuer']}")
                keys = KeySet.import_key_set(self._get(metadata["jwks_uri"]))  # type: ignore[arg-type]  # it checks what came
            except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
                told = f"the identity provider {self._settings.issuer} gives no usable description: {type(error).__name__}"
                raise NotAuthenticatedError(told, _ASK_ADMIN) from error
            self._known = self._clock() + _KEPT_SECONDS, metadata, keys
            return metadata, keys

    def _get(self, url: str) -> dict[str, Any]:
        answer = self._client.get(url)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def _encoded(text: str) -> str:
    """Write an id or a secret as RFC 6749, 2.3.1 wants it in HTTP Basic."""
    return urlencode({"": text})[1:]


def check_oidc(settings: OidcSettings) -> None:
    """Refuse settings that would let somebody in by mistake.

    Raises:
        SetupError: plain HTTP to elsewhere than this machine, or no role.
    """
    for name, address in (("issuer", settings.issuer), ("callback", settings.callback)):
        url = httpx.URL(address)
        if url.scheme != "https" and url.host not in ("127.0.0.1", "localhost"):
            raise SetupError(f"oidc.{name} {address} is not https", "write an https address")
    if not settings.roles:
        raise SetupError("oidc.roles is empty: nobody could log in", "map a group of the provider to a role, such as claims: adjuster")
