"""Texts of an OFD page as GB/T 33190 places them: steps in groups, codes that go on, matrices, what a person does not see."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from domain.document import Box
from ocr.electronic.glyphs import lines_of
from ocr.electronic.ofd_objects import glyphs_of, images_of, page_area

SCALE = 10.0  # pixels to the millimetre


def page_of(inner: str) -> Element:
    return fromstring(f"<Page>{inner}</Page>")  # noqa: S314 - our own


def text(codes: str, more: str = "", inner: str = "") -> str:
    return f'<TextObject ID="1" Boundary="10 20 80 5" Font="3" Size="4" {more}>{inner}{codes}</TextObject>'


def pieces(inner: str) -> list[str]:
    return [line.text for line in lines_of(glyphs_of(page_of(inner), SCALE))]


def test_a_box_is_the_type_around_its_base_line():
    line = lines_of(glyphs_of(page_of(text('<TextCode X="1" Y="4" DeltaX="4">票据</TextCode>')), SCALE))[0]
    assert (line.text, line.confidence, line.box) == ("票据", 1.0, Box(110, 205, 190, 245))


@pytest.mark.parametrize("steps", ["4 4 4", "g 3 4", "g 2 4 4", "4 g 2 4"])
def test_steps_may_be_written_in_groups(steps):
    line = lines_of(glyphs_of(page_of(text(f'<TextCode X="0" Y="4" DeltaX="{steps}">票据代码</TextCode>')), SCALE))[0]
    assert (line.text, line.box.left, line.box.right) == ("票据代码", 100, 260)


def test_a_wide_step_parts_two_pieces():
    assert pieces(text('<TextCode X="0" Y="4" DeltaX="4 30 4">代码号码</TextCode>')) == ["代码", "号码"]


def test_steps_that_are_missing_are_the_width_of_the_type():
    line = lines_of(glyphs_of(page_of(text('<TextCode X="0" Y="4">甲乙</TextCode>')), SCALE))[0]
    assert (line.text, line.box.right) == ("甲乙", 180)


def test_a_code_without_a_place_goes_on_where_the_last_one_ended():
    assert pieces(text('<TextCode X="0" Y="4" DeltaX="4">票据</TextCode><TextCode DeltaX="4">代码</TextCode>')) == ["票据代码"]


def test_a_matrix_enlarges_type_and_steps():
    scaled = text('<TextCode X="0" Y="1" DeltaX="1">票据</TextCode>', 'CTM="4 0 0 4 0 0"').replace('Size="4"', 'Size="1"')
    line = lines_of(glyphs_of(page_of(scaled), SCALE))[0]
    assert (line.text, line.box) == ("票据", Box(100, 205, 180, 245))


def test_a_radical_that_a_font_uses_for_its_look_alike_is_the_character_people_see():
    assert pieces(text('<TextCode X="0" Y="4">⾦额合计（⼩写）</TextCode>')) == ["金额合计（小写）"]


def test_objects_inside_a_block_are_read():
    inner = text('<TextCode X="0" Y="4">内</TextCode>')
    assert pieces(f"<PageBlock><PageBlock>{inner}</PageBlock></PageBlock>") == ["内"]


def test_a_character_printed_twice_to_look_bold_is_one():
    once = '<TextObject ID="{0}" Boundary="{1} 20 9 5" Font="3" Size="4"><TextCode X="0" Y="4">金</TextCode></TextObject>'
    assert pieces(once.format(1, 10) + once.format(2, 10.2)) == ["金"]


@pytest.mark.parametrize(
    ("more", "inner"),
    [
        ('Visible="false"', ""),
        ('Alpha="0"', ""),
        ("", '<FillColor Value="255 255 255"/>'),
        ("", '<FillColor Value="0 0 0" Alpha="0"/>'),
        ('CTM="0.88 -0.47 0.47 0.88 0 0"', ""),
    ],
    ids=["switched off", "transparent", "white", "of a transparent colour", "slanting"],
)
def test_what_a_person_would_not_read_is_left_out(more, inner):
    assert pieces(text('<TextCode X="0" Y="4">暗</TextCode>', more, inner)) == []


@pytest.mark.parametrize("number", ["nan", "inf", "1e99", "", "abc", "9" * 400])
def test_numbers_that_are_none_break_nothing(number):
    broken = text(f'<TextCode X="{number}" Y="{number}" DeltaX="g {number} {number}">票据</TextCode>', f'CTM="{number} 0 0 1 0 0"')
    pieces(broken.replace('Size="4"', f'Size="{number}"'))
    assert page_area(page_of(f"<Area><PhysicalBox>0 0 {number} 5</PhysicalBox></Area>")) is None


def test_a_group_that_claims_a_billion_steps_is_cut():
    assert pieces(text('<TextCode X="0" Y="4" DeltaX="g 1000000000 4">票据</TextCode>')) == ["票据"]


def test_pictures_are_found_with_their_size():
    images = list(images_of(page_of('<ImageObject ResourceID="7" Boundary="0 0 30 20"/><ImageObject ResourceID="8" Boundary="x"/>')))
    assert [(each.resource, each.width, each.height) for each in images] == [("7", 30.0, 20.0)]
