"""HEIC, the iPhone's own picture format: read where the optional package pi-heif is installed (docs/adr/0012)."""

from importlib import import_module
from importlib.util import find_spec

from domain.errors import UnreadableFileError
from ocr.sniff import is_heic

_DECODER = "pi_heif"  # libheif and libde265 without an encoder, LGPL


def has_heic() -> bool:
    """Tell whether this machine can decode HEIC."""
    return find_spec(_DECODER) is not None


def prepare_heic(content: bytes) -> None:
    """Let Pillow open a HEIC picture; for anything else nothing happens.

    Raises:
        UnreadableFileError: the decoder is not installed; the customer is told how the phone writes JPG.
    """
    if not is_heic(content):
        return
    if not has_heic():
        raise UnreadableFileError(
            "the file is a HEIC picture, and nothing here opens those",
            "send it as JPG; for the operator: pip install pi-heif",
            advice_zh="暂不支持苹果 HEIC 图片。请在 iPhone“设置 → 相机 → 格式”中选“兼容性最佳”后重拍，或将图片存为 JPG 后上传",
        )
    import_module(_DECODER).register_heif_opener()
