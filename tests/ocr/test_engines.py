"""Each engine works alone, and one that is missing is named with the command that mends it."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from domain.document import DocumentClass
from domain.errors import ReaderError
from ocr.engines import find_engines, load_readers
from ocr.engines.rapid import _load
from ocr.engines.tesseract import TesseractReader
from ocr.picture import Pixels
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
from sandbox.font import load_font
from sandbox.photograph import Level, photograph
from sandbox.render import render
from tests.ocr.conftest import invoice, needs


def strip(text: str) -> Pixels:
    paper = Image.new("RGB", (420, 72), "white")
    ImageDraw.Draw(paper).text((20, 14), text, "black", load_font(40))
    return np.asarray(paper, dtype=np.uint8)


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def without_rapidocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)  # type: ignore[arg-type]  # as the import system marks what is not there


@needs("rapidocr")
def test_rapidocr_reads_alone_where_tesseract_is_not_installed(without_tesseract: None) -> None:
    reader = DocumentReader(OcrSettings())
    document = reader.read(photograph(render(invoice()), Level.GOOD, 4))
    assert (reader.load().name, document.reader) == ("rapidocr", "rapidocr")
    assert (document.document_class, document.field("total_fen").value) == (DocumentClass.MEDICAL_INVOICE, 774362)


@needs("tesseract")
def test_tesseract_reads_alone_where_rapidocr_is_not_installed(without_rapidocr: None) -> None:
    assert load_readers(OcrSettings()).name == "tesseract"


def test_rapidocr_asked_for_and_missing_is_named_with_the_command(without_rapidocr: None) -> None:
    with pytest.raises(ReaderError, match="rapidocr is not installed") as caught:
        load_readers(OcrSettings(engine="rapidocr"))
    assert caught.value.way_out == "pip install rapidocr openvino"


@needs("rapidocr")
def test_rapidocr_without_a_runtime_is_told_apart_from_no_rapidocr(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("openvino", "onnxruntime"):
        monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]
    with pytest.raises(ReaderError, match="openvino or onnxruntime, which is not installed") as caught:
        load_readers(OcrSettings(engine="rapidocr"))
    assert caught.value.way_out == "pip install openvino"


def test_tesseract_asked_for_and_missing_is_named_with_the_command(without_tesseract: None) -> None:
    with pytest.raises(ReaderError, match="tesseract is not installed") as caught:
        load_readers(OcrSettings(engine="tesseract"))
    assert "apt-get install tesseract-ocr tesseract-ocr-chi-sim" in caught.value.way_out


def test_with_no_engine_at_all_the_way_out_names_both(without_rapidocr: None, without_tesseract: None) -> None:
    with pytest.raises(ReaderError, match="no reading engine works") as caught:
        load_readers(OcrSettings())
    assert "pip install rapidocr openvino" in str(caught.value) and "apt-get install tesseract-ocr" in str(caught.value)
    assert [answer == "ok" for answer in find_engines().values()] == [False, False]


@needs("tesseract")
def test_strips_are_read_in_one_run_each_in_its_place() -> None:
    said = TesseractReader().read_lines([strip("0012345678"), strip(""), strip("9906")])
    assert [text for text, _ in said] == ["0012345678", "", "9906"]
    assert said[1][1] == 0.0 and min(said[0][1], said[2][1]) > 0.6


@needs("rapidocr")
def test_networks_calculate_in_32_bits_also_where_the_processor_has_units_for_16() -> None:
    engine = _load("openvino", threads=1)
    for part in (engine.text_det, engine.text_rec):
        precision = part.session.session.get_compiled_model().get_property("INFERENCE_PRECISION_HINT")
        assert precision.get_type_name() == "f32"
