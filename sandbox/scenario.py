"""What a scenario is: who plays, what is sent in, and what must come of it, to the 分."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sandbox.cast import Member
from sandbox.photograph import Level, photograph
from sandbox.render import PageSpec, render


@dataclass(frozen=True)
class Photograph:
    """A file of a submission, not yet taken: the page, how well it is photographed, and the seed of its chances."""

    filename: str
    page: PageSpec
    level: Level
    seed: int

    def take(self) -> bytes:
        """Render and photograph it: JPEG bytes, the same every time."""
        return photograph(render(self.page), self.level, self.seed)


@dataclass(frozen=True)
class Submission:
    """One message to a channel, and what must become of the claim it starts.

    The channels: app (POST /v1/claims, multipart, with files), hotline (POST /v1/hotline/reports, JSON),
    hospital (POST /v1/hospital/settlements, JSON).
    """

    channel: str
    payload: Mapping[str, Any]
    expected_state: str  # a domain.states.ClaimState
    expected_paid_fen: int
    files: tuple[Photograph, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """One of the dozen claims: `shows` one thing, after `earlier` submissions and after the scenario named by `after`."""

    name: str
    title_zh: str
    shows: str
    cast: tuple[Member, ...]
    main: Submission
    earlier: tuple[Submission, ...] = ()
    after: str = ""
    expected_reasons: tuple[str, ...] = ()  # words that must appear in the reasons of the claim

    @property
    def expected_state(self) -> str:
        """Where the main claim must stand in the end."""
        return self.main.expected_state

    @property
    def expected_paid_fen(self) -> int:
        """What the main claim must have paid in the end."""
        return self.main.expected_paid_fen

    def in_round(self, round_number: int) -> "Scenario":
        """Name it apart from the same scenario of other rounds: clean-inpatient, clean-inpatient-2, …."""
        if round_number == 0:
            return self
        ending = f"-{round_number + 1}"
        return replace(self, name=self.name + ending, after=self.after + ending if self.after else "")
