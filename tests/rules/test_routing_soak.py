"""Claim after claim over several threads: answers as in plain Python, and memory that stays where it is. The long run is `make soak`."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORGETFUL = """
import sys
import durable_rules_engine
from bench.soak import routing
durable_rules_engine.delete_state = lambda *_: None
sys.argv[1:] = ["--claims", "1200", "--threads", "4"]
routing.main()
"""


def test_4000_claims_over_four_threads_are_answered_as_plain_python_does_in_flat_memory() -> None:
    call = [sys.executable, "-m", "bench.soak.routing", "--claims", "4000", "--threads", "4"]
    done = subprocess.run(call, cwd=ROOT, timeout=120, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4,000 claims over 4 threads: 0 differ from plain Python, 0 failed in the engine" in done.stdout


def test_sessions_that_stay_behind_would_be_seen_as_growth() -> None:
    done = subprocess.run([sys.executable, "-c", FORGETFUL], cwd=ROOT, timeout=120, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    growth = re.search(r"growth after the first tenth: ([\d,]+) kB", done.stdout)
    assert growth is not None
    assert int(growth[1].replace(",", "")) > 10_000
