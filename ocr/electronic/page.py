"""One page of an electronic document, whatever its format."""

from dataclasses import dataclass

from domain.document import ReadPage
from domain.finding import Finding
from ocr.picture import Pixels


@dataclass(frozen=True)
class ElectronicPage:
    """Either the text a page holds, or its picture, or what is wrong with it; boxes are in pixels at `pdf_dpi`.

    `codes` are what the QR and bar codes among the pictures of a text page say.
    """

    text: ReadPage | None = None
    pixels: Pixels | None = None
    codes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
