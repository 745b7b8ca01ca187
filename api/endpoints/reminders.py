"""Reminders (提醒): what a customer is to be reminded of, as of any day, and how they wish to be told."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from adjudicator.reminding import link_of, preferences_of, words_of
from api.answers.reminders import PreferencesShown, RemindersShown, shown_preferences, shown_reminder
from api.channels.notices import PreferencesAsked
from api.context import the_principal, the_system
from api.endpoints.holdings import DayPageQuery
from api.endpoints.openapi import BEARER, CUSTOMER, problems
from api.endpoints.write import write
from api.guard import needs
from api.owned import check_day, owned_on
from api.paging import page_of
from api.permissions import Action
from domain.china import china_day
from domain.decision import Actor
from domain.errors import NotFoundError
from entitlement.reminders.finding import reminders_of
from storage import agent_acts, registry, reminders

blueprint = APIBlueprint("reminders", __name__, url_prefix="/v1/me", abp_tags=[CUSTOMER], abp_security=BEARER)


@blueprint.get("/reminders", responses={"200": RemindersShown, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def my_reminders(query: DayPageQuery) -> Response:
    """List what stands on a day: premiums due, lapse, automatic premium loans, money that waits, loans; each with what to tap."""
    system, person_id = the_system(), the_principal().person_id
    with system.database.read() as tx:
        day = check_day(tx, query.as_of)
        holdings = owned_on(tx, person_id, day)
        told = reminders.told_of(tx, [each.policy.policy_number for each in holdings])
    every = (each for holding in holdings for each in reminders_of(holding, system.bases, system.reminders))
    mine = sorted((each for each in every if each.person_id == person_id), key=lambda each: (each.due_on, reminders.key_of(each)))
    shown, following = page_of(mine, query, lambda each: " ".join(map(str, reminders.key_of(each))))
    answers = []
    for each in shown:
        was = told.get(reminders.key_of(each))
        by_then = was if was and china_day(was.told_ms) <= day else None
        answers.append(shown_reminder(system.reminders, each, day, words_of(system, each, day), link_of(system, each), by_then))
    return write(RemindersShown(as_of=day, reminders=tuple(answers), next=following))


@blueprint.get("/notice-preferences", responses={"200": PreferencesShown, **problems(401, 403)})
@needs(Action.READ_OWN)
def my_preferences() -> Response:
    """Tell how the customer is told of each kind, and when not."""
    system, person_id = the_system(), the_principal().person_id
    with system.database.read() as tx:
        chosen, is_own = preferences_of(system, tx, person_id), bool(reminders.preferences_of(tx, [person_id]))
    return write(shown_preferences(system.reminders, chosen, is_own=is_own))


@blueprint.put("/notice-preferences", responses={"200": PreferencesShown, **problems(400, 401, 403, 404, 413, 415, 422)})
@needs(Action.CHOOSE_NOTICES)
def choose_preferences(body: PreferencesAsked) -> Response:
    """Keep how the customer wishes to be told, in the place of what they chose before."""
    system, person_id = the_system(), the_principal().person_id
    with system.database.write() as tx:
        if registry.find_person(tx, person_id) is None:
            raise NotFoundError("this customer is not known any more", "ask for a new token")
        agent_acts.lock_customer(tx, person_id)
        chosen = body.chosen(system.reminders, preferences_of(system, tx, person_id).mail_address)
        reminders.save_preferences(tx, person_id, chosen)
        actor = Actor(person_id, "customer")
        off = [kind.value for kind, each in chosen.kinds.items() if not each.is_on]
        agent_acts.append(tx, agent_acts.of_customer(person_id), actor, "notices.chosen", off=off)
    return write(shown_preferences(system.reminders, chosen, is_own=True))
