"""Reads values out of the text beside a label: amounts, dates, numbers, days; None when it is none."""

import re
import unicodedata
from datetime import date

from domain.errors import AmountError
from domain.identity import is_id_number
from domain.money import parse_capitals, parse_fen

# No part of a longer run of digits, points and commas: of 1,23.45 neither 1 nor 23.45 is the amount; nor of one that a blank tore
# apart (7 743.62, 7743.6 2).
_WHOLE = r"(?<![\d.,])(?<!\d\s)-?(?:\d{1,3}(?:,\d{3})+|\d+)"
_FRACTION = r"(?:\.\d{2}|\.\d(?!\s?\d)|(?!\.\d|\s?\d{3}[.,]\d))"
_FIGURES = re.compile(_WHOLE + _FRACTION + r"(?![.,]?\d)")
_THOUSANDS_POINT = re.compile(r"(?<=\d)\.(?=\d{3}[.,]\d)")  # a comma between thousands that was read as a point: 2.471.04
# A day that a blank tore apart (3月1 1日) is none; a time of day may follow it.
_DAY = r"(\d{2}(?!\d)|\d(?!\d|\s\d(?!\d?\s?[:时])))"
_DATE = re.compile(r"((?:19|20)\d{2})\s*[年\-/.、]\s*(\d{1,2})\s*[月\-/.、]\s*" + _DAY)
_DAYS = re.compile(r"(?<![\d.])(?<!\d\s)\d{1,4}(?!\s?\d|\.\d)")
_COMPACT_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_CAPITALS = re.compile(r"[零〇壹贰弍叁肆伍陆柒捌玖拾佰仟万亿元圆園角分整正萬億百千十两]{2,}")
# What readers take a capital for. Only characters that stand in no amount themselves.
_CAPITAL_SLIPS = str.maketrans("参叄叁貳贰壱弌陸捌玖柒染漆抬仵肄仔値", "叁叁叁贰贰壹壹陆捌玖柒柒柒拾伍肆仟佰")
# Simple characters that readers answer with in their traditional form, mostly in names.
_TRADITIONAL = str.maketrans(
    "黃張劉陳楊趙吳孫馬許鄭謝韓馮鄧葉蔣羅醫診斷證書療費據號碼繳業記錄經過額計單銀開戶發險請報學檢編時間處見國華偉麗紅東",
    "黄张刘陈杨赵吴孙马许郑谢韩冯邓叶蒋罗医诊断证书疗费据号码缴业记录经过额计单银开户发险请报学检编时间处见国华伟丽红东",
)
_DIGIT_SLIPS = str.maketrans("OoQlI|Zz", "00011122")


def to_simplified(text: str) -> str:
    """Fold the traditional characters that readers answer with: "診斷" -> "诊断"."""
    return text.translate(_TRADITIONAL)


def to_half_width(text: str) -> str:
    """Fold full-width digits, letters and punctuation: "￥７．５" -> "¥7.5"."""
    return unicodedata.normalize("NFKC", text).replace("￥", "¥").replace("，", ",").replace("。", ".")


def read_amount(text: str) -> int | None:
    """Read the first amount in 元 as fen: "¥7,743.62" -> 774362; a blank beside the point is no matter."""
    folded = _THOUSANDS_POINT.sub(",", re.sub(r"\s*([.,])\s*", r"\1", to_half_width(text)))
    match = _FIGURES.search(re.sub(r"(?<=\d)[oOlI](?=[\d.])", lambda slip: slip[0].translate(_DIGIT_SLIPS), folded))
    if match is None:
        return None
    try:
        return parse_fen(match[0], may_be_negative=True)
    except AmountError:
        return None


def read_capitals(text: str) -> int | None:
    """Read an amount in Chinese capitals as fen: "柒仟元整" -> 700000."""
    match = _CAPITALS.search(re.sub(r"\s", "", text).translate(_CAPITAL_SLIPS))
    if match is None:
        return None
    try:
        return parse_capitals(match[0])
    except AmountError:
        return None


def read_date(text: str) -> date | None:
    """Read the first date: 2024年3月1日, 2024-03-01, 2024/3/1, 2024.3.1 or 20240301."""
    folded = to_half_width(text)
    match = _DATE.search(folded) or _COMPACT_DATE.search(folded)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_term_end(text: str) -> date | None:
    """Read the last day of a term (有效期限): 2015.03.02-2035.03.02 ends on the second day, 长期 never (9999-12-31)."""
    folded = to_half_width(text)
    if re.search(r"长\s*期", folded):
        return date.max
    dates = list(_DATE.finditer(folded)) or list(_COMPACT_DATE.finditer(folded))
    first, last = (read_date(each[0]) for each in (dates[0], dates[-1])) if len(dates) == 2 else (None, None)
    return last if first and last and first < last else None


def read_days(text: str) -> int | None:
    """Read a number of days up to 9999: "9天" -> 9; one that is torn apart ("1 2天") or no whole number is none."""
    match = _DAYS.search(to_half_width(text))
    return int(match[0]) if match else None


def read_id_number(text: str) -> str | None:
    """Read 18 characters of an ID number, a last x as X.

    Blanks between digits are left out; in a longer run of digits (a reader may see one twice) the
    18 with a right check character are taken.
    """
    folded = re.sub(r"[·.-]", "", to_half_width(text)).translate(_DIGIT_SLIPS)
    for token in (*folded.split(), re.sub(r"\s", "", folded)):
        if re.fullmatch(r"\d{17}[\dXx]", token):
            return token.upper()
    compact = re.sub(r"\s", "", folded).upper()
    windows = (compact[start : start + 18] for start in range(len(compact) - 17))
    return next((window for window in windows if is_id_number(window)), None)


def read_card_number(text: str) -> str | None:
    """Read 12–19 digits of a card or account, blanks between them left out."""
    compact = re.sub(r"[\s·.-]", "", to_half_width(text)).translate(_DIGIT_SLIPS)
    match = re.search(r"(?<!\d)\d{12,19}(?!\d)", compact)
    return match[0] if match else None


def read_code(text: str) -> str | None:
    """Read a number or code of letters and digits: "票 99060124" -> "99060124", "B2024-1234" stays."""
    match = re.search(r"[0-9A-Za-z][0-9A-Za-z\-_/.]*", re.sub(r"\s+", "", to_half_width(text)))
    return match[0].rstrip(".-/_") if match else None


def read_words(text: str) -> str | None:
    """Read words as they stand, punctuation and blanks at the ends left out."""
    stripped = re.sub(r"\s+", " ", to_simplified(text)).strip(" :：;；,，.。、|_—-")
    return stripped or None


def read_story(text: str) -> str | None:
    """Read sentences as they stand; None when there is no word in them."""
    stripped = re.sub(r"\s+", "", to_simplified(text))
    return stripped if re.search(r"[\u4e00-\u9fffA-Za-z]", stripped) else None


def read_name(text: str) -> str | None:
    """Read a name: the first run of Chinese characters and middle dots; "张 三", printed apart, is one."""
    match = re.search(r"[\u4e00-\u9fff·]{2,20}|[\u4e00-\u9fff](?:\s{1,3}[\u4e00-\u9fff](?![\u4e00-\u9fff])){1,3}", text)
    return to_simplified(re.sub(r"\s", "", match[0])) if match else None


_BOXES = re.compile(r"[□☐☑☒■√✓✔]|口(?=疾病|意外)")  # a reader takes an empty box for 口
_TICKED = re.compile(r"[☑☒■√✓✔]\s{0,3}(疾病|意外)")
_CAUSES = re.compile(r"疾病|意外")


def read_cause(text: str) -> str | None:
    """Read why it happened: the one cause that is ticked, or written; None where none or both are."""
    found = set((_TICKED if _BOXES.search(text) else _CAUSES).findall(text))
    return found.pop() if len(found) == 1 else None
