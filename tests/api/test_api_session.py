"""Logging in, staying in, and what every page carries."""

import re
from dataclasses import replace
from typing import Any

import pytest
from api_house import PASSWORD, STAFF, House
from api_http import csrf_of
from sqlalchemy import update

from api.login_limit import LoginLimit, limits_for
from api.settings import ApiSettings
from api.web import create_app
from domain.errors import OverloadedError, SetupError
from storage.access import save_staff
from storage.tables import staff
from storage.tokens import IDLE_MS, SESSION_MS


def test_the_right_password_leads_to_the_queue(house: House) -> None:
    answer = house.client().log_in("chen")
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize(("user_name", "password"), [("chen", "wrong"), ("nobody", PASSWORD), ("", ""), ("chen' OR 1=1 --", "x")])
def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(house: House, user_name: str, password: str) -> None:
    answer = house.client().log_in(user_name, password or "-")
    assert answer.status_code == 401
    assert "用户名或密码不正确" in answer.text


def test_after_eight_wrong_passwords_even_the_right_one_waits(house: House) -> None:
    browser = house.client()
    for _ in range(8):
        assert browser.log_in("chen", "wrong").status_code == 401
    answer = browser.log_in("chen")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert browser.log_in("zhou").status_code == 302  # a colleague behind the same address is not kept waiting


def test_the_pause_after_wrong_passwords_ends() -> None:
    now = [0.0]
    limit, keys = LoginLimit(window_seconds=300, clock=lambda: now[0]), limits_for("chen", "10.0.0.1")
    for _ in range(8):
        limit.check(keys)
        limit.note_failure(keys)
    with pytest.raises(OverloadedError):
        limit.check(keys)
    now[0] = 301.0
    limit.check(keys)


def test_a_stranger_elsewhere_does_not_lock_an_adjuster_out() -> None:
    limit = LoginLimit()
    for _ in range(50):
        limit.note_failure(limits_for("chen", "203.0.113.9"))
    limit.check(limits_for("chen", "10.0.0.1"))


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example"]
)
def test_the_log_in_leads_to_no_other_site(house: House, target: str) -> None:
    assert house.client().log_in("chen", next=target).location == "/"


def test_the_log_in_leads_back_to_the_page_that_was_asked_for(house: House) -> None:
    browser = house.client()
    asked = browser.get("/claims/C1?x=1", headers={"Accept": "text/html"})
    assert asked.status_code == 302
    assert "next=/claims/C1" in asked.location.replace("%2F", "/")
    assert browser.log_in("chen", next="/claims/C1").location == "/claims/C1"


def test_somebody_who_left_the_insurer_is_out_at_once(house: House) -> None:
    browser = house.client(staff="chen")
    assert browser.get("/").status_code == 200
    with house.system.database.write() as tx:
        tx.connection.execute(update(staff).where(staff.c.user_name == "chen").values(active=False))
    assert browser.get("/").status_code == 401


def test_a_session_ends_after_a_working_day_however_busy_it_was(house: House) -> None:
    browser, ahead = house.client(staff="chen"), 0
    house.system.database._ahead_ms = lambda: ahead
    for ahead in range(0, SESSION_MS - 60_000, IDLE_MS // 2):  # noqa: B007 - the clock reads it
        assert browser.get("/").status_code == 200
    ahead = SESSION_MS + 1_000
    assert browser.get("/").status_code == 401


@pytest.mark.parametrize(("unused_ms", "status"), [(IDLE_MS - 5_000, 200), (IDLE_MS + 1_000, 401)])
def test_a_session_that_nobody_uses_ends_after_half_an_hour(house: House, unused_ms: int, status: int) -> None:
    browser = house.client(staff="chen")
    house.system.database._ahead_ms = lambda: unused_ms
    assert browser.get("/").status_code == status


def test_a_copy_of_the_cookie_is_worth_nothing_after_logging_out(house: House) -> None:
    browser, thief = house.client(), house.client()
    name, _, value = browser.log_in("chen").headers["Set-Cookie"].split(";")[0].partition("=")
    thief._client.set_cookie(name, value)
    assert thief.get("/").status_code == 200
    browser.post("/logout", data={"csrf": csrf_of(browser.get("/").text)})
    thief._client.set_cookie(name, value)
    assert thief.get("/").status_code == 401


def test_a_new_password_ends_every_session(house: House) -> None:
    browser = house.client(staff="chen")
    with house.system.database.write() as tx:
        save_staff(tx, STAFF["adjuster"], "another long password")
    assert browser.get("/").status_code == 401


def test_behind_https_the_cookie_is_bound_to_this_very_host(house: House) -> None:
    app = create_app(house.system, ApiSettings("k" * 32))
    cookie = app.test_client().get("/login", base_url="https://claims.example").headers["Set-Cookie"]
    assert app.test_client().get("/login").headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Strict-Transport-Security" not in house.client().get("/login").headers
    assert cookie.startswith("__Host-mingbai=") and "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie


def test_logging_out_ends_the_session(house: House) -> None:
    browser = house.client(staff="chen")
    assert browser.post("/logout", data={"csrf": csrf_of(browser.get("/").text)}).status_code == 302
    assert browser.get("/").status_code == 401


def test_a_form_without_the_sessions_token_does_nothing(house: House) -> None:
    browser, other = house.client(staff="chen"), house.client(staff="zhou")
    foreign = csrf_of(other.get("/").text)
    for form in ({}, {"csrf": ""}, {"csrf": foreign}):
        answer = browser.post("/claims/C1/approve", data={**form, "version": "1"})
        assert answer.status_code == 403
    assert house.client().post("/login", data={"user_name": "chen", "password": PASSWORD}).status_code == 403


def test_the_token_of_a_form_changes_with_the_log_in(house: House) -> None:
    browser = house.client()
    before = csrf_of(browser.get("/login").text)
    browser.log_in("chen")
    assert csrf_of(browser.get("/").text) != before


def test_the_session_cookie_is_kept_from_scripts_and_from_other_sites(house: House) -> None:
    cookie = house.client().log_in("chen").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookies_are_secure_unless_the_operator_says_otherwise(house: House) -> None:
    assert create_app(house.system, ApiSettings("k" * 32)).config["SESSION_COOKIE_SECURE"] is True


def test_a_short_secret_key_is_refused(house: House) -> None:
    with pytest.raises(SetupError):
        create_app(house.system, ApiSettings("short"))


def test_every_page_carries_a_policy_with_a_fresh_nonce(house: House) -> None:
    browser = house.client(staff="chen")
    first, second = browser.get("/"), browser.get("/")
    policies = [answer.headers["Content-Security-Policy"] for answer in (first, second)]
    nonces = [re.search(r"script-src 'nonce-([^']+)'", policy)[1] for policy in policies]  # type: ignore[index]
    assert nonces[0] != nonces[1]
    assert f'nonce="{nonces[0]}"' in first.text
    assert "unsafe" not in policies[0]
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/login"])
def test_no_page_needs_an_inline_script_or_style(house: House, path: str) -> None:
    page = house.client(staff="chen").get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


def test_a_hint_is_shown_only_where_it_is_set(house: House) -> None:
    assert "演示账号 chen" in house.client().get("/login").text
    bare: Any = create_app(house.system, ApiSettings("k" * 32)).test_client()
    assert "演示" not in bare.get("/login").text


def test_a_page_that_does_not_exist_is_told_as_a_page(house: House) -> None:
    answer = house.client(staff="chen").get("/nothing", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "没有找到" in answer.text


def test_a_name_is_written_as_text_wherever_it_comes_from(house: House) -> None:
    with house.system.database.write() as tx:
        save_staff(tx, replace(STAFF["adjuster"], display_name="<script>alert(1)</script>"), PASSWORD)
    page = house.client(staff="chen").get("/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_process_that_is_about_to_end_says_that_it_is_not_ready_and_answers_all_the_same(house: House) -> None:
    ending = create_app(house.system, ApiSettings("k" * 32, is_stopping=lambda: True)).test_client()
    assert (ending.get("/readyz").status_code, ending.get("/healthz").status_code) == (503, 200)


def test_log_ins_and_refusals_are_in_the_log_with_who_and_from_where(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="api.security"):
        browser = house.client()
        browser.log_in("chen", "wrong-password")
        browser.log_in("chen")
        browser.get("/claims/C0/letters/L0.pdf", headers={"Authorization": "Bearer guess"})
        house.client(secret_of="hotline").post("/v1/customer-tokens", json={})
    lines = [each.getMessage() for each in caplog.records if each.name == "api.security"]
    for told in ("log-in of chen from 127.0.0.1", "POST /login 401 asked by nobody known", "403 asked by hotline:the-desk from 127.0.0.1"):
        assert any(told in line for line in lines), told
    assert not any(word in line for word in ("wrong-password", PASSWORD, "guess") for line in lines)


def test_a_password_of_more_than_128_characters_is_refused_and_never_cut(house: House) -> None:
    with house.system.database.write() as tx:
        save_staff(tx, STAFF["adjuster"], "x" * 128)
    assert house.client().log_in("chen", "x" * 128).status_code == 302
    assert house.client().log_in("chen", "x" * 129).status_code == 401
