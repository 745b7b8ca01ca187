"""Over HTTP and on the page: taking a claim back, appealing, another account, an advance, reopening, merging."""

from dataclasses import replace

import pytest
from api_house import House
from api_http import Http
from test_api_claims import send, the_insured
from test_api_customer import somebody_else, token_of

from adjudicator.decide import SYSTEM
from adjudicator.settling import give_back
from adjudicator.story import ClaimStory, tell
from adjudicator.writing_off import write_off
from domain.identity import luhn_check_digit
from domain.states import ClaimState
from storage.access import Staff

CARD = "990000000000000099"
CARD += luhn_check_digit(CARD)


@pytest.fixture
def claim_id(house: House) -> str:
    """A claim that a person has."""
    sent: str = send(house).json["claim_id"]
    house.work()
    return sent


def customer(house: House) -> Http:
    return house.client(token=token_of(house, the_insured(house)))


def story(house: House, claim_id: str) -> ClaimStory:
    return tell(house.system, claim_id)


def act(house: House, claim_id: str, act: str, staff: str = "zhou", **fields: str) -> int:
    browser = house.client(staff=staff)
    status: int = browser.submit(browser.get(f"/claims/{claim_id}").text, f"/claims/{claim_id}/{act}", **fields).status_code
    house.work()
    return status


def test_a_customer_withdraws_their_own_claim_and_nobody_elses(house: House, claim_id: str) -> None:
    stranger = house.client(token=token_of(house, somebody_else(house)))
    assert stranger.post(f"/v1/claims/{claim_id}/withdrawal", json={}).status_code == 404
    answer = customer(house).post(f"/v1/claims/{claim_id}/withdrawal", json={"reason": "另行处理"})
    assert (answer.status_code, answer.json["state"], answer.json["text"]) == (200, "WITHDRAWN", "案件已撤回。")
    assert customer(house).post(f"/v1/claims/{claim_id}/withdrawal", json={}).status_code == 409


def test_a_customer_appeals_against_a_decision_and_sees_what_was_paid(house: House, claim_id: str) -> None:
    me = customer(house)
    assert me.post(f"/v1/claims/{claim_id}/appeal", json={"reason": "不同意"}).status_code == 409  # not decided yet
    assert act(house, claim_id, "pay_part", amount="100.00", reason="部分费用无关") == 302
    assert me.post(f"/v1/claims/{claim_id}/appeal", json={"reason": ""}).status_code == 422
    answer = me.post(f"/v1/claims/{claim_id}/appeal", json={"reason": "请重新核定"})
    assert (answer.status_code, answer.json["state"], answer.json["paid"]) == (200, "IN_REVIEW", "100.00")
    assert act(house, claim_id, "approve", staff="zhou") == 403  # who decided before
    assert act(house, claim_id, "approve", staff="chen") == 302
    assert story(house, claim_id).paid_fen == 450_000


def test_an_appeal_with_papers_waits_for_them(house: House, claim_id: str) -> None:
    assert act(house, claim_id, "decline", reason="除外", clause="第七条") == 302
    answer = customer(house).post(f"/v1/claims/{claim_id}/appeal", json={"reason": "有新的病历", "brings_papers": True})
    assert answer.json["state"] == "REOPENED"


def test_a_customer_gives_another_account_after_a_bounce(house: House, claim_id: str) -> None:
    account = {"holder": the_insured(house).name, "account_number": CARD}
    assert act(house, claim_id, "approve") == 302
    paid = story(house, claim_id)
    me = customer(house)
    assert me.post(f"/v1/claims/{claim_id}/account", json=account).status_code == 409  # nothing bounced
    assert paid.payout is not None
    with house.system.database.write() as tx:
        give_back(tx, paid.payout.idempotency_key, "账户已销户", SYSTEM)
    assert me.post(f"/v1/claims/{claim_id}/account", json=account | {"holder": "别人"}).status_code == 403
    assert me.post(f"/v1/claims/{claim_id}/account", json=account).json["state"] == "PAYING"
    house.work()
    assert story(house, claim_id).claim.state is ClaimState.PAID


def test_staff_pay_a_bounced_claim_to_another_account(house: House, claim_id: str) -> None:
    assert act(house, claim_id, "approve") == 302
    payout = story(house, claim_id).payout
    assert payout is not None
    with house.system.database.write() as tx:
        give_back(tx, payout.idempotency_key, "账户已销户", SYSTEM)
    assert act(house, claim_id, "payee", holder="示例", account_number="12", reason="来电") == 422
    assert act(house, claim_id, "payee", holder="示例", account_number=CARD) == 422  # no reason
    assert act(house, claim_id, "payee", holder="示例", account_number=CARD, reason="本人到柜面") == 302
    assert story(house, claim_id).claim.state is ClaimState.PAID


def test_an_advance_and_the_rest_on_the_page(house: House, claim_id: str) -> None:
    assert act(house, claim_id, "advance", amount="1000.00", reason="已确定部分") == 302
    told = story(house, claim_id)
    assert (told.claim.state, told.paid_fen) == (ClaimState.IN_REVIEW, 100_000)
    assert act(house, claim_id, "approve") == 302
    assert story(house, claim_id).paid_fen == 450_000


@pytest.mark.parametrize(("ground", "state"), [("error", "IN_REVIEW"), ("new_evidence", "REOPENED"), ("whim", "PAID")])
def test_a_decided_claim_is_reopened_on_the_page_on_one_of_three_grounds(house: House, claim_id: str, ground: str, state: str) -> None:
    assert act(house, claim_id, "approve", staff="chen") == 302
    assert "重新受理" in house.client(staff="chen").get(f"/claims/{claim_id}").text
    assert act(house, claim_id, "reopen", ground=ground, reason="核定有误") == (422 if ground == "whim" else 302)
    assert story(house, claim_id).claim.state == state


def test_staff_withdraw_and_merge_on_the_page(house: House, claim_id: str) -> None:
    other: str = send(house, external_ref="APP-OTHER").json["claim_id"]
    house.work()
    assert act(house, other, "merge", into="C0", reason="同一次住院") == 404
    assert act(house, other, "merge", into=claim_id.lower(), reason="同一次住院") == 302
    assert act(house, claim_id, "withdraw", reason="") == 422
    assert act(house, claim_id, "withdraw", reason="客户来电") == 302
    assert [story(house, each).claim.state for each in (other, claim_id)] == ["DUPLICATE", "WITHDRAWN"]


def test_who_decided_before_is_told_so_before_they_try(house: House, claim_id: str) -> None:
    assert act(house, claim_id, "pay_part", amount="100.00", reason="部分费用无关") == 302
    assert customer(house).post(f"/v1/claims/{claim_id}/appeal", json={"reason": "请重新核定"}).status_code == 200
    told = "您已在第 1 次核定中作出决定"
    assert house.client(staff="zhou").get(f"/claims/{claim_id}").text.count(told) == 4  # approve, in part, decline, advance
    assert told not in house.client(staff="chen").get(f"/claims/{claim_id}").text


def owing(house: House, claim_id: str) -> None:
    """Pay 4,500.00, and decide 100.00 afterwards: 4,400.00 is to come back."""
    assert act(house, claim_id, "approve", staff="chen") == 302
    assert act(house, claim_id, "reopen", ground="error", reason="有误") == 302
    assert act(house, claim_id, "pay_part", amount="100.00", reason="部分费用无关") == 302


def test_what_is_owed_is_asked_for_and_written_off_on_the_page(house: House, claim_id: str) -> None:
    owing(house, claim_id)
    page = house.client(staff="zhou").get(f"/claims/{claim_id}").text
    assert "本案多付 4,400.00" in page and f"/claims/{claim_id}/collect" in page
    assert act(house, claim_id, "collect", reason="多付") == 500  # this house has not said where to pay to
    assert act(house, claim_id, "write_off", amount="", reason="") == 422
    assert act(house, claim_id, "write_off", amount="4400.01", reason="多次联系未果") == 409
    assert act(house, claim_id, "write_off", amount="400.00", reason="多次联系未果") == 302
    page = house.client(staff="zhou").get(f"/claims/{claim_id}").text
    assert "本案多付 4,000.00" in page and "多次联系未果" in page


def test_what_is_owed_is_asked_for_once_with_a_notice_that_says_where_to_pay(
    house: House, claim_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(house.system), "letterhead", replace(house.system.letterhead, repay_to="示例银行 99000001"))
    owing(house, claim_id)
    assert act(house, claim_id, "collect", reason="") == 422
    assert act(house, claim_id, "collect", staff="chen", reason="理算有误，多付部分费用") == 302
    notice = story(house, claim_id).notices[-1]
    assert (notice.kind, notice.subject) == ("repayment", "请返还多付的理赔款 4,400.00 元")
    assert "理算有误，多付部分费用" in notice.body and "示例银行 99000001" in notice.body
    page = house.client(staff="zhou").get(f"/claims/{claim_id}").text
    assert "请返还多付款项" in page and "请客户返还多付款项" in page  # the notice, and who sent it
    assert act(house, claim_id, "collect", reason="再催一次") == 409  # they have thirty days


def test_a_write_off_beyond_the_authority_waits_for_another_person_who_has_it(house: House, claim_id: str) -> None:
    owing(house, claim_id)
    junior = Staff("xin", "新人", "adjuster", 439_999)  # one 分 too little
    assert write_off(house.system.database, claim_id, None, junior, "收不回") is False
    assert act(house, claim_id, "sign_write_off", staff="chen") == 302
    assert "本案多付" not in house.client(staff="zhou").get(f"/claims/{claim_id}").text
    assert act(house, claim_id, "sign_write_off", staff="chen") == 409


def test_what_one_claim_owes_is_set_off_against_another_of_the_insured(house: House, claim_id: str) -> None:
    owing(house, claim_id)
    second = send(house, "APP-2").json["claim_id"]
    house.work()
    page = house.client(staff="zhou").get(f"/claims/{second}").text
    assert f'<option value="{claim_id}">' in page
    fields = {"from": claim_id, "amount": "50.00", "reason": "客户来电同意", "agreed": "1"}
    assert act(house, second, "offset", **fields) == 302
    assert "已安排抵销：本案赔付时扣减 50.00" in house.client(staff="zhou").get(f"/claims/{second}").text
