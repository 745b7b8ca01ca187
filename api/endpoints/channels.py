"""The ways a claim comes in beside the app's own: one endpoint each, made from a line of `CHANNELS`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from adjudicator.intake import submit
from api.answers.receipt import ClaimReceipt, receipt_of
from api.channels import agent, counter, website, wechat
from api.channels.fields import WithFiles
from api.context import the_system
from api.endpoints.openapi import BEARER, CLAIMS, multipart_claim, problems
from api.endpoints.uploads import read_submission, read_uploads
from api.endpoints.write import write
from api.guard import needs
from api.permissions import Action
from domain.claim import Channel, ClaimNotice, UploadedFile

blueprint = APIBlueprint("channels", __name__, url_prefix="/v1", abp_tags=[CLAIMS], abp_security=BEARER)


@dataclass(frozen=True)
class OpenChannel:
    """One way in: who may use it, what it sends, and what that means. `says` stands in the description of the API."""

    channel: Channel
    action: Action
    payload: type[WithFiles]
    to_notice: Callable[[Any, tuple[UploadedFile, ...]], ClaimNotice]
    says: str


CHANNELS = (
    OpenChannel(
        Channel.WECHAT, Action.SUBMIT_BY_WECHAT, wechat.WechatClaim, wechat.to_notice, "Send a claim in from the WeChat mini-program."
    ),
    OpenChannel(
        Channel.WEBSITE, Action.SUBMIT_ON_WEBSITE, website.WebsiteClaim, website.to_notice, "Send a claim in from the insurer's website."
    ),
    OpenChannel(
        Channel.COUNTER,
        Action.SUBMIT_AT_COUNTER,
        counter.CounterClaim,
        counter.to_notice,
        "Send a claim in that a clerk took at the counter.",
    ),
    OpenChannel(
        Channel.AGENT,
        Action.SUBMIT_BY_AGENT,
        agent.AgentClaim,
        agent.to_notice,
        "Send a claim in that an agent reports for their customer.",
    ),
)


def _open(way: OpenChannel) -> None:
    def submit_claim() -> Response:
        claim, files = read_submission()
        payload = way.payload.model_validate(claim)
        receipt = submit(the_system(), way.to_notice(payload, files + read_uploads(payload.uploads)))
        return write(receipt_of(receipt), 202 if receipt.is_new else 200)

    submit_claim.__name__ = f"submit_by_{way.channel}"
    submit_claim.__doc__ = f"{way.says} Answers as `POST /v1/claims` does."
    described = blueprint.post(
        f"/{way.channel}/claims",
        responses={"202": ClaimReceipt, "200": ClaimReceipt, **problems(400, 401, 403, 404, 409, 413, 415, 422, 429)},
        openapi_extensions=multipart_claim(way.payload),
    )
    described(needs(way.action)(submit_claim))


for _way in CHANNELS:
    _open(_way)
