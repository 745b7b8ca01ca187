"""Who may do what: one table of roles × actions, and how far each permission reaches.

An empty cell is a no. Channels and customers come in by bearer token, staff by session; no action belongs to both,
so that a browser's cookie can never speak for a channel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import NotAllowedError, NotFoundError
from storage.access import Staff
from storage.claims import ClaimRecord


class Role(StrEnum):
    """The kinds of askers."""

    APP = "app"  # the insurer's app, mini-program or site, for its customers
    HOTLINE = "hotline"  # the desk of the telephone line
    HOSPITAL = "hospital"  # one hospital, for its own patients
    CUSTOMER = "customer"  # one person, proven by the insurer's app
    ADJUSTER = "adjuster"  # 理赔员
    SENIOR_ADJUSTER = "senior_adjuster"  # 高级理赔员
    INVESTIGATOR = "investigator"  # 调查员
    ACTUARY = "actuary"  # 精算
    OPERATOR = "operator"  # 运维


class Action(StrEnum):
    """Everything that can be asked for."""

    SUBMIT_CLAIM = "submit_claim"
    ADD_DOCUMENTS = "add_documents"
    READ_STATUS = "read_status"
    ISSUE_CUSTOMER_TOKEN = "issue_customer_token"  # noqa: S105 - the name of an action, no secret
    REPORT_BY_PHONE = "report_by_phone"
    FIND_CALLER = "find_caller"
    WITHDRAW = "withdraw"
    APPEAL = "appeal"
    GIVE_ACCOUNT = "give_account"
    SETTLE = "settle"
    READ_OWN = "read_own"
    READ_LETTERS = "read_letters"
    VIEW_QUEUE = "view_queue"
    VIEW_CLAIM = "view_claim"
    VIEW_DOCUMENT = "view_document"
    VIEW_LETTER = "view_letter"
    CORRECT_FIELD = "correct_field"
    APPROVE = "approve"
    PAY_PART = "pay_part"
    DECLINE = "decline"
    ASK = "ask"
    INVESTIGATE = "investigate"
    ADVANCE = "advance"
    REOPEN = "reopen"
    STOP_WAITING = "stop_waiting"  # for papers that do not come
    WITHDRAW_FOR = "withdraw_for"  # for a customer who asked for it in another way
    MERGE = "merge"
    SET_PAYEE = "set_payee"
    DECLARE_EVENT = "declare_event"  # a catastrophe: sign as the first person or the second, or close it; on the command line only
    RECORD_CONTACT = "record_contact"  # write that the insured of a catastrophe was reached; on the command line only
    PUBLISH_BOOK = "publish_book"  # sign one: as the person who proposes it, or as the second; so far on the command line only
    ERASE_CLAIM = "erase_claim"  # destroy what names a person in it: on the command line only


class Scope(StrEnum):
    """How far a permission reaches."""

    ALL = "all"
    OWN = "own"  # a customer: claims of which they are the insured; a hospital: claims it sent in


_A, _ALL, _OWN = Action, Scope.ALL, Scope.OWN
_LOOK = {_A.VIEW_QUEUE: _ALL, _A.VIEW_CLAIM: _ALL}
_TOLD = {_A.READ_STATUS: _ALL, _A.READ_LETTERS: _ALL}
_PAPERS = {_A.VIEW_DOCUMENT: _ALL, _A.VIEW_LETTER: _ALL}
_DECIDE = {_A.APPROVE: _ALL, _A.PAY_PART: _ALL, _A.DECLINE: _ALL, _A.ASK: _ALL, _A.INVESTIGATE: _ALL, _A.WITHDRAW_FOR: _ALL}
_DECIDE |= {_A.ADVANCE: _ALL, _A.REOPEN: _ALL, _A.STOP_WAITING: _ALL, _A.MERGE: _ALL, _A.SET_PAYEE: _ALL}
_TAKE_BACK = {_A.WITHDRAW: _ALL, _A.APPEAL: _ALL}

PERMISSIONS: Mapping[Role, Mapping[Action, Scope]] = {
    Role.APP: {_A.SUBMIT_CLAIM: _ALL, _A.ADD_DOCUMENTS: _ALL, **_TOLD, _A.ISSUE_CUSTOMER_TOKEN: _ALL, **_TAKE_BACK, _A.GIVE_ACCOUNT: _ALL},
    Role.HOTLINE: {_A.REPORT_BY_PHONE: _ALL, _A.FIND_CALLER: _ALL, **_TOLD, **_TAKE_BACK},
    Role.HOSPITAL: {_A.SETTLE: _OWN, _A.READ_STATUS: _OWN},
    Role.CUSTOMER: {
        _A.READ_OWN: _OWN,
        _A.READ_STATUS: _OWN,
        _A.READ_LETTERS: _OWN,
        _A.ADD_DOCUMENTS: _OWN,
        _A.WITHDRAW: _OWN,
        _A.APPEAL: _OWN,
        _A.GIVE_ACCOUNT: _OWN,
    },
    Role.ADJUSTER: {**_LOOK, **_PAPERS, _A.CORRECT_FIELD: _ALL, **_DECIDE, _A.RECORD_CONTACT: _ALL},
    Role.SENIOR_ADJUSTER: {**_LOOK, **_PAPERS, _A.CORRECT_FIELD: _ALL, **_DECIDE, _A.RECORD_CONTACT: _ALL, _A.DECLARE_EVENT: _ALL},
    Role.INVESTIGATOR: {**_LOOK, **_PAPERS, _A.CORRECT_FIELD: _ALL, _A.ASK: _ALL, _A.INVESTIGATE: _ALL, _A.WITHDRAW_FOR: _ALL},
    Role.ACTUARY: {**_LOOK, _A.PUBLISH_BOOK: _ALL},
    Role.OPERATOR: {_A.VIEW_QUEUE: _ALL, _A.ERASE_CLAIM: _ALL},
}


@dataclass(frozen=True)
class Principal:
    """Who is asking. A customer has a `person_id`, a hospital a `hospital_id`, staff are themselves."""

    role: Role
    name: str
    person_id: str = ""
    hospital_id: str = ""
    staff: Staff | None = None


def may(role: Role, action: Action) -> bool:
    """Tell whether a role has an action at all, however far it reaches."""
    return action in PERMISSIONS[role]


def check_allowed(principal: Principal, action: Action) -> None:
    """Refuse a role that does not have an action.

    Raises:
        NotAllowedError: it has not.
    """
    if not may(principal.role, action):
        raise NotAllowedError(f"the role {principal.role} may not {action}", "ask with a credential of a role that may")


def check_claim(principal: Principal, action: Action, claim: ClaimRecord) -> None:
    """Refuse an action on somebody else's claim, in the very words of a claim that does not exist.

    Raises:
        NotAllowedError: the role does not have the action.
        NotFoundError: the claim is not theirs.
    """
    check_allowed(principal, action)
    if PERMISSIONS[principal.role][action] is Scope.OWN and not _is_own(principal, claim):
        raise no_such_claim(claim.claim_id)


def no_such_claim(claim_id: str) -> NotFoundError:
    """Say that a claim does not exist, or not for the asker: nobody can tell which."""
    return NotFoundError(f"no claim {claim_id}", "use the claim_id from the answer to the submission")


def _is_own(principal: Principal, claim: ClaimRecord) -> bool:
    if principal.role is Role.CUSTOMER:
        return bool(principal.person_id) and claim.insured_id == principal.person_id
    return bool(principal.hospital_id) and claim.hospital_id == principal.hospital_id and claim.settlement_json is not None
