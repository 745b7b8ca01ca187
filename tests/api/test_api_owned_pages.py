"""Everything a customer owns, on the pages of the desk; a transaction done for them with the code they read out; what a person decides."""

import html
import re
from datetime import date, timedelta

import pytest
from api_house import House
from api_http import Http, csrf_of
from test_api_claims import the_insured
from test_api_customer import somebody_else
from test_api_servicing import ACCOUNT, NUMBER, code_in, me  # noqa: F401  # a fixture: the insured, with a contract of seven years
from werkzeug.test import TestResponse

from adjudicator.chores import do_chores
from domain.china import china_day
from domain.contract import Contract, EntryKind, PolicyEntry, premium_event
from domain.policy import Policy
from domain.terms import Frequency
from storage import agent_acts, policy_ledger, registry, servicing
from storage.look_ups import look_ups

PAGE = {"Accept": "text/html"}
pytestmark = pytest.mark.usefixtures("me")


@pytest.fixture
def desk(house: House) -> Http:
    return house.client(staff="feng")


@pytest.fixture
def owned(house: House) -> str:
    return f"/hotline/policies/{the_insured(house).person_id}"


def read(client: Http, path: str, status: int = 200) -> str:
    answer = client.get(path, headers=PAGE)
    assert answer.status_code == status, answer.text
    return html.unescape(answer.text)


def sent(client: Http, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf": csrf_of(client.get("/hotline").text), **fields}, headers=PAGE)


def quoted(desk: Http, owned: str, item: str = "policy-loan", **fields: str) -> str:
    answer = sent(desk, f"{owned}/{NUMBER}/items/{item}", **({"amount": "1000", "account": ACCOUNT} | fields))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_the_desk_comes_from_the_caller_to_everything_they_own(house: House, desk: Http, owned: str) -> None:
    form = {"csrf": csrf_of(desk.get("/hotline").text), "do": "find", "id_number": the_insured(house).id_number}
    assert f'href="{owned}"' in desk.post("/hotline", data=form, headers=PAGE).text
    page = read(desk, owned)
    assert "福禄" in page and NUMBER in page and "累计已交保费" in page and "49,000.00" in page  # seven premiums of 7,000
    assert the_insured(house).id_number not in page and the_insured(house).phone not in page
    assert f'href="{owned}/{NUMBER}/items/policy-loan"' in page  # one tap from the row of what may be borrowed


def test_one_policy_shows_what_its_figures_are_made_of_and_what_can_be_done(desk: Http, owned: str) -> None:
    page = read(desk, f"{owned}/{NUMBER}")
    paid = page.split('id="premiums_paid"')[1].split("</details>")[0]
    assert paid.count("7,000.00") == 7
    assert f'href="{owned}/{NUMBER}/items/policy-loan"' in page
    assert "只有中止的保单才能复效" in page


def test_a_day_in_the_past_is_answered_for_and_one_that_cannot_be_is_told(house: House, desk: Http, owned: str) -> None:
    with house.system.database.read() as tx:
        today = china_day(tx.now_ms())
        begins = policy_ledger.entries_of(tx, [NUMBER])[NUMBER][0].value_date
    paid = read(desk, f"{owned}/{NUMBER}?as_of={begins}").split('id="premiums_paid"')[1].split("</details>")[0]
    assert paid.count("7,000.00") == 2  # the sum and its one part
    assert NUMBER not in read(desk, f"{owned}?as_of={begins - timedelta(days=1)}")
    assert 'role="alert"' in read(desk, f"{owned}/{NUMBER}?as_of={begins - timedelta(days=1)}", 422)
    for asked in (str(today + timedelta(days=1)), "yesterday"):
        assert 'role="alert"' in read(desk, f"{owned}?as_of={asked}", 422)


def test_filters_leave_what_was_asked_for(desk: Http, owned: str) -> None:
    def listed(query: str) -> str:
        return read(desk, f"{owned}?{query}").split('id="policies-name"')[1]

    assert NUMBER in listed("line=life&state=in_force")
    assert NUMBER not in listed("line=property") and NUMBER not in listed("state=surrendered")


def test_the_history_has_a_month_for_each_premium(desk: Http, owned: str) -> None:
    page = read(desk, f"{owned}/history")
    assert page.count("<details") == 7
    first = re.findall(r"<span>(\d{4}-\d\d)</span>", page)[-1]
    assert "没有资金往来" in read(desk, f"{owned}/history?before={first}")


def test_a_loan_is_quoted_signed_with_the_callers_code_and_paid(house: House, desk: Http, owned: str) -> None:
    place = quoted(desk, owned)
    assert "请念给客户听" in read(desk, place) and "保全项目：保单贷款" in read(desk, place)
    assert sent(desk, f"{place}/code").status_code == 302
    digest = re.search(r'name="text_sha256" value="([0-9a-f]{64})"', read(desk, place))
    assert digest
    wrong = sent(desk, f"{place}/signature", text_sha256=digest[1], code="12345")
    assert wrong.status_code == 422 and 'role="alert"' in wrong.text
    signed = sent(desk, f"{place}/signature", text_sha256=digest[1], code=code_in(house))
    assert signed.status_code == 302
    assert "资金处理中" in read(desk, place)
    do_chores(house.system)
    page = read(desk, place)
    assert "已办理" in page and f'href="{place}/endorsement.html"' in page
    assert "保险批单" in read(desk, f"{place}/endorsement.html")
    person_id = the_insured(house).person_id
    with house.system.database.read() as tx:
        (act,) = [each for each in agent_acts.entries(tx, agent_acts.of_customer(person_id)) if each.action == "servicing.signed"]
    assert act.actor == "feng"  # who typed the code in; the signature says that it was the customer's


def test_what_cannot_be_done_is_told_and_nothing_typed_is_lost(desk: Http, owned: str) -> None:
    refused = sent(desk, f"{owned}/{NUMBER}/items/policy-loan", amount="9999999", account=ACCOUNT)
    assert refused.status_code == 422 and 'value="9999999"' in refused.text and 'aria-invalid="true"' in refused.text
    assert "只有中止的保单才能复效" in read(desk, f"{owned}/{NUMBER}/items/reinstatement")
    assert read(desk, f"{owned}/{NUMBER}/items/no-such-item", 404)


def test_nobody_elses_policy_or_transaction_is_shown_under_a_customer(house: House, desk: Http, owned: str) -> None:
    stranger = f"/hotline/policies/{somebody_else(house).person_id}"
    place = quoted(desk, owned)
    assert read(desk, f"{stranger}/{NUMBER}", 404)
    assert read(desk, f"{stranger}/{NUMBER}/items/policy-loan", 404)
    assert read(desk, place.replace(owned, stranger), 404)
    assert read(desk, "/hotline/policies/Q0", 404)


def test_who_looked_is_written_down(house: House, desk: Http, owned: str) -> None:
    read(desk, owned)
    with house.system.database.read() as tx:
        (seen, *_) = look_ups(tx, actor="feng")
    assert (seen.clue, seen.found) == ("policies", (the_insured(house).person_id,))


LAPSED = "P990077702"


@pytest.fixture
def waiting(house: House, desk: Http, owned: str) -> str:
    """A reinstatement that was signed and waits for a person; gives its number."""
    person_id = the_insured(house).person_id
    with house.system.database.write() as tx:
        start = date(china_day(tx.now_ms()).year - 2, 1, 1)
        while (china_day(tx.now_ms()) - date(start.year + 1, start.month, 1)).days not in range(70, 700):
            start = date(start.year, start.month + 1, 1)
        registry.save_policies(
            tx, [Policy(LAPSED, person_id, person_id, "fulu-endowment", "", start, date(start.year + 15, 1, 1), start, 10_000_000)]
        )
        policy_ledger.save_contracts(tx, [Contract(LAPSED, Frequency.YEARLY, 700_000, 10)])
        policy_ledger.book(tx, [PolicyEntry(LAPSED, EntryKind.PREMIUM, 700_000, premium_event(start), start)])
    asked = sent(desk, f"{owned}/{LAPSED}/items/reinstatement", account=ACCOUNT, healthy="无变化")
    assert asked.status_code == 302, asked.text
    place = str(asked.headers["Location"])
    sent(desk, f"{place}/code")
    digest = re.search(r'name="text_sha256" value="([0-9a-f]{64})"', read(desk, place))
    assert digest
    assert sent(desk, f"{place}/signature", text_sha256=digest[1], code=code_in(house)).status_code == 302
    return place.rsplit("/", 1)[1]


def decided(client: Http, transaction_id: str, do: str, reason: str = "") -> TestResponse:
    form = {"csrf": csrf_of(client.get("/hotline").text), "do": do, "reason": reason}
    return client.post(f"/servicing/{transaction_id}", data=form, headers=PAGE)


def state_of(house: House, transaction_id: str) -> str:
    with house.system.database.read() as tx:
        return servicing.find(tx, transaction_id).state


def test_a_person_lets_a_reinstatement_through(house: House, desk: Http, waiting: str) -> None:
    adjuster = house.client(staff="chen")
    page = read(adjuster, "/servicing")
    assert waiting in page and "需要的资料：" in page and "保全项目：复效" in page
    assert decided(adjuster, waiting, "approve").status_code == 302
    assert state_of(house, waiting) == "moving"
    page = read(adjuster, "/servicing")
    assert f"已同意办理：{waiting}" in page and "没有待审核的保全业务" in page
    assert decided(desk, waiting, "approve").status_code == 403


def test_a_refusal_needs_a_reason_which_the_desk_reads(house: House, desk: Http, owned: str, waiting: str) -> None:
    adjuster = house.client(staff="chen")
    refused = decided(adjuster, waiting, "refuse")
    assert refused.status_code == 422 and 'role="alert"' in refused.text and state_of(house, waiting) == "waiting"
    assert decided(adjuster, waiting, "refuse", "健康告知未通过").status_code == 302
    assert state_of(house, waiting) == "refused"
    assert "健康告知未通过" in read(desk, f"{owned}/transactions/{waiting}")
    assert decided(adjuster, waiting, "approve").status_code == 409
