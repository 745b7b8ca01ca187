"""How templates write amounts, times and codes."""

import re

from flask import Blueprint, url_for
from markupsafe import Markup, escape

from api.workbench import words
from api.workbench.catalogue import Piece
from api.workbench.language import html_lang, other_language_address, plainly, say, script_words, tell, the_language, title_of
from domain.china import china_moment
from domain.letter import KIND_NAMES_ZH
from domain.money import format_fen

_CLAIM_ID = re.compile(r"\bC[0-9A-HJKMNP-TV-Z]{15}\b")


def install(blueprint: Blueprint) -> None:
    """Give the templates of the workbench their filters."""
    add = blueprint.add_app_template_filter
    add(lambda fen: "—" if fen is None else format_fen(fen), "money")
    add(words.time_words, "time")
    add(china_moment, "moment")
    add(lambda code: say(words.ACTS_ZH.get(code, code)), "act")
    add(lambda code: say(words.ROLES_ZH.get(code, code)), "role")
    add(lambda code: say(words.SEVERITIES_ZH.get(code, code)), "severity")
    add(lambda code: say(words.ACCOUNTS_ZH.get(code, code)), "account")
    add(lambda code: say(words.NOTICES_ZH.get(code, code)), "notice_kind")
    add(lambda code: say(words.PAYMENTS_ZH.get(code, code)), "payment")
    add(lambda kind: say(KIND_NAMES_ZH[kind]), "letter_kind")
    add(plainly, "said")
    add(_told, "told")
    add(lambda share: f"{round(share * 100)}%", "percent")
    said = {
        "say": say,
        "title_of": title_of,
        "language": the_language,
        "html_lang": html_lang,
        "other_language": other_language_address,
        "script_words": script_words,
    }
    blueprint.record_once(lambda state: state.app.jinja_env.globals.update(said))


def _told(text: str) -> Markup:
    """Write what an engine or an error wrote in the language of the page; Chinese that an English page has no English for is marked."""
    return Markup("").join(_marked(each) for each in tell(text))


def _marked(piece: Piece) -> Markup:
    is_foreign = not piece.is_known and the_language() == "en" and not piece.text.isascii()
    return Markup('<span lang="zh-CN">{}</span>').format(_with_links(piece.text)) if is_foreign else _with_links(piece.text)


def _with_links(text: str) -> Markup:
    """Write a text with every claim number in it as a link: what a claim is compared with is one click away."""
    parts, end = [], 0
    for found in _CLAIM_ID.finditer(text):
        address = url_for("workbench.claim.show", claim_id=found[0])
        parts += [escape(text[end : found.start()]), Markup('<a href="{}">{}</a>').format(address, found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
