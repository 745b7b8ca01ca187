"""What a benchmark times from outside is still there, and is put back."""

from io import BytesIO

from PIL import Image

from bench.ocr.stages import Stages
from ocr import picture_file
from ocr.picture_file import read_pictures
from ocr.settings import OcrSettings


def test_decoding_is_timed_while_stages_are_watched_and_not_afterwards() -> None:
    stages, plain = Stages(), picture_file.upright_bgr
    file = BytesIO()
    Image.new("RGB", (2000, 2000), "white").save(file, "JPEG")
    with stages.watching():
        list(read_pictures(file.getvalue(), OcrSettings()))
    spent = stages.seconds["decode"]
    list(read_pictures(file.getvalue(), OcrSettings()))
    assert spent > 0 and stages.seconds["decode"] == spent
    assert picture_file.upright_bgr is plain
