"""A renewal premium collected by the sandbox bank over HTTP (代扣), whatever it does at first; and one that it refuses."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from adjudicator.bank import HttpBank
from adjudicator.chores import do_chores
from domain.china import DAY_MS
from domain.contract import EntryKind, PolicyState
from domain.servicing import TransactionState
from sandbox.bank import SandboxBank
from sandbox.misbehaviour import WELL_BEHAVED, Misbehaviour
from tests.adjudicator.servicing_world import ACCOUNT, Servicing, begin, endowment
from tests.adjudicator.world import World

IN_GRACE = date(2026, 4, 29)


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[SandboxBank]:
    opened = SandboxBank(tmp_path / "bank.db")
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def desk(world: World, bank: SandboxBank) -> Iterator[Servicing]:
    over_http, made = HttpBank(bank.url), begin(world, IN_GRACE)
    made.system = replace(made.system, bank=over_http, collector=over_http)
    yield made
    over_http.close()


@pytest.mark.parametrize("mishap", [{}, {"error_before_booking": 1.0}, {"drop_after_booking": 1.0}, {"book_late": 1.0}, {"pending": 1.0}],
                         ids=lambda each: next(iter(each), "a good day"))  # fmt: skip
def test_a_premium_is_taken_once_and_pays_its_due_day(desk: Servicing, bank: SandboxBank, mishap: dict[str, float]) -> None:
    number = endowment(desk, years=6)
    bank.misbehaviour = Misbehaviour(**mishap)  # type: ignore[arg-type]  # probabilities
    asked = desk.do(number, "renewal-premium", account=ACCOUNT)
    bank.misbehaviour, ahead = WELL_BEHAVED, desk.system.database._ahead_ms()
    for days in (1, 2):  # it is asked for again, hours apart
        desk.system.database._ahead_ms = lambda days=days: ahead + days * DAY_MS  # type: ignore[misc]
        do_chores(desk.system)
    assert desk.find(asked.transaction_id).state is TransactionState.DONE
    assert [each.transfer.amount_fen for each in bank.booked()] == [700_000]
    (*_, paid) = desk.entries(number)
    assert (paid.kind, paid.amount_fen, paid.value_date) == (EntryKind.PREMIUM, 700_000, IN_GRACE)  # signed within the days of grace
    assert desk.standing(number).state is PolicyState.IN_FORCE


def test_a_debit_that_the_bank_refuses_has_moved_nothing(desk: Servicing, bank: SandboxBank) -> None:
    number = endowment(desk, years=6)
    before = desk.entries(number)
    refused = desk.do(number, "renewal-premium", account="9900123412300000")
    assert refused.state is TransactionState.REFUSED and refused.reason
    assert desk.entries(number) == before and bank.booked() == ()
    assert desk.standing(number).state is PolicyState.IN_GRACE
