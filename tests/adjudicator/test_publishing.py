"""A book is in force by the signatures of two people, from its day on; until then a draft changes nothing, and the past stays as it was."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from adjudicator.intake import submit
from adjudicator.published import PublishedBooks, missing_book
from adjudicator.publishing import PUBLISHERS, Candidate, approve, candidate_of, find_version, kept_candidate, propose, ship, versions
from adjudicator.replaying import replay_decision
from adjudicator.simulating import FIRST_DAY, LAST_DAY
from adjudicator.story import tell
from adjudicator.worker import drain
from api.permissions import Action, Role, may
from domain.errors import ConflictError, InputError, NotAllowedError, NotFoundError, RuleBookError
from domain.states import ClaimState
from rules.loader import open_book
from rules.medical_base import MedicalBase, open_medical_base, shipped_base
from storage import claims, publications, registry, simulations
from storage.access import Staff
from storage.database import Database
from storage.history import DecidedClaim, find_decided
from storage.publications import BookAct
from storage.simulations import RunState
from tests.adjudicator.world import CASH, HOME, STANDARD, World, id_card, invoice, notice, summary

ANXIN = HOME / "rules/book/anxin-inpatient.yaml"
LIN, GAO = Staff("lin", "林", "actuary", 0), Staff("gao", "高", "actuary", 0)
TODAY = date(2025, 8, 10)
OLD_PAYS, NEW_PAYS = 1_500_000 + 5 * 10_000, 1_500_000 + 5 * 12_000  # five days of allowance at 100 and at 120 元

MORE = (("日津贴额: 100元/天", "日津贴额: 120元/天"), ("津贴: 900.00", "津贴: 1080.00"), ("津贴: 18000.00", "津贴: 21600.00"))
BY_NAME = (("除外病种: [F00-F99, ", "除外病种: [精神行为障碍, "),)


def _draft(*edits: tuple[str, str], base: MedicalBase | None = None) -> Candidate:
    text = ANXIN.read_text()
    for right, wrong in edits:
        assert right in text, right
        text = text.replace(right, wrong)
    return candidate_of("anxin-inpatient", text.encode(), base or shipped_base())


def _base_with(right: str, wrong: str) -> MedicalBase:
    """The shipped base with one line changed."""
    content = shipped_base().content.decode()
    assert right in content
    return open_medical_base(content.replace(right, wrong).encode())


def _publish(world: World, candidate: Candidate, effective: date, today: date = TODAY) -> BookAct:
    proposal = propose(world.system.database, candidate, effective, LIN, today)
    return approve(world.system.database, world.system.books, proposal.book_sha256, GAO, today)


def _claimed(world: World, ref: str = "APP-1", number: str = "9900000001", diagnosis: str = "K35.8") -> str:
    """A claim of a loss on 15 August 2025: eight days in hospital, 30,000 元, of which social insurance paid 5,000."""
    papers = (invoice(number=number), summary(diagnosis_icd10=diagnosis), id_card())
    receipt = submit(world.system, notice(ref, world.files(*papers, tag=ref)))
    world.run()
    return receipt.claim_id


def _decided(world: World, ref: str = "APP-1", number: str = "9900000001", diagnosis: str = "K35.8") -> DecidedClaim:
    claim_id = _claimed(world, ref, number, diagnosis)
    with world.system.database.read() as tx:
        found = find_decided(tx, claim_id)
    assert found is not None
    return found


def _again(world: World, claim: DecidedClaim) -> list[str]:
    with world.system.database.read() as tx:
        return replay_decision(tx, PublishedBooks(), claim)


@pytest.mark.parametrize(("effective", "pays_fen"), [(date(2025, 8, 15), NEW_PAYS), (date(2025, 8, 16), OLD_PAYS)])
def test_a_loss_on_the_day_is_decided_by_the_new_book_and_one_on_the_day_before_by_the_old(
    world: World, effective: date, pays_fen: int
) -> None:
    _publish(world, _draft(*MORE), effective)
    assert _decided(world).amount_fen == pays_fen


def test_a_draft_on_the_disk_changes_nothing_until_two_people_published_it(world: World, tmp_path: Path) -> None:
    path = tmp_path / ANXIN.name
    path.write_bytes(_draft(*MORE).content)
    assert ship(world.system.database, [path], shipped_base()) == ()  # a start with the edited folder
    before = _decided(world)
    proposal = propose(world.system.database, _draft(*MORE), date(2025, 8, 15), LIN, TODAY)
    proposed = _decided(world, "APP-2", "9900000002")
    approve(world.system.database, PublishedBooks(), proposal.book_sha256, GAO, TODAY)
    after = _decided(world, "APP-3", "9900000003")  # by the very system that decided the others: nothing was started anew
    # the deductible of 10,000 元 is gone after the first
    assert [each.amount_fen for each in (before, proposed, after)] == [OLD_PAYS, OLD_PAYS + 1_000_000, NEW_PAYS + 1_000_000]
    assert before.policies[0].book_hash == sha256(ANXIN.read_bytes()).hexdigest()
    assert after.policies[0].book_hash == proposal.book_sha256
    assert [_again(world, each) for each in (before, proposed, after)] == [[], [], []]


def test_all_policies_of_a_claim_get_their_books_from_one_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.system.database.write() as tx:
        registry.save_policies(tx, [CASH, replace(STANDARD, policy_number="PL9")])
    looks = []
    look = publications.in_force
    monkeypatch.setattr(publications, "in_force", lambda *asked: looks.append(asked[1]) or look(*asked))
    assert len(_decided(world).policies) == 3
    assert looks == [{"anxin-inpatient", "ankang-cash"}]


def test_a_claim_without_a_book_on_its_day_goes_to_a_person_who_reads_why(world: World) -> None:
    with world.system.database.write() as tx:
        registry.save_policies(tx, [replace(STANDARD, product="jiankang")])
    receipt = submit(world.with_limits(max_attempts=1).system, notice("APP-1", world.files(invoice(), summary(), id_card())))
    drain(world.with_limits(max_attempts=1).system)
    _publish(world, replace(_draft(), book=replace(_draft().book, product="jiankang")), date(2025, 8, 16))
    with world.system.database.read() as tx:
        claim = claims.get_claim(tx, receipt.claim_id)
        dead = tx.connection.exec_driver_sql("SELECT last_error FROM task WHERE status = 'dead'").scalar_one()
        later = missing_book(tx, "jiankang", "PL1", date(2025, 8, 15))
    assert claim.state is ClaimState.IN_REVIEW
    assert "policy PL1 has no rule book of 'jiankang' on 2025-08-15: none was ever published" in dead
    assert "its first is in force from 2025-08-16" in later.what


def test_a_changed_entry_of_the_medical_base_changes_no_replay(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _publish(world, _draft(*BY_NAME), date(2025, 8, 15))
    claim = _decided(world, diagnosis="J18.9")
    changed = _base_with("精神行为障碍:   [F00-F99]", "精神行为障碍:   [F00-F99, J18]")
    monkeypatch.setattr("rules.reading.shipped_base", lambda: changed)
    monkeypatch.setattr("rules.loader.shipped_base", lambda: changed)
    assert claim.policies[0].base_hash == shipped_base().sha256
    assert _again(world, claim) == []
    # the same book on the changed base answers otherwise: it is the kept base that makes the replay equal
    (policy,) = claim.policies
    book = open_book("anxin-inpatient", _draft(*BY_NAME).content, changed)
    with world.system.database.read() as tx:
        found = replay_decision(tx, PublishedBooks(), _without_base(claim), {policy.book_hash: book})
    assert any("outcome" in each for each in found)


def test_a_changed_medical_base_decides_once_it_is_published_with_the_book(world: World) -> None:
    _publish(world, _draft(*BY_NAME), date(2025, 8, 15))
    before = _decided(world, diagnosis="J18.9")
    changed = _base_with("精神行为障碍:   [F00-F99]", "精神行为障碍:   [F00-F99, J18]")
    _publish(world, candidate_of("anxin-inpatient", _draft(*BY_NAME).content, changed), date(2025, 8, 15))
    story = tell(world.system, _claimed(world, "APP-2", "9900000002", "J18.9"))
    assert story.claim.state is ClaimState.IN_REVIEW
    assert any("属于除外" in reason for reason in story.reasons)
    assert _again(world, before) == []


def test_a_decision_of_before_bases_were_stored_replays_with_the_base_its_book_was_first_kept_with(world: World) -> None:
    claim = _decided(world)
    assert _again(world, _without_base(claim)) == []


def test_a_decision_by_a_book_that_was_never_kept_replays_with_the_file_that_somebody_brings(world: World) -> None:
    claim = _without_base(_decided(world))
    (policy,) = claim.policies
    lost = replace(claim, policies=(replace(policy, book_hash="ab" * 32),))
    with pytest.raises(NotFoundError, match=r"anxin-inpatient abab.* was never published"):
        _again(world, lost)
    brought = open_book("anxin-inpatient", ANXIN.read_bytes(), shipped_base())
    with world.system.database.read() as tx:
        found = replay_decision(tx, PublishedBooks(), lost, {"ab" * 32: replace(brought, sha256=policy.book_hash)})
    assert found == []


def _without_base(claim: DecidedClaim) -> DecidedClaim:
    return replace(claim, policies=tuple(replace(each, base_hash="") for each in claim.policies))


def test_an_earlier_book_comes_back_by_its_hash_and_the_history_tells_it(world: World) -> None:
    first = sha256(ANXIN.read_bytes()).hexdigest()
    _publish(world, _draft(*MORE), date(2025, 8, 12))
    with world.system.database.read() as tx:
        back = kept_candidate(tx, world.system.books, find_version(tx, first[:8]))
    _publish(world, back, date(2025, 8, 14))
    claim = _decided(world)
    with world.system.database.read() as tx:
        told = [
            (each.act.effective, each.act.book_sha256, [by.actor for by in each.signatures]) for each in versions(tx, "anxin-inpatient")
        ]
    assert claim.amount_fen == OLD_PAYS
    assert told == [
        (date(2000, 1, 1), first, []),
        (date(2025, 8, 12), _draft(*MORE).book.sha256, ["lin", "gao"]),
        (date(2025, 8, 14), first, ["lin", "gao"]),
    ]


def test_a_book_that_is_planned_is_called_off_by_another_for_the_same_day(world: World) -> None:
    _publish(world, _draft(*MORE), date(2025, 8, 15))
    _publish(world, _draft(), date(2025, 8, 15))
    assert _decided(world).amount_fen == OLD_PAYS


def test_who_proposed_a_book_cannot_approve_it(world: World) -> None:
    proposal = propose(world.system.database, _draft(*MORE), date(2025, 8, 15), LIN, TODAY)
    with pytest.raises(NotAllowedError, match=r"lin proposed anxin-inpatient .* cannot be its second person"):
        approve(world.system.database, world.system.books, proposal.book_sha256, LIN, TODAY)
    assert _decided(world).amount_fen == OLD_PAYS


@pytest.mark.parametrize("role", [each for each in Role if not may(each, Action.PUBLISH_BOOK)])
def test_other_roles_sign_nothing(world: World, role: Role) -> None:
    other = Staff("other", "其他", role, 10**12)
    with pytest.raises(NotAllowedError, match="may not publish books"):
        propose(world.system.database, _draft(*MORE), date(2025, 8, 15), other, TODAY)
    proposal = propose(world.system.database, _draft(*MORE), date(2025, 8, 15), LIN, TODAY)
    with pytest.raises(NotAllowedError, match="may not publish books"):
        approve(world.system.database, world.system.books, proposal.book_sha256, other, TODAY)


def test_the_role_that_publishes_is_the_one_of_the_permission_table() -> None:
    assert {role for role in Role if may(role, Action.PUBLISH_BOOK)} == set(PUBLISHERS)


def test_a_book_is_approved_once(world: World) -> None:
    done = _publish(world, _draft(*MORE), date(2025, 8, 15))
    with pytest.raises(NotFoundError, match="no book waits for a second person"):
        approve(world.system.database, world.system.books, done.book_sha256, GAO, TODAY)


@pytest.mark.parametrize("effective", [date(2025, 8, 9), date(1999, 1, 1)])
def test_a_later_book_never_takes_effect_in_the_past(world: World, effective: date) -> None:
    with pytest.raises(ConflictError, match="lies in the past"):
        propose(world.system.database, _draft(*MORE), effective, LIN, TODAY)


def test_the_first_book_of_a_product_may_take_effect_in_the_past(world: World) -> None:
    first = candidate_of("anxin-2", ANXIN.read_bytes(), shipped_base())
    assert _publish(world, first, date(2020, 1, 1)).effective == date(2020, 1, 1)


def test_a_book_whose_day_went_by_while_it_waited_is_not_approved(world: World) -> None:
    proposal = propose(world.system.database, _draft(*MORE), date(2025, 8, 15), LIN, TODAY)
    with pytest.raises(ConflictError, match=r"2025-08-15 lies in the past.*propose it for 2025-08-16"):
        approve(world.system.database, world.system.books, proposal.book_sha256, GAO, date(2025, 8, 16))


def test_what_is_in_force_already_is_not_published_again(world: World) -> None:
    with pytest.raises(ConflictError, match="is in force on 2025-08-15 already"):
        propose(world.system.database, _draft(), date(2025, 8, 15), LIN, TODAY)


def test_another_base_is_no_change_of_a_book_that_names_nothing_of_it(world: World) -> None:
    changed = _base_with("精神行为障碍:   [F00-F99]", "精神行为障碍:   [F00-F99, J18]")
    with pytest.raises(ConflictError, match="already"):
        propose(world.system.database, _draft(base=changed), date(2025, 8, 15), LIN, TODAY)


def test_a_book_that_fails_its_own_tests_is_no_candidate() -> None:
    with pytest.raises(RuleBookError, match=r"draft\.yaml fails \d+ of its own tests"):
        candidate_of(
            "anxin-inpatient",
            _draft().content.replace("日津贴额: 100元".encode(), "日津贴额: 120元".encode()),
            shipped_base(),
            "draft.yaml",
        )


def test_a_book_with_a_plan_that_no_test_shows_is_no_candidate() -> None:
    text = _draft().content.decode()
    untested = text[: text.rindex("    测试:")]
    with pytest.raises(RuleBookError, match=r"plan 尊享版 of draft\.yaml has no test"):
        candidate_of("anxin-inpatient", untested.encode(), shipped_base(), "draft.yaml")


@pytest.mark.parametrize(("digest", "error", "told"), [
    ("abc", InputError, "too short"),
    ("abababab", NotFoundError, "no book was ever published or proposed"),
])  # fmt: skip
def test_a_hash_that_names_no_book_is_told(world: World, digest: str, error: type[Exception], told: str) -> None:
    with world.system.database.read() as tx, pytest.raises(error, match=told):
        find_version(tx, digest)


def test_the_first_start_ships_every_book_and_later_ones_ship_nothing(database: Database) -> None:
    paths = [ANXIN, HOME / "rules/book/zhenxuan-lines.yaml"]
    shipped = ship(database, paths, shipped_base())
    assert [(each.product, each.actor_role, each.effective) for each in shipped] == [
        ("anxin-inpatient", "release", date(2000, 1, 1)), ("zhenxuan-lines", "release", date(2000, 1, 1))
    ]  # fmt: skip
    assert ship(database, [HOME / "rules/book/ankang-cash.yaml"], shipped_base()) == ()
    with database.read() as tx:
        assert [each.is_shipped for each in versions(tx)] == [True, True]


def test_processes_that_start_together_ship_once(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: ship(database, [ANXIN], shipped_base()), range(4)))
    with database.read() as tx:
        assert len(publications.acts(tx)) == 1


def test_when_one_shipped_book_is_broken_none_is_shipped(database: Database, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("要素: [\n")
    with pytest.raises(RuleBookError, match=r"broken\.yaml"):
        ship(database, [ANXIN, broken], shipped_base())
    with database.read() as tx:
        assert publications.acts(tx) == ()


def test_a_start_compiles_what_is_in_force_and_what_will_be(database: Database) -> None:
    ship(database, [ANXIN], shipped_base())
    proposal = propose(database, _draft(*MORE), date(2199, 1, 1), LIN)
    approve(database, PublishedBooks(), proposal.book_sha256, GAO)
    books = PublishedBooks()
    with database.read() as tx:
        books.load_all(tx)
    assert {digest for _, digest, _ in books.compiled} == {sha256(ANXIN.read_bytes()).hexdigest(), proposal.book_sha256}


def _simulated(world: World, proposal: BookAct, change_fen: int, until: date = LAST_DAY) -> None:
    with world.system.database.write() as tx:
        before = publications.in_force(tx, [proposal.product], proposal.effective)[proposal.product].book_sha256
        run = simulations.begin_simulation(tx, proposal.product, before, proposal.book_sha256, FIRST_DAY, until, "lin")
        simulations.end_simulation(tx, run.simulation_id, RunState.DONE, {}, change_fen)


def _approve_within(world: World, proposal: BookAct, impact_fen: int, authority_fen: int = 0) -> BookAct:
    second = replace(GAO, authority_fen=authority_fen)
    return approve(world.system.database, world.system.books, proposal.book_sha256, second, TODAY, impact_fen)


@pytest.mark.parametrize("change_fen", [500_000, -500_000])
def test_beyond_the_bound_the_second_signature_takes_authority(world: World, change_fen: int) -> None:
    proposal = propose(world.system.database, _draft(*MORE), TODAY, LIN, TODAY)
    _simulated(world, proposal, change_fen)
    with pytest.raises(NotAllowedError, match=r"gao may sign up to 4,999\.99"):
        _approve_within(world, proposal, 499_999)
    assert _approve_within(world, proposal, 499_999, authority_fen=500_000).act == "approved"


def test_at_the_bound_any_second_person_may_sign(world: World) -> None:
    proposal = propose(world.system.database, _draft(*MORE), TODAY, LIN, TODAY)
    _simulated(world, proposal, 500_000)
    assert _approve_within(world, proposal, 500_000).act == "approved"


def test_with_a_bound_a_book_must_be_simulated_over_all_decided_claims(world: World) -> None:
    proposal = propose(world.system.database, _draft(*MORE), TODAY, LIN, TODAY)
    _simulated(world, proposal, 0, until=TODAY)  # a stretch of them is not all
    with pytest.raises(ConflictError, match="nobody knows what anxin-inpatient"):
        _approve_within(world, proposal, 10**12)
