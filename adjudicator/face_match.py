"""Faces compared on this machine, by OpenCV's YuNet (detection) and SFace (recognition). Optional: the two model files are the operator's.

The pictures on file lie in a folder, PERSON_ID.jpg each. It tells whether two pictures show one person; that somebody living stands
before the camera, it cannot tell: the insurer's app must see to that (活体检测).
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.errors import InputError, NotFoundError, SetupError
from domain.identification import Likeness

DETECTOR, RECOGNIZER = "face_detection_yunet_2023mar.onnx", "face_recognition_sface_2021dec.onnx"
SAME_FROM = 0.363  # the cosine similarity from which the authors of SFace take two faces for one (OpenCV's documentation of it)
_LARGEST_SIDE = 1280
_Picture = NDArray[np.uint8]


class OpenCvFaces:
    """Compares with what is on file in a folder."""

    def __init__(self, models: Path, pictures: Path) -> None:
        """Load the models.

        Raises:
            SetupError: a model file is missing, or is none that OpenCV can load.
        """
        for name in (DETECTOR, RECOGNIZER):
            if not (models / name).is_file():
                raise SetupError(f"{models / name} is missing", "get it from github.com/opencv/opencv_zoo and put it there")
        try:
            self._detector = cv2.FaceDetectorYN.create(str(models / DETECTOR), "", (320, 320))
            self._recognizer = cv2.FaceRecognizerSF.create(str(models / RECOGNIZER), "")
        except cv2.error as error:
            raise SetupError(f"OpenCV cannot load the models in {models}", "get them anew from github.com/opencv/opencv_zoo") from error
        self._pictures = pictures

    def compare(self, person_id: str, picture: bytes) -> Likeness:
        """Compare a picture with the one on file; raises as `FaceMatcher` says."""
        file = self._pictures / f"{person_id}.jpg"
        if not person_id.isalnum() or not file.is_file():
            raise NotFoundError("no picture of this person is on file", "have one taken at a counter, or use a code")
        on_file, now = self._feature(file.read_bytes(), "the picture on file"), self._feature(picture, "the picture")
        score = float(self._recognizer.match(on_file, now, cv2.FaceRecognizerSF_FR_COSINE))
        return Likeness(score, score >= SAME_FROM)

    def _feature(self, content: bytes, what: str) -> NDArray[np.float32]:
        picture = _read(content, what)
        self._detector.setInputSize((picture.shape[1], picture.shape[0]))
        _, faces = self._detector.detect(picture)
        count = 0 if faces is None else len(faces)
        if count != 1 or faces is None:
            raise InputError(f"{what} shows {count} faces", "send a picture of one person, seen from the front", field="picture")
        return np.asarray(self._recognizer.feature(self._recognizer.alignCrop(picture, faces[0])), dtype=np.float32)


def _read(content: bytes, what: str) -> _Picture:
    found = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) if content else None
    if found is None:
        raise InputError(f"{what} is no picture that can be opened", "send a JPEG or PNG", field="picture")
    scale = _LARGEST_SIDE / max(found.shape[:2])
    small = cv2.resize(found, None, fx=scale, fy=scale) if scale < 1 else found
    return np.asarray(small, dtype=np.uint8)
