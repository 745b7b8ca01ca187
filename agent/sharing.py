"""Links to a card (名片分享): signed, so that none can be made up; expiring, and taken back at once. They show that card alone."""

import re

from agent.finding import card_of
from domain.agent import AgentCard
from domain.china import DAY_MS, china_minute
from domain.decision import Actor
from domain.errors import ConflictError, InputError, NotFoundError
from storage import agent_acts, card_links
from storage.card_links import CardLink
from storage.database import Transaction

MOST_DAYS = 90
_MOST_LINKS = 20
_TOKEN = re.compile(r"(S[0-9A-Z]{15})-((?:[0-9a-f]{8}_)?[0-9a-f]{64})")


def share(tx: Transaction, agent_id: str, days: int, actor: Actor) -> tuple[CardLink, str]:
    """Make a link that opens for some days; gives it with the token that stands in its address.

    Raises:
        NotFoundError: the agent has no card.
        InputError: not 1 to 90 days.
        ConflictError: twenty links of this agent are open.
    """
    if not 1 <= days <= MOST_DAYS:
        raise InputError(
            f"{days} days are none of 1 to {MOST_DAYS}",
            "choose a shorter or longer time",
            field="days",
            advice_zh=f"请选 1 到 {MOST_DAYS} 天",
        )
    agent_acts.lock_agent(tx, agent_id)
    card_of(tx, agent_id)
    if len(card_links.links_of(tx, agent_id)) >= _MOST_LINKS:
        raise ConflictError(f"{_MOST_LINKS} links of agent {agent_id} are open", "take one back first")
    made = card_links.add_link(tx, agent_id, tx.now_ms() + days * DAY_MS)
    agent_acts.append(tx, agent_acts.of_agent(agent_id), actor, "card.shared", link=made.link_id, expires_ms=made.expires_ms)
    return made, token_of(tx, made)


def token_of(tx: Transaction, link: CardLink) -> str:
    """Write what stands in a link's address: its number, and a signature over what it opens and until when."""
    return f"{link.link_id}-{tx.cipher.mac(_signed(link)).replace(':', '_')}"


def open_card(tx: Transaction, token: str) -> AgentCard:
    """Give the card that a link leads to.

    Raises:
        NotFoundError: the link was never made here, has run out, or was taken back.
    """
    form = _TOKEN.fullmatch(token)
    link = card_links.find_link(tx, form[1]) if form else None
    if form is None or link is None or not tx.cipher.is_mac(form[2].replace("_", ":"), _signed(link)):
        raise NotFoundError("this link leads nowhere", "ask the agent for a new one")
    if link.ended_ms is not None:
        raise NotFoundError("this link was taken back", "ask the agent for a new one")
    if link.expires_ms <= tx.now_ms():
        raise NotFoundError(f"this link ran out on {china_minute(link.expires_ms)}", "ask the agent for a new one")
    return card_of(tx, link.agent_id)


def take_back(tx: Transaction, agent_id: str, link_id: str, actor: Actor) -> CardLink:
    """Let a link lead nowhere from now on.

    Raises:
        NotFoundError: no link of this agent.
    """
    agent_acts.lock_agent(tx, agent_id)
    link = card_links.find_link(tx, link_id)
    if link is None or link.agent_id != agent_id:
        raise NotFoundError(f"no link {link_id}", "list yours first")
    if link.ended_ms is None:
        card_links.end_link(tx, link_id)
        agent_acts.append(tx, agent_acts.of_agent(agent_id), actor, "card.taken_back", link=link_id)
    return link


def _signed(link: CardLink) -> str:
    return f"card {link.link_id} {link.agent_id} {link.expires_ms}"
