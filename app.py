"""Mingbai 明白: the one entry. Reads config.yaml, plugs the rooms together, and is the command line.

python app.py demo         a dozen claims, from photographs to payouts, and then the web queue
python app.py serve        the API and the workbench, with workers in a process beside them
python app.py worker       workers alone, beside a server on the same database
python app.py doctor       what this machine lacks, and the command that mends it
python app.py rules …      check, test and try rule books
python app.py ocr read …   read documents
python app.py risk score   score the facts of a claim
python app.py claim show   everything about one claim
python app.py ledger …     prove the books; hold them against the bank's statement
python app.py backup       one file of everything, while it runs; restore brings it back
python app.py retention …   erase who claims were about, once no law keeps them
python app.py staff add    somebody who may log in to the workbench
python app.py channel …    systems that call the API: their secrets, made, rotated, ended
python app.py webhook …    where channels are told that a claim went on
python app.py keys …       the keys of encrypted fields: made, and changed while everything runs
python app.py data import  customers, policies, hospitals and agents

The commands stand in commands/, one file a group; commands/plant.py plugs the rooms together.
"""

import sys

from setup import doctor


def main() -> None:
    """Run the command line; a known failure, and a file that cannot be opened, print what happened and the way out, and exit with 2.

    Everything is imported here and not above: the processes that read documents are started from this file,
    and need none of it.
    """
    try:
        from commands.language import language
        from commands.line import command_line
        from commands.options import warnings
        from commands.targets import told_of
        from domain.errors import MingbaiError
        from rules.phrases import error_phrase
        from rules.telling import tell
    except ModuleNotFoundError as missing:
        if sys.argv[1:2] == ["doctor"]:
            sys.exit(doctor.main(sys.argv[2:]))
        sys.exit(f"{missing.name} is not installed here | run: make setup, then .venv/bin/python app.py (or: python3 app.py doctor)")
    try:
        command_line(sys.argv[1:])()
    except (MingbaiError, OSError) as failure:
        error = told_of(failure) if isinstance(failure, OSError) else failure
        warnings.print(f"[red]{error.code}[/]: ", end="")
        warnings.print(tell(error_phrase(error), language()), markup=False, highlight=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
