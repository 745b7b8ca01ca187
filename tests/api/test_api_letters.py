"""A customer reads their own letters, and the workbench shows them; they run nothing, and nobody reads anybody else's."""

from dataclasses import replace

from api_house import House
from api_http import Http
from test_api_claims import send, the_insured
from test_api_customer import somebody_else, token_of

from adjudicator.erasing import erase
from adjudicator.writing import write_letters
from letters.font_files import find_fonts
from letters.press import Press
from storage.access import Staff


def decided_claim(house: House) -> str:
    claim_id = str(send(house).json["claim_id"])
    house.work()
    senior = house.client(staff="zhou")
    assert senior.submit(senior.get(f"/claims/{claim_id}").text, f"/claims/{claim_id}/approve", reason="").status_code == 302
    return claim_id


def paid_claim(house: House) -> tuple[str, Http]:
    claim_id = decided_claim(house)
    write_letters(house.system)
    return claim_id, house.client(token=token_of(house, the_insured(house)))


def test_a_customer_lists_their_letters_and_reads_each(house: House) -> None:
    claim_id, me = paid_claim(house)
    letters = me.get(f"/v1/claims/{claim_id}/letters").json["letters"]
    assert [each["kind"] for each in letters] == ["payment", "benefits"]
    for each in letters:
        page = me.get(each["html"])
        assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
        assert each["name"] in page.text
        if each["pdf"]:
            pdf = me.get(each["pdf"])
            assert (pdf.content_type, pdf.data[:5]) == ("application/pdf", b"%PDF-")
            assert pdf.headers["Content-Disposition"] == f'attachment; filename="{each["letter_id"]}.pdf"'
        assert bool(each["pdf"]) is bool(find_fonts())


def test_a_letter_runs_nothing_and_is_kept_nowhere(house: House) -> None:
    claim_id, me = paid_claim(house)
    (letter, *_) = me.get(f"/v1/claims/{claim_id}/letters").json["letters"]
    headers = me.get(letter["html"]).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].endswith("sandbox")
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_somebody_elses_letters_are_those_of_no_claim(house: House) -> None:
    claim_id, me = paid_claim(house)
    (letter, *_) = me.get(f"/v1/claims/{claim_id}/letters").json["letters"]
    stranger = house.client(token=token_of(house, somebody_else(house)))
    for path in (f"/v1/claims/{claim_id}/letters", letter["html"], letter["html"].replace(".html", ".pdf")):
        assert stranger.get(path).status_code == 404
        assert stranger.get(path).json["detail"] == f"no claim {claim_id}"


def test_a_letter_is_read_under_its_own_claim_only(house: House) -> None:
    claim_id, me = paid_claim(house)
    (letter, *_) = me.get(f"/v1/claims/{claim_id}/letters").json["letters"]
    other = str(send(house, "APP-OTHER").json["claim_id"])
    answer = me.get(letter["html"].replace(claim_id, other))
    assert (answer.status_code, answer.json["detail"]) == (404, f"no letter {letter['letter_id']} of this claim")


def test_a_letter_of_an_erased_claim_is_gone_for_good(house: House) -> None:
    claim_id, me = paid_claim(house)
    (letter, *_) = me.get(f"/v1/claims/{claim_id}/letters").json["letters"]
    house.work()
    erase(house.system, claim_id, Staff("yun", "云", "operator", 0), "letter 7", "（示例）民初1号")
    answer = me.get(letter["html"])
    assert (answer.status_code, answer.json["detail"]) == (404, f"claim {claim_id} was erased")


def test_before_it_is_printed_there_is_none(house: House) -> None:
    claim_id = send(house).json["claim_id"]
    me = house.client(token=token_of(house, the_insured(house)))
    assert me.get(f"/v1/claims/{claim_id}/letters").json == {"letters": [], "next": None}


def test_the_claim_page_links_every_letter_to_those_who_may_read_it(house: House) -> None:
    claim_id, me = paid_claim(house)
    letters = me.get(f"/v1/claims/{claim_id}/letters").json["letters"]
    adjuster, actuary = house.client(staff="chen"), house.client(staff="zheng")
    page = adjuster.get(f"/claims/{claim_id}").text
    assert letters
    for each in letters:
        address = f"/claims/{claim_id}/letters/{each['letter_id']}.html"
        assert address in page
        assert each["name"] in page
        assert adjuster.get(address).text == me.get(each["html"]).text
        assert actuary.get(address).status_code == 403
    assert "/letters/" not in actuary.get(f"/claims/{claim_id}").text


def test_a_letter_without_pdf_says_the_way_out(house: House) -> None:
    claim_id = decided_claim(house)
    write_letters(replace(house.system, press=Press(find=lambda _: ())))
    me = house.client(token=token_of(house, the_insured(house)))
    (letter, *_) = me.get(f"/v1/claims/{claim_id}/letters").json["letters"]
    assert letter["pdf"] is None
    answer = me.get(letter["html"].replace(".html", ".pdf"))
    assert answer.status_code == 404
    assert "fonts-wqy-microhei" in answer.json["way_out"]
