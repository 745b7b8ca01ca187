"""The delivery log of webhooks (推送记录) for operators: what each channel was told and what it answered, and once more on request."""

from flask import Blueprint, abort, flash, get_flashed_messages, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from api.context import the_principal, the_system
from api.guard import needs
from api.permissions import Action
from api.workbench.form_text import plain_text
from api.workbench.language import say
from domain.china import china_minute
from domain.decision import Actor
from storage import audit, webhooks

blueprint = Blueprint("deliveries", __name__, url_prefix="/webhooks")
OUTCOMES_ZH = {"failed": "未送达", "delivered": "已送达"}
STATUS_ZH = {"open": "将再试", "sent": "已送达", "dead": "已放弃"}
_PAGE = 50


@blueprint.get("")
@needs(Action.WATCH_WEBHOOKS)
def show() -> str:
    """Show the attempts, the newest first: of all channels or one, those that failed, those about a claim."""
    channel, claim_id = (plain_text(request.args, name, 64).strip() for name in ("channel", "claim"))
    outcome, before = plain_text(request.args, "outcome", 16), plain_text(request.args, "before", 18)
    with the_system().database.read() as tx:
        hooks = webhooks.list_webhooks(tx)
        found = webhooks.attempts(
            tx,
            channel,
            _PAGE + 1,
            before=int(before) if before.isascii() and before.isdecimal() else None,
            is_delivered={"failed": False, "delivered": True}.get(outcome),
            claim_id=claim_id.upper(),
        )
    return render_template(
        "deliveries.html",
        principal=the_principal(),
        channels=sorted({each.client_id for each in hooks}),
        hooks=hooks,
        attempts=[(each, china_minute(each.at_ms)) for each in found[:_PAGE]],
        older=found[_PAGE - 1].attempt_id if len(found) > _PAGE else None,
        chosen={"channel": channel, "claim": claim_id, "outcome": outcome},
        outcomes=OUTCOMES_ZH,
        statuses=STATUS_ZH,
        said=get_flashed_messages(),
    )


@blueprint.post("/again")
@needs(Action.WATCH_WEBHOOKS)
def again() -> BaseResponse:
    """Deliver a message once more, whatever became of it."""
    message_id, principal = plain_text(request.form, "message_id", 32), the_principal()
    with the_system().database.write() as tx:
        claim_id = webhooks.send_again(tx, message_id)
        if claim_id is None:
            abort(404)
        audit.append(tx, claim_id, Actor(principal.name, principal.role), "webhook.again", {"message": message_id})
    the_system().wake()
    flash(say("{number} 将重新推送。", number=message_id))
    return redirect(url_for("workbench.deliveries.show"))
