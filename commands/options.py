"""What every command shares: where this checkout is, the terminal, and the options of the same name."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

HOME = Path(__file__).resolve().parents[1]


DEFAULT_CONFIG = HOME / "config.yaml"


console = Console(highlight=False)


warnings = Console(stderr=True)


ConfigOption = Annotated[Path, typer.Option("--config", help="Settings file.")]


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
