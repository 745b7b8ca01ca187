"""Faces: without models there is a way out; with them (MINGBAI_TEST_FACES names their folder) a picture without a face is told."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from adjudicator.face_match import DETECTOR, RECOGNIZER, OpenCvFaces
from domain.errors import InputError, NotFoundError, SetupError

EMPTY = cv2.imencode(".jpg", np.full((240, 320, 3), 200, np.uint8))[1].tobytes()


@pytest.fixture
def faces(tmp_path: Path) -> OpenCvFaces:
    models = os.environ.get("MINGBAI_TEST_FACES")
    if not models:
        pytest.skip("MINGBAI_TEST_FACES is not set: YuNet and SFace are the operator's to bring")
    (tmp_path / "P1.jpg").write_bytes(EMPTY)
    return OpenCvFaces(Path(models), tmp_path)


def test_a_missing_model_is_named_with_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=DETECTOR) as refused:
        OpenCvFaces(tmp_path, tmp_path)
    assert "opencv_zoo" in refused.value.way_out


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    for name in (DETECTOR, RECOGNIZER):
        (tmp_path / name).write_bytes(b"no model")
    with pytest.raises(SetupError, match="cannot load"):
        OpenCvFaces(tmp_path, tmp_path)


def test_a_picture_without_a_face_and_a_person_without_a_picture_are_told(faces: OpenCvFaces) -> None:
    with pytest.raises(InputError, match="shows 0 faces"):
        faces.compare("P1", EMPTY)
    with pytest.raises(NotFoundError, match="on file"):
        faces.compare("P2", EMPTY)
    with pytest.raises(NotFoundError, match="on file"):
        faces.compare("../P1", EMPTY)
