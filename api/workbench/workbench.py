"""The workbench's blueprint: every page, its templates and static files, and the check that a form came from one of our pages."""

from flask import Blueprint, g, url_for

from api.context import the_principal
from api.permissions import Action, may
from api.workbench import (
    attachment,
    bulk,
    claim,
    content,
    correction,
    cover,
    dashboard,
    decision,
    deliveries,
    desk,
    events,
    filters,
    hotline,
    letter,
    login,
    my_customers,
    policies,
    queue,
    queue_files,
    receivables,
    risk,
    servicing_queue,
    sso,
    transacting,
)
from api.workbench.books import books
from api.workbench.csrf import check_form, form_token
from api.workbench.language import keep_choice, take_choice
from api.workbench.next_claim import keep_list
from api.workbench.targets import home_of
from api.workbench.toast import toast_of_page


def _may_do(action: str) -> bool:
    """Tell templates what whoever is looking may do."""
    return may(the_principal().role, Action(action))


def _home() -> str:
    """Give where the day of whoever is looking begins; of somebody unknown, where everybody's does."""
    return home_of(the_principal().role) if "principal" in g else url_for("workbench.queue.show")


blueprint = Blueprint("workbench", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
blueprint.before_request(check_form)
blueprint.before_request(take_choice)
blueprint.after_request(keep_choice)
blueprint.app_url_defaults(keep_list)
blueprint.app_context_processor(lambda: {"csrf": form_token, "may_do": _may_do, "home": _home})
blueprint.app_context_processor(toast_of_page)
filters.install(blueprint)
for _page in (
    login,
    sso,
    queue,
    claim,
    content,
    attachment,
    letter,
    correction,
    decision,
    receivables,
    events,
    risk,
    books,
    queue_files,
    bulk,
    desk,
    deliveries,
    hotline,
    cover,
    policies,
    transacting,
    servicing_queue,
    my_customers,
    dashboard,
):
    blueprint.register_blueprint(_page.blueprint)
