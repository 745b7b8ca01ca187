"""How the risk model does (模型监测): the page of what a chore writes down; nothing is computed here."""

from flask import Blueprint, render_template

from api.context import the_principal, the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.language import the_language
from riskmodel.features import FEATURE_OF, Feature
from storage import risk_releases
from storage.risk_watch import list_figures

blueprint = Blueprint("risk", __name__)
_DAYS, _WEEKS, _MONTHS = 14, 13, 12
_SHOWN = 10  # inputs of a day, those first that moved most


@blueprint.get("/risk")
@needs(Action.VIEW_RISK)
def show() -> str:
    """Show the model in force, what moved, what came true and whom it stops."""
    system = the_system()
    with system.database.read() as tx:
        days, weeks, months = (list_figures(tx, kind, most) for kind, most in (("day", _DAYS), ("week", _WEEKS), ("month", _MONTHS)))
        signed = risk_releases.releases(tx)
    latest = days[0].figures.get("psi", {}) if days else {}
    moved = [(_name(FEATURE_OF[name]), psi) for name, psi in list(latest.items())[:_SHOWN] if name in FEATURE_OF]
    slices = months[0].figures.get("slices", []) if months else []
    return render_template(
        "risk.html",
        principal=the_principal(),
        model=system.risk_model,
        fault=system.serving.fault,
        challenger=system.challenger,
        signed=signed,
        days=days,
        weeks=weeks,
        moved=moved,
        slices=[{**each, "told": _tell_slice(str(each["slice"]))} for each in slices],
        months=months,
    )


def _tell_slice(name: str) -> str:
    feature, _, value = name.partition("=")
    return FEATURE_OF[feature].tell(float(value), english=the_language() == "en") if feature in FEATURE_OF else name


def _name(feature: Feature) -> str:
    return feature.meaning_en if the_language() == "en" else feature.meaning
