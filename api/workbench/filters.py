"""How templates write amounts, times and codes."""

import re

from flask import Blueprint, url_for
from markupsafe import Markup, escape

from api.workbench import words
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
    add(lambda code: words.ACTS_ZH.get(code, code), "act")
    add(lambda code: words.ROLES_ZH.get(code, code), "role")
    add(lambda code: words.SEVERITIES_ZH.get(code, code), "severity")
    add(lambda code: words.ACCOUNTS_ZH.get(code, code), "account")
    add(lambda code: words.NOTICES_ZH.get(code, code), "notice_kind")
    add(lambda code: words.PAYMENTS_ZH.get(code, code), "payment")
    add(lambda kind: KIND_NAMES_ZH[kind], "letter_kind")
    add(_with_links, "linked")
    add(lambda share: f"{round(share * 100)}%", "percent")


def _with_links(text: str) -> Markup:
    """Write a text with every claim number in it as a link: what a claim is compared with is one click away."""
    parts, end = [], 0
    for found in _CLAIM_ID.finditer(text):
        address = url_for("workbench.claim.show", claim_id=found[0])
        parts += [escape(text[end : found.start()]), Markup('<a href="{}">{}</a>').format(address, found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
