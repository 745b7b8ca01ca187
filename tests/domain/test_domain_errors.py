"""The error tree: codes are stable and unique, and the picture in the docstring is the classes themselves."""

import re
from collections.abc import Iterator

import pytest

from domain import errors
from domain.errors import InputError, MingbaiError, OverloadedError


def _tree(root: type[MingbaiError]) -> Iterator[type[MingbaiError]]:
    yield root
    for each in root.__subclasses__():
        yield from _tree(each)


OURS = [each for each in _tree(MingbaiError) if each.__module__ == errors.__name__]


def _documented() -> list[tuple[str, str, str]]:
    """Read the picture: (class, its code, its parent)."""
    found, parents = [], {}
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"    ([│├└─ ]*)([A-Z]\w+Error)\s+([a-z_.]+)", line):
            depth = len(match[1]) // 4
            parents[depth] = match[2]
            found.append((match[2], match[3], parents[depth - 1] if depth else "Exception"))
    return found


def test_the_picture_in_the_docstring_is_the_tree_of_classes() -> None:
    assert sorted(_documented()) == sorted((each.__name__, each.code, each.__bases__[0].__name__) for each in OURS)


def test_no_two_errors_have_the_same_code() -> None:
    codes = [each.code for each in OURS]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("error", OURS, ids=lambda each: each.__name__)
def test_an_error_states_its_own_code_and_does_not_inherit_it(error: type[MingbaiError]) -> None:
    assert "code" in vars(error)


def test_an_error_tells_what_happened_and_the_way_out() -> None:
    assert str(MingbaiError("no claim C1", "look it up")) == "no claim C1 | look it up"


def test_an_error_without_a_way_out_tells_what_happened_only() -> None:
    assert str(MingbaiError("no claim C1")) == "no claim C1"


def test_an_input_error_names_the_field_to_blame() -> None:
    assert InputError("bad", field="files/0").field == "files/0"


def test_an_overload_tells_when_to_come_back() -> None:
    assert OverloadedError("full", retry_after_seconds=7).retry_after_seconds == 7
