"""The pages: what an adjuster sees, and what becomes of a decision."""

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from api_house import PASSWORD, STAFF, House
from api_http import Http
from api_papers import BLANK_PDF, stay_papers
from sqlalchemy import text
from test_api_claims import ADMITTED, DISCHARGED, a_claim, send, the_insured
from test_api_hospital import a_bill

from adjudicator import worker
from adjudicator.decide import SYSTEM
from adjudicator.paper_files import bytes_of
from adjudicator.story import ClaimStory, tell
from domain.states import ClaimState, PaymentState
from storage import claims
from storage.access import save_staff
from storage.tasks import Lease, bury, lease_next

PROPOSED = "4,500.00"  # 20,000.00 − 8,000.00 social insurance − 8,000.00 deductible, and 5 days × 100.00


@pytest.fixture
def claim_id(house: House) -> str:
    """A claim whose one doubtful field sent it to a person."""
    sent: str = send(house).json["claim_id"]
    house.work()
    assert story(house, sent).claim.state is ClaimState.IN_REVIEW
    return sent


def story(house: House, claim_id: str) -> ClaimStory:
    return tell(house.system, claim_id)


def page_of(browser: Http, claim_id: str) -> str:
    answer = browser.get(f"/claims/{claim_id}", headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_queue_shows_what_waits_for_people_with_its_reasons(house: House, claim_id: str) -> None:
    page = house.client(staff="chen").get("/").text
    assert claim_id in page
    assert the_insured(house).name in page
    assert PROPOSED in page
    assert 'class="chip doubt"' in page


def test_a_filter_shows_its_states_only(house: House, claim_id: str) -> None:
    browser = house.client(staff="chen")
    assert claim_id not in browser.get("/?filter=done").text
    assert claim_id in browser.get("/?filter=review").text
    assert claim_id in browser.get("/?filter=no-such-filter").text


@pytest.mark.parametrize("how", ["number", "name"])
def test_a_claim_is_found_by_number_or_name(house: House, claim_id: str, how: str) -> None:
    wanted = claim_id[:12].lower() if how == "number" else the_insured(house).name
    assert claim_id in house.client(staff="chen").get("/", query_string={"search": wanted}).text


def test_a_search_without_a_hit_says_how_to_search(house: House) -> None:
    assert "没有找到" in house.client(staff="chen").get("/?search=%25").text


def test_the_claim_page_puts_the_doubtful_field_first_and_boxes_it(house: House, claim_id: str) -> None:
    page = page_of(house.client(staff="chen"), claim_id)
    assert page.index("医保统筹基金支付") < page.index("票据代码")
    assert 'class="unsure"' in page
    assert 'x="240" y="300" width="140" height="30"' in page


def test_a_clause_of_the_calculation_shows_the_contracts_wording_once_and_its_buttons_lead_there(house: House, claim_id: str) -> None:
    page = page_of(house.client(staff="chen"), claim_id)
    boxes = re.findall(r'<div class="quote" id="([^"]+)" popover lang="zh-CN"><b>([^<]+)</b><p>([^<]+)</p>', page)
    assert [number for _, number, _ in boxes] == ["第五条", "第六条第二款", "第七条", "第十条"]  # renewed: the exception
    assert boxes[0][2].startswith("本合同所称医院，是指二级及以上的公立医院。")
    led = set(re.findall(r'popovertarget="([^"]+)"', page))
    assert led == {box for box, _, _ in boxes}
    assert re.search(r'<option lang="zh-CN" value="第七条">主要诊断属于保险单所列除外病种的', page)  # where one declines


def test_the_claim_page_tells_the_calculation_with_its_clauses(house: House, claim_id: str) -> None:
    page = page_of(house.client(staff="chen"), claim_id)
    for word in ("住院医疗", "年免赔额", "4,000.00", "第五条", "住院津贴", "500.00"):
        assert word in page


def test_numbers_of_persons_are_masked_on_the_page(house: House, claim_id: str) -> None:
    page = page_of(house.client(staff="chen"), claim_id)
    assert the_insured(house).id_number not in page
    assert "9900123412341234" not in page
    assert the_insured(house).phone not in page


def test_a_document_is_shown_to_those_who_may_and_must_be_believed_as_a_picture(house: House, claim_id: str) -> None:
    document = story(house, claim_id).documents[0]
    answer = house.client(staff="chen").get(f"/documents/{document.document_id}/content")
    assert answer.mimetype == "image/png"
    assert answer.data == bytes_of(house.system, [document])[document.sha256]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_file_that_is_no_picture_is_only_given_as_a_download(house: House) -> None:
    person = the_insured(house)
    sent = house.client(secret_of="app").send_claim(a_claim(person), {"blank.pdf": BLANK_PDF}).json
    house.work()
    document = story(house, sent["claim_id"]).documents[0]
    browser = house.client(staff="chen")
    answer = browser.get(f"/documents/{document.document_id}/content")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "没有可以显示的文字" in page_of(browser, sent["claim_id"])


def test_an_actuary_sees_the_calculation_but_no_documents(house: House, claim_id: str) -> None:
    page = page_of(house.client(staff="zheng"), claim_id)
    assert "年免赔额" in page
    assert "<img" not in page
    assert "data-decision" not in page
    assert "票据号码" not in page


def test_approving_pays_what_the_rules_propose(house: House, claim_id: str) -> None:
    browser = house.client(staff="chen")
    answer = browser.submit(page_of(browser, claim_id), f"/claims/{claim_id}/approve", reason="核对无误")
    assert (answer.status_code, answer.location) == (302, f"/claims/{claim_id}")
    house.work()
    told = story(house, claim_id)
    assert told.paid_fen == 450_000
    assert told.payout is not None
    assert told.payout.state is PaymentState.CONFIRMED
    assert (told.decision.actor if told.decision else "") == "chen"
    assert "已同意赔付" in page_of(browser, claim_id)


def test_paying_in_part_needs_an_amount_between(house: House, claim_id: str) -> None:
    browser = house.client(staff="chen")
    path = f"/claims/{claim_id}/pay_part"
    for amount in ("4500.00", "0", "-5", "abc", ""):
        answer = browser.submit(page_of(browser, claim_id), path, amount=amount, reason="自费项目")
        assert answer.status_code == 422, amount
        assert "自费项目" in answer.text  # what was typed is not lost
    assert browser.submit(page_of(browser, claim_id), path, amount="4499.99", reason="自费项目").status_code == 302
    house.work()
    assert story(house, claim_id).paid_fen == 449_999


@pytest.mark.parametrize(("fields", "missing"), [({"reason": "等待期内"}, "clause"), ({"clause": "第六条"}, "reason")])
def test_declining_needs_a_clause_and_a_reason(house: House, claim_id: str, fields: dict[str, str], missing: str) -> None:
    browser = house.client(staff="chen")
    answer = browser.submit(page_of(browser, claim_id), f"/claims/{claim_id}/decline", **fields)
    assert answer.status_code == 422
    assert missing in answer.text
    assert next(iter(fields.values())) in answer.text


def test_declining_writes_the_letter_with_its_clause(house: House, claim_id: str) -> None:
    browser = house.client(staff="chen")
    answer = browser.submit(page_of(browser, claim_id), f"/claims/{claim_id}/decline", clause="第七条", reason="属于责任免除")
    assert answer.status_code == 302
    told = story(house, claim_id)
    assert told.claim.state is ClaimState.CLOSED
    assert "第七条" in told.notices[-1].body


def test_one_notice_asks_for_everything_and_a_second_is_refused(house: House, claim_id: str) -> None:
    browser = house.client(staff="chen")
    answer = browser.submit(page_of(browser, claim_id), f"/claims/{claim_id}/ask", items="医保结算单\n\n费用清单\n")
    assert answer.status_code == 302
    told = story(house, claim_id)
    assert told.claim.state is ClaimState.NEEDS_SUPPLEMENT
    assert [each.message for each in told.notices[-1].items] == ["医保结算单", "费用清单"]
    assert house.client(secret_of="app").get(f"/v1/claims/{claim_id}").json["supplement"]["items"][1]["message"] == "费用清单"


def test_an_amount_beyond_the_authority_is_refused_and_a_senior_may(house: House) -> None:
    with house.system.database.write() as tx:
        save_staff(tx, replace(STAFF["adjuster"], authority_fen=449_999), PASSWORD)
    sent = send(house).json["claim_id"]
    house.work()
    junior, senior = house.client(staff="chen"), house.client(staff="zhou")
    page = page_of(junior, sent)
    assert "超出您的权限 4,499.99" in page
    assert junior.submit(page, f"/claims/{sent}/approve").status_code == 403
    assert story(house, sent).claim.state is ClaimState.IN_REVIEW
    assert senior.submit(page_of(senior, sent), f"/claims/{sent}/approve").status_code == 302


def test_two_people_never_overwrite_each_other(house: House, claim_id: str) -> None:
    first, second = house.client(staff="chen"), house.client(staff="zhou")
    old_page = page_of(second, claim_id)
    assert first.submit(page_of(first, claim_id), f"/claims/{claim_id}/investigate", reason="核实").status_code == 302
    page_of(house.client(staff="wu"), claim_id)  # somebody looks, and changes nothing
    answer = second.submit(old_page, f"/claims/{claim_id}/decline", clause="第七条", reason="我的长长的意见")
    assert answer.status_code == 409
    assert "陈理赔" in answer.text
    assert "调查中" in answer.text
    assert "我的长长的意见" in answer.text
    assert "查看了案件" not in re.findall(r'<p class="problem".*?</p>', answer.text, re.DOTALL)[0]
    assert story(house, claim_id).decision is None


def test_an_open_page_can_ask_whether_it_is_still_the_newest(house: House, claim_id: str) -> None:
    browser = house.client(staff="chen")
    before = browser.get(f"/claims/{claim_id}/version").json
    browser.submit(page_of(browser, claim_id), f"/claims/{claim_id}/investigate", reason="核实")
    after = browser.get(f"/claims/{claim_id}/version").json
    assert after["version"] > before["version"]
    assert after["state"] == "IN_INVESTIGATION"


def correct(browser: Http, house: House, claim_id: str, field: str, text: str, page: str = "") -> Any:
    document = story(house, claim_id).documents[0].document_id
    return browser.submit(page or page_of(browser, claim_id), f"/documents/{document}/fields/{field}", text=text)


def test_correcting_a_field_works_the_claim_out_again_at_once(house: House, claim_id: str) -> None:
    browser = house.client(staff="chen")
    answer = correct(browser, house, claim_id, "social_insurance_paid_fen", "9000.00")
    assert answer.status_code == 302
    adjudication = story(house, claim_id).adjudication
    assert adjudication is not None
    assert adjudication.proposed_fen == 350_000
    page = page_of(browser, claim_id)
    assert "4,500.00 → 3,500.00" in page
    assert "更正字段" in page


@pytest.mark.parametrize(("field", "text"), [("social_insurance_paid_fen", "-1"), ("admission_date", "昨天"), ("inpatient_days", "八")])
def test_a_correction_that_is_no_value_of_its_kind_changes_nothing(house: House, claim_id: str, field: str, text: str) -> None:
    browser = house.client(staff="chen")
    before = story(house, claim_id).documents
    assert correct(browser, house, claim_id, field, text).status_code == 422
    assert story(house, claim_id).documents == before


def test_the_page_lists_what_is_unknown_with_what_would_tell_it(house: House, claim_id: str) -> None:
    page = page_of(house.client(staff="chen"), claim_id)
    assert page.index("未知 · 诊断证明书") < page.index("已知的 13 项")  # 确诊日, which no paper told
    assert "医院库" in page


def test_what_a_person_establishes_works_the_claim_out_again_and_says_who_said_it(house: House, claim_id: str) -> None:
    browser = house.client(staff="chen")
    assert correct(browser, house, claim_id, "住院天数", "13天").status_code == 302
    told = story(house, claim_id)
    assert told.adjudication is not None
    element = next(each for each in told.adjudication.policies[0].elements if each.name == "住院天数")
    assert (element.value, element.source) == (13, "人工认定")
    assert "住院天数" in page_of(browser, claim_id)
    assert any("住院天数" in each.detail_json and each.actor == "chen" for each in told.audit)


@pytest.mark.parametrize(("name", "text"), [("住院天数", "许多"), ("医院等级", "四级"), ("无此要素", "是")])
def test_a_finding_that_the_contract_cannot_take_changes_nothing(house: House, claim_id: str, name: str, text: str) -> None:
    before = story(house, claim_id).documents
    assert correct(house.client(staff="chen"), house, claim_id, name, text).status_code == 422
    assert story(house, claim_id).documents == before


def test_a_correction_on_an_old_page_is_refused(house: House, claim_id: str) -> None:
    browser = house.client(staff="chen")
    old = page_of(browser, claim_id)
    correct(browser, house, claim_id, "social_insurance_paid_fen", "9000.00")
    assert correct(browser, house, claim_id, "social_insurance_paid_fen", "1.00", page=old).status_code == 409


def test_a_settled_bill_shows_its_lines_and_no_papers(house: House) -> None:
    claim_id = house.client(secret_of="hospital").post("/v1/hospital/settlements", json=a_bill()).json["claim_id"]
    house.work()
    page = page_of(house.client(staff="chen"), claim_id)
    assert "医院直付结算单" in page
    assert "6,695.24" in page
    assert "应付赔付款" in page


def test_a_claim_that_is_with_nobody_offers_no_decision(house: House) -> None:
    claim_id = house.client(secret_of="hospital").post("/v1/hospital/settlements", json=a_bill()).json["claim_id"]
    browser = house.client(staff="chen")
    page = page_of(browser, claim_id)
    assert "data-decision" not in page
    assert browser.submit(page, f"/claims/{claim_id}/decline", clause="第七条", reason="x").status_code == 409


def test_the_page_leads_to_the_next_claim_of_the_queue(house: House, claim_id: str) -> None:
    other = house.client(secret_of="app").send_claim(
        a_claim(the_insured(house), "APP-2"),
        stay_papers(house.reader, the_insured(house), ADMITTED, DISCHARGED, seed=2),
    )
    house.work()
    assert f'href="/claims/{other.json["claim_id"]}" data-next' in page_of(house.client(staff="chen"), claim_id)


def test_the_next_claim_is_that_of_the_list_one_came_from_and_a_decision_leads_there(house: House, claim_id: str) -> None:
    chen, last = house.client(staff="chen"), claim_id
    for number in (2, 3):
        last = send(house, f"APP-{number}").json["claim_id"]
        house.work()
    chen.submit(page_of(chen, claim_id), f"/claims/{claim_id}/investigate", reason="核实")
    chen.submit(page_of(chen, last), f"/claims/{last}/investigate", reason="核实")
    assert f'href="/claims/{claim_id}?list=filter%3Dinvestigation"' in chen.get("/?filter=investigation&columns=id").text
    page = chen.get(f"/claims/{claim_id}?list=filter%3Dinvestigation").text
    assert f'href="/claims/{last}?list=filter%3Dinvestigation" data-next' in page
    answer = chen.submit(page, f"/claims/{claim_id}/decline?list=filter%3Dinvestigation", clause="第七条", reason="除外", next=last)
    assert answer.headers["Location"] == f"/claims/{last}?list=filter%3Dinvestigation"
    page = chen.get(answer.headers["Location"]).text
    assert "data-next=" not in page and 'href="/?filter=investigation"' in page  # the list is done: back to it, not on to another
    assert "data-next=" in page_of(chen, last)  # whoever came from nowhere goes on in the queue


def test_the_form_of_a_claim_leads_back_into_the_list(house: House, claim_id: str) -> None:
    chen = house.client(staff="chen")
    page = chen.get(f"/claims/{claim_id}?list=search%3D{claim_id}").text
    assert f'action="/claims/{claim_id}/comment?list=search%3D{claim_id}"' in page
    answer = chen.submit(page, f"/claims/{claim_id}/comment?list=search%3D{claim_id}", words="已电话核实")
    assert answer.headers["Location"] == f"/claims/{claim_id}?list=search%3D{claim_id}"


@pytest.mark.parametrize("words", ["search=%00&detail=%00", "filter=gibt-es-nicht", "amount=x&page=-1", "=&&=", "list=list%3D", "x" * 9000])
def test_a_list_that_means_nothing_is_the_queue(house: House, claim_id: str, words: str) -> None:
    page = house.client(staff="chen").get(f"/claims/{claim_id}", query_string={"list": words})
    assert page.status_code == 200


@pytest.mark.parametrize("path", ["/claims/C%00", "/?search=%00", "/documents/%00/content"])
def test_an_address_with_a_nul_is_refused_before_the_database_sees_it(house: House, path: str) -> None:
    assert house.client(staff="chen").get(path).status_code == 400


def test_a_claim_that_does_not_exist_is_a_friendly_page(house: House) -> None:
    answer = house.client(staff="chen").get("/claims/C0", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "回到首页" in answer.text


def test_what_a_customer_wrote_is_text_and_a_claim_number_in_a_finding_is_a_link(house: House) -> None:
    sent = send(house, narrative="<img src=x onerror=alert(1)>").json["claim_id"]
    house.work()
    again = send(house, "APP-9").json["claim_id"]  # the same invoice once more
    house.work()
    browser = house.client(staff="chen")
    assert "<img src=x" not in page_of(browser, sent)
    assert f'<a href="/claims/{sent}">{sent}</a>' in page_of(browser, again)


def test_a_score_without_real_labels_is_never_shown_as_a_probability(house: House) -> None:
    claim_id = send(house).json["claim_id"]
    house.work()
    story = tell(house.system, claim_id)
    assert story.adjudication is not None
    assert story.adjudication.score.evidence == "synthetic"
    page = house.client(staff="chen").get(f"/claims/{claim_id}").text
    assert "专家评分，非概率" in page
    assert "预期损失" not in page


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "第5次处理（read）没有结束：进程中途退出，或停顿超过租约时间 | 请由运维查看当时的日志，排除原因后执行 claim retry"),
        (
            "en",
            "attempt 5 of stage read never ended: its process died, or stood still for longer than its lease",
        ),
    ],
)
def test_why_a_claim_was_given_up_is_told_once_and_in_the_language_of_the_page(house: House, language: str, told: str) -> None:
    sent: str = send(house).json["claim_id"]
    error = worker._silent(Lease(sent, "read", 1, "", 6, 0))
    with house.system.database.write() as tx:
        tx.connection.execute(text("UPDATE task SET status = 'dead', last_error = :error"), {"error": str(error)})
    page = house.client(staff="chen").get(f"/claims/{sent}?language={language}", headers={"Accept": "text/html"}).text
    assert html.unescape(page).count(told) == 1
    assert page.count("claim retry") == 1


def test_a_step_that_was_given_up_is_done_again_from_the_claims_page(house: House) -> None:
    sent: str = send(house).json["claim_id"]
    with house.system.database.write() as tx:
        lease = lease_next(tx, ("read",), 60_000)
        assert lease and bury(tx, lease, "the disk of files was away | mount it; then claim retry")
        claims.move(tx, sent, ClaimState.IN_REVIEW, SYSTEM, {"stage": "read"})
    browser = house.client(staff="chen")
    assert f"/claims/{sent}/retry" in page_of(browser, sent)

    assert browser.submit(page_of(browser, sent), f"/claims/{sent}/retry").status_code == 302
    house.work()
    page = page_of(browser, sent)
    assert (story(house, sent).adjudication is not None, f"/claims/{sent}/retry" in page) == (True, False)

    refused = browser.submit(page, f"/claims/{sent}/retry")
    assert (refused.status_code, "没有处理失败的步骤" in refused.text) == (409, True)
