"""Everything at once: any pages in any order, over a line that breaks; and one notice that says all that is missing."""

import base64
import json
from typing import Any

import pytest
from api_house import House
from api_papers import blurred, stay_papers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from test_api_claims import ADMITTED, DISCHARGED, a_claim, the_insured
from test_api_customer import token_of

from adjudicator.chores import do_chores
from adjudicator.uploading import take_uploads
from storage import tables as t

TUS = {"Tus-Resumable": "1.0.0"}


def begun(house: House, size: int, name: str = "发票.jpg", role: str = "app", **headers: str) -> Any:
    told = {"Upload-Length": str(size), "Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()},x eQ=="}
    return house.client(secret_of=role).call("POST", "/v1/uploads", headers=TUS | told | headers)


def part(house: House, location: str, offset: int, content: bytes, role: str = "app", **headers: str) -> Any:
    told = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return house.client(secret_of=role).call("PATCH", location, data=content, headers=TUS | told | headers)


def stands_at(house: House, location: str) -> int:
    return int(house.client(secret_of="app").call("HEAD", location, headers=TUS).headers["Upload-Offset"])


def uploaded(house: House, content: bytes, name: str = "发票.jpg") -> str:
    location = begun(house, len(content), name).headers["Location"]
    assert part(house, location, 0, content).status_code == 204
    return str(location.rsplit("/", 1)[1])


def test_a_file_in_parts_goes_on_where_the_line_broke(house: House) -> None:
    made = begun(house, 10)
    location = made.headers["Location"]
    assert (made.status_code, made.headers["Tus-Resumable"], made.json["file_name"]) == (201, "1.0.0", "发票.jpg")
    assert part(house, location, 0, b"01234").headers["Upload-Offset"] == "5"
    head = house.client(secret_of="app").call("HEAD", location, headers=TUS)
    assert (head.status_code, head.headers["Upload-Offset"], head.headers["Upload-Length"], head.data) == (200, "5", "10", b"")
    assert head.headers["Cache-Control"] == "no-store"
    assert part(house, location, 5, b"56789").headers["Upload-Offset"] == "10"
    assert house.client(secret_of="app").get(location).json["is_complete"] is True


@pytest.mark.parametrize("offset", [4, 6])
def test_a_part_that_begins_elsewhere_is_a_conflict_and_changes_nothing(house: House, offset: int) -> None:
    location = begun(house, 10).headers["Location"]
    part(house, location, 0, b"01234")
    assert part(house, location, offset, b"x").status_code == 409
    assert stands_at(house, location) == 5


def test_a_part_that_is_sent_twice_is_taken_once(house: House) -> None:
    location = begun(house, 10).headers["Location"]
    assert [part(house, location, 0, b"01234").status_code for _ in range(2)] == [204, 409]
    assert stands_at(house, location) == 5


@pytest.mark.parametrize(("size", "status"), [(200_000, 201), (200_001, 413)])
def test_a_file_may_be_as_large_as_a_file_of_a_claim_and_no_larger(house: House, size: int, status: int) -> None:
    assert begun(house, size).status_code == status


@pytest.mark.parametrize(("length", "status"), [(10, 204), (11, 413)])
def test_no_part_goes_beyond_the_length_that_was_told(house: House, length: int, status: int) -> None:
    location = begun(house, 10).headers["Location"]
    assert part(house, location, 0, b"x" * length).status_code == status


def test_another_version_of_tus_is_refused_with_the_one_that_is_spoken(house: House) -> None:
    answer = begun(house, 10, **{"Tus-Resumable": "0.2.2"})
    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")


def test_what_the_server_can_do_is_told_by_options(house: House) -> None:
    answer = house.client(secret_of="app").call("OPTIONS", "/v1/uploads")
    assert (answer.headers["Tus-Extension"], answer.headers["Tus-Max-Size"]) == ("creation,expiration,termination", "200000")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Upload-Length": "-1"}, 422), ({"Upload-Length": "many"}, 422), ({"Upload-Metadata": "filename %%%"}, 400)],
)
def test_a_creation_that_cannot_be_understood_is_refused(house: House, headers: dict[str, str], status: int) -> None:
    assert begun(house, 10, **headers).status_code == status


def test_a_part_of_another_content_type_is_refused(house: House) -> None:
    location = begun(house, 10).headers["Location"]
    assert part(house, location, 0, b"x", **{"Content-Type": "application/json"}).status_code == 415


def test_somebody_elses_upload_is_told_as_one_that_does_not_exist(house: House) -> None:
    location = begun(house, 10).headers["Location"]
    theirs = part(house, location, 0, b"x", role="wechat")
    none = part(house, "/v1/uploads/U0", 0, b"x")
    assert theirs.status_code == none.status_code == 404
    me = house.client(token=token_of(house, the_insured(house)))
    assert me.call("DELETE", location, headers=TUS).status_code == 404


def test_what_was_ended_is_gone(house: House) -> None:
    location = begun(house, 10).headers["Location"]
    assert house.client(secret_of="app").call("DELETE", location, headers=TUS).status_code == 204
    assert house.client(secret_of="app").call("HEAD", location, headers=TUS).status_code == 404


def test_an_upload_runs_out_and_the_chores_sweep_its_bytes_away(house: House) -> None:
    location = begun(house, 10).headers["Location"]
    part(house, location, 0, b"01234")
    with house.system.database.write() as tx:
        tx.connection.execute(update(t.upload).values(expires_ms=tx.now_ms()))
    assert part(house, location, 5, b"56789").status_code == 404
    do_chores(house.system)
    with house.system.database.read() as tx:
        assert [tx.connection.execute(each.select()).all() for each in (t.upload, t.upload_part)] == [[], []]


def test_the_bytes_lie_sealed(house: House) -> None:
    location = begun(house, 10).headers["Location"]
    part(house, location, 0, "住院发票".encode()[:10])
    with house.system.database.read() as tx:
        (row,) = tx.connection.execute(t.upload_part.select()).all()
    assert "住院".encode() not in row.content_enc


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=1, max_size=300), cuts=st.lists(st.integers(1, 100), max_size=6))
def test_however_a_file_is_cut_it_comes_out_whole(house: House, content: bytes, cuts: list[int]) -> None:
    location, offset = begun(house, len(content)).headers["Location"], 0
    for length in (*cuts, len(content)):
        piece = content[offset : offset + length]
        offset = int(part(house, location, offset, piece).headers["Upload-Offset"])
    (file,) = take_uploads(house.system, "app:the-app", [location.rsplit("/", 1)[1]])
    assert file.content == content


def test_a_claim_names_its_uploads_beside_its_files_and_is_sent_again_after_a_lost_answer(house: House) -> None:
    papers = stay_papers(house.reader, the_insured(house), ADMITTED, DISCHARGED)
    (first, *rest) = papers.items()
    body = a_claim(the_insured(house), uploads=[uploaded(house, first[1], first[0])])
    app = house.client(secret_of="app")
    answers = [app.send_claim(body, dict(rest)) for _ in range(2)]
    assert [each.status_code for each in answers] == [202, 200]
    assert answers[0].json["claim_id"] == answers[1].json["claim_id"]
    house.work()
    told = app.get(f"/v1/claims/{answers[0].json['claim_id']}").json
    assert {each["document_class"] for each in told["documents"]} >= {"medical_invoice", "discharge_summary", "id_card"}
    assert told["supplement"] is None


def test_uploads_answer_a_supplement_notice_too(house: House) -> None:
    papers = stay_papers(house.reader, the_insured(house), ADMITTED, DISCHARGED)
    summary = papers.pop("summary.png")
    app = house.client(secret_of="app")
    claim_id = app.send_claim(a_claim(the_insured(house)), papers).json["claim_id"]
    house.work()
    assert app.get(f"/v1/claims/{claim_id}").json["state"] == "NEEDS_SUPPLEMENT"
    answer = app.post(f"/v1/claims/{claim_id}/documents", json={"uploads": [uploaded(house, summary)]})
    assert answer.status_code == 202
    house.work()
    assert app.get(f"/v1/claims/{claim_id}").json["state"] != "NEEDS_SUPPLEMENT"


def test_an_upload_that_is_not_whole_yet_is_named(house: House) -> None:
    location = begun(house, 10).headers["Location"]
    part(house, location, 0, b"01234")
    body = a_claim(the_insured(house), uploads=[location.rsplit("/", 1)[1]])
    answer = house.client(secret_of="app").post("/v1/claims", json=body)
    assert (answer.status_code, answer.json["field"]) == (422, "/uploads/0")
    assert "5 of 10" in answer.json["detail"]


def test_any_mix_in_any_order_gives_one_notice_of_all_that_is_missing_and_all_to_be_retaken(house: House) -> None:
    papers = stay_papers(house.reader, the_insured(house), ADMITTED, DISCHARGED)
    mixed = {"z.png": blurred(house.reader, 77), "b.png": papers["invoice.png"]}
    app = house.client(secret_of="app")
    claim_id = app.send_claim(a_claim(the_insured(house)), mixed).json["claim_id"]
    house.work()
    told = app.get(f"/v1/claims/{claim_id}").json
    asked = json.dumps(told["supplement"]["items"], ensure_ascii=False)
    assert told["state"] == "NEEDS_SUPPLEMENT"
    assert "出院" in asked
    assert "拍" in asked  # the blurred page, with what to do about it
    assert all(each["message"] and each["advice"] for each in told["supplement"]["items"])


def test_the_form_fills_itself_and_says_where_each_field_was_read(house: House) -> None:
    person = the_insured(house)
    papers = stay_papers(house.reader, person, ADMITTED, DISCHARGED)
    app = house.client(secret_of="app")
    claim_id = app.send_claim(a_claim(person), papers).json["claim_id"]
    assert {each["name"] for each in app.get(f"/v1/claims/{claim_id}").json["form"]} == {"loss_date", "loss_cause"}  # nothing is read yet
    house.work()
    told = app.get(f"/v1/claims/{claim_id}")
    form = {each["name"]: each for each in told.json["form"]}
    assert (form["admission_date"]["value"], form["discharge_date"]["value"]) == (ADMITTED.isoformat(), DISCHARGED.isoformat())
    assert form["hospital_name"]["source"] == "出院小结"
    ids = {each["document_id"] for each in told.json["documents"]}
    assert all(each["document_id"] in ids for each in form.values() if each["source"] != "报案")
    assert person.id_number not in told.text
    assert person.name not in json.dumps(told.json["form"], ensure_ascii=False)


def test_a_customer_sees_timeline_clocks_letters_and_the_calculation_in_plain_words(house: House) -> None:
    person = the_insured(house)
    settled = house.client(secret_of="app").send_claim(a_claim(person), stay_papers(house.reader, person, ADMITTED, DISCHARGED))
    claim_id = settled.json["claim_id"]
    house.work()
    adjuster = house.client(staff="zhou")
    page = adjuster.get(f"/claims/{claim_id}").text
    me = house.client(token=token_of(house, person))
    before = me.get(f"/v1/claims/{claim_id}").json
    assert (before["calculation"], before["letters"]) == ({"calculations": [], "accounts": []}, [])
    assert [each["name"] for each in before["clocks"] if each["met_at"] is None] == ["核定（30日）", "先行给付（60日）"]
    assert adjuster.submit(page, f"/claims/{claim_id}/approve", reason="").status_code == 302
    house.work()
    do_chores(house.system)
    told = me.get(f"/v1/claims/{claim_id}").json
    assert told["timeline"][-1]["state"] == "PAID"
    assert {each["kind"] for each in told["letters"]} == {"payment", "benefits"}
    assert me.get(told["letters"][0]["html"]).status_code == 200
    steps = [step["text"] for each in told["calculation"]["calculations"] for step in each["steps"]]
    assert any("减去" in each for each in steps)
    assert told["calculation"]["accounts"]
    assert all(each["met_at"] for each in told["clocks"])


def test_whoever_reads_no_letters_is_told_of_none(house: House) -> None:
    claim_id = house.client(secret_of="app").post("/v1/claims", json=a_claim(the_insured(house))).json["claim_id"]
    assert house.client(secret_of="agent").get(f"/v1/claims/{claim_id}").json["letters"] == []
