"""XML of strangers: read in one go or element by element, it is the same tree, within the same bounds."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import FileTooLargeError, UnreadableFileError
from ocr.electronic import xml
from ocr.electronic.xml import parse_xml

NAMES = st.sampled_from(["Item", "Amount", "发票", "a-b", "A.1"])
TEXTS = st.sampled_from(["", " 12.00 ", "&lt;床位费&gt;", "<![CDATA[<b>&amp;]]>", "<!-- 注 -->后", "<?do it?>", "&#x4E00;", "\r\n\t", "𠮷"])
ATTRIBUTES = st.sampled_from(["", " x='1'", ' y="&quot;"', " x='a' y='b'"])


def elements() -> st.SearchStrategy[str]:
    def around(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(NAMES, ATTRIBUTES, TEXTS, st.lists(inside, max_size=3), TEXTS).map(
            lambda told: f"<{told[0]}{told[1]}>{told[2]}{''.join(told[3])}{told[4]}</{told[0]}>"
        )

    return st.recursive(st.tuples(NAMES, ATTRIBUTES).map(lambda told: f"<{told[0]}{told[1]}/>"), around, max_leaves=12)


def told_of(element: Element) -> tuple[object, ...]:
    return element.tag, dict(element.attrib), element.text, element.tail, [told_of(child) for child in element]


@given(elements(), st.sampled_from(["", "<?xml version='1.0' encoding='UTF-8'?>", "\ufeff"]))
def test_both_ways_of_reading_give_the_same_tree(text: str, head: str) -> None:
    plain = xml._read_plain(text)
    assert plain is not None
    careful = xml._Reader("it").parse(text)
    assert (told_of(plain.root), plain.namespace) == (told_of(careful.root), careful.namespace)
    assert told_of(parse_xml((head + text).encode(), 100_000).root) == told_of(careful.root)


@pytest.mark.parametrize(
    "text",
    [
        "<a><b></a>",
        "<a>&nbsp;</a>",
        "<p:a/>",
        "<a",
        "",
        "<a/><b/>",
        "<a x='1' x='2'/>",
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
    ],
)
def test_what_is_wrong_is_refused_whichever_way_is_tried_first(text: str) -> None:
    with pytest.raises(UnreadableFileError):
        parse_xml(text.encode(), 100_000)


def nested(levels: int) -> str:
    return "<a>" * levels + "</a>" * levels


def attributed(count: int) -> str:
    return "<a " + " ".join(f"x{number}=''" for number in range(count)) + "/>"


@pytest.mark.parametrize(("write", "most"), [(nested, 64), (attributed, 100)])
def test_bounds_hold_at_the_bound(write: Callable[[int], str], most: int) -> None:
    parse_xml(write(most).encode(), 100_000)
    with pytest.raises(FileTooLargeError):
        parse_xml(write(most + 1).encode(), 100_000)


def test_names_lose_their_namespaces() -> None:
    parsed = parse_xml(b"<p:a xmlns:p='http://www.ofdspec.org/2016'><p:b/></p:a>", 1_000)
    assert (parsed.namespace, parsed.root.tag, parsed.root[0].tag) == ("http://www.ofdspec.org/2016", "a", "b")
