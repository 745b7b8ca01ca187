"""Reminders over HTTP: what stands, as of any day, under the customer's own token; how they are told; what operators see."""

from datetime import date, timedelta

import pytest
from api_house import House
from api_http import Http
from test_api_claims import the_insured
from test_api_customer import somebody_else, token_of

from domain.china import china_day
from domain.contract import Contract, EntryKind, PolicyEntry, premium_event
from domain.policy import Policy
from domain.terms import Frequency
from storage import policy_ledger, registry

NUMBER = "P99REMIND1"


def me(house: House) -> Http:
    return house.client(token=token_of(house, the_insured(house)))


def today(house: House) -> date:
    with house.system.database.read() as tx:
        return china_day(tx.now_ms())


def years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


@pytest.fixture
def missed(house: House) -> date:
    """A policy of the customer whose fourth premium was due fifty days ago; gives that day."""
    due = today(house) - timedelta(days=50)
    start = years_before(due, 3)
    due = start.replace(year=start.year + 3)
    person_id = the_insured(house).person_id
    policy = Policy(NUMBER, person_id, person_id, "dingshou-term", "定期二十年", start, start.replace(year=start.year + 20), start)
    dues = [start.replace(year=start.year + year) for year in range(3)]
    with house.system.database.write() as tx:
        registry.save_policies(tx, [policy])
        policy_ledger.save_contracts(tx, [Contract(NUMBER, Frequency.YEARLY, 120_050, 20)])
        policy_ledger.book(tx, [PolicyEntry(NUMBER, EntryKind.PREMIUM, 120_050, premium_event(each), each) for each in dues])
    return due


def mine(house: House, as_of: date | None = None) -> list[dict]:  # type: ignore[type-arg]
    told = me(house).get("/v1/me/reminders" + (f"?as_of={as_of}" if as_of else "")).json
    return [each for each in told["reminders"] if each["policy_number"] == NUMBER]


def test_what_stands_is_listed_with_amount_day_and_what_to_tap(house: House, missed: date) -> None:
    (told,) = mine(house)
    assert (told["kind"]["code"], told["occasion"]["zh"], told["amount"], told["amount_fen"]) == (
        "lapse",
        "宽限期即将届满",
        "1200.50",
        120_050,
    )
    grace = missed + timedelta(days=60)
    assert (told["due_on"], told["days_left"]) == (grace.isoformat(), (grace - today(house)).days)
    assert told["tap"] == {
        "item": "renewal-premium", "quote": "/v1/me/servicing", "policy_number": NUMBER,
        "app": f"mingbai://servicing/renewal-premium?policy={NUMBER}",
    }  # fmt: skip
    assert f"宽限期至{grace.year}年{grace.month}月{grace.day}日" in told["text"] and told["told_at"] is None


def test_the_tap_leads_to_a_transaction_of_the_same_amount(house: House, missed: date) -> None:
    (told,) = mine(house)
    wish = {"policy_number": told["tap"]["policy_number"], "item": told["tap"]["item"], "fields": {"account": "9900123412341234"}}
    quoted = me(house).post(told["tap"]["quote"], json=wish)
    assert quoted.status_code == 201 and quoted.json["figures"][0]["amount_fen"] == told["amount_fen"]


def test_an_earlier_day_is_answered_as_it_was(house: House, missed: date) -> None:
    assert [each["occasion"]["code"] for each in mine(house, missed)] == ["premium_due"]
    assert mine(house, missed - timedelta(days=31)) == []
    tomorrow = me(house).get(f"/v1/me/reminders?as_of={today(house) + timedelta(days=1)}")
    assert tomorrow.status_code == 422 and tomorrow.json["field"] == "/as_of"


def test_somebody_elses_reminders_are_not_there(house: House, missed: date) -> None:
    other = house.client(token=token_of(house, somebody_else(house)))
    assert NUMBER not in other.get("/v1/me/reminders").text


def test_it_says_when_it_was_told_and_operators_see_it_counted(house: House, missed: date) -> None:
    from adjudicator import reminding, servicing_sweep

    for sweep in (servicing_sweep.sweep, reminding.sweep):
        while sweep(house.system):
            pass
    (told,) = mine(house)
    assert told["told_at"] and told["told_by"]["code"] == "app_push"
    assert mine(house, missed)[0]["told_at"] is None
    metrics = house.client().get("/metrics").text
    assert 'mingbai_reminders_today{kind="lapse",way="app_push"} 1.0' in metrics
    assert "mingbai_reminders_skipped_today 0.0" in metrics


def test_preferences_are_everybodys_until_they_are_chosen(house: House) -> None:
    client = me(house)
    before = client.get("/v1/me/notice-preferences").json
    assert not before["is_own"] and before["quiet"] == {"begins": "22:00", "ends": "08:00"} and len(before["kinds"]) == 5
    chosen = {
        "kinds": {"loan": {"on": False}, "lapse": {"ways": ["sms", "mail"]}}, "quiet": None, "mail_address": "li.shi@example.cn",
    }  # fmt: skip
    answer = client.call("PUT", "/v1/me/notice-preferences", json=chosen)
    assert answer.status_code == 200 and answer.json == client.get("/v1/me/notice-preferences").json
    kinds = answer.json["kinds"]
    assert (kinds["loan"]["on"], kinds["lapse"]["on"], kinds["lapse"]["ways"]) == (False, True, ["sms", "mail"])
    assert (answer.json["quiet"], answer.json["mail_address"], answer.json["is_own"]) == (None, "l***@example.cn", True)
    kept = client.call("PUT", "/v1/me/notice-preferences", json={"kinds": {}}).json
    assert kept["mail_address"] == "l***@example.cn" and kept["kinds"]["loan"]["on"]
    assert client.call("PUT", "/v1/me/notice-preferences", json={"mail_address": ""}).json["mail_address"] == ""


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kinds": {"lapse": {"on": False}}}, "kinds/lapse/on"),
        ({"kinds": {"premium_loan": {"on": False}}}, "kinds/premium_loan/on"),
        ({"kinds": {"loan": {"ways": ["sms", "sms"]}}}, "kinds/loan/ways"),
        ({"kinds": {"loan": {"ways": []}}}, "kinds/loan/ways"),
        ({"kinds": {"loan": {"ways": ["pigeon"]}}}, "kinds/loan/ways/0"),
        ({"kinds": {"loan": {"ways": ["mail"]}}}, "kinds/loan/ways"),
        ({"kinds": {"weather": {}}}, "kinds/weather/[key]"),
        ({"quiet": {"begins": "22:00", "ends": "22:00"}}, "quiet/ends"),
        ({"quiet": {"begins": "24:00", "ends": "08:00"}}, "quiet/begins"),
        ({"mail_address": "li@example.cn\r\nBcc: x@example.cn"}, "mail_address"),
        ({"mail_address": "li@example"}, "mail_address"),
    ],
)
def test_what_cannot_be_chosen_is_told_with_its_field_and_changes_nothing(house: House, body: dict, field: str) -> None:  # type: ignore[type-arg]
    answer = me(house).call("PUT", "/v1/me/notice-preferences", json=body)
    assert answer.status_code == 422 and answer.json["field"] == "/" + field, answer.text
    assert not me(house).get("/v1/me/notice-preferences").json["is_own"]


def test_that_lapse_cannot_be_switched_off_is_told_in_chinese(house: House) -> None:
    answer = me(house).call("PUT", "/v1/me/notice-preferences", json={"kinds": {"lapse": {"on": False}}})
    assert answer.json["advice_zh"] == "失效提醒不能关闭，只能选择渠道"
