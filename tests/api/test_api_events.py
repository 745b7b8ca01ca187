"""The pages of catastrophes: two people sign, claims and sums are shown, it is closed with a report; the roles of the table."""

from dataclasses import replace
from datetime import timedelta

import pytest
from api_house import PASSWORD, STAFF, House

from domain.catastrophe import EventStatus
from sandbox.portfolio import build_portfolio
from storage import access, claims, events, registry
from storage.access import Staff

INSURED, POLICY = next(
    (person, policy)
    for policy in build_portfolio().policies
    for person in build_portfolio().persons
    if policy.insured_id == person.person_id and policy.product == "anxin-inpatient"
)
DAY = POLICY.effective_from + timedelta(days=60)
FLOOD = {
    "code": "flood_1", "name": "示例洪水", "from": f"{DAY}", "to": f"{DAY + timedelta(days=9)}", "perils": "疾病",
    "regions": "9901, 990203", "without": "id_card",
}  # fmt: skip


@pytest.fixture
def seniors(house: House) -> House:
    """A second senior adjuster, and an insured who lives in the area."""
    with house.system.database.write() as tx:
        access.save_staff(tx, Staff("bai", "白高级", "senior_adjuster", 50_000_000), PASSWORD)
        registry.save_people(tx, [replace(INSURED, region_code="990104")])
    return house


def post(house: House, staff: str, path: str, **fields: str) -> tuple[int, str]:
    browser = house.client(staff=staff)
    answer = browser.submit(browser.get("/events").text, path, **fields)
    return answer.status_code, answer.text


def status(house: House) -> EventStatus:
    with house.system.database.read() as tx:
        return events.get_event(tx, "flood_1").status


def test_two_people_open_an_event_and_it_is_closed_with_its_report(seniors: House) -> None:
    assert post(seniors, "zhou", "/events", **FLOOD)[0] == 302
    page = seniors.client(staff="zhou").get("/events/flood_1").text
    assert "须由另一人批准" in page and "/events/flood_1/approve" not in page
    code, text = post(seniors, "zhou", "/events/flood_1/approve")
    assert (code, status(seniors)) == (403, EventStatus.PROPOSED)
    assert "须由第二人签署" in text
    assert "/events/flood_1/approve" in seniors.client(staff="bai").get("/events/flood_1").text
    assert post(seniors, "bai", "/events/flood_1/approve")[0] == 302
    with seniors.system.database.read() as tx:
        found = [each.claim_id for each in claims.claims_of(tx, INSURED.person_id) if each.event_code == "flood_1"]
    page = seniors.client(staff="chen").get("/events/flood_1").text
    assert len(found) == 1 and found[0] in page
    assert seniors.client(staff="chen").get("/events/flood_1/account").json["account"]["reported_for"] == 1
    assert post(seniors, "bai", "/events/flood_1/find")[0] == 302
    assert post(seniors, "bai", "/events/flood_1/close")[0] == 409  # a claim is open, and no reason is given
    assert post(seniors, "bai", "/events/flood_1/close", reason="水已退")[0] == 302
    assert status(seniors) is EventStatus.CLOSED
    report = seniors.client(staff="wang").get("/events/flood_1/account").json
    assert (report["reason"], report["closed_by"], report["account"]["open_claims"]) == ("水已退", "bai", found)


@pytest.mark.parametrize(("field", "value", "told"), [
    ("from", "8月10日", "不是日期"), ("to", f"{DAY - timedelta(days=1)}", "早于起日"), ("regions", "99x", "不是地区代码"),
    ("regions", "", "灾害没有写明范围"),
    ("perils", "战争", "不是事故原因"), ("perils", "", "不是事故原因"), ("small", "viel", "small"), ("without", "pay_slip", "不是资料类别"),
    ("code", "Flood 1", "不是灾害事件代码"), ("name", "", "灾害没有填写名称"), ("hospitals", "H0", "没有医院 H0"),
    ("straight_through", "999999999", "与系统上限"),
])  # fmt: skip
def test_a_form_with_a_mistake_comes_back_with_what_was_typed(seniors: House, field: str, value: str, told: str) -> None:
    code, text = post(seniors, "zhou", "/events", **(FLOOD | {field: value}))
    assert code == 422 and told in text
    assert 'value="示例洪水"' in text or field == "name"
    with seniors.system.database.read() as tx:
        assert events.list_events(tx) == ()


@pytest.mark.parametrize("role", [each for each in STAFF if each not in ("hotline_agent", "field_agent")])
def test_everybody_in_the_house_but_the_telephone_sees_events_and_only_seniors_declare(house: House, role: str) -> None:
    page = house.client(staff=STAFF[role].user_name).get("/events")
    assert page.status_code == 200
    assert ("启动灾害应急" in page.text) is (role == "senior_adjuster")
    assert house.client(staff=STAFF[role].user_name).get("/events/none").status_code == 404
