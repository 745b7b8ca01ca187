"""What customers agree to, word for word: a consent names the version of the words, and words that were agreed to never change."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.agent import ConsentScope
from domain.errors import ConflictError


@dataclass(frozen=True)
class Wording:
    """The words of a consent (授权书), in one version."""

    scope: ConsentScope
    version: str
    text_zh: str
    text_en: str
    has_premiums: bool = False  # of claims: whether the words let the agent see premiums that are due


WORDINGS: Sequence[Wording] = (  # the last of a scope is the one that is asked for; earlier ones stay, for they were agreed to
    Wording(
        ConsentScope.CLAIMS,
        "2026-11",
        "我同意我的代理人查看：我名下由其服务的保单的到期日，我在这些保单下未结案件的处理状态，以及需要我补充资料的数量，用于提醒和协助我办理。"
        "我可以随时撤回，撤回后代理人立即不能再查看；更换代理人时本授权自动失效。",
        "I agree that my agent sees when the policies end that they look after for me, where my open claims under these policies "
        "stand, and how many papers I am asked for, to remind me and to help me. I can withdraw this at any time, and from then on "
        "my agent sees nothing; it ends by itself when I change my agent.",
    ),
    Wording(
        ConsentScope.CLAIMS,
        "2026-12",
        "我同意我的代理人查看：我名下由其服务的保单的到期日，我作为投保人应交保费的日期和金额、宽限期及效力状态，我在这些保单下未结案件的处理状态，"
        "以及需要我补充资料的数量，用于提醒和协助我办理。我可以随时撤回，撤回后代理人立即不能再查看；更换代理人时本授权自动失效。",
        "I agree that my agent sees when the policies end that they look after for me; which premiums I owe as policyholder, how much "
        "and until when, and whether a policy has lapsed; where my open claims under these policies stand, and how many papers I am asked "
        "for, to remind me and to help me. I can withdraw this at any time, and from then on my agent sees nothing; it ends by itself when "
        "I change my agent.",
        has_premiums=True,
    ),
    Wording(
        ConsentScope.CHANGE,
        "2026-11",
        "我选择该代理人为我的保单提供服务，并同意向其提供我的姓名、联系电话、保单号和保单期限。原代理人自变更时起不能再查看我的信息，"
        "与其未进行的预约自动取消。",
        "I choose this agent to look after my policies, and agree that they are given my name, my telephone number, and the numbers and "
        "terms of these policies. From then on my earlier agent sees nothing of me, and what was arranged with them is cancelled.",
    ),
    Wording(
        ConsentScope.HEALTH,
        "2026-11",
        "我另行单独同意我的代理人查看上述案件的出险日期、出险原因和需要补充的资料名称。我知道这些内容可能反映我的健康状况，属于敏感个人信息。"
        "我可以随时单独撤回。",
        "I separately agree that my agent sees when and by what the loss of these claims came about, and the names of the papers I "
        "am asked for. I know that these may tell of my health, which is sensitive personal information. I can withdraw this at any time.",
    ),
)


def current(scope: ConsentScope) -> Wording:
    """Give the words that are asked for now."""
    return [each for each in WORDINGS if each.scope is scope][-1]


def shows_premiums(version: str) -> bool:
    """Tell whether who agreed to a version of the words of claims lets premiums be seen."""
    return any(each.has_premiums for each in WORDINGS if each.scope is ConsentScope.CLAIMS and each.version == version)


def check_current(scope: ConsentScope, version: str) -> None:
    """Refuse a consent to other words than those that are asked for now.

    Raises:
        ConflictError: the version is another one.
    """
    now = current(scope)
    if version != now.version:
        told = f"the words of consent {scope} are version {now.version}, not {version or '(none)'}"
        raise ConflictError(told, "show the customer the words of GET /v1/consent-wordings, and send their version")
