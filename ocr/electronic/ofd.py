"""OFD (GB/T 33190): a package of XML pages. Texts are read where they stand, scanned pages are handed on as pictures.

A page that is damaged is a finding; the other pages go on. Signatures are not verified, and annotations (stamps,
notes) are no part of a page's text.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from domain.document import ReadPage
from domain.errors import FileTooLargeError, InputError, UnreadableFileError
from ocr.codes import read_codes
from ocr.electronic.glyphs import lines_of
from ocr.electronic.ofd_objects import PlacedImage, glyphs_of, images_of, page_area
from ocr.electronic.package import Package, resolve
from ocr.electronic.page import ElectronicPage
from ocr.electronic.pdf import Attachment
from ocr.electronic.xml import parse_xml
from ocr.findings import make_finding
from ocr.picture import decode_picture
from ocr.settings import OcrSettings

OFD_TEXT_READER = "ofd-text"
_ENTRY = "OFD.xml"
_NAMESPACES = ("http://www.ofdspec.org/2016", "http://www.ofdspec.org")
_MM_PER_INCH = 25.4
_TEXT_CHARACTERS_MIN = 20
_SCAN_SHARE = 0.5  # of a page without a text, for its picture to be the page
_CODE_PICTURES_MAX = 4
_CODE_SQUARENESS = 1.25
_ATTACHMENTS_MAX = 16
_ADVICE_ZH = "OFD 文件已损坏或不完整，请重新下载后上传"


@dataclass(frozen=True)
class _Part:
    """An XML file of the package, and the folder that its locations start from."""

    root: Element
    folder: str

    def location(self, tag: str) -> str | None:
        """Resolve the location that its first element of this name holds."""
        found = self.root.find(f".//{tag}")
        return resolve(found.text.strip(), self.folder) if found is not None and found.text else None


class OfdFile:
    """An OFD package whose first document is known: its pages, its templates, its pictures, its attachments."""

    def __init__(self, content: bytes, settings: OcrSettings) -> None:
        """Open the package and read its table of contents.

        Raises:
            UnreadableFileError: damaged, not OFD, or without a page.
            FileTooLargeError: beyond the bounds on entries, bytes or pages.
            PasswordProtectedError: encrypted.
        """
        self._settings = settings
        self._package = Package(content, settings.max_unpacked_bytes)
        entry = self._part(_ENTRY)
        root = entry.location("DocRoot")
        if root is None:
            raise UnreadableFileError(f"{_ENTRY} names no document", "download it again", advice_zh=_ADVICE_ZH)
        self._document = self._part(root)
        self._pages = [resolve(place, self._document.folder) for page in self._document.root.iter("Page") if (place := page.get("BaseLoc"))]
        self._check_pages()
        self._images: dict[str, str] | None = None

    def pages(self) -> Iterator[ElectronicPage]:
        """Go through the pages; each is read when it is asked for."""
        templates = self._templates()
        for number, place in enumerate(self._pages):
            try:
                yield self._read_page(place, templates)
            except FileTooLargeError:
                yield ElectronicPage(findings=(make_finding("document.page_too_large", detail=f"第 {number + 1} 页"),))
            except InputError:
                yield ElectronicPage(findings=(make_finding("document.page_unreadable", detail=f"第 {number + 1} 页"),))

    def attachments(self) -> tuple[Attachment, ...]:
        """List the files attached to the document, such as the e-invoice's own XML; the first sixteen."""
        try:
            place = self._document.location("Attachments")
            listed = self._part(place) if place and place in self._package else None
        except InputError:
            return ()
        if listed is None:
            return ()
        found = list(listed.root.iter("Attachment"))[:_ATTACHMENTS_MAX]
        return tuple(self._attachment(each, listed.folder) for each in found)

    def tagged(self) -> Element | None:
        """Give the first custom tag (自定义标引): names of facts, each with the text of the objects it points at; None without one."""
        try:
            place = self._document.location("CustomTags")
            tag = self._part(place).location("FileLoc") if place and place in self._package else None
            if tag is None:
                return None
            root = parse_xml(self._package.read(tag), self._settings.max_xml_bytes, tag).root
            texts = {each.get("ID", ""): "".join(code.text or "" for code in each.iter("TextCode")) for each in self._text_objects()}
        except InputError:
            return None
        for element in root.iter():
            if any(child.tag == "ObjectRef" for child in element):
                element.text = "".join(texts.get((child.text or "").strip(), "") for child in element)
        return root

    def _text_objects(self) -> Iterator[Element]:
        for place in self._pages:
            yield from self._part(place).root.iter("TextObject")

    def _check_pages(self) -> None:
        if not self._pages:
            raise UnreadableFileError("the OFD has no page", "download it again", advice_zh=_ADVICE_ZH)
        if len(self._pages) > self._settings.max_pages:
            raise FileTooLargeError(
                f"the OFD has {len(self._pages)} pages; at most {self._settings.max_pages} are taken",
                "send only the pages of the claim",
                advice_zh=f"OFD 页数过多（{len(self._pages)} 页，最多 {self._settings.max_pages} 页），请只上传与本次理赔有关的页",
            )

    def _part(self, path: str) -> _Part:
        parsed = parse_xml(self._package.read(path), self._settings.max_xml_bytes, path)
        if parsed.namespace not in _NAMESPACES:
            raise UnreadableFileError(
                f"{path} is of the namespace {parsed.namespace[:80]!r}, not of OFD ({_NAMESPACES[0]})",
                "send the file as the issuer gave it, or its PDF",
                advice_zh="文件不是标准的 OFD，请上传开票方提供的原始文件，或其 PDF",
            )
        return _Part(parsed.root, posixpath.dirname(path))

    def _templates(self) -> dict[str, str]:
        found = self._document.root.iter("TemplatePage")
        return {each.get("ID", ""): resolve(each.get("BaseLoc", ""), self._document.folder) for each in found}

    def _read_page(self, place: str, templates: dict[str, str]) -> ElectronicPage:
        content = self._part(place).root
        used = [templates[each.get("TemplateID", "")] for each in content.iter("Template") if each.get("TemplateID", "") in templates]
        layers = [self._part(each).root for each in used] + [content]
        scale = self._settings.pdf_dpi / _MM_PER_INCH
        lines = lines_of(glyph for layer in layers for glyph in glyphs_of(layer, scale))
        images = [image for layer in layers for image in images_of(layer)]
        if sum(len(line.text) for line in lines) >= _TEXT_CHARACTERS_MIN:
            return ElectronicPage(ReadPage(lines, OFD_TEXT_READER), codes=self._codes(images))
        area = page_area(content) or page_area(self._document.root)
        scans = [image for image in images if area is None or image.width * image.height >= _SCAN_SHARE * area[0] * area[1]]
        if not scans:
            return ElectronicPage(findings=(make_finding("document.blank"),))
        largest = max(scans, key=lambda image: image.width * image.height)
        return ElectronicPage(pixels=decode_picture(self._image(largest), self._settings.max_pixels))

    def _codes(self, images: list[PlacedImage]) -> tuple[str, ...]:
        """Read the codes among the square pictures of a page; one that cannot be opened is no fault of the page."""
        codes: list[str] = []
        squares = [each for each in images if 0 < max(each.width, each.height) <= _CODE_SQUARENESS * min(each.width, each.height)]
        for image in squares[:_CODE_PICTURES_MAX]:
            try:
                codes += read_codes(decode_picture(self._image(image), self._settings.max_pixels))
            except InputError:
                continue
        return tuple(codes)

    def _image(self, image: PlacedImage) -> bytes:
        if self._images is None:
            self._images = self._resources()
        return self._package.read(self._images.get(image.resource, f"resource {image.resource}"))

    def _resources(self) -> dict[str, str]:
        """Find where the pictures lie, by their numbers, in every list of resources that the document names."""
        found: dict[str, str] = {}
        for tag in ("PublicRes", "DocumentRes"):
            for each in self._document.root.iter(tag):
                part = self._part(resolve((each.text or "").strip(), self._document.folder))
                folder = resolve(part.root.get("BaseLoc", ""), part.folder)
                for medium in part.root.iter("MultiMedia"):
                    found[medium.get("ID", "")] = resolve((medium.findtext("MediaFile") or "").strip(), folder)
        return found

    def _attachment(self, each: Element, folder: str) -> Attachment:
        location = (each.findtext("FileLoc") or "").strip()
        name = (each.get("Name") or posixpath.basename(location))[:80]
        # Makers differ on whether a location starts from the list of attachments or from the document.
        places = (resolve(location, folder), resolve(location, self._document.folder))
        place = next((place for place in places if place in self._package), None)
        try:
            return Attachment(name, self._package.read(place) if place else b"")
        except InputError:
            return Attachment(name, b"")
