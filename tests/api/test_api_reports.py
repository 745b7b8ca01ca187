"""A report in one sentence over HTTP: what it tells, the next question, and from there an ordinary claim. Nothing is kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from api_house import House
from test_api_claims import the_insured

from api.channels.fields import china_today

EXAMPLE = "我爸昨天下午在示例市第一医院因为阑尾炎住院做了手术"


def understand(house: House, text: str, state: dict[str, Any] | None = None, role: str = "app") -> Any:
    body = {"text": text} | ({"state": state} if state else {})
    return house.client(secret_of=role).post("/v1/reports/understand", json=body)


def values(answer: Any) -> dict[str, Any]:
    return {each["slot"]: each["code"] or each["value"] for each in answer.json["readings"]}


def test_the_example_tells_who_when_what_and_where(house: House) -> None:
    answer = understand(house, EXAMPLE)
    assert answer.status_code == 200
    assert values(answer) == {
        "relation": "父亲",
        "loss_day": str(china_today() - timedelta(days=1)),
        "cause": "疾病",
        "diagnosis": "K35",
        "hospital": "H9901",
        "hospitalised": True,
        "operated": True,
    }
    assert answer.json["question"] is None


def test_every_reading_quotes_the_sentence(house: House) -> None:
    readings = understand(house, EXAMPLE).json["readings"]
    assert all(EXAMPLE[each["start"] : each["end"]] == each["text"] for each in readings)


@pytest.mark.parametrize("role", ["app", "hotline"])
def test_a_dialogue_is_sent_back_and_forth_until_nothing_is_asked(house: House, role: str) -> None:
    answer = understand(house, "昨天住院了", role=role)
    for reply in ("是我妈", "生病", "市二院", "肺炎"):
        assert answer.json["question"]["slot"] == answer.json["state"]["asked"]
        answer = understand(house, reply, answer.json["state"], role)
    assert answer.json["question"] is None
    assert (answer.json["relation"], values(answer)["hospital"], values(answer)["diagnosis"]) == ("母亲", "H9902", "J18")


def test_yesterday_is_the_day_before_the_report_however_long_the_dialogue_takes(house: House) -> None:
    state = {"at": "2026-03-01T09:00:00+08:00", "said": [{"text": "我妈摔了"}], "asked": "loss_day"}
    assert understand(house, "昨天", state).json["claim"]["loss_date"] == "2026-02-28"


def test_the_moment_of_the_report_is_one_of_china(house: House) -> None:
    """At 17:00 in London it is the next day in China."""
    state = {"at": "2026-03-01T17:00:00Z", "said": [{"text": "我妈摔了"}], "asked": "loss_day"}
    assert understand(house, "昨天", state).json["claim"]["loss_date"] == "2026-03-01"


def test_what_was_understood_goes_into_a_claim_as_it_stands(house: House) -> None:
    told = understand(house, EXAMPLE).json["claim"]
    body = {"external_ref": "APP-9", "insured": {"id_number": the_insured(house).id_number}, **told}
    answer = house.client(secret_of="app").post("/v1/claims", json=body)
    assert (answer.status_code, answer.json["state"]) == (202, "REPORTED")


def test_what_is_not_known_goes_into_a_claim_as_unknown(house: House) -> None:
    told = understand(house, "报案").json["claim"]
    assert told == {"loss_date": None, "loss_cause": None, "narrative": "报案"}
    body = {"external_ref": "TEL-9", "caller": {"id_number": the_insured(house).id_number}, **told}
    assert house.client(secret_of="hotline").post("/v1/hotline/reports", json=body).status_code == 202


def test_a_dialogue_of_tomorrow_is_refused_with_the_field(house: House) -> None:
    state = {"at": f"{date(china_today().year + 1, 1, 1)}T09:00:00+08:00", "said": []}
    answer = understand(house, "我妈摔了", state)
    assert (answer.status_code, answer.json["field"]) == (422, "/state/at")


@pytest.mark.parametrize(("length", "status"), [(4_999, 200), (5_000, 200), (5_001, 422)])
def test_a_dialogue_may_be_as_long_as_a_narrative(house: House, length: int, status: int) -> None:
    state = {"at": "2026-03-01T09:00:00+08:00", "said": [{"text": "我" * (length - 4)}], "asked": None}
    assert understand(house, "妈摔了了", state).status_code == status


@pytest.mark.parametrize("text", ["", "a\x00b"])
def test_no_text_and_control_characters_are_refused(house: House, text: str) -> None:
    assert understand(house, text).status_code == 422


def test_a_hospital_of_the_registry_is_known_by_its_id(house: House) -> None:
    reading = next(each for each in understand(house, "我妈在市二院").json["readings"] if each["slot"] == "hospital")
    assert (reading["code"], reading["value"], reading["text"]) == ("H9902", "示例市第二医院", "市二院")
