"""How far a file has come that is sent in parts."""

from api.answers.base import Answer, iso_time
from storage.uploads import Upload


class UploadStands(Answer):
    """Name `upload_id` in `uploads` of a claim, or of documents, once it is complete."""

    upload_id: str
    file_name: str
    received_bytes: int
    size_bytes: int
    is_complete: bool
    expires_at: str


def upload_stands(upload: Upload) -> UploadStands:
    """Tell how far it is."""
    return UploadStands(
        upload_id=upload.upload_id,
        file_name=upload.file_name,
        received_bytes=upload.received_bytes,
        size_bytes=upload.size_bytes,
        is_complete=upload.is_complete,
        expires_at=iso_time(upload.expires_ms),
    )
