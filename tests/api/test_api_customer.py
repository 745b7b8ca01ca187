"""A customer sees their own and nothing of anybody else's."""

import hashlib
import html
import json
import re
from dataclasses import replace

import pytest
from api_house import House
from api_papers import stay_papers
from sqlalchemy import update
from test_api_claims import ADMITTED, DISCHARGED, a_claim, send, the_insured

from domain.identity import id_check_character
from domain.policy import Person
from ocr.findings import make_finding
from storage.tables import customer_token, task


def token_of(house: House, person: Person) -> str:
    answer = house.client(secret_of="app").post("/v1/customer-tokens", json={"id_number": person.id_number})
    assert answer.status_code == 200
    assert person.name not in answer.text
    return str(answer.json["token"])


def somebody_else(house: House) -> Person:
    return next(each for each in house.portfolio.persons if each.person_id != the_insured(house).person_id)


def test_a_customer_lists_their_own_policies_claims_entitlements_and_agent(house: House) -> None:
    person = the_insured(house)
    claim_id = send(house).json["claim_id"]
    me = house.client(token=token_of(house, person))
    (policy,) = me.get("/v1/me/policies").json["policies"]
    assert policy["policy_number"] == "P990000011"
    assert [each["claim_id"] for each in me.get("/v1/me/claims").json["claims"]] == [claim_id]
    assert me.get("/v1/me/entitlements").json["entitlements"][0]["name"] == "专家二次诊疗意见"
    assert me.get("/v1/me/agent").json["agents"][0]["policy_numbers"] == ["P990000011"]


def test_somebody_elses_claim_is_told_in_the_words_of_no_claim(house: House) -> None:
    claim_id = send(house).json["claim_id"]
    stranger = house.client(token=token_of(house, somebody_else(house)))
    theirs, none = stranger.get(f"/v1/claims/{claim_id}"), stranger.get("/v1/claims/C0000000000000AB")
    assert theirs.status_code == none.status_code == 404
    assert theirs.json["detail"].replace(claim_id, "") == none.json["detail"].replace("C0000000000000AB", "")
    assert stranger.get("/v1/me/claims").json["claims"] == []


def test_nobody_adds_documents_to_somebody_elses_claim(house: House) -> None:
    app = house.client(secret_of="app")
    claim_id = app.post("/v1/claims", json=a_claim(the_insured(house))).json["claim_id"]
    stranger = house.client(token=token_of(house, somebody_else(house)))
    answer = stranger.post(f"/v1/claims/{claim_id}/documents", data={}, content_type="multipart/form-data")
    assert answer.status_code == 404


def test_an_investigation_looks_like_a_review_to_the_customer(house: House) -> None:
    claim_id = send(house).json["claim_id"]
    house.work()
    adjuster = house.client(staff="chen")
    page = adjuster.get(f"/claims/{claim_id}").text
    assert adjuster.submit(page, f"/claims/{claim_id}/investigate", reason="核实住院").status_code == 302
    me = house.client(token=token_of(house, the_insured(house)))
    status = me.get(f"/v1/claims/{claim_id}")
    assert status.json["state"] == "IN_REVIEW"
    assert "INVESTIGATION" not in status.text
    assert house.client(secret_of="app").get(f"/v1/claims/{claim_id}").json["state"] == "IN_INVESTIGATION"


def test_a_token_runs_out(house: House) -> None:
    token = token_of(house, the_insured(house))
    with house.system.database.write() as tx:
        tx.connection.execute(update(customer_token).values(expires_ms=tx.now_ms() - 1))
    answer = house.client(token=token).get("/v1/me/claims")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_for_an_unknown_person_is_not_found(house: House) -> None:
    number = "99010119000101123"
    answer = house.client(secret_of="app").post("/v1/customer-tokens", json={"id_number": number + id_check_character(number)})
    assert answer.status_code == 404


@pytest.mark.parametrize("is_complete", [True, False])
def test_no_outsider_is_told_what_speaks_against_a_paper(house: House, is_complete: bool) -> None:
    """Neither the customer nor the desk, nor the notice that asks for papers: only the workbench."""
    first = house.client(secret_of="app").send_claim(
        a_claim(somebody_else(house), "APP-0"), stay_papers(house.reader, somebody_else(house), ADMITTED, DISCHARGED, seed=1)
    )
    papers = stay_papers(house.reader, the_insured(house), ADMITTED, DISCHARGED, seed=1)
    doubted = house.reader.known[hashlib.sha256(papers["invoice.png"]).hexdigest()]
    signs = make_finding("document.edited_with", detail="Adobe Photoshop"), make_finding("document.changed_after_signing")
    papers["invoice.png"] = house.reader.plant(201, replace(doubted, findings=signs))
    if not is_complete:
        del papers["summary.png"]
    claim_id = house.client(secret_of="app").send_claim(a_claim(the_insured(house)), papers).json["claim_id"]
    house.work()
    me, desk = house.client(token=token_of(house, the_insured(house))), house.client(secret_of="hotline")
    told = [
        me.get(f"/v1/claims/{claim_id}"),
        me.get("/v1/me/claims"),
        desk.post("/v1/hotline/callers", json={"id_number": the_insured(house).id_number}),
        desk.get(f"/v1/claims/{claim_id}"),
    ]
    assert all(each.status_code == 200 for each in told)
    assert me.get(f"/v1/claims/{claim_id}").json["state"] == ("IN_REVIEW" if is_complete else "NEEDS_SUPPLEMENT")
    suspicion = re.compile("Photoshop|软件|签名|疑似|重复|并排|duplicate|edited|altered|signing|" + first.json["claim_id"])
    assert [suspicion.findall(html.unescape(json.dumps(each.json, ensure_ascii=False))) for each in told] == [[]] * 4
    if is_complete:
        assert {"Photoshop", first.json["claim_id"]} <= set(suspicion.findall(house.client(staff="chen").get(f"/claims/{claim_id}").text))


def test_a_customer_who_is_asked_for_papers_is_not_told_what_went_wrong_inside(house: House) -> None:
    papers = stay_papers(house.reader, the_insured(house), ADMITTED, DISCHARGED, seed=1)
    del papers["summary.png"]
    claim_id = house.client(secret_of="app").send_claim(a_claim(the_insured(house)), papers).json["claim_id"]
    house.work()
    with house.system.database.write() as tx:
        tx.connection.execute(update(task).where(task.c.claim_id == claim_id).values(status="dead", last_error="disk on node-7 is full"))
    told = house.client(token=token_of(house, the_insured(house))).get(f"/v1/claims/{claim_id}").json
    assert told["state"] == "NEEDS_SUPPLEMENT"
    assert told["reasons"]
    assert "node-7" not in json.dumps(told)
