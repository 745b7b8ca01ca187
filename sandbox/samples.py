"""Writes the sandbox's pictures and electronic documents to a folder, so that a person can look at them.

Beside every photograph lies its ground truth: `invoice.jpg`, `invoice.truth.json`.
"""

from collections.abc import Sequence
from pathlib import Path

from sandbox.electronic.e_invoice import write_fiscal_xml, write_tax_xml
from sandbox.electronic.habits import Habits
from sandbox.electronic.marks import code_text, draw_code
from sandbox.electronic.ofd import write_ofd
from sandbox.electronic.pdf import write_pdf
from sandbox.ground_truth import truth_as_json, truth_of
from sandbox.pages.medical_invoice import MedicalInvoice
from sandbox.photograph import Level, Photo, photograph_sheet
from sandbox.render import PageSpec
from sandbox.scenario import Scenario
from sandbox.scenarios import SCENARIOS
from sandbox.specimens import make_specimens

_SPECIMEN_SEED = 99
_INVOICE_HABITS = Habits()


def write_samples(directory: Path, scenarios: Sequence[Scenario] = SCENARIOS) -> tuple[Path, ...]:
    """Write every photograph of the scenarios as <scenario>/<submission>-<file name>, and tell the paths in that order."""
    pictures = {
        directory / scenario.name / f"{place}-{picture.filename}": picture
        for scenario in scenarios
        for place, submission in enumerate((*scenario.earlier, scenario.main), 1)
        for picture in submission.files
    }
    for path, picture in pictures.items():
        _write_photo(path, picture.page, photograph_sheet(picture.page.draw(), picture.level, picture.seed))
    return tuple(pictures)


def write_specimens(directory: Path, levels: Sequence[Level] = tuple(Level)) -> tuple[Path, ...]:
    """Write one page of every class at each level as <level>/<class>.jpg, and tell the paths."""
    written = []
    for page in make_specimens():
        sheet = page.draw()
        for level in levels:
            path = directory / level / f"{page.document_class}.jpg"
            _write_photo(path, page, photograph_sheet(sheet, level, _SPECIMEN_SEED))
            written.append(path)
    return tuple(written)


def write_electronic(directory: Path) -> tuple[Path, ...]:
    """Write one invoice as PDF, as OFD, as a fiscal bill's XML and as a tax e-invoice's, and tell the paths."""
    invoice = next(page for page in make_specimens() if isinstance(page, MedicalInvoice))
    sheet, fiscal, code = invoice.draw(), write_fiscal_xml(invoice), draw_code(code_text(invoice))
    contents = {
        "invoice.pdf": write_pdf([sheet], _INVOICE_HABITS, attached={"invoice.xml": fiscal}, code=code),
        "invoice.ofd": write_ofd([sheet], _INVOICE_HABITS, attached={"original_invoice.xml": fiscal}, code=code),
        "fiscal.xml": fiscal,
        "tax.xml": write_tax_xml(invoice),
    }
    for name, content in contents.items():
        _write(directory / name, content)
    return tuple(directory / name for name in contents)


def _write_photo(path: Path, page: PageSpec, photo: Photo) -> None:
    _write(path, photo.content)
    _write(path.with_suffix(".truth.json"), truth_as_json(truth_of(page, photo)).encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
