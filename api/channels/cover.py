"""What a customer tells of themselves when they ask for their cover; what is left out is assumed as of everybody."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from api.channels.fields import Payload
from entitlement.cover.assumptions import MOST_DEPENDANTS, YEARS, of_plain


def _within_bounds(value: Any, info: ValidationInfo) -> Any:
    try:
        of_plain(str(info.field_name), value)
    except ValueError as error:
        raise PydanticCustomError("mingbai_assumption", "{what}", {"what": f"it takes {error}", "way_out": "see docs/cover.md"}) from error
    return value


_CHECKED = AfterValidator(_within_bounds)
Yuan = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$"), _CHECKED]  # 元 as a decimal text, never a JSON number
Percent = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,4})?$"), _CHECKED]  # "2.5" is 2.5 %


class CoverAsked(Payload):
    """Assumptions in the place of those of everybody: amounts in 元 as text, percent as text, years whole."""

    annual_income: Yuan | None = None
    support: Yuan | None = None
    dependants: Annotated[tuple[Annotated[int, Field(ge=0, le=60)], ...], Field(max_length=MOST_DEPENDANTS)] | None = None
    debts: Yuan | None = None
    debt_years: Annotated[int, Field(ge=0, le=YEARS["debt_years"])] | None = None
    assets: Yuan | None = None
    last_expenses: Yuan | None = None
    treatment: Yuan | None = None
    social_share: Percent | None = None
    out_of_list_share: Percent | None = None
    rehabilitation: Yuan | None = None
    recovery_years: Annotated[int, Field(ge=0, le=YEARS["recovery_years"])] | None = None
    care: Yuan | None = None
    earning_age: Annotated[int, Field(ge=0, le=YEARS["earning_age"])] | None = None
    retirement_age: Annotated[int, Field(ge=0, le=YEARS["retirement_age"])] | None = None
    spending_share: Percent | None = None
    pension_share: Percent | None = None
    life_expectancy: Annotated[int, Field(ge=0, le=YEARS["life_expectancy"])] | None = None
    least_years: Annotated[int, Field(ge=0, le=YEARS["least_years"])] | None = None
    inflation: Percent | None = None
    medical_inflation: Percent | None = None
    interest: Percent | None = None

    def told(self) -> dict[str, Any]:
        """Give what was told, by the names of the assumptions."""
        return {name: value for name, value in self.model_dump(mode="json", exclude={"consent"}).items() if value is not None}


class CoverKept(CoverAsked):
    """The same, to be kept until the customer takes it back. Without consent (个人信息保护法 art. 13) nothing is kept."""

    consent: Literal[True]
