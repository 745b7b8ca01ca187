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
_SAME_YEAR = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*日")  # the end of a stay: 2026年3月2日至3月11日
_DIGITS_ZH = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_DATE_ZH = re.compile(
    r"([12二一][\d〇○零一二三四五六七八九]{3})\s*年\s*([一二三四五六七八九十]{1,2})\s*月\s*([一二三四五六七八九十]{1,3})\s*日"
)
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
    """Read the first date: 2024年3月1日, 2024-03-01, 2024/3/1, 2024.3.1, 20240301 or 二〇二四年三月一日."""
    folded = _figures_for_words(to_half_width(text))
    match = _DATE.search(folded) or _COMPACT_DATE.search(folded)
    return _date_of(match[1], match[2], match[3]) if match else None


def read_range_start(text: str) -> date | None:
    """Read the first day of a range, which must have a last one: 2024-03-01 至 2024-03-09."""
    days = _range_of(text)
    return days[0] if days else None


def read_range_end(text: str) -> date | None:
    """Read the last day of a range; its year may be left out: 2024年3月1日至3月9日."""
    days = _range_of(text)
    return days[1] if days else None


def _range_of(text: str) -> tuple[date, date] | None:
    folded = _figures_for_words(to_half_width(text))
    matches = [*_DATE.finditer(folded)] or [*_COMPACT_DATE.finditer(folded)]
    if not matches:
        return None
    if len(matches) == 1:
        later = _SAME_YEAR.search(folded, matches[0].end())
        ends = (matches[0][1], later[1], later[2]) if later else None
    else:
        ends = (matches[1][1], matches[1][2], matches[1][3])
    first, last = _date_of(matches[0][1], matches[0][2], matches[0][3]), _date_of(*ends) if ends else None
    return (first, last) if first and last else None


def _date_of(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
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


def _figures_for_words(text: str) -> str:
    """Write a date of Chinese numerals in figures: 二〇二六年三月十一日 -> 2026年3月11日."""
    return _DATE_ZH.sub(lambda words: f"{words[1].translate(_DIGITS_ZH)}年{_number_zh(words[2])}月{_number_zh(words[3])}日", text)


def _number_zh(words: str) -> int:
    tens, ten, ones = words.rpartition("十")
    value = int(ones.translate(_DIGITS_ZH)) if ones else 0
    return value + 10 * (int(tens.translate(_DIGITS_ZH)) if tens else 1) if ten else value


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


_NEXT_LABEL = re.compile("性别|年龄|科室|科别|住院|床号|床位|病区|病案|病历|出生|身份|电话|住址|民族|职业|费别|婚姻|入院|出院|男$|女$")
_NO_PERSON = re.compile(
    "姓名|名称|信息|关系|签名|签字|盖章|公章|医院|诊断|日期|时间|号码|情况|患者|病人|本人|基本|资料|类型|类别|单位|费用"
    "|编号|编码|代码|卡号|账号|帐号|证件|地点|地址|经过|原因|项目|金额|保单|保险"
)
_HOSPITAL_NOUN = re.compile("医院|卫生院|保健院|卫生服务|医学中心|医疗中心|防治|疗养院|诊所|门诊部|医务室|卫生室|药房|药店")
_INSURANCE = re.compile("医保|医疗|保险|自费|职工|居民|农合|公费|统筹")


def read_person(text: str) -> str | None:
    """Read a person's name: two to four characters, or more with a middle dot; words of the form beside it are none."""
    name = read_name(text)
    name = _NEXT_LABEL.split(name, maxsplit=1)[0] if name else ""
    is_person = 2 <= len(name) <= 4 or ("·" in name and len(name) <= 20)
    return name if is_person and _NO_PERSON.search(name) is None else None


def read_hospital(text: str) -> str | None:
    """Read a hospital's name without the remark of its seal: "示例市第一人民医院（章）"; None for what is no hospital."""
    words = read_words(re.sub(r"[（(](?:公?章|盖章|签章)[）)].*$", "", text)) or ""
    name = words.split(" ")[0]
    return name if _HOSPITAL_NOUN.search(name) else None


def read_insurance(text: str) -> str | None:
    """Read the kind of social insurance; None for words that name none."""
    words = read_words(text)
    return words if words and _INSURANCE.search(words) else None


_ICD10 = re.compile(r"(?<![A-Za-z0-9])[A-TV-Z]\d{2}(?:\.[0-9xX]{1,4}(?:[+*]?[0-9xX]{0,3}))?(?![0-9A-Za-z])")
_CODE_BEHIND = re.compile(r"[\s（(\[【,，、:：]*(?:ICD-?10)?[\s:：]*" + _ICD10.pattern + r"[\s）)\]】]*$")
_FIRST_OF_ONE = re.compile(r"^\s*(?:1\s*[.、．)）]|[（(]1[）)]|①)\s*(?!\d)")


def read_icd10(text: str) -> str | None:
    """Read the code of a diagnosis where it stands beside its words: "肺炎（J18.900）" -> "J18.900"; of several none."""
    found = _ICD10.findall(to_half_width(text))
    return found[0] if len(found) == 1 else None


_ENDS_OF_TITLES = ("书", "单", "表", "证明", "证明书", "意见书", "报告", "报告单", "报告书")  # 诊断意见书 is none


def read_diagnosis(text: str) -> str | None:
    """Read a diagnosis without its code, and without its number where it is the only one: "1.肺炎（J18.900）" -> "肺炎"."""
    words = _CODE_BEHIND.sub("", text) if read_icd10(text) else text
    if re.search(r"(?:2\s*[.、．)）]|②)", words) is None:
        words = _FIRST_OF_ONE.sub("", words)
    words = read_words(words) or ""
    return words if re.search("[\u4e00-\u9fff]", words) and words not in _ENDS_OF_TITLES else None


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
