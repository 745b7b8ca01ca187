"""Measures how papers are known again: copies and other papers of one form, and what a look-up among many costs.

`python -m bench.same_papers` draws pages with the sandbox; `--stored 100000` says among how many looks is searched. Linear scans of
the same looks, in Python and in NumPy, are the peers.
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import combinations
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image, ImageOps
from sqlalchemy import insert

from adjudicator.duplicates import compare_papers
from bench.ocr.pages import pages_of
from domain.claim import Channel
from domain.decision import Actor
from domain.document import Document, DocumentClass, Field
from domain.policy import Person
from domain.states import ClaimState, DocumentState
from ocr.perceptual_hash import perceptual_hash
from ocr.picture import decode_picture
from sandbox.photograph import Level, photograph
from sandbox.render import PageSpec, facts_of, render
from storage import claims, registry
from storage import tables as t
from storage.crypto import FieldCipher
from storage.database import Database
from storage.documents import DocumentRecord
from storage.look_parts import BITS, NEAR_BITS, bits_apart
from storage.migrate import upgrade
from storage.paper_marks import Marks, part_rows
from storage.same_papers import find_same

_CLASSES = (DocumentClass.MEDICAL_INVOICE, DocumentClass.DISCHARGE_SUMMARY, DocumentClass.EXPENSE_LIST, DocumentClass.DIAGNOSIS_CERTIFICATE)
_LEVELS = (Level.SCAN, Level.GOOD, Level.MIDDLING)
_COPIES: dict[str, Callable[[Image.Image], tuple[Image.Image, int]]] = {
    "JPEG quality 85": lambda image: (image, 85),
    "JPEG quality 60": lambda image: (image, 60),
    "JPEG quality 30": lambda image: (image, 30),
    "1080 pixels wide": lambda image: (image.resize((1080, round(1080 * image.height / image.width))), 70),
    "a third as wide": lambda image: (image.resize((image.width // 3, image.height // 3)), 60),
    "brighter by 15 %": lambda image: (image.point(lambda value: min(255, int(value * 1.15))), 80),
    "cut by 0.5 % a side": lambda image: (_cut(image, 0.005), 80),
    "cut by 1 % a side": lambda image: (_cut(image, 0.01), 80),
    "cut by 2 % a side": lambda image: (_cut(image, 0.02), 80),
}


def _cut(image: Image.Image, share: float) -> Image.Image:
    across, down = round(image.width * share), round(image.height * share)
    return image.crop((across, down, image.width - across, image.height - down))


def _jpeg(image: Image.Image, quality: int) -> bytes:
    sink = BytesIO()
    image.save(sink, "JPEG", quality=quality)
    return sink.getvalue()


def _look(content: bytes) -> str:
    return perceptual_hash(decode_picture(content, 50_000_000))


def _as_read(page: PageSpec) -> Document:
    """Give a page as a reader without a fault would have read it."""
    fields = tuple(Field(name, value, 1.0) for name, value in facts_of(page).items())
    return Document("", "image/jpeg", DocumentState.EXTRACTED, page.document_class, fields=fields)


def measure_likeness(papers: int) -> None:
    """Tell how many copies are found, and how many pairs of different papers of one form are taken for copies."""
    found = dict.fromkeys(_COPIES, 0)
    apart: dict[Level, list[tuple[int, bool]]] = {level: [] for level in _LEVELS}
    asked = 0
    for document_class in _CLASSES:
        pages = [next(each for each in pages_of(seed) if each.document_class is document_class) for seed in range(40_000, 40_000 + papers)]
        for level in _LEVELS:
            looks = []
            for seed, page in enumerate(pages):
                content = photograph(render(page), level, seed)
                looks.append(_look(content))
                upright = ImageOps.exif_transpose(Image.open(BytesIO(content))).convert("RGB")
                asked += 1
                for name, copy in _COPIES.items():
                    found[name] += bits_apart(looks[-1], _look(_jpeg(*copy(upright)))) <= NEAR_BITS
            for (one, first), (other, second) in combinations(zip(looks, map(_as_read, pages), strict=True), 2):
                equal, differing = compare_papers(first, second)
                apart[level].append((bits_apart(one, other), not differing and equal >= 2))
    for name, count in found.items():
        print(f"copy, {name:22} found {count:4}/{asked}")
    for level, pairs in apart.items():
        near = [confirmed for bits, confirmed in pairs if bits <= NEAR_BITS]
        print(f"different papers of one form, {level:9} look alike {len(near):5}/{len(pairs)}, taken for copies {sum(near)}")


def _synthetic(count: int, chance: random.Random) -> Iterator[int]:
    """Draw looks: half of them scans of forty forms (each 22 random bits away from its form), half photographs by hand (64 bits)."""
    forms = [chance.getrandbits(BITS) for _ in range(40)]
    for number in range(count):
        turned = chance.sample(range(BITS), 22 if number % 2 else 64)
        yield chance.choice(forms) ^ sum(1 << bit for bit in turned)


def measure_look_up(stored: int, asked: int, url: str) -> None:
    """Time look-ups among stored looks against scans of all of them; the nearest must be the same."""
    chance = random.Random(4)
    looks = [f"{each:064x}" for each in _synthetic(stored, chance)]
    cipher = FieldCipher(bytes(range(64)))
    database = Database(url, cipher)
    upgrade(database)
    _store(database, looks, cipher)
    packed = np.array([list(bytes.fromhex(look)) for look in looks], dtype=np.uint8)
    timed: dict[str, list[float]] = {"name known": [], "name unknown": [], "scan in Python": [], "scan in NumPy": []}
    for number in chance.sample(range(stored), asked):
        query = f"{int(looks[number], 16) ^ sum(1 << bit for bit in chance.sample(range(BITS), 8)):064x}"
        with database.read() as tx:
            found, taken = _timed(lambda: [each.bits for each in find_same(tx, _asking(query, ""))])  # noqa: B023 - called at once
            timed["name unknown"].append(taken)
            known, taken = _timed(lambda: [each.document.seq for each in find_same(tx, _asking(query, _name(number)))])  # noqa: B023
            timed["name known"].append(taken)
        in_python, taken = _timed(lambda: sorted(bits_apart(each, query) for each in looks))  # noqa: B023
        timed["scan in Python"].append(taken)
        other = np.frombuffer(bytes.fromhex(query), dtype=np.uint8)
        _, taken = _timed(lambda: np.sort(np.bitwise_count(packed ^ other).sum(axis=1)))  # noqa: B023
        timed["scan in NumPy"].append(taken)
        if found != [each for each in in_python if each <= NEAR_BITS][:20] or number not in known:
            raise SystemExit(f"a look was missed: {query}")
    print(f"{stored} looks, {'SQLite' if database.is_sqlite else 'PostgreSQL'}, {asked} look-ups, the answers are those of a scan")
    for name, times in timed.items():
        print(f"  {name:15} median {np.median(times):7.1f} ms, worst {max(times):7.1f}")
    database.close()


def _timed(work: Callable[[], list[int]]) -> tuple[list[int], float]:
    start = perf_counter()
    return work(), (perf_counter() - start) * 1000


def _name(number: int) -> str:
    return f"示例{number % 2000}"


def _asking(look: str, name: str) -> DocumentRecord:
    fields = (Field("payer_name", name, 1.0),) if name else ()
    kind = DocumentClass.MEDICAL_INVOICE
    read = Document("", "image/jpeg", DocumentState.EXTRACTED, kind, fields=fields, perceptual_hash=look)
    return DocumentRecord("", "C2", 1, "", "", 0, "image/jpeg", DocumentState.EXTRACTED, kind, read, 0)


def _store(database: Database, looks: Sequence[str], cipher: FieldCipher) -> None:
    """Store as many documents of one claim as there are looks, without what was read of them."""
    insured = Person("P1", "示例", "990101198803140056", date(1988, 3, 14), "", has_social_insurance=True)
    with database.write() as tx:
        registry.save_people(tx, [insured])
        claims.add_claim(tx, _NEW_CLAIM, Actor("bench", "system"))
        names = [cipher.index(f"payer_name|{_name(number)}") for number in range(2000)]
        for start in range(0, len(looks), 5_000):
            some = list(enumerate(looks[start : start + 5_000], start))
            tx.connection.execute(insert(t.document), [_document(number) for number, _ in some])
            marks = [(f"D{number}", Marks(name_index=names[number % 2000], look=look)) for number, look in some]
            tx.connection.execute(insert(t.paper_mark), [{"document_id": each, **vars(mark)} for each, mark in marks])
            tx.connection.execute(insert(t.look_part), [row for each, mark in marks for row in part_rows(each, mark)])
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")


def _document(number: int) -> dict[str, object]:
    return {
        "document_id": f"D{number}", "claim_id": "C1", "seq": number, "file_name": "", "sha256": f"{number:064x}", "size_bytes": 1,
        "media_type": "image/jpeg", "state": "EXTRACTED", "document_class": "medical_invoice", "received_ms": number,
    }  # fmt: skip


_NEW_CLAIM = claims.NewClaim(
    claim_id="C1", channel=Channel.APP, external_ref="1", request_hash="", state=ClaimState.SUBMITTED, insured_id="P1", policy_numbers=(),
    loss_date=None, loss_cause=None, narrative="", reporter_name="", reporter_phone="", payee=None, device_id="",
)  # fmt: skip


def main() -> None:
    """Measure what was asked for."""
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--papers", type=int, default=12, help="papers of each class and level")
    asking.add_argument("--stored", type=int, default=100_000, help="looks to search among")
    asking.add_argument("--asked", type=int, default=50, help="look-ups")
    asking.add_argument("--database", default="", help="an empty database; a new SQLite file without it")
    given = asking.parse_args()
    if given.papers:
        measure_likeness(given.papers)
    with tempfile.TemporaryDirectory() as folder:
        measure_look_up(given.stored, given.asked, given.database or f"sqlite:///{Path(folder) / 'papers.db'}")


if __name__ == "__main__":
    main()
