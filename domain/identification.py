"""Identification by face (人脸比对): the port behind which a library, or a provider, compares a picture with the one on file."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Likeness:
    """What a comparison found: `score` is the matcher's own measure, and `is_same` what it makes of it."""

    score: float
    is_same: bool


class FaceMatcher(Protocol):
    """Compares a picture that was taken now with the one on file of a person."""

    def compare(self, person_id: str, picture: bytes) -> Likeness:
        """Compare.

        Raises:
            InputError: the picture shows no face, or more than one.
            NotFoundError: no picture of this person is on file.
        """
        ...
