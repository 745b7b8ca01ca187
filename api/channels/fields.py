"""The fields that payloads share, each with its bounds and with a message that names the way out."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema
from pydantic import Field as Bounds
from pydantic_core import PydanticCustomError

from domain.china import CHINA
from domain.claim import LossCause, Payee
from domain.identity import is_id_number

_OLDEST_DAY = date(1900, 1, 1)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Payload(BaseModel):
    """What a channel sends: unknown names are refused, so that a misspelt one is never silently lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def china_today() -> date:
    """Give today's date where the insurer is."""
    return datetime.now(CHINA).date()


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        day = date.fromisoformat(value)
    except ValueError:
        raise _refusal("day", "this is no day of the calendar", "write the day as YYYY-MM-DD, such as 2026-08-15") from None
    if day < _OLDEST_DAY:
        raise _refusal("day", f"{day} lies before {_OLDEST_DAY}", "check the year")
    return day


def _not_in_the_future(day: date) -> date:
    if day > china_today():
        raise _refusal("future", f"{day} lies in the future: today is {china_today()} in China", "send the day on which it happened")
    return day


def _id_number(text: str) -> str:
    if not is_id_number(text):
        raise _refusal(
            "id_number",
            "this is no resident ID number: its form, its birth date or its check character is wrong",
            "check all 18 characters",
        )
    return text.upper()


def clean_text(text: str) -> str:
    """Refuse control characters other than line breaks and tabs."""
    if _CONTROL.search(text):
        raise _refusal("control", "there are control characters in this text", "send plain text")
    return text


def _in_this_age(moment: datetime) -> datetime:
    if not 2000 <= moment.year < 2200:
        raise _refusal("moment", f"the year {moment.year} is none of 2000 to 2199", "send a moment such as 2026-08-15T09:30:00+08:00")
    return moment


def _refusal(kind: str, message: str, way_out: str) -> PydanticCustomError:
    return PydanticCustomError(f"mingbai_{kind}", "{what}", {"what": message, "way_out": way_out})


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
PastDay = Annotated[Day, AfterValidator(_not_in_the_future)]
IdNumber = Annotated[str, AfterValidator(_id_number), WithJsonSchema({"type": "string", "minLength": 18, "maxLength": 18})]
Moment = Annotated[AwareDatetime, AfterValidator(_in_this_age)]  # with its offset, so that nobody guesses a zone
PolicyNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{4,32}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]  # the sender's own number: printable ASCII, no spaces
ShortText = Annotated[str, StringConstraints(max_length=64), AfterValidator(clean_text)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(clean_text)]
LongText = Annotated[str, StringConstraints(max_length=5000), AfterValidator(clean_text)]
Phone = Annotated[str, StringConstraints(pattern=r"^(\+?[0-9-]{5,20})?$")]
Uploads = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^U[0-9a-f]{30}$")], ...], Bounds(max_length=200)
]  # files that came by /v1/uploads
PolicyNumbers = Annotated[tuple[PolicyNumber, ...], Bounds(max_length=20)]


class Reporter(Payload):
    """Who tells us (报案人)."""

    name: ShortText = ""
    phone: Phone = ""


class ReachableReporter(Reporter):
    """Who tells us, on a channel that can tell them something back only by telephone."""

    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9-]{5,20}$")]


class PayeeAccount(Payload):
    """Where the money shall go (收款账户)."""

    holder: Name
    account_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{6,32}$")]
    bank_name: ShortText = ""

    def to_payee(self) -> Payee:
        """Give it in the words of the domain."""
        return Payee(self.holder, self.account_number, self.bank_name)


class Loss(Payload):
    """What every report of a loss has, whoever reports it."""

    external_ref: Reference
    loss_date: PastDay | None = None
    loss_cause: LossCause | None = None
    narrative: LongText = ""


class WithFiles(Payload):
    """Files that came in parts before, beside those of the request itself."""

    uploads: Uploads = ()


class LossReport(Loss):
    """What a customer reports, with where the money shall go."""

    reporter: Reporter = Reporter()
    payee: PayeeAccount | None = None
    device_id: Annotated[str, StringConstraints(max_length=128), AfterValidator(clean_text)] = ""
