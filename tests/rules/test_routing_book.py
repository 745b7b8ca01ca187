"""What a routing book may say, and how each mistake is told: file, line, column, and the way out."""

from pathlib import Path

import pytest

from domain.errors import RuleBookError
from rules.routing import load_routing
from rules.routing_conditions import All, AnyOf, Comparison, HasFinding, HasFlag, Not

SHIPPED = Path(__file__).parents[2] / "rules" / "book" / "routing.yaml"
HEAD = """\
facts:
  has_declined: {type: bool, meaning: 有责任拒付}
  policy_age_days: {type: int, meaning: 保单生效天数}
  risk_band: {type: str, values: [low, medium, high], meaning: 风险档位}
flags:
"""
FLAG = "  - {{code: {code}, message: 说明, severity: doubt, queue: review, when: {when}}}\n"


def write(path: Path, *whens: str, head: str = HEAD) -> Path:
    book = path / "routing.yaml"
    book.write_text(head + "".join(FLAG.format(code=f"a.f{index}", when=when) for index, when in enumerate(whens)), encoding="utf-8")
    return book


def test_the_shipped_book_declares_exactly_the_facts_the_adjudicator_gives() -> None:
    assert {fact.told_as for fact in load_routing(SHIPPED).facts.values()} == {
        "has_payable",
        "has_declined",
        "has_unknown",
        "nil_outcome",
        "over_straight_through_limit",
        "documents_incomplete",
        "doubt_findings",
        "risk_band",
        "audit_sample",
        "earlier_claims_this_year",
        "policy_in_force",
        "payee_is_insured",
        "policy_age_days",
        "indemnity_reduced_by_coordination",
    }


def test_the_same_bytes_have_the_same_book_hash(tmp_path: Path) -> None:
    assert load_routing(write(tmp_path, "has_declined")).book_hash == load_routing(write(tmp_path, "has_declined")).book_hash
    assert load_routing(write(tmp_path, "has_declined")).book_hash != load_routing(write(tmp_path, "policy_age_days < 1")).book_hash


def test_conditions_are_read_as_they_are_written(tmp_path: Path) -> None:
    book = write(
        tmp_path,
        "[has_declined, policy_age_days >= 30]",
        "{any: [risk_band != low, {finding: invoice.duplicate}]}",
        "{not: {all: [{flag: a.f0}, has_declined == 否]}}",
    )
    assert [flag.when for flag in load_routing(book).flags] == [
        All((Comparison("has_declined", "==", True), Comparison("policy_age_days", ">=", 30))),
        AnyOf((Comparison("risk_band", "!=", "low"), HasFinding("invoice.duplicate"))),
        Not(All((HasFlag("a.f0"), Comparison("has_declined", "==", False)))),
    ]


@pytest.mark.parametrize(
    ("when", "what", "way_out"),
    [
        ("has_declnied", "there is no fact has_declnied", "did you mean has_declined?"),
        ("policy_age_days", "is no comparison", "fact operator value"),
        ("policy_age < 3", "there is no fact policy_age", "did you mean policy_age_days"),
        ("risk_band == hgih", "risk_band can never be hgih", "one of low, medium, high"),
        ("risk_band < high", "risk_band cannot be compared by <", "use == or !="),
        ("has_declined > false", "has_declined cannot be compared by >", "use == or !="),
        ("policy_age_days < 30.5", "policy_age_days can never be 30.5", "a whole number"),
        ("policy_age_days < 99999999999", "policy_age_days can never be", "a whole number"),
        ("{none: [has_declined]}", "a condition cannot be none", "all, any, not, finding, flag"),
        ("{all: [has_declined], any: [has_declined]}", "a condition has one key", "one a line"),
        ("{any: []}", "any is no list, or an empty one", "'- '"),
        ("{finding: Duplicate}", "is no code of a finding", "invoice.duplicate"),
        ("{flag: a.f9}", "looks at a flag a.f9 that does not exist", "did you mean a.f0"),
        ("{flag: a.f0}", "in a circle: a.f0 → a.f0", "facts only"),
    ],
)
def test_a_wrong_condition_is_told_with_its_place_and_the_way_out(tmp_path: Path, when: str, what: str, way_out: str) -> None:
    with pytest.raises(RuleBookError) as caught:
        load_routing(write(tmp_path, when))
    assert what in caught.value.what
    assert way_out in caught.value.way_out
    assert "routing.yaml:6:" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("  - {code: a.b, message: 说明, severity: doubt, when: has_declined}", "severity and the queue of a.b contradict"),
        ("  - {code: a.b, message: 说明, severity: note, queue: review, when: has_declined}", "severity and the queue of a.b contradict"),
        ("  - {code: a.b, message: 说明, severity: doubt, queue: pay, when: has_declined}", "there is no queue pay"),
        ("  - {code: a.b, message: 说明, severity: bad, queue: review, when: has_declined}", "there is no severity bad"),
        ("  - {code: routing.x, message: 说明, severity: note, when: has_declined}", "routing.x cannot be the code of a flag"),
        ("  - {code: a.b, message: '{claimed_fen} 分', severity: note, when: has_declined}", "quotes {claimed_fen}, which is no fact"),
        ("  - {code: a.b, message: '{risk_band', severity: note, when: has_declined}", "braces of the message do not close"),
        ("  - {code: a.b, message: 说明, severity: note}", "a flag has no when"),
        ("  - {code: a.b, message: 说明, severity: note, wen: has_declined, when: has_declined}", "unknown key wen"),
        ("  - {code: a.b, code: a.c, message: 说明, severity: note, when: has_declined}", "code"),
        ("  - {code: a.b, message: &x 说明, severity: note, when: has_declined}", "anchors"),
        ("  - {code: a.b, message: [说明", ""),
    ],
)
def test_a_wrong_flag_is_told_with_its_place(tmp_path: Path, line: str, what: str) -> None:
    book = tmp_path / "routing.yaml"
    book.write_text(HEAD + line + "\n", encoding="utf-8")
    with pytest.raises(RuleBookError) as caught:
        load_routing(book)
    assert what in caught.value.what
    assert "routing.yaml:" in str(caught.value)
    assert caught.value.way_out


def test_a_code_that_stands_twice_names_the_first_place(tmp_path: Path) -> None:
    book = tmp_path / "routing.yaml"
    book.write_text(HEAD + 2 * FLAG.format(code="a.b", when="has_declined"), encoding="utf-8")
    with pytest.raises(RuleBookError, match=r"a\.b stands twice"):
        load_routing(book)


def test_a_text_fact_without_its_values_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleBookError, match="values of risk_band do not fit"):
        load_routing(write(tmp_path, "has_declined", head=HEAD.replace("values: [low, medium, high], ", "")))


def test_alternatives_that_explode_are_refused_before_they_are_written_out(tmp_path: Path) -> None:
    many = ", ".join(f"{{any: [policy_age_days == {index}, policy_age_days == {index + 100}]}}" for index in range(30))
    with pytest.raises(RuleBookError, match="more than 64 alternatives"):
        load_routing(write(tmp_path, f"{{all: [{many}]}}"))


def test_a_nest_of_a_thousand_levels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleBookError, match="deep"):
        load_routing(write(tmp_path, "{not: " * 1000 + "has_declined" + "}" * 1000))


def test_a_missing_file_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(RuleBookError, match="cannot be read"):
        load_routing(tmp_path / "nowhere.yaml")
