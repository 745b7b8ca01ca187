"""The readers as they come, without anything of ours around them: what a page costs that is only read."""

from collections.abc import Callable
from typing import Any

import pytesseract

from ocr.picture import Pixels

DETECT_SIDE_PX = 960  # as in ocr/engines/rapid.py; the wheel's own 736 for the short side is dearer still


def bare_rapidocr() -> Callable[[Pixels], Any]:
    """Load RapidOCR as its wheel ships it, direction classifier included, on OpenVINO with one thread that no core is pinned to."""
    from rapidocr import EngineType, RapidOCR

    runtime = EngineType("openvino")
    return RapidOCR(  # type: ignore[no-any-return]
        params={
            "Global.log_level": "error",
            "Det.engine_type": runtime,
            "Cls.engine_type": runtime,
            "Rec.engine_type": runtime,
            "Det.limit_side_len": DETECT_SIDE_PX,
            "Det.limit_type": "max",
            "EngineConfig.openvino.inference_num_threads": 1,
            "EngineConfig.openvino.enable_cpu_pinning": False,
        }
    )


def bare_tesseract() -> Callable[[Pixels], Any]:
    """Give Tesseract on the whole page through pytesseract; OMP_THREAD_LIMIT=1 is for the caller to set."""
    return lambda pixels: pytesseract.image_to_data(pixels[:, :, ::-1], lang="chi_sim", config="--psm 3")
