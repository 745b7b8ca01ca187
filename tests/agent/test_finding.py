"""Finding an agent: what a plain look at everybody would give, page by page, on both databases."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from agent_samples import BRANCH, profile, save_town
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent import finding
from agent.finding import Found
from agent.standing import shortfall_of
from domain.agent import AgentProfile
from domain.errors import NotFoundError
from domain.places import Datum, Position, distance_m, to_gcj02
from domain.policy import Agent
from storage import agents, registry
from storage.agents import Wanted
from storage.database import Database, Transaction
from tests.conftest import CIPHER

HERE = Position(31.2304, 121.4737)


def save_agents(tx: Transaction, places: list[tuple[float, float]], ratings: list[tuple[int, int]], **changes: object) -> None:
    """Store agent A0, A1 … each in a branch of their own."""
    registry.save_agents(tx, [Agent(f"A{each}", f"示理{each}", "15490000000", "示例") for each in range(len(places))])
    agents.save_branches(
        tx, [replace(BRANCH, branch_id=f"B{each}", latitude=place[0], longitude=place[1]) for each, place in enumerate(places)]
    )
    made: list[AgentProfile] = [profile(each, branch_id=f"B{each}", **changes) for each in range(len(places))]
    agents.save_profiles(tx, made, shortfall_of(0, 0))
    for each, (count, stars) in enumerate(ratings):
        agents.set_ratings(tx, f"A{each}", count, stars, shortfall_of(count, stars))


def ids(found: tuple[Found, ...]) -> list[str]:
    return [each.card.agent_id for each in found]


def test_a_better_agent_farther_away_may_come_first(database: Database) -> None:
    with database.write() as tx:
        save_agents(tx, [(31.2304, 121.4737), (31.2484, 121.4737), (31.2664, 121.4737)], [(10, 30), (100, 490), (0, 0)])
        found = finding.nearest(tx, HERE, Wanted(), None, 10)
    assert ids(found) == ["A1", "A0", "A2"]
    assert [each.distance_m for each in found] == [2002, 0, 4003]


def test_nobody_beyond_two_hundred_kilometres_is_near(database: Database) -> None:
    with database.write() as tx:
        save_agents(tx, [(33.0, 121.4737), (33.1, 121.4737)], [])
        assert ids(finding.nearest(tx, HERE, Wanted(), None, 10)) == ["A0"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.floats(30.9, 31.6), st.floats(121.1, 121.9), st.integers(0, 30), st.integers(1, 5)), min_size=1, max_size=40),
    st.integers(1, 7),
)
def test_pages_give_everybody_once_as_they_weigh(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, town: list[tuple[float, float, int, int]], limit: int
) -> None:
    path = tmp_path_factory.mktemp("town") / "a.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}", CIPHER)
    with database.write() as tx:
        save_agents(tx, [(lat, lon) for lat, lon, _, _ in town], [(count, count * stars) for _, _, count, stars in town])
        weights = sorted(
            (distance_m(HERE, Position(lat, lon)) + 2 * shortfall_of(count, count * stars), f"A{each}")
            for each, (lat, lon, count, stars) in enumerate(town)
        )
        found: list[tuple[int, str]] = []
        while page := finding.nearest(tx, HERE, Wanted(), found[-1] if found else None, limit):
            found += [(each.weight, each.card.agent_id) for each in page]
    database.close()
    assert found == weights


def test_only_those_are_found_who_are_wanted(database: Database) -> None:
    with database.write() as tx:
        save_town(tx, agent_count=4)
        agents.save_profiles(tx, [profile(2, languages=("zh", "yue")), profile(3, accepting=False), profile(4, city_codes=("9902",))], 0)
        assert ids(finding.nearest(tx, HERE, Wanted(), None, 10)) == ["A1", "A2", "A4"]
        assert ids(finding.nearest(tx, HERE, Wanted(language="yue"), None, 10)) == ["A2"]
        assert ids(finding.nearest(tx, HERE, Wanted(language="yu"), None, 10)) == []
        assert ids(finding.nearest(tx, HERE, Wanted(city_code="9902"), None, 10)) == ["A4"]
        assert ids(finding.nearest(tx, HERE, Wanted(accepting=False), None, 10)) == ["A1", "A2", "A3", "A4"]


def test_a_city_is_listed_by_standing_page_by_page(database: Database) -> None:
    with database.write() as tx:
        save_town(tx, agent_count=3)
        agents.set_ratings(tx, "A3", 50, 250, shortfall_of(50, 250))
        first = finding.of_city(tx, Wanted(city_code="9901"), None, 2)
        rest = finding.of_city(tx, Wanted(city_code="9901"), (first[-1].weight, first[-1].card.agent_id), 2)
        assert finding.of_city(tx, Wanted(city_code="9909"), None, 2) == ()
    assert (ids(first), ids(rest)) == (["A3", "A1"], ["A2"])
    assert first[0].distance_m is None


def test_a_branch_stated_by_a_map_is_kept_where_it_is(database: Database) -> None:
    shown = to_gcj02(HERE)
    with database.write() as tx:
        save_town(tx)
        agents.save_branches(tx, [replace(BRANCH, latitude=shown.latitude, longitude=shown.longitude, datum=Datum.GCJ02)])
        (found, *_) = finding.nearest(tx, HERE, Wanted(), None, 10)
    assert found.distance_m is not None and found.distance_m <= 1


def test_bringing_profiles_up_to_date_leaves_what_customers_gave(database: Database) -> None:
    with database.write() as tx:
        save_town(tx)
        agents.set_ratings(tx, "A1", 2, 9, shortfall_of(2, 9))
        agents.save_profiles(tx, [profile(1, languages=("en",), city_codes=("9903", "9903"))], shortfall_of(0, 0))
        card = finding.card_of(tx, "A1")
    assert (card.ratings, card.stars, card.profile.languages, card.profile.city_codes) == (2, 9, ("en",), ("9903",))


def test_a_card_of_nobody_is_not_found(database: Database) -> None:
    with database.read() as tx, pytest.raises(NotFoundError, match="A77"):
        finding.card_of(tx, "A77")
