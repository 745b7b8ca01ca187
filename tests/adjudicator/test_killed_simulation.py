"""A simulation that is killed with its process: the next one goes on from the file it left, and comes to the same figures."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from adjudicator import simulating
from adjudicator.simulating import Stretch, run_simulation
from bench.simulation import make_draft
from bench.workload.history import fill
from storage.database import Database
from tests.conftest import CIPHER

ROOT = Path(__file__).parents[2]
DECISIONS, KILLED_AT = 240, 130
KILLED = f"""
import os, signal, sys
from pathlib import Path
from adjudicator import simulating
from bench.simulation import make_draft
from storage.database import Database
from tests.conftest import CIPHER

simulating._SAVE_EVERY = 20
folder = Path(sys.argv[1])

def advance(done, total):
    if done >= {KILLED_AT}:
        os.kill(os.getpid(), signal.SIGKILL)

database = Database(f"sqlite:///{{folder / 'claims.db'}}", CIPHER)
simulating.run_simulation(database, make_draft(folder, 4), simulating.Stretch(), folder / "run.json", advance)
"""


def test_a_killed_process_leaves_a_place_from_which_the_next_comes_to_the_same_figures(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "claims.db")
    database = Database(f"sqlite:///{tmp_path / 'claims.db'}", CIPHER)
    fill(database, DECISIONS)
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, timeout=120, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    draft, checkpoint, told = make_draft(tmp_path, 4), tmp_path / "run.json", list[int]()
    whole = run_simulation(database, draft, Stretch())
    assert run_simulation(database, draft, Stretch(), checkpoint, lambda counted, _: told.append(counted)) == whole
    assert KILLED_AT - 40 < told[0] < KILLED_AT + 20
    assert (whole.cases, told[-1]) == (DECISIONS, DECISIONS)
    assert not checkpoint.exists()
    database.close()


def test_a_place_is_kept_under_one_name_for_one_simulation(tmp_path: Path) -> None:
    one, four = make_draft(tmp_path, 1), make_draft(tmp_path, 4)
    names = {simulating.checkpoint_name(one, Stretch()), simulating.checkpoint_name(four, Stretch())}
    names.add(simulating.checkpoint_name(one, Stretch(until=simulating.FIRST_DAY)))
    assert len(names) == 3
    assert simulating.checkpoint_name(one, Stretch()) in names
    assert all(os.sep not in name for name in names)
