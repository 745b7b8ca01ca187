"""A reading process gives back what it freed, and one that keeps too much is replaced."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ocr.memory import give_back_memory, resident_mb
from ocr.process import ReaderPool
from ocr.settings import OcrSettings
from sandbox.photograph import Level, photograph
from sandbox.render import render
from tests.ocr.conftest import invoice

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process holds")
HOME = Path(__file__).parents[2]
BLOCK = 100_000  # bytes: below what the C library takes from the system piece by piece


@pytest.fixture(scope="module")
def page():
    return photograph(render(invoice()), Level.GOOD, 1)


def pid_after(pool, page):
    pool.inspect(page)
    process = pool._workers[0].process
    return None if process is None else process.pid


@linux
def test_what_a_process_holds_is_told_in_megabytes():
    """In a process of its own: one that has freed much takes nothing new from the system."""
    code = (
        "import os, numpy as np; from ocr.memory import resident_mb; before = resident_mb(os.getpid());"
        "filled = np.ones(64 * 1024 * 1024, dtype=np.uint8); print(resident_mb(os.getpid()) - before, filled.size)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME).stdout
    assert 60 <= int(told.split()[0]) <= 70


def test_of_a_process_that_is_not_there_nothing_is_told():
    assert resident_mb(2**30) is None


@pytest.mark.skipif(not Path("/lib/x86_64-linux-gnu/libc.so.6").exists(), reason="only glibc keeps what was freed")
def test_what_was_freed_in_the_middle_goes_back_to_the_system():
    blocks = [np.ones(BLOCK, dtype=np.uint8) for _ in range(1000)]
    give_back_memory()
    held = resident_mb(os.getpid())
    del blocks[:-1]  # the last one lies above them, and keeps the C library from giving them back by itself
    give_back_memory()
    assert resident_mb(os.getpid()) <= held - 80


@linux
def test_a_process_that_holds_more_than_it_may_is_replaced_after_its_document(page):
    with ReaderPool(OcrSettings(resident_mb=1), 1) as pool:
        assert pid_after(pool, page) is None


@linux
def test_a_process_that_holds_less_reads_on(page):
    with ReaderPool(OcrSettings(resident_mb=10_000), 1) as pool:
        assert pid_after(pool, page) == pid_after(pool, page) is not None
