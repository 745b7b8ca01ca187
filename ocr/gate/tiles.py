"""What the three densest native tiles of a picture tell: how sharp its edges are, how high its text, how loud its noise."""

import math
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.gate.overview import Gray, Mask, Overview, as_gray, halve, quantile, quantiles
from ocr.picture import Pixels

_TILE_PX = 256
_TILES = 3
_DIRECTIONS = 6  # in which the slope of edges is taken, 30 degrees apart
_CONTRAST_MIN = 10.0
_TEXT_HEIGHT_CEILING_PX = 40.0  # blurred characters melt together; a melted blob is no large character
_GRID_PERIODS_PX = (2.1, 6.0)  # of a screen's grid on the sensor


@dataclass(frozen=True)
class Tile:
    """What one native tile shows; lengths in pixels of the picture."""

    contrast: float  # between paper and ink, 0..255
    noise: float  # standard deviation of the grain from pixel to pixel
    mottle: float  # standard deviation of the grain that is coarser: compression melts grain into spots, which hide strokes
    edge_px: float  # width of an edge in the direction in which it is sharpest
    smear_px: float  # width in the direction in which it is least sharp
    text_height_px: float
    grid: float  # how far a periodic grid stands out of the spectrum, decades


def measure_tiles(pixels: Pixels, overview: Overview) -> list[Tile]:
    """Measure the densest tiles; those without contrast are left out."""
    tiles = (_measure(tile, is_first=number == 0) for number, tile in enumerate(_densest(pixels, overview)))
    return [tile for tile in tiles if tile is not None]


def _densest(pixels: Pixels, overview: Overview) -> list[Gray]:
    """Cut the native tiles where the most fine ink lies, in proportion to the light; they never overlap."""
    side = max(4, round(_TILE_PX / overview.factor / 2))
    calm = cv2.GaussianBlur(overview.gray, (3, 3), 0)
    edges = halve(as_gray(cv2.convertScaleAbs(cv2.Laplacian(calm, cv2.CV_16S), alpha=2.0)))
    ratio = as_gray(cv2.divide(edges, np.minimum(overview.paper, np.uint8(243)) + np.uint8(12), scale=127.0))
    ratio[~overview.page] = 0
    density = cv2.boxFilter(np.minimum(ratio, np.uint8(30)), cv2.CV_32F, (side, side), borderType=cv2.BORDER_CONSTANT)
    height, width = pixels.shape[:2]
    tiles = []
    for _ in range(_TILES):
        _, most, _, (x, y) = cv2.minMaxLoc(density)
        if most <= 0:
            break
        density[max(0, y - side) : y + side, max(0, x - side) : x + side] = 0
        left = int(np.clip(2 * x * overview.factor - _TILE_PX / 2, 0, max(0, width - _TILE_PX)))
        top = int(np.clip(2 * y * overview.factor - _TILE_PX / 2, 0, max(0, height - _TILE_PX)))
        tile = np.ascontiguousarray(pixels[top : top + _TILE_PX, left : left + _TILE_PX])
        tiles.append(np.asarray(cv2.cvtColor(tile, cv2.COLOR_BGR2GRAY), dtype=np.uint8))
    return tiles


def _measure(tile: Gray, *, is_first: bool) -> Tile | None:
    """Measure a tile; a screen's grid is everywhere, so it is looked for in the first alone."""
    if min(tile.shape) < 16:
        return None
    noise = _noise(tile)
    smooth = np.asarray(cv2.GaussianBlur(tile, (0, 0), 0.8 if noise < 12 else 1.6), dtype=np.uint8)
    palest, darkest = quantiles(smooth, (0.98, 0.02))
    contrast = palest - darkest
    if contrast < _CONTRAST_MIN:
        return None
    slopes = _slopes(smooth)
    edge, smear = (contrast / max(slope, 0.02) for slope in (max(slopes), min(slopes)))
    mottle = math.sqrt(max(0.0, _noise(tile, 2) ** 2 - noise**2))
    return Tile(contrast, noise, mottle, edge, smear, _text_height(smooth), _grid(tile) if is_first else 0.0)


def _noise(tile: Gray, apart_px: int = 1) -> float:
    """Estimate the grain from second differences of pixels so far apart, by their median, which edges do not move."""
    second = np.zeros(2 * apart_px + 1, np.float32)
    second[[0, apart_px, -1]] = (-1, 2, -1)
    differences = cv2.convertScaleAbs(cv2.sepFilter2D(tile, cv2.CV_16S, second, second))
    return quantile(as_gray(differences), 0.5) / (0.6745 * 6)


def _slopes(smooth: Gray) -> list[float]:
    """Take the steep slopes, in brightness a pixel, along each direction."""
    across, down = (cv2.Sobel(smooth, cv2.CV_16S, dx, 1 - dx) for dx in (1, 0))
    angles = (math.pi * step / _DIRECTIONS for step in range(_DIRECTIONS))
    along = (cv2.addWeighted(across, math.cos(angle) / 2, down, math.sin(angle) / 2, 0) for angle in angles)
    return [quantile(as_gray(cv2.convertScaleAbs(each)), 0.98) / 4 for each in along]


def _text_height(smooth: Gray) -> float:
    """Estimate the height of characters from connected strokes, upper quartile; 0.0 without any."""
    around = as_gray(cv2.blur(smooth, (31, 31)))
    ink = (cv2.subtract(around, smooth) > np.maximum(as_gray(cv2.convertScaleAbs(around, alpha=22 / 255)), 4)).view(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_16U)
    width, height, area = (stats[1:, column] for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    heights = np.sort(height[(height >= 4) & (height <= 90) & (width <= 120) & (area >= 8)])
    return float(heights[round(0.75 * (len(heights) - 1))]) if len(heights) >= 5 else 0.0


def _grid(tile: Gray) -> float:
    """Tell by how many decades the strongest lone frequency off the axes stands above its ring of the spectrum."""
    if min(tile.shape) < _TILE_PX:
        return 0.0
    window, ring = _grid_window_and_ring()
    packed = cv2.dft((tile - tile.mean(dtype=np.float32)) * window)  # of a real plane: pairs from the second column on
    power = cv2.magnitude(np.ascontiguousarray(packed[:, 1:-1:2]), np.ascontiguousarray(packed[:, 2::2]))
    inside = power[ring]
    return float(np.log10(inside.max() / max(float(np.median(inside)), 1e-3)))


@cache
def _grid_window_and_ring() -> tuple[NDArray[np.float32], Mask]:
    """Make what every tile's spectrum is weighed and looked at with."""
    window = np.outer(np.hanning(_TILE_PX), np.hanning(_TILE_PX)).astype(np.float32)
    rows = np.minimum(np.arange(_TILE_PX), _TILE_PX - np.arange(_TILE_PX))
    radius = np.hypot(*np.meshgrid(np.arange(_TILE_PX // 2), rows)) / _TILE_PX
    ring = (radius > 1 / _GRID_PERIODS_PX[1]) & (radius < 1 / _GRID_PERIODS_PX[0])
    ring[:, :3] = False  # rules and lines of text lie along the axes
    ring[rows < 3] = False
    return window, np.ascontiguousarray(ring[:, 1:])
