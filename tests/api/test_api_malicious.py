"""A malicious upload set, sent over a socket to the running service, which goes on answering and tells of each file."""

import io
import struct
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import waitress
from api_house import SECRETS, House
from PIL import Image
from test_api_claims import a_claim, the_insured

from adjudicator.worker import drain
from api.rate_limit import Rates
from api.settings import ApiSettings
from api.web import create_app
from domain.states import DocumentState
from ocr.process import ReaderPool
from ocr.settings import OcrSettings
from storage.documents import documents_of
from tests.ocr.bad_files import png_that_claims, png_with_a_bomb_of_text, tiff_of, written
from tests.ocr.test_bad_input import FOUND, REFUSED_PICTURES
from tests.ocr.test_electronic_bad_input import REFUSED

PIXEL = Image.new("RGB", (40, 30), "white")
HOSTILE = b"<script>alert(document.domain)</script>"


def exif_that_loops() -> bytes:
    """A JPEG whose EXIF directory is its own successor, and claims four thousand million values in one entry."""
    entry = struct.pack("<HHII", 0x9286, 7, 0xFFFFFFFF, 8)
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)
    return with_segments([b"Exif\0\0" + tiff])


def exif_of_a_megabyte() -> bytes:
    return with_segments([b"Exif\0\0" + bytes(65_500)] * 16)


def with_segments(segments: list[bytes]) -> bytes:
    jpeg = written(PIXEL, "JPEG")
    return jpeg[:2] + b"".join(b"\xff\xe1" + struct.pack(">H", len(each) + 2) + each for each in segments) + jpeg[2:]


def zipped(**entries: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return sink.getvalue()


LOOPING = {"a PDF that contains itself": FOUND["a PDF that contains itself"]}
POLYGLOTS = {
    "a GIF that is a script": lambda: written(PIXEL, "GIF").replace(b"GIF89a", b"GIF89a/*", 1)[:8] + b"*/=1;alert(1)//",
    "a PNG with a ZIP behind it": lambda: written(PIXEL, "PNG") + zipped(x=b"0" * 100_000),
    "a PNG with a web page behind it": lambda: written(PIXEL, "PNG") + b"<html>" + HOSTILE,
    "a JPEG with a web page in its comment": lambda: with_segments([HOSTILE]),
    "a PDF behind a web page": lambda: b"<html>" + HOSTILE + b"%PDF-1.4\n",
    "a BMP that is a program": lambda: b"BM" + b"MZ" * 400,
    "an SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a shell script": lambda: b"#!/bin/sh\nrm -rf /\n",
    "an EXIF directory that loops": exif_that_loops,
    "a megabyte of EXIF": exif_of_a_megabyte,
    "a PNG of 100 megapixels": lambda: png_that_claims(10_000),
    "a bomb of text": lambda: png_with_a_bomb_of_text(70_000_000),
    "a TIFF of 31 pages": lambda: tiff_of([Image.new("1", (50, 50))] * 31),
}
NAMES = (
    "../../../../etc/cron.d/x",
    "..\\..\\windows\\x.png",
    "/etc/passwd",
    "C:\\x.png",
    "x" * 4_000 + ".png",
    "<script>.png",
    "CON",
    "\u202egnp.exe",
    "",
)
MOST_BYTES = 12_000_000  # of a file; what is sent above that is refused before it is opened


@pytest.fixture
def running(house: House) -> Iterator[tuple[httpx.Client, House]]:
    """The real service on a real socket, with the real disposable processes at its door and behind it."""
    settings = replace(OcrSettings(), memory_mb=2048, timeout_seconds=30.0)
    with ReaderPool(settings, 1) as door, ReaderPool(settings, 1) as readers:
        limits = replace(house.system.limits, max_files=60, max_file_bytes=MOST_BYTES)
        house.system = replace(house.system, inspect=door.inspect, reader=readers, limits=limits)
        app = create_app(house.system, ApiSettings("k" * 32, secure_cookies=False, rates=Rates(1e6, 1e6, 1e6, 1e6)))
        server = waitress.create_server(app, host="127.0.0.1", port=0)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{server.effective_port}"
        with httpx.Client(base_url=base, timeout=120, headers={"Authorization": f"Bearer {SECRETS['app']}"}, trust_env=False) as client:
            yield client, house
        server.close()
        thread.join(timeout=5)


def send(client: httpx.Client, house: House, ref: str, files: list[tuple[str, bytes]]) -> Any:
    import json

    parts: list[Any] = [("claim", (None, json.dumps(a_claim(the_insured(house), ref)), "application/json"))]
    parts += [("files", (name, content, "image/png")) for name, content in files]
    answer = client.post("/v1/claims", files=parts)
    assert answer.status_code < 500, answer.text
    assert client.get("/healthz").status_code == 200
    return answer


def test_the_whole_set_at_once_leaves_the_service_answering(running: tuple[httpx.Client, House]) -> None:
    client, house = running
    cases = {name: make for name, (make, *_) in (REFUSED | REFUSED_PICTURES | LOOPING).items()} | POLYGLOTS
    made = {name: make() for name, make in cases.items()}
    sendable = [(f"{name}.png", content) for name, content in made.items() if len(content) <= MOST_BYTES]
    assert len(sendable) >= 45
    batches = [sendable[at : at + 30] for at in range(0, len(sendable), 30)]
    answers = [
        send(client, house, f"BAD-{number}", [*batch, (f"good-{number}.png", written(PIXEL, "PNG") + bytes([number]))])
        for number, batch in enumerate(batches)
    ]
    assert [each.status_code for each in answers] == [202] * len(batches)
    left_out = [each for answer in answers for each in answer.json()["left_out"]]
    assert len(left_out) >= 30
    for each in left_out:
        assert each["way_out"] and any("\u4e00" <= character <= "\u9fff" for character in each["advice_zh"]), each
    drain(house.system)
    with house.system.database.read() as tx:
        kept = [each for answer in answers for each in documents_of(tx, answer.json()["claim_id"])]
    told = {DocumentState.RETAKE_ASKED, DocumentState.UNREADABLE, DocumentState.EXTRACTED, DocumentState.CLASSIFIED, DocumentState.JOINED}
    assert {each.state for each in kept} <= told
    assert {each.media_type for each in kept} <= {"image/png", "image/jpeg", "image/gif", "application/pdf", "application/xml"}
    for answer in answers:
        status = client.get(f"/v1/claims/{answer.json()['claim_id']}")
        assert status.status_code == 200 and status.json()["state"] in ("NEEDS_SUPPLEMENT", "IN_REVIEW")
    _no_picture_is_served_as_a_page(house, kept)


def _no_picture_is_served_as_a_page(house: House, kept: list[Any]) -> None:
    browser = house.client(staff="chen")
    for each in kept:
        shown = browser.get(f"/documents/{each.document_id}/content")
        if shown.status_code == 200:
            is_picture = shown.mimetype.startswith("image/") and shown.mimetype != "image/svg+xml"
            assert is_picture or shown.headers["Content-Disposition"].startswith("attachment"), each.file_name
            assert shown.headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in shown.headers["Content-Security-Policy"]


def files_beside(folder: Path) -> set[Path]:
    """Every file but the stored ones and the database's own."""
    return {path for path in folder.rglob("*") if path.is_file() and "files" not in path.parts and not path.name.startswith("mingbai.db")}


def test_a_name_of_a_file_leads_nowhere(running: tuple[httpx.Client, House], tmp_path: Path) -> None:
    client, house = running
    before = files_beside(tmp_path)
    answer = send(client, house, "NAMES", [(name, written(PIXEL, "PNG") + bytes([place])) for place, name in enumerate(NAMES)])
    assert answer.status_code == 202
    with house.system.database.read() as tx:
        kept = documents_of(tx, answer.json()["claim_id"])
    assert all("/" not in each.file_name and "\\" not in each.file_name and len(each.file_name) <= 255 for each in kept)
    assert files_beside(tmp_path) == before
    page = house.client(staff="chen").get(f"/claims/{answer.json()['claim_id']}").text
    assert "<script>.png" not in page and "\u202e" not in page


def test_too_large_a_body_and_too_many_parts_are_refused_before_they_are_read(running: tuple[httpx.Client, House]) -> None:
    client, _ = running
    wide = [("files", (f"{number}.png", b"x", "image/png")) for number in range(1_000)]
    assert client.post("/v1/claims", files=wide).status_code in (400, 413)
    deep = b"[" * 100_000
    assert client.post("/v1/claims", content=deep, headers={"Content-Type": "application/json"}).status_code == 400
    assert (
        client.post("/oauth/token", content=b"a=1&" * 100_000, headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code
        == 400
    )
    assert client.get("/healthz").status_code == 200
