"""The workbench's blueprint: every page, its templates and static files, and the check that a form came from one of our pages."""

from flask import Blueprint

from api.workbench import claim, content, correction, decision, filters, letter, login, queue
from api.workbench.csrf import check_form, form_token

blueprint = Blueprint("workbench", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
blueprint.before_request(check_form)
blueprint.app_context_processor(lambda: {"csrf": form_token})
filters.install(blueprint)
for _page in (login, queue, claim, content, letter, correction, decision):
    blueprint.register_blueprint(_page.blueprint)
