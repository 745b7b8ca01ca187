"""Channels fetch short-lived tokens with their secret, for all of their role or for less; both can be taken back at once."""

import base64
from typing import Any

import pytest
from api_house import House
from test_api_claims import a_claim, the_insured
from test_api_customer import token_of

from api.settings import ApiSettings
from api.web import create_app
from storage import access
from storage.access import ApiClient
from storage.tables import access_token, channel_secret
from storage.tokens import CHANNEL_TOKEN_MS

HOUR_MS = 3_600_000


WECHAT = ApiClient("wechat", "app", None)


def with_secret(house: House, client: ApiClient = WECHAT, *, overlap_ms: int = 0) -> str:
    with house.system.database.write() as tx:
        access.save_api_client(tx, client)
        return access.add_channel_secret(tx, client.client_id, earlier_end_ms=overlap_ms)


def ask(house: House, secret: str, client_id: str = "wechat", path: str = "token", **form: str) -> Any:
    fields = {"grant_type": "client_credentials"} if path == "token" else {}
    return house.client().post(f"/oauth/{path}", data={**fields, "client_id": client_id, "client_secret": secret, **form})


def token(house: House, secret: str, **form: str) -> str:
    return str(ask(house, secret, **form).json["access_token"])


def test_a_token_does_what_the_channels_role_may(house: House) -> None:
    answer = ask(house, with_secret(house))
    assert (answer.status_code, answer.json["token_type"], answer.json["expires_in"]) == (200, "Bearer", 900)
    assert "submit_claim" in answer.json["scope"].split()
    assert answer.headers["Cache-Control"] == "no-store"
    channel = house.client(token=answer.json["access_token"])
    assert channel.post("/v1/claims", json=a_claim(the_insured(house))).status_code == 202
    assert channel.post("/v1/hotline/callers", json={}).status_code == 403


def test_the_secret_may_come_by_http_basic(house: House) -> None:
    proof = base64.b64encode(f"wechat:{with_secret(house)}".encode()).decode()
    answer = house.client().post("/oauth/token", data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {proof}"})
    assert answer.status_code == 200


def test_a_token_of_less_scope_may_do_less(house: House) -> None:
    channel = house.client(token=token(house, with_secret(house), scope="read_status"))
    assert channel.get("/v1/claims/C0").status_code == 404
    refused = channel.post("/v1/claims", json=a_claim(the_insured(house)))
    assert (refused.status_code, refused.json["type"]) == (403, "urn:mingbai:auth.forbidden")


def test_a_channel_that_may_do_less_than_its_role_gets_no_more(house: House) -> None:
    secret = with_secret(house, ApiClient("wechat", "app", None, scope="submit_claim read_status"))
    assert ask(house, secret).json["scope"] == "read_status submit_claim"
    assert ask(house, secret, scope="read_letters").json["error"] == "invalid_scope"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": "wechat\x00"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "approve"}, 400, "invalid_scope"),
        ({"scope": "fly"}, 400, "invalid_scope"),
    ],
)
def test_what_cannot_be_granted_is_told_in_the_words_of_the_standard(house: House, form: dict[str, str], status: int, error: str) -> None:
    secret = with_secret(house)
    fields = {"client_id": "wechat", "client_secret": secret, "grant_type": "client_credentials", **form}
    answer = house.client().post("/oauth/token", data=fields)
    if form.get("client_id") == "wechat\x00":
        status, error = 200, ""  # the NUL is left out before anything is looked up
    assert (answer.status_code, answer.json.get("error", "")) == (status, error)
    assert secret not in answer.text


def test_a_form_of_another_kind_or_with_a_name_twice_is_refused(house: House) -> None:
    secret = with_secret(house)
    json_body = house.client().post("/oauth/token", json={"grant_type": "client_credentials"})
    twice = house.client().post(
        "/oauth/token", data={"grant_type": ["client_credentials"] * 2, "client_id": "wechat", "client_secret": secret}
    )
    assert [json_body.json["error"], twice.json["error"]] == ["invalid_request"] * 2


@pytest.mark.parametrize(("after_ms", "status"), [(CHANNEL_TOKEN_MS - 5_000, 404), (CHANNEL_TOKEN_MS + 1_000, 401)])
def test_a_token_ends_after_a_quarter_of_an_hour(house: House, after_ms: int, status: int) -> None:
    channel = house.client(token=token(house, with_secret(house)))
    house.system.database._ahead_ms = lambda: after_ms
    assert channel.get("/v1/claims/C0").status_code == status


def test_a_token_that_was_taken_back_opens_nothing(house: House) -> None:
    secret = with_secret(house)
    one, other = token(house, secret), token(house, secret)
    assert ask(house, secret, path="revoke", token=one).status_code == 200
    assert [house.client(token=each).get("/v1/claims/C0").status_code for each in (one, other)] == [401, 404]
    assert ask(house, secret, path="revoke", token="unknown").status_code == 200
    assert ask(house, secret, path="revoke").json["error"] == "invalid_request"


def test_nobody_takes_back_another_channels_token(house: House) -> None:
    mine = token(house, with_secret(house))
    theirs = with_secret(house, ApiClient("desk-2", "hotline", None))
    assert ask(house, theirs, "desk-2", path="revoke", token=mine).status_code == 200  # in the words of an unknown token
    assert house.client(token=mine).get("/v1/claims/C0").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("app", 401), ("hotline", 200)])
def test_a_customers_token_ends_when_the_app_says_so_and_not_the_hotline(house: House, role: str, status: int) -> None:
    customers = token_of(house, the_insured(house))
    secret = with_secret(house, ApiClient("caller", role, None))
    ask(house, secret, "caller", path="revoke", token=customers)
    assert house.client(token=customers).get("/v1/me/claims").status_code == status


@pytest.mark.parametrize(("after_ms", "statuses"), [(HOUR_MS - 60_000, [200, 200]), (HOUR_MS + 60_000, [401, 200])])
def test_while_a_secret_is_rotated_both_are_good(house: House, after_ms: int, statuses: list[int]) -> None:
    earlier, newer = with_secret(house), with_secret(house, overlap_ms=HOUR_MS)
    house.system.database._ahead_ms = lambda: after_ms
    assert [ask(house, each).status_code for each in (earlier, newer)] == statuses


def test_a_channel_that_was_ended_is_out_with_every_token(house: House) -> None:
    secret = with_secret(house)
    held = token(house, secret)
    with house.system.database.write() as tx:
        access.end_channel(tx, "wechat")
    assert ask(house, secret).status_code == 401
    assert house.client(token=held).get("/v1/claims/C0").status_code == 401


def test_secrets_are_kept_as_argon2id_and_tokens_as_a_hash(house: House) -> None:
    secret = with_secret(house)
    held = token(house, secret)
    with house.system.database.read() as tx:
        (kept,) = tx.connection.execute(channel_secret.select()).all()
        (fetched,) = tx.connection.execute(access_token.select()).all()
    assert kept.secret_hash.startswith("$argon2id$")
    assert secret not in str(kept) and held not in str(fetched)


def test_after_eight_wrong_secrets_even_the_right_one_waits(house: House) -> None:
    secret = with_secret(house)
    assert {ask(house, "wrong").status_code for _ in range(8)} == {401}
    answer = ask(house, secret)
    assert (answer.status_code, answer.json["error"]) == (429, "slow_down")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_lasting_secret_opens_nothing_where_the_operator_wants_tokens(house: House) -> None:
    strict = create_app(house.system, ApiSettings("k" * 32, static_secrets=False)).test_client()
    header = {"Authorization": f"Bearer {'a' * 43}"}
    assert house.client(secret_of="app").get("/v1/claims/C0").status_code == 404
    assert strict.get("/v1/claims/C0", headers=header).status_code == 401
    held = {"Authorization": f"Bearer {token(house, with_secret(house))}"}
    assert strict.get("/v1/claims/C0", headers=held).status_code == 404


def test_the_secret_itself_is_no_bearer_token(house: House) -> None:
    assert house.client(token=with_secret(house)).get("/v1/claims/C0").status_code == 401
