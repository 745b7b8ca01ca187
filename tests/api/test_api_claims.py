"""The app channel: a claim goes in once, its documents follow, and its status tells what is known."""

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from api_house import House
from api_papers import BLANK_PDF, LOCKED_PDF, blurred, picture, stay_papers

from api.channels.fields import china_today
from domain.identity import id_check_character
from domain.policy import Person

ADMITTED, DISCHARGED = date(2026, 8, 15), date(2026, 8, 23)


def the_insured(house: House) -> Person:
    """The insured of the clean claim: policy 标准版 in force since February 2026, renewed."""
    policy = next(each for each in house.portfolio.policies if each.effective_from == date(2026, 2, 1))
    return next(each for each in house.portfolio.persons if each.person_id == policy.insured_id)


def a_claim(person: Person, ref: str = "APP-1", **changes: Any) -> dict[str, Any]:
    return {
        "external_ref": ref,
        "insured": {"id_number": person.id_number},
        "policy_numbers": [],
        "loss_date": "2026-08-15",
        "loss_cause": "疾病",
        "narrative": "因阑尾炎住院",
        "reporter": {"name": person.name, "phone": person.phone},
        "payee": {"holder": person.name, "account_number": "9900123412341234", "bank_name": "示例银行"},
        "device_id": "device-1",
    } | changes


def send(house: House, ref: str = "APP-1", **changes: Any) -> Any:
    person = the_insured(house)
    return house.client(secret_of="app").send_claim(
        a_claim(person, ref, **changes), stay_papers(house.reader, person, ADMITTED, DISCHARGED)
    )


def test_a_new_claim_is_accepted_with_its_links(house: House) -> None:
    answer = send(house)
    assert answer.status_code == 202
    assert answer.json["state"] == "SUBMITTED"
    assert answer.json["is_new"] is True
    assert answer.json["links"]["self"] == f"/v1/claims/{answer.json['claim_id']}"


def test_the_same_reference_with_the_same_content_is_the_same_claim(house: House) -> None:
    first, again = send(house), send(house)
    assert (again.status_code, again.json["is_new"]) == (200, False)
    assert again.json["claim_id"] == first.json["claim_id"]


def test_the_same_reference_with_another_body_is_a_conflict(house: House) -> None:
    send(house)
    answer = send(house, narrative="另一件事")
    assert answer.status_code == 409
    assert answer.json["type"] == "urn:mingbai:conflict.key_reused"
    assert answer.json["way_out"]


def test_the_same_reference_with_other_files_is_a_conflict(house: House) -> None:
    person, app = the_insured(house), house.client(secret_of="app")
    app.send_claim(a_claim(person), {"a.png": picture(1)})
    assert app.send_claim(a_claim(person), {"a.png": picture(2)}).status_code == 409


def test_a_claim_without_files_may_come_as_plain_json_and_is_a_report(house: House) -> None:
    answer = house.client(secret_of="app").post("/v1/claims", json=a_claim(the_insured(house)))
    assert (answer.status_code, answer.json["state"]) == (202, "REPORTED")


def test_the_claim_part_may_carry_a_file_name(house: House) -> None:
    part = (io.BytesIO(json.dumps(a_claim(the_insured(house))).encode()), "claim.json", "application/json")
    answer = house.client(secret_of="app").post("/v1/claims", data={"claim": part}, content_type="multipart/form-data")
    assert answer.status_code == 202


def test_documents_turn_a_report_into_a_claim(house: House) -> None:
    person, app = the_insured(house), house.client(secret_of="app")
    claim_id = app.post("/v1/claims", json=a_claim(person)).json["claim_id"]
    papers = stay_papers(house.reader, person, ADMITTED, DISCHARGED)
    answer = app.post(
        f"/v1/claims/{claim_id}/documents",
        data={"files": [(io.BytesIO(content), name) for name, content in papers.items()]},
        content_type="multipart/form-data",
    )
    assert (answer.status_code, answer.json["state"]) == (202, "SUBMITTED")


def test_a_clean_claim_is_paid_and_its_status_says_why(house: House) -> None:
    person, app = the_insured(house), house.client(secret_of="app")
    papers = stay_papers(house.reader, person, ADMITTED, DISCHARGED, is_clear=True)
    claim_id = app.send_claim(a_claim(person), papers).json["claim_id"]
    house.work()
    status = app.get(f"/v1/claims/{claim_id}").json
    # 20,000.00 − 8,000.00 social insurance − 8,000.00 deductible = 4,000.00; allowance (8 − 3) days × 100.00 = 500.00
    assert (status["state"], status["paid_fen"], status["paid"]) == ("PAID", 450_000, "4500.00")
    assert status["decision"]["kind"] == "pay_full"
    assert "住院医疗：赔付 4,000.00 元" in status["reasons"]
    assert "年免赔额" in status["explanation"]
    assert status["documents"][0]["class_name"] == "医疗收费票据"
    assert [event["state"] for event in status["timeline"]][:2] == ["SUBMITTED", "READING"]
    assert status["timeline"][-1]["state"] == "PAID"


def test_what_is_in_doubt_is_not_told_before_a_person_has_decided(house: House) -> None:
    claim_id = send(house).json["claim_id"]
    house.work()
    status = house.client(secret_of="app").get(f"/v1/claims/{claim_id}").json
    assert status["state"] == "IN_REVIEW"
    assert status["reasons"] == ["理赔员正在审核您的案件。"]
    assert status["explanation"] == ""


def test_a_blurred_picture_is_asked_for_in_one_notice(house: House) -> None:
    person, app = the_insured(house), house.client(secret_of="app")
    files = stay_papers(house.reader, person, ADMITTED, DISCHARGED)
    files["invoice.png"] = blurred(house.reader, 77)
    claim_id = app.send_claim(a_claim(person), files).json["claim_id"]
    house.work()
    status = app.get(f"/v1/claims/{claim_id}").json
    assert status["state"] == "NEEDS_SUPPLEMENT"
    assert any("图片模糊" in item["message"] for item in status["supplement"]["items"])
    assert any("请对焦后重拍" in advice for document in status["documents"] for advice in document["advice"])


def test_a_file_that_nobody_can_open_is_named_and_the_rest_is_taken(house: House) -> None:
    person = the_insured(house)
    files = stay_papers(house.reader, person, ADMITTED, DISCHARGED) | {"notes.txt": b"hello there, this is text"}
    answer = house.client(secret_of="app").send_claim(a_claim(person), files)
    assert answer.status_code == 202
    assert [left["code"] for left in answer.json["left_out"]] == ["input.unreadable_file"]


def test_a_locked_pdf_alone_is_refused_at_the_door_with_the_way_out(house: House) -> None:
    answer = house.client(secret_of="app").send_claim(a_claim(the_insured(house)), {"locked.pdf": LOCKED_PDF})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["type"] == "urn:mingbai:input.password_protected"
    assert "without a password" in answer.json["way_out"]


def test_a_file_that_cannot_be_read_after_all_is_told_in_the_status_and_loses_nothing(house: House) -> None:
    person, app = the_insured(house), house.client(secret_of="app")
    answer = app.send_claim(a_claim(person), {"blank.pdf": BLANK_PDF})
    house.work()
    status = app.get(f"/v1/claims/{answer.json['claim_id']}").json
    assert status["documents"][0]["state"] == "UNREADABLE"
    assert status["state"] == "NEEDS_SUPPLEMENT"


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"loss_date": (china_today() + timedelta(days=1)).isoformat()}, "/loss_date", "future"),
        ({"loss_date": "2026-02-30"}, "/loss_date", "no day"),
        ({"loss_date": 0}, "/loss_date", "no day"),
        ({"loss_date": "1066-10-14"}, "/loss_date", "before"),
        ({"loss_cause": "战争"}, "/loss_cause", "疾病"),
        ({"insured": {"id_number": "990101199001011234"}}, "/insured/id_number", "ID number"),
        ({"insured": {}}, "/insured/id_number", "required"),
        ({"external_ref": ""}, "/external_ref", "pattern"),
        ({"narrative": "长" * 5001}, "/narrative", "5000"),
        ({"narrative": "a\u0000b"}, "/narrative", "control"),
        ({"policy_numbers": ["P990000001"] * 21}, "/policy_numbers", "20"),
        ({"payee": {"holder": "", "account_number": "12"}}, "/payee/holder", "at least 1"),
        ({"lossdate": "2026-08-15"}, "/lossdate", "not permitted"),
        ({"reporter": {"name": "\ud800"}}, "/reporter/name", "string"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named_with_its_way_out(house: House, change: dict[str, Any], field: str, word: str) -> None:
    body = json.dumps(a_claim(the_insured(house)) | change)  # ASCII: half a character stays an escape
    answer = house.client(secret_of="app").post("/v1/claims", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json["field"] == field
    assert word in answer.json["detail"]
    assert answer.json["way_out"]


def test_every_wrong_field_is_named_at_once(house: House) -> None:
    answer = house.client(secret_of="app").post("/v1/claims", json={"external_ref": "x", "loss_date": "soon", "more": 1})
    assert {each["field"] for each in answer.json["errors"]} == {"/loss_date", "/insured", "/more"}


def test_an_unknown_policy_is_named(house: House) -> None:
    answer = house.client(secret_of="app").post("/v1/claims", json=a_claim(the_insured(house), policy_numbers=["P000000000"]))
    assert answer.status_code == 404
    assert "P000000000" in answer.json["detail"]


def test_an_unknown_insured_is_not_found_and_not_repeated(house: House) -> None:
    stranger = "99010119010101123"
    answer = house.client(secret_of="app").post(
        "/v1/claims", json=a_claim(the_insured(house), insured={"id_number": stranger + id_check_character(stranger)})
    )
    assert answer.status_code == 404
    assert stranger not in answer.text


def test_the_intake_says_when_too_much_is_waiting(house: House) -> None:
    for number in range(5):
        assert send(house, f"APP-{number}").status_code == 202
    answer = send(house, "APP-6")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert send(house, "APP-0").status_code == 200  # what is in already is answered all the same


def test_too_many_bytes_in_one_request_are_refused(house: House) -> None:
    answer = house.client(secret_of="app").send_claim(a_claim(the_insured(house)), {"big.png": b"\x89PNG\r\n\x1a\n" + b"0" * 700_000})
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
    assert answer.json["type"] == "urn:mingbai:input.file_too_large"


def test_one_file_beyond_its_bound_is_refused(house: House) -> None:
    answer = house.client(secret_of="app").send_claim(a_claim(the_insured(house)), {"big.png": b"\x89PNG\r\n\x1a\n" + b"0" * 300_000})
    assert (answer.status_code, answer.json["field"]) == (413, "/files/0")


def test_too_many_files_are_refused(house: House) -> None:
    files = {f"{number}.png": picture(number) for number in range(5)}
    assert house.client(secret_of="app").send_claim(a_claim(the_insured(house)), files).status_code == 422


def test_a_request_without_a_claim_part_says_so(house: House) -> None:
    answer = house.client(secret_of="app").post("/v1/claims", data={"other": "1"}, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "claim" in answer.json["detail"]


def test_an_unknown_claim_is_not_found(house: House) -> None:
    assert house.client(secret_of="app").get("/v1/claims/C0").status_code == 404
