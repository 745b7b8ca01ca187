"""Every parser that strangers' bytes reach, and the errors it may answer with: anything else is a bug."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from werkzeug.exceptions import BadRequest

from adjudicator.settings import read_config
from api.channels.app import AppClaim
from api.channels.fhir import to_bill
from api.channels.hospital import HospitalSettlement
from api.channels.hotline import HotlineReport
from api.channels.spoken import SpokenReport
from api.json_request import read_json_object
from domain.errors import InputError, MingbaiError, RuleBookError, SetupError
from ocr.electronic.e_invoice import read_e_invoice
from ocr.electronic.opened import OFD, PDF, open_electronic
from ocr.inspect import inspect_file
from ocr.picture_file import read_pictures
from ocr.settings import OcrSettings
from rules.loader import open_book
from rules.medical_base import shipped_base

CORPUS = Path(__file__).parent / "corpus"
_SETTINGS = OcrSettings(max_pixels=4_000_000, max_pages=5)


@dataclass(frozen=True)
class Parser:
    """One way in: what to do with bytes, and what it may raise."""

    parse: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]


def _picture(content: bytes) -> None:
    inspect_file(content, _SETTINGS)
    for _ in read_pictures(content, _SETTINGS):
        pass


def _electronic(media_type: str) -> Callable[[bytes], None]:
    def parse(content: bytes) -> None:
        for _ in open_electronic(content, media_type, _SETTINGS).pages:
            pass

    return parse


def _config(content: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(content)
        file.flush()
        read_config(Path(file.name))


def _json(content: bytes) -> None:
    told = read_json_object(content, "the body")
    for model in (AppClaim, HospitalSettlement, HotlineReport, SpokenReport):
        try:
            model.model_validate(told)
        except (ValidationError, InputError):
            continue


PARSERS = {
    "picture": Parser(_picture, (InputError,)),
    "pdf": Parser(_electronic(PDF), (InputError,)),
    "ofd": Parser(_electronic(OFD), (InputError,)),
    "xml": Parser(lambda content: read_e_invoice(content, 1_000_000), (InputError,)),
    "yaml": Parser(lambda content: open_book("测试", content, shipped_base()), (RuleBookError,)),
    "config": Parser(_config, (SetupError,)),
    "json": Parser(_json, (BadRequest,)),
    "fhir": Parser(lambda content: to_bill(read_json_object(content, "the body")), (BadRequest, ValidationError, MingbaiError)),
}
