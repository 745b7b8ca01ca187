"""Places: both datums, distances, and boxes that leave nobody out."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InputError
from domain.places import Datum, Position, box_around, distance_m, position_of, to_gcj02

ANYWHERE = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))
IN_CHINA = st.builds(Position, st.floats(18, 53), st.floats(74, 134))
SHANGHAI, BEIJING = Position(31.2304, 121.4737), Position(39.9042, 116.4074)


def test_from_shanghai_to_beijing_it_is_a_thousand_and_sixty_seven_kilometres() -> None:
    assert distance_m(SHANGHAI, BEIJING) == pytest.approx(1_067_000, rel=0.001)


@given(IN_CHINA)
def test_what_a_map_of_china_shows_comes_back_to_within_a_metre(place: Position) -> None:
    shown = to_gcj02(place)
    assert 20 < distance_m(place, shown) < 1500
    assert distance_m(position_of(shown.latitude, shown.longitude, Datum.GCJ02), place) <= 1


def test_outside_of_china_maps_are_not_shifted() -> None:
    paris = Position(48.8566, 2.3522)
    assert to_gcj02(paris) == paris == position_of(48.8566, 2.3522, Datum.GCJ02)


@given(ANYWHERE, ANYWHERE, st.floats(0, 3_000_000))
def test_a_box_holds_everybody_within_the_radius(place: Position, other: Position, radius_m: float) -> None:
    box = box_around(place, radius_m)
    if distance_m(place, other) <= radius_m:
        assert box.south <= other.latitude <= box.north and box.west <= other.longitude <= box.east


def test_a_small_box_is_small() -> None:
    box = box_around(SHANGHAI, 4_000)
    assert box.north - box.south < 0.1 and box.east - box.west < 0.1


@given(ANYWHERE, ANYWHERE)
def test_a_way_is_as_long_back(one: Position, other: Position) -> None:
    assert distance_m(one, other) == distance_m(other, one) >= 0 == distance_m(one, one)


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [(90.0001, 0, "latitude"), (-91, 0, "latitude"), (0, 180.0001, "longitude"), (math.nan, 0, "latitude"), (0, math.inf, "longitude")],
)
def test_a_place_that_is_not_on_the_earth_is_refused_by_its_field(latitude: float, longitude: float, field: str) -> None:
    with pytest.raises(InputError) as told:
        position_of(latitude, longitude, Datum.WGS84)
    assert told.value.field == field


def test_the_poles_and_the_date_line_are_places() -> None:
    assert position_of(90, 180, Datum.WGS84) == Position(90, 180)
