"""`ocr …`: read documents."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.settings import read_config
from commands.document_answers import advice_of, error_object_of, object_of, print_document
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, console, warnings
from commands.targets import told_of
from domain.document import Document
from domain.errors import InputError, MingbaiError
from ocr.reading import DocumentReader
from ocr.settings import ENGINES, OcrSettings, settings_from
from ocr.show import draw_boxes

commands = typer.Typer(help="Documents: read.", no_args_is_help=True)


@commands.command("read")
def ocr_read(
    files: Annotated[list[Path], typer.Argument(help="Photographs, PDF, OFD or e-invoice XML.")],
    engine: Annotated[str, typer.Option("--engine", help="auto, rapidocr or tesseract; without it, as config.yaml says.")] = "",
    as_json: JsonOption = False,
    show: Annotated[bool, typer.Option("--show", help="Write each page of a picture or a PDF with its boxes beside the file.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Read the documents in files: class, quality, fields with confidence and boxes, findings.

    A file that cannot be read is named, and the others go on.
    """
    reader, failed = DocumentReader(_settings(config, engine)), False
    for path in files:
        try:
            content = path.read_bytes()
            documents = reader.read_all(content)
        except (MingbaiError, OSError) as error:
            failed = True
            print(json.dumps(error_object_of(str(path), error), ensure_ascii=False) if as_json else f"{path}: {error} {advice_of(error)}")
            continue
        for document in documents:
            if as_json:
                print(json.dumps(object_of(str(path), document), ensure_ascii=False))
                continue
            print_document(str(path), document)
        try:
            shown = _write_boxes(path, content, documents, reader.settings) if show else ()
        except OSError as error:
            failed = True
            warnings.print(str(told_of(error)), markup=False, highlight=False)
            continue
        for picture in () if as_json else shown:
            console.print(f"  boxes: {picture}")
    if reader.lacking:
        warnings.print(f"read without an engine: {reader.lacking}", markup=False, highlight=False)
    raise typer.Exit(1 if failed else 0)


def _settings(config: Path, engine: str) -> OcrSettings:
    """Read with the settings of config.yaml, its bounds of the quality gate among them, and the engine that was asked for."""
    if engine and engine not in ENGINES:
        raise InputError(f"--engine {engine} is no engine", f"choose one of: {', '.join(ENGINES)}")
    settings = settings_from(read_config(config).ocr)
    return replace(settings, engine=engine) if engine else settings


def _write_boxes(path: Path, content: bytes, documents: Sequence[Document], settings: OcrSettings) -> tuple[Path, ...]:
    """Write the pages with their boxes as <file>.boxes-<page>.png beside the file, and tell the paths."""
    written = []
    for number, picture in enumerate(draw_boxes(content, documents, settings), 1):
        target = path.with_name(f"{path.name}.boxes-{number}.png")
        target.write_bytes(picture)
        written.append(target)
    return tuple(written)
