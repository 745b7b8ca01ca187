"""A calculation in a customer's words: each step as a sentence with the balance after it, and what is left of limits and deductibles."""

from fractions import Fraction

from adjudicator.decide import parts_paid
from adjudicator.story import ClaimStory
from adjudicator.trace_in_words import tell_accounts, tell_step
from api.answers.base import Answer
from domain.assessment import Outcome
from domain.decision import GIVES_NOTHING
from domain.money import format_fen


class StepTold(Answer):
    """One step: 减去年免赔额 10,000.00 元, and the balance after it."""

    text: str
    result: str
    clause: str


class AccountTold(Answer):
    """One limit or deductible, before and after this claim."""

    name: str
    period: str
    at_most: str
    used_before: str
    used_now: str
    left: str


class CalculationTold(Answer):
    """How one responsibility of one policy came to its amount."""

    policy_number: str
    responsibility: str
    amount: str
    steps: tuple[StepTold, ...]


class CalculationsTold(Answer):
    """All of a decision: the steps of what is paid, and the accounts of every policy."""

    calculations: tuple[CalculationTold, ...]
    accounts: tuple[AccountTold, ...]


NOTHING = CalculationsTold(calculations=(), accounts=())


def calculations_of(story: ClaimStory) -> CalculationsTold:
    """Tell how what is paid was worked out; nothing of a decision that gives nothing."""
    done, decision = story.adjudication, story.decision
    if done is None or decision is None or decision.kind in GIVES_NOTHING:
        return NOTHING
    parts = parts_paid(done, decision.amount_fen) or {}
    calculations = tuple(
        CalculationTold(
            policy_number=each.policy_number,
            responsibility=result.name,
            amount=format_fen(result.amount_fen or 0, grouped=False),
            steps=tuple(StepTold(text=text, result=left, clause=step.clause) for step in result.steps for text, left in [tell_step(step)]),
        )
        for each in done.policies
        for result in each.assessment.results
        if result.outcome is Outcome.PAYABLE
    )
    accounts = (
        account for each in done.policies for account in tell_accounts(each.assessment.results, parts.get(each.policy_number, Fraction(1)))
    )
    return CalculationsTold(calculations=calculations, accounts=tuple(AccountTold(**vars(each)) for each in accounts))
