"""HEIC is read where its decoder is installed; elsewhere the customer is told how the phone writes JPG."""

import base64

import pytest

from domain.errors import UnreadableFileError
from ocr import heic
from ocr.picture import decode_picture

# 64 × 32 pixels of ours, the left half black, the right half white.
HALVES = base64.b64decode(
    """
    AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABoQAB
    AAAAAAAAAH0AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34
    +AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29s
    cm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAIAAAAAEAAAAAAAAAAv///+AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAA
    AAAAAAEAAQWBAgMFhAAAAIVtZGF0AAAAeSgBrxOA+FDQp///dch8BOP+PhNSKMJXXF2z5Ev0csoOtuaFuRnviS4EccEUJBEcwn67S4AFtdFL4N64JuBBsUI3NdWd10ccZFD+
    06NaCoD2jaAU+eWVUc2qJtKjnoc6Gkbr3wQCQQAeNKbCikbgidMpDT2bVvlxvMg=
    """
)


@pytest.mark.skipif(not heic.has_heic(), reason="pi-heif is not installed: pip install pi-heif")
def test_a_heic_picture_looks_as_it_was_meant() -> None:
    pixels = decode_picture(HALVES, 1_000_000)
    assert pixels.shape == (32, 64, 3)
    assert pixels[:, :28].mean() < 20
    assert pixels[:, 36:].mean() > 235


def test_without_the_decoder_both_the_customer_and_the_operator_are_told_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heic, "has_heic", lambda: False)
    with pytest.raises(UnreadableFileError) as told:
        decode_picture(HALVES, 1_000_000)
    assert "pip install pi-heif" in told.value.way_out
    assert "兼容性最佳" in told.value.advice_zh
