"""What the two densest tiles of a picture tell: how sharp its edges are, how loud its noise.

They are measured at the size at which the page is read: blur that vanishes when a large picture is made smaller does no harm.
"""

import math
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.gate.overview import Gray, Mask, Overview, as_gray, halve, quantile, quantiles
from ocr.picture import Pixels

_TILE_PX = 256
_TILES = 2
READ_PX = 2000  # the longer side of a picture as it is read
_ANGLES = np.pi * np.arange(6) / 6  # the directions in which the slope of edges is taken
_DIRECTIONS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1).astype(np.float32)
_STEEP_GRAIN = 2.33 / 0.6745  # times the median slope: so steep is the steepest fiftieth of plain grain
_STEEP = 0.98  # so much of a tile is less steep than its edges
_CONTRAST_MIN = 10.0
_WORD_STEP, _GRAIN = 40, 8  # how much darker a lone word is than its paper, of 255, and than the grain of the picture
_WORD_PX = 8
_GRID_PERIODS_PX = (2.1, 6.0)  # of a screen's grid on the sensor


@dataclass(frozen=True)
class Tile:
    """What one tile shows; lengths in pixels of the picture as it is read."""

    contrast: float  # between paper and ink, 0..255
    noise: float  # standard deviation of the grain from pixel to pixel
    mottle: float  # standard deviation of the grain that is coarser: compression melts grain into spots, which hide strokes
    edge_px: float  # width of an edge in the direction in which it is sharpest
    smear_px: float  # width in the direction in which it is least sharp
    grid: float  # how far a periodic grid stands out of the spectrum, decades
    density: float  # of fine ink about it, in proportion to the light


def measure_tiles(pixels: Pixels, overview: Overview) -> list[Tile]:
    """Measure the densest tiles; those without contrast are left out."""
    times = max(1, round(max(pixels.shape[:2]) / READ_PX))
    densest = enumerate(_densest(pixels, overview, _TILE_PX * times))
    tiles = (_measure(tile, density, times, is_first=number == 0) for number, (tile, density) in densest)
    return [tile for tile in tiles if tile is not None]


def _densest(pixels: Pixels, overview: Overview, tile_px: int) -> list[tuple[Gray, float]]:
    """Cut the native tiles where the most fine ink lies, in proportion to the light, and tell how much; they never overlap."""
    side = max(4, round(tile_px / overview.factor / 2))
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
        left = int(np.clip(2 * x * overview.factor - tile_px / 2, 0, max(0, width - tile_px)))
        top = int(np.clip(2 * y * overview.factor - tile_px / 2, 0, max(0, height - tile_px)))
        tiles.append((as_gray(cv2.cvtColor(pixels[top : top + tile_px, left : left + tile_px], cv2.COLOR_BGR2GRAY)), most))
    return tiles


def _measure(native: Gray, density: float, times: int, *, is_first: bool) -> Tile | None:
    """Measure a tile, made so many times smaller; a screen's grid is too fine for that, and everywhere: the first tile as it is will do."""
    tile = native if times == 1 else _made_smaller(native, times)
    if min(tile.shape) < 16:
        return None
    noise = _noise(tile)
    smooth = as_gray(cv2.GaussianBlur(tile, (0, 0), 0.8 if noise < 12 else 1.6))
    palest, darkest = quantiles(smooth, (0.98, 0.02))
    if palest - darkest < _CONTRAST_MIN:
        smooth = _lone_word(smooth, palest, noise)
        palest, darkest = quantiles(smooth, (0.98, 0.02))
    contrast = palest - darkest
    if contrast < _CONTRAST_MIN:
        return None
    slopes = _slopes(smooth)
    edge, smear = (contrast / max(slope, 0.02) for slope in (max(slopes), min(slopes)))
    mottle = math.sqrt(max(0.0, _noise(tile, 2) ** 2 - noise**2))
    return Tile(contrast, noise, mottle, edge, smear, _grid(native) if is_first else 0.0, density)


def _lone_word(smooth: Gray, palest: float, noise: float) -> Gray:
    """Cut out what stands on a tile of which hardly anything is print; the tile itself where that may be grain."""
    ink = (smooth < palest - max(_WORD_STEP, _GRAIN * noise)).view(np.uint8)
    left, top, width, height = cv2.boundingRect(ink)
    return smooth[top : top + height, left : left + width] if min(width, height) >= _WORD_PX else smooth


def _made_smaller(native: Gray, times: int) -> Gray:
    size = (max(1, native.shape[1] // times), max(1, native.shape[0] // times))
    return as_gray(cv2.resize(native[: size[1] * times, : size[0] * times], size, interpolation=cv2.INTER_AREA))


def _noise(tile: Gray, apart_px: int = 1) -> float:
    """Estimate the grain of the upper half from second differences of pixels so far apart, by their median, which edges do not move."""
    second = np.zeros(2 * apart_px + 1, np.float32)
    second[[0, apart_px, -1]] = (-1, 2, -1)
    differences = cv2.convertScaleAbs(cv2.sepFilter2D(tile[: (len(tile) + 1) // 2], cv2.CV_16S, second, second))
    return quantile(as_gray(differences), 0.5) / (0.6745 * 6)


def _slopes(smooth: Gray) -> list[float]:
    """Take the steep slopes, in brightness a pixel, along each direction, without what grain adds to them.

    Grain is what most of a tile slopes by; blurred print in a grainy picture would look sharp with it. A quarter of the pixels will do.
    """
    across, down = (cv2.Sobel(smooth, cv2.CV_16S, dx, 1 - dx)[::2, ::2].ravel() for dx in (1, 0))
    along = np.abs(_DIRECTIONS @ np.stack([across, down]).astype(np.float32))
    middle, steep = (_ranked(along, int(share * along.shape[1])) for share in (0.5, _STEEP))
    return [float(slope) / 8 for slope in np.sqrt(np.maximum(steep**2 - (_STEEP_GRAIN * middle) ** 2, 0))]


def _ranked(values: NDArray[np.float32], rank: int) -> NDArray[np.float32]:
    """Give the value of a rank in each row; one rank at a time, for which NumPy has a way ten times as fast as for two."""
    return np.partition(values, rank, axis=1)[:, rank]


def _grid(tile: Gray) -> float:
    """Tell by how many decades the strongest lone frequency off the axes stands above its ring of the spectrum."""
    if min(tile.shape) < _TILE_PX:
        return 0.0
    tile = tile[:_TILE_PX, :_TILE_PX]
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
