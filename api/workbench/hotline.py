"""The telephone desk (热线) on one page: who is calling, their policies, open claims and clocks; and the report, taken while they talk.

What the caller says is read by `reporting/` and fills the form; the next question stands above it, to be asked as it is. One
form does all: a search, a reading and a report are the same page sent on.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Blueprint, render_template, request
from pydantic import ValidationError

from adjudicator import clocks
from adjudicator.china_time import today
from adjudicator.intake import Receipt, submit
from adjudicator.report_words import glossary_in
from adjudicator.story import STATES_ZH
from api.answers.understanding import ReportUnderstood, report_understood
from api.channels.hotline import Caller, HotlineReport, to_notice
from api.context import the_principal, the_system
from api.guard import needs
from api.permissions import Action
from api.problems import Problem, problem_of, problem_of_validation
from api.workbench.form_text import plain_text
from api.workbench.language import plainly, say
from api.workbench.words import SLOTS_ZH, due_words
from domain.china import CHINA
from domain.claim import LossCause
from domain.decision import Actor
from domain.errors import InputError, MingbaiError
from domain.identity import mask_id_number, mask_tail
from domain.policy import Person, Policy
from domain.states import ClaimState
from reporting.dialogue import Dialogue, follow
from storage import look_ups, registry
from storage.claims import ClaimRecord, claims_of
from storage.clocks import ClockRecord, clocks_of
from storage.database import Transaction

blueprint = Blueprint("hotline", __name__, url_prefix="/hotline")
_DONE = (ClaimState.PAID, ClaimState.CLOSED, ClaimState.WITHDRAWN, ClaimState.DUPLICATE)
_FIELDS = {"id_number": 18, "policy_number": 32, "name": 64, "birth_date": 10, "person_id": 32, "said": 5000, "reference": 40}
_FIELDS |= {"loss_date": 10, "loss_cause": 8, "narrative": 5000, "reporter_name": 64, "reporter_phone": 20}


@dataclass(frozen=True)
class _Clock:
    name: str
    left: str
    is_late: bool


@dataclass(frozen=True)
class _Claim:
    claim: ClaimRecord
    word: str
    is_open: bool
    clocks: tuple[_Clock, ...]


@dataclass(frozen=True)
class _Found:
    """One person whom the caller may be."""

    person: Person
    id_number_masked: str
    phone_masked: str
    policies: tuple[tuple[Policy, bool], ...]  # with whether it is in force today
    claims: tuple[_Claim, ...]


@blueprint.get("")
@needs(Action.SERVE_CALLER)
def show() -> str:
    """Show an empty desk."""
    return _page({}, ())


@blueprint.post("")
@needs(Action.SERVE_CALLER)
def serve() -> str:
    """Find the caller; understand what they say; take the report."""
    typed = {name: plain_text(request.form, name, most) for name, most in _FIELDS.items()}
    found: tuple[_Found, ...] = ()
    try:
        found = _find(typed)
        if request.form.get("do") == "understand":
            told = _understand(typed["said"])
            return _page(typed | _filled(told, typed), found, told=told)
        if request.form.get("do") == "report":
            return _page(
                typed, _find(typed), receipt=submit(the_system(), replace(to_notice(_report(typed, found)), taken_by=the_principal().name))
            )
    except ValidationError as error:
        return _page(typed, found, problem=problem_of_validation(error))
    except MingbaiError as error:
        return _page(typed, found, problem=problem_of(error))
    return _page(typed, found)


def _find(typed: Mapping[str, str]) -> tuple[_Found, ...]:
    """Find everybody the clue fits, or the one who was chosen."""
    principal = the_principal()
    with the_system().database.write() as tx:
        if typed["person_id"]:
            chosen, clue = registry.find_person(tx, typed["person_id"]), "chosen"
            people: tuple[Person, ...] = (chosen,) if chosen else ()
        else:
            given = {name: typed[name] for name in ("id_number", "policy_number", "name", "birth_date") if typed[name]}
            caller = Caller.model_validate(given)
            people, clue = registry.find_people(tx, caller.to_clue()), caller.kind
        look_ups.note(tx, Actor(principal.name, principal.role), clue, tuple(each.person_id for each in people))
        now_ms, day = tx.now_ms(), today(tx)
        return tuple(_found(tx, each, now_ms, day) for each in people)


def _found(tx: Transaction, person: Person, now_ms: int, day: date) -> _Found:
    policies = tuple((each, each.is_in_force(day)) for each in registry.policies_of(tx, person.person_id))
    claims = tuple(_claim(each, clocks_of(tx, each.claim_id), now_ms) for each in claims_of(tx, person.person_id, 20))
    return _Found(person, mask_id_number(person.id_number), mask_tail(person.phone), policies, claims)


def _claim(claim: ClaimRecord, running: tuple[ClockRecord, ...], now_ms: int) -> _Claim:
    shown = tuple(_clock(each, now_ms) for each in running if each.met_ms is None)
    return _Claim(claim, say(STATES_ZH[claim.state]), claim.state not in _DONE, shown)


def _clock(clock: ClockRecord, now_ms: int) -> _Clock:
    name, left_ms = say(clocks.NAMES_ZH.get(clock.kind, clock.kind)), clock.due_ms - now_ms
    return _Clock(name, plainly(clock.pause_reason) or due_words(left_ms), left_ms < 0)


def _understand(said: str) -> ReportUnderstood:
    if not said:
        raise InputError("the customer has said nothing yet", "write down their own words, or paste what was transcribed", field="said")
    system = the_system()
    with system.database.read() as tx:
        now, glossary = datetime.fromtimestamp(tx.now_ms() // 1000, CHINA), glossary_in(tx, system.medical_base)
    dialogue = Dialogue(now)
    for sentence in said.splitlines():
        dialogue = dialogue.say(sentence) if sentence.strip() else dialogue
    return report_understood(dialogue, follow(dialogue, glossary))


def _filled(told: ReportUnderstood, typed: Mapping[str, str]) -> dict[str, str]:
    """Fill what was understood into the form; what somebody typed there already stays."""
    claim = told.claim
    read = {
        "loss_date": claim.loss_date.isoformat() if claim.loss_date else "",
        "loss_cause": claim.loss_cause or "",
        "narrative": claim.narrative,
    }
    return {name: value for name, value in read.items() if value and (not typed[name] or name == "narrative")}


def _report(typed: Mapping[str, str], found: tuple[_Found, ...]) -> HotlineReport:
    if len(found) != 1:
        raise InputError(f"{len(found)} people fit", "choose who is calling first", field="person_id")
    given: dict[str, object] = {"loss_date": typed["loss_date"] or None, "loss_cause": typed["loss_cause"] or None}
    return HotlineReport.model_validate(
        given
        | {
            "external_ref": f"DESK-{typed['reference'] or secrets.token_hex(8)}",
            "caller": {"id_number": found[0].person.id_number},
            "narrative": typed["narrative"] or typed["said"],
            "reporter": {"name": typed["reporter_name"], "phone": typed["reporter_phone"]},
        }
    )


def _page(
    typed: Mapping[str, str],
    found: tuple[_Found, ...],
    *,
    told: ReportUnderstood | None = None,
    receipt: Receipt | None = None,
    problem: Problem | None = None,
) -> str:
    return render_template(
        "hotline.html",
        principal=the_principal(),
        typed=typed,
        found=found,
        chosen=found[0] if len(found) == 1 else None,
        searched=any(typed.get(name) for name in ("id_number", "policy_number", "name", "person_id")),
        told=told,
        receipt=receipt,
        state_word=say(STATES_ZH[receipt.state]) if receipt else "",
        problem=problem,
        causes=tuple(LossCause),
        slots=SLOTS_ZH,
        reference=typed.get("reference") or secrets.token_hex(8),
    )
