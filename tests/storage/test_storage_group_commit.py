"""Group commit: callers of one moment share a transaction, each gets its own answer, and nobody waits for company."""

import threading
from collections.abc import Sequence

import pytest
from storage_samples import at_once

from storage.group_commit import GroupCommit


def alone(wish: int) -> int:
    return -wish


def test_a_caller_without_company_is_served_at_once() -> None:
    assert GroupCommit[int, int]().do(3, lambda wishes: [10 * each for each in wishes], alone, 16) == 30


def test_those_who_come_while_one_is_written_are_written_together() -> None:
    group, sizes, first = GroupCommit[int, int](), list[int](), threading.Event()

    def together(wishes: Sequence[int]) -> list[int]:
        sizes.append(len(wishes))
        first.wait(0.3 if len(sizes) == 1 else 0)
        return [10 * each for each in wishes]

    answers: dict[int, int] = {}
    at_once(lambda number: answers.__setitem__(number, group.do(number, together, alone, 16)))
    assert answers == {number: 10 * number for number in range(8)}
    assert sizes in ([1, 7], [8]) or sum(sizes) == 8
    assert len(sizes) < 8


@pytest.mark.parametrize("most", [1, 3, 8])
def test_no_more_than_the_most_share_a_transaction_and_everybody_is_served(most: int) -> None:
    group, sizes = GroupCommit[int, int](), list[int]()

    def together(wishes: Sequence[int]) -> list[int]:
        sizes.append(len(wishes))
        threading.Event().wait(0.01)
        return [10 * each for each in wishes]

    answers: dict[int, int] = {}
    at_once(lambda number: answers.__setitem__(number, group.do(number, together, alone, most)))
    assert answers == {number: 10 * number for number in range(8)}
    assert max(sizes) <= most


def test_when_they_fail_together_each_goes_alone() -> None:
    def together(wishes: Sequence[int]) -> list[int]:
        raise ZeroDivisionError

    group, answers = GroupCommit[int, int](), dict[int, int]()
    at_once(lambda number: answers.__setitem__(number, group.do(number, together, alone, 16)))
    assert answers == {number: -number for number in range(8)}


def test_an_error_of_one_is_raised_to_that_one() -> None:
    def together(wishes: Sequence[int]) -> list[int | Exception]:
        return [ValueError(each) if each == 5 else each for each in wishes]

    group, answers = GroupCommit[int, int](), dict[int, object]()

    def ask(number: int) -> None:
        try:
            answers[number] = group.do(number, together, alone, 16)
        except ValueError as error:
            answers[number] = error.args[0]

    at_once(ask)
    assert answers == {number: number for number in range(8)}


def test_whoever_dies_while_writing_leaves_nobody_waiting() -> None:
    group, answers = GroupCommit[int, int](), dict[int, int]()

    def together(wishes: Sequence[int]) -> list[int]:
        if 0 in wishes:
            raise KeyboardInterrupt
        return [10 * each for each in wishes]

    def ask(number: int) -> None:
        try:
            answers[number] = group.do(number, together, alone, 16)
        except KeyboardInterrupt:
            answers[number] = 0

    at_once(ask)
    assert len(answers) == 8
    assert all(answer in (0, 10 * number, -number) for number, answer in answers.items())
