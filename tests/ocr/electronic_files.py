"""Electronic documents for the tests of the room, written by the sandbox."""

from PIL import Image

from domain.document import Document
from ocr.reading import read_document
from ocr.settings import OcrSettings
from sandbox.electronic.habits import Habits
from sandbox.electronic.ofd import ofd_entries, pack, write_ofd
from sandbox.electronic.pdf import write_pdf
from sandbox.render import PageSpec

PLAIN = Habits()


def pdf_of(*pages: PageSpec | Image.Image, attached: dict[str, bytes] | None = None, code: Image.Image | None = None) -> bytes:
    return write_pdf([_printed(page) for page in pages], PLAIN, attached=attached, code=code)


def ofd_of(*pages: PageSpec | Image.Image, attached: dict[str, bytes] | None = None, code: Image.Image | None = None) -> bytes:
    return write_ofd([_printed(page) for page in pages], PLAIN, attached=attached, code=code)


def ofd_with(*pages: PageSpec | Image.Image, **changed: bytes | None) -> bytes:
    """An OFD in which entries are replaced, or with None left out; names are given with _ for /, without their ending .xml."""
    entries = ofd_entries([_printed(page) for page in pages], PLAIN, attached={})
    names = {name.removesuffix(".xml").replace("/", "_"): name for name in entries}
    for key, content in changed.items():
        name = names[key]
        if content is None:
            del entries[name]
        else:
            entries[name] = content
    return pack(entries)


def read(content: bytes, **settings: int) -> Document:
    return read_document(content, OcrSettings(**settings))


def codes_of(document: Document) -> list[str]:
    return [each.code for each in document.findings]


def _printed(page: PageSpec | Image.Image):
    return page if isinstance(page, Image.Image) else page.draw()
