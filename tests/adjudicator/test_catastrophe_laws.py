"""Laws of catastrophe mode for all claims and all events: less is asked for, never more; no limit is higher than the system's."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from adjudicator.completeness import find_gaps
from domain.catastrophe import Area, CatastropheEvent, Relaxation, find_owner
from domain.claim import LossCause, Payee
from domain.document import Document, DocumentClass
from domain.states import DocumentState
from storage.documents import DocumentRecord

FIRST = date(2025, 8, 10)
classes = st.frozensets(st.sampled_from(DocumentClass))
causes = st.sampled_from([None, *LossCause])
amounts = st.none() | st.integers(0, 10**9)
events = st.builds(
    CatastropheEvent,
    st.sampled_from(["one", "two"]),
    st.just("示例"),
    st.builds(Area, st.lists(st.sampled_from(["99", "9901", "51"]), max_size=2).map(tuple), st.sampled_from([(), ("H1",)])),
    st.just(FIRST),
    st.integers(0, 5).map(lambda days: FIRST + timedelta(days=days)),
    st.lists(st.sampled_from(LossCause), min_size=1, max_size=2, unique=True).map(tuple),
    st.just(()),
    st.builds(Relaxation, classes.map(tuple), classes.map(tuple), st.integers(0, 10**9)),
    amounts,
)


@st.composite
def papers(draw: st.DrawFn) -> list[DocumentRecord]:
    states = st.sampled_from([DocumentState.EXTRACTED, DocumentState.RETAKE_ASKED, DocumentState.CHECKED])
    kinds = draw(st.lists(st.tuples(st.sampled_from(DocumentClass), states), max_size=6))
    return [
        DocumentRecord(
            f"D{seq}", "C1", seq, f"{seq}.jpg", "0" * 64, 1, "image/jpeg", state, kind, Document("", "image/jpeg", state, kind), 0
        )
        for seq, (kind, state) in enumerate(kinds)
    ]


@given(papers(), causes, st.sampled_from([None, Payee("示例", "1")]), classes)
def test_relaxing_papers_never_asks_for_more(
    records: list[DocumentRecord], cause: LossCause | None, payee: Payee | None, unasked: frozenset[DocumentClass]
) -> None:
    ordinary, relaxed = find_gaps(records, cause, payee), find_gaps(records, cause, payee, unasked)
    assert set(relaxed) <= set(ordinary)
    assert [each for each in relaxed if each.code == "payee.missing"] == [each for each in ordinary if each.code == "payee.missing"]
    assert not {each.about for each in relaxed if each.code == "document.missing"} & unasked


@given(events, amounts, amounts)
def test_a_larger_or_unknown_sum_is_never_asked_for_less(event: CatastropheEvent, one: int | None, other: int | None) -> None:
    small, large = sorted((one, other), key=lambda fen: (fen is None, fen or 0))
    assert event.relaxed.unasked(large) <= event.relaxed.unasked(small)


@given(events, st.integers(0, 10**9))
def test_an_events_limit_is_never_above_the_systems(event: CatastropheEvent, system_fen: int) -> None:
    assert event.limit_fen(system_fen) <= system_fen


@given(
    st.lists(events, max_size=3), st.sampled_from(["", "990104", "510100"]), st.sampled_from(["", "H1"]),
    st.none() | st.integers(-2, 8).map(lambda days: FIRST + timedelta(days=days)), causes,
)  # fmt: skip
def test_what_nobody_knows_never_makes_a_claim_one_of_an_event(
    known: list[CatastropheEvent], region: str, hospital: str, day: date | None, cause: LossCause | None
) -> None:
    owner = find_owner(known, region, hospital, day, cause)
    if owner is None:
        return
    assert not owner.speaks_against(day, cause)
    assert day is not None and owner.period_from <= day <= owner.period_to and cause in owner.perils
    assert region or hospital
