"""The catalogue (产品目录): which plans may be suggested, for which kinds, at which ages, and at about what premium."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from domain.cover import CoverKind
from domain.errors import SetupError

SHIPPED = Path(__file__).with_name("catalogue.yaml")
_KEYS = {"product", "plan", "zh", "en", "covers", "ages", "years", "premium", "as_of"}


@dataclass(frozen=True)
class Offer:
    """One entry. Ages are full years, both ends included; the premium of a year is indicative, up to each age."""

    product: str
    plan: str
    zh: str
    en: str
    covers: frozenset[CoverKind]
    youngest: int
    oldest: int
    years: int
    premiums_fen: Mapping[int, int]
    as_of: date

    def is_open_to(self, age: int) -> bool:
        """Tell whether somebody of an age may still be insured."""
        return self.youngest <= age <= self.oldest

    def premium_fen(self, age: int) -> int:
        """Give the indicative premium of a year at an age that it is open to."""
        return next(premium for until, premium in sorted(self.premiums_fen.items()) if age <= until)


def load_catalogue(path: Path = SHIPPED) -> tuple[Offer, ...]:
    """Read a catalogue.

    Raises:
        SetupError: it cannot be read, or an entry lacks something or contradicts itself; the message names the entry.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise SetupError(f"{path} cannot be read: {error}", "name another file in config.yaml (cover: catalogue)") from error
    if not isinstance(content, list):
        raise SetupError(f"{path} is no list of products", f"write it as {SHIPPED} is written")
    return tuple(_offer(path, number, each) for number, each in enumerate(content, 1))


def _offer(path: Path, number: int, given: Any) -> Offer:
    where = f"{path}: entry {number}"
    if not isinstance(given, dict) or set(given) != _KEYS:
        raise SetupError(f"{where} needs exactly {', '.join(sorted(_KEYS))}", "compare it with the entries beside it")
    try:
        youngest, oldest = (_count(each) for each in _pair(given["ages"]))
        premiums = {_count(age): _count(yuan) * 100 for age, yuan in dict(given["premium"]).items()}
        offer = Offer(
            product=str(given["product"]),
            plan=str(given["plan"]),
            zh=str(given["zh"]),
            en=str(given["en"]),
            covers=frozenset(CoverKind(each) for each in given["covers"]),
            youngest=youngest,
            oldest=oldest,
            years=_count(given["years"]),
            premiums_fen=premiums,
            as_of=given["as_of"],
        )
    except (ValueError, TypeError) as error:
        raise SetupError(
            f"{where} ({given['product']}): {error}", "ages: [18, 60]; premium: {30: 620, 60: 9200}; covers: [death]"
        ) from error
    _check(where, offer)
    return offer


def _check(where: str, offer: Offer) -> None:
    what = (
        (isinstance(offer.as_of, date), "as_of is no day"),
        (bool(offer.covers), "it covers nothing"),
        (offer.youngest <= offer.oldest, "its youngest age lies above its oldest"),
        (1 <= offer.years <= 105, "its years are not from 1 to 105"),
        (offer.oldest <= max(offer.premiums_fen, default=-1), "no premium is told up to its oldest age"),
    )
    for holds, told in what:
        if not holds:
            raise SetupError(f"{where} ({offer.product}): {told}", "mend the entry")


def _pair(value: Any) -> Sequence[Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("ages are two numbers")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no whole number of zero or more")
    return value
