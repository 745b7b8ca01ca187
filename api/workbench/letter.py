"""The letters of a claim for those who decide it, as the customer has them."""

from flask import Blueprint, Response

from adjudicator.viewing import note_view
from api.context import actor_of_staff, the_system
from api.guard import needs
from api.letter_files import give_letter
from api.permissions import Action
from domain.letter import LetterFormat

blueprint = Blueprint("letter", __name__)


@blueprint.get("/claims/<claim_id>/letters/<letter_id>.pdf")
@needs(Action.VIEW_LETTER)
def show_pdf(claim_id: str, letter_id: str) -> Response:
    """Show a letter as PDF."""
    note_view(the_system(), claim_id, actor_of_staff())
    return give_letter(the_system(), claim_id, letter_id, LetterFormat.PDF, is_inline=True)


@blueprint.get("/claims/<claim_id>/letters/<letter_id>.html")
@needs(Action.VIEW_LETTER)
def show_html(claim_id: str, letter_id: str) -> Response:
    """Show a letter as a page."""
    note_view(the_system(), claim_id, actor_of_staff())
    return give_letter(the_system(), claim_id, letter_id, LetterFormat.HTML, is_inline=True)
