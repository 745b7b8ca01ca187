"""A house in which every page of the workbench has something to show, and the walk through all of them.

A stop is a page as somebody has it before them: who they are, where they went, what they did there. A page is added to
`STOPS`; the walk (test_api_every_page.py) finds an address of the workbench that no stop leads to.
"""

import hashlib
import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from api_house import PASSWORD, House
from api_http import csrf_of
from api_papers import blurred, picture
from sqlalchemy import update
from test_api_after_the_decision import act, owing, story
from test_api_agents import agent_of, asked_for_papers, book, consent, customer, later
from test_api_books import CHEAPER, PRODUCT, TEXT, mended
from test_api_books import post as post_json
from test_api_books import send as send_form
from test_api_claims import a_claim, send, the_insured
from test_api_cover import insure
from test_api_events import post as post_event
from test_api_hospital import pre_settled
from test_api_risk import DAY, MONTH, WEEK
from test_api_servicing import ACCOUNT, NUMBER, with_contract

from adjudicator.decide import SYSTEM
from adjudicator.settling import give_back
from adjudicator.writing import write_letters
from domain.agent import ConsentScope
from domain.china import MINUTE_MS, china_day
from domain.identity import id_check_character
from domain.states import ClaimState
from storage import access, webhooks
from storage.access import Staff
from storage.attachments import attachments_of
from storage.registry import save_people
from storage.risk_watch import Figures, add_figures
from storage.tables import claim, message

if TYPE_CHECKING:
    from playwright.sync_api import Page

# A claim passes through these within one task, or between two: what a page shows then is what it shows of the claim as it was before.
IN_PASSING = (
    *(ClaimState.SUBMITTED, ClaimState.READING, ClaimState.ADJUDICATED, ClaimState.SCORED, ClaimState.APPROVED_STRAIGHT_THROUGH),
    ClaimState.PAYING,
)
FLOOD = {
    "code": "flood_1",
    "name": "示例洪水",
    "from": "2026-08-10",
    "to": "2026-08-20",
    "perils": "疾病",
    "regions": "990104",
    "without": "id_card",
}
WEBHOOK = "https://hooks.example/mingbai/claims"


@dataclass(frozen=True)
class Stop:
    """A page: its name, who looks, where they went, what they did there, and the answer that the page is."""

    name: str
    who: str
    address: str
    act: "Callable[[Page], None] | None" = None
    status: int = 200
    has_forms: bool = False  # each decision that it offers is opened and looked at
    sample: str | None = None  # of a page that is long and the same all over: what is looked at once more in other colours and sizes


def furnish(house: House) -> dict[str, str]:
    """Let everything happen that pages show; gives what stands in addresses: numbers of claims by their state, and of other things."""
    with house.system.database.write() as tx:
        for each in (Staff("bai", "白高级", "senior_adjuster", 50_000_000), Staff("gao", "高精算", "actuary", 0)):
            access.save_staff(tx, each, PASSWORD)
        save_people(tx, [replace(the_insured(house), region_code="990104"), _twin(house)])
        for figures in (DAY, Figures("week", date(2026, 6, 28), WEEK), MONTH):
            add_figures(tx, figures)
        webhooks.add_webhook(tx, "the-app", WEBHOOK)
    found = _claims(house)
    return found | _events(house) | _books(house) | _people(house) | _policies(house) | _deliveries(house)


def _twin(house: House) -> Any:
    """Somebody of the same name and birthday: the telephone desk has to ask once more."""
    person = the_insured(house)
    number = person.id_number[:14] + "777"
    return replace(person, person_id="C99TWIN", id_number=number + id_check_character(number))


def _new(house: House, ref: str, **changes: Any) -> str:
    claim_id = str(send(house, ref, **changes).json["claim_id"])
    house.work()
    return claim_id


def _claims(house: House) -> dict[str, str]:
    found = {"OWING": _new(house, "OWING")}
    owing(house, found["OWING"])
    write_letters(house.system)
    found["CLOSED"] = found["OWING"]
    found["PAID"] = _new(house, "PAID")
    act(house, found["PAID"], "approve", reason="已核对")
    found["NEEDS_SUPPLEMENT"] = asked_for_papers(house)
    for state in (
        "IN_REVIEW",
        "IN_INVESTIGATION",
        "DECIDED",
        "REOPENED",
        "DUPLICATE",
        "WITHDRAWN",
        "PENDING",
        "MENTIONED",
        "BULK",
        *IN_PASSING,
    ):
        found[str(state)] = _new(house, f"STATE-{state}")
    _cleared(house, found)
    act(house, found["IN_INVESTIGATION"], "investigate", reason="两张发票的号码相同，请核实")
    act(house, found["DECIDED"], "pay_part", amount="500.00", reason="部分费用无关")
    payout = story(house, found["DECIDED"]).payout
    assert payout
    with house.system.database.write() as tx:
        give_back(tx, payout.idempotency_key, "账户已销户", SYSTEM)
    act(house, found["REOPENED"], "decline", clause="第七条", reason="除外责任")
    assert (
        customer(house).post(f"/v1/claims/{found['REOPENED']}/appeal", json={"reason": "有新的病历", "brings_papers": True}).status_code
        == 200
    )
    act(house, found["DUPLICATE"], "merge", into=found["IN_REVIEW"], reason="同一次住院")
    act(house, found["WITHDRAWN"], "withdraw", reason="客户来电")
    act(house, found["MENTIONED"], "comment", words="第三项费用是否在范围内？ @chen 请看一下")
    act(house, found["IN_REVIEW"], "comment", staff="chen", words="已电话核实 @zhou")
    person = the_insured(house)
    told = a_claim(person, "BLURRED")
    found["BLURRED"] = house.client(secret_of="app").send_claim(told, {"photo.png": blurred(house.reader, 91)}).json["claim_id"]
    house.work()
    found["PRESETTLED"] = pre_settled(house)["claim_id"]
    found["REPORTED"] = house.client(secret_of="app").post("/v1/claims", json=a_claim(person, "REPORTED")).json["claim_id"]
    with house.system.database.write() as tx:
        for state in IN_PASSING:
            tx.connection.execute(update(claim).where(claim.c.claim_id == found[state]).values(state=state))
    found["attachment"] = _attach(house, found["IN_REVIEW"])
    letter = re.search(r'href="(/claims/[^"]+/letters/[^"]+\.html)"', house.client(staff="chen").get(f"/claims/{found['OWING']}").text)
    assert letter
    return found | {"letter": letter[1]}


def _cleared(house: House, found: dict[str, str]) -> None:
    """Bring back to review what the risk model sent to the investigators: so many claims of one person look alike."""
    for claim_id in found.values():
        if story(house, claim_id).claim.state is ClaimState.IN_INVESTIGATION:
            act(house, claim_id, "conclude", finding="cleared", reason="电话核实，均为本人就诊")


def _attach(house: House, claim_id: str) -> str:
    """Attach a file, and lose its bytes: whoever opens it meets an error of ours."""
    chen = house.client(staff="chen")
    form = {"csrf": csrf_of(chen.get(f"/claims/{claim_id}").text), "files": [(io.BytesIO(picture(77)), "客户来信的照片.png")]}
    assert chen.post(f"/claims/{claim_id}/attachments", data=form).status_code == 302
    with house.system.database.read() as tx:
        (attached,) = attachments_of(tx, claim_id)
    (path,) = house.system.blobs._folder.rglob(f"{hashlib.sha256(picture(77)).hexdigest()}*")
    path.write_bytes(b"")
    return attached.attachment_id


def _events(house: House) -> dict[str, str]:
    for code, name in (("flood_1", "示例洪水"), ("typhoon_2", "示例台风"), ("fire_3", "示例火灾")):
        region = "990104" if code == "flood_1" else "9902"
        assert post_event(house, "zhou", "/events", **(FLOOD | {"code": code, "name": name, "regions": region}))[0] == 302
    for code in ("flood_1", "fire_3"):
        assert post_event(house, "bai", f"/events/{code}/approve")[0] == 302
    assert post_event(house, "bai", "/events/fire_3/close", reason="火已扑灭")[0] == 302
    return {}


def _books(house: House) -> dict[str, str]:
    zheng, gao = house.client(staff="zheng"), house.client(staff="gao")
    with house.system.database.read() as tx:
        today = china_day(tx.now_ms())
    for client, text in ((zheng, mended(CHEAPER)), (gao, TEXT.replace("等待期: 30天", "等待期: 30元"))):
        assert send_form(client, f"/books/{PRODUCT}/drafts").status_code == 302
        assert post_json(client, f"/books/{PRODUCT}/drafts/save", text=text, version=1).status_code == 200
    run = send_form(zheng, f"/books/{PRODUCT}/simulations").headers["Location"]
    for _ in range(600):
        if zheng.get(f"{run}/state").json["state"] == "done":
            break
        time.sleep(0.1)
    effective = f"{today + timedelta(days=30)}"
    signed = send_form(zheng, f"/books/{PRODUCT}/drafts/propose", effective=effective, version="2").headers["Location"]
    return {"simulation": run, "waiting": signed, "version": signed.removesuffix("/compare")}


def _people(house: House) -> dict[str, str]:
    insure(house)
    me, person = customer(house), the_insured(house)
    agent_of(house)
    for scope in (ConsentScope.CLAIMS, ConsentScope.HEALTH):
        consent(me, scope)
    booked = book(house, me).json
    later(house, booked["begins_at"], MINUTE_MS)
    qian = house.client(staff="qian")
    qian.submit(qian.get("/my-customers").text, "/my-customers/links", days="30")
    card = re.search(r'href="(/cards/[^"]+)"', qian.get("/my-customers").text)
    assert card
    told = {"person": person.person_id, "person_name": person.name, "id_number": person.id_number, "birth_date": f"{person.birth_date}"}
    return told | {"card": card[1]}


def _policies(house: House) -> dict[str, str]:
    """Let the customer own a contract of seven years, and the desk ask for a loan on it."""
    with_contract(house)
    feng, owned = house.client(staff="feng"), f"/hotline/policies/{the_insured(house).person_id}"
    form = {"csrf": csrf_of(feng.get("/hotline").text), "amount": "1000", "account": ACCOUNT}
    quoted = feng.post(f"{owned}/{NUMBER}/items/policy-loan", data=form)
    assert quoted.status_code == 302
    return {"owned": owned, "contract": f"{owned}/{NUMBER}", "transaction": quoted.headers["Location"]}


def _deliveries(house: House) -> dict[str, str]:
    with house.system.database.write() as tx:
        (hook,) = (each for each in webhooks.list_webhooks(tx) if each.url == WEBHOOK)
        found = tx.connection.execute(message.select().where(message.c.way == "webhook").order_by(message.c.created_ms).limit(40)).all()
        assert found
        for place, each in enumerate(found):
            webhooks.note_attempt(
                tx, hook.webhook_id, each.message_id, 12 + place, *((500, "read timed out after 10 s") if place % 3 else (204, ""))
            )
    return {}


def _log_in_wrongly(page: "Page") -> None:
    page.fill("[name=user_name]", "chen")
    page.fill("[name=password]", "not this one")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _tick_all(page: "Page") -> None:
    page.check("[data-all-rows]")


def _do_to_all(page: "Page", act: str, reason: str) -> None:
    page.once("dialog", lambda dialog: dialog.accept())
    _tick_all(page)
    page.fill("[data-bulk-bar] [name=reason]", reason)
    with page.expect_navigation():
        page.click(f"[data-bulk-bar] button[formaction^='/bulk/{act}']")


def _set_aside_all(page: "Page") -> None:
    _do_to_all(page, "snooze", "等医院回函")


def _investigate_without_reason(page: "Page") -> None:
    _do_to_all(page, "investigate", "  ")


def _investigate_all(page: "Page") -> None:
    _do_to_all(page, "investigate", "核实")


def _open_tools(page: "Page") -> None:
    page.click("[data-tools] > summary")


def _ask_for_help(page: "Page") -> None:
    page.keyboard.press("?")
    page.wait_for_selector("dialog.help[open]")


def _unfold(page: "Page") -> None:
    page.evaluate("document.querySelectorAll('details:not(.choice)').forEach(each => { each.open = true; })")


def _decide_too_late(page: "Page") -> None:
    """Decide on a page that is older than the claim."""
    page.evaluate("document.querySelectorAll('[name=version]').forEach(each => { each.value = '1'; })")
    page.keyboard.press("d")
    page.fill(".choice.decline [name=clause]", "第七条")
    page.fill(".choice.decline textarea", "除外责任")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".problem[role=alert]")


def _pay_too_much(page: "Page") -> None:
    page.keyboard.press("r")
    page.fill(".choice.pay_part [name=amount]", "一百万")
    page.fill(".choice.pay_part textarea", "部分费用无关")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".problem[role=alert]")


def _give_a_verdict(page: "Page") -> None:
    """Decide, and come back to the claim, which waits for its minute to be over."""
    here = page.url
    if page.locator("[data-pending]").count():
        return
    page.keyboard.press("a")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(f"[data-toast] >> text={here.rsplit('/', 1)[1]}")  # that of an earlier decision is there already
    page.goto(here)
    page.wait_for_selector("[data-pending]")


def _declare_nothing(page: "Page") -> None:
    page.click(".declare > summary")
    page.fill("[name=code]", "Flood 1")
    with page.expect_navigation():
        page.click(".declare button.main")


def _wait_for_editor(page: "Page") -> None:
    page.wait_for_selector(".cm-content")
    page.wait_for_selector("[data-checked].good, [data-checked].warn, [data-checked].bad")


def _save_and_unfold(page: "Page") -> None:
    _wait_for_editor(page)
    page.click(".cm-content")
    page.keyboard.press("Control+s")
    page.wait_for_selector("[data-tested].good, [data-tested].bad")
    _unfold(page)


def _upload_nothing(page: "Page") -> None:
    page.set_input_files("[name=sheet]", {"name": "sheet.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    with page.expect_navigation():
        page.click("form[enctype] button")


def _search(**clue: str) -> "Callable[[Page], None]":
    def search(page: "Page") -> None:
        for name, value in clue.items():
            page.fill(f".finding [name={name}]", value)
        with page.expect_navigation():
            page.click(".finding button.main")

    return search


def _listen(page: "Page", found: dict[str, str]) -> None:
    _search(id_number=found["id_number"])(page)
    page.fill("[name=said]", "昨天下午在示例市第一医院因为阑尾炎住院做了手术")
    with page.expect_navigation():
        page.click("button[value=understand]")


def _report_wrongly(page: "Page", found: dict[str, str]) -> None:
    _search(id_number=found["id_number"])(page)
    page.fill("[name=loss_date]", "昨天")
    with page.expect_navigation():
        page.click("button[value=report]")


def _report(page: "Page", found: dict[str, str]) -> None:
    _search(id_number=found["id_number"])(page)
    page.fill("[name=loss_date]", "2026-10-01")
    page.fill("[name=narrative]", "腹痛住院")
    with page.expect_navigation():
        page.click("button[value=report]")


def _try_out(page: "Page") -> None:
    page.fill("[name=annual_income]", "200000")
    page.fill("[name=debts]", "1500000")
    with page.expect_navigation():
        page.click(".trying button")


def _try_out_wrongly(page: "Page") -> None:
    page.fill("[name=debts]", "很多")
    with page.expect_navigation():
        page.click(".trying button")


def _send_code(page: "Page") -> None:
    with page.expect_navigation():
        page.click("form[action$='/code'] button")


def _record_wrongly(page: "Page") -> None:
    page.fill("[name=policy_number]", "P0")
    with page.expect_navigation():
        page.click("form[action^='/my-customers/contacts'] button.main")


def stops(found: dict[str, str]) -> list[Stop]:
    """List the pages to be looked at."""
    in_review = f"/claims/{found['IN_REVIEW']}"
    draft = f"/books/{PRODUCT}/drafts"
    return [
        Stop("login", "", "/login"),
        Stop("login-wrong", "", "/login", _log_in_wrongly, 401),
        Stop("card", "", found["card"]),
        Stop("404-nobody", "", "/nothing", status=404),
        Stop("queue", "chen", "/"),
        Stop("queue-selected", "chen", "/", _tick_all),
        Stop("queue-tools", "chen", "/?filter=all", _open_tools),
        Stop("queue-help", "chen", "/", _ask_for_help),
        Stop("queue-all", "zhou", "/?filter=all"),
        Stop("queue-named", "chen", "/?filter=named"),
        Stop("queue-empty", "chen", "/?filter=all&search=none"),
        Stop("queue-narrowed", "chen", "/?filter=all&channel=app&due=week"),
        Stop("bulk-refused", "chen", "/?filter=review", _investigate_without_reason, 422),
        Stop("403", "chen", "/dashboard", status=403),
        Stop("404", "chen", "/claims/C0000000000000AB", status=404),
        Stop("500", "chen", f"/attachments/{found['attachment']}/content", status=500),
        Stop("bulk", "chen", "/?filter=review", _set_aside_all),
        Stop("bulk-to-undo", "zhou", f"/?filter=all&search={found['BULK']}", _investigate_all),
        Stop("queue-aside", "chen", "/?filter=aside"),
        Stop("risk", "zheng", "/risk"),
        Stop("dashboard", "zheng", "/dashboard"),
        Stop("dashboard-figure", "zheng", "/?figure=declined&since=2026-01-01&until=2027-12-31&detail=第七条"),
        Stop("deliveries", "wang", "/webhooks"),
        Stop("deliveries-none", "wang", "/webhooks?channel=the-desk"),
        Stop("hotline", "feng", "/hotline"),
        Stop("hotline-nobody", "feng", "/hotline", _search(policy_number="P0000000")),
        Stop("hotline-two", "feng", "/hotline", _search(name=found["person_name"], birth_date=found["birth_date"])),
        Stop("hotline-caller", "feng", "/hotline", lambda page: _listen(page, found)),
        Stop("hotline-refused", "feng", "/hotline", lambda page: _report_wrongly(page, found)),
        Stop("hotline-reported", "feng", "/hotline", lambda page: _report(page, found)),
        Stop("cover", "feng", f"/hotline/cover/{found['person']}", _unfold),
        Stop("cover-tried", "feng", f"/hotline/cover/{found['person']}", _try_out),
        Stop("policies", "feng", found["owned"], _unfold),
        Stop("policies-refused", "feng", f"{found['owned']}?as_of=2999-01-01", status=422),
        Stop("policies-nothing", "feng", f"{found['owned']}?line=property"),
        Stop("policy-history", "feng", f"{found['owned']}/history", _unfold),
        Stop("policy", "feng", found["contract"], _unfold),
        Stop("transacting", "feng", f"{found['contract']}/items/policy-loan"),
        Stop("transacting-refused", "feng", f"{found['contract']}/items/reinstatement"),
        Stop("transaction", "feng", found["transaction"]),
        Stop("transaction-code", "feng", found["transaction"], _send_code),
        Stop("servicing-queue", "chen", "/servicing"),
        Stop("cover-refused", "feng", f"/hotline/cover/{found['person']}", _try_out_wrongly),
        Stop("my-customers", "qian", "/my-customers"),
        Stop("my-customers-refused", "qian", "/my-customers", _record_wrongly, 404),
        Stop("events", "chen", "/events"),
        Stop("events-declare", "zhou", "/events", lambda page: page.click(".declare > summary")),
        Stop("events-refused", "zhou", "/events", _declare_nothing, 422),
        Stop("event-proposed", "zhou", "/events/typhoon_2"),
        Stop("event-to-sign", "bai", "/events/typhoon_2"),
        Stop("event-open", "zhou", "/events/flood_1"),
        Stop("event-closed", "chen", "/events/fire_3"),
        Stop("books", "zheng", "/books"),
        Stop("books-reader", "chen", "/books"),
        Stop("book", "zheng", f"/books/{PRODUCT}"),
        Stop("book-version", "chen", found["version"]),
        Stop("book-waiting", "gao", found["waiting"]),
        Stop("editor", "zheng", f"{draft}/zheng", _wait_for_editor),
        Stop("editor-tested", "zheng", f"{draft}/zheng", _save_and_unfold),
        Stop("editor-mistakes", "gao", f"{draft}/gao", _wait_for_editor),
        Stop("editor-reader", "gao", f"{draft}/zheng"),
        Stop("compare", "zheng", f"{draft}/zheng/compare"),
        Stop("compare-mistakes", "gao", f"{draft}/gao/compare"),
        Stop("parameters", "zheng", f"{draft}/zheng/parameters"),
        Stop("parameters-refused", "zheng", f"{draft}/zheng/parameters", _upload_nothing, 422),
        Stop("simulation", "zheng", found["simulation"]),
        Stop("claim-forms", "chen", in_review, has_forms=True),
        Stop("claim-forms-senior", "zhou", f"/claims/{found['IN_INVESTIGATION']}", has_forms=True),
        Stop("claim-forms-bounced", "zhou", f"/claims/{found['DECIDED']}", has_forms=True),
        Stop("claim-forms-waiting", "zhou", f"/claims/{found['NEEDS_SUPPLEMENT']}", has_forms=True),
        Stop("claim-unfolded", "chen", in_review, _unfold),
        Stop("claim-help", "chen", in_review, _ask_for_help),
        Stop("claim-blurred", "chen", f"/claims/{found['BLURRED']}"),
        Stop("claim-owing", "zhou", f"/claims/{found['OWING']}", _unfold),
        Stop("claim-elsewhere-owing", "zhou", in_review, _unfold),
        Stop("claim-actuary", "zheng", in_review),
        Stop("claim-investigator", "wu", f"/claims/{found['IN_INVESTIGATION']}"),
        Stop("claim-409", "zhou", f"/claims/{found['MENTIONED']}", _decide_too_late, 409),
        Stop("claim-422", "zhou", f"/claims/{found['MENTIONED']}", _pay_too_much, 422),
        Stop("claim-pending", "zhou", f"/claims/{found['PENDING']}", _give_a_verdict),
        Stop("claim-pending-colleague", "chen", f"/claims/{found['PENDING']}"),
        Stop("queue-pending", "zhou", "/?filter=pending"),
        Stop("letter", "chen", found["letter"]),
        Stop("reference", "", "/reference", sample="h1, nav, section:nth-of-type(-n+9)"),
        *(Stop(f"claim-{state}", "chen", f"/claims/{found[state]}") for state in map(str, ClaimState)),
    ]
