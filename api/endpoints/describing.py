"""What holds for every endpoint is added to the OpenAPI description in one place, so that no endpoint can forget to tell it:
request ids, rate limits, Idempotency-Key, entity tags, and links from an answer to what can be asked next.
"""

from collections.abc import Iterator
from typing import Any

from api.endpoints.openapi import problems

Operation = dict[str, Any]
_CALLED = ("/v1/", "/oauth/")  # by programs of others; what those who run it ask has answers of its own
_METHODS = ("get", "post", "put", "patch", "delete")
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "the same call under the same key is done once, and answered the same way for 24 hours; such as a UUID",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "the ETag you saw: the change is done only while it is still that (else 412)",
    "schema": {"type": "string", "maxLength": 256},
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "the ETag you have: answered by 304 while it is still that",
    "schema": {"type": "string", "maxLength": 256},
}
_REQUEST_ID = {"description": "the number of this request, in our log too", "schema": {"type": "string"}}
_ETAG = {"description": "changes when the answer does", "schema": {"type": "string"}}
_RETRY_AFTER = {"description": "seconds to wait", "schema": {"type": "string", "pattern": "^[0-9]+$"}, "required": True}


def complete(description: dict[str, Any]) -> None:
    """Add to every operation what the application does for all of them."""
    for path, _, operation in operations_of(description):
        responses = operation["responses"]
        for status, name in (("429", "Too Many Requests"), *((("503", "Service Unavailable"),) if path.startswith(_CALLED) else ())):
            problem: Any = problems(int(status))[status]
            told = responses.setdefault(status, {"description": name, "content": {}})
            told["content"] = {**problem["content"], **_oauth_errors(path, responses), **told.get("content", {})}
            told.setdefault("headers", {})["Retry-After"] = _RETRY_AFTER
    for path, method, operation in operations_of(description):
        parameters = operation.setdefault("parameters", [])
        if method == "post" and path.startswith("/v1/"):
            parameters.append(_KEY)
        if "412" in operation["responses"]:
            parameters.append(_IF_MATCH)
        if method == "get" and path.startswith("/v1/") and "application/json" in operation["responses"]["200"].get("content", {}):
            parameters.append(_IF_NONE_MATCH)
            operation["responses"]["304"] = {"description": "Not Modified"}
            operation["responses"]["200"].setdefault("headers", {})["ETag"] = _ETAG
        for response in operation["responses"].values():
            response.setdefault("headers", {})["X-Request-Id"] = _REQUEST_ID
    _link(description)


def operations_of(description: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    """Give every path, method and operation of a description."""
    for path, item in description["paths"].items():
        for method in (each for each in _METHODS if each in item):
            yield path, method, item[method]


def _oauth_errors(path: str, responses: dict[str, Any]) -> dict[str, Any]:
    """Give the form in which the token endpoint tells its own errors, for it may be too many wrong secrets."""
    return dict(responses["400"]["content"]) if path.startswith("/oauth/") else {}


def _link(description: dict[str, Any]) -> None:
    """Lead from every answer that names a claim, or a letter, to whatever can be asked about it."""
    for name, pointer in (("claim_id", "claim_id"), ("letter_id", "letters/0/letter_id")):
        told = [each for each in operations_of(description) if f"{{{name}}}" in each[0]]
        first = [each for each in operations_of(description) if f"{{{name}}}" not in each[0]]  # who asked about it knows its number
        for path, _, operation in first:
            for status, response in operation["responses"].items():
                if status.startswith("2") and _has(description, response, pointer):
                    given = {each: f"$request.path.{each}" for each in ("claim_id",) if f"{{{each}}}" in path}
                    response.setdefault("links", {}).update(
                        {
                            each["operationId"]: {
                                "operationId": each["operationId"],
                                "parameters": {**given, name: f"$response.body#/{pointer}"},
                            }
                            for _, _, each in told
                        }
                    )


def _has(description: dict[str, Any], response: dict[str, Any], pointer: str) -> bool:
    schema: dict[str, Any] = response.get("content", {}).get("application/json", {}).get("schema", {})
    for step in pointer.split("/"):
        schema = _resolved(description, schema)
        schema = schema.get("items", {}) if step.isdigit() else schema.get("properties", {}).get(step, {})
    return bool(schema)


def _resolved(description: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found: Any = schema
    while "$ref" in found:
        place, found = found["$ref"], description
        for step in place.removeprefix("#/").split("/"):
            found = found[step]
    resolved: dict[str, Any] = found
    return resolved
