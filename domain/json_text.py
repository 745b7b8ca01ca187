"""The strict way to read JSON (严格读取): what a text says twice, or cannot say at all, is refused instead of guessed.

Python's own reading takes the last of two equal names and lets NaN and Infinity through; both are how a file that
somebody edited by hand, or another program wrote, quietly comes to mean something else.
"""

import json
from decimal import Decimal
from typing import Any, NoReturn


def read_json(content: bytes | str, *, exact: bool = False) -> Any:
    """Read a JSON text; `exact` gives numbers with a point as decimals.

    Raises:
        json.JSONDecodeError: it is malformed, and where.
        ValueError: bytes that are no text, a name that stands twice in one object, NaN or Infinity, or nested too deeply.
    """
    try:
        return json.loads(content, object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=Decimal if exact else None)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the name {name[:40]!r} stands twice in one object")
        found[name] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
