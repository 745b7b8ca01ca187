"""The blueprint of the pages of books: the shelf, the editor, publishing, simulations, simulations."""

from flask import Blueprint

from api.workbench.books import editor, parameters, publishing, shelf, simulation

blueprint = Blueprint("books", __name__, url_prefix="/books")
for _page in (shelf, editor, parameters, publishing, simulation):
    blueprint.register_blueprint(_page.blueprint)
