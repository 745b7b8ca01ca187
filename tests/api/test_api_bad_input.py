"""Bad input, as issue 2 lists it: each gets one clear problem document, the rest goes on, and nothing is lost."""

import copy
import struct
import zlib

import pytest
from api_house import House
from api_papers import BLANK_PDF, LOCKED_PDF, stay_papers
from test_api_claims import ADMITTED, DISCHARGED, a_claim, the_insured
from test_api_hospital import a_bill

from sandbox.electronic.ofd import pack


def a_bomb(side: int) -> bytes:
    """A PNG of side × side pixels in under two kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


BAD_FILES = {
    "an unreadable image": (b"\xff\xd8\xff\xe0" + bytes(100), 422, "input.unreadable_file"),
    "a PDF with a password": (LOCKED_PDF, 422, "input.password_protected"),
    "a 100-megapixel bomb": (a_bomb(10_000), 413, "input.file_too_large"),
    "an OFD with a path that climbs out": (pack({"OFD.xml": b"<x/>", "../x": b""}), 422, "input.unreadable_file"),
    "an XML with entities": (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 422, "input.unreadable_file"),
    "no picture at all": (b"PK\x03\x04" + bytes(100), 422, "input.unreadable_file"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_file_that_cannot_be_opened_is_a_problem_with_a_way_out(house: House, what: str) -> None:
    content, status, code = BAD_FILES[what]
    answer = house.client(secret_of="app").send_claim(a_claim(the_insured(house)), {"invoice.jpg": content})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["type"] == f"urn:mingbai:{code}"
    assert "invoice.jpg" in answer.json["detail"] and answer.json["way_out"]
    assert "请" in answer.json["advice_zh"]


@pytest.mark.parametrize("what", BAD_FILES)
def test_beside_good_files_a_bad_one_is_left_out_by_name_and_the_claim_is_paid(house: House, what: str) -> None:
    person, app = the_insured(house), house.client(secret_of="app")
    files = stay_papers(house.reader, person, ADMITTED, DISCHARGED, is_clear=True) | {"bad.bin": BAD_FILES[what][0]}
    answer = app.send_claim(a_claim(person), files)
    assert [(each["file_name"], "请" in each["advice_zh"]) for each in answer.json["left_out"]] == [("bad.bin", True)]
    house.work()
    assert app.get(f"/v1/claims/{answer.json['claim_id']}").json["state"] == "PAID"


def test_an_unknown_policy_is_named(house: House) -> None:
    claim = a_claim(the_insured(house)) | {"policy_numbers": ["P000000000"]}
    answer = house.client(secret_of="app").send_claim(claim, {})
    assert (answer.status_code, answer.json["type"]) == (404, "urn:mingbai:not_found")
    assert "P000000000" in answer.json["detail"]


def test_a_negative_amount_is_named_by_its_field(house: House) -> None:
    bill = copy.deepcopy(a_bill())
    bill["bill"]["total"] = "-7743.62"
    answer = house.client(secret_of="hospital").post("/v1/hospital/settlements", json=bill)
    assert answer.status_code in (400, 422)
    assert answer.json["field"] == "/bill/total"
    assert "-7743.62" in answer.json["detail"] and "negative" in answer.json["detail"]


def test_a_second_submit_with_the_same_key_and_another_body_is_refused_and_the_first_stands(house: House) -> None:
    person, app = the_insured(house), house.client(secret_of="app")
    files = stay_papers(house.reader, person, ADMITTED, DISCHARGED, is_clear=True)
    first = app.send_claim(a_claim(person), files)
    second = app.send_claim(a_claim(person) | {"narrative": "另一件事"}, files)
    assert (second.status_code, second.json["type"]) == (409, "urn:mingbai:conflict.key_reused")
    house.work()
    assert app.get(f"/v1/claims/{first.json['claim_id']}").json["state"] == "PAID"


def test_a_file_that_opens_and_says_nothing_stops_nobody_else(house: House) -> None:
    person, app = the_insured(house), house.client(secret_of="app")
    bad = app.send_claim(a_claim(person) | {"external_ref": "APP-BAD"}, {"blank.pdf": BLANK_PDF})
    good = app.send_claim(a_claim(person), stay_papers(house.reader, person, ADMITTED, DISCHARGED, is_clear=True))
    house.work()
    states = [app.get(f"/v1/claims/{each.json['claim_id']}").json["state"] for each in (bad, good)]
    assert states == ["NEEDS_SUPPLEMENT", "PAID"]
