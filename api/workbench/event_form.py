"""Reads the form that declares a catastrophe; what it means is checked where it is declared (adjudicator/declaring.py)."""

import re
from datetime import date

from werkzeug.datastructures import MultiDict

from api.workbench.form_text import plain_text
from domain.catastrophe import Area, CatastropheEvent, Relaxation
from domain.claim import LossCause
from domain.document import DocumentClass
from domain.errors import AmountError, InputError
from domain.money import parse_fen


def read_event(form: MultiDict[str, str]) -> CatastropheEvent:
    """Read the form.

    Raises:
        InputError: a day, an amount, a peril or a paper that is none; `field` names it.
    """
    straight_through = plain_text(form, "straight_through", 32)
    return CatastropheEvent(
        code=plain_text(form, "code", 64),
        name=_needed(form, "name", "write what customers will read: 示例台风"),
        area=Area(_words(form, "regions"), _words(form, "hospitals")),
        period_from=_day(form, "from"),
        period_to=_day(form, "to"),
        perils=tuple(_peril(each) for each in form.getlist("perils")),
        products=_words(form, "products"),
        relaxed=Relaxation(_papers(form, "without"), _papers(form, "small_without"), _fen(form, "small") if form.get("small") else 0),
        straight_through_fen=_fen(form, "straight_through") if straight_through else None,
    )


def _needed(form: MultiDict[str, str], name: str, way_out: str) -> str:
    text = plain_text(form, name, 64)
    if not text:
        raise InputError(f"the event has no {name}", way_out, field=name)
    return text


def _words(form: MultiDict[str, str], name: str) -> tuple[str, ...]:
    return tuple(each for each in re.split(r"[\s,，、;；]+", plain_text(form, name, 2000)) if each)


def _day(form: MultiDict[str, str], name: str) -> date:
    text = plain_text(form, name, 32)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no day", "write it like 2027-08-01", field=name) from error


def _fen(form: MultiDict[str, str], name: str) -> int:
    try:
        return parse_fen(plain_text(form, name, 32))
    except AmountError as error:
        raise AmountError(error.what, error.way_out, field=name) from error


def _peril(text: str) -> LossCause:
    if text not in tuple(LossCause):
        raise InputError(f"{text!r} is no peril", "choose " + " or ".join(LossCause), field="perils")
    return LossCause(text)


def _papers(form: MultiDict[str, str], name: str) -> tuple[DocumentClass, ...]:
    chosen = form.getlist(name)
    if unknown := [each for each in chosen if each not in tuple(DocumentClass)]:
        raise InputError(f"{unknown[0]!r} is no class of paper", "choose from the list", field=name)
    return tuple(map(DocumentClass, chosen))
