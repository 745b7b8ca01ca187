"""The pages of rule books over HTTP: drafts, the words of the checks, tests on save, signatures."""

import html
import io
import json
import re
from datetime import date
from typing import Any

import pytest
from api_house import PASSWORD, ROOT, House
from api_http import Http
from sqlalchemy import update

from adjudicator.simulating import FIRST_DAY, LAST_DAY
from domain.china import china_day
from rules.keywords import Language
from rules.loader import check_file
from rules.phrases import Phrase, to_plain
from rules.simulation import Tally
from rules.telling import tell
from storage import access, publications, simulations, tables
from storage.access import Staff

PRODUCT = "zhifu-direct"
TEXT = (ROOT / f"rules/book/{PRODUCT}.yaml").read_text()
CHEAPER = TEXT.replace("直付比例: 90%", "直付比例: 80%")


@pytest.fixture
def zheng(house: House) -> Http:
    return house.client(staff="zheng")


@pytest.fixture
def gao(house: House) -> Http:
    with house.system.database.write() as tx:
        access.save_staff(tx, Staff("gao", "高精算", "actuary", 0), PASSWORD)
    return house.client(staff="gao")


def today(house: House) -> date:
    with house.system.database.read() as tx:
        return china_day(tx.now_ms())


def token_of(client: Http) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/books").text)
    assert found
    return found[1]


def post(client: Http, path: str, **body: Any) -> Any:
    return client.post(path, json=body, headers={"X-CSRF-Token": token_of(client)})


def send(client: Http, path: str, **form: str) -> Any:
    return client.post(path, data={**form, "csrf": token_of(client)}, headers={"Accept": "text/html"})


def begin(client: Http, text: str = TEXT) -> None:
    assert send(client, f"/books/{PRODUCT}/drafts").status_code == 302
    assert post(client, f"/books/{PRODUCT}/drafts/save", text=text, version=1).json["version"] == 2


def mended(text: str) -> str:
    """The draft, without the tests that expect other amounts."""
    return text[: text.index("      - 名: 半分向上进")].replace("6695.24", "5951.33")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_what_the_command_says_in_its_own_language(zheng: Http, tmp_path: Any, language: Language) -> None:
    zheng.get(f"/books?language={language}")
    path = tmp_path / f"{PRODUCT}.yaml"
    path.write_text(TEXT.replace("是: 医院等级", "是: 医院等及").replace("等待期: 30天", "等待期: 30元"))
    answer = post(zheng, f"/books/{PRODUCT}/check", text=path.read_text()).json
    told = [(each["line"], each["column"], each["what"], each["way_out"]) for each in answer["diagnostics"]]
    found = check_file(path)
    assert told == [(each.line, each.column, tell(each.what, language), tell(each.way_out, language)) for each in found] != []
    assert ("没有叫“医院等及”的要素、参数或规则" in {each[2] for each in told}) is (language == "zh")


def test_what_a_rule_cites_comes_with_its_text_and_what_has_none_is_a_warning(zheng: Http) -> None:
    answer = post(zheng, f"/books/{PRODUCT}/check", text=TEXT.replace("条款: 第六条第二款", "条款: 第九条")).json
    (waiting,) = [each for each in answer["rules"] if each["name"] == "在等待期内"]
    assert [(each["clause"], each["number"]) for each in waiting["cites"]] == [("第六条", "第六条"), ("第九条", "")]
    assert answer["texts"][0]["number"] == "第五条"
    assert answer["texts"][0]["text"].startswith("本合同所称医院")
    assert TEXT.splitlines()[answer["texts"][0]["line"] - 1].startswith("  第五条: ")
    assert answer["diagnostics"] == []
    assert [each["what"] for each in answer["warnings"]] == ["“条文”里没有第九条的原文"]
    zheng.get("/books?language=en")
    answer = post(zheng, f"/books/{PRODUCT}/check", text=TEXT.replace("条款: 第六条第二款", "条款: 第九条")).json
    assert [each["what"] for each in answer["warnings"]] == ["条文 has no text of 第九条"]


def test_what_is_offered_while_writing_is_explained_in_the_language_of_the_page(zheng: Http) -> None:
    def offered(language: str) -> dict[str, dict[str, str]]:
        page = zheng.get(f"/books/{PRODUCT}/drafts/zheng?language={language}").text
        of_language = json.loads(re.search(r"data-words>(.*?)</script>", page)[1])["zh"]  # type: ignore[index]
        of_book = post(zheng, f"/books/{PRODUCT}/check", text=TEXT).json["names"]
        return {each["label"]: each for each in (*of_language, *of_book)}

    begin(zheng, TEXT)
    chinese, english = offered("zh"), offered("en")
    assert (chinese["取小"]["info"], english["取小"]["info"]) == ("最小的一个", "the smallest")
    assert (chinese["合计"]["detail"], english["合计"]["detail"]) == (
        "合计(数量, …) 或 合计(数量列表)",
        "合计(quantity, …) or 合计(list of quantity)",
    )
    assert (chinese["起"]["info"][:4], english["起"]["info"][:14]) == ("第一步。", "The first step")
    assert (chinese["条款"]["detail"][:2], english["条款"]["detail"][:6]) == ("规则", "a rule")
    assert (chinese["等待期"]["detail"], english["等待期"]["detail"]) == ("天", "days")


def test_a_book_that_is_only_warned_of_is_published(zheng: Http) -> None:
    begin(zheng, TEXT[: TEXT.index("\n条文:")].replace("直付比例: 90%", "直付比例: 90%   # as agreed"))
    page = zheng.get(f"/books/{PRODUCT}/drafts/zheng/compare").text
    assert "条文：删去 第五条、第六条、第六条第二款" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    assert send(zheng, f"/books/{PRODUCT}/drafts/propose", version=version[1], effective="2099-01-01").status_code == 302


def test_a_text_with_mistakes_still_offers_its_names(zheng: Http) -> None:
    answer = post(zheng, f"/books/{PRODUCT}/check", text=TEXT.replace("是: 医院等级", "是: 医院等及")).json
    assert {"label": "医院性质", "kind": "element", "detail": "枚举 公立|民营", "values": ["公立", "民营"]} in answer["names"]


def test_saving_runs_the_tests_and_tells_what_they_reach(zheng: Http) -> None:
    send(zheng, f"/books/{PRODUCT}/drafts")
    answer = post(zheng, f"/books/{PRODUCT}/drafts/save", text=CHEAPER, version=1).json
    failed = [each for each in answer["tests"] if not each["passed"]]
    assert failed[0]["name"] == "直付版/出院直付"
    assert (failed[0]["expected"], failed[0]["got"]) == ("住院直付医疗: 6695.24", "住院直付医疗: 5951.33")
    assert answer["coverage"]["reached"] == answer["coverage"]["places"]


def test_a_draft_with_mistakes_is_saved_all_the_same(zheng: Http) -> None:
    send(zheng, f"/books/{PRODUCT}/drafts")
    answer = post(zheng, f"/books/{PRODUCT}/drafts/save", text="要素: [", version=1).json
    assert answer["version"] == 2 and len(answer["diagnostics"]) == 1 and "tests" not in answer


def test_a_second_window_overwrites_nothing(zheng: Http) -> None:
    begin(zheng, CHEAPER)
    refused = post(zheng, f"/books/{PRODUCT}/drafts/save", text=TEXT, version=1)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:mingbai:conflict.stale_version")
    assert "直付比例: 80%" in zheng.get(f"/books/{PRODUCT}/drafts/zheng").text


def test_two_people_write_two_drafts(zheng: Http, gao: Http) -> None:
    begin(zheng, CHEAPER)
    begin(gao, TEXT.replace("等待期: 30天", "等待期: 60天"))
    assert "直付比例: 80%" in zheng.get(f"/books/{PRODUCT}/drafts/zheng").text
    assert "直付比例: 80%" not in gao.get(f"/books/{PRODUCT}/drafts/gao").text


def test_a_second_draft_is_refused_and_the_first_kept(zheng: Http) -> None:
    begin(zheng, CHEAPER)
    assert send(zheng, f"/books/{PRODUCT}/drafts").status_code == 409
    assert "直付比例: 80%" in zheng.get(f"/books/{PRODUCT}/drafts/zheng").text


def test_one_begins_from_a_colleagues_draft(zheng: Http, gao: Http) -> None:
    begin(zheng, CHEAPER)
    assert send(gao, f"/books/{PRODUCT}/drafts", of="zheng").status_code == 302
    assert "直付比例: 80%" in gao.get(f"/books/{PRODUCT}/drafts/gao").text


def test_a_discarded_draft_is_gone(zheng: Http) -> None:
    begin(zheng)
    send(zheng, f"/books/{PRODUCT}/drafts/discard")
    assert zheng.get(f"/books/{PRODUCT}/drafts/zheng").status_code == 404


def test_every_change_is_told_on_a_line_of_its_own(zheng: Http) -> None:
    answer = post(zheng, f"/books/{PRODUCT}/mutate", text=mended(CHEAPER))
    head, *verdicts = [json.loads(each) for each in answer.text.splitlines()]
    assert head == {"total": len(verdicts)}
    survived = [each for each in verdicts if each["survived"]]
    assert survived and survived[0]["plan"] == "直付版" and "名: 界" in survived[0]["test"]


def test_the_trace_of_a_test_tells_every_step(zheng: Http) -> None:
    line = next(number for number, text in enumerate(TEXT.splitlines(), 1) if "名: 出院直付" in text)
    answer = post(zheng, f"/books/{PRODUCT}/trace", text=TEXT, line=line).json
    assert answer["name"] == "直付版/出院直付" and "6,695.24" in answer["html"]
    assert post(zheng, f"/books/{PRODUCT}/trace", text=TEXT, line=1).status_code == 404


def test_what_is_no_text_of_a_book_is_refused(zheng: Http) -> None:
    for text in (None, 7, "a\x00b", "x" * 300_001):
        assert post(zheng, f"/books/{PRODUCT}/check", text=text).status_code == 400, text
    half = '{"text": "\\ud800"}'  # JSON may hold half a character
    headers = {"X-CSRF-Token": token_of(zheng), "Content-Type": "application/json"}
    assert zheng.post(f"/books/{PRODUCT}/check", data=half, headers=headers).status_code == 400


def test_a_draft_is_published_by_two_people_and_read_byte_for_byte(house: House, zheng: Http, gao: Http) -> None:
    begin(zheng, mended(CHEAPER))
    form = {"effective": f"{today(house)}", "version": "2"}
    signed = send(zheng, f"/books/{PRODUCT}/drafts/propose", **form)
    digest = signed.headers["Location"].split("/")[-2]
    assert "须由另一人签署" in zheng.get(f"/books/{PRODUCT}/versions/{digest}/compare").text
    assert send(zheng, f"/books/{PRODUCT}/versions/{digest}/approve").status_code == 403
    assert send(gao, f"/books/{PRODUCT}/versions/{digest}/approve").status_code == 302
    with house.system.database.read() as tx:
        assert publications.in_force(tx, [PRODUCT], today(house))[PRODUCT].book_sha256 == digest
    assert gao.get(f"/books/{PRODUCT}/versions/{digest}/file").text == mended(CHEAPER)


def test_a_draft_that_fails_a_test_is_not_published(house: House, zheng: Http) -> None:
    begin(zheng, CHEAPER)
    refused = send(zheng, f"/books/{PRODUCT}/drafts/propose", effective=f"{today(house)}", version="2")
    assert refused.status_code == 422 and "个自带的测试未通过" in refused.text


def test_what_was_saved_after_the_look_is_not_signed(house: House, zheng: Http) -> None:
    begin(zheng, mended(CHEAPER))
    assert send(zheng, f"/books/{PRODUCT}/drafts/propose", effective=f"{today(house)}", version="1").status_code == 409


def test_going_back_is_signed_by_two_people_too(house: House, zheng: Http, gao: Http) -> None:
    with house.system.database.read() as tx:
        shipped = publications.in_force(tx, [PRODUCT], today(house))[PRODUCT].book_sha256
    test_a_draft_is_published_by_two_people_and_read_byte_for_byte(house, zheng, gao)
    assert send(gao, f"/books/{PRODUCT}/versions/{shipped}/propose", effective=f"{today(house)}").status_code == 302
    assert send(zheng, f"/books/{PRODUCT}/versions/{shipped}/approve").status_code == 302
    with house.system.database.read() as tx:
        assert publications.in_force(tx, [PRODUCT], today(house))[PRODUCT].book_sha256 == shipped


def test_a_version_of_another_product_is_not_found_under_this_one(house: House, zheng: Http) -> None:
    with house.system.database.read() as tx:
        other = publications.in_force(tx, ["anxin-inpatient"], today(house))["anxin-inpatient"].book_sha256
    for path in ("", "/file", "/compare"):
        assert zheng.get(f"/books/{PRODUCT}/versions/{other}{path}").status_code == 404


def test_a_new_product_begins_as_a_draft(zheng: Http) -> None:
    assert send(zheng, "/books", product="示例新品").status_code == 302
    assert "草案" in zheng.get("/books/示例新品").text
    for name in ("", "a/b", "x" * 65, PRODUCT):
        assert send(zheng, "/books", product=name).status_code in (404, 409, 422), name


def test_the_pages_speak_english_to_whoever_chose_it(zheng: Http) -> None:
    assert "Versions and signatures" in zheng.get(f"/books/{PRODUCT}?language=en").text
    assert "Rule books" in zheng.get("/books").text
    assert "条款书" in zheng.get("/books?language=zh").text


def begun(house: House, product: str = PRODUCT, asked_by: str = "gao") -> str:
    """A run that tells how far it is, as another process would."""
    with house.system.database.write() as tx:
        return simulations.begin_simulation(tx, product, "a" * 64, "b" * 64, FIRST_DAY, LAST_DAY, asked_by).simulation_id


def test_what_changed_is_told_in_english_around_the_books_own_words(zheng: Http) -> None:
    begin(zheng, TEXT.replace("直付比例: 90%", "直付比例: 80%"))
    page = zheng.get(f"/books/{PRODUCT}/drafts/zheng/compare?language=en").text
    told = re.sub(r"<[^>]+>", "", page.split('class="changes"')[1].split("</ol>")[0])
    assert "方案 直付版 参数 直付比例: from 90% to 80%" in told
    assert "改为" not in told


def test_one_simulation_runs_at_a_time(house: House, zheng: Http) -> None:
    begin(zheng, mended(CHEAPER))
    begun(house)
    refused = send(zheng, f"/books/{PRODUCT}/simulations")
    assert refused.status_code == 409 and "gao 正在试算" in refused.text


def test_a_simulation_whose_process_died_holds_nobody_up(house: House, zheng: Http) -> None:
    begin(zheng, mended(CHEAPER))
    simulation_id = begun(house)
    with house.system.database.write() as tx:
        silent = update(tables.book_simulation).values(told_ms=tx.now_ms() - simulations.SILENT_MS - 1)
        tx.connection.execute(silent)
    assert zheng.get(f"/books/{PRODUCT}/simulations/{simulation_id}/state").json["silent"] is True
    assert send(zheng, f"/books/{PRODUCT}/simulations").status_code == 302


def test_a_simulation_that_is_called_off_stops_and_stays_so(house: House, zheng: Http) -> None:
    simulation_id = begun(house)
    assert send(zheng, f"/books/{PRODUCT}/simulations/{simulation_id}/cancel").status_code == 302
    with house.system.database.write() as tx:
        assert simulations.tell_progress(tx, simulation_id, 1, 2) is False
        simulations.end_simulation(tx, simulation_id, simulations.RunState.DONE, {}, 0)
    assert zheng.get(f"/books/{PRODUCT}/simulations/{simulation_id}/state").json["state"] == "cancelled"
    assert "已取消" in zheng.get(f"/books/{PRODUCT}/simulations/{simulation_id}").text


def test_what_a_simulation_left_out_and_why_one_failed_is_told_in_the_language_of_the_page(house: House, zheng: Http) -> None:
    failed, done, earlier = begun(house), begun(house), begun(house)
    cause = Phrase("a rule divides by 0")
    left_out = Phrase(
        "{what} ({count} claims)", what=Phrase("left out, {who} cannot answer: {what}", who=Phrase("the draft"), what=cause), count="3"
    )
    report = {"changes": [], "notes": [to_plain(left_out), "a note of an earlier version"], "tally": Tally().to_plain()}
    with house.system.database.write() as tx:
        simulations.end_simulation(tx, failed, simulations.RunState.FAILED, error=json.dumps(to_plain(cause)))
        simulations.end_simulation(tx, done, simulations.RunState.DONE, report, 0)
        simulations.end_simulation(tx, earlier, simulations.RunState.FAILED, error="KeyError")

    def page(simulation_id: str, language: str) -> str:
        return str(zheng.get(f"/books/{PRODUCT}/simulations/{simulation_id}?language={language}").text)

    assert ("规则里除数为 0" in page(failed, "zh"), "a rule divides by 0" in page(failed, "en")) == (True, True)
    assert "注：未计入，草案算不出：规则里除数为 0（3 件）" in page(done, "zh")
    assert "left out, the draft cannot answer: a rule divides by 0 (3 claims)" in page(done, "en")
    assert "a note of an earlier version" in page(done, "zh")
    assert "<pre>KeyError</pre>" in page(earlier, "zh")


def test_a_simulation_is_found_under_its_own_product_alone(house: House, zheng: Http) -> None:
    assert zheng.get(f"/books/anxin-inpatient/simulations/{begun(house)}").status_code == 404


def test_a_draft_with_mistakes_is_not_simulated(zheng: Http) -> None:
    begin(zheng, "要素: [")
    assert send(zheng, f"/books/{PRODUCT}/simulations").status_code == 422


def take(client: Http, sheet: bytes, name: str = "sheet.csv", version: str = "2") -> Any:
    form = {"csrf": token_of(client), "version": version, "sheet": (io.BytesIO(sheet), name)}
    return client.post(f"/books/{PRODUCT}/drafts/parameters", data=form, headers={"Accept": "text/html"})


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sheet_that_comes_back_unchanged_changes_nothing(zheng: Http, kind: str) -> None:
    begin(zheng)
    sheet = zheng.get(f"/books/{PRODUCT}/drafts/zheng/parameters.{kind}").data
    assert take(zheng, sheet, f"sheet.{kind}").status_code == 302
    assert drafted(zheng) == TEXT


def test_a_changed_value_is_taken_and_every_comment_kept(zheng: Http) -> None:
    begin(zheng)
    sheet = zheng.get(f"/books/{PRODUCT}/drafts/zheng/parameters.csv").data
    assert take(zheng, sheet.replace(b"90%,90%", b"80%,90%")).status_code == 302
    assert drafted(zheng) == CHEAPER


def test_a_wrong_cell_is_named_and_nothing_is_taken(zheng: Http) -> None:
    begin(zheng)
    sheet = zheng.get(f"/books/{PRODUCT}/drafts/zheng/parameters.csv").data
    refused = take(zheng, sheet.replace(b"90%,90%", "90元,90%".encode()))
    assert refused.status_code == 422 and "90元" in refused.text
    assert take(zheng, sheet, "sheet.xls").status_code == 422
    assert take(zheng, sheet, version="1").status_code == 409
    assert drafted(zheng) == TEXT


def test_the_sheet_of_a_draft_with_mistakes_says_so(zheng: Http) -> None:
    begin(zheng, "要素: [")
    assert zheng.get(f"/books/{PRODUCT}/drafts/zheng/parameters").status_code == 200
    assert zheng.get(f"/books/{PRODUCT}/drafts/zheng/parameters.csv", headers={"Accept": "text/html"}).status_code == 422


def drafted(client: Http) -> str:
    page = client.get(f"/books/{PRODUCT}/drafts/zheng").text
    found = re.search(r"<pre data-text hidden>(.*?)</pre>", page, re.DOTALL)
    assert found
    return html.unescape(found[1])
