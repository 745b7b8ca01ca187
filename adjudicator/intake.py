"""Intake (报案受理): a notice becomes a stored claim, once, whoever sends it and however often."""

import hashlib
import json
from dataclasses import dataclass, replace

from adjudicator import clocks
from adjudicator.event_claims import begin_event_claim, find_waiting, owner_of
from adjudicator.system import System
from domain.claim import ClaimNotice, PersonClue, UploadedFile
from domain.decision import Actor
from domain.errors import ConflictError, FileTooLargeError, InputError, KeyReusedError, NotFoundError, OverloadedError
from domain.policy import Person
from domain.states import ClaimState
from policy.cover import choose_policies
from storage import audit, claims, documents, events, registry, tasks
from storage.claims import ClaimRecord
from storage.codec import sha256_of
from storage.database import Transaction
from storage.ids import new_id

_OPEN_FOR_PAPERS = (ClaimState.REPORTED, ClaimState.NEEDS_SUPPLEMENT, ClaimState.REOPENED)


@dataclass(frozen=True)
class FileProblem:
    """A file that was left out because nobody can open it, and why."""

    file_name: str
    error: InputError


@dataclass(frozen=True)
class Receipt:
    """What the sender is told: which claim it is, and whether this call made it."""

    claim_id: str
    state: ClaimState
    is_new: bool
    problems: tuple[FileProblem, ...] = ()


@dataclass(frozen=True)
class StoredFile:
    """A file whose bytes are safe in the blob store."""

    name: str
    sha256: str
    size_bytes: int
    media_type: str


def submit(system: System, notice: ClaimNotice) -> Receipt:
    """Take a report or a complete claim; answer after it is safely stored.

    The same channel number with the same content gives the same claim again. Files that nobody can open
    are named in the receipt and left out, as long as one can be opened.

    Raises:
        NotFoundError: no such insured, or a policy that does not insure them.
        KeyReusedError: the channel number came before with another content.
        InputError: several people fit, too many files, or not one file that can be opened.
        OverloadedError: too much is waiting.
    """
    request_hash = system.database.cipher.index(hash_notice(notice))  # keyed: a bare report could be guessed from a plain hash
    with system.database.read() as tx:
        known = _find_earlier(tx, notice)
        if known is None:
            _check_backlog(system, tx)
    if known is not None:
        return _same_again(notice, *known, request_hash)
    stored, problems = store_files(system, notice.files)
    with system.database.write() as tx:
        receipt = _write_claim(system, tx, notice, request_hash, stored)
    if receipt is None:  # somebody else wrote the same number between our look and our write
        with system.database.read() as tx:
            winner = _find_earlier(tx, notice)
        if winner is None:
            raise ConflictError(f"claim {notice.external_ref} could not be stored", "send it again")
        return _same_again(notice, *winner, request_hash)
    system.wake()
    return replace(receipt, problems=problems)


def add_files(system: System, claim_id: str, files: tuple[UploadedFile, ...], actor: Actor) -> Receipt:
    """Take further papers of a claim: after a report, or in answer to the supplement notice.

    Raises:
        NotFoundError: no such claim.
        ConflictError: the claim is not waiting for papers.
        InputError: no file, too many, or not one that can be opened.
    """
    if not files:
        raise InputError("no file was sent", "send at least one file in the part named files", field="files")
    stored, problems = store_files(system, files)
    with system.database.write() as tx:
        claim = claims.get_claim(tx, claim_id, lock=True)
        if claim.state not in _OPEN_FOR_PAPERS:
            raise ConflictError(
                f"claim {claim_id} is {claim.state} and takes no papers now", "wait for the supplement notice, or call the hotline"
            )
        _take_papers(system, tx, claim, stored, actor)
        state = claims.get_claim(tx, claim_id).state
    system.wake()
    return Receipt(claim_id, state, is_new=False, problems=problems)


def _take_papers(system: System, tx: Transaction, claim: ClaimRecord, stored: tuple[StoredFile, ...], actor: Actor) -> None:
    """Add papers to a claim that waits for them, and have them read."""
    claim_id = claim.claim_id
    files_held = {document.sha256 for document in documents.documents_of(tx, claim_id)}  # several documents may stand in one file
    fresh = tuple(each for each in stored if each.sha256 not in files_held)
    if len(files_held) + len(fresh) > system.limits.max_files:
        raise InputError(
            f"claim {claim_id} would have {len(files_held) + len(fresh)} files, of at most {system.limits.max_files}", field="files"
        )
    _add_documents(tx, claim_id, fresh)
    audit.append(tx, claim_id, actor, "documents.received", {"count": len(fresh)})
    if claim.state is ClaimState.REPORTED:
        claims.move(tx, claim_id, ClaimState.SUBMITTED, actor)
    clocks.start_decision(tx, claim_id)
    clocks.papers_arrived(tx, claim_id)
    tasks.open_task(tx, claim_id, "read", claim.round)


def hash_notice(notice: ClaimNotice) -> str:
    """Hash what was sent, files by their content: the same claim sent again hashes the same."""
    facts = {key: value for key, value in vars(notice).items() if key != "files"}
    facts["insured"] = vars(notice.insured)
    facts["payee"] = vars(notice.payee) if notice.payee else None
    facts["files"] = [hashlib.sha256(each.content).hexdigest() for each in notice.files]
    return sha256_of(json.loads(json.dumps(facts, default=str)))


def find_insured(tx: Transaction, clue: PersonClue) -> Person:
    """Find the one person a clue fits.

    Raises:
        NotFoundError: nobody fits. The message repeats no number, because it may be shown and logged.
        InputError: several fit.
    """
    found = registry.find_people(tx, clue)
    if not found:
        given = "policy number" if clue.policy_number else "ID number" if clue.id_number else "name and birth date"
        raise NotFoundError(
            f"nobody here fits the {given} that was given",
            "check it for typing errors, or use another: ID number, policy number, name and birth date",
        )
    if len(found) > 1:
        raise InputError(f"{len(found)} people fit what was given", "add the birth date, or use the ID number", field="insured")
    return found[0]


def store_files(system: System, files: tuple[UploadedFile, ...]) -> tuple[tuple[StoredFile, ...], tuple[FileProblem, ...]]:
    """Put the files that can be opened into the blob store, each content once; name the others.

    Raises:
        InputError: too many files, or none that can be opened (the first one's error).
    """
    if len(files) > system.limits.max_files:
        raise InputError(f"{len(files)} files were sent, of at most {system.limits.max_files}", "send fewer files", field="files")
    stored: dict[str, StoredFile] = {}
    problems: list[FileProblem] = []
    for number, file in enumerate(files, start=1):
        name = file.name[:255] or f"file {number}"
        try:
            media_type = _check_file(system, file)
        except InputError as error:
            error.field, error.what = f"files/{number - 1}", f"{name}: {error.what}"
            problems.append(FileProblem(name, error))
            continue
        sha256 = system.blobs.put(file.content)
        stored.setdefault(sha256, StoredFile(name, sha256, len(file.content), media_type))
    if problems and not stored:
        raise problems[0].error
    return tuple(stored.values()), tuple(problems)


def _check_file(system: System, file: UploadedFile) -> str:
    if len(file.content) > system.limits.max_file_bytes:
        raise FileTooLargeError(
            f"{len(file.content)} bytes, of at most {system.limits.max_file_bytes}", "send a smaller picture or fewer pages"
        )
    return system.inspect(file.content)


def _check_backlog(system: System, tx: Transaction) -> None:
    waiting = tasks.backlog(tx).open
    if waiting >= system.limits.max_backlog:
        raise OverloadedError(
            f"{waiting} tasks are waiting, of at most {system.limits.max_backlog}", "send the claim again later, with the same number"
        )


def _find_earlier(tx: Transaction, notice: ClaimNotice) -> tuple[ClaimRecord, str] | None:
    """Find the claim that a channel's number made, or was joined to, with the hash of what was sent then."""
    known = claims.find_by_key(tx, notice.channel, notice.external_ref)
    if known is not None:
        return known, known.request_hash
    joined = events.find_joined(tx, notice.channel, notice.external_ref)
    return (claims.get_claim(tx, joined[0]), joined[1]) if joined else None


def _same_again(notice: ClaimNotice, known: ClaimRecord, sent_hash: str, request_hash: str) -> Receipt:
    if sent_hash != request_hash:
        raise KeyReusedError(
            f"the number {notice.external_ref} was used for claim {known.claim_id} with another content",
            "use a new external_ref for a new claim, or send further papers to that claim",
        )
    return Receipt(known.claim_id, known.state, is_new=False)


def _write_claim(system: System, tx: Transaction, notice: ClaimNotice, request_hash: str, stored: tuple[StoredFile, ...]) -> Receipt | None:
    insured = find_insured(tx, notice.insured)
    policies = choose_policies(tx, insured, notice.policy_numbers, notice.loss_date)
    actor, claim_id = Actor(notice.channel, "channel"), new_id("C")
    new = claims.NewClaim(
        claim_id=claim_id,
        channel=notice.channel,
        external_ref=notice.external_ref,
        request_hash=request_hash,
        state=ClaimState.SUBMITTED if stored else ClaimState.REPORTED,
        insured_id=insured.person_id,
        policy_numbers=tuple(each.policy_number for each in policies),
        loss_date=notice.loss_date,
        loss_cause=notice.loss_cause,
        narrative=notice.narrative,
        reporter_name=notice.reporter_name,
        reporter_phone=notice.reporter_phone,
        payee=notice.payee,
        device_id=notice.device_id,
    )
    event = owner_of(tx, insured, new)
    if event:
        events.lock_people(tx, [insured.person_id])  # we may be reporting for them at this moment
    waiting = find_waiting(tx, insured, new)
    if waiting is not None:
        return _join_report(system, tx, waiting, new, stored, actor)
    if not claims.add_claim(tx, replace(new, event_code=event.code if event else None), actor):
        return None
    _add_documents(tx, claim_id, stored)
    clocks.start_report(tx, claim_id)
    if event:
        begin_event_claim(tx, claims.get_claim(tx, claim_id), event)
    if stored:
        clocks.start_decision(tx, claim_id)
        tasks.open_task(tx, claim_id, "read", 1)
    return Receipt(claim_id, new.state, is_new=True)


def _join_report(
    system: System, tx: Transaction, claim: ClaimRecord, told: claims.NewClaim, stored: tuple[StoredFile, ...], actor: Actor
) -> Receipt | None:
    """Give a report to the claim of a catastrophe that it is about; None when the same report is there meanwhile."""
    if claims.find_by_key(tx, told.channel, told.external_ref):
        return None
    if not events.add_joined(tx, told.channel, told.external_ref, claim.claim_id, told.request_hash):
        return None
    claims.take_report(tx, claim.claim_id, told)
    audit.append(tx, claim.claim_id, actor, "report.joined", {"channel": told.channel, "request_hash": told.request_hash})
    clocks.contacted(tx, claim.claim_id)
    clocks.start_report(tx, claim.claim_id)
    if stored:
        _take_papers(system, tx, claim, stored, actor)
    return Receipt(claim.claim_id, claims.get_claim(tx, claim.claim_id).state, is_new=False)


def _add_documents(tx: Transaction, claim_id: str, stored: tuple[StoredFile, ...]) -> None:
    for each in stored:
        documents.add_document(tx, new_id("D"), claim_id, each.name, each.sha256, each.size_bytes, each.media_type)
