"""The audit trail as people read it: who did what, when, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adjudicator.story import STATES_ZH
from api.workbench.language import say
from api.workbench.words import ACTIONS_ZH, ACTS_ZH, CHANNELS_ZH, ROLES_ZH
from domain.document import CLASS_NAMES_ZH, FIELD_LABELS_ZH, DocumentClass
from domain.money import format_fen
from domain.states import ClaimState
from storage.audit import AuditEntry


@dataclass(frozen=True)
class Moment:
    """One entry of the timeline."""

    at_ms: int
    who: str
    what: str
    detail: str
    by_person: bool


def timeline_of(entries: tuple[AuditEntry, ...], names: Mapping[str, str]) -> tuple[Moment, ...]:
    """Tell an audit trail, newest first; `names` gives the display names of log-ins."""
    return tuple(_moment(each, names) for each in reversed(entries))


def _moment(entry: AuditEntry, names: Mapping[str, str]) -> Moment:
    detail = entry.detail
    return Moment(entry.at_ms, who_of(entry, names), _what(entry.action, detail), _detail(detail), entry.actor in names)


def who_of(entry: AuditEntry, names: Mapping[str, str]) -> str:
    """Name who acted: a person by display name, a part of the system or a channel by its word."""
    if entry.actor in names:
        return names[entry.actor]
    return say(CHANNELS_ZH.get(entry.actor) or ROLES_ZH.get(entry.actor_role, entry.actor))


def _what(action: str, detail: Mapping[str, Any]) -> str:
    if action == "claim.moved":
        return say("转为「{state}」", state=say(STATES_ZH[ClaimState(detail["to"])]))
    return say(ACTIONS_ZH.get(action, action))


def _detail(detail: Mapping[str, Any]) -> str:
    told = [
        say("金额 {amount}", amount=format_fen(detail["amount_fen"])) if "amount_fen" in detail else "",
        say("理算 {amount}", amount=format_fen(detail["proposed_fen"])) if "proposed_fen" in detail else "",
        say("{count} 份", count=detail["count"]) if "count" in detail else "",
        say("{count} 项", count=detail["gaps"]) if isinstance(detail.get("gaps"), int) else "",
        say(CLASS_NAMES_ZH[DocumentClass(detail["class"])]) if detail.get("class") else "",
        say(_LABELS.get(str(detail.get("field", "")), "")),
        say("{count} 天", count=detail["days"]) if "days" in detail else "",
        say(ACTS_ZH.get(str(detail.get("act", "")), "")),
        str(detail.get("reason", "")),
        str(detail.get("words", "")),
    ]
    return " · ".join(each for each in told if each)


_LABELS = {name: label for labels in FIELD_LABELS_ZH.values() for name, label in labels.items()}
