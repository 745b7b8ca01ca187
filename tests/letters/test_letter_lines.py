"""Lines break where Chinese print breaks them: never inside a number, never before a full stop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.lines import break_lines

TEXTS = st.text(st.sampled_from("保险责任，。、；（）《》 0123456789.,%-元\nABC"), max_size=60)


def wide(character: str) -> float:
    return 0.5 if character.isascii() else 1.0


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("给付金额合计", 3, ("给付金", "额合计")),
        ("给付金额", 4, ("给付金额",)),
        ("给付金额。", 4, ("给付金", "额。")),  # the full stop takes its character along
        ("共1,234.56元", 4, ("共", "1,234.56", "元")),
        ("给付（拒赔）", 3, ("给付", "（拒", "赔）")),
        ("一\n二", 9, ("一", "二")),
        ("", 9, ("",)),
        ("12345678", 2, ("1234", "5678")),  # wider than the line, and no place to break: cut
    ],
)
def test_a_text_breaks_like_this(text: str, width: float, lines: tuple[str, ...]) -> None:
    assert break_lines(text, width, wide) == lines


@given(TEXTS, st.integers(2, 12))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = break_lines(text, width, wide)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(sum(map(wide, line)) <= width for line in lines)
