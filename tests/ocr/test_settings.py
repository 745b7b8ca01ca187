"""config.yaml becomes settings, or an error that names the key."""

import pytest

from domain.errors import SetupError
from ocr.settings import OcrSettings, settings_from


def test_nothing_named_keeps_every_default():
    assert settings_from({}) == OcrSettings()


def test_values_are_taken():
    settings = settings_from({"engine": "tesseract", "max_pages": 5, "timeout_seconds": 20, "quality": {"reading_fails": 0.5}})
    assert (settings.engine, settings.max_pages, settings.timeout_seconds, settings.quality.reading_fails) == ("tesseract", 5, 20.0, 0.5)


@pytest.mark.parametrize(
    ("mapping", "named"),
    [
        ({"engin": "auto"}, "ocr.engin "),
        ({"engine": "paddle"}, "ocr.engine"),
        ({"max_pages": "5"}, "ocr.max_pages"),
        ({"max_pages": 0}, "ocr.max_pages"),
        ({"resident_mb": 0}, "ocr.resident_mb"),
        ({"quality": {"blur": 1}}, "ocr.quality.blur"),
        ({"quality": {"glare": 1.5}}, "ocr.quality.glare"),
        ({"quality": 3}, "ocr.quality"),
    ],
)
def test_a_wrong_key_or_value_is_named(mapping, named):
    with pytest.raises(SetupError, match=named):
        settings_from(mapping)
