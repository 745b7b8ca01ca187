"""Broken bones (骨折): the place, in everyday words, tells the code; 胳膊 and 腿 leave two, between which people choose."""

import re
from collections.abc import Mapping

from domain.report import Reading, Slot, ToldDiagnosis
from reporting.glossary import Illness
from reporting.heard import Heard
from reporting.losses import is_denied

_BONES: Mapping[tuple[str, ...], str] = {
    ("S72",): "股骨颈 股骨 大腿 髋部 髋 胯骨 胯",
    ("S82",): "小腿 胫腓骨 胫骨 腓骨 脚踝 踝 髌骨 膝盖",
    ("S62",): "手腕 腕 手指 掌骨 手掌",
    ("S52",): "前臂 小臂 桡骨 尺骨 尺桡骨",
    ("S42",): "锁骨 肩膀 肩胛骨 肱骨 上臂",
    ("S22",): "肋骨 胸椎 胸骨",
    ("S32",): "腰椎 骨盆 盆骨 尾椎 尾骨 骶骨",
    ("S12",): "颈椎",
    ("S02",): "颅骨 头骨 鼻骨 面骨 下颌骨 眼眶",
    ("S92",): "脚趾 跖骨 跟骨",
    ("S42", "S52"): "胳膊 手臂 上肢",
    ("S72", "S82"): "腿 下肢 脚杆",
}
_PLACES = {word: codes for codes, words in _BONES.items() for word in words.split()}
_PLACE = "|".join(sorted(_PLACES, key=len, reverse=True))
_BROKEN = re.compile(
    rf"(?P<place>{_PLACE})(?:(?:粉碎性?|压缩性?|开放性?|闭合性?|被?[摔撞砸轧]得?|给|也|都|了|多发性?|[一二两三四五]根|颈|远端|近端|上|下|中|段|骨)*)(?:骨折|骨裂)"
    rf"|(?:[摔撞砸轧压]断|骨折)(?:了|的|是)*(?:[一二两三四五几]根)?(?P<bone>(?:肋|锁|股|胫|腓|桡|尺|肱)骨)"
    rf"|(?P<snapped>(?:肋|锁|股|胫|腓|桡|尺|肱)骨)(?:被|给|都|也)?[摔撞砸轧压]?断了?"
)


def broken_bones(heard: Heard, codes: Mapping[str, Illness]) -> list[tuple[Reading, bool]]:
    """List fractures whose place was told; none of them had been there before."""
    found = []
    for match in _BROKEN.finditer(heard.plain):
        break_at = heard.plain.find("骨折", match.start())
        if is_denied(heard, match.start()) or (break_at >= 0 and is_denied(heard, break_at)):
            continue
        possible = [code for code in _PLACES[match["place"] or match["bone"] or match["snapped"]] if code in codes]
        for code in possible:
            value = ToldDiagnosis(code, codes[code].name)
            found.append((heard.reading(Slot.DIAGNOSIS, value, 0.95 if len(possible) == 1 else 0.5, *match.span()), False))
    return found
