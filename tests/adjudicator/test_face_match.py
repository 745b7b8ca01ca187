"""Faces: without models there is a way out; with them (MINGBAI_TEST_FACES names their folder) a picture without a face is told."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from adjudicator.face_match import DETECTOR, RECOGNIZER, SAME_FROM, OpenCvFaces
from domain.errors import ConflictError, InputError, NotFoundError, SetupError
from domain.identification import Likeness
from policy.transacting.proving import prove_face

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


class Played:
    """A matcher outside of this system, that finds what it is told."""

    def __init__(self, score: float) -> None:
        self.score = score

    def compare(self, person_id: str, picture: bytes) -> Likeness:
        assert person_id == "P1" and picture == b"picture"
        return Likeness(self.score, self.score >= SAME_FROM)


def test_a_face_proves_from_the_bound_on_and_not_below() -> None:
    assert prove_face(Played(SAME_FROM), "P1", b"picture") == "0.363"
    with pytest.raises(ConflictError, match="does not show the person"):
        prove_face(Played(SAME_FROM - 0.001), "P1", b"picture")


def test_without_a_matcher_or_a_picture_nothing_is_proven() -> None:
    with pytest.raises(ConflictError, match=r"nothing compares faces here"):
        prove_face(None, "P1", b"picture")
    with pytest.raises(InputError, match="asks for a picture"):
        prove_face(Played(1.0), "P1", b"")
