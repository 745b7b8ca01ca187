"""Endorsements (电子批单): what a transaction changed, printed as PDF and as a page, kept by the hash of its bytes.

Printed a moment after the transaction is done, and from its row alone: printing it again gives the same bytes.
"""

import logging

from adjudicator.system import System
from domain.china import china_day, china_minute
from domain.letter import KIND_NAMES_ZH, Letter, LetterFormat, Letterhead, LetterKind, Section
from domain.servicing import Level
from storage import endorsements, servicing
from storage.database import Transaction
from storage.servicing import ServicingRecord, Signature

_log = logging.getLogger(__name__)
_AGAIN_MS = 3_600_000  # a machine without a Chinese font is asked again within the hour
_LEVELS_ZH = {Level.CODE: "短信验证码", Level.FACE: "人脸比对"}


def write_endorsements(system: System, at_most: int) -> int:
    """Print some endorsements that are due; gives how many transactions were dealt with."""
    with system.database.write() as tx:
        due = servicing.lease_print_due(tx, system.limits.lease_ms, at_most)
    for transaction_id in due:
        with system.database.read() as tx:
            letter = letter_of(tx, system.letterhead, transaction_id)
        printed = system.press.print(letter)
        contents = {LetterFormat.HTML: printed.html} | ({LetterFormat.PDF: printed.pdf} if printed.pdf else {})
        hashes = {format_: system.blobs.put(content) for format_, content in contents.items()}
        with system.database.write() as tx:
            for format_, sha256 in hashes.items():
                endorsements.add(tx, transaction_id, format_, sha256, len(contents[format_]))
            servicing.put_off_print(tx, [transaction_id], None if printed.pdf else tx.now_ms() + _AGAIN_MS)
        if not printed.pdf:
            _log.warning("endorsement %s has no PDF: %s", transaction_id, printed.lacking)
    return len(due)


def letter_of(tx: Transaction, head: Letterhead, transaction_id: str) -> Letter:
    """Write the endorsement of a transaction that is done."""
    record, signature = servicing.find(tx, transaction_id), servicing.find_signature(tx, transaction_id)
    *told, words = record.text.split("\n")
    facts = tuple((label, text) for label, _, text in (line.partition("：") for line in told))
    sections = (Section("批注内容", (words,)), Section("签署", _signed(record, signature)))
    day = china_day(record.ended_ms or record.quoted_ms)
    number, heading = f"E{transaction_id[1:]}", KIND_NAMES_ZH[LetterKind.ENDORSEMENT]
    return Letter(number, LetterKind.ENDORSEMENT, day, heading, head, "客户", facts, sections)


def _signed(record: ServicingRecord, signature: Signature | None) -> tuple[str, ...]:
    if signature is None:
        return ()
    told = f"申请人于{china_minute(signature.signed_ms)}（北京时间）以电子方式签署，身份验证方式：{_LEVELS_ZH[signature.level]}。"
    return (told, f"所签文本的 SHA-256：{signature.text_sha256}", f"业务编号：{record.transaction_id}")
