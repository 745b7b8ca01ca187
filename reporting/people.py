"""Who it happened to: every person who is mentioned, and what the sentence lets them be – the one it happened to, or a bystander."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.report import Reading, Relation, Slot
from reporting.heard import COMMA, Heard
from reporting.kin import KIN, relation_of
from reporting.losses import EVENT, any_of

# What follows 我 when it is the speaker: 我老伴, 我单位的王师傅 are others, whether we know the word or not.
_GOES_ON = (
    "，＊昨今昔刚在从于去来骑开走跑爬滑踩摔被让叫遭是要想不没把得有做住了也就都还又因由突忽早晚夜半凌初这那周星国元除清端腊正农"
    "买给替帮陪送带喝吃切打撞碰扭崴磕跌掉出病感犯确查脚腿头胳膊腰肚牙眼鼻嘴膝锁肋胸背心胃肝肺肾右左的和跟与洗拉提扛搬加当坐乘入进曾经可已报"
)
_LONGER = (  # 我大嫂, 我二姨, 我前妻, 我上司 are others; 我大前天, 我二号, 我前天, 我上班 are not
    "前[天晚几两阵段些日儿]|大[前年概腿]|上[班个周月礼星午下楼]|下[班午楼]|中[午风暑秋毒]|手(?!下)|发(?!小)|后来|先[去在]|生[病孩了]|本(?!家)"
    "|[一二三四五六七八九十两几]+(?:[月号日天周个年次点百]|[0-9])|[0-9]"
)
_SELF = re.compile(rf"我自己|我本人|(?:被保险人|患者|病人)?本人|自己(?!家)|(?:我|俺)(?=$|[{_GOES_ON}]|{_LONGER})")
_TOO_MANY = re.compile(r"(?:爸妈|父母|公公?婆婆?|岳父岳母|爷爷奶奶|外公外婆|姥姥姥爷|夫妻俩?|两口子|一家[三四五]口|我们俩|全家)")
# Said before a person: it happens to them.  给我爸报案, 陪我妈做手术, 被保险人是我先生
_CARED_FOR = re.compile(r"(?:[给帮替陪带]|送|为|照顾|陪着|带着|代|患者是?|病人是?|被保险人是?|出险人是?|伤者是?)$")
# Said before a person: they only did it, or were there.  被同事撞了, 跟朋友打球, 和我妈逛街
_BYSTANDER = re.compile(r"(?:生[了的]?个?|走|串|怀了?|被|让|遭|叫|跟|同|与|遇到|碰到|是|听|撞了|看见)$")
# Said after a person: they tell, pay or help.
_TELLING = any_of(
    "跟[你您]们?说 说(?![他她自]) 告诉(?![他她]) 打电话 想问 问一?下 报个?案 要报 想报 报一下 来报 咨询 申请 要给 想给 开车把"
)
_ACTING = re.compile(rf"^(?:[^，]{{0,4}}?{_TELLING}|[^，]{{0,2}}?[给帮替陪送带](?!了|状)|是[他她]|在[^，]{{0,6}}工作|叫(?!热|开水))")
_AND = re.compile(r"和|跟|与|还有|、")
_BOTH = re.compile(r"^[^，]{0,8}(?:都|一起|俩|两人|双双)")
_DOING = re.compile(r"[^，＊]{1,4}")
_NOT = re.compile(r"(?:不是|并非)$")
_UNHARMED = re.compile(r"^(?:倒|自己|人|都)?(?:没(?:有)?(?:什么|啥)?(?:大?事|大碍|受伤)|好好的|还好)")
_HEALTHY = re.compile(r"^(?:早就|已经)?(?:去世|过世|不在|走)了?(?:多年|好?几年|很久|早|[一二三四五六七八九十\d]+年)|^去世早")


@dataclass(frozen=True)
class _Person:
    start: int
    end: int
    relation: Relation
    weight: int  # 3 said outright, 2 does or suffers it, 1 is only there, 0 is somebody else, -1 expressly not


def find_relation(heard: Heard) -> tuple[Reading, ...]:
    """Tell who it happened to: one reading when it can be only one, several when people must be asked."""
    if (crowd := _TOO_MANY.search(heard.plain)) is not None:
        return (heard.reading(Slot.RELATION, Relation.OTHER, 0.4, crowd.start(), crowd.end()),)
    people = _weighed(heard, _mentions(heard.plain))
    denied = {each.relation for each in people if each.weight < 0}
    people = [each for each in people if each.weight > 0 and each.relation not in denied]
    best = max((each.weight for each in people), default=0)
    if best == 1 and all(each.relation is Relation.SELF for each in people):
        return ()  # 我要报案 tells who speaks, not who suffered
    chosen = {each.relation: each for each in reversed(people) if each.weight == best}
    confidence = (0.0, 0.85, 0.92, 0.97)[best] if len(chosen) == 1 else 0.5
    return tuple(heard.reading(Slot.RELATION, each.relation, confidence, each.start, each.end) for each in chosen.values())


def _mentions(plain: str) -> list[_Person]:
    found = []
    for match in KIN.finditer(plain):
        relation, is_own = relation_of(match)
        if plain[match.start() - 1 : match.start()] in ("他", "她"):
            relation = Relation.OTHER  # her father is not the reporter's
        if is_own or match.start() == 0 or plain[match.start() - 1] in COMMA + "给帮替陪送是":
            found.append(_Person(match.start(), match.end(), relation, 1))
    taken = {place for each in found for place in range(each.start, each.end)}
    first = min(taken, default=len(plain))
    found += [
        _Person(match.start(), match.end(), Relation.SELF, 1) for match in _SELF.finditer(plain) if not _is_someones(match, taken, first)
    ]
    return sorted(found, key=lambda each: each.start)


def _is_someones(match: re.Match[str], kin: set[int], first: int) -> bool:
    """Tell whether 我 belongs to 我妈, or 自己 to somebody who was named before it."""
    return match.start() in kin or (match[0] == "自己" and first < match.start())


def _weighed(heard: Heard, people: Sequence[_Person]) -> list[_Person]:
    ends = [*(each.start for each in people[1:]), len(heard.plain)][: len(people)]
    weighed = [_weigh(heard, each, end) for each, end in zip(people, ends, strict=True)]
    for place, (one, other) in enumerate(pairwise(weighed)):
        if _AND.fullmatch(heard.plain[one.end : other.start]) and (other.weight == 2 or _BOTH.search(heard.after(other.end))):
            weighed[place : place + 2] = [replace(one, weight=2), replace(other, weight=2)]  # it happened to both
        elif (
            one.weight == 1
            and other.weight == 2
            and _DOING.fullmatch(heard.plain[one.end : other.start])
            and one.relation is not Relation.SELF
        ):
            weighed[place] = replace(one, weight=2)  # 我爸扶我妈的时候摔了: either of them
    return weighed


def _weigh(heard: Heard, person: _Person, next_start: int) -> _Person:
    before, after = heard.before(person.start), heard.plain[person.end : min(next_start, person.end + 60)]
    word = heard.plain[person.start : person.end]
    return replace(person, weight=_weight(before, after, word, person.relation))


def _weight(before: str, after: str, word: str, relation: Relation) -> int:
    if _NOT.search(before) or _UNHARMED.search(after):
        return -1
    if _HEALTHY.search(after):
        return 0
    if _CARED_FOR.search(before):
        return 3 if relation is not Relation.SELF else 0
    if "本人" in word or "自己" in word:
        return 3
    if re.search(r"(?:被保险人是|患者是|病人是|，是|^是)$", before) and relation is not Relation.SELF and not after.startswith("送"):
        return 3
    if _BYSTANDER.search(before) or re.search(r"(?:把|撞到?了?)$", before):
        return 2 if re.search(r"(?:把)$", before) and EVENT.search(after[:6]) else 0
    if re.match(r"(?:和|跟|与|、)", after) and relation is not Relation.SELF:
        return 1
    if _ACTING.search(after):
        return 0
    return 2 if EVENT.search(after) else 1
