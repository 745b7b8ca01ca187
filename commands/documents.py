"""`ocr …`: read documents."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from commands.options import JsonOption, console
from domain.errors import MingbaiError
from domain.money import format_fen
from ocr.reading import read_document
from ocr.settings import settings_from
from storage.codec import to_json

commands = typer.Typer(help="Documents: read.", no_args_is_help=True)


@commands.command("read")
def ocr_read(
    files: Annotated[list[Path], typer.Argument(help="Photographs or PDFs.")],
    engine: Annotated[str, typer.Option("--engine", help="auto, rapidocr or tesseract")] = "auto",
    as_json: JsonOption = False,
) -> None:
    """Read documents: class, fields with confidence, findings. A file that cannot be read is named, and the others go on."""
    settings, failed = settings_from({"engine": engine}), False
    for path in files:
        try:
            document = read_document(path.read_bytes(), settings)
        except (MingbaiError, OSError) as error:
            failed = True
            print(json.dumps({"file": str(path), "error": str(error)}, ensure_ascii=False) if as_json else f"{path}: {error}")
            continue
        if as_json:
            print(json.dumps({"file": str(path), **json.loads(to_json(document, type(document)))}, ensure_ascii=False))
            continue
        table = Table(
            "field", "value", "confidence", "proven", title=f"{path}  {document.document_class or 'unclassified'}  {document.state}"
        )
        for field in document.fields:
            value = format_fen(field.value) if field.name.endswith("_fen") and isinstance(field.value, int) else str(field.value)
            table.add_row(field.name, value, f"{field.confidence:.2f}", "yes" if field.proven else "")
        console.print(table)
        for finding in document.findings:
            console.print(f"  {finding.severity}: {finding.message} {finding.advice}")
    raise typer.Exit(1 if failed else 0)
