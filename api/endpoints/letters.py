"""A claim's letters for the customer: the list, and each as a page or as a PDF."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from api.answers.letters import Letters, letters_told
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, CLAIMS, problems
from api.endpoints.write import write
from api.guard import needs
from api.letter_files import give_letter
from api.paging import PageQuery
from api.permissions import Action, check_claim, no_such_claim
from domain.errors import NotFoundError
from domain.letter import LetterFormat
from storage.claims import get_claim
from storage.letters import letters_of

blueprint = APIBlueprint("letters", __name__, url_prefix="/v1/claims", abp_tags=[CLAIMS], abp_security=BEARER)


class ClaimPath(BaseModel):
    """Which claim."""

    claim_id: str = Field(max_length=32)


class LetterPath(ClaimPath):
    """Which letter of which claim."""

    letter_id: str = Field(max_length=32)


@blueprint.get("/<string:claim_id>/letters", responses={"200": Letters, **problems(401, 403, 404, 422)})
@needs(Action.READ_LETTERS)
def list_letters(path: ClaimPath, query: PageQuery) -> Response:
    """List the letters of a claim: the supplement notice, the decision, the explanation of benefits."""
    _check(path.claim_id)
    with the_system().database.read() as tx:
        return write(letters_told(letters_of(tx, path.claim_id), query))


@blueprint.get(
    "/<string:claim_id>/letters/<string:letter_id>.pdf",
    responses={"200": {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}, **problems(401, 403, 404)},
)
@needs(Action.READ_LETTERS)
def read_pdf(path: LetterPath) -> Response:
    """Give a letter as PDF, for keeping and for paper; the same bytes each time."""
    _check(path.claim_id)
    return give_letter(the_system(), path.claim_id, path.letter_id, LetterFormat.PDF, is_inline=False)


@blueprint.get(
    "/<string:claim_id>/letters/<string:letter_id>.html",
    responses={"200": {"content": {"text/html": {"schema": {"type": "string"}}}}, **problems(401, 403, 404)},
)
@needs(Action.READ_LETTERS)
def read_html(path: LetterPath) -> Response:
    """Give a letter as a page, for screens and for screen readers; it loads nothing and runs nothing."""
    _check(path.claim_id)
    return give_letter(the_system(), path.claim_id, path.letter_id, LetterFormat.HTML, is_inline=True)


def _check(claim_id: str) -> None:
    with the_system().database.read() as tx:
        try:
            claim = get_claim(tx, claim_id)
        except NotFoundError as error:
            raise no_such_claim(claim_id) from error
    check_claim(the_principal(), Action.READ_LETTERS, claim)
