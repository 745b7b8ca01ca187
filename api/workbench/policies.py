"""Everything a customer owns, for whoever serves them on the telephone or at the counter (保单一点通): overview, list, detail, history.

The figures are those of the API (`/v1/me/overview` and its neighbours), worked out as of the day that is asked about; from a row,
one tap leads to the transaction it calls for.
"""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from adjudicator.china_time import today
from agent.contact import agents_of
from api.answers.customer import own_policy, own_policy_detail
from api.answers.holdings import STATES, history, item_of, kind_words, line_of, overview, policy_figure
from api.context import actor_of_staff, the_principal, the_system
from api.guard import needs
from api.owned import check_day, check_owned, owned_on, policy_on, responsibilities_on
from api.permissions import Action
from api.problems import Problem, page_with, problem_of
from api.workbench.form_text import plain_text
from domain.contract import Holding
from domain.errors import InputError, MingbaiError
from domain.policy import Person
from domain.servicing import TransactionState
from domain.terms import Frequency
from entitlement.figures import Kind, figures_of
from entitlement.history import months_of
from policy.bases import shipped_bases
from policy.transacting.quoting import offers
from storage import look_ups, registry, servicing
from storage.database import Transaction

blueprint = Blueprint("policies", __name__, url_prefix="/hotline/policies/<string:person_id>")
_MONTHS = 24
LIST = "open the customer's list of policies"  # the way out of a policy that is not theirs
LINES = {"life": "寿险", "property": "财险", "unknown": "未知"}
FREQUENCIES = {
    Frequency.SINGLE: "趸交",
    Frequency.YEARLY: "年交",
    Frequency.HALF_YEARLY: "半年交",
    Frequency.QUARTERLY: "季交",
    Frequency.MONTHLY: "月交",
    Frequency.FLEXIBLE: "不定期交",
}
TRANSACTION_STATES = {
    TransactionState.QUOTED: "已试算，未签署",
    TransactionState.WAITING: "已签署，等待审核",
    TransactionState.MOVING: "已签署，资金处理中",
    TransactionState.DONE: "已办理",
    TransactionState.REFUSED: "未办理",
}


@blueprint.get("")
@needs(Action.VIEW_POLICIES)
def show(person_id: str) -> Response:
    """Show all policies of a customer with the nine figures over them."""
    person, asked = look_up(person_id), _asked()
    problem: Problem | None = None
    with the_system().database.read() as tx:
        try:
            day = _day_of(tx, asked["as_of"])
        except MingbaiError as error:
            problem, day = problem_of(error), today(tx)
        holdings = owned_on(tx, person_id, day)
        done = servicing.of_person(tx, person_id, 20)
        is_today = day == today(tx)
    figures = [(each, figure) for each in holdings for figure in figures_of(each, shipped_bases())]
    shown = [each for each in holdings if _is_wanted(each, asked)]
    page = render_template(
        "policies.html",
        principal=the_principal(),
        person=person,
        asked=asked,
        day=day,
        is_today=is_today,
        problem=problem,
        told=overview(day, holdings, [figure for _, figure in figures]),
        rows={
            kind: tuple((*each, item_of(each[1])) for each in figures if each[1].kind is kind and each[1].amount_fen != 0) for kind in Kind
        },
        policies=tuple((own_policy(each, person_id), each) for each in shown),
        transactions_done=done,
        transaction_states=TRANSACTION_STATES,
        items=the_system().servicing,
        lines=LINES,
        frequencies=FREQUENCIES,
        states={state: kind_of for state, kind_of in STATES.items() if any(each.standing.state is state for each in holdings)},
    )
    return page_with(page, problem)


@blueprint.get("/history")
@needs(Action.VIEW_POLICIES)
def show_history(person_id: str) -> str:
    """Show what moved on a customer's policies, two years a page, the newest month first."""
    person, before = look_up(person_id), plain_text(request.args, "before", 7)
    with the_system().database.read() as tx:
        day = today(tx)
        months = months_of(owned_on(tx, person_id, day))
    older = [each for each in months if not before or each.month < before]
    following = older[_MONTHS - 1].month if len(older) > _MONTHS else None
    told = history(day, older[:_MONTHS], following)
    return render_template("policy_history.html", principal=the_principal(), person=person, told=told, before=before)


@blueprint.get("/<string:policy_number>")
@needs(Action.VIEW_POLICIES)
def show_one(person_id: str, policy_number: str) -> Response:
    """Show one policy: its state and contract, its figures with all they are made of, and what can be done with it."""
    person, asked = look_up(person_id), _asked()
    problem: Problem | None = None
    with the_system().database.read() as tx:
        check_owned(tx, person_id, policy_number, LIST)
        try:
            day = _day_of(tx, asked["as_of"])
            holding = policy_on(tx, policy_number, day)
        except InputError as error:
            problem, day = problem_of(error), today(tx)
            holding = policy_on(tx, policy_number, day)
        people = tuple(registry.find_person(tx, each) for each in (holding.policy.policyholder_id, holding.policy.insured_id))
        agent = next(iter(agents_of(tx, (holding.policy,))), None)
        found = offers(tx, the_system().shelf, person_id, policy_number)
        covered = responsibilities_on(tx, holding, day)
        signed = servicing.of_policy(tx, policy_number)
        is_today = day == today(tx)
    figures = figures_of(holding, shipped_bases())
    names = tuple(each.name if each else "" for each in people)
    page = render_template(
        "policy.html",
        principal=the_principal(),
        person=person,
        day=day,
        is_today=is_today,
        problem=problem,
        holding=holding,
        told=own_policy_detail(holding, person_id, (names[0], names[1]), covered, figures, agent),
        figures=tuple((kind_words(each.kind), policy_figure(holding, each)) for each in figures),
        offers=found,
        transaction_states=TRANSACTION_STATES,
        signed=tuple(each for each in signed if each.person_id == person_id),
        items=the_system().servicing,
        lines=LINES,
        frequencies=FREQUENCIES,
    )
    return page_with(page, problem)


def look_up(person_id: str) -> Person:
    """Find the customer, and write down who looked."""
    with the_system().database.write() as tx:
        person = registry.find_person(tx, person_id)
        if person is None:
            raise NotFound("no such customer")
        look_ups.note(tx, actor_of_staff(), "policies", (person_id,))
    return person


def _asked() -> Mapping[str, str]:
    return {name: plain_text(request.args, name, 16) for name in ("as_of", "line", "state")}


def _day_of(tx: Transaction, asked: str) -> date:
    try:
        wanted = date.fromisoformat(asked) if asked else None
    except ValueError as error:
        told = "choose a day, written such as 2026-06-30"
        raise InputError(f"as_of is {asked!r}, not a day", told, field="as_of", advice_zh="请选择日期") from error
    return check_day(tx, wanted)


def _is_wanted(holding: Holding, asked: Mapping[str, str]) -> bool:
    return asked["line"] in ("", line_of(holding)) and asked["state"] in ("", holding.standing.state.value)
