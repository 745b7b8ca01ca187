"""Know your cover over HTTP: under the customer's own token, with every source; kept only with consent; a page for the desk."""

import html
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from api_house import House
from api_http import Http, csrf_of
from test_api_claims import the_insured
from test_api_customer import somebody_else, token_of

from api.workbench.cover_chart import chart_of
from domain.china import china_day
from domain.policy import Policy
from entitlement.cover.existing import Existing
from entitlement.cover.view import AtAge
from storage import cover, registry
from storage.look_ups import look_ups

TOLD = {"debts": "1500000", "debt_years": 20, "dependants": [18, 5], "annual_income": "200000.00", "interest": "2.5"}


def me(house: House) -> Http:
    return house.client(token=token_of(house, the_insured(house)))


def today(house: House) -> date:
    with house.system.database.read() as tx:
        return china_day(tx.now_ms())


def insure(house: House, product: str = "dingshou-term", plan: str = "定期二十年", number: str = "P99COVER1") -> Policy:
    """Give the customer a policy that began a year ago and runs for twenty."""
    start = (today(house) - timedelta(days=400)).replace(day=1)
    end = start.replace(year=start.year + 20) - timedelta(days=1)
    person_id = the_insured(house).person_id
    policy = Policy(number, person_id, person_id, product, plan, start, end, start)
    with house.system.database.write() as tx:
        registry.save_policies(tx, [policy])
    return policy


def kind(told: dict, name: str) -> dict:  # type: ignore[type-arg]
    return next(each for each in told["kinds"] if each["kind"] == name)


def test_a_customer_reads_their_cover_at_every_age_with_its_sources(house: House) -> None:
    insure(house)
    answer = me(house).get("/v1/me/cover")
    assert answer.status_code == 200
    told = answer.json
    assert [each["kind"] for each in told["kinds"]] == ["death", "illness", "disability", "medical", "savings"]
    death = kind(told, "death")
    assert [each["age"] for each in death["ages"]] == list(range(told["age"], 101))
    assert (death["now"]["existing"], death["now"]["existing_fen"]) == ("1000000.00", 100_000_000)
    (source,) = [each for each in death["sources"] if each["policy_number"] == "P99COVER1"]
    assert (source["responsibility"], source["amount_fen"], source["from_age"]) == ("身故全残金", 100_000_000, told["age"])
    covered = [each["age"] for each in death["ages"] if each["existing_fen"]]
    assert covered == list(range(source["from_age"], source["to_age"] + 1))
    assert death["now"]["missing_fen"] == max(death["now"]["needed_fen"] - 100_000_000, 0)


def test_every_assumption_is_told_with_its_source_and_may_be_tried_otherwise(house: House) -> None:
    client = me(house)
    before, after = client.get("/v1/me/cover").json, client.post("/v1/me/cover", json=TOLD)
    assert after.status_code == 200
    assert len(before["assumptions"]) == 22 and all(each["source"] and not each["is_own"] for each in before["assumptions"])
    own = {each["name"]: each["value"] for each in after.json["assumptions"] if each["is_own"]}
    assert own == {"debts": "1500000.00", "debt_years": "20", "dependants": [18, 5], "annual_income": "200000.00", "interest": "2.5"}
    assert kind(after.json, "death")["now"]["needed_fen"] > kind(before, "death")["now"]["needed_fen"]
    assert client.get("/v1/me/cover").json == before  # nothing was kept


def test_what_is_missing_is_suggested_with_why_in_both_languages(house: House) -> None:
    (first, *_) = kind(me(house).post("/v1/me/cover", json=TOLD).json, "death")["suggestions"]
    assert first["product"] in ("dingshou-term", "zhongji-single")
    assert "还差" in first["why_zh"] and "are missing" in first["why_en"]
    assert first["adds_fen"] > 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("debts", "-1"), ("debts", 5), ("debts", "1000000000.01"), ("dependants", [61]), ("dependants", [1] * 11), ("interest", "15.1"),
     ("social_share", "101"), ("retirement_age", 81), ("income", "1"), ("debt_years", 1.5), ("inflation", "NaN")],
)  # fmt: skip
def test_a_value_out_of_its_bounds_is_refused_with_its_field(house: House, field: str, value: object) -> None:
    answer = me(house).post("/v1/me/cover", json={field: value})
    assert answer.status_code == 422
    assert field in answer.text


def test_what_is_told_is_kept_with_consent_alone_and_destroyed_when_it_is_taken_back(house: House) -> None:
    client = me(house)
    for body in (TOLD, {**TOLD, "consent": False}, {**TOLD, "consent": "true"}):
        assert client.call("PUT", "/v1/me/cover/assumptions", json=body).status_code == 422
    assert client.get("/v1/me/cover").json["kept_since"] is None
    kept = client.call("PUT", "/v1/me/cover/assumptions", json={**TOLD, "consent": True})
    assert kept.status_code == 200 and kept.json["kept_since"]
    assert client.get("/v1/me/cover").json == kept.json
    # A what-if starts from what is kept.
    tried = client.post("/v1/me/cover", json={"debts": "0"}).json
    assert {each["name"] for each in tried["assumptions"] if each["is_own"]} == set(TOLD)
    assert [client.call("DELETE", "/v1/me/cover/assumptions").status_code for _ in range(2)] == [204, 204]
    with house.system.database.read() as tx:
        assert cover.find_profile(tx, the_insured(house).person_id) is None


def test_nobody_reads_what_somebody_else_told(house: House) -> None:
    me(house).call("PUT", "/v1/me/cover/assumptions", json={**TOLD, "consent": True})
    other = house.client(token=token_of(house, somebody_else(house)))
    assert not any(each["is_own"] for each in other.get("/v1/me/cover").json["assumptions"])
    assert other.call("DELETE", "/v1/me/cover/assumptions").status_code == 204
    assert me(house).get("/v1/me/cover").json["kept_since"]


def test_a_look_at_the_same_cover_is_answered_by_its_tag(house: House) -> None:
    client = me(house)
    first = client.get("/v1/me/cover")
    assert client.get("/v1/me/cover", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    insure(house)
    assert client.get("/v1/me/cover", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def the_page(house: House, query: str = "") -> str:
    answer = house.client(staff="feng").get(f"/hotline/cover/{the_insured(house).person_id}{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def test_the_desk_reaches_the_cover_of_who_is_calling(house: House) -> None:
    insure(house)
    desk = house.client(staff="feng")
    form = {"csrf": csrf_of(desk.get("/hotline").text), "do": "find", "id_number": the_insured(house).id_number}
    found = desk.post("/hotline", data=form, headers={"Accept": "text/html"}).text
    address = re.search(r'href="(/hotline/cover/[^"]+)"', found)
    assert address
    page = html.unescape(desk.get(address[1], headers={"Accept": "text/html"}).text)
    assert "保障全景" in page and "1,000,000.00" in page and "身故全残金" in page
    assert the_insured(house).id_number not in page and the_insured(house).phone not in page


def test_an_adjuster_who_may_serve_callers_sees_no_link_to_what_they_may_not_see(house: House) -> None:
    desk = house.client(staff="chen")
    form = {"csrf": csrf_of(desk.get("/hotline").text), "do": "find", "id_number": the_insured(house).id_number}
    assert "/hotline/cover/" not in desk.post("/hotline", data=form, headers={"Accept": "text/html"}).text
    assert desk.get(f"/hotline/cover/{the_insured(house).person_id}").status_code == 403


def test_a_customer_who_does_not_exist_is_not_found(house: House) -> None:
    assert house.client(staff="feng").get("/hotline/cover/C0", headers={"Accept": "text/html"}).status_code == 404


def test_who_looked_at_somebodys_cover_is_written_down(house: House) -> None:
    the_page(house)
    with house.system.database.read() as tx:
        (found,) = look_ups(tx)
    assert (found.actor, found.clue, found.found) == ("feng", "cover", (the_insured(house).person_id,))


def test_every_kind_has_its_chart_and_its_table_in_both_languages(house: House) -> None:
    insure(house)
    names = {
        "zh": ("身故保障：各年龄的已有与需要", "身故保障：各年龄的金额（元）"),
        "en": ("Death: there and needed", "Death: amounts at each age"),
    }
    for language, told in names.items():
        page = html.unescape(the_page(house, f"?language={language}"))
        assert page.count('<svg class="cover-chart"') == 5
        assert page.count("<details>") == 5
        assert all(each in page for each in told)
    assert '<html lang="en">' in the_page(house, "?language=en")


def test_the_desk_tries_out_what_the_caller_tells_and_keeps_nothing(house: House) -> None:
    desk, path = house.client(staff="feng"), f"/hotline/cover/{the_insured(house).person_id}"
    page = desk.get(path, headers={"Accept": "text/html"}).text
    form = {"csrf": csrf_of(page), "debts": "1,500,000", "dependants": "18 5", "debt_years": ""}
    tried = desk.post(path, data=form, headers={"Accept": "text/html"})
    assert tried.status_code == 200
    assert "客户告知" in tried.text and 'value="1,500,000"' in tried.text
    with house.system.database.read() as tx:
        assert cover.find_profile(tx, the_insured(house).person_id) is None
    wrong = desk.post(path, data={**form, "debts": "viel"}, headers={"Accept": "text/html"})
    assert wrong.status_code == 200 and 'role="alert"' in wrong.text


def test_a_chart_draws_what_is_there_below_what_is_needed() -> None:
    ages = [AtAge(30 + n, Existing(n * 10_000_000, n * 10_000_000, ()), Existing(0, 0, ()), 20_000_000) for n in range(3)]
    drawn = chart_of(ages, "<身故>")
    assert "<title>&lt;身故&gt;</title>" in drawn
    points = {name: re.search(rf'class="{name}" points="([^"]+)"', drawn) for name in ("there", "needed", "missing")}
    heights = {name: {float(pair.split(",")[1]) for pair in found[1].split()} for name, found in points.items() if found}
    assert len(heights["needed"]) == 1  # a level need
    assert max(heights["there"]) == 230 and min(heights["there"]) == min(heights["needed"])  # grows from nothing to just enough
    one = chart_of([replace(ages[0], needed_fen=0)], "x")
    assert "NaN" not in one and 'class="there"' in one
