"""Gives a claim page back when what was asked for did not happen: what stood against it, and nothing typed is lost."""

from dataclasses import replace
from itertools import takewhile

from flask import Response, request

from adjudicator.story import ClaimStory
from api.context import the_system
from api.problems import add_headers, problem_of
from api.workbench.claim import render_claim
from api.workbench.language import say
from api.workbench.timeline_view import timeline_of
from api.workbench.words import time_words
from domain.errors import MingbaiError, StaleVersionError
from storage.access import find_staff

_LOOK_AGAIN = "下面已是最新内容，您填写的文字保留着；请核对后再提交，或重新载入。"


def refuse(story: ClaimStory, error: MingbaiError) -> Response:
    """Show the claim as it is now, with the error on top and the form as it was filled in."""
    problem = problem_of(error)
    if isinstance(error, StaleVersionError):
        problem = replace(problem, detail=_who_was_first(story), way_out=say(_LOOK_AGAIN))
    typed = {name: value for name, value in request.form.items() if name not in ("csrf", "version")}
    response = Response(render_claim(story, problem, {**typed, "kind": (request.endpoint or "").rsplit(".", 1)[-1]}), problem.status)
    add_headers(response, problem)
    return response


def _who_was_first(story: ClaimStory) -> str:
    """Tell who changed the claim last, and what they did in that stroke: correcting a field, say, also works the claim out anew."""
    done = [entry for entry in story.audit if entry.is_change]
    last = done[-1]
    stroke = tuple(takewhile(lambda entry: (entry.actor, entry.at_ms // 1000) == (last.actor, last.at_ms // 1000), reversed(done)))
    with the_system().database.read() as tx:
        staff = find_staff(tx, last.actor)
    moments = timeline_of(stroke, {staff.user_name: staff.display_name} if staff else {})
    acts = say("，").join(say("{what}（{detail}）", what=each.what, detail=each.detail) if each.detail else each.what for each in moments)
    return say("您打开页面之后，{who} 于 {time} 更改了本案：{acts}。", who=moments[0].who, time=time_words(last.at_ms), acts=acts)
