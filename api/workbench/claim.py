"""The claim page: documents on the left, facts, calculation, risk and history on the right, the decision below."""

from collections.abc import Mapping

from flask import Blueprint, Response, get_flashed_messages, jsonify, render_template, request

from adjudicator.clocks import NAMES_ZH as CLOCKS_ZH
from adjudicator.desk import look_at, see
from adjudicator.hospital_bill import SettlementRequest
from adjudicator.people import HANDLERS, WITH_PEOPLE
from adjudicator.reopening import GROUNDS_ZH
from adjudicator.story import STATES_ZH, ClaimStory, tell
from adjudicator.viewing import note_view
from adjudicator.wording import wording_of
from api.context import actor_of_staff, the_principal, the_staff, the_system
from api.guard import needs
from api.permissions import Action, may
from api.problems import Problem
from api.workbench import words
from api.workbench.choices import choices_of
from api.workbench.document_view import document_views
from api.workbench.element_view import elements_views
from api.workbench.language import say
from api.workbench.next_claim import next_claim, the_list
from api.workbench.owing_view import owing_of
from api.workbench.presence_view import handed_words, presence_words
from api.workbench.timeline_view import timeline_of
from api.workbench.trace_view import clauses_cited, policy_view
from rules.clauses import find_clause
from storage.access import colleagues, find_several
from storage.attachments import attachments_of
from storage.claims import get_claim
from storage.codec import from_json
from storage.desk import find_snooze
from storage.letters import LetterFile, letters_of
from storage.queue import find_place

blueprint = Blueprint("claim", __name__)


@blueprint.get("/claims/<claim_id>")
@needs(Action.VIEW_CLAIM)
def show(claim_id: str) -> str:
    """Show a claim."""
    return show_claim(claim_id)


@blueprint.get("/claims/<claim_id>/version")
@needs(Action.VIEW_CLAIM)
def version(claim_id: str) -> Response:
    """Tell which version a claim has now: an open page asks, and offers to reload when somebody else saved."""
    with the_system().database.read() as tx:
        claim = get_claim(tx, claim_id)
    return jsonify(version=claim.version, state=claim.state)


def show_claim(claim_id: str) -> str:
    """Write a claim's page, and note who looks at it."""
    note_view(the_system(), claim_id, actor_of_staff())
    if "X-Ahead" not in request.headers:  # fetched ahead: it has left the house, and nobody has looked yet
        see(the_system().database, claim_id, the_staff())
    return render_claim(tell(the_system(), claim_id))


def render_claim(story: ClaimStory, problem: Problem | None = None, typed: Mapping[str, str] | None = None) -> str:
    """Write the page; after a refused decision with what stood against it, and with what was typed."""
    principal, answered = the_principal(), story.adjudication.policies if story.adjudication else ()
    with the_system().database.read() as tx:
        now_ms = tx.now_ms()
        names = {each.user_name: each.display_name for each in find_several(tx, {each.actor for each in story.audit}).values()}
        asked, place = the_list(), find_place(tx, story.claim.claim_id)
        follows = next_claim(tx, story.claim.claim_id, asked.query(now_ms, the_staff()), the_staff(), place)
        presence = presence_words(tx, look_at(tx, story.claim.claim_id, the_staff()), the_staff().user_name)
        snoozed, handed = find_snooze(tx, story.claim.claim_id), handed_words(tx, story.claim.claim_id)
        owing = owing_of(tx, story)
        attached = attachments_of(tx, story.claim.claim_id)
        handlers = [each for each in colleagues(tx, HANDLERS) if each.user_name != the_staff().user_name]
        wordings = [wording_of(tx, the_system().books, each) for each in answered]
    policies = tuple(map(policy_view, answered, wordings))
    quotes = {cited: clause for each in policies[::-1] for cited, clause in each.quotes.items()}
    if story.decision and (decisive := next(filter(None, (find_clause(each, story.decision.clause) for each in wordings)), None)):
        quotes[story.decision.clause] = decisive
    may_view = may(principal.role, Action.VIEW_DOCUMENT)
    return render_template(
        "claim.html",
        principal=principal,
        story=story,
        claim=story.claim,
        state_word=say(STATES_ZH[story.claim.state]),
        documents=document_views(story.documents) if may_view else (),
        may_view=may_view,
        settlement=from_json(story.claim.settlement_json, SettlementRequest) if story.claim.settlement_json else None,
        may_correct=may(principal.role, Action.CORRECT_FIELD) and story.claim.state in WITH_PEOPLE,
        policies=policies,
        elements=elements_views(story) if may_view else (),
        choices=choices_of(story, principal),
        clauses=clauses_cited([result for each in answered for result in each.assessment.results]),
        quotes=quotes,
        letters=_letters(story.claim.claim_id) if may(principal.role, Action.VIEW_LETTER) else (),
        timeline=timeline_of(story.audit, names),
        decided_by=_decided_by(story, names),
        clocks=[(say(CLOCKS_ZH.get(each.kind, each.kind)), each, words.due_words(each.due_ms - now_ms)) for each in story.clocks],
        now_ms=now_ms,
        received=words.received_words(now_ms - story.claim.created_ms),
        bands=words.BANDS_ZH,
        shared_kinds=words.SHARED_ZH,
        states=STATES_ZH,
        queues=words.QUEUES_ZH,
        grounds=GROUNDS_ZH,
        channels=words.CHANNELS_ZH,
        next_claim=follows,
        came_from=asked.list_words,
        pending_by=names.get(story.pending.user_name, story.pending.user_name) if story.pending else "",
        acts=words.ACTS_ZH,
        problem=problem,
        typed=typed or {},
        said=get_flashed_messages(),
        presence=presence,
        snoozed=snoozed,
        attachments=attached,
        owing=owing,
        handed=handed,
        handlers=handlers,
        may_work_on=may(principal.role, Action.WORK_ON),
    )


def _letters(claim_id: str) -> tuple[LetterFile, ...]:
    with the_system().database.read() as tx:
        return letters_of(tx, claim_id)


def _decided_by(story: ClaimStory, names: Mapping[str, str]) -> str:
    decision = story.decision
    return names.get(decision.actor) or say(words.ROLES_ZH.get(decision.actor_role, decision.actor)) if decision else ""
