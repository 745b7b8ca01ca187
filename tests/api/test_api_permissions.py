"""The table of roles × actions, cell by cell; and every door, knocked on by every role."""

import re

import pytest
from api_house import STAFF, House
from api_http import Http

from api.permissions import PERMISSIONS, Action, Principal, Role, Scope, check_claim, may
from domain.errors import NotAllowedError

# Written out by hand, not computed: a change of the table must be made twice, and so be meant.
ALLOWED = {
    "app": {"withdraw", "appeal", "give_account", "submit_claim", "add_documents", "read_status", "read_letters", "issue_customer_token"},
    "hotline": {"withdraw", "appeal", "report_by_phone", "find_caller", "read_status", "read_letters"},
    "hospital": {"settle", "read_status"},
    "customer": {"withdraw", "appeal", "give_account", "read_own", "read_status", "read_letters", "add_documents"},
    "adjuster": {
        "view_queue", "view_claim", "view_document", "view_letter", "correct_field", "approve", "pay_part", "decline", "ask", "investigate",
        "advance", "reopen", "stop_waiting", "withdraw_for", "merge", "set_payee", "record_contact",
    },
    "senior_adjuster": {
        "view_queue", "view_claim", "view_document", "view_letter", "correct_field", "approve", "pay_part", "decline", "ask", "investigate",
        "advance", "reopen", "stop_waiting", "withdraw_for", "merge", "set_payee", "record_contact", "declare_event",
    },
    "investigator": {"withdraw_for", "view_queue", "view_claim", "view_document", "view_letter", "correct_field", "ask", "investigate"},
    "actuary": {"view_queue", "view_claim", "publish_book"},
    "operator": {"view_queue", "erase_claim"},
}  # fmt: skip


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_role_may_what_the_table_says_and_nothing_else(role: Role, action: Action) -> None:
    assert may(role, action) is (action in ALLOWED[role])


def test_only_customers_and_hospitals_are_bound_to_their_own() -> None:
    bound = {(role, action) for role, cells in PERMISSIONS.items() for action, scope in cells.items() if scope is Scope.OWN}
    assert {role for role, _ in bound} == {Role.CUSTOMER, Role.HOSPITAL}
    assert all(scope is Scope.OWN for role in (Role.CUSTOMER, Role.HOSPITAL) for scope in PERMISSIONS[role].values())


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
    ("POST", "/v1/claims/C0/documents", Action.ADD_DOCUMENTS),
    ("GET", "/v1/claims/C0", Action.READ_STATUS),
    ("GET", "/v1/claims/C0/letters", Action.READ_LETTERS),
    ("GET", "/v1/claims/C0/letters/L0.pdf", Action.READ_LETTERS),
    ("GET", "/v1/claims/C0/letters/L0.html", Action.READ_LETTERS),
    ("POST", "/v1/hotline/reports", Action.REPORT_BY_PHONE),
    ("GET", "/v1/hotline/callers", Action.FIND_CALLER),
    ("POST", "/v1/hospital/settlements", Action.SETTLE),
    ("POST", "/v1/customer-tokens", Action.ISSUE_CUSTOMER_TOKEN),
    ("GET", "/v1/me/policies", Action.READ_OWN),
    ("GET", "/v1/me/claims", Action.READ_OWN),
    ("GET", "/v1/me/entitlements", Action.READ_OWN),
    ("GET", "/v1/me/agent", Action.READ_OWN),
    ("GET", "/", Action.VIEW_QUEUE),
    ("GET", "/claims/C0", Action.VIEW_CLAIM),
    ("GET", "/claims/C0/version", Action.VIEW_CLAIM),
    ("GET", "/claims/C0/letters/L0.pdf", Action.VIEW_LETTER),
    ("GET", "/claims/C0/letters/L0.html", Action.VIEW_LETTER),
    ("GET", "/documents/D0/content", Action.VIEW_DOCUMENT),
    ("POST", "/documents/D0/fields/total_fen", Action.CORRECT_FIELD),
    ("POST", "/claims/C0/approve", Action.APPROVE),
    ("POST", "/claims/C0/pay_part", Action.PAY_PART),
    ("POST", "/claims/C0/decline", Action.DECLINE),
    ("POST", "/claims/C0/ask", Action.ASK),
    ("POST", "/claims/C0/investigate", Action.INVESTIGATE),
    ("POST", "/claims/C0/advance", Action.ADVANCE),
    ("POST", "/claims/C0/reopen", Action.REOPEN),
    ("POST", "/claims/C0/stop_waiting", Action.STOP_WAITING),
    ("POST", "/claims/C0/withdraw", Action.WITHDRAW_FOR),
    ("POST", "/claims/C0/merge", Action.MERGE),
    ("POST", "/claims/C0/payee", Action.SET_PAYEE),
    ("POST", "/v1/claims/C0/withdrawal", Action.WITHDRAW),
    ("POST", "/v1/claims/C0/appeal", Action.APPEAL),
    ("POST", "/v1/claims/C0/account", Action.GIVE_ACCOUNT),
]
OPEN_DOORS = {"/healthz", "/readyz", "/metrics", "/openapi.json", "/login", "/logout"}


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
        answer = client.get(path) if method == "GET" else client.post(path, headers=form_token)
        assert (answer.status_code != 403) is may(role, action), f"{role} {method} {path}: {answer.status_code}"


def test_nobody_gets_in_without_a_credential(house: House) -> None:
    for method, path, _ in DOORS:
        answer = house.client().get(path) if method == "GET" else house.client().post(path)
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
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    return found[1] if found else ""


def _named(rule: str) -> str:
    """Put a number in the place of every name of an address."""
    for name, number in {"claim_id": "C0", "letter_id": "L0", "document_id": "D0", "field_name": "total_fen"}.items():
        rule = re.sub(rf"<(?:string:)?{name}>", number, rule)
    return rule
