"""Direct settlement: the hospital learns at once who pays what, for its own patients only."""

from typing import Any

import pytest
from api_house import House

from sandbox.scenarios import SCENARIOS


def a_bill(**changes: Any) -> dict[str, Any]:
    scenario = next(each for each in SCENARIOS if each.name == "direct-settlement")
    return dict(scenario.main.payload) | changes


def with_bill(**changes: Any) -> dict[str, Any]:
    body = a_bill()
    return body | {"bill": body["bill"] | changes}


def test_the_customer_pays_1048_38_of_7743_62(house: House) -> None:
    answer = house.client(secret_of="hospital").post("/v1/hospital/settlements", json=a_bill())
    assert answer.status_code == 200
    assert answer.json["bill"] == "7743.62"
    assert answer.json["insurer_pays"] == "6695.24"
    assert answer.json["customer_pays"] == "1048.38"
    assert (answer.json["insurer_pays_fen"], answer.json["customer_pays_fen"]) == (669_524, 104_838)


def test_every_line_balances_and_the_lines_sum_to_the_payment(house: House) -> None:
    settled = house.client(secret_of="hospital").post("/v1/hospital/settlements", json=a_bill()).json
    for line in settled["lines"]:
        assert line["charged_fen"] - sum(each["amount_fen"] for each in line["adjustments"]) == line["paid_fen"]
    assert sum(line["paid_fen"] for line in settled["lines"]) == settled["insurer_pays_fen"]


def test_a_lost_answer_is_asked_for_again_and_never_settles_twice(house: House) -> None:
    hospital = house.client(secret_of="hospital")
    first, again = (hospital.post("/v1/hospital/settlements", json=a_bill()).json for _ in range(2))
    assert (first["is_new"], again["is_new"]) == (True, False)
    assert again["claim_id"] == first["claim_id"]
    assert again["insurer_pays_fen"] == first["insurer_pays_fen"]


def test_the_same_number_with_another_bill_is_a_conflict(house: House) -> None:
    hospital = house.client(secret_of="hospital")
    hospital.post("/v1/hospital/settlements", json=a_bill())
    answer = hospital.post("/v1/hospital/settlements", json=a_bill(diagnosis_icd10="K40.2"))
    assert (answer.status_code, answer.json["type"]) == (409, "urn:mingbai:conflict.key_reused")


def test_a_hospital_speaks_for_itself_only(house: House) -> None:
    answer = house.client(secret_of="other_hospital").post("/v1/hospital/settlements", json=a_bill())
    assert (answer.status_code, answer.json["type"]) == (403, "urn:mingbai:auth.forbidden")


def test_a_hospital_reads_the_status_of_its_own_settlements_only(house: House) -> None:
    claim_id = house.client(secret_of="hospital").post("/v1/hospital/settlements", json=a_bill()).json["claim_id"]
    assert house.client(secret_of="hospital").get(f"/v1/claims/{claim_id}").status_code == 200
    assert house.client(secret_of="other_hospital").get(f"/v1/claims/{claim_id}").status_code == 404


def test_an_investigation_looks_like_a_review_to_the_hospital(house: House) -> None:
    hospital, adjuster = house.client(secret_of="hospital"), house.client(staff="chen")
    large = with_bill(total="200000.00", lines=[{"name": "手术费", "list_class": "甲", "amount": "200000.00"}])  # beyond straight through
    claim_id = hospital.post("/v1/hospital/settlements", json=large).json["claim_id"]
    page = adjuster.get(f"/claims/{claim_id}").text
    adjuster.submit(page, f"/claims/{claim_id}/investigate", reason="核实住院")
    assert adjuster.get(f"/claims/{claim_id}/version").json["state"] == "IN_INVESTIGATION"
    assert hospital.get(f"/v1/claims/{claim_id}").json["state"] == "IN_REVIEW"
    assert hospital.post("/v1/hospital/settlements", json=large).json["state"] == "IN_REVIEW"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (with_bill(total="-1.00"), "/bill/total", "input.amount"),
        (with_bill(total="1.234"), "/bill/total", "input.amount"),
        (with_bill(social_insurance_paid="abc"), "/bill/social_insurance_paid", "input.amount"),
        (with_bill(lines=[{"name": "床位费", "list_class": "甲", "amount": "-0.01"}]), "/bill/lines/0/amount", "input.amount"),
        (with_bill(lines=[{"name": "床位费", "list_class": "丁", "amount": "1.00"}]), "/bill/lines/0/list_class", "input.invalid"),
        (with_bill(total=7743.62), "/bill/total", "input.invalid"),  # a JSON number is a float: never for money
        (with_bill(total="7743.63"), "/bill/total", "input.invalid"),
        (a_bill(discharge_date="2026-11-15"), "", "input.invalid"),
        (a_bill(diagnosis_icd10="hernia"), "/diagnosis_icd10", "input.invalid"),
    ],
)
def test_a_bill_that_cannot_be_settled_names_its_field(house: House, body: dict[str, Any], field: str, code: str) -> None:
    answer = house.client(secret_of="hospital").post("/v1/hospital/settlements", json=body)
    assert answer.status_code == 422
    assert answer.json["type"] == f"urn:mingbai:{code}"
    assert answer.json.get("field", "") == field
    assert answer.json["way_out"]


def test_nothing_is_stored_of_a_refused_bill(house: House) -> None:
    hospital = house.client(secret_of="hospital")
    hospital.post("/v1/hospital/settlements", json=with_bill(total="-1.00"))
    assert hospital.post("/v1/hospital/settlements", json=a_bill()).json["is_new"] is True
