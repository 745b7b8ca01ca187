"""The path of a claim, on one page: each stage takes a leased task, does its work and opens the next.

    read        documents are read; what is missing is asked for, once          adjudicator/reading.py
    adjudicate  elements, rules, lines, risk, route; a clean claim is decided   adjudicator/judging.py
    verdict     what a person decided takes effect, its minute being over       adjudicator/undoing.py
    pay         the order goes to the bank, the ledger follows                  adjudicator/paying.py

The claim's state in the database is the truth. A stage does its slow work outside a transaction and
commits its result, the closing of its task and the opening of the next together.
"""

from collections.abc import Callable

from adjudicator.judging import judge
from adjudicator.paying import pay
from adjudicator.reading import read
from adjudicator.system import System
from adjudicator.undoing import STAGE as VERDICT
from adjudicator.undoing import carry_out
from storage.tasks import Lease

STAGES: dict[str, Callable[[System, Lease], None]] = {"read": read, "adjudicate": judge, VERDICT: carry_out, "pay": pay}
TOGETHER = frozenset(STAGES) - {
    VERDICT
}  # those that several claims may share transactions of: see adjudicator/together.py and adjudicator/paying.py
