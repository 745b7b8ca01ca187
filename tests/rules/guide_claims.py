"""Four decided claims of the guide's plan, by the real path from papers to decision, in a database of their own."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from adjudicator.intake import submit
from adjudicator.published import PublishedBooks
from adjudicator.review import approve
from adjudicator.serving import ServingModel
from adjudicator.story import tell
from adjudicator.system import Limits, System
from commands.plant import database_of
from domain.claim import Payee, PersonClue
from domain.policy import Agent, Person
from ocr.sniff import sniff_media_type
from riskmodel.model import load_model
from rules.routing import load_routing
from storage import access, publications, registry
from storage.access import Staff
from storage.blobs import BlobStore
from tests.adjudicator.world import (
    HOME,
    HOSPITAL,
    INSURED,
    OTHER,
    SENIOR,
    STANDARD,
    MemoryBank,
    World,
    WrittenReader,
    id_card,
    ship_untested,
)
from tests.adjudicator.world import invoice as made_invoice
from tests.adjudicator.world import notice as made_notice
from tests.adjudicator.world import summary as made_summary

PLAN = replace(STANDARD, product="first-plan", effective_from=date(2025, 3, 1), effective_to=date(2026, 2, 28))
LATER = replace(PLAN, policy_number="PL4", insured_id="P2", policyholder_id="P2", effective_from=date(2026, 2, 1))
POLICIES = (PLAN, replace(LATER, effective_to=date(2027, 1, 31), first_effective_from=date(2026, 2, 1)))
Stay = tuple[Person, date, date, int, int]  # insured, admission, discharge, charged, paid by social insurance
STAYS: tuple[Stay, ...] = (
    (INSURED, date(2025, 8, 15), date(2025, 8, 23), 8_000_000, 3_000_000),
    (INSURED, date(2025, 11, 3), date(2025, 11, 11), 2_000_000, 500_000),
    (OTHER, date(2026, 4, 10), date(2026, 4, 18), 6_000_000, 2_000_000),
    (OTHER, date(2026, 6, 5), date(2026, 6, 13), 3_000_000, 1_000_000),
)
TOO_EARLY: tuple[Stay, ...] = ((OTHER, date(2026, 2, 10), date(2026, 2, 18), 8_000_000, 3_000_000),)  # on the tenth day of the policy


_CONFIG = """database: sqlite:///claims.db
files: files
field_key: field.key
books: {home}/no-books
routing: {home}/rules/book/routing.yaml
risk_model: {home}/riskmodel/artefacts/cold-start
"""
PASSWORD = "correct horse battery"


def make_house(config: Path) -> None:
    """Write a config.yaml, and beside it a database with two actuaries who publish the first book in it."""
    config.write_text(_CONFIG.format(home=HOME))
    with database_of(config) as database, database.write() as tx:
        for name in ("lin", "gao"):
            access.save_staff(tx, Staff(name, name, "actuary", 0), PASSWORD)


def decide_claims(config: Path, book: Path, stays: tuple[Stay, ...]) -> list[str]:
    """Decide claims in the database of a config.yaml, by the published book, or by `book` where nothing is; gives their numbers.

    A person approves what the rules would pay; what they would not pay waits for one.
    """
    with database_of(config) as database:
        with database.write() as tx:
            if not publications.acts(tx):
                ship_untested(tx, book)
            registry.save_people(tx, [INSURED, OTHER])
            registry.save_agents(tx, [Agent("A1", "赵示例", "10000000009", "示例支公司")])
            registry.save_hospitals(tx, [HOSPITAL])
            registry.save_policies(tx, POLICIES)
        reader, bank = WrittenReader(), MemoryBank()
        routing, model = load_routing(HOME / "rules/book/routing.yaml"), load_model(HOME / "riskmodel/artefacts/cold-start")
        blobs, books, limits = BlobStore(config.parent / "files", database.cipher), PublishedBooks(), Limits(audit_sample_rate=0)
        system = System(database, blobs, books, routing, ServingModel(model), sniff_media_type, reader, bank, limits, wake=lambda: None)
        return [_decide(World(system, reader, bank), number, *stay) for number, stay in enumerate(stays)]


def _decide(world: World, number: int, insured: Person, admitted: date, left: date, charged_fen: int, social_fen: int) -> str:
    days = {"admission_date": admitted, "discharge_date": left}
    bill = made_invoice(charged_fen, social_fen, f"990000000{number}", payer_name=insured.name, **days)
    papers = world.files(bill, made_summary(patient_name=insured.name, **days), id_card(insured), tag=f"{number}-")
    payee = Payee(insured.name, "9900000000000000010", "示例银行")
    sent = made_notice(f"APP-{number}", papers, insured=PersonClue(id_number=insured.id_number), loss_date=admitted, payee=payee)
    claim_id = submit(world.system, sent).claim_id
    world.run()
    story = tell(world.system, claim_id)
    if story.decision is None and story.adjudication is not None and story.adjudication.proposed_fen:
        approve(world.system, claim_id, story.claim.version, SENIOR, "核实")
        world.run()
    return claim_id
