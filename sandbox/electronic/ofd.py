"""Writes OFD (GB/T 33190): a zip of XML pages with texts at their places in millimetres, pictures and attachments.

Only what a page of the sandbox needs is written; fonts are named, not embedded.
"""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

from sandbox.electronic.habits import Habits
from sandbox.electronic.marks import WATERMARK, WATERMARK_SIZE, WATERMARK_TEXT, watermark_matrix, watermark_places
from sandbox.sheet import Colour, Piece, Sheet

NAMESPACE = "http://www.ofdspec.org/2016"
_MM = 25.4 / 150  # of a pixel
_LONG_AGO = (2024, 1, 1, 0, 0, 0)  # a fixed time makes equal seeds equal files
_FONT_ID, _TEMPLATE_ID, _CODE_ID = 3, 4, 5

Page = Sheet | Image.Image


def write_ofd(
    pages: Sequence[Page], habits: Habits, *, attached: Mapping[str, bytes] | None = None, code: Image.Image | None = None
) -> bytes:
    """Write sheets as text pages and pictures as scanned pages; `code` is put on the first sheet."""
    return pack(ofd_entries(pages, habits, attached=attached or {}, code=code))


def pack(entries: Mapping[str, bytes]) -> bytes:
    """Zip entries as they are: also what no honest maker would zip."""
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def ofd_entries(
    pages: Sequence[Page], habits: Habits, *, attached: Mapping[str, bytes], code: Image.Image | None = None
) -> dict[str, bytes]:
    """Write every entry of the package by its name."""
    root = "/Doc_0/" if habits.has_absolute_paths else ""
    entries: dict[str, str | bytes] = {
        "OFD.xml": '<O:OFD xmlns:O="#" Version="1.0" DocType="OFD"><O:DocBody><O:DocInfo><O:DocID>99</O:DocID></O:DocInfo>'
        "<O:DocRoot>Doc_0/Document.xml</O:DocRoot></O:DocBody></O:OFD>",
        "Doc_0/Document.xml": _document(pages, root, bool(attached)),
        "Doc_0/PublicRes.xml": '<O:Res xmlns:O="#" BaseLoc="Res"><O:Fonts>'
        f'<O:Font ID="{_FONT_ID}" FontName="宋体" FamilyName="宋体"/></O:Fonts></O:Res>',
    }
    media = [f'<O:MultiMedia ID="{_CODE_ID}" Type="Image" Format="PNG"><O:MediaFile>code.png</O:MediaFile></O:MultiMedia>'] if code else []
    if code:
        entries["Doc_0/Res/code.png"] = _png(code)
    for number, page in enumerate(pages):
        where = f"Doc_0/Pages/Page_{number}/Content.xml"
        if isinstance(page, Sheet):
            template, content = _text_page(page, habits, with_code=bool(code) and number == 0, with_template=number == 0)
            if template:
                entries["Doc_0/Tpls/Tpl_0/Content.xml"] = template
            entries[where] = content
        else:
            media.append(_medium(number))
            entries[f"Doc_0/Res/scan_{number}.jpg"] = _jpeg(page)
            entries[where] = _page(page.size, _image(100 + number, (0, 0, *page.size), number + 1), "")
    entries["Doc_0/DocumentRes.xml"] = f'<O:Res xmlns:O="#" BaseLoc="Res"><O:MultiMedias>{"".join(media)}</O:MultiMedias></O:Res>'
    if attached:
        entries |= _attachments(attached)
    return {name: each if isinstance(each, bytes) else _named(each, habits) for name, each in entries.items()}


def _named(xml: str, habits: Habits) -> bytes:
    """Give the elements their namespace, with the prefix this maker uses."""
    if habits.has_prefix:
        named = xml.replace('xmlns:O="#"', f'xmlns:ofd="{NAMESPACE}"').replace("<O:", "<ofd:").replace("</O:", "</ofd:")
    else:
        named = xml.replace('xmlns:O="#"', f'xmlns="{NAMESPACE}"').replace("<O:", "<").replace("</O:", "</")
    return f'<?xml version="1.0" encoding="UTF-8"?>{named}'.encode()


def _document(pages: Sequence[Page], root: str, has_attachments: bool) -> str:
    listed = "".join(f'<O:Page ID="{10 + number}" BaseLoc="{root}Pages/Page_{number}/Content.xml"/>' for number in range(len(pages)))
    first = pages[0]
    size = (first.width, first.height) if isinstance(first, Sheet) else first.size
    return (
        f'<O:Document xmlns:O="#"><O:CommonData><O:MaxUnitID>9999</O:MaxUnitID><O:PageArea>{_box("PhysicalBox", size)}</O:PageArea>'
        f"<O:PublicRes>{root}PublicRes.xml</O:PublicRes><O:DocumentRes>{root}DocumentRes.xml</O:DocumentRes>"
        f'<O:TemplatePage ID="{_TEMPLATE_ID}" BaseLoc="{root}Tpls/Tpl_0/Content.xml"/></O:CommonData><O:Pages>{listed}</O:Pages>'
        + (f"<O:Attachments>{root}Attachs/Attachments.xml</O:Attachments>" if has_attachments else "")
        + "</O:Document>"
    )


def _text_page(sheet: Sheet, habits: Habits, *, with_code: bool, with_template: bool) -> tuple[str, str]:
    """Write a page, and the template that holds its form if this maker keeps one; else ""."""
    size = (sheet.width, sheet.height)
    is_split = habits.has_template and with_template
    form = [piece for piece in sheet.pieces if is_split and piece.is_form]
    rest = [piece for piece in sheet.pieces if not (is_split and piece.is_form)]
    words = "".join(_texts(piece, 1000 + number * 100, habits) for number, piece in enumerate(rest))
    marks = "".join(_watermark(*place) for place in watermark_places(*size))
    body = marks + words if habits.has_marks_behind else words + marks
    if with_code:
        body += _image(_CODE_ID, (sheet.width - 170, 50, 132, 132), _CODE_ID)
    if not is_split:
        return "", _page(size, body, "")
    template = _page(size, "".join(_texts(piece, 50_000 + number * 100, habits) for number, piece in enumerate(form)), "")
    return template, _page(size, body, f'<O:Template TemplateID="{_TEMPLATE_ID}" ZOrder="Background"/>')


def _page(size: tuple[int, int], body: str, template: str) -> str:
    return (
        f'<O:Page xmlns:O="#">{template}<O:Area>{_box("PhysicalBox", size)}</O:Area><O:Content><O:Layer ID="99" Type="Body">{body}'
        "</O:Layer></O:Content></O:Page>"
    )


def _texts(piece: Piece, first_id: int, habits: Habits) -> str:
    if not habits.is_by_character:
        return _text(piece.text, piece.left, piece.baseline, piece.size, piece.advances(), piece.ink, first_id, is_scaled=habits.is_scaled)
    written, left = [], piece.left
    for place, (character, advance) in enumerate(zip(piece.text, piece.advances(), strict=True)):
        if not character.isspace():
            object_id = first_id + place
            written.append(_text(character, left, piece.baseline, piece.size, (advance,), piece.ink, object_id, is_scaled=habits.is_scaled))
        left += advance
    return "".join(written)


def _text(
    text: str, left: float, baseline: float, size: int, advances: Sequence[float], ink: Colour, object_id: int, *, is_scaled: bool
) -> str:
    """Write one text object; a scaled one has type of size 1, a matrix that enlarges it and steps in its own units."""
    unit = size * _MM if is_scaled else 1.0
    steps = " ".join(f"{advance * _MM / unit:.4f}" for advance in advances[:-1])
    boundary = f"{left * _MM:.3f} {(baseline - size) * _MM:.3f} {sum(advances) * _MM:.3f} {size * 1.3 * _MM:.3f}"
    moved = f" DeltaX={quoteattr(steps)}" if steps else ""
    scale = f' CTM="{unit:.4f} 0 0 {unit:.4f} 0 0"' if is_scaled else ""
    return (
        f'<O:TextObject ID="{object_id}" Boundary="{boundary}" Font="{_FONT_ID}" Size="{size * _MM / unit:.4f}"{scale}>'
        f'<O:FillColor Value="{" ".join(map(str, ink))}"/>'
        f'<O:TextCode X="0" Y="{size * _MM / unit:.4f}"{moved}>{escape(text)}</O:TextCode></O:TextObject>'
    )


def _watermark(x: float, y: float) -> str:
    a, b, c, d = watermark_matrix()
    return (
        f'<O:TextObject ID="98" Boundary="{x * _MM:.3f} {y * _MM:.3f} 40 40" Font="{_FONT_ID}" Size="{WATERMARK_SIZE * _MM:.3f}"'
        f' CTM="{a:.4f} {-b:.4f} {-c:.4f} {d:.4f} 0 0" Alpha="90"><O:FillColor Value="{" ".join(map(str, WATERMARK))}"/>'
        f'<O:TextCode X="0" Y="16" DeltaX="16">{WATERMARK_TEXT}</O:TextCode></O:TextObject>'
    )


def _image(object_id: int, place: tuple[int, int, int, int], resource_id: int) -> str:
    left, top, width, height = (each * _MM for each in place)
    boundary, matrix = f"{left:.3f} {top:.3f} {width:.3f} {height:.3f}", f"{width:.3f} 0 0 {height:.3f} 0 0"
    resource = resource_id if resource_id == _CODE_ID else 200 + resource_id
    return f'<O:ImageObject ID="{object_id}" Boundary="{boundary}" CTM="{matrix}" ResourceID="{resource}"/>'


def _medium(number: int) -> str:
    return f'<O:MultiMedia ID="{201 + number}" Type="Image" Format="JPEG"><O:MediaFile>scan_{number}.jpg</O:MediaFile></O:MultiMedia>'


def _attachments(attached: Mapping[str, bytes]) -> dict[str, str | bytes]:
    listed = "".join(
        f'<O:Attachment ID="{300 + number}" Name={quoteattr(name)} Format="xml" Visible="false">'
        f"<O:FileLoc>{escape(name)}</O:FileLoc></O:Attachment>"
        for number, name in enumerate(attached)
    )
    contents: dict[str, str | bytes] = {f"Doc_0/Attachs/{name}": content for name, content in attached.items()}
    return contents | {"Doc_0/Attachs/Attachments.xml": f'<O:Attachments xmlns:O="#">{listed}</O:Attachments>'}


def _box(name: str, size: tuple[int, int]) -> str:
    return f"<O:{name}>0 0 {size[0] * _MM:.3f} {size[1] * _MM:.3f}</O:{name}>"


def _png(image: Image.Image) -> bytes:
    sink = BytesIO()
    image.save(sink, "PNG")
    return sink.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    sink = BytesIO()
    image.convert("RGB").save(sink, "JPEG", quality=90)
    return sink.getvalue()
