"""Agents over HTTP: found, chosen, met, rated; seen by consent alone; every bad wish is refused, and nothing moved."""

import re
from datetime import datetime
from typing import Any

import pytest
from api_house import House
from api_http import Http, csrf_of
from api_papers import stay_papers
from sqlalchemy import select, update
from test_api_claims import ADMITTED, DISCHARGED, a_claim, the_insured
from test_api_customer import somebody_else, token_of

from adjudicator.erasing import SETTLED
from agent.wordings import current
from api.rate_limit import RATE_KEY, RateLimit, Rates
from domain.agent import ConsentScope
from domain.china import CHINA, DAY_MS, MINUTE_MS, china_day
from domain.states import ClaimState
from storage import agents
from storage.tables import claim, customer_message, policy
from storage.tables_agents import agent_act, appointment

HERE = {"latitude": 31.2304, "longitude": 121.4737}
WORDS = {each: current(each).version for each in ConsentScope}


def customer(house: House, person: Any = None) -> Http:
    return house.client(token=token_of(house, person or the_insured(house)))


def agent_of(house: House, person: Any = None) -> str:
    """Give the agent of somebody, and make sure that it is the one who logs in as qian."""
    me = person or the_insured(house)
    with house.system.database.write() as tx:
        tx.connection.execute(update(policy).where(policy.c.policyholder_id == me.person_id).values(agent_id="A9901"))
    return "A9901"


def free_slots(house: House, who: Http, agent: str = "A9901") -> list[str]:
    with house.system.database.read() as tx:
        day = china_day(tx.now_ms() + 2 * DAY_MS)
    slots: list[str] = who.get(f"/v1/agents/{agent}/slots", query_string={"first_day": day.isoformat(), "days": 14}).json["slots"]
    return slots


def book(house: House, who: Http, begins_at: str = "", agent: str = "A9901", **more: Any) -> Any:
    wish = {"agent_id": agent, "kind": "call_back", "begins_at": begins_at or free_slots(house, who, agent)[0]}
    return who.post("/v1/me/appointments", json=wish, **more)


def later(house: House, moment: str, more_ms: int = 0) -> None:
    with house.system.database.read() as tx:
        ahead = int(datetime.fromisoformat(moment).timestamp() * 1000) - tx.now_ms() + more_ms
    house.system.database._ahead_ms = lambda: ahead


def consent(who: Http, scope: ConsentScope, agent: str = "A9901") -> Any:
    return who.post("/v1/me/agent-consents", json={"agent_id": agent, "scope": scope, "wording_version": WORDS[scope]})


def choice(agent: str) -> dict[str, str]:
    return {"agent_id": agent, "wording_version": WORDS[ConsentScope.CHANGE]}


def seen_by(house: House, agent: str = "A9901") -> list[Any]:
    found: list[Any] = house.client(secret_of="agent").get(f"/v1/agents/{agent}/customers").json["customers"]
    return found


def test_agents_are_found_near_and_in_a_city(house: House) -> None:
    me = customer(house)
    near = me.get("/v1/agents", query_string=HERE).json["agents"]
    assert [(each["agent_id"], each["distance_m"]) for each in near[:2]] == [("A9901", 0), ("A9902", 0)]
    assert near[0]["standing"] == "2.857" and near[0]["rating"] is None and "phone" not in near[0]
    first = me.get("/v1/agents", query_string={"region_code": "990101", "limit": 2}).json
    rest = me.get("/v1/agents", query_string={"region_code": "990101", "limit": 2, "cursor": first["next"]}).json
    assert [each["agent_id"] for each in (*first["agents"], *rest["agents"])] == ["A9901", "A9902", "A9903"] and rest["next"] is None


def test_a_position_from_a_chinese_map_is_answered_as_one(house: House) -> None:
    me = customer(house)
    shifted = me.get("/v1/agents/A9901", query_string={"datum": "gcj02"}).json["branch"]
    assert shifted["datum"] == "gcj02" and shifted["latitude"] != HERE["latitude"]
    asked = {"latitude": shifted["latitude"], "longitude": shifted["longitude"], "datum": "gcj02"}
    assert me.get("/v1/agents", query_string=asked).json["agents"][0]["distance_m"] <= 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "/latitude"),
        ({"latitude": 31.2}, "/latitude"),
        ({"latitude": 91, "longitude": 0}, "/latitude"),
        ({"latitude": 0, "longitude": 180.5}, "/longitude"),
        ({"latitude": "nan", "longitude": 0}, "/latitude"),
        ({"region_code": "x"}, "/region_code"),
        ({**HERE, "language": "DROP"}, "/language"),
        ({**HERE, "cursor": "x"}, "/cursor"),
    ],
)
def test_a_search_that_cannot_be_is_refused_by_its_field(house: House, asked: dict[str, Any], field: str) -> None:
    answer = customer(house).get("/v1/agents", query_string=asked)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert answer.json["title_zh"]


def test_the_words_of_consents_are_listed_in_both_languages(house: House) -> None:
    told = customer(house).get("/v1/consent-wordings").json["wordings"]
    assert {each["scope"] for each in told} == {"claims", "health", "change"} and all(each["text"] and each["text_en"] for each in told)


def test_an_appointment_is_booked_seen_moved_and_cancelled(house: House) -> None:
    me = customer(house)
    slots = free_slots(house, me)
    booked = book(house, me, slots[0])
    assert booked.status_code == 201 and booked.json["begins_at"] == slots[0] and booked.json["agent_name"] == "周示成"
    number = booked.json["appointment_id"]
    assert slots[0] not in free_slots(house, me)
    moved = me.post(f"/v1/me/appointments/{number}/move", json={"begins_at": slots[1]})
    assert (moved.status_code, moved.json["begins_at"]) == (200, slots[1])
    assert me.get("/v1/me/appointments").json["appointments"] == [moved.json]
    gone = me.post(f"/v1/me/appointments/{number}/cancellation")
    assert (gone.status_code, gone.json["state"]) == (200, "cancelled")
    assert set(slots[:2]) <= set(free_slots(house, me))
    with house.system.database.read() as tx:
        subjects = list(tx.connection.execute(select(customer_message.c.subject)).scalars())
    assert sorted(subjects) == sorted(["预约已确认", "新预约", "预约已改期", "预约改期", "预约已取消", "预约取消"])


def test_a_slot_that_was_taken_a_second_before_is_refused(house: House) -> None:
    me, other = customer(house), customer(house, somebody_else(house))
    slot = free_slots(house, me)[0]
    assert book(house, other, slot).status_code == 201
    answer = book(house, me, slot)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:mingbai:conflict")
    assert "/v1/agents/A9901/slots" in answer.json["way_out"]
    assert me.get("/v1/me/appointments").json["appointments"] == []


def test_the_same_wish_under_the_same_key_is_done_once(house: House) -> None:
    me, key = customer(house), {"Idempotency-Key": "book-1"}
    slot = free_slots(house, me)[0]
    first, again = (book(house, me, slot, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code, first.json) == (201, 201, again.json)
    assert len(me.get("/v1/me/appointments").json["appointments"]) == 1
    assert book(house, me, slot).status_code == 409


@pytest.mark.parametrize(
    ("begins_at", "told"),
    [
        ("2020-01-06T10:00:00+08:00", "is past"),
        ("2199-01-02T10:00:00+08:00", "days ahead"),
        ("1999-01-02T10:00:00+08:00", "none of 2000 to 2199"),
        ("2026-11-23T10:00:00", "timezone"),
        ("morgen", "valid datetime"),
    ],
)
def test_a_moment_that_cannot_be_is_refused(house: House, begins_at: str, told: str) -> None:
    me = customer(house)
    answer = book(house, me, begins_at)
    assert (answer.status_code, answer.json["field"]) == (422, "/begins_at") and told in answer.json["detail"]
    assert me.get("/v1/me/appointments").json["appointments"] == []


def test_a_moment_outside_hours_is_refused(house: House) -> None:
    me = customer(house)
    slot = datetime.fromisoformat(free_slots(house, me)[0])
    answer = book(house, me, slot.replace(hour=3).isoformat())
    assert answer.status_code == 422 and answer.json["advice_zh"]


def test_a_change_that_names_an_older_tag_is_refused(house: House) -> None:
    me = customer(house)
    slots = free_slots(house, me)
    number = book(house, me, slots[0]).json["appointment_id"]
    tag = me.get(f"/v1/me/appointments/{number}").headers["ETag"]
    with_tag = {"If-Match": tag}
    assert me.post(f"/v1/me/appointments/{number}/move", json={"begins_at": slots[1]}, headers=with_tag).status_code == 200
    answer = me.post(f"/v1/me/appointments/{number}/cancellation", headers=with_tag)
    assert (answer.status_code, answer.json["type"]) == (412, "urn:mingbai:precondition_failed")
    assert me.get(f"/v1/me/appointments/{number}").json["state"] == "booked"


def test_somebody_elses_appointment_contact_and_consent_are_told_in_the_words_of_none(house: House) -> None:
    me, other = customer(house), customer(house, somebody_else(house))
    agent_of(house)
    number = book(house, me).json["appointment_id"]
    given = consent(me, ConsentScope.CLAIMS).json["consent_id"]
    for path, none in (
        (f"/v1/me/appointments/{number}/cancellation", "/v1/me/appointments/B0/cancellation"),
        (f"/v1/me/appointments/{number}/rating", "/v1/me/appointments/B0/rating"),
        (f"/v1/me/agent-consents/{given}/withdrawal", "/v1/me/agent-consents/G0/withdrawal"),
        ("/v1/me/agent-contacts/K1/erasure", "/v1/me/agent-contacts/K0/erasure"),
    ):
        told = [other.post(each, json={"stars": 5} if "rating" in each else {}) for each in (path, none)]
        assert [each.status_code for each in told] == [404, 404]
        assert len({re.sub(r"\b[BGK][0-9A-Z]+\b", "", each.json["detail"]) for each in told}) == 1
    assert me.get(f"/v1/me/appointments/{number}").json["state"] == "booked"


def test_a_meeting_is_rated_after_it_once_with_one_to_five_stars(house: House) -> None:
    me = customer(house)
    booked = book(house, me).json
    path = f"/v1/me/appointments/{booked['appointment_id']}/rating"
    early = me.post(path, json={"stars": 5})
    assert (early.status_code, early.json["type"]) == (409, "urn:mingbai:conflict.illegal_transition")
    later(house, booked["ends_at"])
    me = customer(house)
    for stars in (0, 6, 4.5, "5 stars", True):
        assert me.post(path, json={"stars": stars}).status_code == 422, stars
    assert me.post(path, json={"stars": 5, "comment": "x" * 501}).status_code == 422
    assert me.post(path, json={"stars": 5, "comment": "很好，电话 15400000001"}).status_code == 200
    assert me.post(path, json={"stars": 1}).status_code == 409
    shown = me.get("/v1/agents/A9901").json
    assert (shown["rating"], shown["ratings"]) == ("5.0", 1)
    assert "15400000001" not in house.client(staff="qian").get("/my-customers").text


def test_choosing_an_agent_ends_what_the_earlier_one_saw(house: House) -> None:
    me, agent = customer(house), agent_of(house)
    assert consent(me, ConsentScope.CLAIMS).status_code == 200
    assert [each["customer_id"] for each in seen_by(house, agent)] == [the_insured(house).person_id]
    tag = me.get("/v1/me/agent").headers["ETag"]
    chosen = me.post("/v1/me/agent-choices", json=choice("A9902"), headers={"If-Match": tag})
    assert (chosen.status_code, chosen.json["policy_numbers"]) == (200, ["P990000011"])
    assert seen_by(house, agent) == [] and me.get("/v1/me/agent").json["agents"][0]["agent_id"] == "A9902"
    periods = me.get("/v1/me/policies/P990000011/agents").json["periods"]
    assert [(each["agent_id"], each["cause"], each["until"] is None) for each in periods] == [
        ("A9901", "contract", False),
        ("A9902", "chosen", True),
    ]
    stale = me.post("/v1/me/agent-choices", json=choice("A9901"), headers={"If-Match": tag})
    assert stale.status_code == 412
    assert me.get("/v1/me/policies/P990000021/agents").status_code == 404  # somebody else's


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"agent_id": "A1", "wording_version": "2026-11"}, 404),
        ({"agent_id": "A9903", "wording_version": "2026-11"}, 409),
        ({"agent_id": "A9902", "wording_version": "1999"}, 409),
        ({"agent_id": "A9902"}, 422),
        ({"agent_id": "A9902", "wording_version": "2026-11", "policy_numbers": ["P990000021"]}, 404),
        ({"agent_id": "A'; --", "wording_version": "2026-11"}, 422),
    ],
)
def test_a_choice_that_cannot_be_changes_nothing(house: House, asked: dict[str, Any], status: int) -> None:
    me = customer(house)
    with house.system.database.write() as tx:
        agents.set_accepting(tx, "A9903", accepting=False)
    before = me.get("/v1/me/agent").json
    assert me.post("/v1/me/agent-choices", json=asked).status_code == status
    assert me.get("/v1/me/agent").json == before
    with house.system.database.read() as tx:
        assert tx.connection.execute(select(agent_act)).all() == []


def asked_for_papers(house: House) -> str:
    papers = stay_papers(house.reader, the_insured(house), ADMITTED, DISCHARGED, seed=1)
    del papers["summary.png"]
    claim_id = house.client(secret_of="app").send_claim(a_claim(the_insured(house)), papers).json["claim_id"]
    house.work()
    return str(claim_id)


def test_an_agent_sees_what_was_consented_to_and_nothing_of_health_without_that(house: House) -> None:
    claim_id, me, agent = asked_for_papers(house), customer(house), agent_of(house)
    browser = house.client(staff="qian")
    assert seen_by(house, agent) == [] and claim_id not in browser.get("/my-customers").text
    given = consent(me, ConsentScope.CLAIMS).json
    (seen,) = seen_by(house, agent)[0]["claims"]
    assert (seen["claim_id"], seen["state"], seen["papers_asked"]) == (claim_id, "NEEDS_SUPPLEMENT", 1)
    assert (seen["papers"], seen["loss_date"], seen["loss_cause"]) == ([], None, None)
    page = browser.get("/my-customers").text
    assert claim_id in page and "出院" not in page
    consent(me, ConsentScope.HEALTH)
    (seen,) = seen_by(house, agent)[0]["claims"]
    assert "出院" in seen["papers"][0] and "出院" in browser.get("/my-customers").text
    ended = me.post(f"/v1/me/agent-consents/{given['consent_id']}/withdrawal")
    assert ended.json["ended_by"] == "customer"
    assert seen_by(house, agent) == [] and claim_id not in browser.get("/my-customers").text  # the session goes on, and sees nothing
    assert [each["ended_at"] is None for each in me.get("/v1/me/agent-consents").json["consents"]] == [False, False]


def test_an_investigation_looks_like_a_review_to_the_agent(house: House) -> None:
    claim_id, me, agent = asked_for_papers(house), customer(house), agent_of(house)
    consent(me, ConsentScope.CLAIMS)

    with house.system.database.write() as tx:
        tx.connection.execute(update(claim).where(claim.c.claim_id == claim_id).values(state=ClaimState.IN_INVESTIGATION))
    assert [each["state"] for each in seen_by(house, agent)[0]["claims"]] == ["IN_REVIEW"]
    assert "调查" not in house.client(staff="qian").get("/my-customers").text
    assert ClaimState.IN_INVESTIGATION not in SETTLED


def test_health_without_claims_and_a_scope_of_choosing_are_refused(house: House) -> None:
    me = customer(house)
    agent_of(house)
    assert consent(me, ConsentScope.HEALTH).status_code == 409
    assert consent(me, ConsentScope.CHANGE).status_code == 422
    assert consent(me, ConsentScope.CLAIMS, "A9902").status_code == 404
    assert me.get("/v1/me/agent-consents").json["consents"] == []


def test_a_contact_is_written_down_read_and_its_words_destroyed(house: House) -> None:
    me, agent, platform = customer(house), agent_of(house), house.client(secret_of="agent")
    at = datetime.now(CHINA).isoformat()
    body = {"policy_number": "P990000011", "kind": "visit", "at": at, "note": "介绍了续保"}
    assert platform.post(f"/v1/agents/{agent}/contacts", json=body).status_code == 201
    assert platform.post("/v1/agents/A9902/contacts", json=body).status_code == 404
    (contact,) = me.get("/v1/me/agent-contacts").json["contacts"]
    assert contact["note"] == "介绍了续保"
    assert me.post(f"/v1/me/agent-contacts/{contact['contact_id']}/rating", json={"stars": 4}).status_code == 200
    gone = me.post(f"/v1/me/agent-contacts/{contact['contact_id']}/erasure")
    assert (gone.json["note"], gone.json["stars"]) == (None, 4)


def test_a_shared_card_shows_the_card_and_nothing_else_until_it_is_taken_back(house: House) -> None:
    platform, stranger = house.client(secret_of="agent"), house.client()
    agent_of(house)
    made = platform.post("/v1/agents/A9901/card-links", json={"days": 3})
    token = made.json["address"].removeprefix("/cards/")
    shown = stranger.get(f"/v1/agent-cards/{token}")
    assert (shown.status_code, shown.json["name"]) == (200, "周示成")
    page = stranger.get(made.json["address"])
    assert page.status_code == 200 and "周示成" in page.text and the_insured(house).name not in page.text and "P99" not in page.text
    assert platform.get("/v1/agents/A9901/card-links").json["links"] == [made.json]
    assert platform.post(f"/v1/agents/A9902/card-links/{made.json['link_id']}/revocation").status_code == 404
    assert platform.post(f"/v1/agents/A9901/card-links/{made.json['link_id']}/revocation").status_code == 200
    for path in (made.json["address"], f"/v1/agent-cards/{token}", f"/v1/agent-cards/{token[:-1]}x", "/cards/forged"):
        assert stranger.get(path).status_code == 404, path
    for days in (0, 91, "x"):
        assert platform.post("/v1/agents/A9901/card-links", json={"days": days}).status_code == 422


def test_whoever_tries_out_links_is_slowed_down(house: House) -> None:
    stranger = house.client()
    stranger.app.extensions[RATE_KEY] = RateLimit(Rates(address=1.0))
    answers = [stranger.get("/cards/S0") for _ in range(7)]
    assert [each.status_code for each in answers].count(404) == 5 and answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


# The page of the agent


def test_an_agent_begins_at_their_own_page_and_sees_no_other(house: House) -> None:
    browser = house.client()
    assert browser.log_in("qian").headers["Location"] == "/my-customers"
    assert browser.get("/my-customers").status_code == 200
    assert [browser.get(each).status_code for each in ("/", "/hotline", "/events", "/books")] == [403] * 4


def test_a_login_that_is_no_agent_is_told_so(house: House) -> None:
    with house.system.database.write() as tx:
        agents.save_login(tx, "somebody", "A9901")
    answer = house.client(staff="qian").get("/my-customers", headers={"Accept": "text/html"})
    assert answer.status_code == 403 and "qian" in answer.text


def test_the_page_shows_who_comes_and_takes_what_became_of_it(house: House) -> None:
    me, browser = customer(house), house.client(staff="qian")
    booked = book(house, me).json
    path = f"/my-customers/appointments/{booked['appointment_id']}/outcome"
    assert browser.submit(browser.get("/my-customers").text, path, outcome="done").status_code == 409
    later(house, booked["begins_at"], MINUTE_MS)
    browser = house.client(staff="qian")
    page = browser.get("/my-customers").text
    assert the_insured(house).name[0] + "**" in page and the_insured(house).name not in page
    assert browser.submit(page, path, outcome="cancelled").status_code == 422
    assert browser.submit(page, path, outcome="no_show").status_code == 302
    assert customer(house).get(f"/v1/me/appointments/{booked['appointment_id']}").json["state"] == "no_show"


def test_a_number_is_shown_on_the_day_and_that_is_written_down(house: House) -> None:
    me, browser = customer(house), house.client(staff="qian")
    booked, phone = book(house, me).json, the_insured(house).phone
    path = f"/my-customers/appointments/{booked['appointment_id']}/phone"
    assert browser.submit(browser.get("/my-customers").text, path).status_code == 403
    later(house, booked["begins_at"], -60 * MINUTE_MS)
    browser = house.client(staff="qian")
    page = browser.get("/my-customers").text
    assert phone not in page
    shown = browser.submit(page, path)
    assert (shown.status_code, phone in shown.text, phone in str(shown.headers)) == (200, True, False)
    assert phone not in browser.get("/my-customers").text
    with house.system.database.read() as tx:
        assert "phone.shown" in tx.connection.execute(select(agent_act.c.action)).scalars().all()


def test_somebody_elses_appointment_has_no_number_and_no_outcome(house: House) -> None:
    me = customer(house)
    booked = book(house, me, agent="A9902").json
    later(house, booked["begins_at"], MINUTE_MS)
    browser = house.client(staff="qian")
    page = browser.get("/my-customers").text
    for act in ("phone", "outcome"):
        answer = browser.submit(page, f"/my-customers/appointments/{booked['appointment_id']}/{act}", outcome="done")
        assert answer.status_code == 404 and the_insured(house).phone not in answer.text
    with house.system.database.read() as tx:
        assert tx.connection.execute(select(appointment.c.state)).scalar_one() == "booked"


def test_the_page_records_contacts_shares_the_card_and_stops_new_customers(house: House) -> None:
    agent_of(house)
    browser = house.client(staff="qian")
    page = browser.get("/my-customers").text
    told = {"policy_number": "P990000011", "kind": "call_back", "note": "回访"}
    assert browser.submit(page, "/my-customers/contacts", **told).status_code == 302
    for wrong in ({"policy_number": "P1"}, {"kind": "x"}, {"at": "gestern"}, {"at": "2999-01-01T00:00"}):
        answer = browser.submit(page, "/my-customers/contacts", **{**told, **wrong})
        assert answer.status_code in (404, 422), wrong
        assert "回访" in answer.text  # nothing typed is lost
    assert browser.submit(page, "/my-customers/links", days="7").status_code == 302
    assert browser.submit(page, "/my-customers/links", days="²").status_code == 422
    address = re.search(r'href="(/cards/[^"]+)"', browser.get("/my-customers").text)
    assert address and house.client().get(address[1]).status_code == 200
    link_id = address[1].removeprefix("/cards/").split("-")[0]
    assert browser.submit(page, f"/my-customers/links/{link_id}/end").status_code == 302
    assert house.client().get(address[1]).status_code == 404
    assert browser.submit(page, "/my-customers/accepting", accepting="no").status_code == 302
    assert customer(house, somebody_else(house)).get("/v1/agents/A9901").json["is_accepting"] is False
    assert csrf_of(browser.get("/my-customers").text)
