"""Several claims in one transaction (同批): electronic papers that are quick to read, judged at once, each claim as it would be alone.

From papers to the payment order nothing slow happens to such claims, so one transaction holds all of it for all of them:
the look-ups are made for the whole batch, and the rows are written together at its end. It is all or nothing. Whatever is
unusual about one of them, an error among it, undoes the batch, and each claim goes the usual way alone, stage by stage
(docs/adr/0020). So nothing here handles an error, and nothing here may be seen outside before the commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from adjudicator.decide import SYSTEM
from adjudicator.joining import find_joins
from adjudicator.judging import conclude, gather_evidence, learn_from
from adjudicator.paper_files import Contents
from adjudicator.reading import as_records, is_complete, read_one, told_of
from adjudicator.shared import keys_of_claim
from adjudicator.system import System
from adjudicator.unusual import UnusualError
from domain.document import Document
from domain.states import ClaimState, DocumentState
from storage import audit, claims, counters, decisions, documents, entities, held, registry, same_papers, tasks
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.documents import DocumentRecord
from storage.tasks import Lease


def work_together(system: System, leases: Sequence[Lease]) -> None:
    """Do one stage of several claims, and what follows it as far as no slow work lies in between.

    Raises:
        Exception: anything at all; nothing was written then, and the leases are still held.
    """
    read = _read_files(system, leases) if leases[0].stage == "read" else {}
    with system.database.write() as tx:
        mine = [each.claim_id for each in tasks.finish_several(tx, leases)]
        held.hold(tx, mine)
        records = [claims.get_claim(tx, each) for each in mine]
        registry.look_ahead(tx, {each.insured_id for each in records})
        if read:
            records = [each for each in records if _take_papers(system, tx, each, read[each.claim_id])]
        else:
            records = [each for each in records if each.state is ClaimState.READING]
            documents.look_ahead(tx, [each.claim_id for each in records])
        _judge(system, tx, [claims.get_claim(tx, each.claim_id) for each in records])


@dataclass(frozen=True)
class _Read:
    """What was read of a claim as it stood at a version."""

    version: int
    documents: tuple[DocumentRecord, ...]
    found: tuple[tuple[DocumentRecord, Document], ...]


def _read_files(system: System, leases: Sequence[Lease]) -> dict[str, _Read]:
    with system.database.read() as tx:
        found = {each.claim_id: each for each in claims.find_claims(tx, [each.claim_id for each in leases])}
        documents.look_ahead(tx, list(found))
        papers = {claim_id: documents.documents_of(tx, claim_id) for claim_id in found}
        in_rows = documents.contents_of(tx, list(found))
    return {claim_id: _read_of(system, claim, papers[claim_id], in_rows) for claim_id, claim in found.items()}


def _read_of(system: System, claim: ClaimRecord, papers: tuple[DocumentRecord, ...], in_rows: Contents) -> _Read:
    """Read the papers of a claim that nobody has looked at yet; each is a file of its own, and they are not parts of one another."""
    if claim.state is not ClaimState.SUBMITTED or any(each.state is not DocumentState.RECEIVED for each in papers):
        raise UnusualError(claim.claim_id)
    found = [as_records(each, read_one(system, each, in_rows)) for each in papers]
    firsts = [each[0] for each in found]
    if any(len(each) > 1 for each in found) or find_joins(system, firsts, frozenset()):
        raise UnusualError(claim.claim_id)
    return _Read(claim.version, papers, tuple((paper, each.read) for paper, each in zip(papers, firsts, strict=True) if each.read))


def _take_papers(system: System, tx: Transaction, claim: ClaimRecord, read: _Read) -> bool:
    """Write what was read of a claim; True when its papers are complete and it can be judged."""
    if claim.version != read.version:
        raise UnusualError(claim.claim_id)
    claims.move(tx, claim.claim_id, ClaimState.READING, SYSTEM)
    tx.learn(("documents", claim.claim_id), read.documents)  # the claim has not changed since they were read, and is locked now
    documents.save_readings(tx, claim.claim_id, read.found)
    for record, document in read.found:
        audit.append(tx, claim.claim_id, SYSTEM, "document.read", told_of(record, document))
    return is_complete(system, tx, claims.get_claim(tx, claim.claim_id))


def _judge(system: System, tx: Transaction, ready: Sequence[ClaimRecord]) -> None:
    """Judge claims whose papers are complete; all of them have learnt what their papers tell before the first is judged."""
    if not ready:
        return
    policies = registry.find_policies(tx, sorted({number for each in ready for number in each.policy_numbers}), lock=True)
    if alone := [each.policy_number for each in policies if not each.family_id]:
        decisions.look_ahead(tx, alone)
    evidence = {each.claim_id: gather_evidence(system, tx, each) for each in ready}
    for each in ready:
        learn_from(tx, each, evidence[each.claim_id])
    ready = [claims.get_claim(tx, each.claim_id) for each in ready]
    tx.write_out()
    counters.look_ahead(tx, ready)
    entities.look_ahead(tx, {each.claim_id: keys_of_claim(system, tx, each, evidence[each.claim_id]) for each in ready})
    same_papers.look_ahead(tx, [paper for each in ready for paper in documents.documents_of(tx, each.claim_id)])
    for each in ready:
        conclude(system, tx, each, evidence[each.claim_id])
