"""The parameters of a draft as a sheet, out and in: what `rules parameters` does with a file."""

from pathlib import Path

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from adjudicator.parameter_files import MAX_BYTES, read_table_bytes, table_bytes
from api.context import the_system
from api.guard import needs
from api.permissions import Action
from api.problems import Problem
from api.workbench.books.page import refused, show_page, the_staff
from api.workbench.form_text import plain_text
from api.workbench.language import say
from domain.errors import InputError, MingbaiError, RuleBookError, StaleVersionError
from rules.loader import check_content
from rules.parameter_edits import with_parameters
from rules.parameter_rows import parameter_rows
from rules.parameter_sheet import EXPORTED, VALUE, cells_of, read_sheet, titles
from rules.phrases import Phrase
from rules.source import Source
from storage import drafts
from storage.drafts import Draft

blueprint = Blueprint("parameters", __name__)
_MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


@blueprint.get("/<product>/drafts/<author>/parameters")
@needs(Action.VIEW_BOOK)
def show(product: str, author: str) -> str:
    """Show the parameters of all plans of a draft, and the form that takes a sheet back."""
    return _show(product, author)


@blueprint.get("/<product>/drafts/<author>/parameters.<kind>")
@needs(Action.VIEW_BOOK)
def download(product: str, author: str, kind: str) -> BaseResponse:
    """Give the parameters as .xlsx, for Excel and WPS, or as .csv."""
    draft = _draft(product, author)
    try:
        language, rows = parameter_rows(_source(draft))
        cells = [titles(language), *(cells_of(row) for row in rows)]
        content = table_bytes(Path(f"parameters.{kind}"), {"zh": "参数", "en": "parameters"}[language], cells)
    except MingbaiError as error:
        return refused(error, lambda problem: _show(product, author, problem))
    response = Response(content, mimetype=_MEDIA[kind.lower()])
    response.headers["Content-Disposition"] = f'attachment; filename="parameters.{kind.lower()}"'
    return response


@blueprint.post("/<product>/drafts/parameters")
@needs(Action.EDIT_BOOK)
def take(product: str) -> BaseResponse:
    """Take a sheet's changed values into one's own draft: all of them, or none; comments and everything else stay."""
    staff = the_staff()
    try:
        draft = _draft(product, staff.user_name)
        if plain_text(request.form, "version", 16) != str(draft.version):
            raise StaleVersionError("the draft was saved after this page was made", "download the sheet again")
        text, changed = _with_sheet(draft)
        with the_system().database.write() as tx:
            drafts.save_draft(tx, product, staff.user_name, text, draft.version)
    except MingbaiError as error:
        return refused(error, lambda problem: _show(product, staff.user_name, problem))
    flash(say("已收回 {count} 个值；请保存并测试。", count=changed))
    return redirect(url_for("workbench.books.editor.show", product=product, author=staff.user_name))


def _with_sheet(draft: Draft) -> tuple[str, int]:
    sheet = request.files.get("sheet")
    if sheet is None or not sheet.filename:
        raise InputError("there is no sheet", "choose an .xlsx or .csv file", field="sheet")
    source = _source(draft)
    language, rows = parameter_rows(source)
    lines = read_table_bytes(Path(Path(sheet.filename).name[-80:]), sheet.stream.read(MAX_BYTES + 1))
    changes = read_sheet(language, rows, lines)
    text = with_parameters(source, changes, titles(language)[VALUE]) if changes else source.text
    _, found = check_content(draft.product, text.encode(), the_system().medical_base)
    if found:
        listed = Phrase.joined("\n", (each.whole for each in found))
        raise RuleBookError(
            Phrase("with these values the draft would not pass its checks:\n{listed}", listed=listed), Phrase("mend the sheet")
        )
    return text, len(changes)


def _show(product: str, author: str, problem: Problem | None = None) -> str:
    draft = _draft(product, author)
    try:
        language, rows = parameter_rows(_source(draft))
    except RuleBookError:
        language, rows = "zh", ()
    cells = [cells_of(row) for row in rows]
    shown = [[cell for place, cell in enumerate(row) if place != EXPORTED] for row in cells]
    heads = [title for place, title in enumerate(titles(language)) if place != EXPORTED]
    is_own = author == the_staff().user_name
    return show_page("parameters.html", problem, product=product, draft=draft, titles=heads, rows=shown, is_own=is_own, written_in=language)


def _draft(product: str, author: str) -> Draft:
    with the_system().database.read() as tx:
        return drafts.get_draft(tx, product, author)


def _source(draft: Draft) -> Source:
    """Give the text of a draft that passes its checks.

    Raises:
        RuleBookError: it does not.
    """
    _, found = check_content(draft.product, draft.content, the_system().medical_base)
    if found:
        first = found[0]
        what = Phrase(
            "the draft does not pass its checks ({count}), first line {line}: {what}", count=len(found), line=first.line, what=first.what
        )
        raise RuleBookError(what, Phrase("mend it first"))
    return Source.of(f"{draft.product}.yaml", draft.text)
