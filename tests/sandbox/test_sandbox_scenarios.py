"""The dozen: in order, to the 分, about people who cannot exist."""

import json
from collections import Counter
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from domain.document import DocumentClass
from domain.identity import birth_date_of, is_bank_card, is_id_number
from domain.money import parse_fen
from domain.states import ClaimState
from sandbox.cast import cast_member
from sandbox.pages.medical_invoice import MedicalInvoice
from sandbox.photograph import Level
from sandbox.portfolio import build_portfolio
from sandbox.samples import write_samples
from sandbox.scenario import Scenario, Submission
from sandbox.scenarios import SCENARIOS, scenario_claims

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
THREE_ROUNDS = scenario_claims(36)
TODAY = date(2026, 11, 22)


def submissions_of(scenario: Scenario) -> tuple[Submission, ...]:
    return (*scenario.earlier, scenario.main)


def invoice_of(submission: Submission) -> MedicalInvoice:
    return next(each.page for each in submission.files if isinstance(each.page, MedicalInvoice))


def medical_fen(submission: Submission, deductible_left_fen: int) -> int:
    """anxin 标准版, settled with social insurance: (charged − paid by it − deductible) × 100 %."""
    invoice = invoice_of(submission)
    charged = sum(line.amount_fen for line in invoice.lines)
    return max(0, charged - invoice.social_insurance_paid_fen - deductible_left_fen)


def allowance_fen(submission: Submission, free_days: int, a_day_fen: int) -> int:
    days = (invoice_of(submission).discharge_date - invoice_of(submission).admission_date).days
    return max(0, days - free_days) * a_day_fen


def test_the_dozen_in_their_order() -> None:
    assert [(scenario.name, scenario.expected_state) for scenario in SCENARIOS] == [
        ("clean-inpatient", "PAID"),
        ("lost-decimal", "PAID"),
        ("waiting-period", "IN_REVIEW"),
        ("deductible-over-two-claims", "PAID"),
        ("duplicate-invoice", "IN_REVIEW"),
        ("high-risk", "IN_INVESTIGATION"),
        ("blurred-photo", "NEEDS_SUPPLEMENT"),
        ("missing-discharge-summary", "NEEDS_SUPPLEMENT"),
        ("hotline-report", "REPORTED"),
        ("critical-illness", "PAID"),
        ("direct-settlement", "PAID"),
        ("two-policies", "PAID"),
    ]


@pytest.mark.parametrize(("name", "deductible_fen"), [("clean-inpatient", 800_000), ("lost-decimal", 1_000_000)])
def test_one_stay_pays_costs_beyond_the_deductible_and_the_allowance(name: str, deductible_fen: int) -> None:
    claim = BY_NAME[name].main
    assert claim.expected_paid_fen == medical_fen(claim, deductible_fen) + allowance_fen(claim, 3, 10_000)


def test_the_deductible_is_chosen_by_the_year_in_which_the_policy_began() -> None:
    began = {name: BY_NAME[name].cast[0].policies[0].effective_from.year for name in ("clean-inpatient", "lost-decimal")}
    assert began == {"clean-inpatient": 2026, "lost-decimal": 2025}


def test_the_second_claim_bears_what_the_first_left_of_the_deductible() -> None:
    scenario = BY_NAME["deductible-over-two-claims"]
    (first,), second = scenario.earlier, scenario.main
    used_fen = sum(line.amount_fen for line in invoice_of(first).lines) - invoice_of(first).social_insurance_paid_fen
    assert 0 < used_fen < 800_000
    assert first.expected_paid_fen == allowance_fen(first, 3, 10_000)
    assert second.expected_paid_fen == medical_fen(second, 800_000 - used_fen) + allowance_fen(second, 3, 10_000)


def test_two_policies_add_the_fixed_benefit_to_the_indemnity() -> None:
    claim = BY_NAME["two-policies"].main
    anxin_fen = medical_fen(claim, 800_000) + allowance_fen(claim, 3, 10_000)
    assert claim.expected_paid_fen == anxin_fen + allowance_fen(claim, 0, 20_000)


def test_the_bill_of_the_direct_settlement_adds_up_and_is_split_to_the_fen() -> None:
    bill = BY_NAME["direct-settlement"].main.payload["bill"]
    lines = [(line["list_class"], parse_fen(line["amount"])) for line in bill["lines"]]
    total_fen, out_of_list_fen = sum(fen for _, fen in lines), sum(fen for list_class, fen in lines if list_class == "丙")
    assert (total_fen, out_of_list_fen) == (parse_fen(bill["total"]), 30_446) == (774_362, 30_446)
    insurer_fen = ((total_fen - out_of_list_fen) * 9 + 5) // 10  # half up
    assert (insurer_fen, total_fen - insurer_fen) == (BY_NAME["direct-settlement"].expected_paid_fen, 104_838)


def test_the_waiting_period_claim_is_on_day_17_and_the_high_risk_claim_just_past_day_30() -> None:
    day_of = {}
    for name in ("waiting-period", "high-risk"):
        scenario = BY_NAME[name]
        day_of[name] = (date.fromisoformat(scenario.main.payload["loss_date"]) - scenario.cast[0].policies[0].effective_from).days + 1
    assert day_of == {"waiting-period": 17, "high-risk": 34}


def test_the_critical_illness_is_confirmed_after_90_days() -> None:
    scenario = BY_NAME["critical-illness"]
    confirmed = date.fromisoformat(scenario.main.payload["loss_date"])
    assert (confirmed - scenario.cast[0].policies[0].effective_from).days >= 90
    assert scenario.expected_paid_fen == 100_000 * 100


def test_the_duplicate_claims_the_same_invoice_in_other_pictures() -> None:
    first, again = BY_NAME["clean-inpatient"].main, BY_NAME["duplicate-invoice"].main
    assert invoice_of(first) == invoice_of(again)
    assert first.files[0].take() != again.files[0].take()
    assert BY_NAME["duplicate-invoice"].after == "clean-inpatient"


def test_the_high_risk_claim_shares_phone_device_and_account_with_other_insureds() -> None:
    scenario = BY_NAME["high-risk"]
    reports = [each.payload for each in submissions_of(scenario)]
    assert len({member.person.id_number for member in scenario.cast}) == len(reports) == 4
    assert len({each["reporter"]["phone"] for each in reports}) == 1
    assert len({each["payee"]["account_number"] for each in reports if "payee" in each}) == 1
    assert scenario.main.payload["payee"]["holder"] != scenario.cast[0].person.name


def test_only_the_blurred_scenario_has_a_bad_picture_and_it_is_the_invoice() -> None:
    bad = [
        (scenario.name, picture.page.document_class)
        for scenario in SCENARIOS
        for submission in submissions_of(scenario)
        for picture in submission.files
        if picture.level is Level.BAD
    ]
    assert bad == [("blurred-photo", DocumentClass.MEDICAL_INVOICE)]


def test_the_missing_summary_is_the_only_paper_that_lacks() -> None:
    sent = {picture.page.document_class for picture in BY_NAME["missing-discharge-summary"].main.files}
    assert sent == {DocumentClass.MEDICAL_INVOICE, DocumentClass.ID_CARD}


@pytest.mark.parametrize("scenario", THREE_ROUNDS, ids=[scenario.name for scenario in THREE_ROUNDS])
def test_a_scenario_is_sound(scenario: Scenario) -> None:
    for submission in submissions_of(scenario):
        json.dumps(submission.payload, allow_nan=False)
        assert submission.expected_state in set(ClaimState)
        assert (submission.expected_paid_fen > 0) == (submission.expected_state == ClaimState.PAID)
        loss_date = date.fromisoformat(submission.payload.get("loss_date", submission.payload.get("admission_date")))
        assert loss_date <= TODAY
        assert any(policy.is_in_force(loss_date) for member in scenario.cast for policy in member.policies)
        for picture in submission.files:
            if isinstance(picture.page, MedicalInvoice):
                assert picture.page.total_fen > picture.page.social_insurance_paid_fen > 0
                assert picture.page.discharge_date <= TODAY


def test_everybody_in_three_rounds_lives_in_region_99_and_nobody_shares_a_number() -> None:
    portfolio = build_portfolio(THREE_ROUNDS)
    for person in portfolio.persons:
        assert is_id_number(person.id_number)
        assert person.id_number.startswith("99")
        assert birth_date_of(person.id_number) == person.birth_date
        assert person.phone.startswith("154")
    for attribute in ("person_id", "id_number", "phone", "name"):
        values = [getattr(person, attribute) for person in portfolio.persons]
        assert attribute == "name" or len(set(values)) == len(values)
    assert len({(person.name, person.birth_date) for person in portfolio.persons}) == len(portfolio.persons) == 42
    assert len({policy.policy_number for policy in portfolio.policies}) == len(portfolio.policies) == 45


def test_a_portfolio_holds_together() -> None:
    portfolio = build_portfolio()
    people, agents = {each.person_id for each in portfolio.persons}, {each.agent_id for each in portfolio.agents}
    assert {each.insured_id for each in portfolio.policies} == people
    assert {each.agent_id for each in portfolio.policies} <= agents
    assert {each.policy_number for each in portfolio.entitlements} == {each.policy_number for each in portfolio.policies}
    assert all("示例" in hospital.name for hospital in portfolio.hospitals)
    assert portfolio == build_portfolio()


def test_accounts_and_invoices_belong_to_nobody_and_references_are_used_once() -> None:
    sent = list(chain.from_iterable(submissions_of(scenario) for scenario in THREE_ROUNDS))
    accounts = {each.payload["payee"]["account_number"] for each in sent if "payee" in each.payload}
    assert all(is_bank_card(account) and account.startswith("990000") for account in accounts)
    assert max(Counter((each.channel, each.payload["external_ref"]) for each in sent).values()) == 1
    invoices = [picture.page for each in sent for picture in each.files if isinstance(picture.page, MedicalInvoice)]
    assert all(invoice.invoice_code.startswith("99") and invoice.invoice_number.startswith("99") for invoice in invoices)
    used = Counter(invoice.invoice_number for invoice in invoices)
    assert sorted(used.values(), reverse=True)[:4] == [2, 2, 2, 1]  # only the duplicate of each round


def test_beyond_twelve_the_same_stories_are_played_by_others() -> None:
    names = [scenario.name for scenario in scenario_claims(17)]
    assert names[12:] == ["clean-inpatient-2", "lost-decimal-2", "waiting-period-2", "deductible-over-two-claims-2", "duplicate-invoice-2"]
    assert scenario_claims(17)[16].after == "clean-inpatient-2"
    assert scenario_claims(5) == SCENARIOS[:5]


def test_a_part_is_played_under_another_surname_in_each_of_twenty_rounds_and_under_the_same_one_every_time() -> None:
    names = [cast_member(3, number, "示安", date(1980, 1, 1)).person.name for number in range(20)]
    assert len(set(names)) == 20
    assert names == [cast_member(3, number, "示安", date(1980, 1, 1)).person.name for number in range(20)]


def test_samples_are_written_one_folder_a_scenario(tmp_path: Path) -> None:
    written = write_samples(tmp_path, SCENARIOS[7:9])
    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "missing-discharge-summary/1-invoice.jpg",
        "missing-discharge-summary/1-id-card.jpg",
    ]
    assert all(path.read_bytes().startswith(b"\xff\xd8") for path in written)
