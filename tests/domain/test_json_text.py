"""JSON is read strictly: what it says twice, or cannot say, is refused."""

from decimal import Decimal

import pytest

from domain.json_text import read_json


def test_what_is_json_is_read_and_numbers_with_a_point_exactly_where_that_is_asked() -> None:
    assert read_json('{"a": [1, 0.1, null, "x"]}') == {"a": [1, 0.1, None, "x"]}
    assert read_json(b"0.10", exact=True) == Decimal("0.10")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 1}}', "'c' stands twice"),
        ("[NaN]", "NaN is no JSON number"),
        ("-Infinity", "-Infinity is no JSON number"),
        ("[" * 100_000, "nested too deeply"),
        ("{'a': 1}", "double quotes"),
        (b"\xb1\xf2", "decode"),
    ],
)
def test_what_is_no_json_is_a_value_error_that_says_why(text: str | bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        read_json(text)
