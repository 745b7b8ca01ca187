"""What may be set in config.yaml, read strictly: an unknown key or a wrong kind of value is an error that names it."""

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from adjudicator.system import Limits
from domain.errors import SetupError
from domain.letter import Letterhead
from domain.money import parse_fen

_NAMED = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServerSettings(_Strict):
    """Where the pages and the API are served."""

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    secure_cookies: bool = True
    trusted_proxy: str = ""
    drain_seconds: float = Field(default=0, ge=0)


class BankSettings(_Strict):
    """How the bank is reached."""

    url: str = "http://127.0.0.1:8700"
    timeout_seconds: float = 5.0


class LimitSettings(_Strict):
    """What people have set about money and load; see adjudicator/system.py."""

    straight_through: str = "100000.00"
    audit_sample_rate: float = 0.02
    book_impact: str = ""
    max_backlog: int = 2000
    max_files: int = 50
    max_file_bytes: int = 20_000_000
    lease_seconds: int = 30
    claims_together: int = Field(default=16, ge=1, le=256)
    max_attempts: int = 5
    max_payment_attempts: int = 50
    undo_seconds: int = Field(default=60, ge=0, le=600)
    score_ms: int = Field(default=200, ge=1, le=60_000)
    same_loss_days: int = Field(default=3, ge=0, le=30)
    presettlement_hours: int = Field(default=24, ge=1, le=720)


class MessageSettings(_Strict):
    """How customers and staff are told: for each way the gateway, in the words of adjudicator/messengers.py."""

    app_push: str = "file"
    sms: str = "file"
    mail: str = "file"
    staff: str = "file"
    folder: Path = Path("var/outbox")
    key: Path = Path("var/keys/messages.key")
    webhooks_to_private: bool = False
    mail_from: str = ""
    mail_to: str = ""


class ReminderSettings(_Strict):
    """What customers are reminded of, in which words, and where the link in them leads; see entitlement/reminders/."""

    file: Path | None = None
    link: str = "mingbai://servicing/{item}?policy={policy}"


class LetterSettings(_Strict):
    """Who writes letters, and the font of their PDFs; see domain/letter.py."""

    insurer: str = ""
    hotline: str = ""
    font: Path | None = None
    specimen: bool = False
    repay_to: str = ""


class IdentitySettings(_Strict):
    """How customers prove who they are beside a code; see adjudicator/face_match.py."""

    face_models: Path | None = None
    face_pictures: Path = Path("var/faces")


class RetentionSettings(_Strict):
    """For how long claims name persons; see adjudicator/erasing.py."""

    years: int = Field(default=0, ge=0)


class RateSettings(_Strict):
    """Calls a second that one asker may make in the long run, in each process; see api/rate_limit.py."""

    channel: float = Field(default=500, gt=0)
    customer: float = Field(default=10, gt=0)
    staff: float = Field(default=20, gt=0)
    address: float = Field(default=20, gt=0)


class ProviderSettings(_Strict):
    """The identity provider with which staff log in; see api/oidc.py."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    callback: str = ""
    role_claim: str = "groups"
    name_claim: str = "preferred_username"
    scopes: tuple[str, ...] = ("profile",)
    roles: dict[str, Literal["hotline_agent", "field_agent", "adjuster", "senior_adjuster", "investigator", "actuary", "operator"]] = {}
    authority: dict[str, str] = {}
    only: bool = False


class AccessSettings(_Strict):
    """Who comes in, how, and how often."""

    static_secrets: bool = True
    rates: RateSettings = RateSettings()
    oidc: ProviderSettings = ProviderSettings()


class RiskSettings(_Strict):
    """What the risk model may know of a person besides the claim; the model that scores in its shadow."""

    challenger: Path | None = None
    personal: tuple[Literal["age", "region"], ...] = ()


class CoverSettings(_Strict):
    """What know your cover works with: files of one's own, and how many people a group has at least; see docs/cover.md."""

    assumptions: Path | None = None
    catalogue: Path | None = None
    least_people: int = Field(default=20, ge=20)


class Config(_Strict):
    """All of config.yaml; paths are relative to its folder."""

    database: str = "sqlite:///var/mingbai.db"
    files: Path = Path("var/files")
    field_key: Path = Path("var/keys/field.key")
    session_key: Path = Path("var/keys/session.key")
    books: Path = Path("rules/book")
    routing: Path = Path("rules/book/routing.yaml")
    medical_base: Path | None = None
    risk_model: Path = Path("riskmodel/artefacts/cold-start")
    server: ServerSettings = ServerSettings()
    access: AccessSettings = AccessSettings()
    broker: str = ""
    workers: int = 4
    worker_processes: int = Field(default=1, ge=0, le=64)
    readers: int = 2
    bank: BankSettings = BankSettings()
    limits: LimitSettings = LimitSettings()
    messages: MessageSettings = MessageSettings()
    letters: LetterSettings = LetterSettings()
    retention: RetentionSettings = RetentionSettings()
    identity: IdentitySettings = IdentitySettings()
    risk: RiskSettings = RiskSettings()
    cover: CoverSettings = CoverSettings()
    reminders: ReminderSettings = ReminderSettings()
    ocr: dict[str, Any] = {}


def read_config(path: Path) -> Config:
    """Read config.yaml; a missing file means all defaults.

    Raises:
        SetupError: not YAML, an unknown key, or a value of another kind; the message names the key.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text()) if path.exists() else {}
        config = Config.model_validate(_with_environment(content or {}, path))
    except (YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise SetupError(f"{path} is no YAML: {error}", "mend the place it names") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            near = get_close_matches(key.rsplit(".", 1)[-1], _known_keys(), n=1)
            raise SetupError(
                f"{path}: there is no setting {key}", f"did you mean {near[0]}?" if near else "config.yaml shows every key"
            ) from error
        raise SetupError(
            f"{path}: {key}: {first['msg']} (found {first['input']!r})", "config.yaml in the repository shows every key"
        ) from error
    if 3 * config.bank.timeout_seconds > config.limits.lease_seconds:
        told = f"{path}: bank.timeout_seconds {config.bank.timeout_seconds:g} is more than a third of limits.lease_seconds"
        raise SetupError(told, "a worker that waits for the bank must not lose its lease: lower the one or raise the other")
    return config


def _with_environment(value: Any, path: Path) -> Any:
    """Put the environment's words in place of ${NAME}, so that passwords need not stand in the file."""
    if isinstance(value, dict):
        return {key: _with_environment(each, path) for key, each in value.items()}
    if not isinstance(value, str):
        return value
    for name in _NAMED.findall(value):
        if name not in os.environ:
            raise SetupError(f"{path}: {name} is not set in the environment", f"set it before the start: export {name}=…")
    return _NAMED.sub(lambda named: os.environ[named[1]], value)


def _known_keys() -> list[str]:
    models = (
        *(Config, ServerSettings, AccessSettings, RateSettings, ProviderSettings),
        *(BankSettings, LimitSettings, MessageSettings, LetterSettings, RetentionSettings, RiskSettings),
    )
    return [name for model in models for name in model.model_fields]


def letterhead_of(settings: LetterSettings) -> Letterhead:
    """Give who writes letters."""
    return Letterhead(settings.insurer, settings.hotline, settings.specimen, settings.repay_to)


def limits_of(settings: LimitSettings) -> Limits:
    """Give the limits as the path of a claim takes them.

    Raises:
        AmountError: `straight_through` or `book_impact` is no amount.
    """
    return Limits(
        straight_through_fen=parse_fen(settings.straight_through),
        audit_sample_rate=settings.audit_sample_rate,
        book_impact_fen=parse_fen(settings.book_impact) if settings.book_impact else None,
        max_backlog=settings.max_backlog,
        max_files=settings.max_files,
        max_file_bytes=settings.max_file_bytes,
        lease_ms=settings.lease_seconds * 1000,
        claims_together=settings.claims_together,
        max_attempts=settings.max_attempts,
        max_payment_attempts=settings.max_payment_attempts,
        presettlement_ms=settings.presettlement_hours * 3_600_000,
        undo_ms=settings.undo_seconds * 1000,
        score_ms=settings.score_ms,
        same_loss_days=settings.same_loss_days,
    )
