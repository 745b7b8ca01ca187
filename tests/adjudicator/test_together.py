"""Several claims in one transaction: each ends as it would alone, and what is wrong with one of them harms no other."""

import hashlib
import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from sqlalchemy import text

from adjudicator import judging, together, worker
from adjudicator.intake import submit
from adjudicator.paying import pay as pay_alone
from adjudicator.paying import pay_together
from adjudicator.replaying import replay_decision
from adjudicator.story import ClaimStory, tell
from adjudicator.system import System
from adjudicator.worker import work_once
from domain.claim import Payee, PersonClue, UploadedFile
from domain.document import Document
from domain.errors import ReaderError
from domain.payout import BankAnswer, PaymentOrder
from domain.policy import Person
from domain.states import ClaimState
from storage import audit, decisions, payouts, registry
from storage.database import Transaction
from storage.history import find_decided
from storage.tasks import Lease, backlog, lease_several
from tests.adjudicator.world import INSURED, STANDARD, World, id_card, invoice, notice, summary

CLAIMS = 6
TO_ORDER = ("read", "adjudicate")


def electronic(world: World, name: str, paper: Document) -> UploadedFile:
    """A file that is quick to read, as an e-invoice is."""
    content = f"<?xml version='1.0'?><read paper='{name}'/>".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    world.reader.answers[sha256] = (replace(paper, sha256=sha256, pages=(0,)),)
    return UploadedFile(f"{name}.xml", content)


def person_of(number: int) -> Person:
    return replace(INSURED, person_id=f"T{number}", id_number=f"99010119880314{number:04}", phone=f"1000000{number:04}")


def papers(world: World, number: int, person: Person, total_fen: int) -> tuple[UploadedFile, ...]:
    read = (invoice(total_fen, number=f"99{number:08}", payer_name=person.name), summary(patient_name=person.name), id_card(person))
    return tuple(electronic(world, f"{number}-{paper.document_class}", paper) for paper in read)


def submitted(world: World, numbers: range = range(CLAIMS), total_fen: int = 3_000_000) -> list[str]:
    """Send a claim of an insured of its own for each number."""
    with world.system.database.write() as tx:
        registry.save_people(tx, map(person_of, numbers))
        registry.save_policies(
            tx, [replace(STANDARD, policy_number=f"PT{n}", insured_id=f"T{n}", policyholder_id=f"T{n}") for n in numbers]
        )
    return [send(world, number, person_of(number), total_fen) for number in numbers]


def send(world: World, number: int, person: Person, total_fen: int = 3_000_000) -> str:
    told = notice(f"APP-{number}", papers(world, number, person, total_fen))
    own = {"insured": PersonClue(id_number=person.id_number), "reporter_phone": person.phone, "device_id": f"device-{number}"}
    return submit(world.system, replace(told, **own, payee=Payee(person.name, f"99000000000000{number + 1:04}1"))).claim_id


def states(world: World, claim_ids: list[str]) -> list[ClaimState]:
    return [tell(world.system, each).claim.state for each in claim_ids]


def end_leases(world: World) -> None:
    with world.system.database.write() as tx:
        tx.connection.execute(text("UPDATE task SET available_ms = 0 WHERE status = 'open'"))


def facts(story: ClaimStory) -> tuple[object, ...]:
    """What must not depend on who shared a transaction with a claim."""
    booked = [(each.debit_account, each.credit_account, each.amount_fen) for each in story.ledger]
    told = [(each.action, each.actor) for each in story.audit]
    proposed = (
        [result.amount_fen for each in story.adjudication.policies for result in each.assessment.results] if story.adjudication else []
    )
    return story.claim.state, booked, told, proposed, [(each.kind, each.met_ms is None) for each in story.clocks], story.paid_fen


def test_electronic_claims_are_ordered_to_be_paid_in_two_transactions(world: World) -> None:
    claim_ids = submitted(world)
    assert work_once(world.system, TO_ORDER)
    assert states(world, claim_ids) == [ClaimState.PAYING] * CLAIMS
    assert not work_once(world.system, TO_ORDER)


def test_each_ends_as_it_would_alone(world: World) -> None:
    shared = submitted(world, range(3))
    world.run()
    alone = world.with_limits(claims_together=1)
    single = submitted(alone, range(10, 13))
    alone.run()
    assert [facts(tell(world.system, each)) for each in shared] == [facts(tell(world.system, each)) for each in single]
    assert states(world, shared) == [ClaimState.PAID] * 3


def test_decisions_made_together_replay_equal_and_their_chains_hold(world: World) -> None:
    claim_ids = submitted(world)
    world.run()
    with world.system.database.read() as tx:
        assert [differences(world, tx, each) for each in claim_ids] == [[]] * CLAIMS
        assert [audit.find_break(tx, each) for each in claim_ids] == [None] * CLAIMS


def test_two_claims_of_one_insured_in_one_batch_share_one_deductible(world: World) -> None:
    claim_ids = [send(world, number, INSURED) for number in (1, 2)]
    work_once(world.system, TO_ORDER)
    proposed = [story.adjudication.proposed_fen for each in claim_ids if (story := tell(world.system, each)).adjudication]
    assert proposed == [1_550_000, 2_550_000]


def test_claims_of_one_insured_in_one_batch_never_exceed_a_yearly_limit(world: World) -> None:
    world = world.with_limits(straight_through_fen=10**12)
    claim_ids = [send(world, number, INSURED, 90_000_000) for number in range(3)]
    work_once(world.system, TO_ORDER)
    with world.system.database.read() as tx:
        assert [differences(world, tx, each) for each in claim_ids] == [[]] * 3
        used = next(amount for key, amount in decisions.accumulators_of(tx, "PL1").items() if key.name.endswith("年限额"))
    assert used == sum(used_by(world, each) for each in claim_ids) == 200_000_000  # to the fen, and no further


def differences(world: World, tx: Transaction, claim_id: str) -> list[str]:
    decided = find_decided(tx, claim_id)
    assert decided is not None
    return replay_decision(tx, world.system.books, decided)


def used_by(world: World, claim_id: str) -> Fraction:
    with world.system.database.read() as tx:
        rows = tx.connection.execute(text("SELECT name, used FROM accumulator_use WHERE claim_id = :id"), {"id": claim_id})
        return sum((Fraction(used) for name, used in rows if name.endswith("年限额")), Fraction(0))


@pytest.mark.parametrize("stage", ["read", "adjudicate"])
def test_a_poisoned_claim_ends_with_a_person_and_those_beside_it_are_paid(
    world: World, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    world = world.with_limits(max_attempts=2)
    claim_ids = submitted(world)
    poisoned = claim_ids[2]
    if stage == "read":
        world.reader.answers |= dict.fromkeys(sha256s(world, poisoned), ReaderError("no engine", "install one"))
    else:
        poison_judging(monkeypatch, poisoned)
    world.run()
    assert states(world, [each for each in claim_ids if each != poisoned]) == [ClaimState.PAID] * (CLAIMS - 1)
    end_leases(world)
    world.run()
    story = tell(world.system, poisoned)
    assert story.claim.state is ClaimState.IN_REVIEW
    assert [each.detail_json for each in story.audit if each.action == "task.dead"] == ['{"attempts":2,"stage":"' + stage + '"}']


def sha256s(world: World, claim_id: str) -> list[str]:
    with world.system.database.read() as tx:
        return list(tx.connection.execute(text("SELECT sha256 FROM document WHERE claim_id = :id"), {"id": claim_id}).scalars())


def poison_judging(monkeypatch: pytest.MonkeyPatch, poisoned: str) -> None:
    usual = judging.conclude

    def conclude(system: object, tx: object, claim: object, *rest: object) -> object:
        if claim.claim_id == poisoned:  # type: ignore[attr-defined]
            raise ZeroDivisionError
        return usual(system, tx, claim, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "conclude", conclude)
    monkeypatch.setattr(together, "conclude", conclude)


def test_a_row_that_the_database_refuses_at_the_end_stops_its_claim_alone(world: World) -> None:
    claim_ids = submitted(world)
    with world.system.database.write() as tx:  # the event of its decision is booked already: the second booking is refused
        tx.connection.execute(
            text(
                "INSERT INTO ledger_entry (claim_id, policy_number, debit_account, credit_account, amount_fen, event, booked_ms)"
                " VALUES (:id, 'PT1', 'claims_expense', 'claims_payable', 1, :event, 0)"
            ),
            {"id": claim_ids[1], "event": f"decision {claim_ids[1]}/1"},
        )
    world.run()
    assert states(world, [each for each in claim_ids if each != claim_ids[1]]) == [ClaimState.PAID] * (CLAIMS - 1)
    assert tell(world.system, claim_ids[1]).decision is None


def test_a_lease_that_was_lost_in_mid_batch_loses_its_claim_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    claim_ids = submitted(world)
    lost, usual = claim_ids[3], together.read_one

    def read_one(system: object, record: object, in_rows: object) -> object:
        if record.claim_id == lost:  # type: ignore[attr-defined]
            with world.system.database.write() as tx:
                tx.connection.execute(text("UPDATE task SET lease_token = 'another', attempt = 2 WHERE claim_id = :id"), {"id": lost})
        return usual(system, record, in_rows)  # type: ignore[arg-type]

    monkeypatch.setattr(together, "read_one", read_one)
    work_once(world.system, TO_ORDER)
    assert states(world, [each for each in claim_ids if each != lost]) == [ClaimState.PAYING] * (CLAIMS - 1)
    story = tell(world.system, lost)
    assert (story.claim.state, [each.action for each in story.audit]) == (ClaimState.SUBMITTED, ["claim.received"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the worker is forked, which this system cannot")
def test_a_worker_that_is_killed_in_mid_batch_has_written_nothing_and_each_claim_is_taken_up_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_ids = submitted(world)
    usual = together.conclude
    world.system.database.engine.dispose()  # no connection is shared with the child
    child = os.fork()
    if child == 0:
        together.conclude = lambda *given: os.kill(os.getpid(), signal.SIGKILL) if given[2].claim_id == claim_ids[4] else usual(*given)
        work_once(world.system, TO_ORDER)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert states(world, claim_ids) == [ClaimState.SUBMITTED] * CLAIMS
    end_leases(world)
    batches: list[str] = []

    def work_together(system: System, leases: Sequence[Lease]) -> None:
        batches.append(leases[0].stage)
        together.work_together(system, leases)

    monkeypatch.setattr(worker, "work_together", work_together)
    world.run()
    assert "read" not in batches  # what killed a worker once kills nobody else's claim with it again
    assert states(world, claim_ids) == [ClaimState.PAID] * CLAIMS
    assert len(world.bank.booked) == CLAIMS
    with world.system.database.read() as tx:
        assert backlog(tx).open == 0


def ordered(world: World, numbers: range = range(CLAIMS)) -> list[str]:
    """Claims whose payment is ordered, and not sent."""
    claim_ids = submitted(world, numbers)
    work_once(world.system, TO_ORDER)
    return claim_ids


def calls(world: World) -> list[str]:
    return [each.split()[0] for each in world.bank.calls]


def test_several_payments_are_sent_and_booked_by_one_round_of_work(world: World) -> None:
    claim_ids = ordered(world)
    assert work_once(world.system, ("pay",))
    assert states(world, claim_ids) == [ClaimState.PAID] * CLAIMS
    assert calls(world) == ["pay"] * CLAIMS
    assert {tell(world.system, each).paid_fen for each in claim_ids} == {1_550_000}


@pytest.mark.parametrize("mishap", ["lost before", "lost after"])
def test_a_lost_answer_among_several_payments_is_asked_about_and_harms_no_other(world: World, mishap: str) -> None:
    claim_ids = ordered(world)
    world.bank.mishaps.extend(["", "", mishap])
    work_once(world.system, ("pay",))
    assert sorted(states(world, claim_ids)) == [ClaimState.PAID] * (CLAIMS - 1) + [ClaimState.PAYING]
    end_leases(world)
    world.run()
    assert states(world, claim_ids) == [ClaimState.PAID] * CLAIMS
    assert (len(world.bank.booked), calls(world).count("query")) == (CLAIMS, 1)


def test_a_refused_account_among_several_payments_goes_back_to_people_alone(world: World) -> None:
    claim_ids = ordered(world)
    world.bank.mishaps.extend(["", "reject"])
    work_once(world.system, ("pay",))
    assert sorted(states(world, claim_ids)) == [ClaimState.DECIDED] + [ClaimState.PAID] * (CLAIMS - 1)


def test_what_cannot_be_booked_together_is_asked_about_and_booked_alone(world: World) -> None:
    claim_ids = ordered(world)
    with world.system.database.write() as tx:  # the bank's number of one payment stands on another claim's order
        taken = f"BANK-{payouts.payouts_of(tx, claim_ids[1])[0].idempotency_key[:8]}"
        tx.connection.execute(text("UPDATE payout SET bank_reference = :taken WHERE claim_id = :id"), {"taken": taken, "id": claim_ids[5]})
    work_once(world.system, ("pay",))
    assert ClaimState.PAID not in states(world, [claim_ids[1]])
    assert states(world, [each for each in claim_ids if each != claim_ids[1]]) == [ClaimState.PAID] * (CLAIMS - 1)
    assert (len(world.bank.booked), calls(world).count("query")) == (CLAIMS, CLAIMS)


def test_a_bank_that_is_not_idempotent_gets_its_orders_one_by_one(world: World) -> None:
    world.bank.is_idempotent = False
    claim_ids = ordered(world)
    sends: list[list[int]] = []

    def pay(order: PaymentOrder) -> BankAnswer:
        with world.system.database.read() as tx:
            sends.append(sorted(payouts.payouts_of(tx, each)[0].sends for each in claim_ids))
        return usual(order)

    usual = world.bank.pay
    world.bank.pay = pay  # type: ignore[method-assign]
    work_once(world.system, ("pay",))
    assert sends == [[0] * (CLAIMS - 1 - place) + [1] * (place + 1) for place in range(CLAIMS)]  # none is called sent that was not
    assert states(world, claim_ids) == [ClaimState.PAID] * CLAIMS


def test_orders_that_a_slow_bank_leaves_no_time_for_go_on_alone_and_are_paid_once(world: World) -> None:
    world = world.with_limits(lease_ms=0)
    claim_ids = ordered(world)
    with world.system.database.write() as tx:
        leases = lease_several(tx, ("pay",), 30_000, CLAIMS, frozenset({"pay"}))
    left = pay_together(world.system, leases)
    assert len(left) >= CLAIMS - 1
    assert not any(error for _, error in left)
    for lease, _ in left:
        pay_alone(world.system, lease)
    assert states(world, claim_ids) == [ClaimState.PAID] * CLAIMS
    assert len(world.bank.booked) == CLAIMS


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the worker is forked, which this system cannot")
def test_a_worker_that_is_killed_between_the_bank_and_the_books_is_followed_by_one_that_asks(world: World) -> None:
    claim_ids = ordered(world)
    world.system.database.engine.dispose()  # no connection is shared with the child
    child = os.fork()
    if child == 0:
        seen: list[str] = []
        usual = world.bank.pay
        world.bank.pay = lambda order: os.kill(os.getpid(), signal.SIGKILL) if len(seen) == 3 else (seen.append("") or usual(order))  # type: ignore[method-assign,assignment,func-returns-value,return-value]
        work_once(world.system, ("pay",))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert states(world, claim_ids) == [ClaimState.PAYING] * CLAIMS
    end_leases(world)
    world.run()
    assert states(world, claim_ids) == [ClaimState.PAID] * CLAIMS
    assert (
        calls(world) == ["query", "pay"] * CLAIMS
    )  # the calls of the dead went with it: every order is asked about, and none sent blindly
