"""The pictures of the report: round axes that hold every column, amounts one can read, and nothing a page could not show."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.simulation import Line
from rules.simulation_pictures import bar, changes_by_month, payouts_by_month, scale, short, ticks_between

AMOUNTS = st.integers(-(10**15), 10**15)


@given(AMOUNTS, AMOUNTS)
def test_ticks_are_few_round_even_and_hold_everything_between(one: int, two: int) -> None:
    low, high = min(one, two, 0), max(one, two, 0)
    ticks = ticks_between(low, high)
    assert ticks[0] <= low <= high <= ticks[-1]
    assert len(ticks) <= 7
    assert 0 in ticks
    steps = {after - before for before, after in pairwise(ticks)}
    assert len(steps) <= 1
    assert all(str(step).rstrip("0") in ("1", "2", "5") for step in steps)


@pytest.mark.parametrize(
    ("fen", "told"),
    [(0, "0"), (150, "1.5"), (120_000, "1,200"), (999_900, "9,999"), (1_000_000, "1万"), (35_000_000, "35万"), (-12_000_000_000, "-1.2亿")],
)
def test_an_amount_on_an_axis_is_short(fen: int, told: str) -> None:
    assert short(fen) == told


@given(st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**12)), min_size=1, max_size=60))
def test_a_chart_is_drawn_within_its_frame_with_a_column_for_every_month(amounts: list[tuple[int, int]]) -> None:
    rows = [(f"{2020 + place // 12}-{place % 12 + 1:02d}", Line(before, after, 1)) for place, (before, after) in enumerate(amounts)]
    for picture, columns in ((payouts_by_month(rows), 2), (changes_by_month(rows), 1)):
        drawn = ElementTree.fromstring(picture)  # noqa: S314 – our own
        shapes = [each for each in drawn.iter() if each.tag.endswith("rect")]
        assert len(shapes) == columns * len(rows)
        for shape in shapes:
            top, tall = float(shape.attrib["y"]), float(shape.attrib["height"])
            assert top >= 12
            assert top + tall <= 240 - 42 + 1
            assert float(shape.attrib["x"]) + float(shape.attrib["width"]) <= 900.1
        years = re.findall(r">(\d{4})年<", picture)
        assert years == sorted({name[:4] for name, _ in rows})


@pytest.mark.parametrize(
    ("fen", "kind", "x", "width"), [(100, "more", 120, 120), (-50, "less", 60, 60), (0, "more", 120, 0), (1, "more", 120, 1)]
)
def test_a_bar_goes_to_the_right_for_more_and_to_the_left_for_less(fen: int, kind: str, x: int, width: int) -> None:
    assert f'<rect class="{kind}" x="{x}" y="1" width="{width}"' in bar(fen, 100, "变动")


def test_a_table_in_which_nothing_changed_has_no_scale() -> None:
    assert scale(0) == ""
    assert 'width="0"' in bar(0, 0, "变动")
