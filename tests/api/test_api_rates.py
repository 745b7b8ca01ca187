"""Who calls too often is told when to come back; nobody else waits for them."""

import pytest
from api_house import SECRETS, House
from hypothesis import given
from hypothesis import strategies as st
from test_api_claims import the_insured
from test_api_customer import token_of

from api.rate_limit import RateLimit, Rates
from api.settings import ApiSettings
from api.web import create_app
from domain.errors import OverloadedError

SLOW = Rates(channel=2, customer=1, staff=1, address=1)


def calls(house: House, authorization: str, count: int, path: str = "/v1/claims/C0") -> list[int]:
    client = create_app(house.system, ApiSettings("k" * 32, rates=SLOW)).test_client()
    headers = {"Authorization": authorization} if authorization else {}
    answers = [client.get(path, headers=headers) for _ in range(count)]
    for each in answers:
        if each.status_code == 429:
            assert int(each.headers["Retry-After"]) >= 1 and each.json["type"] == "urn:mingbai:overloaded"
    return [each.status_code for each in answers]


@pytest.mark.parametrize(("who", "most"), [("channel", 10), ("customer", 5), ("stranger", 5)])
def test_five_seconds_worth_of_calls_may_come_at_once_and_then_one_waits(house: House, who: str, most: int) -> None:
    held = {"channel": SECRETS["app"], "customer": token_of(house, the_insured(house)), "stranger": "guess"}[who]
    statuses = calls(house, f"Bearer {held}", most + 3)
    assert set(statuses[:most]) == {401 if who == "stranger" else 404}
    assert 429 in statuses[most:]


def test_open_pages_are_bounded_too(house: House) -> None:
    assert 429 in calls(house, "", 8, "/openapi.json")


def limit_at(now: list[float]) -> RateLimit:
    return RateLimit(SLOW, clock=lambda: now[0])


def test_the_wait_that_is_told_is_enough() -> None:
    now = [100.0]
    limit = limit_at(now)
    for _ in range(5):
        limit.take("one", 1.0)
    with pytest.raises(OverloadedError) as refused:
        limit.take("one", 1.0)
    now[0] += refused.value.retry_after_seconds
    limit.take("one", 1.0)


def test_one_who_calls_too_often_keeps_nobody_else_waiting() -> None:
    limit = limit_at([0.0])
    for _ in range(5):
        limit.take("one", 1.0)
    limit.take("other", 1.0)


@given(st.lists(st.floats(0, 20), max_size=60), st.floats(0.1, 10))
def test_never_more_than_the_rate_and_its_burst_get_through(pauses: list[float], rate: float) -> None:
    now, passed = [0.0], 0
    limit = limit_at(now)
    for pause in pauses:
        now[0] += pause
        try:
            limit.take("one", rate)
            passed += 1
        except OverloadedError:
            pass
    assert passed <= rate * now[0] + max(5 * rate, 1) + 1e-6


def test_buckets_that_are_full_again_are_forgotten() -> None:
    now = [0.0]
    limit = RateLimit(SLOW, clock=lambda: now[0], max_keys=10)
    for each in range(100):
        now[0] += 2.0
        limit.take(f"address:{each}", 1.0)
    assert len(limit._full_at) <= 11
