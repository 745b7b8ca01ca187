"""The doctor: examines what Mingbai needs on this machine, says how to mend what is missing, changes nothing.

python app.py doctor            once the .venv is there
python3 -m setup.doctor         before; any Python 3.11 or later will do
"""

import argparse
import json
import sys
from dataclasses import asdict

from setup import checks
from setup.checks import Check

NAMED_AT_MOST = 6
MARKS = {"ok": "ok", "missing": "MISSING", "optional": "optional"}


def examine() -> list[Check]:
    """Examine everything; the order is the one in which to mend."""
    return [
        checks.check_python(),
        *checks.check_operating_system(),
        checks.check_venv(),
        *checks.check_distributions(),
        checks.check_config(checks.ROOT / "config.yaml"),
        checks.check_writable(checks.ROOT / "var"),
        checks.check_disk(checks.ROOT),
        checks.check_port(checks.DEFAULT_PORT),
        checks.check_letter_font(checks.read_text(checks.ROOT / "config.yaml")),
        *checks.check_postgres(checks.read_text(checks.ROOT / "config.yaml")),
    ]


def main(argv: list[str] | None = None) -> int:
    """Print the table, or JSON with --json; 1 when something is missing that the system needs."""
    parser = argparse.ArgumentParser(prog="doctor", description="Say what this machine lacks, and the command that mends it.")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    as_json = parser.parse_args(argv).json
    found = examine()
    missing = [check for check in found if check.state == "missing"]
    if as_json:
        print(json.dumps({"ok": not missing, "checks": [asdict(check) for check in found]}, ensure_ascii=False, indent=2))
    else:
        print(render(found))
    return 1 if missing else 0


def render(found: list[Check]) -> str:
    """The checks as a table, the Python packages in one line as long as they are all right."""
    rows = _fold_distributions(found)
    width = max(len(check.what) for check in rows)
    lines = [f"{check.what:<{width}}  {MARKS[check.state]:<8}  {check.found}{_tell_mend(check, width)}".rstrip() for check in rows]
    missing = sum(check.state == "missing" for check in rows)
    return "\n".join([*lines, "", f"{missing} missing; make setup brings what it may." if missing else "All is there."])


def _tell_mend(check: Check, width: int) -> str:
    return f"\n{'':<{width}}  mend by:  {check.mend}" if check.mend else ""


def _fold_distributions(found: list[Check]) -> list[Check]:
    names = set(checks.read_pins(checks.read_text(checks.REQUIREMENTS)))
    pinned = [check for check in found if check.what in names]
    wrong = [check for check in pinned if check.state != "ok"]
    if not pinned:
        return found
    if wrong:
        named = ", ".join(check.what for check in wrong[:NAMED_AT_MOST]) + (", …" if len(wrong) > NAMED_AT_MOST else "")
        folded = Check("Python packages", "missing", f"{len(wrong)} of {len(pinned)} are not as pinned: {named}", "make setup")
    else:
        folded = Check("Python packages", "ok", f"all {len(pinned)} at their pinned versions")
    at = found.index(pinned[0])
    return [*found[:at], folded, *(check for check in found[at:] if check.what not in names)]


if __name__ == "__main__":
    sys.exit(main())
