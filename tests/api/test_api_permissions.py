"""The table of roles × actions, cell by cell; and every door, knocked on by every role."""

import io
import re

import pytest
from api_house import STAFF, House
from api_http import Http
from test_api_hospital import a_bill

from api.permissions import PERMISSIONS, Action, Principal, Role, Scope, check_claim, may
from domain.errors import NotAllowedError
from storage.claims import get_claim

# Written out by hand, not computed: a change of the table must be made twice, and so be meant.
ALLOWED = {
    "app": {
        "find_agent",
        "understand_report", "withdraw", "appeal", "give_account", "submit_claim", "add_documents", "upload", "read_status",
        "read_letters",
        "issue_customer_token", "read_deliveries",
    },
    "wechat": {
        "find_agent",
        "understand_report", "withdraw", "appeal", "give_account", "submit_by_wechat", "add_documents", "upload", "read_status",
        "read_letters",
        "issue_customer_token", "read_deliveries",
    },
    "website": {
        "find_agent", "read_deliveries", "understand_report", "submit_on_website", "add_documents", "upload", "read_status",
    },
    "counter": {
        "find_agent",
        "understand_report", "withdraw", "appeal", "give_account", "submit_at_counter", "add_documents", "upload", "read_status",
        "read_letters",
        "read_deliveries",
    },
    "agent": {
        "find_agent", "serve_customers",
        "read_deliveries", "understand_report", "submit_by_agent", "add_documents", "upload", "read_status",
    },
    "hotline": {
        "find_agent",
        "read_deliveries", "understand_report", "withdraw", "appeal", "report_by_phone", "find_caller", "read_status", "read_letters",
    },
    "hospital": {"read_deliveries", "settle", "read_status"},
    "customer": {
        "transact",
        "find_agent", "choose_agent", "consent_to_agent", "meet_agent",
        "choose_notices",
        "keep_assumptions", "withdraw", "appeal", "give_account", "read_own", "read_status", "read_letters", "add_documents", "upload",
    },
    "hotline_agent": {"serve_caller", "view_cover", "view_policies", "transact_for"},
    "field_agent": {"my_customers"},
    "adjuster": {
        "work_on",
        "serve_caller",
        "view_queue", "view_claim", "view_document", "view_letter", "correct_field", "approve", "pay_part", "decline", "ask", "investigate",
        "advance", "reopen", "stop_waiting", "withdraw_for", "merge", "set_payee", "decide_servicing", "record_contact",
        "collect", "offset", "write_off", "view_event", "view_book",
    },
    "senior_adjuster": {
        "work_on",
        "serve_caller",
        "view_queue", "view_claim", "view_document", "view_letter", "correct_field", "approve", "pay_part", "decline", "ask", "investigate",
        "advance", "reopen", "stop_waiting", "withdraw_for", "merge", "set_payee", "record_contact", "declare_event", "conclude",
        "decide_servicing",
        "collect", "offset", "write_off", "view_event", "view_risk", "view_book",
        "view_dashboard",
    },
    "investigator": {
        "conclude", "view_risk", "view_event", "view_book", "work_on",
        "withdraw_for", "view_queue", "view_claim", "view_document", "view_letter", "correct_field", "ask", "investigate",
    },
    "actuary": {"view_event", "view_queue", "view_claim", "view_book", "edit_book", "publish_book", "view_risk", "release_model",
        "view_dashboard"},
    "operator": {"watch_webhooks", "view_event", "view_queue", "view_book", "erase_claim", "book_receipt", "view_risk", "view_dashboard"},
}  # fmt: skip


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_role_may_what_the_table_says_and_nothing_else(role: Role, action: Action) -> None:
    assert may(role, action) is (action in ALLOWED[role])


def test_only_customers_hospitals_and_agents_are_bound_to_their_own() -> None:
    bound = {(role, action) for role, cells in PERMISSIONS.items() for action, scope in cells.items() if scope is Scope.OWN}
    bound_roles = {Role.CUSTOMER, Role.HOSPITAL, Role.FIELD_AGENT}
    assert {role for role, _ in bound} == bound_roles
    assert all(scope is Scope.OWN for role in bound_roles for scope in PERMISSIONS[role].values())


def test_no_action_belongs_to_a_session_and_to_a_bearer_token_alike() -> None:
    by_session = {action for role in STAFF for action in PERMISSIONS[Role(role)]}
    by_token = {action for role in Role if role not in STAFF for action in PERMISSIONS[role]}
    assert not by_session & by_token


def test_checking_a_claim_refuses_a_role_without_the_action() -> None:
    with pytest.raises(NotAllowedError):
        check_claim(Principal(Role.ACTUARY, "zheng"), Action.ADD_DOCUMENTS, None)  # type: ignore[arg-type]


# method, path, action
DOORS = [
    ("POST", "/v1/claims", Action.SUBMIT_CLAIM),
    ("POST", "/v1/uploads", Action.UPLOAD),
    ("GET", "/v1/uploads/U0", Action.UPLOAD),
    ("PATCH", "/v1/uploads/U0", Action.UPLOAD),
    ("DELETE", "/v1/uploads/U0", Action.UPLOAD),
    ("POST", "/v1/wechat/claims", Action.SUBMIT_BY_WECHAT),
    ("POST", "/v1/website/claims", Action.SUBMIT_ON_WEBSITE),
    ("POST", "/v1/counter/claims", Action.SUBMIT_AT_COUNTER),
    ("POST", "/v1/agent/claims", Action.SUBMIT_BY_AGENT),
    ("POST", "/v1/claims/C0/documents", Action.ADD_DOCUMENTS),
    ("GET", "/v1/claims/C0", Action.READ_STATUS),
    ("GET", "/v1/claims/C0/letters", Action.READ_LETTERS),
    ("GET", "/v1/claims/C0/letters/L0.pdf", Action.READ_LETTERS),
    ("GET", "/v1/claims/C0/letters/L0.html", Action.READ_LETTERS),
    ("POST", "/v1/reports/understand", Action.UNDERSTAND_REPORT),
    ("POST", "/v1/hotline/reports", Action.REPORT_BY_PHONE),
    ("POST", "/v1/hotline/callers", Action.FIND_CALLER),
    ("POST", "/v1/hospital/settlements", Action.SETTLE),
    ("POST", "/v1/hospital/eligibility", Action.SETTLE),
    ("POST", "/v1/hospital/pre-settlements", Action.SETTLE),
    ("POST", "/v1/hospital/settlements/C0/confirmation", Action.SETTLE),
    ("POST", "/v1/hospital/settlements/C0/cancellation", Action.SETTLE),
    ("POST", "/v1/fhir/Claim/$submit", Action.SETTLE),
    ("GET", "/v1/fhir/ClaimResponse/C0", Action.SETTLE),
    ("GET", "/v1/fhir/ExplanationOfBenefit/C0", Action.READ_STATUS),
    ("POST", "/v1/customer-tokens", Action.ISSUE_CUSTOMER_TOKEN),
    ("GET", "/v1/me/policies", Action.READ_OWN),
    ("GET", "/v1/me/policies/P990000011", Action.READ_OWN),
    ("GET", "/v1/me/overview", Action.READ_OWN),
    ("GET", "/v1/me/figures/K0", Action.READ_OWN),
    ("GET", "/v1/me/history", Action.READ_OWN),
    ("GET", "/v1/me/claims", Action.READ_OWN),
    ("GET", "/v1/me/entitlements", Action.READ_OWN),
    ("GET", "/v1/me/agent", Action.READ_OWN),
    ("GET", "/v1/me/cover", Action.READ_OWN),
    ("POST", "/v1/me/cover", Action.READ_OWN),
    ("PUT", "/v1/me/cover/assumptions", Action.KEEP_ASSUMPTIONS),
    ("GET", "/v1/me/reminders", Action.READ_OWN),
    ("GET", "/v1/me/notice-preferences", Action.READ_OWN),
    ("PUT", "/v1/me/notice-preferences", Action.CHOOSE_NOTICES),
    ("DELETE", "/v1/me/cover/assumptions", Action.KEEP_ASSUMPTIONS),
    ("GET", "/hotline/cover/Q0", Action.VIEW_COVER),
    ("POST", "/hotline/cover/Q0", Action.VIEW_COVER),
    ("GET", "/hotline/policies/Q0", Action.VIEW_POLICIES),
    ("GET", "/hotline/policies/Q0/history", Action.VIEW_POLICIES),
    ("GET", "/hotline/policies/Q0/P990000011", Action.VIEW_POLICIES),
    ("GET", "/hotline/policies/Q0/P990000011/items/policy-loan", Action.TRANSACT_FOR),
    ("POST", "/hotline/policies/Q0/P990000011/items/policy-loan", Action.TRANSACT_FOR),
    ("GET", "/hotline/policies/Q0/transactions/B0", Action.TRANSACT_FOR),
    ("POST", "/hotline/policies/Q0/transactions/B0/code", Action.TRANSACT_FOR),
    ("POST", "/hotline/policies/Q0/transactions/B0/signature", Action.TRANSACT_FOR),
    ("GET", "/hotline/policies/Q0/transactions/B0/endorsement.pdf", Action.TRANSACT_FOR),
    ("GET", "/servicing", Action.DECIDE_SERVICING),
    ("POST", "/servicing/B0", Action.DECIDE_SERVICING),
    ("GET", "/v1/me/policies/P990000011/servicing", Action.READ_OWN),
    ("POST", "/v1/me/servicing", Action.TRANSACT),
    ("GET", "/v1/me/servicing", Action.READ_OWN),
    ("GET", "/v1/me/servicing/B0", Action.READ_OWN),
    ("POST", "/v1/me/servicing/B0/code", Action.TRANSACT),
    ("POST", "/v1/me/servicing/B0/signature", Action.TRANSACT),
    ("POST", "/v1/me/servicing/B0/account", Action.TRANSACT),
    ("GET", "/v1/me/servicing/B0/endorsement.pdf", Action.READ_OWN),
    ("GET", "/v1/me/servicing/B0/endorsement.html", Action.READ_OWN),
    ("GET", "/v1/webhook-deliveries", Action.READ_DELIVERIES),
    ("GET", "/", Action.VIEW_QUEUE),
    ("GET", "/claims/C0", Action.VIEW_CLAIM),
    ("GET", "/claims/C0/version", Action.VIEW_CLAIM),
    ("GET", "/claims/C0/letters/L0.pdf", Action.VIEW_LETTER),
    ("GET", "/claims/C0/letters/L0.html", Action.VIEW_LETTER),
    ("GET", "/documents/D0/content", Action.VIEW_DOCUMENT),
    ("POST", "/documents/D0/fields/total_fen", Action.CORRECT_FIELD),
    ("POST", "/views", Action.VIEW_QUEUE),
    ("GET", "/queue.csv", Action.VIEW_QUEUE),
    ("GET", "/queue.xlsx", Action.VIEW_QUEUE),
    ("POST", "/bulk/approve", Action.APPROVE),
    ("POST", "/bulk/investigate", Action.INVESTIGATE),
    ("POST", "/bulk/snooze", Action.WORK_ON),
    ("POST", "/bulk/undo", Action.WORK_ON),
    ("POST", "/claims/C0/undo", Action.WORK_ON),
    ("POST", "/claims/C0/refer", Action.WORK_ON),
    ("POST", "/claims/C0/escalate", Action.WORK_ON),
    ("POST", "/claims/C0/hand_back", Action.WORK_ON),
    ("POST", "/claims/C0/retry", Action.WORK_ON),
    ("POST", "/claims/C0/collect", Action.COLLECT),
    ("POST", "/claims/C0/write_off", Action.WRITE_OFF),
    ("POST", "/claims/C0/sign_write_off", Action.WRITE_OFF),
    ("POST", "/claims/C0/offset", Action.OFFSET),
    ("POST", "/claims/C0/attachments", Action.WORK_ON),
    ("GET", "/attachments/A0/content", Action.VIEW_DOCUMENT),
    ("POST", "/claims/C0/here", Action.WORK_ON),
    ("POST", "/claims/C0/leave", Action.WORK_ON),
    ("POST", "/claims/C0/take_over", Action.WORK_ON),
    ("POST", "/claims/C0/comment", Action.WORK_ON),
    ("POST", "/claims/C0/snooze", Action.WORK_ON),
    ("POST", "/claims/C0/unsnooze", Action.WORK_ON),
    ("POST", "/claims/C0/approve", Action.APPROVE),
    ("POST", "/claims/C0/pay_part", Action.PAY_PART),
    ("POST", "/claims/C0/decline", Action.DECLINE),
    ("POST", "/claims/C0/ask", Action.ASK),
    ("POST", "/claims/C0/conclude", Action.CONCLUDE),
    ("GET", "/risk", Action.VIEW_RISK),
    ("GET", "/webhooks", Action.WATCH_WEBHOOKS),
    ("POST", "/webhooks/again", Action.WATCH_WEBHOOKS),
    ("GET", "/dashboard", Action.VIEW_DASHBOARD),
    ("POST", "/claims/C0/investigate", Action.INVESTIGATE),
    ("POST", "/claims/C0/advance", Action.ADVANCE),
    ("POST", "/claims/C0/reopen", Action.REOPEN),
    ("POST", "/claims/C0/stop_waiting", Action.STOP_WAITING),
    ("POST", "/claims/C0/withdraw", Action.WITHDRAW_FOR),
    ("POST", "/claims/C0/merge", Action.MERGE),
    ("POST", "/claims/C0/payee", Action.SET_PAYEE),
    ("GET", "/hotline", Action.SERVE_CALLER),
    ("POST", "/hotline", Action.SERVE_CALLER),
    ("GET", "/events", Action.VIEW_EVENT),
    ("GET", "/events/E0", Action.VIEW_EVENT),
    ("GET", "/events/E0/account", Action.VIEW_EVENT),
    ("POST", "/events", Action.DECLARE_EVENT),
    ("POST", "/events/E0/approve", Action.DECLARE_EVENT),
    ("POST", "/events/E0/find", Action.DECLARE_EVENT),
    ("POST", "/events/E0/close", Action.DECLARE_EVENT),
    ("GET", "/books", Action.VIEW_BOOK),
    ("GET", "/books/P0", Action.VIEW_BOOK),
    ("GET", "/books/P0/versions/B0", Action.VIEW_BOOK),
    ("GET", "/books/P0/versions/B0/file", Action.VIEW_BOOK),
    ("GET", "/books/P0/versions/B0/compare", Action.VIEW_BOOK),
    ("GET", "/books/P0/drafts/A0", Action.VIEW_BOOK),
    ("GET", "/books/P0/drafts/A0/compare", Action.VIEW_BOOK),
    ("GET", "/books/P0/simulations/S0", Action.VIEW_BOOK),
    ("GET", "/books/P0/simulations/S0/state", Action.VIEW_BOOK),
    ("POST", "/books/P0/simulations", Action.EDIT_BOOK),
    ("POST", "/books/P0/simulations/S0/cancel", Action.EDIT_BOOK),
    ("GET", "/books/P0/drafts/A0/parameters", Action.VIEW_BOOK),
    ("GET", "/books/P0/drafts/A0/parameters.K0", Action.VIEW_BOOK),
    ("POST", "/books/P0/drafts/parameters", Action.EDIT_BOOK),
    ("POST", "/books", Action.EDIT_BOOK),
    ("POST", "/books/P0/drafts", Action.EDIT_BOOK),
    ("POST", "/books/P0/drafts/save", Action.EDIT_BOOK),
    ("POST", "/books/P0/drafts/discard", Action.EDIT_BOOK),
    ("POST", "/books/P0/check", Action.EDIT_BOOK),
    ("POST", "/books/P0/mutate", Action.EDIT_BOOK),
    ("POST", "/books/P0/trace", Action.EDIT_BOOK),
    ("POST", "/books/P0/drafts/propose", Action.PUBLISH_BOOK),
    ("POST", "/books/P0/versions/B0/propose", Action.PUBLISH_BOOK),
    ("POST", "/books/P0/versions/B0/approve", Action.PUBLISH_BOOK),
    ("POST", "/v1/claims/C0/withdrawal", Action.WITHDRAW),
    ("POST", "/v1/claims/C0/appeal", Action.APPEAL),
    ("POST", "/v1/claims/C0/account", Action.GIVE_ACCOUNT),
    ("GET", "/v1/agents", Action.FIND_AGENT),
    ("GET", "/v1/agents/AG0", Action.FIND_AGENT),
    ("GET", "/v1/agents/AG0/slots", Action.FIND_AGENT),
    ("GET", "/v1/consent-wordings", Action.FIND_AGENT),
    ("POST", "/v1/me/agent-choices", Action.CHOOSE_AGENT),
    ("GET", "/v1/me/policies/P990000011/agents", Action.READ_OWN),
    ("GET", "/v1/me/agent-consents", Action.READ_OWN),
    ("POST", "/v1/me/agent-consents", Action.CONSENT_TO_AGENT),
    ("POST", "/v1/me/agent-consents/G0/withdrawal", Action.CONSENT_TO_AGENT),
    ("GET", "/v1/me/appointments", Action.READ_OWN),
    ("POST", "/v1/me/appointments", Action.MEET_AGENT),
    ("GET", "/v1/me/appointments/AP0", Action.READ_OWN),
    ("POST", "/v1/me/appointments/AP0/cancellation", Action.MEET_AGENT),
    ("POST", "/v1/me/appointments/AP0/move", Action.MEET_AGENT),
    ("POST", "/v1/me/appointments/AP0/rating", Action.MEET_AGENT),
    ("GET", "/v1/me/agent-contacts", Action.READ_OWN),
    ("POST", "/v1/me/agent-contacts/CT0/erasure", Action.MEET_AGENT),
    ("POST", "/v1/me/agent-contacts/CT0/rating", Action.MEET_AGENT),
    ("GET", "/v1/agents/AG0/customers", Action.SERVE_CUSTOMERS),
    ("GET", "/v1/agents/AG0/appointments", Action.SERVE_CUSTOMERS),
    ("POST", "/v1/agents/AG0/appointments/AP0/outcome", Action.SERVE_CUSTOMERS),
    ("POST", "/v1/agents/AG0/contacts", Action.SERVE_CUSTOMERS),
    ("GET", "/v1/agents/AG0/card-links", Action.SERVE_CUSTOMERS),
    ("POST", "/v1/agents/AG0/card-links", Action.SERVE_CUSTOMERS),
    ("POST", "/v1/agents/AG0/card-links/LK0/revocation", Action.SERVE_CUSTOMERS),
    ("GET", "/my-customers", Action.MY_CUSTOMERS),
    ("POST", "/my-customers/accepting", Action.MY_CUSTOMERS),
    ("POST", "/my-customers/contacts", Action.MY_CUSTOMERS),
    ("POST", "/my-customers/links", Action.MY_CUSTOMERS),
    ("POST", "/my-customers/links/LK0/end", Action.MY_CUSTOMERS),
    ("POST", "/my-customers/appointments/AP0/outcome", Action.MY_CUSTOMERS),
    ("POST", "/my-customers/appointments/AP0/phone", Action.MY_CUSTOMERS),
]
OPEN_DOORS = {
    "/reference",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/login",
    "/logout",
    "/login/sso",
    "/login/sso/callback",
    "/oauth/token",
    "/oauth/revoke",
    "/cards/<token>",
    "/v1/agent-cards/<string:token>",
}


def _client(house: House, role: str) -> Http:
    if role in STAFF:
        return house.client(staff=STAFF[role].user_name)
    if role == "customer":
        person = house.portfolio.persons[0]
        answer = house.client(secret_of="app").post("/v1/customer-tokens", json={"id_number": person.id_number})
        return house.client(token=answer.json["token"])
    return house.client(secret_of=role)


@pytest.mark.parametrize("role", Role)
def test_every_door_opens_to_exactly_the_roles_of_the_table(house: House, role: Role) -> None:
    client = _client(house, role)
    for method, path, action in DOORS:
        form_token = {"X-CSRF-Token": _form_token(client)} if method == "POST" and role in STAFF and not path.startswith("/v1") else {}
        answer = client.call(method, path, headers=form_token)
        assert (answer.status_code != 403) is may(role, action), f"{role} {method} {path}: {answer.status_code}"


def test_nobody_gets_in_without_a_credential(house: House) -> None:
    for method, path, _ in DOORS:
        answer = house.client().call(method, path)
        assert answer.status_code == 401, path


def test_the_list_of_doors_above_is_complete(house: House) -> None:
    rules = {
        (method, _named(rule.rule))
        for rule in house.client().app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule not in OPEN_DOORS and not rule.endpoint.endswith("static")
    }
    assert rules == {(method, path) for method, path, _ in DOORS}


def _form_token(client: Http) -> str:
    home = next((path for path in ("/", "/hotline", "/my-customers") if client.get(path).status_code != 403), "/")
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(home).text)
    return found[1] if found else ""


def _named(rule: str) -> str:
    """Put a number in the place of every name of an address."""
    numbers = {"claim_id": "C0", "letter_id": "L0", "document_id": "D0", "upload_id": "U0", "field_name": "total_fen", "code": "E0"}
    numbers |= {"product": "P0", "digest": "B0", "author": "A0", "simulation_id": "S0", "kind": "K0", "person_id": "Q0"}
    numbers |= {"attachment_id": "A0", "item": "policy-loan", "written": "pdf"}
    numbers |= {"transaction_id": "B0", "policy_number": "P990000011"}
    numbers |= {"agent_id": "AG0", "consent_id": "G0", "appointment_id": "AP0", "contact_id": "CT0", "link_id": "LK0"}
    for name, number in numbers.items():
        rule = re.sub(rf"<(?:string:)?{name}>", number, rule)
    return rule


def _doors_of_one_claim(house: House, role: Role) -> list[tuple[str, str]]:
    """Every method and address of a claim that a role may use on its own claims alone: told by the table and the routes, not by hand."""
    app, found = house.client().app, []
    for rule in app.url_map.iter_rules():
        action = app.view_functions[rule.endpoint].__dict__.get("mingbai_action")
        if "<string:claim_id>" in rule.rule and isinstance(action, Action) and PERMISSIONS[role].get(action) is Scope.OWN:
            found += [(method, rule.rule) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return found


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.HOSPITAL])
def test_somebody_elses_claim_is_no_claim_at_every_door(house: House, role: Role) -> None:
    """Told in the very words of a claim that does not exist, whatever is asked, and nothing happens to it."""
    theirs = _claim_of_somebody_else(house, role)
    client = house.client(secret_of="other_hospital") if role is Role.HOSPITAL else _client(house, role)
    doors = _doors_of_one_claim(house, role)
    assert len(doors) >= {Role.CUSTOMER: 7, Role.HOSPITAL: 1}[role]
    with house.system.database.read() as tx:
        before = get_claim(tx, theirs)
    for method, rule in doors:
        told = []
        for claim_id in (theirs, "C0000000000000AB"):
            path = rule.replace("<string:claim_id>", claim_id).replace("<string:letter_id>", "L0")
            body = _BODIES.get(rule.rsplit("/", 1)[1], {})
            files = {"data": {"files": (io.BytesIO(b"x"), "a.png")}, "content_type": "multipart/form-data"}
            how = files if rule.endswith("/documents") else {"json": body}
            answer = client.get(path) if method == "GET" else client.post(path, **how)
            detail = (answer.json or {}).get("detail") or (answer.json or {}).get("issue", [{}])[0].get("diagnostics")
            told.append((answer.status_code, str(detail).replace(claim_id, "")))
        assert told[0] == told[1] and told[0][0] == 404, f"{role} {method} {rule}: {told}"
    with house.system.database.read() as tx:
        assert get_claim(tx, theirs) == before


_BODIES = {
    "cancellation": {"reason": "x"},
    "confirmation": {"customer_pays": "1.00"},
    "appeal": {"reason": "x"},
    "account": {"holder": "x", "account_number": "9900000000000017", "bank_name": "x"},
}


def _claim_of_somebody_else(house: House, role: Role) -> str:
    if role is Role.HOSPITAL:
        return str(house.client(secret_of="hospital").post("/v1/hospital/settlements", json=a_bill()).json["claim_id"])
    other = house.portfolio.persons[1]
    report = {"external_ref": "OTHER-1", "insured": {"id_number": other.id_number}}
    return str(house.client(secret_of="app").post("/v1/claims", json=report).json["claim_id"])
