"""Intake (报案受理): a notice becomes a stored claim, once, whoever sends it and however often."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from adjudicator import clocks
from adjudicator.event_claims import begin_event_claim, find_waiting, owner_of
from adjudicator.same_loss import find_same
from adjudicator.system import System
from adjudicator.telling import tell_joined
from adjudicator.unusual import UnusualError
from agent.contact import check_looks_after
from domain.claim import Channel, ClaimNotice, PersonClue, UploadedFile
from domain.decision import Actor
from domain.errors import ConflictError, FileTooLargeError, InputError, KeyReusedError, MingbaiError, NotFoundError, OverloadedError
from domain.policy import Person
from domain.states import ClaimState
from policy.cover import choose_policies
from storage import audit, claims, documents, events, registry, tasks
from storage.claims import ClaimRecord
from storage.codec import sha256_of
from storage.database import Transaction
from storage.ids import new_id

_MOST_TOGETHER = 16  # callers that share a transaction
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
    is_joined: bool = False  # the loss was known: what was sent is with the claim that another channel, or we, had made
    problems: tuple[FileProblem, ...] = ()


@dataclass(frozen=True)
class StoredFile:
    """A file whose bytes are safe in the blob store; or a small one with its `content`, which goes into the row of its document."""

    name: str
    sha256: str
    size_bytes: int
    media_type: str
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Submission:
    """What a caller sent, its files stored, about to be written."""

    notice: ClaimNotice
    request_hash: str
    stored: tuple[StoredFile, ...]


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
        return _same_again(notice, *known, system.database.cipher.same(request_hash))
    stored, problems = store_files(system, notice.files, in_row_bytes=documents.IN_ROW_BYTES)
    submission = Submission(notice, request_hash, stored)
    receipt: Receipt | None
    if system.limits.claims_together > 1:
        receipt = system.submissions.do(submission, partial(_write_together, system), partial(_write_alone, system), _MOST_TOGETHER)
    else:
        receipt = _write_alone(system, submission)
    if receipt is None:  # somebody else wrote the same number between our look and our write
        with system.database.read() as tx:
            winner = _find_earlier(tx, notice)
        if winner is None:
            raise ConflictError(f"claim {notice.external_ref} could not be stored", "send it again")
        return _same_again(notice, *winner, system.database.cipher.same(request_hash))
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
    stored, problems = store_files(system, files, in_row_bytes=documents.IN_ROW_BYTES)
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
    told = vars(notice) if notice.taken_by else {key: value for key, value in vars(notice).items() if key != "taken_by"}
    facts = {key: value for key, value in told.items() if key != "files"}
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


def store_files(
    system: System, files: tuple[UploadedFile, ...], *, in_row_bytes: int = -1
) -> tuple[tuple[StoredFile, ...], tuple[FileProblem, ...]]:
    """Put the files that can be opened into the blob store, each content once; name the others.

    Those of at most `in_row_bytes` are not put there: the caller writes them with their rows.

    Raises:
        InputError: too many files, or none that can be opened (the first one's error).
    """
    if len(files) > system.limits.max_files:
        raise InputError(f"{len(files)} files were sent, of at most {system.limits.max_files}", "send fewer files", field="files")
    taken: list[tuple[str, str, bytes]] = []
    problems: list[FileProblem] = []
    for number, file in enumerate(files, start=1):
        name = file.name[:255] or f"file {number}"
        try:
            media_type = _check_file(system, file)
        except InputError as error:
            error.field, error.what = f"files/{number - 1}", f"{name}: {error.what}"
            problems.append(FileProblem(name, error))
            continue
        taken.append((name, media_type, file.content))
    if problems and not taken:
        raise problems[0].error
    stored: dict[str, StoredFile] = {}
    for name, media_type, content in taken:
        sha256, is_small = hashlib.sha256(content).hexdigest(), len(content) <= in_row_bytes
        stored.setdefault(sha256, StoredFile(name, sha256, len(content), media_type, content if is_small else None))
    if large := [content for *_, content in taken if len(content) > in_row_bytes]:
        system.blobs.put_all(large)
    return tuple(stored.values()), tuple(problems)


def _check_file(system: System, file: UploadedFile) -> str:
    if len(file.content) > system.limits.max_file_bytes:
        raise FileTooLargeError(
            f"{len(file.content)} bytes, of at most {system.limits.max_file_bytes}", "send a smaller picture or fewer pages"
        )
    return system.inspect(file.content)


def _check_backlog(system: System, tx: Transaction) -> None:
    waiting = tasks.count_open(tx, system.limits.max_backlog)
    if waiting >= system.limits.max_backlog:
        raise OverloadedError(
            f"{waiting} tasks are waiting, of at most {system.limits.max_backlog}", "send the claim again later, with the same number"
        )


def _find_earlier(tx: Transaction, notice: ClaimNotice) -> tuple[ClaimRecord, str] | None:
    """Find the claim that a channel's number made, or was joined to, with the hash of what was sent then."""
    if not events.is_known(tx, notice.channel, notice.external_ref):
        return None
    known = claims.find_by_key(tx, notice.channel, notice.external_ref)
    if known is not None:
        return known, known.request_hash
    joined = events.find_joined(tx, notice.channel, notice.external_ref)
    return (claims.get_claim(tx, joined[0]), joined[1]) if joined else None


def _same_again(notice: ClaimNotice, known: ClaimRecord, sent_hash: str, request_hashes: tuple[str, ...]) -> Receipt:
    if sent_hash not in request_hashes:
        raise KeyReusedError(
            f"the number {notice.external_ref} was used for claim {known.claim_id} with another content",
            "use a new external_ref for a new claim, or send further papers to that claim",
        )
    is_joined = (known.channel, known.external_ref) != (notice.channel, notice.external_ref)
    return Receipt(known.claim_id, known.state, is_new=False, is_joined=is_joined)


def _write_alone(system: System, submission: Submission) -> Receipt | None:
    with system.database.write() as tx:
        return _write_claim(system, tx, submission)


def _write_together(system: System, submissions: Sequence[Submission]) -> list[Receipt | Exception]:
    """Write what several callers sent in one transaction; whoever is not found, or has no policy, hears so and stops nobody.

    Raises:
        Exception: nothing was written. One of them has come in already, may be joined to a claim that is there, or something failed.
    """
    with system.database.write() as tx:
        registry.look_ahead_insured(tx, [each.notice.insured for each in submissions])
        understood = [_understood(tx, each) for each in submissions]
        fine = [each for each in understood if not isinstance(each, MingbaiError)]
        _check_usual(tx, [insured for insured, _ in fine], [new for _, new in fine])
        return [
            told if isinstance(told, MingbaiError) else _write_usual(tx, told[1], sent)
            for told, sent in zip(understood, submissions, strict=True)
        ]


def _understood(tx: Transaction, submission: Submission) -> tuple[Person, claims.NewClaim] | MingbaiError:
    try:
        return _understand(tx, submission)
    except MingbaiError as error:
        return error


def _check_usual(tx: Transaction, insured: Sequence[Person], new: Sequence[claims.NewClaim]) -> None:
    """Make sure that no two claims are of one insured, and that none belongs to a catastrophe or may be joined to a claim that is there.

    Raises:
        UnusualError: it is not so.
    """
    people = sorted({each.person_id for each in insured})
    _lock(tx, people)
    if len(people) < len(new):
        raise UnusualError(new[0].claim_id)
    stand = claims.standing_of(tx, people)
    for who, each in zip(insured, new, strict=True):
        may_be_joined = any(channel != each.channel or event_code for channel, event_code in stand.get(who.person_id, ()))
        if may_be_joined or owner_of(tx, who, each):
            raise UnusualError(each.claim_id)


def _lock(tx: Transaction, person_ids: Sequence[str]) -> None:
    if not tx.is_sqlite:  # which has one writer: another channel, or we ourselves, may be reporting for them at this moment
        events.lock_people(tx, person_ids)


def _write_usual(tx: Transaction, new: claims.NewClaim, submission: Submission) -> Receipt:
    claims.add_new_claim(tx, new, _actor(submission.notice))
    _begin(tx, new, submission.stored)
    return Receipt(new.claim_id, new.state, is_new=True)


def _write_claim(system: System, tx: Transaction, submission: Submission) -> Receipt | None:
    insured, new = _understand(tx, submission)
    actor, stored = _actor(submission.notice), submission.stored
    event = owner_of(tx, insured, new)
    _lock(tx, [insured.person_id])
    waiting = find_waiting(tx, insured, new)
    if waiting is not None:
        return _join_event_claim(system, tx, waiting, new, stored, actor)
    same = find_same(tx, new)
    if same is not None:
        return _join_same(system, tx, same, new, stored, actor)
    if not claims.add_claim(tx, replace(new, event_code=event.code if event else None), actor):
        return None
    _begin(tx, new, stored)
    if event:
        begin_event_claim(tx, claims.get_claim(tx, new.claim_id), event)
        if stored:
            clocks.contacted(tx, new.claim_id)
    return Receipt(new.claim_id, new.state, is_new=True)


def _actor(notice: ClaimNotice) -> Actor:
    return Actor(notice.taken_by, notice.channel) if notice.taken_by else Actor(notice.channel, "channel")


def _understand(tx: Transaction, submission: Submission) -> tuple[Person, claims.NewClaim]:
    notice = submission.notice
    insured = find_insured(tx, notice.insured)
    policies = choose_policies(tx, insured, notice.policy_numbers, notice.loss_date)
    if notice.channel is Channel.AGENT:
        check_looks_after(policies, notice.taken_by)
    return insured, claims.NewClaim(
        claim_id=new_id("C"),
        channel=notice.channel,
        external_ref=notice.external_ref,
        request_hash=submission.request_hash,
        state=ClaimState.SUBMITTED if submission.stored else ClaimState.REPORTED,
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


def _begin(tx: Transaction, new: claims.NewClaim, stored: tuple[StoredFile, ...]) -> None:
    """Let a claim that was stored a moment ago begin: its papers, its clocks, and the task of reading them."""
    _add_documents(tx, new.claim_id, stored, is_new_claim=True)
    if stored:
        clocks.start_complete(tx, new.claim_id)
        tasks.open_task(tx, new.claim_id, "read", 1)
    else:
        clocks.start_report(tx, new.claim_id)


def _remember_join(tx: Transaction, claim: ClaimRecord, told: claims.NewClaim, actor: Actor) -> bool:
    """Write that a channel's number leads to a claim that is there; False when it leads to one already."""
    if claims.find_by_key(tx, told.channel, told.external_ref):
        return False
    if not events.add_joined(tx, told.channel, told.external_ref, claim.claim_id, told.request_hash):
        return False
    audit.append(tx, claim.claim_id, actor, "report.joined", {"channel": told.channel, "request_hash": told.request_hash})
    return True


def _join_same(
    system: System, tx: Transaction, claim: ClaimRecord, told: claims.NewClaim, stored: tuple[StoredFile, ...], actor: Actor
) -> Receipt | None:
    """Give a report to the open claim of the same loss that another channel made; None when the same report is there meanwhile.

    What the claim knows stays as it was: a later report only adds what it left open.
    """
    if not _remember_join(tx, claim, told, actor):
        return None
    claims.add_to_report(tx, claim.claim_id, told)
    claim = claims.get_claim(tx, claim.claim_id)
    if stored:
        if claim.state is ClaimState.IN_REVIEW:
            claims.move(tx, claim.claim_id, ClaimState.READING, actor)
        _take_papers(system, tx, claim, stored, actor)
    tell_joined(tx, claim, told)
    return Receipt(claim.claim_id, claims.get_claim(tx, claim.claim_id).state, is_new=False, is_joined=True)


def _join_event_claim(
    system: System, tx: Transaction, claim: ClaimRecord, told: claims.NewClaim, stored: tuple[StoredFile, ...], actor: Actor
) -> Receipt | None:
    """Give a report to the claim of a catastrophe that it is about; None when the same report is there meanwhile."""
    if not _remember_join(tx, claim, told, actor):
        return None
    claims.take_report(tx, claim.claim_id, told)
    clocks.contacted(tx, claim.claim_id)
    clocks.start_report(tx, claim.claim_id)
    if stored:
        _take_papers(system, tx, claim, stored, actor)
    return Receipt(claim.claim_id, claims.get_claim(tx, claim.claim_id).state, is_new=False, is_joined=True)


def _add_documents(tx: Transaction, claim_id: str, stored: tuple[StoredFile, ...], *, is_new_claim: bool = False) -> None:
    files = [documents.NewDocument(new_id("D"), each.name, each.sha256, each.size_bytes, each.media_type, each.content) for each in stored]
    if files:
        documents.add_documents(tx, claim_id, files, is_new_claim=is_new_claim)
