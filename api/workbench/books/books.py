"""The blueprint of the pages of books: the shelf, the editor, publishing, simulations, simulations."""

from flask import Blueprint

from api.workbench.books import editor, parameters, publishing, shelf, simulation
from api.workbench.books.language import choose_language

blueprint = Blueprint("books", __name__, url_prefix="/books")
blueprint.before_request(choose_language)
for _page in (shelf, editor, parameters, publishing, simulation):
    blueprint.register_blueprint(_page.blueprint)
