"""Which decisions a person may take on a claim, and why not the others."""

from dataclasses import dataclass, replace

from adjudicator.people import WITH_PEOPLE
from adjudicator.reopening import WAITING
from adjudicator.story import ClaimStory
from api.permissions import Action, Principal, Role, may
from api.workbench.language import say
from domain.decision import DecisionKind
from domain.money import format_fen
from domain.states import CLAIM_MOVES, ClaimState, PaymentState


@dataclass(frozen=True)
class Choice:
    """One decision: its key on the keyboard, its words, and what stands against it ("" when nothing does)."""

    kind: str
    key: str
    label: str
    obstacle: str


def choices_of(story: ClaimStory, principal: Principal) -> tuple[Choice, ...]:
    """List what the role may do with a claim where it stands; empty when it waits for nobody, or a verdict for its minute."""
    if story.pending:
        return ()
    if story.claim.state not in WITH_PEOPLE:
        return tuple(choice for action, choice in _beside_review(story) if may(principal.role, action))
    proposed_fen = story.adjudication.proposed_fen if story.adjudication else 0
    waived_fen = story.adjudication.waived_fen if story.adjudication else 0
    approve = Choice("approve", "A", _given(proposed_fen, waived_fen), _obstacle(principal, story, proposed_fen + waived_fen))
    part = Choice("pay_part", "R", say("部分赔付"), "" if proposed_fen > 1 else say("理算金额为零，没有可以减少的金额"))
    decline = Choice("decline", "D", say("拒赔"), _beyond(principal, proposed_fen))
    advance = Choice("advance", "V", say("先行给付"), "" if proposed_fen > story.paid_fen else say("没有可以先行给付的金额"))
    offered = (
        (Action.APPROVE, _by_other_eyes(approve, story, principal)),
        (Action.PAY_PART, _by_other_eyes(part, story, principal)),
        (Action.DECLINE, _by_other_eyes(decline, story, principal)),
        (Action.ASK, Choice("ask", "S", say("补充资料"), _asked_before(story))),
        (Action.INVESTIGATE, Choice("investigate", "I", say("转调查"), "" if story.claim.state == "IN_REVIEW" else say("案件已在调查中"))),
        (Action.CONCLUDE, Choice("conclude", "L", say("调查结论"), "")),
        (Action.ADVANCE, _by_other_eyes(advance, story, principal)),
        *_of_the_patient(story),
        (Action.WORK_ON, Choice("refer", "F", say("转交"), "")),
        (Action.WORK_ON, Choice("escalate", "G", say("上报"), "")),
        *_beside_review(story),
    )
    may_not = {"escalate"} if principal.role is Role.SENIOR_ADJUSTER else set()
    return tuple(choice for action, choice in offered if may(principal.role, action) and choice.kind not in may_not)


def _of_the_patient(story: ClaimStory) -> tuple[tuple[Action, Choice], ...]:
    """A hospital's bill that is with people is the patient's: their account may be written down before it is decided."""
    if story.claim.settlement_json is None:
        return ()
    return ((Action.SET_PAYEE, Choice("payee", "P", say("更换账户") if story.claim.payee else say("填写账户"), "")),)


def _by_other_eyes(choice: Choice, story: ClaimStory, principal: Principal) -> Choice:
    """Tell who decided a claim before that somebody else decides it anew."""
    round_ = story.decided_before.get(principal.name)
    return replace(choice, obstacle=say("您已在第 {round} 次核定中作出决定，重新核定须由其他人员作出", round=round_)) if round_ else choice


def _beside_review(story: ClaimStory) -> tuple[tuple[Action, Choice], ...]:
    """List what may be done with a claim wherever it is: before a decision it is merged or withdrawn, after it reopened or paid anew."""
    state, is_undecided = story.claim.state, story.claim.round == 1 and story.decision is None
    waits = ((Action.STOP_WAITING, Choice("stop_waiting", "T", say("不再等资料，转审核"), "")),) if state in WAITING else ()
    if is_undecided and ClaimState.WITHDRAWN in CLAIM_MOVES[state]:
        return (
            *waits,
            (Action.MERGE, Choice("merge", "M", say("并案"), "")),
            (Action.WITHDRAW_FOR, Choice("withdraw", "W", say("撤案"), "")),
        )
    if state in (ClaimState.PAID, ClaimState.CLOSED):
        if story.decision and story.decision.kind is DecisionKind.CANCELLED:
            return ()  # the bill was taken back with the settlement: the patient claims anew
        return ((Action.REOPEN, Choice("reopen", "O", say("重新受理"), "")),)
    if state is ClaimState.DECIDED and (story.waits_for or (story.payout and story.payout.state is PaymentState.BOUNCED)):
        return ((Action.SET_PAYEE, Choice("payee", "P", say("更换账户并付款") if story.payout else say("填写账户并付款"), "")),)
    return waits


def _given(proposed_fen: int, waived_fen: int) -> str:
    waived = say("豁免保费 {amount}", amount=format_fen(waived_fen)) if waived_fen else ""
    paid = say("赔付 {amount}", amount=format_fen(proposed_fen)) if proposed_fen or not waived else ""
    return " · ".join(part for part in (paid, waived) if part)


def _obstacle(principal: Principal, story: ClaimStory, proposed_fen: int) -> str:
    if story.adjudication is None:
        return say("尚未理算")
    return say("理算金额为零，请拒赔、补件或更正字段") if proposed_fen == 0 else _beyond(principal, proposed_fen)


def _beyond(principal: Principal, amount_fen: int) -> str:
    authority_fen = principal.staff.authority_fen if principal.staff else 0
    return say("超出您的权限 {amount}", amount=format_fen(authority_fen)) if amount_fen > authority_fen else ""


def _asked_before(story: ClaimStory) -> str:
    before = any(each.kind == "supplement" and each.round == story.claim.round for each in story.notices)
    return say("补充资料通知已发出过一次（保险法第二十二条）") if before else ""
