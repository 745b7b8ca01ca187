"""What was said, made fit to be searched: one kind of comma, no fillers, and every character with its place in the words as they came."""

import re
import unicodedata
from dataclasses import dataclass

from domain.report import Reading, Slot, Told

COMMA = "，"
_MASK = "＊"  # what is not about the loss: as long as what it covers, and matched by nothing
_PAUSES = frozenset("，,。！!？?；;、：\n\r\t（）()“”\"'「」《》…~～")
_FILLER = re.compile(
    r"嗯+|呃+|唔(?!使)|啊+|哎呀?|诶|[呢嘛呗呐]|额(?![头度])(?<![金总余限定数面]额)|"
    r"[那这]个(?=就是|那个|嗯|呃|我|俺|他|她|在|示例|昨|前天|今|手术|痔|突|医生)|就是说?(?!诊)|(?<=我)我+|这样子"
)
_COVER = "百万医疗|补充医疗|住院(?:医疗|津贴)?|意外(?:伤害|医疗)?|手术|重大疾病|重疾|大病|防癌|癌症|医疗|惠民|学平|人寿|健康|团体"
_PRODUCT = rf"(?:{_COVER})+(?:保险|险)|意外医疗(?!费)"
_BESIDE = tuple(
    re.compile(pattern)
    for pattern in (
        _PRODUCT,
        r"(?:如果|假如|假设|万一|要是)[^，]*(?:，[^，]*(?:能|可以|赔|多少|怎么)[^，]*)?",
        r"[^，]{0,24}?(?:买|投|续|入)(?:的|了|过)?(?:一份|个|一个|份|你们的?|您们?的?)*(?:保险|＊+|保的?(?!守|健)|商业保险)",
        r"(?:手机|电视机?|电脑|平板|相机|眼镜|冰箱|屋顶|房子|(?<!擦)玻璃|行李)[^，]{0,6}?(?:摔(?!下|倒|伤)|坏|碎|砸|掀|烧|丢|泡)[^，]{0,3}",
        r"把(?:一个|个|别人|人家|人|对方|老人|行人|路人)[^，]{0,6}?(?:撞|打|碰)(?:伤|倒|死)?了?",
        r"[^，]{0,10}(?:包括|包含|保不保|赔不赔|能不能赔)[^，]*",
        r"大姨妈",
        r"(?:邻居|别人|人家)家?(?:的|养的)",
        r"在[^，]{0,8}?医院(?:工作|上班|当)",
        r"住院(?:部|医师|医生)",
        r"差点[^，]{0,14}",
    )
)


@dataclass(frozen=True)
class Heard:
    """`plain` is to be searched; `places` tells for each of its characters where it stands in `said`."""

    said: str
    turn: int
    plain: str
    places: tuple[int, ...]

    def reading(self, slot: Slot, value: Told, confidence: float, start: int, end: int) -> Reading:
        """Make a reading of a stretch of `plain`, quoted as it was said."""
        first, last = self.places[start], self.places[end - 1] + 1
        return Reading(slot, value, confidence, self.turn, first, last, self.said[first:last])

    def before(self, start: int, length: int = 16) -> str:
        """Give what stands before a place, no further back than its clause."""
        return self.plain[max(0, start - length) : start].rpartition(COMMA)[2]

    def after(self, end: int, length: int = 16) -> str:
        """Give what stands after a place, no further on than its clause."""
        return self.plain[end : end + length].partition(COMMA)[0]


def hear(said: str, turn: int = 0) -> Heard:
    """Prepare what was said, typed or from speech-to-text, for the finders."""
    kept = [(_character(said, place), place) for place in range(len(said))]
    plain, places = _without_gaps([each for each in kept if each[0]])
    gone = [False] * len(plain)
    for found in _FILLER.finditer(plain):
        gone[found.start() : found.end()] = [True] * len(found[0])
    places = [place for place, is_gone in zip(places, gone, strict=True) if not is_gone]
    plain = "".join(each for each, is_gone in zip(plain, gone, strict=True) if not is_gone)
    for pattern in _BESIDE:
        plain = pattern.sub(lambda found: _MASK * len(found[0]), plain)
    return Heard(said, turn, plain, tuple(places))


def _character(said: str, place: int) -> str:
    character = said[place]
    if character in _PAUSES:
        is_grouping = character in ",，" and said[place - 1 : place].isdecimal() and said[place + 1 : place + 4].isdecimal()
        return "," if is_grouping and len(said[place + 1 : place + 4]) == 3 else COMMA
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:
        return COMMA
    return " " if plain.isspace() else plain


def _without_gaps(kept: list[tuple[str, int]]) -> tuple[str, list[int]]:
    """Drop spaces beside digits, where speech-to-text puts them; elsewhere a space is a pause."""
    plain: list[str] = []
    places: list[int] = []
    for index, (character, place) in enumerate(kept):
        if character == " ":
            beside = (kept[index - 1][0] if index else "") + (kept[index + 1][0] if index + 1 < len(kept) else "")
            if re.search(r"[0-9]", beside):
                continue
            character = COMMA
        plain.append(character)
        places.append(place)
    return "".join(plain), places
