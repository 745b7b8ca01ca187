"""RapidOCR: the PP-OCR models of its wheel, on OpenVINO or ONNX Runtime. The reader of the house.

Its networks are driven with a few fixed input shapes, because both runtimes keep memory for every
shape they ever saw: the short side of a page is padded to one of eight, text lines to one of twenty-two widths.
"""

import importlib.util
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.document import Box, ReadPage, TextLine
from domain.errors import ReaderError
from ocr.picture import Pixels

Quad = NDArray[np.float64]  # (4, 2): corners clockwise from the top left

INSTALL = "pip install rapidocr openvino"
_DETECT_SIDE = 960
_SHORT_SIDES = (320, 480, 576, 640, 704, 768, 864, 960)  # of the padded page when its long side is 960
_LINE_HEIGHT = 48
_DIRECTED = 1.5  # times longer than high a box must be to have a direction
_NEARLY_LEVEL_DEGREES = 15.0  # a page was laid level before; a sparse one may hold more watermark than lines
_ASLANT_DEGREES = 10.0  # from the page's usual direction: watermarks, names around seals
_LINE_WIDTHS = (*range(64, 577, 32), 640, 704, 832, 960, 1280)  # a width keeps half a megabyte, and time goes with it
_PAPER = (255, 255, 255)
_TEXT_SCORE_MIN = 0.3  # a single character may be right at .45; its confidence tells


def choose_backend(backend: str) -> str:
    """Choose the runtime: OpenVINO when it is installed, otherwise ONNX Runtime; a named one must be there.

    Raises:
        ReaderError: RapidOCR or the runtime is missing; the message holds the command.
    """
    wanted = ("openvino", "onnxruntime") if backend == "auto" else (backend,)
    if importlib.util.find_spec("rapidocr") is None:
        raise ReaderError("the engine rapidocr is not installed", INSTALL)
    for name in wanted:
        if importlib.util.find_spec(name) is not None:
            return name
    raise ReaderError(f"rapidocr needs {' or '.join(wanted)}, which is not installed", f"pip install {wanted[0]}")


class RapidReader:
    """Reads a page with PP-OCR's detector and recogniser; one instance serves one thread at a time."""

    name = "rapidocr"

    def __init__(self, backend: str = "auto", threads: int = 1) -> None:
        """Load the models; takes a second or two.

        Raises:
            ReaderError: something is missing, or the models cannot be loaded.
        """
        self.backend = choose_backend(backend)
        try:
            self._engine = _load(self.backend, threads)
        except Exception as error:
            raise ReaderError(
                f"rapidocr on {self.backend} cannot be loaded ({error})", f"pip install --force-reinstall rapidocr {self.backend}"
            ) from error

    def read_page(self, image: object) -> ReadPage:
        """Read one page, given as an 8-bit BGR array.

        Raises:
            ReaderError: the runtime failed on this page.
        """
        pixels = np.asarray(image, dtype=np.uint8)
        try:
            quads, crops = self._detect(pixels)
            texts = [self._recognise(crop) for crop in crops]
        except Exception as error:
            raise ReaderError(
                f"rapidocr failed on a page of {pixels.shape[1]} × {pixels.shape[0]} pixels ({error})", "try the engine tesseract"
            ) from error
        lines = [
            TextLine(text, score, _box_around(quad))
            for quad, (text, score) in zip(quads, texts, strict=True)
            if text.strip() and score >= _TEXT_SCORE_MIN
        ]
        return ReadPage(tuple(lines), self.name)

    def _detect(self, pixels: Pixels) -> tuple[list[Quad], list[Pixels]]:
        """Find text lines: their corners, and their straightened pictures."""
        canvas, factor = _pad_to_bucket(pixels)
        detector = self._engine.text_det
        found, _ = detector.postprocess_op(detector.session(_as_batch(canvas)), canvas.shape[:2])
        if not len(found):
            return [], []
        quads = np.asarray(detector.sorted_boxes(found), dtype=np.float64) / factor
        height, width = pixels.shape[:2]
        quads[:, :, 0] = quads[:, :, 0].clip(0, width - 1)
        quads[:, :, 1] = quads[:, :, 1].clip(0, height - 1)
        kept = _level_only([quad for quad in quads if min(np.ptp(quad, axis=0)) >= 3])
        return kept, [_straighten(pixels, quad) for quad in kept]

    def _recognise(self, crop: Pixels) -> tuple[str, float]:
        recogniser = self._engine.text_rec
        logits = recogniser.session(_normalise(crop))
        text, score = recogniser.postprocess_op(logits)[0][0]
        return str(text), float(score)


def _load(backend: str, threads: int) -> Any:
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    from rapidocr import EngineType, RapidOCR

    runtime = EngineType(backend)
    engine: Any = RapidOCR(  # its parts are typed as None, which they are until the first call
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Det.engine_type": runtime,
            "Rec.engine_type": runtime,
            "Det.limit_side_len": _DETECT_SIDE,
            "Det.limit_type": "max",
            "EngineConfig.openvino.inference_num_threads": threads,
            "EngineConfig.openvino.enable_cpu_pinning": False,  # pinned, two processes share one core
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    blank = np.full((_LINE_HEIGHT, 2 * _LINE_HEIGHT, 3), 255, dtype=np.uint8)
    with _calculating_exactly() if backend == "openvino" else nullcontext():
        engine(blank, use_det=True, use_rec=True)  # it loads its networks at the first call
        engine.recognize_txt([blank])
    # The largest page and the longest line first: a network that must grow its memory step by step leaves holes of every step behind.
    engine.text_det.session(np.zeros((1, 3, _DETECT_SIDE, _SHORT_SIDES[-1]), dtype=np.float32))
    engine.text_rec.session(np.zeros((1, 3, _LINE_HEIGHT, _LINE_WIDTHS[-1]), dtype=np.float32))
    return engine


@contextmanager
def _calculating_exactly() -> Iterator[None]:
    """Have networks that are loaded meanwhile calculate in 32 bits on every machine.

    Where a processor has units for 16 bits, OpenVINO uses them unasked: the same page would be read with other confidences there, and a
    claim that pays itself on one machine would wait for a person on the next. RapidOCR hands no such setting on.
    """
    from rapidocr.inference_engine.openvino import device_config

    kind: Any = device_config.CPUConfig
    settings = kind.get_config
    kind.get_config = lambda of: settings(of) | {"INFERENCE_PRECISION_HINT": "f32"}
    try:
        yield
    finally:
        kind.get_config = settings


def _pad_to_bucket(pixels: Pixels) -> tuple[Pixels, float]:
    """Scale the long side to 960 and pad the short side with white up to the next shape; also the factor."""
    height, width = pixels.shape[:2]
    factor = _DETECT_SIDE / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    scaled = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    short = next(side for side in _SHORT_SIDES if side >= min(size))
    full = (_DETECT_SIDE, short) if width >= height else (short, _DETECT_SIDE)
    return np.asarray(
        cv2.copyMakeBorder(scaled, 0, full[1] - size[1], 0, full[0] - size[0], cv2.BORDER_CONSTANT, value=_PAPER), dtype=np.uint8
    ), factor


def _as_batch(canvas: Pixels) -> NDArray[np.float32]:
    """Bring a page to -1..1 as a batch of one; the wheel's own way goes through float64 and takes eight times as long."""
    batch = np.ascontiguousarray(canvas.transpose(2, 0, 1), dtype=np.float32)[np.newaxis]
    batch /= 127.5
    batch -= 1
    return batch


def _box_around(quad: Quad) -> Box:
    left, top = np.floor(quad.min(axis=0))
    right, bottom = np.ceil(quad.max(axis=0))
    return Box(int(left), int(top), int(right), int(bottom))


def _level_only(quads: list[Quad]) -> list[Quad]:
    """Leave out what stands aslant on the page: it is no part of the form, and reading it costs a third of the time."""
    directed = {index: slant for index, quad in enumerate(quads) if (slant := _slant(quad)) is not None}
    if not directed:
        return quads
    nearly_level = [slant for slant in directed.values() if abs(slant) <= _NEARLY_LEVEL_DEGREES]
    usual = float(np.median(nearly_level if 4 * len(nearly_level) >= len(directed) else list(directed.values())))
    return [quad for index, quad in enumerate(quads) if abs(directed.get(index, usual) - usual) <= _ASLANT_DEGREES]


def _slant(quad: Quad) -> float | None:
    """Tell by how many degrees a line falls to the right, in -45..45; None for a box too square to have a direction."""
    across, down = quad[1] - quad[0], quad[3] - quad[0]
    width, height = float(np.linalg.norm(across)), float(np.linalg.norm(down))
    if max(width, height) < _DIRECTED * min(width, height):
        return None
    along = across if width >= height else down
    return (math.degrees(math.atan2(along[1], along[0])) + 45) % 90 - 45


def _straighten(pixels: Pixels, quad: Quad) -> Pixels:
    """Cut a slanted line out as a level strip; a strip more than 1.5 times as high as wide is laid down."""
    width = max(1, round(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3]))))
    height = max(1, round(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2]))))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), flat)
    strip = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.rot90(strip) if height >= 1.5 * width else strip, dtype=np.uint8)


def _normalise(crop: Pixels) -> NDArray[np.float32]:
    """Scale a strip to 48 pixels in height and pad it with grey to the next width, as a batch of one."""
    height, width = crop.shape[:2]
    wanted = max(1, math.ceil(_LINE_HEIGHT * width / height))
    bucket = next((each for each in _LINE_WIDTHS if each >= wanted), _LINE_WIDTHS[-1])
    scaled = cv2.resize(crop, (min(wanted, bucket), _LINE_HEIGHT)).astype(np.float32)
    batch = np.zeros((1, 3, _LINE_HEIGHT, bucket), dtype=np.float32)
    batch[0, :, :, : scaled.shape[1]] = scaled.transpose(2, 0, 1) / 127.5 - 1
    return batch
