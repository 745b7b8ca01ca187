"""Links to an agent's card: that they were made, until when they open, and that they were taken back."""

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from storage.database import Transaction
from storage.ids import new_id
from storage.tables_agents import card_link


@dataclass(frozen=True)
class CardLink:
    """A link under which anybody sees an agent's card."""

    link_id: str
    agent_id: str
    made_ms: int
    expires_ms: int
    ended_ms: int | None


def add_link(tx: Transaction, agent_id: str, expires_ms: int) -> CardLink:
    """Write that there is a link."""
    made = CardLink(new_id("S"), agent_id, tx.now_ms(), expires_ms, None)
    tx.connection.execute(insert(card_link).values(**vars(made)))
    return made


def find_link(tx: Transaction, link_id: str) -> CardLink | None:
    """Find a link by its number."""
    row = tx.connection.execute(select(card_link).where(card_link.c.link_id == link_id)).one_or_none()
    return CardLink(**row._mapping) if row else None


def links_of(tx: Transaction, agent_id: str) -> tuple[CardLink, ...]:
    """List the links of an agent that still open, the latest first."""
    c = card_link.c
    wanted = (c.agent_id == agent_id, c.ended_ms.is_(None), c.expires_ms > tx.now_ms())
    return tuple(CardLink(**row._mapping) for row in tx.connection.execute(select(card_link).where(*wanted).order_by(c.link_id.desc())))


def end_link(tx: Transaction, link_id: str) -> None:
    """Take a link back."""
    tx.connection.execute(update(card_link).where(card_link.c.link_id == link_id).values(ended_ms=tx.now_ms()))
