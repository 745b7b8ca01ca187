"""What may be set about reading, with defaults that were measured; built from the `ocr` part of config.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from domain.errors import SetupError

ENGINES = ("auto", "rapidocr", "tesseract")
BACKENDS = ("auto", "openvino", "onnxruntime")


@dataclass(frozen=True)
class QualityThresholds:
    """Where the quality gate says no; calibrated to what the readers can read, not to what looks pretty.

    Each is a score's bound, 0..1, see ocr/gate/scores.py. `reading_fails` alone decides whether a picture is asked for
    again; the others decide what is complained of. 1 is never exceeded.
    """

    reading_fails: float = 0.9  # probability that reading fails beyond which a picture is asked for again
    blank: float = 0.75
    dark: float = 0.55
    blown: float = 0.5
    glare: float = 0.4
    defocus: float = 0.45
    motion: float = 0.45
    small: float = 0.6
    faint: float = 0.7
    covered: float = 0.35
    cut_off: float = 0.4
    perspective: float = 0.65
    skew: float = 0.75
    uneven: float = 0.6
    noise: float = 0.6
    fold: float = 0.25
    screen: float = 0.4

    def __post_init__(self) -> None:
        for each in fields(self):
            if not 0 <= getattr(self, each.name) <= 1:
                raise SetupError(f"ocr.quality.{each.name} is {getattr(self, each.name)} in config.yaml", "use a number from 0 to 1")


@dataclass(frozen=True)
class OcrSettings:
    """How documents are read; nothing here changes while a process lives."""

    engine: str = "auto"  # auto: RapidOCR reads, Tesseract reads doubtful numbers again
    backend: str = "auto"  # of RapidOCR: OpenVINO, and ONNX Runtime where that is missing
    threads: int = 1  # inference threads of one process; workers scale, threads do not
    max_bytes: int = 20_000_000
    max_pixels: int = 50_000_000  # of one picture, checked before it is decoded
    max_pages: int = 30
    max_unpacked_bytes: int = 100_000_000  # of all entries of an OFD package
    max_xml_bytes: int = 5_000_000  # of one XML file, alone, attached or in a package
    timeout_seconds: float = 60.0  # for one document, all pages
    documents_per_process: int = 500  # a reading process is replaced after so many
    memory_mb: int = 3072  # a reading process may not grow beyond it (Linux)
    resident_mb: int = 1000  # one that holds more after a document is replaced (Linux); reading alone takes 650
    pdf_dpi: int = 150  # at which a scanned PDF page is drawn
    read_side_px: int = 2000  # longer pictures are made smaller before reading
    class_confidence_min: float = 0.5  # below, the classifier abstains
    doubtful_below: float = 0.9  # a number of which the reader itself is less sure is read a second time
    field_confidence_min: float = 0.95  # below, a field is a finding; chosen from `python -m bench.ocr_calibration`
    quality: QualityThresholds = field(default_factory=QualityThresholds)

    def __post_init__(self) -> None:
        _check_choice("ocr.engine", self.engine, ENGINES)
        _check_choice("ocr.backend", self.backend, BACKENDS)
        for name in (
            "threads",
            "max_bytes",
            "max_pixels",
            "max_pages",
            "max_unpacked_bytes",
            "max_xml_bytes",
            "timeout_seconds",
            "documents_per_process",
            "memory_mb",
            "resident_mb",
            "pdf_dpi",
            "read_side_px",
        ):
            if getattr(self, name) <= 0:
                raise SetupError(f"ocr.{name} is {getattr(self, name)} in config.yaml", "use a number above zero")


def settings_from(mapping: Mapping[str, Any]) -> OcrSettings:
    """Build settings from the `ocr` mapping of config.yaml; what is not named keeps its default.

    Raises:
        SetupError: an unknown key, a value of the wrong type or outside its range.
    """
    values = _checked("ocr", mapping, OcrSettings)
    if "quality" in mapping:
        values["quality"] = QualityThresholds(**_checked("ocr.quality", mapping["quality"], QualityThresholds))
    return OcrSettings(**values)


def _checked(where: str, mapping: Any, shape: type[OcrSettings] | type[QualityThresholds]) -> dict[str, Any]:
    if not isinstance(mapping, Mapping):
        raise SetupError(f"{where} in config.yaml is {mapping!r}", "write it as keys and values")
    known = {each.name: each.type for each in fields(shape)}
    values = {}
    for key, value in mapping.items():
        if key not in known:
            raise SetupError(f"{where}.{key} in config.yaml is unknown", f"known are: {', '.join(known)}")
        if known[key] is not QualityThresholds:
            values[str(key)] = _typed(f"{where}.{key}", value, known[key])
    return values


def _typed(where: str, value: Any, wanted: Any) -> Any:
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise SetupError(f"{where} in config.yaml is {value!r}", f"write {wanted.__name__}")
    return value


def _check_choice(where: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SetupError(f"{where} is {value!r} in config.yaml", f"choose one of: {', '.join(choices)}")
