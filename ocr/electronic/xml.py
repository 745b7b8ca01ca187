"""Parses XML that strangers sent: no document type, no entity, bounded in bytes, depth and elements.

The text is decoded here and not by the parser, so that a declaration cannot hide behind an encoding; nothing is ever
fetched.
"""

import codecs
import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from domain.errors import FileTooLargeError, UnreadableFileError

_ELEMENTS_MAX = 200_000
_DEPTH_MAX = 64
_ATTRIBUTES_MAX = 100  # of one element
_PLAIN_MARKS_MAX = 5_000  # "<" in a document that is read in one go
_NOT_PLAIN = ("<!DOCTYPE", "xmlns", "xml:")
# Only encodings that say the same to every reader.
_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "utf-16": "utf-16", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030"}
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,20})["']""")
_ADVICE_ZH = "XML 文件无法解析，请上传该票据的 PDF 或 OFD 版式文件"


@dataclass(frozen=True)
class ParsedXml:
    """An XML document: the namespace of its root ("" for none), and its elements by their names without namespaces."""

    namespace: str
    root: Element


def parse_xml(content: bytes, max_bytes: int, name: str = "the XML") -> ParsedXml:
    """Parse an XML document; `name` is what an error calls it.

    Raises:
        FileTooLargeError: more than `max_bytes`, or more elements or levels than anybody writes.
        UnreadableFileError: not well formed, of an unknown encoding, or with a document type.
    """
    if len(content) > max_bytes:
        raise FileTooLargeError(
            f"{name} has {len(content):,} bytes; at most {max_bytes:,} are taken",
            "send the PDF or OFD of the invoice",
            advice_zh=_ADVICE_ZH,
        )
    text = _decoded(content, name)
    return _read_plain(text) or _Reader(name).parse(text)


def _read_plain(text: str) -> ParsedXml | None:
    """Read a small document without types, namespaces and many attributes in one go, as most are; None: look at it element by element."""
    if text.count("<") > _PLAIN_MARKS_MAX or text.count("=") > _ATTRIBUTES_MAX or any(each in text for each in _NOT_PLAIN):
        return None
    parser = XMLParser(encoding="utf-8")  # noqa: S314 - nothing can be declared in what is read here
    try:
        parser.feed(text.encode("utf-8", "replace"))
        root: Element = parser.close()
    except ParseError:
        return None  # which says better what is wrong
    return None if _is_deep(root) else ParsedXml("", root)


def _is_deep(root: Element) -> bool:
    level, depth = [root], 0
    while level and depth <= _DEPTH_MAX:
        level, depth = [child for each in level for child in each], depth + 1
    return depth > _DEPTH_MAX


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        declared = _DECLARED.match(content.removeprefix(codecs.BOM_UTF8).lstrip())
        said = declared[1].decode("ascii").lower() if declared else "utf-8"
        encoding = _ENCODINGS.get(said, "")
        if not encoding:
            raise UnreadableFileError(f"{name} is in the encoding {said}", "save it as UTF-8", advice_zh=_ADVICE_ZH)
    try:
        return content.decode(encoding).removeprefix("\ufeff").lstrip()
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"{name} is no {encoding} text", "download it again", advice_zh=_ADVICE_ZH) from error


class _Reader:
    """Builds the tree, and stops at the first thing that an honest document has not."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tree = TreeBuilder()
        self._elements = self._depth = 0
        self._namespace = ""
        self._locals: dict[str, str] = {}
        self._parser = expat.ParserCreate("utf-8", "}")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._tree.data
        self._parser.StartDoctypeDeclHandler = self._refuse_document_type

    def parse(self, text: str) -> ParsedXml:
        try:
            self._parser.Parse(text.encode("utf-8", "replace"), True)
            return ParsedXml(self._namespace, self._tree.close())
        except expat.ExpatError as error:
            raise UnreadableFileError(f"{self._name} is not well formed ({error})", "download it again", advice_zh=_ADVICE_ZH) from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements, self._depth = self._elements + 1, self._depth + 1
        if self._elements > _ELEMENTS_MAX or self._depth > _DEPTH_MAX or len(attributes) > _ATTRIBUTES_MAX:
            raise FileTooLargeError(
                f"{self._name} has more than {_ELEMENTS_MAX:,} elements, {_DEPTH_MAX} levels or {_ATTRIBUTES_MAX} attributes of an element",
                "send the PDF of the invoice",
                advice_zh=_ADVICE_ZH,
            )
        if self._elements == 1:
            self._namespace = tag.rpartition("}")[0]
        if "}" in "".join(attributes):  # hardly ever: an attribute without a prefix is in no namespace
            attributes = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        self._tree.start(self._local(tag), attributes)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self._tree.end(self._local(tag))

    def _local(self, tag: str) -> str:
        """Give a name without its namespace; a page has thousands of elements and a dozen names."""
        local = self._locals.get(tag)
        if local is None:
            local = self._locals[tag] = tag.rpartition("}")[2]
        return local

    def _refuse_document_type(self, name: str, system_id: str | None, public_id: str | None, has_internal_subset: int) -> None:  # noqa: ARG002 - expat's signature
        raise UnreadableFileError(
            f"{self._name} declares a document type ({name}), through which files and endless texts are smuggled in",
            "send the XML as the issuer gave it, or its PDF or OFD",
            advice_zh="XML 含有文档类型或实体声明，不予读取；请上传开票方提供的原始文件，或其 PDF、OFD 版式文件",
        )
