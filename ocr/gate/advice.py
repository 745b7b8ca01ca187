"""What to do about a bad picture, in the customer's words, Chinese and English, with the place where it is bad."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Advice:
    """The way out of one kind of fault; `{where}` is filled with a place such as 左上角."""

    code: str  # of the finding
    zh: str
    en: str


ADVICE = {
    "blank": Advice("document.blank", "这张图片是空白的，请确认后重新上传", "This picture is empty: please check it and upload it again"),
    "dark": Advice("document.too_dark", "光线太暗，请到明亮处重拍", "It is too dark: please take it again in a brighter place"),
    "blown": Advice(
        "document.overexposed", "画面过亮，请避开强光、关闭闪光灯后重拍", "It is too bright: please turn off the flash and take it again"
    ),
    "glare": Advice("document.glare", "{where}反光，请换个角度重拍", "There is glare {where}: please take it again from another angle"),
    "defocus": Advice(
        "document.blurred", "图片模糊，请对准文字对焦后重拍", "It is out of focus: please tap on the text to focus and take it again"
    ),
    "motion": Advice("document.moved", "拍摄时手机晃动，请拿稳手机后重拍", "The phone moved: please hold it still and take it again"),
    "small": Advice("document.too_small", "图片太小，请靠近拍摄或上传原图", "It is too small: please move closer, or upload the original"),
    "faint": Advice("document.faint", "字迹太淡，请在均匀光线下重拍", "The print is too faint: please take it again in even light"),
    "covered": Advice(
        "document.covered",
        "{where}被遮挡，请移开手指或杂物后重拍",
        "Something covers the page {where}: please uncover it and take it again",
    ),
    "cut_off": Advice(
        "document.cut_off",
        "单据{where}没有拍全，请把整张单据拍进画面",
        "The page is cut off {where}: please get all of it into the picture",
    ),
    "perspective": Advice(
        "document.tilted", "拍摄角度太斜，请在单据正上方重拍", "The angle is too flat: please take it again from right above the page"
    ),
    "skew": Advice("document.slanted", "单据歪斜，请摆正后重拍", "The page lies askew: please straighten it and take it again"),
    "uneven": Advice(
        "document.uneven_light", "光线不均或有阴影，请避开阴影后重拍", "Part of it is in shadow: please take it again in even light"
    ),
    "noise": Advice("document.grainy", "画面噪点太多，请在光线充足处重拍", "It is too grainy: please take it again in better light"),
    "fold": Advice("document.folded", "单据有折痕，请展平后重拍", "The page is folded: please flatten it and take it again"),
    "screen": Advice(
        "document.screen_photo", "这是翻拍屏幕的照片，请上传原文件或拍摄原件", "This is a photo of a screen: please upload the file itself"
    ),
}

_ROWS_ZH, _COLUMNS_ZH = ("上", "", "下"), ("左", "", "右")
_ROWS_EN, _COLUMNS_EN = ("top", "", "bottom"), ("left", "", "right")


def advise(name: str, place: tuple[float, float] | None, language: str = "zh") -> str:
    """Tell what to do about the fault of a score's name at a place (0..1 from the left and from the top); `language` is zh or en."""
    advice = ADVICE[name]
    if language == "en":
        return " ".join(advice.en.format(where=_where_en(place)).replace(" :", ":").split())
    return advice.zh.format(where=_where_zh(place))


def _third(share: float) -> int:
    return min(2, max(0, int(3 * share)))


def _where_zh(place: tuple[float, float] | None) -> str:
    """Name a place: 左上角 in a corner, 上方 or 左侧 at a side, 中间 in the middle; nothing without one."""
    if place is None:
        return ""
    column, row = _COLUMNS_ZH[_third(place[0])], _ROWS_ZH[_third(place[1])]
    if column and row:
        return f"{column}{row}角"
    return f"{column}侧" if column else f"{row}方" if row else "中间"


def _where_en(place: tuple[float, float] | None) -> str:
    if place is None:
        return ""
    column, row = _COLUMNS_EN[_third(place[0])], _ROWS_EN[_third(place[1])]
    if column and row:
        return f"at the {row} {column}"
    return f"on the {column}" if column else f"at the {row}" if row else "in the middle"
