"""See everything (通查询) over HTTP: the customer with 157 policies, who lives since 2003 in the sandbox's books; and bad input."""

from datetime import timedelta
from functools import cache

import pytest
from api_house import House
from api_http import Http
from test_api_claims import the_insured
from test_api_customer import token_of

from api.answers.holdings import WHAT
from commands.data import save_portfolio
from entitlement.figures import TO_DATE, Kind
from sandbox.many_policies import AS_OF
from sandbox.portfolio import Portfolio, build_customer_portfolio

CALLED_FOR = {
    "premium_due": {"renewal-premium"},
    "receivable": {"survival-benefit", "annuity-instalment", "maturity-benefit"},
    "loan_available": {"policy-loan"},
    "repayment_due": {"loan-repayment"},
    "universal_account": {"account-withdrawal"},
}
customer_portfolio = cache(build_customer_portfolio)


@pytest.fixture
def rich(house: House) -> tuple[Http, Portfolio]:
    """The customer's own client."""
    portfolio = customer_portfolio()
    with house.system.database.write() as tx:
        save_portfolio(tx, portfolio)
    return house.client(token=token_of(house, portfolio.persons[0])), portfolio


def test_everything_in_one_look_and_every_figure_is_the_sum_of_its_rows(rich: tuple[Http, Portfolio]) -> None:
    me, _ = rich
    seen = me.get(f"/v1/me/overview?as_of={AS_OF}").json
    assert (seen["policies"], seen["in_force"], seen["ended"]) == (157, 109, 48)
    assert {each["line"] for each in seen["by_state"]} == {"life", "property"}
    assert sum(each["policies"] for each in seen["by_state"]) == 157
    assert [each["kind"]["code"] for each in seen["figures"]] == [each.value for each in Kind]
    for each in seen["figures"]:
        rows = me.get(each["link"] + "&limit=200").json
        assert rows["next"] is None and rows["total"]["amount_fen"] == each["amount_fen"] > 0
        assert sum(row["amount_fen"] for row in rows["rows"]) == each["amount_fen"]
        called_for = {row["item"] for row in rows["rows"]}
        assert called_for - {None} == CALLED_FOR.get(each["kind"]["code"], set())


def test_money_is_due_or_receivable_in_nearly_every_month(rich: tuple[Http, Portfolio]) -> None:
    me, _ = rich
    seen = me.get(f"/v1/me/history?as_of={AS_OF}&limit=24").json
    assert [each["month"] for each in seen["months"]][:3] == ["2026-06", "2026-05", "2026-04"]
    assert all(each["premiums_paid_fen"] > 0 for each in seen["months"])
    older = me.get(f"/v1/me/history?as_of={AS_OF}&limit=24&cursor={seen['next']}").json
    assert older["months"][0]["month"] < seen["months"][-1]["month"]


def test_policies_are_listed_by_line_state_and_part(rich: tuple[Http, Portfolio]) -> None:
    me, _ = rich
    base = f"/v1/me/policies?as_of={AS_OF}&limit=200"
    every = me.get(base).json["policies"]
    life, homes = (me.get(f"{base}&line={line}").json["policies"] for line in ("life", "property"))
    assert len(every) == 157 == len(life) + len(homes)
    states = {state: me.get(f"{base}&state={state}").json["policies"] for state in {each["state"]["code"] for each in every}}
    assert sum(map(len, states.values())) == 157
    assert all(each["state"]["code"] == state for state, found in states.items() for each in found)
    assert len(me.get(f"{base}&my_part=insured").json["policies"]) == 157


def test_one_policy_is_told_whole_and_as_of_a_day_in_the_past(rich: tuple[Http, Portfolio]) -> None:
    me, portfolio = rich
    policy = next(each for each in portfolio.policies if each.product == "fulu-endowment")
    then = policy.first_effective_from + timedelta(days=400)
    now, before = (me.get(f"/v1/me/policies/{policy.policy_number}?as_of={day}").json for day in (AS_OF, then))
    assert (now["product_name"], now["policyholder"], now["my_part"]) == ("福禄两全保险", "钱**", "both")
    assert now["responsibilities"] and now["agent"]["phone"]
    paid = [next(each["amount_fen"] for each in seen["figures"] if each["parts"]) for seen in (before, now)]
    assert 0 < paid[0] < paid[1]


def test_a_day_before_the_policy_is_told_with_its_first_day(rich: tuple[Http, Portfolio]) -> None:
    me, portfolio = rich
    policy = portfolio.policies[0]
    first = policy.first_effective_from
    assert me.get(f"/v1/me/policies/{policy.policy_number}?as_of={first}").status_code == 200
    answer = me.get(f"/v1/me/policies/{policy.policy_number}?as_of={first - timedelta(days=1)}")
    assert answer.status_code == 422 and str(first) in answer.json["detail"]


@pytest.mark.parametrize("path", ["overview", "policies", "figures/received", "history"])
def test_a_day_in_the_future_is_refused(house: House, path: str) -> None:
    me = house.client(token=token_of(house, the_insured(house)))
    answer = me.get(f"/v1/me/{path}?as_of=2099-01-01")
    assert answer.status_code == 422 and "future" in answer.json["detail"]
    assert me.get(f"/v1/me/{path}?as_of=31.12.2020").status_code == 422


def test_somebody_elses_policy_is_told_in_the_words_of_no_policy(house: House, rich: tuple[Http, Portfolio]) -> None:
    me, _ = rich
    theirs, none = me.get("/v1/me/policies/P990000011"), me.get("/v1/me/policies/P000")
    assert theirs.status_code == none.status_code == 404
    assert theirs.json["detail"].replace("P990000011", "") == none.json["detail"].replace("P000", "")


def test_a_policy_of_which_only_the_cover_is_known_says_so(house: House) -> None:
    me = house.client(token=token_of(house, the_insured(house)))
    seen = me.get("/v1/me/overview").json
    told = {each["kind"]["code"]: each["amount_fen"] for each in seen["figures"]}
    assert told == dict.fromkeys(told, None) | {"universal_account": 0}  # no policy here has such an account
    assert next(each["unknown"] for each in seen["figures"] if each["kind"]["code"] == "premiums_paid") == seen["policies"]
    (row,) = me.get("/v1/me/figures/premiums_paid").json["rows"]
    assert (row["amount_fen"], row["why"]["code"]) == (None, "no_contract")


def test_an_unknown_figure_names_those_there_are(house: House) -> None:
    answer = house.client(token=token_of(house, the_insured(house))).get("/v1/me/figures/dividends")
    assert answer.status_code == 422 and "universal_account" in answer.text


def test_every_movement_and_every_part_has_its_words() -> None:
    assert {kind.value for kinds in TO_DATE.values() for kind in kinds} <= set(WHAT)
