"""Places on the earth: positions, the two ways in which China states them, distances, and boxes for a search.

Everything here is WGS-84. Maps made in China show GCJ-02 (国测局坐标), which is shifted by up to some hundred metres: what a map
there gives is brought over first. The shift has no published inverse; the one here comes back to within a metre.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import InputError

_EARTH_M = 6_371_008.8  # mean radius: a sphere is off by less than 0.6 % of a distance, which is nothing for who is near
_AXIS_M, _ECCENTRICITY_2 = 6_378_245.0, 0.00669342162296594323  # Krasovsky 1940, of the shift


class Datum(StrEnum):
    """How a latitude and a longitude are stated."""

    WGS84 = "wgs84"  # a satellite receiver
    GCJ02 = "gcj02"  # a map of mainland China, and what phones there give through its services


@dataclass(frozen=True)
class Position:
    """A place in degrees, WGS-84."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Box:
    """All places between two latitudes and two longitudes; it never spans the 180th meridian."""

    south: float
    north: float
    west: float
    east: float


def position_of(latitude: float, longitude: float, datum: Datum) -> Position:
    """Take a position as it was stated.

    Raises:
        InputError: there is no such place.
    """
    for name, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if not -most <= value <= most:  # also what is no number
            raise InputError(f"{name} {value} is out of range", f"send degrees between -{most} and {most}", field=name)
    stated = Position(latitude, longitude)
    return _without_shift(stated) if datum is Datum.GCJ02 else stated


def to_gcj02(place: Position) -> Position:
    """State a position as maps of mainland China do; outside of it they are not shifted."""
    if not (0.8293 <= place.latitude <= 55.8271 and 72.004 <= place.longitude <= 137.8347):
        return place
    x, y = place.longitude - 105.0, place.latitude - 35.0
    root = math.sqrt(abs(x))
    short = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + short + _waves(y, (20.0, 40.0), (160.0, 320.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + short + _waves(x, (20.0, 40.0), (150.0, 300.0))
    angle = math.radians(place.latitude)
    squeezed = 1 - _ECCENTRICITY_2 * math.sin(angle) ** 2
    north_degrees = north * 180.0 / (_AXIS_M * (1 - _ECCENTRICITY_2) / squeezed**1.5 * math.pi)
    east_degrees = east * 180.0 / (_AXIS_M / math.sqrt(squeezed) * math.cos(angle) * math.pi)
    return Position(place.latitude + north_degrees, place.longitude + east_degrees)


def _waves(along: float, middle: tuple[float, float], long: tuple[float, float]) -> float:
    mid = middle[0] * math.sin(along * math.pi) + middle[1] * math.sin(along / 3.0 * math.pi)
    return (mid + long[0] * math.sin(along / 12.0 * math.pi) + long[1] * math.sin(along / 30.0 * math.pi)) * 2.0 / 3.0


def _without_shift(stated: Position) -> Position:
    """Find the place whose shift leads here: each round leaves a thousandth of the error of the one before."""
    found = stated
    for _ in range(4):
        shifted = to_gcj02(found)
        found = Position(found.latitude + stated.latitude - shifted.latitude, found.longitude + stated.longitude - shifted.longitude)
    return found


def distance_m(one: Position, other: Position) -> int:
    """Measure the way between two places over the sphere (haversine), in whole metres."""
    north, east = math.radians(other.latitude - one.latitude), math.radians(other.longitude - one.longitude)
    cosines = math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude))
    half = math.sin(north / 2) ** 2 + cosines * math.sin(east / 2) ** 2
    return round(2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half))))


def box_around(place: Position, radius_m: float) -> Box:
    """Give a box that holds every place within a radius; at a pole and over the 180th meridian it takes all longitudes."""
    angle = (radius_m + 1) / _EARTH_M  # a metre more than asked: distances are rounded
    south, north = place.latitude - math.degrees(angle), place.latitude + math.degrees(angle)
    reach = math.sin(angle) / max(math.cos(math.radians(place.latitude)), 1e-12)
    if south > -90 and north < 90 and reach < 1:
        width = math.degrees(math.asin(reach))
        west, east = place.longitude - width, place.longitude + width
        if west >= -180 and east <= 180:
            return Box(south, north, west, east)
    return Box(max(south, -90.0), min(north, 90.0), -180.0, 180.0)
