"""People, policies and claims to store: synthetic, in region 99, which no authority assigns."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

from domain.claim import Channel, LossCause, Payee
from domain.decision import Actor
from domain.identity import id_check_character
from domain.policy import Agent, Hospital, Person, Policy
from domain.states import ClaimState
from storage import claims, registry
from storage.claims import NewClaim
from storage.database import Database, Transaction

ACTOR = Actor("app", "channel")
PHONE, ACCOUNT = "19900001234", "6222029900011112222"
AGENT = Agent("A1", "赵示例", "19900009999", "示例支公司")
HOSPITAL = Hospital("H1", "示例市第一人民医院", "三级", "公立")
OTHER_HOSPITAL = Hospital("H2", "示例市第二人民医院", "二级", "公立")


def person(number: int = 1, **changes: Any) -> Person:
    first_17 = f"9901011990010{number:04d}"
    made = Person(f"I{number}", f"示例{number}", first_17 + id_check_character(first_17), date(1990, 1, 1), PHONE, True)
    return replace(made, **changes)


def policy(number: int = 1, insured: int = 1, **changes: Any) -> Policy:
    made = Policy(
        policy_number=f"P{number}",
        insured_id=f"I{insured}",
        policyholder_id=f"I{insured}",
        product="anxin-inpatient",
        plan="标准版",
        effective_from=date(2024, 3, 1),
        effective_to=date(2025, 2, 28),
        first_effective_from=date(2024, 3, 1),
        agent_id="A1",
    )
    return replace(made, **changes)


def new_claim(number: int = 1, insured: int = 1, **changes: Any) -> NewClaim:
    made = NewClaim(
        claim_id=f"C{number}",
        channel=Channel.APP,
        external_ref=f"R{number}",
        request_hash="0" * 64,
        state=ClaimState.SUBMITTED,
        insured_id=f"I{insured}",
        policy_numbers=("P1",),
        loss_date=date(2024, 6, 1),
        loss_cause=LossCause.ILLNESS,
        narrative="腹痛三日",
        reporter_name="示例1",
        reporter_phone=PHONE,
        payee=Payee("示例1", ACCOUNT, "示例银行"),
        device_id="device-1",
    )
    return replace(made, **changes)


def save_world(tx: Transaction, people: int = 1) -> None:
    """Store an agent, two hospitals, some people, and policy P1 of the first."""
    registry.save_agents(tx, [AGENT])
    registry.save_hospitals(tx, [HOSPITAL, OTHER_HOSPITAL])
    registry.save_people(tx, [person(number) for number in range(1, people + 1)])
    registry.save_policies(tx, [policy()])


def save_claims(database: Database, count: int = 1) -> None:
    """Store the world, and claims C1 … of its first insured."""
    with database.write() as tx:
        save_world(tx)
        for number in range(1, count + 1):
            assert claims.add_claim(tx, new_claim(number), ACTOR)


def at_once(work: Any, count: int = 8) -> list[Any]:
    """Call work(0) … work(count - 1) in as many threads, let go together; what each answered."""
    start = Barrier(count)

    def run(number: int) -> Any:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
