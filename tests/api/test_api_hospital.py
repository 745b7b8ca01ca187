"""Direct settlement: the hospital learns at once who pays what, for its own patients only."""

from datetime import timedelta
from typing import Any

import pytest
from api_house import House
from test_api_customer import token_of

from adjudicator.story import tell
from domain.identity import id_check_character, luhn_check_digit
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


def asked(house: House, role: str = "hospital", **changes: Any) -> Any:
    bill = a_bill()
    question = {name: bill[name] for name in ("hospital_id", "insured", "admission_date")} | changes
    return house.client(secret_of=role).post("/v1/hospital/eligibility", json=question)


def test_at_admission_a_hospital_learns_which_policies_will_settle(house: House) -> None:
    told = asked(house).json
    assert told["is_eligible"] is True
    assert [each["product"] for each in told["policies"]] == ["zhifu-direct"]


def test_a_day_out_of_the_policys_term_is_not_eligible_and_its_first_and_last_day_are(house: House) -> None:
    number = asked(house).json["policies"][0]["policy_number"]
    policy = next(each for each in house.portfolio.policies if each.policy_number == number)
    first = policy.effective_from
    told = {day: asked(house, admission_date=day.isoformat()).json["is_eligible"] for day in (first, first - timedelta(days=1))}
    assert list(told.values()) == [True, False]


def test_nobody_can_tell_a_stranger_from_somebody_without_such_a_policy(house: House) -> None:
    mine = a_bill()["insured"]["id_number"]
    insured = {each.insured_id for each in house.portfolio.policies if each.direct_settlement}
    plain = next(each for each in house.portfolio.persons if each.person_id not in insured)
    number = "99010119500101001"
    stranger = number + id_check_character(number)
    assert stranger not in {each.id_number for each in house.portfolio.persons} | {mine}
    answers = [asked(house, insured={"id_number": each}) for each in (plain.id_number, stranger)]
    assert answers[0].json == answers[1].json
    assert answers[0].json["is_eligible"] is False


def test_a_hospital_asks_for_its_own_admissions_only(house: House) -> None:
    assert asked(house, "other_hospital").status_code == 403


def pre_settled(house: House, **changes: Any) -> Any:
    return house.client(secret_of="hospital").post("/v1/hospital/pre-settlements", json=a_bill(**changes)).json


def acted(house: House, claim_id: str, act: str, role: str = "hospital", **body: str) -> Any:
    return house.client(secret_of=role).post(f"/v1/hospital/settlements/{claim_id}/{act}", json=body)


def test_at_discharge_the_customer_pays_1048_38_and_the_insurer_6695_24_once_it_is_confirmed(house: House) -> None:
    held = pre_settled(house)
    assert (held["status"], held["insurer_pays"], held["customer_pays"]) == ("pre_settled", "6695.24", "1048.38")
    assert held["confirm_by"] > house.client(secret_of="hospital").get(f"/v1/claims/{held['claim_id']}").json["received_at"]
    confirmed = acted(house, held["claim_id"], "confirmation", customer_pays="1048.38").json
    assert (confirmed["status"], confirmed["insurer_pays"], confirmed["confirm_by"]) == ("confirmed", "6695.24", None)
    house.work()
    status = house.client(secret_of="hospital").get(f"/v1/claims/{held['claim_id']}").json
    assert (status["state"], status["paid"]) == ("PAID", "6695.24")


def test_a_cancelled_settlement_pays_nothing_and_says_so_to_everybody(house: House) -> None:
    claim_id = pre_settled(house)["claim_id"]
    told = acted(house, claim_id, "cancellation", reason="账单有误").json
    assert (told["status"], told["insurer_pays"], told["customer_pays"], told["lines"]) == ("cancelled", "0.00", "7743.62", [])
    house.work()
    status = house.client(secret_of="app").get(f"/v1/claims/{claim_id}").json
    assert (status["decision"]["kind"], status["decision"]["text"]) == ("cancelled", "直付结算已撤销，费用由您与医院结清")
    assert [each["state"] for each in status["timeline"]][-3:] == ["PRESETTLED", "DECIDED", "CLOSED"]
    page = house.client(staff="chen").get(f"/claims/{claim_id}").text
    assert "医院撤销直付结算" in page
    assert "已预结算，待医院确认" in page


def test_a_cancelled_bill_is_settled_anew_under_a_new_number_as_if_nothing_had_been(house: House) -> None:
    acted(house, pre_settled(house)["claim_id"], "cancellation", reason="账单有误")
    assert pre_settled(house, external_ref="HIS-NEW")["insurer_pays"] == "6695.24"


def test_a_confirmation_of_another_amount_is_a_conflict(house: House) -> None:
    answer = acted(house, pre_settled(house)["claim_id"], "confirmation", customer_pays="1048.39")
    assert (answer.status_code, answer.json["type"]) == (409, "urn:mingbai:conflict")


@pytest.mark.parametrize(("act", "body"), [("confirmation", {"customer_pays": "1048.38"}), ("cancellation", {"reason": "账单有误"})])
def test_another_hospitals_settlement_is_told_as_one_that_does_not_exist(house: House, act: str, body: dict[str, str]) -> None:
    claim_id = pre_settled(house)["claim_id"]
    theirs, none = (acted(house, each, act, "other_hospital", **body) for each in (claim_id, "C0000000000000AB"))
    assert theirs.status_code == none.status_code == 404
    assert theirs.json["detail"].replace(claim_id, "") == none.json["detail"].replace("C0000000000000AB", "")


def test_a_claim_that_is_no_settlement_is_none_to_a_hospital(house: House) -> None:
    report = {"external_ref": "TEL-1", "caller": {"id_number": house.portfolio.persons[0].id_number}}
    claim_id = house.client(secret_of="hotline").post("/v1/hotline/reports", json=report).json["claim_id"]
    assert acted(house, claim_id, "cancellation", reason="账单有误").status_code == 404


def test_an_idempotency_key_gives_the_same_answer_to_a_lost_confirmation(house: House) -> None:
    claim_id = pre_settled(house)["claim_id"]
    desk, headers = house.client(secret_of="hospital"), {"Idempotency-Key": "K-1"}
    path, body = f"/v1/hospital/settlements/{claim_id}/confirmation", {"customer_pays": "1048.38"}
    first, again = (desk.post(path, json=body, headers=headers) for _ in range(2))
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == first.json


LARGE = with_bill(total="200000.00", lines=[{"name": "手术费", "list_class": "甲", "amount": "200000.00"}])  # beyond straight through
CARD = "990000000000000099"
CARD += luhn_check_digit(CARD)


def decided_by_people(house: House) -> tuple[str, Any, dict[str, str]]:
    """Give a bill that was not settled and that a person approved: its claim, its patient, and the patient's account."""
    claim_id = house.client(secret_of="hospital").post("/v1/hospital/settlements", json=LARGE).json["claim_id"]
    senior = house.client(staff="zhou")
    page = senior.get(f"/claims/{claim_id}").text
    assert "账户待提供；不支付给医院" in page
    assert senior.submit(page, f"/claims/{claim_id}/approve").status_code == 302
    house.work()
    patient = next(each for each in house.portfolio.persons if each.id_number == LARGE["insured"]["id_number"])
    return claim_id, patient, {"holder": patient.name, "account_number": CARD, "bank_name": "示例银行"}


def test_what_a_person_approves_of_an_unsettled_bill_waits_for_the_patient_and_says_so(house: House) -> None:
    claim_id, patient, account = decided_by_people(house)
    me = house.client(token=token_of(house, patient))
    told = me.get(f"/v1/claims/{claim_id}").json
    assert (told["state"], told["paid_fen"]) == ("DECIDED", 0)
    assert told["reasons"][0].startswith("赔款") and told["reasons"][0].endswith("元等待被保险人本人的收款账户")
    answer = house.client(secret_of="hospital").post(
        f"/v1/hospital/settlements/{claim_id}/confirmation", json={"customer_pays": "200000.00"}
    )
    assert (answer.status_code, answer.json["type"]) == (409, "urn:mingbai:conflict")
    hospital = next(each for each in house.portfolio.hospitals if each.direct_settlement)
    theirs = {"holder": patient.name, "account_number": hospital.account_number}
    assert me.post(f"/v1/claims/{claim_id}/account", json=theirs).status_code in (409, 422)
    assert me.post(f"/v1/claims/{claim_id}/account", json=account).json["state"] == "PAYING"
    house.work()
    paid = tell(house.system, claim_id)
    assert [(each.payee.holder, each.amount_fen) for each in paid.payouts] == [(patient.name, paid.paid_fen)]
    assert paid.paid_fen > 0


def test_the_desk_writes_the_patients_account_on_the_page_and_never_the_hospitals(house: House) -> None:
    claim_id, patient, account = decided_by_people(house)
    hospital = next(each for each in house.portfolio.hospitals if each.direct_settlement)
    senior, path = house.client(staff="zhou"), f"/claims/{claim_id}/payee"
    page = senior.get(f"/claims/{claim_id}").text
    assert "填写账户并付款" in page
    assert "等待被保险人本人的收款账户" in page
    wrong = account | {"holder": hospital.name, "account_number": "9900000000000000101", "reason": "医院要求"}
    refused = senior.submit(page, path, **wrong)
    assert (refused.status_code, "请填写被保险人或有权领取人的账户" in refused.text) == (409, True)
    assert senior.submit(refused.text, path, **account, reason="本人到柜面办理").status_code == 302
    house.work()
    assert [each.payee.holder for each in tell(house.system, claim_id).payouts] == [patient.name]


def test_the_account_may_be_written_while_the_bill_is_with_people(house: House) -> None:
    claim_id = house.client(secret_of="hospital").post("/v1/hospital/settlements", json=LARGE).json["claim_id"]
    patient = next(each for each in house.portfolio.persons if each.id_number == LARGE["insured"]["id_number"])
    senior, path = house.client(staff="zhou"), f"/claims/{claim_id}"
    written = {"holder": patient.name, "account_number": CARD, "reason": "本人来电，已核对卡号"}
    assert senior.submit(senior.get(path).text, f"{path}/payee", **written).status_code == 302
    page = senior.get(path).text
    assert (f"{patient.name}</span> · 尾号 {CARD[-4:]}" in page, "更换收款账户" in page) == (True, True)
    assert senior.submit(page, f"{path}/approve").status_code == 302
    house.work()
    assert tell(house.system, claim_id).claim.state == "PAID"
