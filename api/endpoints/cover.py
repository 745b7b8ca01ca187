"""Know your cover (知保障): what a customer has, needs and lacks, under their own token; asking keeps nothing."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from adjudicator.covering import tell_cover
from api.answers.cover import CoverAnswer, cover_answer
from api.channels.cover import CoverAsked, CoverKept
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, CUSTOMER, problems
from api.endpoints.write import write
from api.guard import needs
from api.permissions import Action
from domain.errors import NotFoundError
from domain.policy import Person
from storage import cover, registry
from storage.database import Transaction

blueprint = APIBlueprint("cover", __name__, url_prefix="/v1/me/cover", abp_tags=[CUSTOMER], abp_security=BEARER)


@blueprint.get("", responses={"200": CoverAnswer, **problems(401, 403, 404)})
@needs(Action.READ_OWN)
def my_cover() -> Response:
    """Tell the customer's cover at every age to a hundred, by what they agreed to have kept, else by what is assumed of everybody."""
    with the_system().database.read() as tx:
        kept = cover.find_profile(tx, the_principal().person_id)
        return _told(tx, kept.told if kept else {}, kept)


@blueprint.post("", responses={"200": CoverAnswer, **problems(400, 401, 403, 404, 409, 413, 415, 422)})
@needs(Action.READ_OWN)
def my_cover_if(body: CoverAsked) -> Response:
    """Tell the cover under assumptions of one's own. Nothing is kept; what is left out is as it was kept, or as assumed of everybody."""
    with the_system().database.read() as tx:
        kept = cover.find_profile(tx, the_principal().person_id)
        return _told(tx, {**(kept.told if kept else {}), **body.told()}, kept)


@blueprint.put("/assumptions", responses={"200": CoverAnswer, **problems(400, 401, 403, 404, 413, 415, 422)})
@needs(Action.KEEP_ASSUMPTIONS)
def keep_assumptions(body: CoverKept) -> Response:
    """Keep what the customer tells of themselves, with their consent, in the place of what was kept before."""
    with the_system().database.write() as tx:
        _me(tx)
        kept = cover.save_profile(tx, the_principal().person_id, body.told())
        return _told(tx, kept.told, kept)


@blueprint.delete("/assumptions", responses={"204": {"description": "nothing is kept any more"}, **problems(401, 403)})
@needs(Action.KEEP_ASSUMPTIONS)
def forget_assumptions() -> Response:
    """Take the consent back: what was kept is destroyed. Done again it does nothing."""
    with the_system().database.write() as tx:
        cover.erase_profile(tx, the_principal().person_id)
    return Response(status=204)


def _told(tx: Transaction, told: Mapping[str, Any], kept: cover.Profile | None) -> Response:
    system = the_system()
    return write(cover_answer(tell_cover(system, tx, _me(tx), told), system.cover.defaults, kept))


def _me(tx: Transaction) -> Person:
    person = registry.find_person(tx, the_principal().person_id)
    if person is None:
        raise NotFoundError("this customer is not known any more", "ask for a new token")
    return person
