"""Cover of the customer who is on the telephone (知保障): a chart over ages for each kind, where it comes from, what is assumed.

What the caller tells is tried out here and not kept: keeping takes the customer's own consent, in the app.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import NotFound

from adjudicator.covering import CoverTold, tell_cover
from api.answers.cover import assumptions_shown, sources_of
from api.channels.cover import CoverAsked
from api.context import the_principal, the_system
from api.guard import needs
from api.permissions import Action
from api.problems import Problem, problem_of_validation
from api.workbench.cover_chart import chart_of, short_english
from api.workbench.form_text import plain_text
from api.workbench.language import say, the_language
from domain.cover import CoverKind
from domain.decision import Actor
from domain.policy import Person
from entitlement.cover.view import Why
from rules.simulation_pictures import short
from storage import cover, look_ups, registry

blueprint = Blueprint("cover", __name__, url_prefix="/hotline/cover")
_AMOUNTS = ("annual_income", "debts", "assets")
_YEARS = ("debt_years", "retirement_age")
_KINDS = {
    CoverKind.DEATH: "身故保障",
    CoverKind.ILLNESS: "疾病保障",
    CoverKind.DISABILITY: "残疾保障",
    CoverKind.MEDICAL: "医疗保障",
    CoverKind.SAVINGS: "养老储蓄保障",
}
WHY_NOT = {
    Why.NO_BOOK: "没有已发布的条款书（合同约定的生存给付已计入）",
    Why.NOT_SAID: "条款书没有写明保障种类",
    Why.NOT_COVERING: "目前不在保障中（效力中止或已退保）",
}
FIELDS = {  # what the desk asks about, in this order
    "annual_income": "年收入（元）",
    "debts": "负债（元）",
    "debt_years": "还清年数",
    "assets": "积蓄（元）",
    "dependants": "受抚养人还需年数（用空格隔开）",
    "retirement_age": "退休年龄",
}


@blueprint.get("/<string:person_id>")
@needs(Action.VIEW_COVER)
def show(person_id: str) -> str:
    """Show a customer's cover."""
    return _page(person_id, {}, {})


@blueprint.post("/<string:person_id>")
@needs(Action.VIEW_COVER)
def try_out(person_id: str) -> str:
    """Show it under what the caller tells; nothing is kept."""
    typed = {name: plain_text(request.form, name, 64) for name in FIELDS}
    try:
        return _page(person_id, CoverAsked.model_validate(_read(typed)).told(), typed)
    except ValidationError as error:
        return _page(person_id, {}, typed, problem_of_validation(error))


def _read(typed: Mapping[str, str]) -> dict[str, Any]:
    """Bring what was typed into the words of the API; what is no number is refused there, by its field."""
    told: dict[str, Any] = {name: typed[name].replace(",", "") for name in _AMOUNTS if typed[name]}
    told |= {name: typed[name] for name in _YEARS if typed[name]}
    return told | ({"dependants": typed["dependants"].split()} if typed["dependants"] else {})


def _page(person_id: str, told: Mapping[str, Any], typed: Mapping[str, str], problem: Problem | None = None) -> str:
    system, person = the_system(), _looked_up(person_id)
    with system.database.read() as tx:
        kept = cover.find_profile(tx, person_id)
        found = tell_cover(system, tx, person, {**(kept.told if kept else {}), **told})
    return render_template(
        "cover.html",
        principal=the_principal(),
        person=person,
        found=found,
        kinds=tuple(_kind(found, kind) for kind in found.view.kinds),
        assumptions=assumptions_shown(found, system.cover.defaults),
        typed=typed,
        problem=problem,
        fields=FIELDS,
        why_not=WHY_NOT,
    )


def _looked_up(person_id: str) -> Person:
    """Find the customer, and write down who looked; what is worked out after that takes its time and locks nothing."""
    principal = the_principal()
    with the_system().database.write() as tx:
        person = registry.find_person(tx, person_id)
        if person is None:
            raise NotFound("no such customer")
        look_ups.note(tx, Actor(principal.name, principal.role), "cover", (person_id,))
    return person


def _kind(found: CoverTold, kind: CoverKind) -> dict[str, Any]:
    view, name = found.view.kinds[kind], say(_KINDS[kind])
    ill = sources_of(view)
    by_accident = tuple(each for each in sources_of(view, by_accident=True) if each.amount_fen)
    known = {(each.policy_number, each.responsibility, each.amount_fen) for each in ill}
    return {
        "name": name,
        "kind": kind,
        "view": view,
        "chart": chart_of(view.ages, say("{kind}：各年龄的已有与需要", kind=name), short_english if the_language() == "en" else short),
        "sources": ill,
        "by_accident": tuple(e for e in by_accident if (e.policy_number, e.responsibility, e.amount_fen) not in known),
        "rank": found.ranks.get(kind),
        "suggestions": tuple(each for each in found.suggestions if each.kind is kind),
    }
