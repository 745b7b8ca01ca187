"""Staff log in by the insurer's identity provider; nothing that is not signed for this very log-in lets anybody in."""

from collections.abc import Iterator
from typing import Any

import pytest
from api_house import PASSWORD, STAFF, House
from api_http import Http
from joserfc.jwk import ECKey
from oidc_issuer import CLIENT_ID, CLIENT_SECRET, Issuer, running_issuer

from api.settings import ApiSettings, OidcSettings
from api.web import create_app
from domain.errors import SetupError
from storage import access

CALLBACK = "http://127.0.0.1/login/sso/callback"
ROLES = {"claims-senior": "senior_adjuster", "claims": "adjuster"}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running_issuer() as found:
        found.claims = {"preferred_username": "lin", "name": "林示例", "groups": ["staff", "claims"]}
        yield found


def settings_of(issuer: Issuer, *, only: bool = False) -> OidcSettings:
    bounds = {"adjuster": 100_000}
    return OidcSettings(issuer.url, CLIENT_ID, CLIENT_SECRET, CALLBACK, ROLES, bounds, only=only)


def browser_of(house: House, issuer: Issuer, *, only: bool = False) -> Http:
    app = create_app(house.system, ApiSettings("k" * 32, secure_cookies=False, oidc=settings_of(issuer, only=only)))
    return Http(app, PASSWORD, {})


def log_in(browser: Http, issuer: Issuer, **bent: str) -> Any:
    code, state = issuer.authorize(browser.get("/login/sso?next=/events").location)
    return browser.get("/login/sso/callback", query_string={"code": code, "state": state, **bent})


def test_whoever_the_provider_proves_is_in_with_the_role_of_their_group(house: House, issuer: Issuer) -> None:
    browser = browser_of(house, issuer)
    answer = log_in(browser, issuer)
    assert (answer.status_code, answer.location) == (302, "/events")
    assert "林示例" in browser.get("/").text
    with house.system.database.read() as tx:
        assert access.find_staff(tx, "lin") == access.Staff("lin", "林示例", "adjuster", 100_000)


def test_the_first_role_of_the_settings_counts_and_is_taken_over_at_each_log_in(house: House, issuer: Issuer) -> None:
    log_in(browser_of(house, issuer), issuer)
    issuer.claims["groups"] = ["claims", "claims-senior"]
    log_in(browser_of(house, issuer), issuer)
    with house.system.database.read() as tx:
        found = access.find_staff(tx, "lin")
    assert found is not None and (found.role, found.authority_fen) == ("senior_adjuster", 0)


def test_somebody_without_a_group_of_ours_is_refused(house: House, issuer: Issuer) -> None:
    issuer.claims["groups"] = ["staff"]
    browser = browser_of(house, issuer)
    assert log_in(browser, issuer).status_code == 403
    assert browser.get("/").status_code == 401


@pytest.mark.parametrize(
    "bent",
    [
        {"nonce": "another"},
        {"aud": "another-client"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1_700_000_000},
        {"sub": None},
        {"aud": [CLIENT_ID, "another-client"], "azp": "another-client"},
        {"preferred_username": ""},
    ],
)
def test_a_token_that_is_not_for_this_log_in_opens_nothing(house: House, issuer: Issuer, bent: dict[str, Any]) -> None:
    issuer.claims |= bent
    browser = browser_of(house, issuer)
    assert log_in(browser, issuer).status_code == 401
    assert browser.get("/").status_code == 401


def test_a_token_signed_by_somebody_else_opens_nothing(house: House, issuer: Issuer) -> None:
    issuer.signed_with = ECKey.generate_key("P-256", {"kid": "one"})
    assert log_in(browser_of(house, issuer), issuer).status_code == 401


def test_a_provider_that_changed_its_keys_is_asked_for_them_again(house: House, issuer: Issuer) -> None:
    browser = browser_of(house, issuer)
    assert log_in(browser, issuer).status_code == 302
    issuer.key = ECKey.generate_key("P-256", {"kid": "one"})
    assert log_in(browser, issuer).status_code == 302


def test_a_log_in_that_began_elsewhere_ends_here(house: House, issuer: Issuer) -> None:
    """Another browser's code, a state that was changed, and a code that was used already."""
    victim, attacker = browser_of(house, issuer), browser_of(house, issuer)
    code, state = issuer.authorize(attacker.get("/login/sso").location)
    assert victim.get("/login/sso/callback", query_string={"code": code, "state": state}).status_code == 401
    assert log_in(attacker, issuer, state="bent").status_code == 401
    assert log_in(attacker, issuer, code="used").status_code == 401


def test_a_name_of_somebody_elses_account_is_not_taken_over(house: House, issuer: Issuer) -> None:
    issuer.claims["preferred_username"] = STAFF["senior_adjuster"].user_name
    assert log_in(browser_of(house, issuer), issuer).status_code == 409
    browser = browser_of(house, issuer)
    log_in(browser, issuer)
    assert browser.get("/").status_code == 401


def test_somebody_who_was_shut_out_stays_out(house: House, issuer: Issuer) -> None:
    browser = browser_of(house, issuer)
    log_in(browser, issuer)
    with house.system.database.write() as tx:
        assert access.shut_out(tx, "lin")
    assert browser.get("/").status_code == 401
    assert log_in(browser_of(house, issuer), issuer).status_code == 401


def test_an_account_of_the_provider_has_no_password(house: House, issuer: Issuer) -> None:
    log_in(browser_of(house, issuer), issuer)
    assert house.client().log_in("lin", "-").status_code == 401


def test_passwords_are_taken_beside_it(house: House, issuer: Issuer) -> None:
    assert browser_of(house, issuer).log_in("chen").status_code == 302


def test_passwords_are_not_taken_where_the_operator_wants_the_provider_alone(house: House, issuer: Issuer) -> None:
    browser = browser_of(house, issuer, only=True)
    assert 'name="password"' not in browser.get("/login").text
    with browser._client.session_transaction() as kept:
        kept["csrf"] = "t"
    assert browser.post("/login", data={"csrf": "t", "user_name": "chen", "password": PASSWORD}).status_code == 403


def test_a_provider_that_is_not_there_is_told_as_a_page(house: House, issuer: Issuer) -> None:
    nowhere = OidcSettings("http://127.0.0.1:9", CLIENT_ID, CLIENT_SECRET, CALLBACK, ROLES)
    app = create_app(house.system, ApiSettings("k" * 32, secure_cookies=False, oidc=nowhere))
    assert app.test_client().get("/login/sso").status_code == 401


def test_without_a_provider_there_is_no_such_page(house: House) -> None:
    assert house.client().get("/login/sso").status_code == 404


@pytest.mark.parametrize("bent", [{"issuer": "http://login.example"}, {"callback": "http://claims.example/x"}, {"roles": {}}])
def test_settings_that_would_let_somebody_in_by_mistake_are_refused(house: House, bent: dict[str, Any]) -> None:
    right = {"issuer": "https://login.example", "callback": "https://claims.example/login/sso/callback", "roles": ROLES}
    told = OidcSettings(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, **{**right, **bent})
    with pytest.raises(SetupError):
        create_app(house.system, ApiSettings("k" * 32, oidc=told))
