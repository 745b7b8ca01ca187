"""Links to a card: signed, expiring, taken back."""

import pytest
from agent_samples import AGENT_ACTOR, save_town
from sqlalchemy import update

from agent import sharing
from domain.china import DAY_MS
from domain.errors import ConflictError, InputError, NotFoundError
from storage import agent_acts, card_links
from storage.crypto import FieldCipher
from storage.database import Database
from storage.key_file import StoredKey
from storage.tables_agents import card_link
from tests.conftest import CIPHER


@pytest.fixture
def town(database: Database) -> Database:
    with database.write() as tx:
        save_town(tx)
    return database


def share(database: Database, days: int = 7, agent: str = "A1") -> tuple[str, str]:
    with database.write() as tx:
        link, token = sharing.share(tx, agent, days, AGENT_ACTOR)
    return link.link_id, token


def opens(database: Database, token: str) -> str:
    with database.read() as tx:
        return sharing.open_card(tx, token).agent_id


def test_a_link_opens_the_card_until_it_runs_out(town: Database) -> None:
    _, token = share(town)
    assert opens(town, token) == "A1"
    town._ahead_ms = lambda: 7 * DAY_MS - 10_000
    assert opens(town, token) == "A1"
    town._ahead_ms = lambda: 7 * DAY_MS
    with pytest.raises(NotFoundError, match="ran out"):
        opens(town, token)


def test_a_link_that_was_taken_back_opens_nothing(town: Database) -> None:
    link_id, token = share(town)
    with pytest.raises(NotFoundError), town.write() as tx:
        sharing.take_back(tx, "A2", link_id, AGENT_ACTOR)
    assert opens(town, token) == "A1"
    with town.write() as tx:
        sharing.take_back(tx, "A1", link_id, AGENT_ACTOR)
        sharing.take_back(tx, "A1", link_id, AGENT_ACTOR)
        assert [each.action for each in agent_acts.entries(tx, "agent A1")] == ["card.shared", "card.taken_back"]
        assert card_links.links_of(tx, "A1") == ()
    with pytest.raises(NotFoundError, match="taken back"):
        opens(town, token)


def test_a_link_that_was_made_up_or_changed_leads_nowhere(town: Database) -> None:
    _, token = share(town)
    _, other = share(town, agent="A2")
    swapped = other.split("-")[0] + "-" + token.split("-")[1]
    for forged in (
        "",
        "x",
        token[:-1],
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        token + "0",
        swapped,
        "S" + "0" * 15 + "-" + "0" * 64,
    ):
        with pytest.raises(NotFoundError, match="leads nowhere"):
            opens(town, forged)


def test_a_row_that_was_prolonged_in_the_database_does_not_open(town: Database) -> None:
    _, token = share(town)
    with town.write() as tx:
        tx.connection.execute(update(card_link).values(expires_ms=card_link.c.expires_ms + DAY_MS))
    with pytest.raises(NotFoundError, match="leads nowhere"):
        opens(town, token)


def test_a_link_outlives_a_change_of_keys(town: Database) -> None:
    _, token = share(town)
    town.cipher = FieldCipher(bytes(range(64)), later=[StoredKey("0000000b", bytes([7]) * 64)])
    _, newer = share(town)
    assert opens(town, token) == opens(town, newer) == "A1"
    town.cipher = CIPHER
    with pytest.raises(NotFoundError, match="leads nowhere"):
        opens(town, newer)


@pytest.mark.parametrize("days", [0, 91])
def test_a_link_opens_for_one_to_ninety_days(town: Database, days: int) -> None:
    with pytest.raises(InputError) as told:
        share(town, days)
    assert told.value.field == "days"
    share(town, 1)
    share(town, 90)


def test_an_agent_has_twenty_links_at_most(town: Database) -> None:
    for _ in range(20):
        share(town)
    with pytest.raises(ConflictError, match="20 links"):
        share(town)
    share(town, agent="A2")
