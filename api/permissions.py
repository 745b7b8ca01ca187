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

    APP = "app"  # the insurer's app, for its customers
    WECHAT = "wechat"  # its mini-program
    WEBSITE = "website"  # its site, where nobody is logged in
    COUNTER = "counter"  # the system of its branches (柜面)
    AGENT = "agent"  # the platform of its agents (代理人)
    HOTLINE = "hotline"  # the desk of the telephone line
    HOSPITAL = "hospital"  # one hospital, for its own patients
    CUSTOMER = "customer"  # one person, proven by the insurer's app
    HOTLINE_AGENT = "hotline_agent"  # 坐席, at the page of the telephone desk
    FIELD_AGENT = "field_agent"  # 代理人, at the page of their own customers
    ADJUSTER = "adjuster"  # 理赔员
    SENIOR_ADJUSTER = "senior_adjuster"  # 高级理赔员
    INVESTIGATOR = "investigator"  # 调查员
    ACTUARY = "actuary"  # 精算
    OPERATOR = "operator"  # 运维


class Action(StrEnum):
    """Everything that can be asked for."""

    SUBMIT_CLAIM = "submit_claim"
    SUBMIT_BY_WECHAT = "submit_by_wechat"
    SUBMIT_ON_WEBSITE = "submit_on_website"
    SUBMIT_AT_COUNTER = "submit_at_counter"
    SUBMIT_BY_AGENT = "submit_by_agent"
    ADD_DOCUMENTS = "add_documents"
    UPLOAD = "upload"  # a file in parts, before it is claimed with
    READ_STATUS = "read_status"
    READ_DELIVERIES = "read_deliveries"  # the log of a channel's own webhooks
    ISSUE_CUSTOMER_TOKEN = "issue_customer_token"  # noqa: S105 - the name of an action, no secret
    REPORT_BY_PHONE = "report_by_phone"
    FIND_CALLER = "find_caller"
    SERVE_CALLER = "serve_caller"  # the same and the report, on the page of the desk
    UNDERSTAND_REPORT = "understand_report"  # what a sentence tells, and the next question; stores nothing
    WITHDRAW = "withdraw"
    APPEAL = "appeal"
    GIVE_ACCOUNT = "give_account"
    SETTLE = "settle"
    READ_OWN = "read_own"
    KEEP_ASSUMPTIONS = "keep_assumptions"  # what a customer tells of their life, for their cover; and take it back
    CHOOSE_NOTICES = "choose_notices"  # how a customer is told: by which way, when, and of what not at all
    TRANSACT = "transact"  # quote, sign and do something with a policy of one's own
    READ_LETTERS = "read_letters"
    VIEW_QUEUE = "view_queue"
    VIEW_CLAIM = "view_claim"
    VIEW_DOCUMENT = "view_document"
    VIEW_LETTER = "view_letter"
    WORK_ON = "work_on"  # be the one who works on a claim, comment, set it aside
    CORRECT_FIELD = "correct_field"
    APPROVE = "approve"
    PAY_PART = "pay_part"
    DECLINE = "decline"
    ASK = "ask"
    INVESTIGATE = "investigate"
    CONCLUDE = "conclude"  # record whether a claim was fraud
    ADVANCE = "advance"
    REOPEN = "reopen"
    STOP_WAITING = "stop_waiting"  # for papers that do not come
    WITHDRAW_FOR = "withdraw_for"  # for a customer who asked for it in another way
    MERGE = "merge"
    SET_PAYEE = "set_payee"
    COLLECT = "collect"  # ask for what was paid too much
    OFFSET = "offset"  # set it off against another payout
    WRITE_OFF = "write_off"  # give it up, or sign that as the second person
    BOOK_RECEIPT = "book_receipt"  # book what came back
    DECIDE_SERVICING = "decide_servicing"  # let through or refuse a customer's transaction
    VIEW_POLICIES = "view_policies"  # all that a customer owns, who is on the telephone or at the counter
    TRANSACT_FOR = "transact_for"  # quote, and sign with the code that the customer was sent and reads out
    VIEW_COVER = "view_cover"  # of a customer who is on the telephone
    VIEW_EVENT = "view_event"  # a catastrophe with its claims and its account
    DECLARE_EVENT = "declare_event"  # a catastrophe: sign as the first person or the second, find whom it met, close it
    RECORD_CONTACT = "record_contact"  # write that the insured of a catastrophe was reached
    WATCH_WEBHOOKS = "watch_webhooks"  # what channels were told, and once more
    VIEW_DASHBOARD = "view_dashboard"  # how claims do as a whole: rates, times, sums
    VIEW_RISK = "view_risk"  # how the risk model does
    RELEASE_MODEL = "release_model"  # put a risk model in force: as the person who proposes it, or as the second
    VIEW_BOOK = "view_book"  # rule books, their drafts and what simulations of them came to
    EDIT_BOOK = "edit_book"  # write a draft of one's own, test and simulate it
    PUBLISH_BOOK = "publish_book"  # sign one: as the person who proposes it, or as the second
    FIND_AGENT = "find_agent"  # who is near, their card, when they are free, the words of consents
    CHOOSE_AGENT = "choose_agent"
    CONSENT_TO_AGENT = "consent_to_agent"  # to be seen, and to be seen no more
    MEET_AGENT = "meet_agent"  # book, move, cancel, rate; have what was written down erased
    SERVE_CUSTOMERS = "serve_customers"  # as an agent, by their platform
    MY_CUSTOMERS = "my_customers"  # the same, on the agent's own page
    ERASE_CLAIM = "erase_claim"  # destroy what names a person in it: on the command line only


class Scope(StrEnum):
    """How far a permission reaches."""

    ALL = "all"
    OWN = "own"  # a customer: claims of which they are the insured; a hospital: claims it sent in; an agent: customers who consented


_A, _ALL, _OWN = Action, Scope.ALL, Scope.OWN
_LOOK = {_A.VIEW_QUEUE: _ALL, _A.VIEW_CLAIM: _ALL, _A.VIEW_EVENT: _ALL, _A.VIEW_BOOK: _ALL}
_TOLD = {_A.READ_STATUS: _ALL, _A.READ_LETTERS: _ALL}
_REPORT = {_A.UNDERSTAND_REPORT: _ALL}
_FIND = {_A.FIND_AGENT: _ALL}
_LOG = {_A.READ_DELIVERIES: _ALL}  # all of the channel that asks, and no other's
_PAPERS = {_A.VIEW_DOCUMENT: _ALL, _A.VIEW_LETTER: _ALL, _A.WORK_ON: _ALL}
_DECIDE = {_A.APPROVE: _ALL, _A.PAY_PART: _ALL, _A.DECLINE: _ALL, _A.ASK: _ALL, _A.INVESTIGATE: _ALL, _A.WITHDRAW_FOR: _ALL}
_DECIDE |= {_A.ADVANCE: _ALL, _A.REOPEN: _ALL, _A.STOP_WAITING: _ALL, _A.MERGE: _ALL, _A.SET_PAYEE: _ALL}
_DECIDE |= {_A.COLLECT: _ALL, _A.OFFSET: _ALL, _A.WRITE_OFF: _ALL}
_TAKE_BACK = {_A.WITHDRAW: _ALL, _A.APPEAL: _ALL}

PERMISSIONS: Mapping[Role, Mapping[Action, Scope]] = {
    Role.APP: {
        _A.SUBMIT_CLAIM: _ALL,
        _A.ADD_DOCUMENTS: _ALL,
        _A.UPLOAD: _ALL,
        **_REPORT,
        **_FIND,
        **_TOLD,
        _A.ISSUE_CUSTOMER_TOKEN: _ALL,
        **_TAKE_BACK,
        _A.GIVE_ACCOUNT: _ALL,
        **_LOG,
    },
    Role.WECHAT: {
        _A.SUBMIT_BY_WECHAT: _ALL,
        _A.ADD_DOCUMENTS: _ALL,
        _A.UPLOAD: _ALL,
        **_REPORT,
        **_FIND,
        **_TOLD,
        _A.ISSUE_CUSTOMER_TOKEN: _ALL,
        **_TAKE_BACK,
        _A.GIVE_ACCOUNT: _ALL,
        **_LOG,
    },
    Role.WEBSITE: {_A.SUBMIT_ON_WEBSITE: _ALL, _A.ADD_DOCUMENTS: _ALL, _A.UPLOAD: _ALL, **_REPORT, **_FIND, _A.READ_STATUS: _ALL, **_LOG},
    Role.COUNTER: {
        _A.SUBMIT_AT_COUNTER: _ALL,
        _A.ADD_DOCUMENTS: _ALL,
        _A.UPLOAD: _ALL,
        **_REPORT,
        **_FIND,
        **_TOLD,
        **_TAKE_BACK,
        _A.GIVE_ACCOUNT: _ALL,
        **_LOG,
    },
    Role.AGENT: {
        _A.SUBMIT_BY_AGENT: _ALL,
        _A.SERVE_CUSTOMERS: _ALL,
        _A.ADD_DOCUMENTS: _ALL,
        _A.UPLOAD: _ALL,
        **_REPORT,
        **_FIND,
        _A.READ_STATUS: _ALL,
        **_LOG,
    },
    Role.HOTLINE: {_A.REPORT_BY_PHONE: _ALL, _A.FIND_CALLER: _ALL, **_REPORT, **_FIND, **_TOLD, **_TAKE_BACK, **_LOG},
    Role.HOSPITAL: {_A.SETTLE: _OWN, _A.READ_STATUS: _OWN, _A.READ_DELIVERIES: _OWN},
    Role.CUSTOMER: {
        _A.READ_OWN: _OWN,
        _A.KEEP_ASSUMPTIONS: _OWN,
        _A.CHOOSE_NOTICES: _OWN,
        _A.TRANSACT: _OWN,
        _A.READ_STATUS: _OWN,
        _A.READ_LETTERS: _OWN,
        _A.ADD_DOCUMENTS: _OWN,
        _A.UPLOAD: _OWN,
        _A.WITHDRAW: _OWN,
        _A.APPEAL: _OWN,
        _A.GIVE_ACCOUNT: _OWN,
        _A.FIND_AGENT: _OWN,
        _A.CHOOSE_AGENT: _OWN,
        _A.CONSENT_TO_AGENT: _OWN,
        _A.MEET_AGENT: _OWN,
    },
    Role.HOTLINE_AGENT: {_A.SERVE_CALLER: _ALL, _A.VIEW_COVER: _ALL, _A.VIEW_POLICIES: _ALL, _A.TRANSACT_FOR: _ALL},
    Role.FIELD_AGENT: {_A.MY_CUSTOMERS: _OWN},
    Role.ADJUSTER: {
        _A.SERVE_CALLER: _ALL,
        **_LOOK,
        **_PAPERS,
        _A.CORRECT_FIELD: _ALL,
        **_DECIDE,
        _A.RECORD_CONTACT: _ALL,
        _A.DECIDE_SERVICING: _ALL,
    },
    Role.SENIOR_ADJUSTER: {
        _A.SERVE_CALLER: _ALL,
        **_LOOK,
        **_PAPERS,
        _A.CORRECT_FIELD: _ALL,
        **_DECIDE,
        _A.RECORD_CONTACT: _ALL,
        _A.DECIDE_SERVICING: _ALL,
        _A.DECLARE_EVENT: _ALL,
        _A.CONCLUDE: _ALL,
        _A.VIEW_RISK: _ALL,
        _A.VIEW_DASHBOARD: _ALL,
    },
    Role.INVESTIGATOR: {
        **_LOOK,
        **_PAPERS,
        _A.CORRECT_FIELD: _ALL,
        _A.ASK: _ALL,
        _A.INVESTIGATE: _ALL,
        _A.WITHDRAW_FOR: _ALL,
        _A.CONCLUDE: _ALL,
        _A.VIEW_RISK: _ALL,
    },
    Role.ACTUARY: {**_LOOK, _A.EDIT_BOOK: _ALL, _A.PUBLISH_BOOK: _ALL, _A.VIEW_RISK: _ALL, _A.RELEASE_MODEL: _ALL, _A.VIEW_DASHBOARD: _ALL},
    Role.OPERATOR: {
        _A.VIEW_QUEUE: _ALL,
        _A.VIEW_EVENT: _ALL,
        _A.VIEW_BOOK: _ALL,
        _A.WATCH_WEBHOOKS: _ALL,
        _A.ERASE_CLAIM: _ALL,
        _A.BOOK_RECEIPT: _ALL,
        _A.VIEW_RISK: _ALL,
        _A.VIEW_DASHBOARD: _ALL,
    },
}


OUTSIDERS = (Role.CUSTOMER, Role.HOSPITAL, Role.AGENT, Role.WEBSITE)  # to whom an investigation shows as a review


@dataclass(frozen=True)
class Principal:
    """Who is asking. A customer has a `person_id`, a hospital a `hospital_id`, staff are themselves.

    `scope` is what a channel's token was fetched for: fewer actions than its role has. None: all of them.
    """

    role: Role
    name: str
    person_id: str = ""
    hospital_id: str = ""
    staff: Staff | None = None
    scope: frozenset[Action] | None = None


def scope_of(text: str) -> frozenset[Action] | None:
    """Read a list of actions, apart by spaces; "" is no bound.

    Raises:
        ValueError: a word that is no action.
    """
    return frozenset(map(Action, text.split())) or None


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
    if principal.scope is not None and action not in principal.scope:
        raise NotAllowedError(f"this token was not given for {action}", f"fetch a token whose scope holds {action}")


def check_claim(principal: Principal, action: Action, claim: ClaimRecord) -> None:
    """Refuse an action on somebody else's claim, in the very words of a claim that does not exist.

    Raises:
        NotAllowedError: the role does not have the action.
        NotFoundError: the claim is not theirs.
    """
    check_allowed(principal, action)
    if PERMISSIONS[principal.role][action] is Scope.OWN and not _is_own(principal, claim):
        raise no_such_claim(claim.claim_id)


def check_own_hospital(principal: Principal, hospital_id: str) -> None:
    """Refuse a hospital that speaks for another.

    Raises:
        NotAllowedError: it does.
    """
    own = principal.hospital_id
    if hospital_id != own:
        raise NotAllowedError(
            f"this credential speaks for hospital {own or '(none)'}, not for {hospital_id}",
            "send your own hospital_id, or use that hospital's credential",
        )


def no_such_claim(claim_id: str) -> NotFoundError:
    """Say that a claim does not exist, or not for the asker: nobody can tell which."""
    return NotFoundError(f"no claim {claim_id}", "use the claim_id from the answer to the submission")


def _is_own(principal: Principal, claim: ClaimRecord) -> bool:
    if principal.role is Role.CUSTOMER:
        return bool(principal.person_id) and claim.insured_id == principal.person_id
    return bool(principal.hospital_id) and claim.hospital_id == principal.hospital_id and claim.settlement_json is not None
