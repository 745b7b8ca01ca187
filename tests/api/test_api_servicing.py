"""Do it, over the API: from what is possible to the endorsement, with the customer's token."""

import re
from datetime import date, timedelta

import pytest
from api_house import House
from api_http import Http
from sqlalchemy import select
from test_api_claims import the_insured
from test_api_customer import somebody_else, token_of

from adjudicator.chores import do_chores
from domain.china import china_day
from domain.contract import Contract, EntryKind, PolicyEntry, premium_event
from domain.policy import Policy
from domain.terms import Frequency
from storage import policy_ledger, registry
from storage.tables import customer_message

NUMBER, ACCOUNT = "P990077701", "9900123412341234"


@pytest.fixture
def me(house: House) -> Http:
    """The insured, with seven years of a 福禄两全 paid, the last some months ago."""
    return with_contract(house)


def with_contract(house: House) -> Http:
    person = the_insured(house)
    with house.system.database.write() as tx:
        start = china_day(tx.now_ms()).replace(day=1) - timedelta(days=6 * 365 + 100)
        start = start.replace(day=1)
        end = start.replace(year=start.year + 15) - timedelta(days=1)
        registry.save_policies(
            tx, [Policy(NUMBER, person.person_id, person.person_id, "fulu-endowment", "", start, end, start, 10_000_000)]
        )
        policy_ledger.save_contracts(tx, [Contract(NUMBER, Frequency.YEARLY, 700_000, 10)])
        dues = [date(start.year + year, start.month, 1) for year in range(7)]
        policy_ledger.book(tx, [PolicyEntry(NUMBER, EntryKind.PREMIUM, 700_000, premium_event(due), due) for due in dues])
    return house.client(token=token_of(house, person))


def code_in(house: House) -> str:
    with house.system.database.read() as tx:
        chosen = select(customer_message.c.body).where(customer_message.c.subject == "验证码")
        (code,) = [match[0] for body in tx.connection.execute(chosen).scalars() if (match := re.search(r"\d{6}", body))]
    return code


def test_a_customer_borrows_on_a_policy(house: House, me: Http) -> None:
    items = {each["item"]: each for each in me.get(f"/v1/me/policies/{NUMBER}/servicing").json["items"]}
    assert len(items) >= 15 and items["policy-loan"]["is_possible"]
    assert items["reinstatement"]["why_not_zh"] == "只有中止的保单才能复效"
    wish = {"policy_number": NUMBER, "item": "policy-loan", "fields": {"amount": "1000", "account": ACCOUNT}}
    quote = me.post("/v1/me/servicing", json=wish)
    assert quote.status_code == 201 and quote.json["state"] == "quoted" and quote.json["figures"][0]["amount"] == "1000.00"
    place = f"/v1/me/servicing/{quote.json['transaction_id']}"
    sent = me.post(f"{place}/code")
    assert sent.status_code == 202 and sent.json["expires_in_seconds"] == 300
    body = {"text_sha256": quote.json["text_sha256"], "code": code_in(house)}
    signed = me.post(f"{place}/signature", json=body)
    assert signed.status_code == 200 and signed.json["state"] == "moving"
    assert me.post(f"{place}/signature", json=body).json["transaction_id"] == quote.json["transaction_id"]  # again: nothing more
    do_chores(house.system)
    done = me.get(place).json
    assert done["state"] == "done" and f"{place}/endorsement.html" in done["endorsements"]
    page = me.get(f"{place}/endorsement.html")
    assert page.mimetype == "text/html" and "保险批单" in page.text
    assert me.get("/v1/me/servicing").json["transactions"][0]["state"] == "done"


def test_a_refusal_names_the_field_and_the_way_out(me: Http) -> None:
    wish = {"policy_number": NUMBER, "item": "policy-loan", "fields": {"amount": "9999999", "account": ACCOUNT}}
    refused = me.post("/v1/me/servicing", json=wish)
    assert refused.status_code == 422 and refused.json["field"] == "/fields/amount" and "不能超过" in refused.json["advice_zh"]
    refused = me.post("/v1/me/servicing", json=wish | {"item": "reinstatement", "fields": {}})
    assert refused.status_code == 409 and refused.json["way_out"] == "只有中止的保单才能复效"


def test_nobody_sees_or_signs_somebody_elses(house: House, me: Http) -> None:
    wish = {"policy_number": NUMBER, "item": "policy-loan", "fields": {"amount": "1000", "account": ACCOUNT}}
    place = f"/v1/me/servicing/{me.post('/v1/me/servicing', json=wish).json['transaction_id']}"
    stranger = house.client(token=token_of(house, somebody_else(house)))
    assert stranger.post("/v1/me/servicing", json=wish).status_code == 404
    assert stranger.get(f"/v1/me/policies/{NUMBER}/servicing").status_code == 404
    for answer in (
        stranger.get(place),
        stranger.post(f"{place}/code"),
        stranger.post(f"{place}/signature", json={"text_sha256": "0" * 64, "code": "000000"}),
        stranger.post(f"{place}/account", json={"account": ACCOUNT, "code": "000000"}),
        stranger.get(f"{place}/endorsement.pdf"),
    ):
        assert answer.status_code == 404
    assert stranger.get("/v1/me/servicing").json["transactions"] == []


def test_the_same_key_asks_for_one_quote(me: Http) -> None:
    wish = {"policy_number": NUMBER, "item": "policy-loan", "fields": {"amount": "1000", "account": ACCOUNT}}
    asked = [me.post("/v1/me/servicing", json=wish, headers={"Idempotency-Key": "one"}).json["transaction_id"] for _ in range(2)]
    assert asked[0] == asked[1]
    assert len(me.get("/v1/me/servicing").json["transactions"]) == 1
