"""The telephone desk: a caller is found by what they can say, and a report is taken without papers."""

from dataclasses import replace
from typing import Any

from api_house import House

from domain.identity import id_check_character
from domain.policy import Person
from storage.registry import save_people


def the_caller(house: House) -> Person:
    return house.portfolio.persons[0]


def a_report(person: Person, **changes: Any) -> dict[str, Any]:
    return {
        "external_ref": "TEL-1",
        "caller": {"name": person.name, "birth_date": person.birth_date.isoformat()},
        "loss_date": "2026-08-15",
        "loss_cause": "意外",
        "narrative": "在家中滑倒",
        "reporter": {"name": person.name, "phone": person.phone},
    } | changes


def test_a_report_is_a_claim_from_the_first_word_on(house: House) -> None:
    answer = house.client(secret_of="hotline").post("/v1/hotline/reports", json=a_report(the_caller(house)))
    assert (answer.status_code, answer.json["state"]) == (202, "REPORTED")


def test_a_report_sent_again_is_the_same_claim(house: House) -> None:
    desk, report = house.client(secret_of="hotline"), a_report(the_caller(house))
    first, again = desk.post("/v1/hotline/reports", json=report), desk.post("/v1/hotline/reports", json=report)
    assert again.status_code == 200
    assert again.json["claim_id"] == first.json["claim_id"]


def test_a_policy_number_finds_the_insured(house: House) -> None:
    policy = house.portfolio.policies[0]
    answer = house.client(secret_of="hotline").post(
        "/v1/hotline/reports", json=a_report(the_caller(house), caller={"policy_number": policy.policy_number})
    )
    assert answer.status_code == 202


def test_a_name_alone_is_not_enough(house: House) -> None:
    answer = house.client(secret_of="hotline").post("/v1/hotline/reports", json=a_report(the_caller(house), caller={"name": "李示安"}))
    assert (answer.status_code, answer.json["field"]) == (422, "/caller")
    assert "birth_date" in answer.json["way_out"]


def test_two_people_of_one_name_and_birthday_are_asked_apart(house: House) -> None:
    person = the_caller(house)
    number = person.id_number[:14] + "777"
    with house.system.database.write() as tx:
        save_people(tx, [replace(person, person_id="C99TWIN", id_number=number + id_check_character(number))])
    answer = house.client(secret_of="hotline").post("/v1/hotline/reports", json=a_report(person))
    assert answer.status_code == 422
    assert "2 people" in answer.json["detail"]
    assert answer.json["way_out"]
    found = house.client(secret_of="hotline").post(
        "/v1/hotline/callers", json={"name": person.name, "birth_date": person.birth_date.isoformat()}
    )
    assert len(found.json["callers"]) == 2


def test_the_desk_sees_policies_claims_and_clocks_but_no_whole_number(house: House) -> None:
    person, desk = the_caller(house), house.client(secret_of="hotline")
    desk.post("/v1/hotline/reports", json=a_report(person))
    answer = desk.post("/v1/hotline/callers", json={"id_number": person.id_number})
    (caller,) = answer.json["callers"]
    assert caller["name"] == person.name
    assert caller["claims"][0]["clocks"][0]["kind"] == "call_back"
    assert caller["policies"][0]["policy_number"]
    assert person.id_number not in answer.text
    assert person.phone not in answer.text


def test_nobody_found_is_an_empty_list(house: House) -> None:
    answer = house.client(secret_of="hotline").post("/v1/hotline/callers", json={"policy_number": "P0000000"})
    assert answer.json == {"callers": []}
