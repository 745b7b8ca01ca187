"""The delivery log of a channel's webhooks, for the channel itself."""

import json

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from api.answers.base import Answer, iso_time
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, WEBHOOKS, problems
from api.endpoints.write import write
from api.guard import needs
from api.paging import Page, PageQuery, cursor_of, place_of
from api.permissions import Action
from storage import webhooks
from storage.webhooks import Attempt

blueprint = APIBlueprint("webhooks", __name__, url_prefix="/v1", abp_tags=[WEBHOOKS], abp_security=BEARER)


class DeliveryTold(Answer):
    """One attempt to deliver: `status` is what the receiver answered, null when there was no answer."""

    webhook_id: str
    message_id: str
    claim_id: str
    state: str
    at: str
    elapsed_ms: int
    status: int | None
    error: str
    message_status: str


class Deliveries(Page):
    """The delivery log, the newest attempt first."""

    deliveries: tuple[DeliveryTold, ...]


@blueprint.get("/webhook-deliveries", responses={"200": Deliveries, **problems(401, 403, 422)})
@needs(Action.READ_DELIVERIES)
def list_deliveries(query: PageQuery) -> Response:
    """List what was delivered to this channel's webhooks, attempt by attempt, page by page."""
    place = place_of(query.cursor, int)
    with the_system().database.read() as tx:
        found = webhooks.attempts(tx, the_principal().name, query.limit + 1, before=int(place[0]) if place else None)
    shown = found[: query.limit]
    following = cursor_of(shown[-1].attempt_id) if len(found) > query.limit else None
    return write(Deliveries(deliveries=tuple(map(_told, shown)), next=following))


def _told(attempt: Attempt) -> DeliveryTold:
    return DeliveryTold(
        webhook_id=attempt.webhook_id,
        message_id=attempt.message_id,
        claim_id=attempt.claim_id,
        state=json.loads(attempt.body)["data"]["state"],
        at=iso_time(attempt.at_ms),
        elapsed_ms=attempt.elapsed_ms,
        status=attempt.status,
        error=attempt.error,
        message_status=attempt.message_status,
    )
