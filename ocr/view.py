"""A page as the reader sees it, and the way back to the picture that was uploaded."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.document import Box
from ocr.picture import Pixels, shrink

Matrix = NDArray[np.float64]  # 3 × 3, homogeneous

_WHITE = (255, 255, 255)


@dataclass(frozen=True)
class View:
    """Pixels to read, the matrix that maps their points back to the uploaded picture's, and that picture's width and height."""

    pixels: Pixels
    to_upload: Matrix
    upload_size: tuple[int, int]

    def box_in_upload(self, box: Box) -> Box:
        """Tell where a box of this view lies in the uploaded picture: the upright rectangle around its four corners, within the picture."""
        corners = np.array([[[box.left, box.top], [box.right, box.top], [box.right, box.bottom], [box.left, box.bottom]]], dtype=np.float64)
        moved = cv2.perspectiveTransform(corners, self.to_upload)[0]
        left, top = np.floor(moved.min(axis=0))
        right, bottom = np.ceil(moved.max(axis=0))
        width, height = self.upload_size
        return Box(_within(left, width), _within(top, height), _within(right, width), _within(bottom, height))


def view_of(pixels: Pixels, max_side: int) -> View:
    """See a whole picture, made smaller when it is larger than readers need."""
    smaller, factor = shrink(pixels, max_side)
    return View(smaller, np.diag([1 / factor, 1 / factor, 1.0]), (pixels.shape[1], pixels.shape[0]))


def warp(view: View, matrix: Matrix, width: int, height: int) -> View:
    """See the view through a 3 × 3 matrix (from its points to the new ones) on a canvas of the given size."""
    moved = cv2.warpPerspective(
        view.pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=_WHITE
    )
    return View(np.asarray(moved, dtype=np.uint8), view.to_upload @ np.linalg.inv(matrix), view.upload_size)


def turn(view: View, quarter_turns: int) -> View:
    """Turn the view clockwise by whole quarters."""
    for _ in range(quarter_turns % 4):
        height, width = view.pixels.shape[:2]
        back = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, height - 1.0], [0.0, 0.0, 1.0]])
        view = View(np.ascontiguousarray(np.rot90(view.pixels, -1)), view.to_upload @ back, view.upload_size)
        assert view.pixels.shape[:2] == (width, height)  # noqa: S101 - a shape mistake here would put every box in the wrong place
    return view


def _within(place: float, size: int) -> int:
    return min(max(0, int(place)), size)
