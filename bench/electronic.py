"""Counts the fields that are exact on electronic documents, and the milliseconds a document takes.

    python -m bench.electronic [--quick] [--misses]

Every class of the sandbox is written as PDF with a text layer and as OFD by makers of different habits, and the invoice
as e-invoice XML too, and with its XML and its code attached. Seeds are far from those of the tests. Milliseconds are
of the processor, so that a busy machine does not lengthen them. Nothing here asserts.
"""

import argparse
import gc
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bench.ocr_fields import pages_of
from domain.document import Document, DocumentClass
from ocr.codes import read_codes
from ocr.picture import decode_picture
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
from sandbox.electronic.e_invoice import tax_facts, write_fiscal_xml, write_tax_xml
from sandbox.electronic.habits import habits_of
from sandbox.electronic.marks import code_text, draw_code
from sandbox.electronic.ofd import write_ofd
from sandbox.electronic.pdf import write_pdf
from sandbox.pages.medical_invoice import MedicalInvoice
from sandbox.photograph import Level, photograph
from sandbox.render import PageSpec, facts_of, render

FIRST_SEED, SEEDS, QUICK_SEEDS = 10_000, 60, 4
_MAX_PIXELS = 50_000_000

Facts = dict[str, int | date | str]


@dataclass
class Tally:
    """What came of one format."""

    right: int = 0
    asked: int = 0
    wrong_class: int = 0
    doubts: int = 0
    ms: list[float] = field(default_factory=list)


def documents_of(seed: int) -> Iterator[tuple[str, bytes, PageSpec, Facts]]:
    """Write every document of a seed: its format, its bytes, its page, and the facts that stand in it."""
    habits = habits_of(seed)
    for page in pages_of(seed):
        sheet, facts = page.draw(), facts_of(page)
        yield "PDF text", write_pdf([sheet], habits), page, facts
        yield "OFD", write_ofd([sheet], habits), page, facts
        if isinstance(page, MedicalInvoice):
            fiscal, code = write_fiscal_xml(page), draw_code(code_text(page))
            yield "PDF + XML + QR", write_pdf([sheet], habits, attached={"invoice.xml": fiscal}, code=code), page, facts
            yield "OFD + XML + QR", write_ofd([sheet], habits, attached={"original_invoice.xml": fiscal}, code=code), page, facts
            yield "XML fiscal", fiscal, page, facts
            yield "XML tax", write_tax_xml(page), page, tax_facts(facts)


def misses_of(page: PageSpec, facts: Facts, document: Document) -> dict[str, str]:
    """Name every fact and every line that is not exactly the true one, with both values."""
    read = {each.name: each.value for each in document.fields}
    wrong = {name: f"{truth!r} read as {read.get(name)!r}" for name, truth in facts.items() if read.get(name) != truth}
    true_lines = [(line.name, line.amount_fen) for line in getattr(page, "lines", ())]
    read_lines = [(line.name, line.amount_fen) for line in document.lines]
    return wrong | {f"line {line[0]}": "missing" for line in true_lines if line not in read_lines}


def main() -> None:
    """Read every document of the seeds and print a table."""
    arguments = _parse_arguments()
    reader, tallies = DocumentReader(OcrSettings()), defaultdict[str, Tally](Tally)
    for _, content, _, _ in documents_of(0):
        reader.read(content)  # patterns are compiled once in a process
    gc.freeze()  # as a reading process does
    for seed in range(FIRST_SEED, FIRST_SEED + (QUICK_SEEDS if arguments.quick else SEEDS)):
        for kind, content, page, facts in documents_of(seed):
            tally = tallies[kind]
            start = time.process_time()
            document = reader.read(content)
            tally.ms.append((time.process_time() - start) * 1000)
            misses = misses_of(page, facts, document)
            tally.asked += len(facts) + len(getattr(page, "lines", ()))
            tally.right += len(facts) + len(getattr(page, "lines", ())) - len(misses)
            tally.wrong_class += document.document_class is not page.document_class
            tally.doubts += any(each.severity != "note" for each in document.findings)
            if misses and arguments.misses:
                print(f"{kind} {page.document_class} seed {seed}: {misses}")
    _print_table(tallies)
    _print_codes(QUICK_SEEDS if arguments.quick else 20)


def _print_table(tallies: dict[str, Tally]) -> None:
    print(f"{'':16}{'documents':>10}{'fields right':>22}{'wrong class':>13}{'with doubts':>13}{'ms median':>11}{'p95':>7}{'worst':>7}")
    for kind, tally in tallies.items():
        ms = sorted(tally.ms)
        share = f"{tally.right}/{tally.asked} = {tally.right / tally.asked:.2%}"
        print(f"{kind:16}{len(ms):>10}{share:>22}{tally.wrong_class:>13}{tally.doubts:>13}", end="")
        print(f"{ms[len(ms) // 2]:>11.1f}{ms[len(ms) * 95 // 100]:>7.1f}{ms[-1]:>7.1f}")


def _print_codes(seeds: int) -> None:
    """Read the QR code on photographs of the invoice."""
    for level in (Level.SCAN, Level.GOOD, Level.MIDDLING):
        read, ms = 0, []
        for seed in range(FIRST_SEED, FIRST_SEED + seeds):
            page = next(each for each in pages_of(seed) if each.document_class is DocumentClass.MEDICAL_INVOICE)
            assert isinstance(page, MedicalInvoice)  # noqa: S101 - for the type checker
            picture = render(page)
            picture.paste(draw_code(code_text(page), 170), (1380, 20))
            pixels = decode_picture(photograph(picture, level, seed), _MAX_PIXELS)
            start = time.process_time()
            read += read_codes(pixels) == (code_text(page),)
            ms.append((time.process_time() - start) * 1000)
        print(f"QR on a photograph, {level:9} read {read}/{seeds}, ms median {sorted(ms)[len(ms) // 2]:.1f}, worst {max(ms):.1f}")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SEEDS} seeds instead of {SEEDS}")
    parser.add_argument("--misses", action="store_true", help="print what was not exact")
    return parser.parse_args()


if __name__ == "__main__":
    main()
