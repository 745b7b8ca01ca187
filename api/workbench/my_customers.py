"""An agent's own page (我的客户): who is to be called and met, customers who consented with their open claims, and the card.

Everything is asked anew at every look: a customer who withdraws consent, or changes their agent, is gone with the next one.
"""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, flash, get_flashed_messages, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator.china_time import today
from adjudicator.premium_todos import premium_todos
from adjudicator.story import STATES_ZH
from agent import booking, meeting, seeing, sharing
from agent.finding import card_of
from agent.standing import mean_of
from api.answers.agents import standing_words
from api.answers.status import public_state
from api.context import actor_of_staff, the_principal, the_system
from api.guard import needs, open_to_all
from api.permissions import Action
from api.problems import Problem, add_headers, problem_of
from api.workbench.form_text import plain_text
from api.workbench.language import say
from domain.agent import LANGUAGES_ZH, MEETINGS_ZH, MET_ZH, Appointment, AppointmentState, MeetingKind
from domain.china import CHINA, DAY_MS, china_minute
from domain.errors import InputError, MingbaiError, NotAllowedError
from domain.identity import mask_name
from domain.states import ClaimState
from storage import agent_acts, agent_meetings, agent_sight, agents, appointments, card_links, registry
from storage.database import Transaction

blueprint = Blueprint("my_customers", __name__)
_PAGE = 50
_MOST_WORDS = 500


@blueprint.get("/my-customers")
@needs(Action.MY_CUSTOMERS)
def show() -> str:
    """Show an agent's day, customers and card."""
    return _page()


@blueprint.post("/my-customers/appointments/<appointment_id>/outcome")
@needs(Action.MY_CUSTOMERS)
def conclude(appointment_id: str) -> BaseResponse:
    """Tell that a customer was met, or did not come."""

    def act(tx: Transaction, agent_id: str) -> str:
        asked = plain_text(request.form, "outcome", 16)
        outcome = {each.value: each for each in (AppointmentState.DONE, AppointmentState.NO_SHOW)}.get(asked)
        if outcome is None:
            raise InputError(f"{asked or 'nothing'} is no outcome", "done or no_show", field="outcome")
        booking.conclude(tx, agent_id, appointment_id, outcome, actor_of_staff())
        return say("已记录：{outcome}", outcome=say(MET_ZH[outcome]))

    return _do(act)


@blueprint.post("/my-customers/appointments/<appointment_id>/phone")
@needs(Action.MY_CUSTOMERS)
def show_phone(appointment_id: str) -> BaseResponse:
    """Show the number of a customer who wants to be called back today; that it was shown is written down."""

    def act(tx: Transaction, agent_id: str) -> str:
        known = appointments.get(tx, appointment_id)
        if known.agent_id != agent_id or known.state is not AppointmentState.BOOKED:
            raise appointments.no_such_appointment(appointment_id)
        if not known.begins_ms - DAY_MS <= tx.now_ms() <= known.ends_ms + DAY_MS:
            raise NotAllowedError("this is not the day of the appointment", "the number is shown from a day before until a day after")
        agent_acts.lock_customer(tx, known.person_id)
        chain = agent_acts.of_customer(known.person_id)
        agent_acts.append(tx, chain, actor_of_staff(), "phone.shown", appointment=appointment_id, agent=agent_id)
        person = registry.find_person(tx, known.person_id)
        if person is None or not person.phone:
            return say("没有该客户的电话")
        return say("{name} 的电话：{phone}", name=mask_name(person.name), phone=person.phone)

    try:  # shown at once: what is kept for the next page lies in the browser's cookie
        with the_system().database.write() as tx:
            said = act(tx, _agent_id(tx))
    except MingbaiError as error:
        return _refused(error)
    return Response(_page(said=said))


@blueprint.post("/my-customers/contacts")
@needs(Action.MY_CUSTOMERS)
def record() -> BaseResponse:
    """Write down a call or a visit."""

    def act(tx: Transaction, agent_id: str) -> str:
        holder = seeing.holder_of(tx, agent_id, plain_text(request.form, "policy_number", 32))
        kind = {each.value: each for each in MeetingKind}.get(plain_text(request.form, "kind", 16))
        if kind is None:
            raise InputError("this is no kind of contact", "call_back, branch or visit", field="kind")
        note = plain_text(request.form, "note", _MOST_WORDS)
        meeting.record(tx, agent_id, holder.person_id, kind, _moment(tx), note, actor_of_staff())
        return say("已记录联系")

    return _do(act)


def _moment(tx: Transaction) -> int:
    """Read the minute that was typed in China's time; nothing typed is now."""
    typed = plain_text(request.form, "at", 16)
    if not typed:
        return tx.now_ms()
    try:
        return int(datetime.fromisoformat(typed).replace(tzinfo=CHINA).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{typed} is no moment", "write it as 2026-08-15T09:30", field="at") from error


@blueprint.post("/my-customers/accepting")
@needs(Action.MY_CUSTOMERS)
def set_accepting() -> BaseResponse:
    """Say whether new customers are taken."""

    def act(tx: Transaction, agent_id: str) -> str:
        accepting = plain_text(request.form, "accepting", 3) == "yes"
        agent_acts.lock_agent(tx, agent_id)
        agents.set_accepting(tx, agent_id, accepting=accepting)
        agent_acts.append(tx, agent_acts.of_agent(agent_id), actor_of_staff(), "accepting.set", accepting=accepting)
        return say("现在接收新客户") if accepting else say("现在不接收新客户")

    return _do(act)


@blueprint.post("/my-customers/links")
@needs(Action.MY_CUSTOMERS)
def share() -> BaseResponse:
    """Make a link to the card."""

    def act(tx: Transaction, agent_id: str) -> str:
        days = plain_text(request.form, "days", 3)
        made, _ = sharing.share(tx, agent_id, int(days) if days.isascii() and days.isdigit() else 0, actor_of_staff())
        return say("名片链接已生成，有效至 {when}", when=china_minute(made.expires_ms))

    return _do(act)


@blueprint.post("/my-customers/links/<link_id>/end")
@needs(Action.MY_CUSTOMERS)
def take_back(link_id: str) -> BaseResponse:
    """Take a link back."""

    def act(tx: Transaction, agent_id: str) -> str:
        sharing.take_back(tx, agent_id, link_id, actor_of_staff())
        return say("名片链接已收回")

    return _do(act)


@blueprint.get("/cards/<token>")
@open_to_all
def shared(token: str) -> str:
    """Show the card that a link leads to, to whoever has the link."""
    with the_system().database.read() as tx:
        card = sharing.open_card(tx, token)
        day = today(tx)
    told = {"card": card, "years": card.service_years(day), "mean": mean_of(card.ratings, card.stars)}
    return render_template("shared_card.html", languages=LANGUAGES_ZH, **told)


def _do(act: Callable[[Transaction, str], str]) -> BaseResponse:
    """Do one thing as the agent who is logged in, and show the page again with what was said to it."""
    try:
        with the_system().database.write() as tx:
            said = act(tx, _agent_id(tx))
    except MingbaiError as error:
        return _refused(error)
    flash(said)
    return redirect(url_for("workbench.my_customers.show"))


def _refused(error: MingbaiError) -> Response:
    problem = problem_of(error)
    response = Response(_page(problem), problem.status)
    add_headers(response, problem)
    return response


def _agent_id(tx: Transaction) -> str:
    found = agents.agent_of_login(tx, the_principal().name)
    if found is None:
        raise NotAllowedError(f"{the_principal().name} is no agent yet", "python app.py staff add … --role field_agent --agent-id …")
    return found


def _page(problem: Problem | None = None, said: str = "") -> str:
    after = plain_text(request.args, "after", 32)
    with the_system().database.read() as tx:
        agent_id, day = _agent_id(tx), today(tx)
        card = card_of(tx, agent_id)
        found = seeing.customers_of(tx, agent_id, day, _PAGE + 1, after)
        told = {
            "card": card,
            "years": card.service_years(day),
            "standing": standing_words(card),
            "mean": mean_of(card.ratings, card.stars),
            "customers": found[:_PAGE],
            "premiums": premium_todos(the_system(), tx, found[:_PAGE], day),
            "following": found[_PAGE - 1].person_id if len(found) > _PAGE else "",
            "silent": agent_sight.count_silent(tx, agent_id),
            "count": agents.count_customers(tx, agent_id),
            "meetings": _meetings(tx, agent_id),
            "links": [(each, sharing.token_of(tx, each)) for each in card_links.links_of(tx, agent_id)],
            "comments": agent_meetings.latest_comments(tx, agent_id, 5),
            "now_ms": tx.now_ms(),
        }
    words = {"kinds": MEETINGS_ZH, "states": MET_ZH, "claim_word": _state_word, "languages": LANGUAGES_ZH}
    asked = {"problem": problem, "typed": request.form, "most_days": sharing.MOST_DAYS, "said": [said] if said else get_flashed_messages()}
    return render_template("my_customers.html", principal=the_principal(), **told, **words, **asked)


def _state_word(state: ClaimState) -> str:
    """Say where a claim stands, as outsiders are told: an investigation is a review."""
    return STATES_ZH[ClaimState(public_state(state))]


def _meetings(tx: Transaction, agent_id: str) -> list[tuple[Appointment, str]]:
    """List the appointments of the last week and those to come, with whom; the earliest first."""
    found = appointments.of_agent(tx, agent_id, tx.now_ms() - 7 * DAY_MS, _PAGE)
    people = [(each, registry.find_person(tx, each.person_id)) for each in found]
    return [(each, mask_name(person.name) if person else "") for each, person in people]
