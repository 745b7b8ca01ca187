"""A picture on its way through the camera, and where the print that it shows has got to.

Every step that moves print moves the marks with it, by the same numbers; a step that changes light alone leaves them.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from domain.document import Box

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]  # 3 × 3, homogeneous
Marks = NDArray[np.float64]  # (places, 41, 65, 2): a grid over each place, x and y in pixels of the picture

_DOWN, _ACROSS = 41, 65  # fine enough that a bent or cut place is told within a few pixels


@dataclass(frozen=True)
class Place:
    """Where something printed landed in a photograph, in its pixels, as it is shown (after its EXIF turn).

    `corners` follow the print clockwise from its upper left corner, and may lie outside. `box` is the upright rectangle around what
    of it the picture holds, None where it holds nothing. `seen` is the share of the print, 0 to 1, that was neither cut off nor
    swallowed by a fold; what is blurred, covered or burnt out counts as seen.
    """

    corners: tuple[tuple[float, float], ...]
    box: Box | None
    seen: float


@dataclass(frozen=True)
class Exposure:
    """A picture, the marks on it, and which of them it still holds."""

    picture: Picture
    marks: Marks
    is_seen: NDArray[np.bool_]  # (places, 41, 65)

    def lit(self, picture: Picture) -> "Exposure":
        """Change its light: every pixel stays where it is."""
        return replace(self, picture=picture)

    def moved(self, picture: Picture, marks: Marks, is_kept: NDArray[np.bool_] | bool = True) -> "Exposure":
        """Move its print: what has left the picture, or is not kept, is lost for good."""
        height, width = picture.shape[:2]
        x, y = marks[..., 0], marks[..., 1]
        is_inside = (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
        return Exposure(picture, marks, self.is_seen & is_inside & is_kept)

    def warped(self, picture: Picture, matrix: Matrix) -> "Exposure":
        """Move its print through a 3 × 3 matrix from its points to the new ones."""
        moved = self.marks @ matrix[:, :2].T + matrix[:, 2]
        return self.moved(picture, moved[..., :2] / moved[..., 2:])


def expose(picture: Picture, places: Iterable[Box]) -> Exposure:
    """Begin with a flat page, and mark the places on it."""
    across, down = np.linspace(0, 1, _ACROSS), np.linspace(0, 1, _DOWN)
    boxes = np.array([[box.left, box.top, box.right, box.bottom] for box in places], dtype=np.float64).reshape(-1, 4)
    left, top, right, bottom = boxes.T[:, :, None, None]
    x, y = np.broadcast_arrays(left + (right - left) * across, top + (bottom - top) * down[:, None])
    marks = np.stack([x, y], axis=-1)
    return Exposure(picture, marks, np.ones(marks.shape[:-1], dtype=bool))


def places_in(exposure: Exposure, names: Iterable[str]) -> Mapping[str, Place]:
    """Tell where the marked places landed; `names` in the order in which they were marked."""
    return {name: _place(marks, seen) for name, marks, seen in zip(names, exposure.marks, exposure.is_seen, strict=True)}


def _place(marks: Marks, is_seen: NDArray[np.bool_]) -> Place:
    corners = tuple((round(float(x), 2), round(float(y), 2)) for x, y in (marks[0, 0], marks[0, -1], marks[-1, -1], marks[-1, 0]))
    if not is_seen.any():
        return Place(corners, None, 0.0)
    left, top = marks[is_seen].min(axis=0)
    right, bottom = marks[is_seen].max(axis=0)
    return Place(corners, Box(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)), round(float(is_seen.mean()), 4))
