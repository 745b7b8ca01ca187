"""Every parser answers whatever bytes with a value or with one of its own errors: the corpus as it is, and bent without end.

The short run is the same each time. The long one is `make fuzz`, which draws anew and keeps what it finds in .hypothesis; a
file that broke something is put into corpus/, where it stays.
"""

import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.parsers import CORPUS, PARSERS, Parser

LONG = int(os.environ.get("MINGBAI_FUZZ", "0"))
EXAMPLES = {"yaml": 15, "pdf": 25, "ofd": 25}  # of the short run; 60 of the others
TOKENS = (
    b"", b"\x00", b"\xff" * 8, b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00", b"-1", b"9" * 30, b"1e999", b"NaN", b"<!ENTITY a \"&a;\">", b"&a;",
    b"]]>",
    b"../" * 8, b"obj<</Kids[1 0 R]>>", b"/Length 999999999", b"stream\n", b"endobj", b"&anchor *anchor ", b"!!python/object:os.system ",
    b"{" * 300,
    b"[" * 3000, b"\"\\ud800\"", b"\xed\xa0\x80", "\u202e示例".encode(), b"PK\x03\x04", b"- " * 400, b"? ", b"<<: *a\n", b"\r\n\t", b"%00",
)  # fmt: skip


def seeds(kind: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / kind).iterdir())]


def test_every_parser_has_seeds_and_every_seed_a_parser() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(PARSERS)
    assert all(seeds(kind) for kind in PARSERS)
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) < 500_000


def offer(parser: Parser, content: bytes) -> str:
    """Parse, and tell what came of it; any other error than the parser's own gets through and fails the test."""
    try:
        parser.parse(content)
    except parser.refusals as error:
        return type(error).__name__
    return "taken"


@pytest.mark.parametrize(
    "path", [each for each in sorted(CORPUS.rglob("*")) if each.is_file()], ids=lambda each: f"{each.parent.name}/{each.name}"
)
def test_a_file_of_the_corpus_is_answered(path: Path) -> None:
    assert offer(PARSERS[path.parent.name], path.read_bytes())


@st.composite
def bent(draw: st.DrawFn, kind: str) -> bytes:
    """Take a seed, and cut, overwrite, repeat, splice or strew tokens into it, a few times."""
    known = seeds(kind)
    content = bytearray(draw(st.sampled_from(known)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        match draw(st.sampled_from(("flip", "cut", "token", "repeat", "splice", "noise", "end"))):
            case "flip" if at < len(content):
                content[at] ^= draw(st.integers(1, 255))
            case "cut":
                del content[at : at + length]
            case "token":
                content[at : at + draw(st.integers(0, 8))] = draw(st.sampled_from(TOKENS))
            case "repeat":
                content[at:at] = content[at : at + length] * draw(st.integers(1, 50))
            case "splice":
                other = draw(st.sampled_from(known))
                content[at:] = other[min(at, len(other)) :]
            case "noise":
                content[at : at + length] = draw(st.binary(max_size=40))
            case _:
                del content[at:]
    return bytes(content)


@pytest.mark.parametrize("kind", PARSERS)
def test_bent_bytes_are_answered_by_one_of_the_parsers_own_errors(kind: str) -> None:
    outcomes = set()

    @settings(
        max_examples=LONG or EXAMPLES.get(kind, 60),
        deadline=None,
        derandomize=not LONG,
        **({} if LONG else {"database": None}),
        suppress_health_check=list(HealthCheck),
    )
    @given(bent(kind))
    def run(content: bytes) -> None:
        outcomes.add(offer(PARSERS[kind], content))

    run()
    assert outcomes - {"taken"}, "nothing was refused: the bending does not reach the parser"


@pytest.mark.parametrize("name", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"])
def test_the_xml_inside_an_ofd_is_bent_too(name: str) -> None:
    """Bent from outside, nearly every OFD is only a broken ZIP: here the package is whole, and what lies in it is not."""
    with zipfile.ZipFile(CORPUS / "ofd" / "invoice.ofd") as package:
        entries = {each: package.read(each) for each in package.namelist()}
    inner = entries[name]

    @settings(max_examples=LONG or 20, deadline=None, derandomize=not LONG, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(inner)), st.integers(0, 30), st.sampled_from(TOKENS))
    def run(at: int, length: int, token: bytes) -> None:
        offer(PARSERS["ofd"], repacked(entries | {name: inner[:at] + token + inner[at + length :]}))

    run()


def repacked(entries: dict[str, bytes]) -> bytes:
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return sink.getvalue()
