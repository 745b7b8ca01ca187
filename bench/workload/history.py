"""Fills a database with a synthetic history of decided claims, through the data layer, for the benchmarks and for trying things out.

    python -m bench.workload.history FOLDER [--decisions 20000]

FOLDER gets a database, its keys and a config.yaml, so that `app.py rules simulate DRAFT
--base rules/book/anxin-inpatient.yaml --config FOLDER/config.yaml` works.
People, numbers and amounts are made up. Every insured has one policy and up to six claims over two years, worked out from
what the earlier ones used; the trace stored with a decision is that of a similar claim, because only its size matters here.
"""

import argparse
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from time import perf_counter

from adjudicator.settings import read_config
from commands.plant import open_database
from domain.assessment import AccumulatorKey, Assessment
from domain.claim import Channel
from domain.decision import Actor, DecisionKind, Queue, Route
from domain.element import Element, ElementKind
from domain.identity import id_check_character
from domain.policy import Person, Policy
from domain.risk import Band, RiskScore
from domain.states import ClaimState
from rules.engine import adjudicate
from rules.loader import load_book
from rules.model import Book
from rules.quick_asking import QuickBook
from storage import claims, decisions, registry
from storage.claims import NewClaim
from storage.database import Database, Transaction
from storage.decisions import Adjudication, PolicyAssessment

BOOK = Path("rules/book/anxin-inpatient.yaml")
PLANS = ("标准版", "标准版", "尊享版")  # two in three are the cheaper one
FIRST_DAY, DAYS = date(2025, 1, 1), 540  # of decisions
CLERK = Actor("bench", "system")
_AT_ONCE = 500  # insureds a transaction
_DIAGNOSES = ("K35.8", "J18.9", "S82.2", "I63.9", "C73", "O80.0", "K80.1", "M51.2")
_CRITICAL = frozenset({"C73", "I63.9"})
_KINDS = {bool: ElementKind.YES_NO, int: ElementKind.MONEY, str: ElementKind.TEXT}
Elements = dict[str, int | bool | str]


@dataclass(eq=False)
class DatedTransaction(Transaction):
    """A transaction at another time: what the data layer writes looks as if it had been written then."""

    at_ms: int = 0

    def now_ms(self) -> int:
        """Tell the time it is made to believe."""
        return self.at_ms


@dataclass
class Writer:
    """What it takes to write one claim after another."""

    book: Book
    quick: QuickBook
    traces: dict[str, Assessment]
    dice: random.Random


def fill(database: Database, decided: int, seed: int = 1, book_path: Path = BOOK) -> int:
    """Write decisions until there are `decided`; gives the number of insureds."""
    book = load_book(book_path)
    dice = random.Random(seed)
    writer = Writer(book, QuickBook(book), {plan: _trace(book, plan, dice) for plan in book.plans}, dice)
    written = insureds = 0
    while written < decided:
        with database.write() as tx:
            numbers = range(insureds + 1, insureds + 1 + min(_AT_ONCE, decided - written))
            policies = [_make_policy(number, writer) for number in numbers]
            registry.save_people(tx, map(_person, numbers))
            registry.save_policies(tx, policies)
            insureds += len(policies)
            for policy in policies:
                written += _write_claims(tx, writer, policy, decided - written)
    return insureds


def _trace(book: Book, plan: str, dice: random.Random) -> Assessment:
    elements = make_elements(date(2024, 6, 1), date(2025, 1, 1), dice)
    return adjudicate(book, plan, {name: _opened(value) for name, value in elements.items()}, {})


def _make_policy(number: int, writer: Writer) -> Policy:
    starts = date(2024, 1, 1) + timedelta(days=writer.dice.randrange(360))
    return _policy(number, writer.dice.choice(PLANS), starts, writer.book.product)


def _write_claims(tx: Transaction, writer: Writer, policy: Policy, most: int) -> int:
    dice = writer.dice
    used: dict[AccumulatorKey, Fraction] = {}
    count = min(dice.choices((1, 2, 3, 6), (70, 20, 8, 2))[0], most)
    for turn, day in enumerate(sorted(dice.randrange(DAYS) for _ in range(count))):
        decided = FIRST_DAY + timedelta(days=day)
        elements = make_elements(policy.effective_from, decided - timedelta(days=dice.randrange(5, 40)), dice)
        _write_claim(tx, writer, policy, f"C{policy.policy_number[1:]}{turn}", elements, used, decided)
    return count


def _write_claim(
    tx: Transaction,
    writer: Writer,
    policy: Policy,
    claim_id: str,
    elements: Elements,
    used: dict[AccumulatorKey, Fraction],
    decided: date,
) -> None:
    at_ms = int(datetime.combine(decided, time(), UTC).timestamp()) * 1000 + writer.dice.randrange(86_400_000)
    dated = DatedTransaction(tx.connection, tx.cipher, at_ms=at_ms)
    inputs = {
        "books": {policy.policy_number: writer.book.sha256},
        "bases": {policy.policy_number: writer.book.base},
        "elements": {policy.policy_number: elements},
        "used": {policy.policy_number: [[key.name, key.period, str(amount)] for key, amount in used.items()]},
        "model": "bench",
        "documents": [],
        "flags": [],
    }
    given = writer.quick.read({name: _opened(value) for name, value in elements.items()})
    paid = writer.quick.ask(policy.plan, given, used)
    for use in (use for each in paid for use in each.uses):
        used[use.key] = used.get(use.key, Fraction(0)) + use.used_now
    amount = sum(each.amount_fen for each in paid)
    claims.add_claim(dated, _claim(claim_id, policy, elements), CLERK)
    told = tuple(Element(name, _KINDS[type(value)], value, "合成") for name, value in elements.items())
    answer = replace(writer.traces[policy.plan], book_hash=writer.book.sha256)
    decisions.save_adjudication(dated, claim_id, 1, _adjudication((PolicyAssessment(policy.policy_number, told, answer),)))
    kind = DecisionKind.PAY_FULL if amount else DecisionKind.DECLINE
    decisions.save_decision(dated, claim_id, 1, kind, amount, CLERK, "合成", "", inputs)
    dated.close()


def make_elements(starts: date, loss: date, dice: random.Random) -> Elements:
    """Make up a hospitalisation, as the elements of a decision are stored."""
    diagnosis, charged = dice.choice(_DIAGNOSES), round(dice.lognormvariate(14.3, 1.0))
    settled = dice.random() < 0.6
    elements: Elements = {
        "保单生效日": starts.isoformat(),
        "出险日": loss.isoformat(),
        "出险原因": "意外" if diagnosis.startswith("S") else "疾病",
        "连续续保": dice.random() < 0.2,
        "主诊断": diagnosis,
        "医院等级": dice.choices(("三级", "二级", "一级"), (60, 35, 5))[0],
        "医院性质": dice.choices(("公立", "民营"), (93, 7))[0],
        "参保身份": "有医保" if settled or dice.random() < 0.7 else "无医保",
        "经医保结算": settled,
        "合理医疗费用": charged,
        "医保已付": charged * dice.randrange(30, 70) // 100 if settled else 0,
        "住院天数": dice.randrange(2, 25),
    }
    if diagnosis in _CRITICAL and dice.random() < 0.7:
        elements |= {"确诊重疾": diagnosis, "确诊日": loss.isoformat()}
    return elements


def _opened(value: int | bool | str) -> int | bool | str | date:
    is_day = isinstance(value, str) and value[4:5] == "-" and value[:4].isdigit()
    return date.fromisoformat(str(value)) if is_day else value


def _person(number: int) -> Person:
    first_17 = f"{990_000 + number // 1_000}19900101{number % 1_000:03d}"  # of region 99, which no authority assigns
    return Person(f"I{number:07d}", f"示例{number}", first_17 + id_check_character(first_17), date(1990, 1, 1), f"199{number:08d}", True)


def _policy(number: int, plan: str, starts: date, product: str) -> Policy:
    insured = f"I{number:07d}"
    return Policy(
        policy_number=f"P{number:07d}",
        insured_id=insured,
        policyholder_id=insured,
        product=product,
        plan=plan,
        effective_from=starts,
        effective_to=starts + timedelta(days=1095),
        first_effective_from=starts,
    )


def _claim(claim_id: str, policy: Policy, elements: Elements) -> NewClaim:
    return NewClaim(
        claim_id=claim_id,
        channel=Channel.APP,
        external_ref=claim_id,
        request_hash="0" * 64,
        state=ClaimState.SUBMITTED,
        insured_id=policy.insured_id,
        policy_numbers=(policy.policy_number,),
        loss_date=date.fromisoformat(str(elements["出险日"])),
        loss_cause=None,
        narrative="合成",
        reporter_name="合成",
        reporter_phone="19900000000",
        payee=None,
        device_id=claim_id,
    )


def _adjudication(policies: tuple[PolicyAssessment, ...]) -> Adjudication:
    score = RiskScore(0.01, 0, Band.LOW, (), "bench", "synthetic")
    return Adjudication(policies, (), (), score, Route(Queue.STRAIGHT_THROUGH, ()))


def prepare(folder: Path) -> Path:
    """Make a folder with a config.yaml of its own, on SQLite."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "config.yaml"
    config.write_text(f"database: sqlite:///history.db\nfield_key: field.key\nbooks: {BOOK.parent.resolve()}\n", encoding="utf-8")
    return config


def main() -> None:
    """Fill a folder, and tell how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--decisions", type=int, default=20_000)
    asked = parser.parse_args()
    config = prepare(asked.folder)
    database = open_database(read_config(config), asked.folder.resolve())
    started = perf_counter()
    insureds = fill(database, asked.decisions)
    database.close()
    print(f"{asked.decisions:,} decisions of {insureds:,} insureds in {asked.folder}, {perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
