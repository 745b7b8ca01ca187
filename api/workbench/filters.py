"""How templates write amounts, times and codes."""

from flask import Blueprint

from api.workbench import words
from domain.money import format_fen


def install(blueprint: Blueprint) -> None:
    """Give the templates of the workbench their filters."""
    add = blueprint.add_app_template_filter
    add(lambda fen: "—" if fen is None else format_fen(fen), "money")
    add(words.time_words, "time")
    add(lambda code: words.ROLES_ZH.get(code, code), "role")
    add(lambda code: words.SEVERITIES_ZH.get(code, code), "severity")
    add(lambda code: words.ACCOUNTS_ZH.get(code, code), "account")
    add(lambda code: words.NOTICES_ZH.get(code, code), "notice_kind")
    add(lambda code: words.PAYMENTS_ZH.get(code, code), "payment")
    add(lambda share: f"{round(share * 100)}%", "percent")
