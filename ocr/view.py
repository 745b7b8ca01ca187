"""A page as the reader sees it, and the way back to the picture that was uploaded."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.document import Box
from ocr.picture import Pixels, shrink

Matrix = NDArray[np.float64]  # 3 × 3, homogeneous

Colour = tuple[float, float, float]  # blue, green, red

_WHITE = (255.0, 255.0, 255.0)


@dataclass(frozen=True)
class Bend:
    """Where the top and the bottom edge of a sheet that will not lie flat stand in a view, for each column of the sheet laid flat.

    `top` and `bottom` are (width, 2), x and y; what lies between them is spread evenly over the height.
    """

    top: NDArray[np.float64]
    bottom: NDArray[np.float64]
    height: int

    def back(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map points (n, 2) of the flat sheet to those of the bent one."""
        columns, down = np.arange(len(self.top)), points[:, 1:] / max(1, self.height - 1)
        top, bottom = (
            np.stack([np.interp(points[:, 0], columns, edge[:, axis]) for axis in (0, 1)], axis=1) for edge in (self.top, self.bottom)
        )
        return np.asarray(top + (bottom - top) * down)


@dataclass(frozen=True)
class View:
    """Pixels to read, the matrix that maps their points back to the uploaded picture's, and that picture's width and height.

    Of a sheet that was bent, `bend` stands between two matrices: `to_bend` leads to the sheet as it was laid flat, `to_upload` from the
    bent one to the uploaded picture.
    """

    pixels: Pixels
    to_upload: Matrix
    upload_size: tuple[int, int]
    bend: Bend | None = None
    to_bend: Matrix | None = None

    @property
    def way_back(self) -> Matrix:
        """The first matrix on the way back: what turns the view changes this one."""
        return self.to_upload if self.to_bend is None else self.to_bend

    def seen_as(self, pixels: Pixels, back: Matrix) -> "View":
        """See it as other pixels, from whose points `back` leads to those of this view."""
        if self.to_bend is None:
            return replace(self, pixels=pixels, to_upload=self.to_upload @ back)
        return replace(self, pixels=pixels, to_bend=self.to_bend @ back)

    def box_in_upload(self, box: Box) -> Box:
        """Tell where a box of this view lies in the uploaded picture: the upright rectangle around its four corners, within the picture."""
        corners = np.array([[[box.left, box.top], [box.right, box.top], [box.right, box.bottom], [box.left, box.bottom]]], dtype=np.float64)
        if self.bend is not None and self.to_bend is not None:
            corners = self.bend.back(cv2.perspectiveTransform(corners, self.to_bend)[0])[None]
        moved = cv2.perspectiveTransform(corners, self.to_upload)[0]
        left, top = np.floor(moved.min(axis=0))
        right, bottom = np.ceil(moved.max(axis=0))
        width, height = self.upload_size
        return Box(_within(left, width), _within(top, height), _within(right, width), _within(bottom, height))


def view_of(pixels: Pixels, max_side: int) -> View:
    """See a whole picture, made smaller when it is larger than readers need."""
    smaller, factor = shrink(pixels, max_side)
    return View(smaller, np.diag([1 / factor, 1 / factor, 1.0]), (pixels.shape[1], pixels.shape[0]))


def warp(view: View, matrix: Matrix, width: int, height: int, ground: Colour = _WHITE) -> View:
    """See the view through a 3 × 3 matrix (from its points to the new ones) on a canvas of the given size and colour."""
    moved = cv2.warpPerspective(
        view.pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=ground
    )
    return view.seen_as(np.asarray(moved, dtype=np.uint8), np.asarray(np.linalg.inv(matrix), dtype=np.float64))


def unbend(view: View, bend: Bend) -> View:
    """See a bent sheet laid flat."""
    across, down = (np.linspace(bend.top[:, axis], bend.bottom[:, axis], bend.height).astype(np.float32) for axis in (0, 1))
    flat = cv2.remap(view.pixels, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return replace(view, pixels=np.asarray(flat, dtype=np.uint8), bend=bend, to_bend=np.eye(3))


def turn(view: View, quarter_turns: int) -> View:
    """Turn the view clockwise by whole quarters."""
    for _ in range(quarter_turns % 4):
        height, width = view.pixels.shape[:2]
        back = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, height - 1.0], [0.0, 0.0, 1.0]])
        view = view.seen_as(np.ascontiguousarray(np.rot90(view.pixels, -1)), back)
        assert view.pixels.shape[:2] == (width, height)  # noqa: S101 - a shape mistake here would put every box in the wrong place
    return view


def _within(place: float, size: int) -> int:
    return min(max(0, int(place)), size)
