"""Uploads (断点续传): a file comes in parts over a bad line, goes on where it broke off, and is then claimed with by its number."""

from collections.abc import Sequence

from adjudicator.system import System
from domain.claim import UploadedFile
from domain.errors import FileTooLargeError, InputError, OverloadedError
from storage import uploads
from storage.uploads import Upload

_MOST_AT_ONCE = 500  # of one asker


def begin_upload(system: System, asker: str, file_name: str, size_bytes: int) -> Upload:
    """Begin to take a file.

    Raises:
        FileTooLargeError: it would be larger than a file of a claim may be.
        OverloadedError: this asker has begun too many.
    """
    most = system.limits.max_file_bytes
    if size_bytes > most:
        raise FileTooLargeError(f"{size_bytes} bytes, of at most {most}", "send a smaller picture or fewer pages")
    with system.database.write() as tx:
        begun = uploads.count_of(tx, asker)
        if begun >= _MOST_AT_ONCE:
            raise OverloadedError(f"{begun} uploads are begun, of at most {_MOST_AT_ONCE}", "claim with them, or let them run out")
        return uploads.begin(tx, asker, file_name, size_bytes)


def take_uploads(system: System, asker: str, upload_ids: Sequence[str]) -> tuple[UploadedFile, ...]:
    """Give files that have come whole. They stay until they run out, so that a claim whose answer was lost can be sent again.

    Raises:
        NotFoundError: one that is not there, or not this asker's.
        InputError: one of which a part is still missing; or more than a claim may have.
    """
    if len(upload_ids) > system.limits.max_files:
        raise InputError(f"{len(upload_ids)} uploads, of at most {system.limits.max_files}", "send fewer files", field="uploads")
    files = []
    for place, upload_id in enumerate(upload_ids):
        with system.database.read() as tx:
            upload = uploads.get(tx, asker, upload_id)
            if not upload.is_complete:
                told = f"upload {upload_id} has {upload.received_bytes} of {upload.size_bytes} bytes"
                raise InputError(told, "send the rest of it first", field=f"uploads/{place}")
            files.append(UploadedFile(upload.file_name, uploads.read_content(tx, upload_id)))
    return tuple(files)


def drop_expired(system: System, most: int) -> int:
    """Forget uploads that ran out; gives how many."""
    with system.database.read() as tx:
        gone = uploads.expired(tx, most)
    if gone:
        with system.database.write() as tx:
            uploads.drop(tx, gone)
    return len(gone)
