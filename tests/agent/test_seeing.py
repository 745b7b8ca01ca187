"""What an agent sees, cell by cell: whose customer × which consent × what of the claim."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from agent_samples import CLAIMS, HEALTH, ME, a_policy, save_town

from agent import consenting, seeing
from agent.seeing import Customer
from domain.agent import Consent, ConsentScope
from domain.china import china_day
from domain.errors import ConflictError, NotFoundError
from domain.finding import Finding, Severity
from domain.states import ClaimState
from storage import agent_acts, claims, consents, notices, registry
from storage.agent_sight import count_silent
from storage.database import Database, Transaction
from tests.storage.storage_samples import ACTOR, HOSPITAL, OTHER_HOSPITAL, new_claim

ASKED = Finding("paper.missing", Severity.BLOCK, "缺少病理检查报告")
SCOPES = {"nothing": (), "claims": (ConsentScope.CLAIMS,), "claims and health": (ConsentScope.CLAIMS, ConsentScope.HEALTH)}


@pytest.fixture
def town(database: Database) -> Database:
    with database.write() as tx:
        save_town(tx, people=3)
        registry.save_hospitals(tx, [HOSPITAL, OTHER_HOSPITAL])
        claims.add_claim(tx, new_claim(1, 1, state=ClaimState.NEEDS_SUPPLEMENT), ACTOR)
        notices.add_notice(tx, "C1", 1, "supplement", "补充资料", "请补充", (ASKED,))
        claims.add_claim(tx, new_claim(2, 1, state=ClaimState.PAID), ACTOR)
        claims.add_claim(tx, new_claim(3, 2, policy_numbers=("P2",)), ACTOR)
    return database


def give(tx: Transaction, scope: ConsentScope, person: str = "I1", agent: str = "A1") -> Consent:
    return consenting.give(tx, person, agent, scope, CLAIMS if scope is ConsentScope.CLAIMS else HEALTH, ME)


def seen(database: Database, agent: str = "A1") -> dict[str, Customer]:
    with database.read() as tx:
        return {each.person_id: each for each in seeing.customers_of(tx, agent, china_day(tx.now_ms()), 10)}


@pytest.mark.parametrize("scopes", SCOPES)
@pytest.mark.parametrize("agent", ["A1", "A2"])
def test_what_is_seen_is_what_was_consented_to_by_whom_it_was_consented(town: Database, agent: str, scopes: str) -> None:
    with town.write() as tx:
        for scope in SCOPES[scopes]:
            give(tx, scope)
    found = seen(town, agent)
    if agent != "A1" or scopes == "nothing":
        assert found == {}
        return
    assert set(found) == {"I1"}
    (claim,) = found["I1"].claims
    assert (claim.claim_id, claim.state, claim.papers_asked) == ("C1", ClaimState.NEEDS_SUPPLEMENT, 1)
    health = (claim.papers, claim.loss_date, claim.loss_cause)
    assert health == ((("缺少病理检查报告",), date(2024, 6, 1), "疾病") if "health" in scopes else ((), None, None))


def test_one_customer_is_found_or_none_in_the_same_words(town: Database) -> None:
    with town.write() as tx:
        give(tx, ConsentScope.CLAIMS)
    with town.read() as tx:
        today = china_day(tx.now_ms())
        assert seeing.customer_of(tx, "A1", "I1", today).name == "示例1"
        for agent, person in (("A2", "I1"), ("A1", "I2"), ("A1", "nobody")):
            with pytest.raises(NotFoundError) as told:
                seeing.customer_of(tx, agent, person, today)
            assert told.value.what == f"no customer {person}"


def test_a_withdrawal_holds_at_once_and_takes_health_with_it(town: Database) -> None:
    with town.write() as tx:
        given = give(tx, ConsentScope.CLAIMS)
        give(tx, ConsentScope.HEALTH)
    with town.write() as tx:
        ended = consenting.withdraw(tx, "I1", given.consent_id, ME)
        assert ended.ended_ms and ended.ended_by == "customer"
        assert consenting.withdraw(tx, "I1", given.consent_id, ME) == ended
    assert seen(town) == {}
    with town.read() as tx:
        assert [each.ended_ms is None for each in consents.consents_of(tx, "I1")] == [False, False]
        actions = [each.action for each in agent_acts.entries(tx, "customer I1")]
    assert actions == ["consent.given", "consent.given", "consent.withdrawn", "consent.withdrawn"]


def test_health_alone_is_withdrawn_alone(town: Database) -> None:
    with town.write() as tx:
        give(tx, ConsentScope.CLAIMS)
        consenting.withdraw(tx, "I1", give(tx, ConsentScope.HEALTH).consent_id, ME)
    assert seen(town)["I1"].claims[0].loss_cause is None


def test_consent_names_the_words_and_the_moment_and_is_given_once(town: Database) -> None:
    with town.write() as tx:
        first = give(tx, ConsentScope.CLAIMS)
        assert give(tx, ConsentScope.CLAIMS) == first
        assert (first.wording_version, abs(first.given_ms - tx.now_ms()) < 1000) == (CLAIMS, True)
        assert len(agent_acts.entries(tx, "customer I1")) == 1


@pytest.mark.parametrize(
    ("agent", "scope", "wording", "error", "told"),
    [
        ("A2", ConsentScope.CLAIMS, CLAIMS, NotFoundError, "looks after none of your policies"),
        ("A1", ConsentScope.CLAIMS, "2020-01", ConflictError, "are version"),
        ("A1", ConsentScope.HEALTH, HEALTH, ConflictError, "may not see claims"),
    ],
)
def test_a_consent_that_cannot_be_is_refused(
    town: Database, agent: str, scope: ConsentScope, wording: str, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told), town.write() as tx:
        consenting.give(tx, "I1", agent, scope, wording, ME)
    assert seen(town) == {}


def test_somebody_elses_consent_is_none(town: Database) -> None:
    with town.write() as tx:
        given = give(tx, ConsentScope.CLAIMS)
    with pytest.raises(NotFoundError, match="no consent"), town.write() as tx:
        consenting.withdraw(tx, "I2", given.consent_id, ME)
    assert set(seen(town)) == {"I1"}


def test_a_claim_under_another_agents_policy_is_not_seen(town: Database) -> None:
    with town.write() as tx:
        registry.save_policies(tx, [replace(a_policy(1), policy_number="P1b", agent_id="A2")])
        claims.add_claim(tx, new_claim(4, 1, policy_numbers=("P1b",)), ACTOR)
        give(tx, ConsentScope.CLAIMS)
        give(tx, ConsentScope.CLAIMS, agent="A2")
    assert [each.claim_id for each in seen(town)["I1"].claims] == ["C1"]
    assert [each.claim_id for each in seen(town, "A2")["I1"].claims] == ["C4"]


def test_a_policy_that_ends_soon_is_a_thing_to_do(town: Database) -> None:
    with town.write() as tx:
        today = china_day(tx.now_ms())
        ends = [today - timedelta(1), today, today + timedelta(60), today + timedelta(61)]
        registry.save_policies(tx, [replace(a_policy(1), policy_number=f"P1{place}", effective_to=each) for place, each in enumerate(ends)])
        give(tx, ConsentScope.CLAIMS)
    assert [number for number, _ in seen(town)["I1"].ending] == ["P11", "P12"]


def test_customers_come_page_by_page_and_the_silent_are_counted(town: Database) -> None:
    with town.write() as tx:
        for person in ("I1", "I2"):
            give(tx, ConsentScope.CLAIMS, person)
        today = china_day(tx.now_ms())
        (first,) = seeing.customers_of(tx, "A1", today, 1)
        (second,) = seeing.customers_of(tx, "A1", today, 1, first.person_id)
        assert [first.person_id, second.person_id] == ["I1", "I2"]
        assert seeing.customers_of(tx, "A1", today, 1, "I2") == () and count_silent(tx, "A1") == 1


def test_the_holder_of_a_policy_is_told_to_its_agent_alone(town: Database) -> None:
    with town.read() as tx:
        assert seeing.holder_of(tx, "A1", "P1").person_id == "I1"
        for agent, number in (("A2", "P1"), ("A1", "P99")):
            with pytest.raises(NotFoundError):
                seeing.holder_of(tx, agent, number)
