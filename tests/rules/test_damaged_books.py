"""However a rule file is damaged, the checker answers with messages; it never crashes and never hangs."""

import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.inline_tests import run_tests
from rules.loader import check_file, load_book

SHIPPED = Path("rules/book/zhifu-direct.yaml").read_text()
PIECES = [*"[]{},:-()+/<\"'#&*|", ">=", "..", "是", "否", "无", "任意", "且", "非", "属于", "1万元", "30天", "60%", "100元/天", "K35.8"]


@settings(deadline=None, max_examples=60)
@given(cuts=st.lists(st.tuples(st.integers(0, len(SHIPPED) - 1), st.integers(0, 12), st.sampled_from(PIECES)), min_size=1, max_size=3))
def test_a_damaged_book_gets_messages(write: Callable[[str], Path], cuts: list[tuple[int, int, str]]) -> None:
    text = SHIPPED
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]
    path = write(text)
    start = time.monotonic()
    found = check_file(path)
    assert time.monotonic() - start < 5
    assert all(each.what and each.way_out and each.line >= 1 and each.column >= 1 for each in found)
    if not found:
        assert run_tests(load_book(path))
