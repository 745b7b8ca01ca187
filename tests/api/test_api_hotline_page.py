"""The telephone desk's page: the caller found, policies, claims and clocks beside each other, and the report taken while they talk."""

import re
from dataclasses import replace

import pytest
from api_house import House
from api_http import Http, csrf_of
from test_api_claims import a_claim, the_insured

from adjudicator.story import tell
from domain.identity import id_check_character
from storage.look_ups import find_breaks, look_ups
from storage.registry import save_people

SAID = "我爸昨天下午在示例市第一医院因为阑尾炎住院做了手术"


def desk(house: House) -> Http:
    return house.client(staff="feng")


def sent(client: Http, do: str = "find", **fields: str) -> str:
    page = client.get("/hotline").text
    answer = client.post("/hotline", data={"csrf": csrf_of(page), "do": do, **fields}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


@pytest.mark.parametrize("by", ["id_number", "policy_number", "name and birth date"])
def test_a_caller_is_found_by_what_they_can_say(house: House, by: str) -> None:
    person = the_insured(house)
    policy = next(each for each in house.portfolio.policies if each.insured_id == person.person_id)
    clue = {
        "id_number": {"id_number": person.id_number},
        "policy_number": {"policy_number": policy.policy_number},
        "name and birth date": {"name": person.name, "birth_date": person.birth_date.isoformat()},
    }[by]
    page = sent(desk(house), **clue)
    assert f">{person.name}</h2>" in page
    assert policy.policy_number in page
    assert person.phone not in page


def test_a_name_alone_is_not_enough_and_a_wrong_number_is_said_so(house: House) -> None:
    assert 'role="alert"' in sent(desk(house), name="李示安")
    assert 'role="alert"' in sent(desk(house), id_number="123")
    assert "没有找到" in sent(desk(house), policy_number="P0000000")


def test_the_desk_sees_open_claims_with_their_clocks(house: House) -> None:
    claim_id = house.client(secret_of="app").post("/v1/claims", json=a_claim(the_insured(house))).json["claim_id"]
    page = sent(desk(house), id_number=the_insured(house).id_number)
    assert claim_id in page
    assert "报案回访（1个工作日）：余" in page


def test_of_two_people_of_one_name_and_birthday_one_is_chosen(house: House) -> None:
    person = the_insured(house)
    number = person.id_number[:14] + "777"
    twin = replace(person, person_id="C99TWIN", id_number=number + id_check_character(number))
    with house.system.database.write() as tx:
        save_people(tx, [twin])
    client = desk(house)
    page = sent(client, name=person.name, birth_date=person.birth_date.isoformat())
    assert "2 人符合" in page
    assert "没有保单" in sent(client, person_id="C99TWIN")


def test_what_the_caller_says_fills_the_form_and_names_the_next_question(house: House) -> None:
    page = sent(desk(house), "understand", person_id=the_insured(house).person_id, said=SAID)
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", value_of(page, "loss_date"))
    assert '<option value="疾病" selected>疾病</option>' in page
    words = re.sub(r"<[^>]+>", "", page)
    assert "诊断：急性阑尾炎" in words
    assert "手术：是" in words
    asks = sent(desk(house), "understand", person_id=the_insured(house).person_id, said="我住院了")
    assert "请问客户：" in asks


def test_what_was_typed_by_hand_is_not_overwritten(house: House) -> None:
    page = sent(desk(house), "understand", person_id=the_insured(house).person_id, said=SAID, loss_date="2026-08-15")
    assert value_of(page, "loss_date") == "2026-08-15"


def test_a_report_is_taken_once_however_often_the_button_is_pressed(house: House) -> None:
    client, person = desk(house), the_insured(house)
    page = sent(client, id_number=person.id_number)
    reference = re.search(r'name="reference" value="([0-9a-f]+)"', page)
    assert reference
    told = {"person_id": person.person_id, "reference": reference[1], "loss_date": "2026-08-15", "loss_cause": "疾病", "said": "腹痛住院"}
    first, again = sent(client, "report", **told), sent(client, "report", **told)
    assert "报案已受理" in first
    numbers = {re.search(r"<b>(C[0-9A-Z]{15})</b>", each)[1] for each in (first, again)}  # type: ignore[index]
    assert len(numbers) == 1
    story = tell(house.system, numbers.pop())
    assert (story.claim.channel, story.claim.narrative, story.audit[0].actor) == ("hotline", "腹痛住院", "feng")


def test_a_loss_that_the_app_told_already_is_one_claim_and_the_desk_says_so(house: House) -> None:
    person = the_insured(house)
    claim_id = house.client(secret_of="app").post("/v1/claims", json=a_claim(person)).json["claim_id"]
    page = sent(desk(house), "report", person_id=person.person_id, loss_date="2026-08-15", loss_cause="疾病", said="住院了")
    assert "同一事故此前已有报案" in page
    assert claim_id in page


@pytest.mark.parametrize("fields", [{"loss_date": "2999-01-01"}, {"loss_date": "昨天"}, {"reporter_phone": "abc"}])
def test_a_report_that_cannot_be_taken_keeps_what_was_typed(house: House, fields: dict[str, str]) -> None:
    page = sent(desk(house), "report", person_id=the_insured(house).person_id, said="住院了", **fields)
    assert 'role="alert"' in page
    assert "住院了" in page


def test_who_sits_at_the_desk_is_led_there_and_sees_no_queue(house: House) -> None:
    client = house.client()
    assert client.log_in("feng").headers["Location"] == "/hotline"
    assert client.get("/").status_code == 403
    assert 'action="/"' not in client.get("/hotline").text  # no search over all claims


def test_an_actuary_has_no_desk(house: House) -> None:
    assert house.client(staff="zheng").get("/hotline").status_code == 403


def test_who_was_looked_up_stands_in_a_trail_of_its_own_and_no_name_in_it(house: House) -> None:
    person = the_insured(house)
    clerk = desk(house)
    sent(clerk, id_number=person.id_number)
    sent(clerk, "understand", person_id=person.person_id, said=SAID)  # the same call
    sent(clerk, policy_number="P0000000")
    house.client(secret_of="hotline").post("/v1/hotline/callers", json={"id_number": person.id_number})
    with house.system.database.read() as tx:
        found = look_ups(tx)
        assert find_breaks(tx) == ()
    told = sorted((each.actor, each.actor_role, each.clue, each.found) for each in found)
    assert told == [
        ("feng", "hotline_agent", "id_number", (person.person_id,)),
        ("feng", "hotline_agent", "policy_number", ()),
        ("the-desk", "hotline", "id_number", (person.person_id,)),
    ]
    assert not any(each in str(found) for each in (person.name, person.id_number))
