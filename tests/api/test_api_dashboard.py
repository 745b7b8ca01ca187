"""The managers' page: its figures, and the queue that each of them leads to."""

import re

import pytest
from api_house import House
from test_api_claims import send

from api.workbench.dashboard import _span


@pytest.fixture
def page(house: House) -> str:
    send(house)
    house.work()
    return house.client(staff="zheng").get("/dashboard").text


@pytest.mark.parametrize("figure", ["received", "complete", "waiting", "decided", "straight_through", "paid", "at_risk", "missed"])
def test_a_figure_leads_to_the_queue_with_as_many_claims(house: House, page: str, figure: str) -> None:
    found = re.search(rf'href="([^"]+)" data-figure="{figure}">(\d+)', page)
    assert found
    listed = house.client(staff="zheng").get(found[1].replace("&amp;", "&")).text
    assert listed.count("data-row ") == int(found[2])


def test_a_claim_with_people_is_counted_by_its_age(page: str) -> None:
    assert re.search(r'detail=0-1" data-figure="waiting">1<', page)


def test_a_day_that_is_none_and_a_period_that_ends_before_it_begins_are_borne(house: House) -> None:
    client = house.client(staff="zheng")
    assert client.get("/dashboard?since=gestern&until=31.12.").status_code == 200
    assert client.get("/dashboard?since=2026-08-02&until=2026-08-01").status_code == 200


def test_an_adjuster_has_no_dashboard(house: House) -> None:
    client = house.client(staff="chen")
    assert "/dashboard" not in client.get("/").text
    assert client.get("/dashboard", headers={"Accept": "text/html"}).status_code == 403


@pytest.mark.parametrize(
    ("ms", "told"), [(None, "—"), (59_949, "59.9 秒"), (60_000, "1.0 分钟"), (3_600_000, "1.0 小时"), (86_400_000, "1.0 天")]
)
def test_a_time_is_told_in_the_unit_that_tells_it(house: House, ms: int | None, told: str) -> None:
    with house.client().app.test_request_context(headers={"Accept-Language": "zh"}):
        assert _span(ms) == told
