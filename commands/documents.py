"""`ocr …`: read documents."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from commands.document_answers import advice_of, error_object_of, object_of, table_of
from commands.options import JsonOption, console, warnings
from commands.targets import told_of
from domain.document import Document
from domain.errors import MingbaiError
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings, settings_from
from ocr.show import draw_boxes

commands = typer.Typer(help="Documents: read.", no_args_is_help=True)


@commands.command("read")
def ocr_read(
    files: Annotated[list[Path], typer.Argument(help="Photographs, PDF, OFD or e-invoice XML.")],
    engine: Annotated[str, typer.Option("--engine", help="auto, rapidocr or tesseract")] = "auto",
    as_json: JsonOption = False,
    show: Annotated[bool, typer.Option("--show", help="Write each page of a picture or a PDF with its boxes beside the file.")] = False,
) -> None:
    """Read the documents in files: class, fields with confidence, findings. A file that cannot be read is named, and the others go on."""
    reader, failed = DocumentReader(settings_from({"engine": engine})), False
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
            console.print(table_of(str(path), document))
            for finding in document.findings:
                console.print(f"  {finding.severity}: {finding.message} {finding.advice}")
        try:
            shown = _write_boxes(path, content, documents, reader.settings) if show else ()
        except OSError as error:
            failed = True
            warnings.print(str(told_of(error)), markup=False, highlight=False)
            continue
        for picture in () if as_json else shown:
            console.print(f"  boxes: {picture}")
    raise typer.Exit(1 if failed else 0)


def _write_boxes(path: Path, content: bytes, documents: Sequence[Document], settings: OcrSettings) -> tuple[Path, ...]:
    """Write the pages with their boxes as <file>.boxes-<page>.png beside the file, and tell the paths."""
    written = []
    for number, picture in enumerate(draw_boxes(content, documents, settings), 1):
        target = path.with_name(f"{path.name}.boxes-{number}.png")
        target.write_bytes(picture)
        written.append(target)
    return tuple(written)
