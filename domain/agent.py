"""What is said of agents (代理人): their branch (网点), their card, their hours, and what customers arrange with them."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.china import MINUTE_MS, china_midnight_ms
from domain.places import Datum
from domain.working_days import is_working_day

SLOT_MINUTES = 30
SLOT_MS = SLOT_MINUTES * MINUTE_MS
LANGUAGES_ZH = {
    "zh": "普通话",
    "yue": "粤语",
    "nan": "闽南语",
    "hak": "客家话",
    "wuu": "吴语",
    "ug": "维吾尔语",
    "bo": "藏语",
    "mn": "蒙古语",
    "en": "英语",
    "sgn": "手语",
}


@dataclass(frozen=True)
class Branch:
    """An office of the insurer, with its place as `datum` says."""

    branch_id: str
    name: str
    region_code: str  # 行政区划代码
    address: str
    latitude: float
    longitude: float
    datum: Datum = Datum.WGS84


@dataclass(frozen=True)
class Hours:
    """When an agent can be met, in minutes since midnight in China: on working days, and on weekends and holidays."""

    working_days: tuple[tuple[int, int], ...] = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60 + 30))
    other_days: tuple[tuple[int, int], ...] = ()

    def slots_on(self, day: date) -> tuple[int, ...]:
        """Give the moments at which a slot of that day begins: on the hour and half past, each ending within the hours."""
        spans, midnight = self.working_days if is_working_day(day) else self.other_days, china_midnight_ms(day)
        starts = (
            minute
            for begin, end in spans
            for minute in range(-(-begin // SLOT_MINUTES) * SLOT_MINUTES, end - SLOT_MINUTES + 1, SLOT_MINUTES)
        )
        return tuple(midnight + minute * MINUTE_MS for minute in sorted(set(starts)))


@dataclass(frozen=True)
class AgentProfile:
    """What a card (名片) shows of an agent beside name and telephone, as the insurer's own system tells it."""

    agent_id: str
    branch_id: str
    licence_number: str  # 执业证编号
    joined_on: date
    languages: tuple[str, ...] = ("zh",)  # ISO 639, see LANGUAGES_ZH
    city_codes: tuple[str, ...] = ()  # first four digits of the 行政区划代码 of the cities they serve
    capacity: int = 500  # how many customers they may look after
    accepting: bool = True
    hours: Hours = field(default_factory=Hours)


@dataclass(frozen=True)
class AgentCard:
    """An agent as they are shown: profile, branch, and what customers gave."""

    name: str
    phone: str
    profile: AgentProfile
    branch: Branch
    ratings: int
    stars: int  # the sum of all ratings
    shortfall: int  # thousandths of a star below five: agent/standing.py

    @property
    def agent_id(self) -> str:
        """Name the agent."""
        return self.profile.agent_id

    def service_years(self, today: date) -> int:
        """Count the full years of service."""
        joined = self.profile.joined_on
        return max(0, today.year - joined.year - ((today.month, today.day) < (joined.month, joined.day)))


class MeetingKind(StrEnum):
    """How customer and agent meet."""

    CALL_BACK = "call_back"  # 回电
    BRANCH = "branch"  # 网点面谈
    VISIT = "visit"  # 上门


class AppointmentState(StrEnum):
    """What became of an appointment (预约)."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    DONE = "done"
    NO_SHOW = "no_show"  # the customer did not come, or did not answer


class ConsentScope(StrEnum):
    """What a customer may let an agent see (授权范围)."""

    CLAIMS = "claims"  # that there are open claims, where they stand, how much is asked for; when policies end
    CHANGE = "change"  # that an agent takes over, who is given what they need for that; part of choosing, never given by itself
    HEALTH = "health"  # besides: what the loss was and which papers are asked for, which tell of health


MEETINGS_ZH = {MeetingKind.CALL_BACK: "回电", MeetingKind.BRANCH: "网点面谈", MeetingKind.VISIT: "上门拜访"}
MET_ZH = {
    AppointmentState.BOOKED: "已预约",
    AppointmentState.CANCELLED: "已取消",
    AppointmentState.DONE: "已完成",
    AppointmentState.NO_SHOW: "客户未到",
}


@dataclass(frozen=True)
class Appointment:
    """One slot of an agent's time that a customer took."""

    appointment_id: str
    agent_id: str
    person_id: str
    kind: MeetingKind
    begins_ms: int
    state: AppointmentState
    topic: str
    version: int

    @property
    def ends_ms(self) -> int:
        """Tell when the slot is over."""
        return self.begins_ms + SLOT_MS


@dataclass(frozen=True)
class Contact:
    """A call or a visit, as the agent wrote it down; `note` is None once it was erased."""

    contact_id: str
    agent_id: str
    person_id: str
    kind: MeetingKind
    at_ms: int
    note: str | None


@dataclass(frozen=True)
class Consent:
    """What one customer lets one agent see, from when to when (None: still)."""

    consent_id: str
    person_id: str
    agent_id: str
    scope: ConsentScope
    wording_version: str
    given_ms: int
    ended_ms: int | None
    ended_by: str | None
