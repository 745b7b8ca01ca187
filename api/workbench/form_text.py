"""Reads a text that somebody typed into a form."""

from collections.abc import Mapping


def plain_text(form: Mapping[str, str], name: str, most: int) -> str:
    """Give a field without blanks around it, at most so long, and without the NUL that PostgreSQL refuses."""
    return form.get(name, "").replace("\x00", "").strip()[:most]
