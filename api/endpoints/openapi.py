"""How the OpenAPI description is put together: tags, the security scheme, the problem answers, and multipart bodies."""

from typing import Any

from flask_openapi3.models.info import Info
from flask_openapi3.models.tag import Tag
from flask_openapi3.types import ResponseDict
from pydantic import BaseModel, Field

from api.problems import MEDIA_TYPE

INFO = Info(
    title="Mingbai 明白",
    version="1",
    description=(
        "Claims in, payouts with their reasons out. Any POST may carry an Idempotency-Key. "
        "Errors are RFC 9457 problem documents; see docs/api.md."
    ),
)
SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "a channel's token (POST /oauth/token) or a customer's"},
    "client": {"type": "http", "scheme": "basic", "description": "a channel's id and secret: they fetch and end tokens"},
}
BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
TOKENS = Tag(name="tokens", description="credentials of channels (OAuth 2.0)")
CLAIMS = Tag(name="claims", description="claims and their documents (案件与资料)")
REPORTS = Tag(name="reports", description="a report in the customer's own words (智能报案)")
HOTLINE = Tag(name="hotline", description="the telephone desk (热线)")
HOSPITAL = Tag(name="hospital", description="direct settlement (理赔直付)")
UPLOADS = Tag(name="uploads", description="files in parts, resumed where they broke off (tus 1.0)")
FHIR = Tag(name="fhir", description="HL7 FHIR R4: Claim/$submit, ClaimResponse, ExplanationOfBenefit")
CUSTOMER = Tag(name="customer", description="what a customer may see of their own")
SERVICING = Tag(name="servicing", description="transactions on a customer's own policies (速办理)")
AGENTS = Tag(name="agents", description="finding, choosing and meeting an agent (联专员), and what agents may see")
WEBHOOKS = Tag(name="webhooks", description="what a channel was told, and what its server said")
SERVICE = Tag(name="service", description="for those who run it")


class FieldProblemShown(BaseModel):
    """One field that cannot be taken."""

    field: str = Field(description="JSON pointer")
    value: str
    detail: str
    way_out: str


class ProblemShown(BaseModel):
    """An RFC 9457 problem document."""

    type: str = Field(description="urn:mingbai:<code>; the code never changes its meaning")
    title: str
    title_zh: str
    status: int
    detail: str
    request_id: str
    way_out: str | None = None
    advice_zh: str | None = Field(None, description="the way out in the customer's words")
    field: str | None = None
    errors: list[FieldProblemShown] | None = None


def problems(*statuses: int) -> ResponseDict:
    """Describe that an endpoint may answer with a problem document under some statuses."""
    schema = ProblemShown.model_json_schema()
    inline = {**schema, "properties": {**schema["properties"], "errors": {"type": "array", "items": FieldProblemShown.model_json_schema()}}}
    inline.pop("$defs", None)
    return {str(status): {"content": {MEDIA_TYPE: {"schema": inline}}} for status in statuses}


def outcomes(*statuses: int) -> ResponseDict:
    """Describe that an endpoint may answer with a FHIR `OperationOutcome` under some statuses."""
    issue = {"type": "object", "properties": {"severity": {"const": "error"}, "code": {"type": "string"}}, "required": ["severity", "code"]}
    shown = {"resourceType": {"const": "OperationOutcome"}, "issue": {"type": "array", "minItems": 1, "items": issue}}
    schema = {"type": "object", "properties": shown, "required": list(shown)}
    return {str(status): {"content": {"application/fhir+json": {"schema": schema}}} for status in statuses}


def multipart_claim(model: type[BaseModel]) -> dict[str, Any]:
    """Describe a body that comes as JSON alone, or as a part `claim` beside any number of parts `files`."""
    schema = inlined(model)
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    multipart = {"type": "object", "properties": {"claim": schema, "files": files}, "required": ["claim"]}
    content = {
        "application/json": {"schema": schema},
        "multipart/form-data": {"schema": multipart, "encoding": {"claim": {"contentType": "application/json"}}},
    }
    return {"requestBody": {"required": True, "content": content}}


def multipart_files(model: type[BaseModel]) -> dict[str, Any]:
    """Describe a body of files alone, or JSON that names files which came in parts."""
    files = {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}
    schema = {"type": "object", "properties": {"files": files}, "required": ["files"]}
    content = {"multipart/form-data": {"schema": schema}, "application/json": {"schema": inlined(model)}}
    return {"requestBody": {"required": True, "content": content}}


def inlined(model: type[BaseModel]) -> dict[str, Any]:
    """Give a model's JSON schema without references, so that it may stand anywhere in the description."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})

    def resolve(node: Any) -> Any:
        if isinstance(node, dict) and "$ref" in node:
            rest = {key: resolve(value) for key, value in node.items() if key != "$ref"}
            return {**resolve(definitions[node["$ref"].rsplit("/", 1)[1]]), **rest}
        if isinstance(node, dict):
            return {key: resolve(value) for key, value in node.items()}
        return [resolve(each) for each in node] if isinstance(node, list) else node

    resolved: dict[str, Any] = resolve(schema)
    return resolved
