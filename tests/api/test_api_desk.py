"""The queue as a tool: filters, views, files, bulk acts; and two people on one claim."""

import csv
import io
import re
from typing import Any

import openpyxl
import pytest
from api_house import House
from api_http import Http, csrf_of
from api_papers import picture
from test_api_claims import send, the_insured
from test_api_workbench import page_of, story

from domain.states import ClaimState


@pytest.fixture
def claim_id(house: House) -> str:
    """A claim whose one doubtful field sent it to a person."""
    sent: str = send(house).json["claim_id"]
    house.work()
    return sent


def here(browser: Http, claim_id: str) -> dict[str, Any]:
    page = page_of(browser, claim_id)
    answer: dict[str, Any] = browser.submit(page, f"/claims/{claim_id}/here").json
    return answer


def queue_of(browser: Http, query: str = "") -> str:
    answer = browser.get(f"/?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def version_of(house: House, claim_id: str) -> int:
    return story(house, claim_id).claim.version


def test_the_second_sees_who_works_on_a_claim_and_decides_only_after_taking_it_over(house: House, claim_id: str) -> None:
    first, second = house.client(staff="chen"), house.client(staff="zhou")
    assert here(first, claim_id)["mine"]
    assert here(second, claim_id)["holder"] == "陈理赔"
    page = page_of(second, claim_id)
    assert "陈理赔 自" in page and "接手" in page
    refused = second.submit(page, f"/claims/{claim_id}/approve", version=version_of(house, claim_id))
    assert refused.status_code == 409 and "正在处理案件" in refused.text
    second.submit(page, f"/claims/{claim_id}/take_over")
    assert here(first, claim_id)["holder"] == "周高级"
    second.submit(page, f"/claims/{claim_id}/approve", version=version_of(house, claim_id))
    assert story(house, claim_id).claim.state is not ClaimState.IN_REVIEW


def test_leaving_a_page_frees_the_claim(house: House, claim_id: str) -> None:
    first, second = house.client(staff="chen"), house.client(staff="zhou")
    here(first, claim_id)
    assert first.submit(page_of(first, claim_id), f"/claims/{claim_id}/leave").status_code == 204
    assert here(second, claim_id)["mine"]


def test_a_comment_calls_a_colleague_whose_queue_shows_it_until_they_look(house: House, claim_id: str) -> None:
    chen, zhou = house.client(staff="chen"), house.client(staff="zhou")
    chen.submit(page_of(chen, claim_id), f"/claims/{claim_id}/comment", words="金额对不上 @zhou <script>alert(1)</script>")
    assert "提到我的" in queue_of(zhou) and claim_id in queue_of(zhou, "filter=named")
    page = page_of(zhou, claim_id)
    assert "金额对不上 @zhou &lt;script&gt;" in page
    assert "提到我的" not in queue_of(zhou)
    typed = chen.submit(page_of(chen, claim_id), f"/claims/{claim_id}/comment", words="@nobody 请看")
    assert typed.status_code == 422 and "@nobody 请看" in typed.text


def test_a_customer_reads_no_comment(house: House, claim_id: str) -> None:
    chen = house.client(staff="chen")
    chen.submit(page_of(chen, claim_id), f"/claims/{claim_id}/comment", words="只给同事看的话")
    status = house.client(secret_of="app").get(f"/v1/claims/{claim_id}").text
    assert claim_id in status and "只给同事看的话" not in status and "comment" not in status


def test_what_is_set_aside_leaves_the_queue_and_comes_back_when_it_is_taken_up(house: House, claim_id: str) -> None:
    chen = house.client(staff="chen")
    page = page_of(chen, claim_id)
    chen.submit(page, f"/claims/{claim_id}/snooze", version=version_of(house, claim_id), days="1", reason="等医院回函")
    assert claim_id not in queue_of(chen) and claim_id in queue_of(chen, "filter=aside")
    assert "已搁置到" in page_of(chen, claim_id) and "等医院回函" in page_of(chen, claim_id)
    chen.submit(page, f"/claims/{claim_id}/unsnooze")
    assert claim_id in queue_of(chen)


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("channel=app", True), ("channel=hotline", False), ("amount=4500.00", True), ("amount=4500.01", False), ("due=late", False),
        ("amount=nonsense&channel=nonsense&due=nonsense&page=-1&columns=nonsense", True), ("page=2", False),
    ],
)  # fmt: skip
def test_filters_of_the_address(house: House, claim_id: str, query: str, is_there: bool) -> None:
    assert (claim_id in queue_of(house.client(staff="chen"), query)) is is_there


def test_a_view_is_kept_for_oneself_and_forgotten_again(house: House, claim_id: str) -> None:
    chen, zhou = house.client(staff="chen"), house.client(staff="zhou")
    page = queue_of(chen, "channel=app&columns=id,amount")
    chen.submit(page, "/views", name="大额", channel="app", columns="id,amount", filter="waiting")
    assert "★ 大额" in queue_of(chen) and "★ 大额" not in queue_of(zhou)
    kept = queue_of(chen, "filter=waiting&channel=app&columns=id%2Camount")
    assert 'aria-current="page">★ 大额' in kept and '<td class="name">' not in kept
    chen.submit(page, "/views", name="大额", drop="1")
    assert "★ 大额" not in queue_of(chen)
    assert chen.submit(page, "/views", name="").status_code == 422


def test_the_files_hold_everything_that_is_asked_for(house: House, claim_id: str) -> None:
    browser = house.client(staff="chen")
    text = browser.get("/queue.csv?columns=id,name,amount").data.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows == [["案件", "被保险人", "金额"], [claim_id, the_insured(house).name, "4500.0"]]
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get("/queue.xlsx?columns=id,amount").data)).active
    assert sheet is not None and [list(each) for each in sheet.iter_rows(values_only=True)] == [["案件", "金额"], [claim_id, 4500.0]]
    assert len(browser.get("/queue.csv?filter=done").data.decode().splitlines()) == 1


def test_a_bulk_act_tells_each_result_and_a_refused_one_keeps_no_other_back(house: House, claim_id: str) -> None:
    other: str = send(house, "APP-SECOND").json["claim_id"]
    house.work()
    chen = house.client(staff="chen")
    page = queue_of(chen)
    told = chen.submit(page, "/bulk/investigate", claim=[f"{claim_id}:{version_of(house, claim_id)}", f"{other}:0"], reason="核实")
    assert "1 件完成，1 件未完成" in told.text and other in told.text
    assert story(house, claim_id).claim.state is ClaimState.IN_INVESTIGATION
    assert story(house, other).claim.state is ClaimState.IN_REVIEW


def test_all_results_means_those_that_were_seen_and_have_not_changed_since(house: House, claim_id: str) -> None:
    chen = house.client(staff="chen")
    page = queue_of(chen)
    unseen = chen.submit(page, "/bulk/snooze", all="1", now_ms="0", reason="等", days="1")
    assert "0 件完成，1 件未完成" in unseen.text
    with house.system.database.read() as tx:
        now = tx.now_ms()
    done = chen.submit(page, "/bulk/snooze", all="1", now_ms=str(now), reason="等", days="1")
    assert "1 件完成" in done.text and claim_id not in queue_of(chen)


@pytest.mark.parametrize(
    "form", [{}, {"claim": "C1"}, {"claim": "C1:x"}, {"all": "1"}, {"all": "1", "now_ms": "x"}, {"claim": "C1:1", "reason": ""}]
)
def test_a_bulk_act_without_a_choice_or_a_reason_is_refused(house: House, form: dict[str, str]) -> None:
    browser = house.client(staff="chen")
    page = queue_of(browser)
    assert browser.submit(page, "/bulk/investigate", **{"reason": "核实"} | form).status_code == 422


def test_an_actuary_sees_the_queue_and_can_do_nothing_in_bulk(house: House, claim_id: str) -> None:
    browser = house.client(staff="zheng")
    page = queue_of(browser)
    assert "bulk/approve" not in page and "bulk/snooze" not in page
    assert browser.submit(page, "/bulk/snooze", claim=f"{claim_id}:1", reason="等", days="1").status_code == 403


def test_a_note_is_attached_shown_with_who_and_when_and_given_back(house: House, claim_id: str) -> None:
    browser, content = house.client(staff="chen"), picture(7)
    token = csrf_of(browser.get(f"/claims/{claim_id}").text)
    parts = {"csrf": token, "files": [(io.BytesIO(content), "来信<b>.png")]}
    answer = browser.post(f"/claims/{claim_id}/attachments", data=parts, content_type="multipart/form-data")
    assert answer.status_code == 302
    page = browser.get(f"/claims/{claim_id}").text
    assert "来信&lt;b&gt;.png" in page and "附上文件" in page
    address = re.search(r'href="(/attachments/\w+/content)"', page)
    assert address
    given = browser.get(address[1])
    assert (given.data, given.mimetype, given.headers["Content-Security-Policy"]) == (content, "image/png", "default-src 'none'; sandbox")
    assert house.client(staff="zheng").get(address[1]).status_code == 403  # who sees no papers sees no attachments
