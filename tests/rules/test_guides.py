"""The pages for actuaries are played: each command is run, each answer compared; what the guides build are the books beside them."""

from pathlib import Path

import pytest

from rules.refused import REFUSALS
from rules.translate import translate_file
from tests.rules.guide import BOOK_OF, FOLDER, IN_THE_CHECKOUT, REFUSED, TERMINAL_OF, Player, play_in_the_checkout, play_refused


@pytest.mark.parametrize(("guide", "book"), BOOK_OF.items())
def test_a_guide_prints_what_its_commands_print_and_builds_the_book_beside_it(guide: str, book: str, tmp_path: Path) -> None:
    page, player = (FOLDER / guide).read_text(), Player(tmp_path, terminal=TERMINAL_OF[guide])
    assert player.play(page).splitlines() == page.splitlines(), "run: python -m tests.rules.guide"
    assert player.book() == (FOLDER / book).read_text()


@pytest.mark.parametrize("page", IN_THE_CHECKOUT, ids=lambda page: page.name)
def test_a_page_prints_what_its_commands_print(page: Path, tmp_path: Path) -> None:
    assert play_in_the_checkout(page, tmp_path).splitlines() == page.read_text().splitlines(), "run: python -m tests.rules.guide"


def test_the_english_book_is_the_chinese_one_translated() -> None:
    assert translate_file(FOLDER / "first-plan.yaml") == (FOLDER / "first-plan-en.yaml").read_text()
    assert translate_file(FOLDER / "first-plan-en.yaml") == (FOLDER / "first-plan.yaml").read_text()


def test_every_refusal_is_provoked_and_answers_as_the_page_says(tmp_path: Path) -> None:
    page = REFUSED.read_text()
    assert play_refused(tmp_path).splitlines() == page.splitlines(), "run: python -m tests.rules.guide"
    assert [each.what for each in REFUSALS if f"{each.what}  |  {each.way_out}" not in page] == []


def test_an_answer_that_is_not_the_commands_would_be_noticed(tmp_path: Path) -> None:
    page = "```yaml\n要素: {}\n```\n```console\n$ python app.py rules check first-plan.yaml\nfirst-plan.yaml  ok\n```\n"
    assert "the book has no 规则, 责任, 方案" in Player(tmp_path).play(page)
