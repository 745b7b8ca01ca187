"""Opens a zip package that a stranger sent, within bounds: nothing is written to disk, nothing is unpacked that is not asked for."""

import posixpath
import stat
import struct
import zipfile
import zlib
from io import BytesIO

from domain.errors import FileTooLargeError, PasswordProtectedError, UnreadableFileError

_ENTRIES_MAX = 2000
_DIRECTORY_BYTES_MAX = 1_000_000  # of the list of entries, counted before it is read
_RATIO_MAX = 200  # times that an entry may grow; XML grows about twenty times
_RATIO_COUNTS_FROM = 1_000_000  # bytes: a small entry harms nobody
_END = b"PK\x05\x06"
_END_BYTES, _COMMENT_MAX = 22, 65_535
_ENCRYPTED = 0x1
# What the zip reader raises at a damaged package.
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, IndexError)
_AGAIN, _AGAIN_ZH = "download it again and send the new file", "OFD 文件已损坏或不完整，请重新下载后上传"
_SUSPICIOUS, _SUSPICIOUS_ZH = "send the file as the issuer gave it", "OFD 文件结构异常，不予读取；请上传开票方提供的原始文件，或其 PDF"


class Package:
    """The entries of a zip file, by their names; each is unpacked when it is read, and counted."""

    def __init__(self, content: bytes, max_unpacked_bytes: int) -> None:
        """Look at the list of entries.

        Raises:
            UnreadableFileError: no whole zip file, or an entry that would leave the package.
            FileTooLargeError: too many entries, or entries that would grow beyond the bound.
            PasswordProtectedError: an entry is encrypted.
        """
        _check_directory(content)
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except _DAMAGED as error:
            raise UnreadableFileError(f"the OFD package is damaged or cut off ({error})", _AGAIN, advice_zh=_AGAIN_ZH) from error
        self._left = max_unpacked_bytes
        self._entries = self._checked(max_unpacked_bytes)

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def read(self, path: str) -> bytes:
        """Unpack one entry.

        Raises:
            UnreadableFileError: no such entry, or a damaged one.
            FileTooLargeError: all entries read so far come to more than the bound.
        """
        entry = self._entries.get(path)
        if entry is None:
            raise UnreadableFileError(f"the OFD package has no {path!r}", _AGAIN, advice_zh=_AGAIN_ZH)
        try:
            with self._zip.open(entry) as source:
                content = source.read(min(entry.file_size, self._left) + 1)  # what an entry says of its size may be a lie
        except _DAMAGED as error:
            raise UnreadableFileError(f"{path} in the OFD package is damaged ({error})", _AGAIN, advice_zh=_AGAIN_ZH) from error
        self._left -= len(content)
        if self._left < 0:
            raise FileTooLargeError("the OFD package unpacks to more than is taken", _SUSPICIOUS, advice_zh=_SUSPICIOUS_ZH)
        return content

    def _checked(self, max_unpacked_bytes: int) -> dict[str, zipfile.ZipInfo]:
        listed = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        entries = {entry.filename: entry for entry in listed}
        if len(entries) < len(listed):
            raise UnreadableFileError("the OFD package has two entries of one name", _SUSPICIOUS, advice_zh=_SUSPICIOUS_ZH)
        for entry in listed:
            _check_entry(entry)
        if sum(entry.file_size for entry in listed) > max_unpacked_bytes:
            raise FileTooLargeError(
                f"the OFD package would unpack to more than {max_unpacked_bytes:,} bytes", _SUSPICIOUS, advice_zh=_SUSPICIOUS_ZH
            )
        return entries


def resolve(location: str, base: str) -> str:
    """Give the entry that a location inside a package means: from the root with a leading slash, else from the folder `base`.

    A location that leads out of the package gives a name that no entry has.
    """
    return posixpath.normpath(location.lstrip("/") if location.startswith("/") else posixpath.join(base, location))


def _check_directory(content: bytes) -> None:
    """Count the entries by the zip file's own last words, before any of them is looked at."""
    place = content.rfind(_END, max(0, len(content) - _END_BYTES - _COMMENT_MAX))
    if place < 0 or place + _END_BYTES > len(content):
        raise UnreadableFileError("the OFD package is cut off: its list of entries is missing", _AGAIN, advice_zh=_AGAIN_ZH)
    count, size = struct.unpack_from("<HI", content, place + 10)
    if count > _ENTRIES_MAX or size > _DIRECTORY_BYTES_MAX:
        raise FileTooLargeError(f"the OFD package has more than {_ENTRIES_MAX} entries", _SUSPICIOUS, advice_zh=_SUSPICIOUS_ZH)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in entry.orig_filename:
        raise UnreadableFileError(
            f"the OFD package has an entry that leads out of it: {name[:80]!r}", _SUSPICIOUS, advice_zh=_SUSPICIOUS_ZH
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise UnreadableFileError(f"the OFD package has a link: {name[:80]!r}", _SUSPICIOUS, advice_zh=_SUSPICIOUS_ZH)
    if entry.flag_bits & _ENCRYPTED:
        raise PasswordProtectedError(
            f"{name[:80]} in the OFD package is encrypted", "save it without a password", advice_zh="OFD 文件已加密，请取消密码后重新上传"
        )
    if entry.file_size > max(_RATIO_COUNTS_FROM, _RATIO_MAX * entry.compress_size):
        raise FileTooLargeError(
            f"{name[:80]} in the OFD package would grow from {entry.compress_size:,} to {entry.file_size:,} bytes",
            _SUSPICIOUS,
            advice_zh=_SUSPICIOUS_ZH,
        )
