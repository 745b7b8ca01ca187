"""FHIR R4: a hospital's Claim in, a ClaimResponse and an ExplanationOfBenefit out, an OperationOutcome for every error."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from api_house import House
from fhir.resources.R4B.claim import Claim
from fhir.resources.R4B.claimresponse import ClaimResponse
from fhir.resources.R4B.explanationofbenefit import ExplanationOfBenefit
from fhir.resources.R4B.operationoutcome import OperationOutcome

from api.answers.fhir import fhir_path
from api.channels.fhir import to_bill
from domain.claim import LossCause

EXAMPLE: dict[str, Any] = json.loads((Path(__file__).parent / "fhir_claim.json").read_text())


def changed(path: str = "", value: Any = None, **whole: Any) -> dict[str, Any]:
    """Give the example with one place changed: "/item/0/net/value"; None takes it out."""
    claim = deepcopy(EXAMPLE) | whole
    if path:
        *steps, last = [int(each) if each.isdigit() else each for each in path.strip("/").split("/")]
        place: Any = claim
        for step in steps:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return claim


def sent(house: House, claim: object, role: str = "hospital") -> Any:
    return house.client(secret_of=role).post("/v1/fhir/Claim/$submit", data=json.dumps(claim), content_type="application/fhir+json")


def total_of(response: dict[str, Any], code: str) -> float:
    return next(each["amount"]["value"] for each in response["total"] if each["category"]["coding"][0]["code"] == code)  # type: ignore[no-any-return]


def test_the_example_is_fhir_and_says_what_a_bill_says() -> None:
    Claim.model_validate(EXAMPLE)
    bill = to_bill(EXAMPLE)
    assert bill.waits
    assert (bill.request.total_fen, bill.request.social_insurance_paid_fen) == (774_362, 0)
    assert [(each.name, each.list_class, each.amount_fen) for each in bill.request.lines] == [
        ("手术费", "甲", 743_916), ("特殊材料费", "丙", 20_446), ("自费药品", "丙", 10_000),
    ]  # fmt: skip
    assert to_bill(changed(accident={"date": "2026-11-16"})).request.loss_cause is LossCause.ACCIDENT


def test_a_predetermination_pre_settles_and_the_claim_settles(house: House) -> None:
    answer = sent(house, EXAMPLE)
    assert (answer.status_code, answer.mimetype) == (200, "application/fhir+json")
    ClaimResponse.model_validate(answer.json)
    assert (answer.json["use"], answer.json["outcome"], answer.json["preAuthRef"]) == ("predetermination", "complete", answer.json["id"])
    assert (total_of(answer.json, "submitted"), total_of(answer.json, "benefit"), total_of(answer.json, "customer-pays")) == (
        7743.62,
        6695.24,
        1048.38,
    )
    assert "payment" not in answer.json
    settled = sent(house, changed(use="claim"))
    assert (settled.json["id"], settled.json["use"], settled.json["payment"]["amount"]["value"]) == (answer.json["id"], "claim", 6695.24)
    house.work()
    assert house.client(secret_of="hospital").get(f"/v1/claims/{answer.json['id']}").json["paid"] == "6695.24"


def test_every_item_says_what_was_charged_taken_off_and_paid(house: House) -> None:
    items = sent(house, EXAMPLE).json["item"]
    assert [each["itemSequence"] for each in items] == [1, 2, 3]
    for item in items:
        charged, *taken, paid = [round(each["amount"]["value"] * 100) for each in item["adjudication"]]
        assert charged - sum(taken) == paid


def test_the_same_claim_again_gives_the_same_answer_and_another_under_its_number_a_conflict(house: House) -> None:
    first, again = sent(house, EXAMPLE), sent(house, EXAMPLE)
    assert again.json == first.json
    other = sent(house, changed("/diagnosis/0/diagnosisCodeableConcept/coding/0/code", "K40.2"))
    assert (other.status_code, other.json["issue"][0]["code"]) == (409, "conflict")


def test_what_it_came_to_can_be_asked_again(house: House) -> None:
    claim_id = sent(house, changed(use="claim")).json["id"]
    house.work()
    hospital = house.client(secret_of="hospital")
    response = hospital.get(f"/v1/fhir/ClaimResponse/{claim_id}")
    ClaimResponse.model_validate(response.json)
    assert total_of(response.json, "benefit") == 6695.24
    explained = hospital.get(f"/v1/fhir/ExplanationOfBenefit/{claim_id}")
    ExplanationOfBenefit.model_validate(explained.json)
    assert (explained.json["outcome"], explained.json["payment"]["amount"]["value"]) == ("complete", 6695.24)
    assert [each["productOrService"]["text"] for each in explained.json["item"]] == ["手术费", "特殊材料费", "自费药品"]
    for path in (f"/v1/fhir/ClaimResponse/{claim_id}", f"/v1/fhir/ExplanationOfBenefit/{claim_id}"):
        assert house.client(secret_of="other_hospital").get(path).status_code == 404


def test_before_a_decision_an_explanation_tells_nothing_of_amounts(house: House) -> None:
    large = changed("/item/0/net/value", 207_439.16, total={"value": 207_743.62, "currency": "CNY"})
    answer = sent(house, large).json
    assert (answer["outcome"], total_of(answer, "benefit")) == ("queued", 0)
    explained = house.client(secret_of="hospital").get(f"/v1/fhir/ExplanationOfBenefit/{answer['id']}").json
    assert (explained["outcome"], "total" in explained, "item" in explained) == ("queued", False, False)


def test_a_cancelled_settlement_is_a_cancelled_response(house: House) -> None:
    claim_id = sent(house, EXAMPLE).json["id"]
    hospital = house.client(secret_of="hospital")
    hospital.post(f"/v1/hospital/settlements/{claim_id}/cancellation", json={"reason": "账单有误"})
    response = hospital.get(f"/v1/fhir/ClaimResponse/{claim_id}").json
    ClaimResponse.model_validate(response)
    assert (response["status"], total_of(response, "benefit"), total_of(response, "customer-pays")) == ("cancelled", 0, 7743.62)


@pytest.mark.parametrize(
    ("claim", "expression"),
    [
        (changed("/item/0/net/value", 7439.169), "Claim.item[0].net.value"),
        (changed("/item/0/net/value", -1), "Claim.item[0].net.value"),
        (changed("/item/0/net/currency", "USD"), "Claim.item[0].net.currency"),
        (changed("/item/0/net"), "Claim.item[0].net.value"),
        (changed("/item/1/sequence", 7), "Claim.item[1].sequence"),
        (changed("/item/0/productOrService/text", ""), "Claim.item[0].productOrService.text"),
        (changed("/item/0/category/coding/0/code", "丁"), "Claim.item[0].category"),
        (changed("/item/0/productOrService"), "Claim.item[0].productOrService"),
        (changed("/total"), "Claim.total.value"),
        (changed("/total/value", 7743.63), "Claim.bill.total"),
        (changed("/billablePeriod/end", "2026-11-15"), "Claim.discharge_date"),
        (changed("/billablePeriod/start", "2999-01-01"), "Claim.billablePeriod.start"),
        (changed("/billablePeriod/start", "2026"), "Claim.billablePeriod.start"),
        (changed("/billablePeriod"), "Claim.billablePeriod.start"),
        (changed("/identifier"), "Claim.identifier[0].value"),
        (changed("/identifier/0/value", "with space"), "Claim.identifier[0].value"),
        (changed("/patient/identifier/value", "123"), "Claim.patient.identifier.value"),
        (changed("/diagnosis"), "Claim.diagnosis[0].diagnosisCodeableConcept.coding"),
        (changed("/diagnosis/0/diagnosisCodeableConcept/coding/0/system", "urn:x"), "Claim.diagnosis[0].diagnosisCodeableConcept.coding"),
        (changed(use="preauthorization"), "Claim.use"),
        (changed(status="draft"), "Claim.status"),
        (changed(resourceType="Patient"), "Claim.resourceType"),
        (changed(surprise=1), "Claim.surprise"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_an_operation_outcome_that_points_to_it(house: House, claim: dict[str, Any], expression: str) -> None:
    answer = sent(house, claim)
    assert (answer.status_code, answer.mimetype) == (422, "application/fhir+json")
    OperationOutcome.model_validate(answer.json)
    assert expression in [each.get("expression", [""])[0] for each in answer.json["issue"]]
    assert all(each["severity"] == "error" and each["diagnostics"] for each in answer.json["issue"])


def test_every_field_that_is_wrong_is_told_at_once(house: House) -> None:
    answer = sent(house, {"resourceType": "Claim", "status": "active", "use": "claim"})
    told = {each["expression"][0] for each in answer.json["issue"]}
    assert {"Claim.insurance", "Claim.patient", "Claim.provider", "Claim.priority", "Claim.type"} <= told


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        ("{", "application/fhir+json", 400, "structure"),
        ('{"resourceType": "Claim", "resourceType": "Claim"}', "application/fhir+json", 400, "structure"),
        ("<Claim/>", "application/fhir+xml", 415, "not-supported"),
    ],
)
def test_what_is_no_json_is_an_outcome_too(house: House, body: str, media_type: str, status: int, code: str) -> None:
    answer = house.client(secret_of="hospital").post("/v1/fhir/Claim/$submit", data=body, content_type=media_type)
    assert (answer.status_code, answer.json["issue"][0]["code"]) == (status, code)


def test_who_may_not_is_told_so_in_fhir(house: House) -> None:
    assert sent(house, EXAMPLE, "app").json["issue"][0]["code"] == "forbidden"
    assert sent(house, EXAMPLE, "other_hospital").json["issue"][0]["code"] == "forbidden"
    nobody = house.client().post("/v1/fhir/Claim/$submit", data="{}", content_type="application/fhir+json")
    assert (nobody.status_code, nobody.json["issue"][0]["code"]) == (401, "login")


def test_amounts_never_pass_through_a_float(house: House) -> None:
    """0.07 is 0.07: a float of it times 100 is 7.000000000000001."""
    small = changed("/item/0/net/value", 0.07, total={"value": 304.53, "currency": "CNY"})
    assert total_of(sent(house, small).json, "submitted") == 304.53


def test_a_pointer_becomes_a_fhir_path() -> None:
    assert fhir_path("/item/0/net/value") == "Claim.item[0].net.value"
