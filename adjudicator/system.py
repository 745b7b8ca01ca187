"""What the path of a claim works with: the data layer, the three engines, the bank, and the limits that people have set.

`app.py` plugs one `System` together; every function of this room takes it first.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from actuarial.cash_value import Bases
from adjudicator.challenging import Challenger
from adjudicator.published import PublishedBooks
from adjudicator.serving import ServingModel
from adjudicator.turns import Turns
from domain.document import Document
from domain.identification import FaceMatcher
from domain.letter import Letterhead
from domain.message import Messenger, Way
from domain.payout import Bank, Collector
from domain.servicing import ServicingItem
from domain.terms import ProductTerms
from entitlement.cover.model import CoverModel, shipped_model
from entitlement.reminders.file import ReminderBook, shipped_reminders
from letters.press import Press
from policy.facts import shipped_bases
from policy.item_file import shipped_items
from policy.terms_file import shipped_terms
from policy.transacting.quoting import Shelf
from riskmodel.model import RiskModel
from rules.medical_base import MedicalBase, shipped_base
from rules.routing import RoutingRules
from storage.blobs import BlobStore
from storage.database import Database
from storage.group_commit import GroupCommit


class Reader(Protocol):
    """Reads a file's bytes: in disposable processes in production, in this process in some tests."""

    def read_all(self, content: bytes) -> tuple[Document, ...]:
        """Read one file: every document in it, at least one.

        Raises:
            InputError: no document we can open.
        """
        ...

    def read_joined(self, files: Sequence[tuple[bytes, tuple[int, ...]]]) -> tuple[Document, ...]:
        """Read pages of several files together, each file with the pages that are asked for: what stands in more than one file.

        Raises:
            InputError: a file we cannot open, or all of them are too much at once.
        """
        ...


@dataclass(frozen=True)
class Limits:
    """What people have set in config.yaml."""

    straight_through_fen: int = 10_000_000  # the most that may be paid without a person, this amount included
    audit_sample_rate: float = 0.02  # the share of payable claims drawn at random for a person to check
    max_backlog: int = 2_000  # open tasks beyond which intake answers 429
    max_file_bytes: int = 20_000_000
    max_files: int = 50  # of one claim
    claims_together: int = 16  # the most that share one transaction, when nothing slow lies before them; 1: each goes stage by stage
    lease_ms: int = 30_000  # how long a worker may hold a task before another takes it over
    max_attempts: int = 5  # of reading or adjudicating, after which a person has the claim
    presettlement_ms: int = 86_400_000  # how long a hospital's pre-settlement waits for its confirmation before it is taken back
    undo_ms: int = 0  # how long a person's verdict can be taken back before it takes effect; 0: it does at once
    same_loss_days: int = 3  # how far apart two losses may lie that a person is asked whether they are one
    score_ms: int = 200  # how long a risk score may take; a later one is not used, and the claim goes to people
    book_impact_fen: int | None = None  # what a book may change before its second signature takes authority; None: no such bound
    max_payment_attempts: int = 50  # of paying: a bank may be away for hours, and nobody is helped by giving up sooner


@dataclass(frozen=True)
class System:
    """Everything plugged together. `wake` tells workers that there is something to do; losing a wake-up loses nothing."""

    database: Database
    blobs: BlobStore
    books: PublishedBooks
    routing: RoutingRules
    serving: ServingModel
    inspect: Callable[[bytes], str]  # the media type of a file that can be opened; raises InputError for any other
    reader: Reader
    bank: Bank
    limits: Limits
    wake: Callable[[], None]
    medical_base: MedicalBase = field(default_factory=shipped_base)
    messengers: Mapping[Way, Messenger] = field(default_factory=dict)  # a way without one keeps its messages in the outbox
    press: Press = field(default_factory=Press)
    letterhead: Letterhead = field(default_factory=Letterhead)
    terms: Mapping[str, ProductTerms] = field(default_factory=shipped_terms)  # what contracts say about money, by product
    servicing: Mapping[str, ServicingItem] = field(default_factory=shipped_items)  # what can be done with a policy (保全项目), by code
    bases: Bases = field(default_factory=shipped_bases)  # mortality, by name
    collector: Collector | None = None  # takes money from customers' accounts; None: such transactions wait until there is one
    faces: FaceMatcher | None = None  # None: items that ask for a face cannot be signed
    challenger: Challenger | None = None  # scores in the shadow what was scored; no claim knows of it
    risk_personal: frozenset[str] = frozenset()  # what the risk model may know of a person, of riskmodel.features.PERSONAL
    cover: CoverModel = field(default_factory=shipped_model)  # assumptions, catalogue and bounds of know your cover (知保障)
    clock: Callable[[], float] = time.monotonic  # seconds, by which what the engines take is measured
    reminders: ReminderBook = field(default_factory=shipped_reminders)  # what customers are reminded of, when, in which words
    reminder_link: str = "mingbai://servicing/{item}?policy={policy}"  # where a reminder's link leads: the insurer's app
    submissions: GroupCommit[Any, Any] = field(default_factory=GroupCommit)  # those that are written at one moment: adjudicator/intake.py
    turns: Turns = field(default_factory=Turns)  # of the threads that work on claims which share a transaction: adjudicator/worker.py

    @property
    def shelf(self) -> Shelf:
        """What transactions on policies work with."""
        return Shelf(self.servicing, self.terms, self.bases)

    @property
    def risk_model(self) -> RiskModel:
        """The risk model that scores at this moment; the next moment it may be another."""
        return self.serving.model
