"""What all answers share: amounts are told twice, as whole fen for programs and as 元 for people; times are ISO in China's zone."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.china import CHINA


class Answer(BaseModel):
    """What an endpoint answers."""

    model_config = ConfigDict(frozen=True)


class Links(Answer):
    """Where to go on."""

    self: str
    documents: str


def links_of(claim_id: str) -> Links:
    """Give the addresses of a claim, relative to this server."""
    return Links(self=f"/v1/claims/{claim_id}", documents=f"/v1/claims/{claim_id}/documents")


def iso_time(milliseconds: int) -> str:
    """Write a stored time with China's offset: 2026-08-15T09:30:00+08:00."""
    return datetime.fromtimestamp(milliseconds / 1000, CHINA).isoformat(timespec="seconds")
