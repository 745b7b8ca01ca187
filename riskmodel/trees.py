"""LightGBM's trees, asked one claim at a time through its C interface, which answers in microseconds.

`Booster.predict` prepares a prediction anew for every call; a prepared configuration (`FastConfig`) does not. It holds
scratch memory, so every thread has its own. One thread of LightGBM each: on two busy cores more of them only spin.
"""

import ctypes
import struct
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.errors import ModelError

_FLOAT64, _RAW_SCORE, _CONTRIBUTIONS = 1, 1, 3  # of LightGBM's c_api.h
_ONE_THREAD = b"num_threads=1"

Numbers = npt.NDArray[np.float64]


class Trees:
    """A booster that may be shared between threads. Its answers are log-odds, equal to `Booster.predict` to the last bit but a few."""

    def __init__(self, text: str, origin: Path) -> None:
        """Read LightGBM's own text; `origin` is named when it cannot be read.

        Raises:
            ModelError: LightGBM cannot start, or the text is no booster.
        """
        try:
            import lightgbm  # here and not above: a scorecard alone works without it
        except (ImportError, OSError) as error:
            raise ModelError(f"LightGBM cannot start: {error}", "apt-get install libgomp1 (macOS: brew install libomp)") from error
        try:
            self.booster: Any = lightgbm.Booster(model_str=text)
        except lightgbm.basic.LightGBMError as error:
            raise ModelError(f"the booster in {origin} cannot be read: {error}", "restore the folder from its release") from error
        self.features: tuple[str, ...] = tuple(self.booster.feature_name())
        self._library: Any = vars(lightgbm.basic)["_LIB"]  # the loaded C library; the Python package has no public name for it
        self._of_thread = threading.local()

    def log_odds(self, values: Sequence[float]) -> float:
        """Give what the trees add to the log-odds of one claim, whose values stand in the order of `features`."""
        return float(self._row("raw", _RAW_SCORE, 1).predict(values)[0])

    def contributions(self, values: Sequence[float]) -> list[float]:
        """Give what each feature adds to the log-odds of one claim, and last what every claim begins with."""
        return self._row("contributions", _CONTRIBUTIONS, len(self.features) + 1).predict(values)

    def batch(self, matrix: Numbers) -> Numbers:
        """Give the log-odds of many claims, one a row of the matrix."""
        return np.asarray(self.booster.predict(matrix, raw_score=True, num_threads=1), dtype=np.float64)

    def _row(self, name: str, kind: int, width: int) -> "_FastRow":
        prepared: _FastRow | None = getattr(self._of_thread, name, None)
        if prepared is None:
            prepared = _FastRow(self._library, self.booster, kind, len(self.features), width)
            setattr(self._of_thread, name, prepared)
        return prepared


class _FastRow:
    """One prepared prediction with the memory for its values and its answer; freed with its thread."""

    def __init__(self, library: Any, booster: Any, kind: int, columns: int, width: int) -> None:
        self._booster = booster  # the configuration points into it
        self._predict = library.LGBM_BoosterPredictForMatSingleRowFast
        self._library = library
        self._config = ctypes.c_void_p()
        self._values = bytearray(8 * columns)
        self._pack = struct.Struct(f"{columns}d").pack_into  # as quick as a slice of a ctypes array is slow
        self._values_pointer = (ctypes.c_double * columns).from_buffer(self._values)
        self._answer = (ctypes.c_double * width)()
        self._length = ctypes.c_int64()
        handle = ctypes.c_void_p(getattr(booster._handle, "value", booster._handle))
        self._check(
            library.LGBM_BoosterPredictForMatSingleRowFastInit(
                handle, kind, 0, -1, _FLOAT64, ctypes.c_int32(columns), _ONE_THREAD, ctypes.byref(self._config)
            )
        )
        weakref.finalize(self, library.LGBM_FastConfigFree, self._config)
        self._length_pointer = ctypes.byref(self._length)

    def predict(self, values: Sequence[float]) -> list[float]:
        self._pack(self._values, 0, *values)
        code = self._predict(self._config, self._values_pointer, self._length_pointer, self._answer)
        if code:
            self._check(code)
        return self._answer[:]

    def _check(self, code: int) -> None:
        if code:
            self._library.LGBM_GetLastError.restype = ctypes.c_char_p
            told = self._library.LGBM_GetLastError()
            raise ModelError(f"LightGBM failed: {told.decode(errors='replace')}", "train the model again with this version")
