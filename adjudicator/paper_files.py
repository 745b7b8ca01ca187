"""The bytes of papers (资料文件), wherever they lie: small ones in the row of their document, others in the blob store."""

from collections.abc import Collection, Mapping, Sequence

from adjudicator.system import System
from storage import documents
from storage.documents import DocumentRecord

Contents = Mapping[tuple[str, str], bytes]  # of what lies in rows, by claim and sha256


def bytes_of(system: System, records: Sequence[DocumentRecord]) -> dict[str, bytes]:
    """Give the bytes of papers by their sha256.

    Raises:
        NotFoundError: a file is neither in a row nor in the blob store.
        SetupError: its bytes were changed, or are another file's.
    """
    with system.database.read() as tx:
        in_rows = documents.contents_of(tx, sorted({each.claim_id for each in records}))
    return {each.sha256: content_of(system, each, in_rows) for each in records}


def bytes_by_hash(system: System, records: Sequence[DocumentRecord], hashes: Collection[str]) -> dict[str, bytes]:
    """Give files of the claims of some papers by their sha256: a paper that was joined is made of other papers' files, too.

    Raises as `bytes_of` does.
    """
    with system.database.read() as tx:
        in_rows = documents.contents_of(tx, sorted({each.claim_id for each in records}))
    found = {sha256: content for (_, sha256), content in in_rows.items() if sha256 in hashes}
    return found | {sha256: system.blobs.get(sha256) for sha256 in hashes if sha256 not in found}


def content_of(system: System, record: DocumentRecord, in_rows: Contents) -> bytes:
    """Give the bytes of one paper of whose claim those that lie in rows were looked up; raises as `bytes_of` does."""
    content = in_rows.get((record.claim_id, record.sha256))
    return system.blobs.get(record.sha256) if content is None else content
