"""Every way in gives the same claim, and keeps its own rules: what identifies the person, who is told, what may be sent."""

import io
from typing import Any

import pytest
from api_house import House
from api_papers import stay_papers
from sqlalchemy import select
from test_api_claims import ADMITTED, DISCHARGED, the_insured
from test_api_claims import send as send_by_app

from adjudicator.story import tell
from domain.message import Way
from domain.policy import Person
from storage import tables as t

LOSS = {"external_ref": "X-1", "loss_date": "2026-08-15", "loss_cause": "疾病", "narrative": "因阑尾炎住院"}
CHANNELS = ("wechat", "website", "counter", "agent")


def a_claim(house: House, channel: str, **changes: Any) -> dict[str, Any]:
    person = the_insured(house)
    policy = next(each for each in house.portfolio.policies if each.insured_id == person.person_id)
    payee = {"holder": person.name, "account_number": "9900123412341234", "bank_name": "示例银行"}
    own = {
        "wechat": {
            "insured": {"id_number": person.id_number},
            "reporter": {"name": person.name, "phone": "19900001111"},
            "payee": payee,
            "openid": "oExample_0123456789",
        },
        "website": {
            "insured": {"name": person.name, "id_number": person.id_number},
            "reporter": {"name": "李示家", "phone": "19900002222"},
            "payee": payee,
        },
        "counter": {
            "insured": {"id_number": person.id_number},
            "presenter": {"name": "李示家", "phone": "19900003333", "relation": "父亲", "has_authority": True},
            "clerk": {"number": "G0017", "branch": "示例市中心支公司"},
            "payee": payee,
        },
        "agent": {"insured": {"policy_number": policy.policy_number}, "agent_id": policy.agent_id},
    }
    return LOSS | own[channel] | changes


def send(house: House, channel: str, **changes: Any) -> Any:
    return house.client(secret_of=channel).post(f"/v1/{channel}/claims", json=a_claim(house, channel, **changes))


def told_by(house: House, claim_id: str) -> list[tuple[str, str]]:
    """Give the way and the recipient of the first message of a claim."""
    with house.system.database.read() as tx:
        rows = tx.connection.execute(select(t.message).where(t.message.c.claim_id == claim_id, t.message.c.way != Way.STAFF))
        return [(row.way, tx.cipher.decrypt(row.recipient_enc)) for row in rows]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_report_of_every_channel_is_a_claim_of_the_same_insured(house: House, channel: str) -> None:
    answer = send(house, channel)
    assert (answer.status_code, answer.json["state"], answer.json["is_new"]) == (202, "REPORTED", True)
    story = tell(house.system, answer.json["claim_id"])
    assert (story.claim.channel, story.insured.person_id) == (channel, the_insured(house).person_id)
    assert (str(story.claim.loss_date), story.claim.loss_cause) == ("2026-08-15", "疾病")


@pytest.mark.parametrize("channel", CHANNELS)
def test_papers_of_every_channel_are_read_as_the_apps(house: House, channel: str) -> None:
    papers = stay_papers(house.reader, the_insured(house), ADMITTED, DISCHARGED)
    client = house.client(secret_of=channel)
    claim_id = client.post(f"/v1/{channel}/claims", json=a_claim(house, channel)).json["claim_id"]
    parts = {"files": [(io.BytesIO(content), name) for name, content in papers.items()]}
    assert client.post(f"/v1/claims/{claim_id}/documents", data=parts, content_type="multipart/form-data").status_code == 202
    house.work()
    assert client.get(f"/v1/claims/{claim_id}").json["state"] in ("PAID", "IN_REVIEW", "NEEDS_SUPPLEMENT")


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_same_number_twice_is_one_claim(house: House, channel: str) -> None:
    first, again = send(house, channel), send(house, channel)
    assert (again.status_code, again.json["claim_id"], again.json["is_new"]) == (200, first.json["claim_id"], False)


@pytest.mark.parametrize(
    ("channel", "way", "recipient"),
    [
        ("wechat", "sms", "19900001111"),
        ("website", "sms", "19900002222"),
        ("counter", "sms", "19900003333"),
        ("agent", "sms", "the insured"),
    ],
)
def test_who_reports_is_told_by_the_way_of_the_channel(house: House, channel: str, way: str, recipient: str) -> None:
    claim_id = send(house, channel).json["claim_id"]
    adjuster = house.client(staff="chen")
    page = adjuster.get(f"/claims/{claim_id}").text
    assert adjuster.submit(page, f"/claims/{claim_id}/withdraw", reason="客户来电").status_code == 302
    expected = the_insured(house).phone if recipient == "the insured" else recipient
    assert told_by(house, claim_id) == [(way, expected)]


@pytest.mark.parametrize("channel", ["wechat", "website"])
def test_who_can_only_be_told_by_telephone_gives_a_number(house: House, channel: str) -> None:
    answer = send(house, channel, reporter={"name": "李示家"})
    assert (answer.status_code, answer.json["field"]) == (422, "/reporter/phone")


def test_on_the_website_name_and_number_must_fit_each_other(house: House) -> None:
    person = the_insured(house)
    answer = send(house, "website", insured={"name": "王示平", "id_number": person.id_number})
    assert answer.status_code == 404
    assert person.name not in answer.text


def test_who_comes_to_the_counter_for_somebody_else_needs_a_written_authority(house: House) -> None:
    alone = {"name": "李示家", "relation": "父亲"}
    answer = send(house, "counter", presenter=alone)
    assert (answer.status_code, answer.json["field"]) == (422, "/presenter")
    assert "authority" in answer.json["way_out"]
    assert send(house, "counter", presenter={"name": "李示安", "relation": "本人"}).status_code == 202


def test_the_clerk_stands_in_the_audit_chain(house: House) -> None:
    story = tell(house.system, send(house, "counter").json["claim_id"])
    assert (story.audit[0].actor, story.audit[0].actor_role) == ("G0017", "counter")
    assert "持授权代办" in story.claim.narrative


def test_an_agent_reports_only_for_customers_they_look_after(house: House) -> None:
    answer, unknown = send(house, "agent", agent_id="A-STRANGER"), send(house, "agent", insured={"policy_number": "P000000000"})
    assert answer.status_code == unknown.status_code == 404
    assert the_insured(house).name not in answer.text


@pytest.mark.parametrize("field", ["payee", "reporter", "device_id"])
def test_an_agent_gives_no_account_and_no_number_of_their_own(house: House, field: str) -> None:
    answer = send(house, "agent", **{field: {"holder": "代理人", "account_number": "9900123412341234"}})
    assert (answer.status_code, answer.json["field"]) == (422, f"/{field}")


def test_a_channel_cannot_speak_for_another(house: House) -> None:
    answer = house.client(secret_of="website").post("/v1/counter/claims", json=a_claim(house, "counter"))
    assert (answer.status_code, answer.json["type"]) == (403, "urn:mingbai:auth.forbidden")


def test_one_wechat_account_that_claims_for_several_insureds_is_counted_as_one_device(house: House) -> None:
    def device_of(person: Person, ref: str) -> str:
        changed = {"insured": {"id_number": person.id_number}, "external_ref": ref}
        return tell(house.system, send(house, "wechat", **changed).json["claim_id"]).claim.device_index

    first, second = house.portfolio.persons[:2]
    assert device_of(first, "X-1") == device_of(second, "X-2") != ""


@pytest.mark.parametrize("channel", ["agent", "website"])
def test_an_investigation_looks_like_a_review_to_those_outside(house: House, channel: str) -> None:
    client, adjuster = house.client(secret_of=channel), house.client(staff="chen")
    claim_id = send_by_app(house).json["claim_id"]
    house.work()
    page = adjuster.get(f"/claims/{claim_id}").text
    adjuster.submit(page, f"/claims/{claim_id}/investigate", reason="核实住院")
    assert client.get(f"/v1/claims/{claim_id}").json["state"] == "IN_REVIEW"
