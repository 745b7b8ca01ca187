"""Conformance: the public FEEL cases (DMN TCK) that an insurance rule language needs, but for the deliberate differences."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from rules.evaluate import answer_line
from rules.feel_json import decode
from rules.unknown import Value

CASES = Path(__file__).parents[3] / "shared/data/tck/feel-core-cases.jsonl"
DIFFERENCES = Path(__file__).with_name("feel_differences.yaml")


def _differences() -> dict[str, str]:
    groups = YAML(typ="safe").load(DIFFERENCES.read_text())
    return {case: group["because"] for group in groups.values() for case in group["cases"]}


def _cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CASES.read_text().splitlines()] if CASES.exists() else []


def _agrees(case: dict[str, Any]) -> bool:
    request = {"expression": case["expr"], "context": case["context"], "types": case["input_types"]}
    answer = answer_line(json.dumps(request))
    if case["profile"] == "core-error":  # a rejection, or an unknown with its cause
        return "error" in answer or (answer["value"] is None and bool(answer["causes"]))
    return "value" in answer and _is_same(case["expected"], answer["value"])


def _is_same(expected: object, answered: object) -> bool:
    if expected is None or answered is None:
        return expected is answered
    wanted, got = decode(expected, "expected"), decode(answered, "answered")
    return wanted == got or (isinstance(expected, dict) and _is_same_to_its_digits(wanted, got, str(expected.get("$n"))))


def _is_same_to_its_digits(wanted: Value, got: Value, written: str) -> bool:
    if not isinstance(wanted, Fraction) or not isinstance(got, Fraction):
        return False
    return round(got, len(written.partition(".")[2])) == wanted


@pytest.mark.skipif(not CASES.exists(), reason=f"the public FEEL cases are not at {CASES}")
@pytest.mark.parametrize("profile", ["core", "core-error"])
def test_every_public_case_is_answered_as_feel_has_it_but_for_the_listed_differences(profile: str) -> None:
    cases = [case for case in _cases() if case["profile"] == profile]
    assert cases
    differing = {case["id"] for case in cases if not _agrees(case)}
    assert differing == {case["id"] for case in cases} & set(_differences())


@pytest.mark.skipif(not CASES.exists(), reason=f"the public FEEL cases are not at {CASES}")
def test_every_listed_difference_is_a_public_case() -> None:
    assert set(_differences()) <= {case["id"] for case in _cases()}


def test_every_difference_tells_its_reason_to_the_reader() -> None:
    page = Path("docs/rules/refused.md").read_text()
    for case, reason in _differences().items():
        assert case in page
        assert reason in page
