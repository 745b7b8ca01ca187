"""What people call their own, in Mandarin and in some dialects, as the relation to the reporter."""

import re
from collections.abc import Mapping

from domain.report import Relation

_WORDS: Mapping[Relation, str] = {
    Relation.FATHER: "爸爸 老爸 阿爸 爸 父亲 老爹 爹 老汉儿 老汉 老窦 老爷子 俺大",
    Relation.MOTHER: "妈妈 老妈 阿妈 姆妈 妈 母亲 老娘 娘 老妈子",
    Relation.SPOUSE: "老伴儿 老伴 当家的 老公 丈夫 先生 老婆 媳妇儿 媳妇 爱人 妻子 太太 内人 那口子 屋里头的 婆姨 堂客 "
    "孩子他爸 孩子她爸 孩子他妈 孩子她妈 娃他爸 娃他妈 孩他爸 孩他妈",
    Relation.SON: "儿子 仔 小子 幺儿",
    Relation.DAUGHTER: "女儿 小女 闺女 姑娘 囡囡 囡",
    Relation.CHILD: "小女孩 小男孩 小孩子 小孩 孩子 宝宝 娃娃 娃 崽 老大 老二",
    Relation.WIFES_FATHER: "岳父 老丈人 丈人",
    Relation.WIFES_MOTHER: "岳母 丈母娘",
    Relation.HUSBANDS_FATHER: "公公",
    Relation.HUSBANDS_MOTHER: "婆婆",
    Relation.GRANDPARENT: "爷爷 奶奶 祖父 祖母 爷 奶",
    Relation.MATERNAL_GRANDPARENT: "外公 外婆 姥姥 姥爷 外祖父 外祖母",
    Relation.GRANDCHILD: "孙子 孙女 外孙女 外孙",
    Relation.SIBLING: "哥哥 弟弟 姐姐 妹妹 大哥 二哥 大姐 二姐 哥 弟 姐 妹",
    Relation.COLLEAGUE: "同事 员工 职工 焊工 电工 木工 瓦工 钳工 清洁工 搬运工 保洁员 服务员 技术员 "
    "工人 工友 工程师 师傅 司机 保安 会计 下属",
    Relation.OTHER: "朋友 邻居 同学 学生 室友 老师 闺蜜 亲戚 儿媳妇 儿媳 女婿 嫂子 弟媳 姐夫 妹夫 侄子 侄儿 侄女 外甥女 外甥 "
    "叔叔 舅舅 姑姑 姨妈 阿姨 大伯 小舅子 大舅子 小姨子 大舅哥 小姑子 伯伯 伯父 伯母 婶婶 舅妈 姑父 姨父 "
    "表哥 表弟 表姐 表妹 堂哥 堂弟 堂姐 堂妹 女朋友 男朋友 对象 老板 领导 保姆",
}
_AGES = "大二三四五六七八小老堂表"  # 二姨, 小舅, 老叔: the eldest to the youngest, on whichever side
_NUMBERED: Mapping[Relation, str] = {Relation.SIBLING: "哥姐弟妹", Relation.OTHER: "舅叔姨姑伯婶嫂"}
RELATIONS: Mapping[str, Relation] = {
    **{f"{age}{kin}": relation for relation, kins in _NUMBERED.items() for kin in kins for age in _AGES},
    **{f"{age}{kin}": Relation.OTHER for kin in "哥姐弟妹" for age in "堂表"},
    **dict.fromkeys("舅叔姨姑伯婶", Relation.OTHER),
    **{word: relation for relation, words in _WORDS.items() for word in words.split()},
}
_SHORT = frozenset(word for word in RELATIONS if len(word) == 1) | frozenset(
    ["老汉", "先生", "太太", "姑娘", "老大", "老二", "小子", "师傅", "老师", "领导", "老板", "阿姨"]
)
_LONGEST_FIRST = "|".join(sorted(RELATIONS, key=len, reverse=True))
_PLACE_OF_WORK = r"(?:公司|单位|厂里?|工地上?|班上?|队里?|店里?)"
_ONE = r"(?:的|一个|有个|那个|一名|一位)*"
_OWN = rf"(?:(?:我们?|俺们?|咱们?|阿拉|自己)(?:家里?|{_PLACE_OF_WORK})?{_ONE}|{_PLACE_OF_WORK}{_ONE})"
KIN = re.compile(rf"(?P<own>{_OWN})?(?P<word>{_LONGEST_FIRST})(?:的?(?P<second>{_LONGEST_FIRST}))?")

_HUSBAND, _WIFE = frozenset({"老公", "丈夫", "先生"}), frozenset({"老婆", "妻子", "媳妇", "媳妇儿", "太太"})
_BY_MARRIAGE: Mapping[Relation, tuple[Relation, Relation]] = {  # a spouse's parent: the husband's, the wife's
    Relation.FATHER: (Relation.HUSBANDS_FATHER, Relation.WIFES_FATHER),
    Relation.MOTHER: (Relation.HUSBANDS_MOTHER, Relation.WIFES_MOTHER),
}
_CHILDREN, _PARENTS = frozenset({Relation.SON, Relation.DAUGHTER, Relation.CHILD}), frozenset(_BY_MARRIAGE)


def relation_of(found: re.Match[str]) -> tuple[Relation, bool]:
    """Give the relation that a match of `KIN` names, and whether it is surely one's own: a single 爸 or 先生 is not without 我."""
    first, second = RELATIONS[found["word"]], found["second"]
    if not second:
        return first, bool(found["own"]) or found["word"] not in _SHORT
    return _through(found["word"], first, RELATIONS[second]), True


def _through(word: str, first: Relation, second: Relation) -> Relation:
    """Tell what 我妈的妈妈 or 老公的爸爸 is to the reporter; whom nobody insures together is another."""
    if first is Relation.SPOUSE and second in _PARENTS and word in _HUSBAND | _WIFE:
        return _BY_MARRIAGE[second][word in _WIFE]
    if first is Relation.SPOUSE and second in _CHILDREN:
        return second
    if first in _CHILDREN and second in _CHILDREN:
        return Relation.GRANDCHILD
    if first in _CHILDREN and second in _PARENTS:
        return Relation.SPOUSE
    if first in _PARENTS and second in _PARENTS:
        return Relation.GRANDPARENT if first is Relation.FATHER else Relation.MATERNAL_GRANDPARENT
    return Relation.COLLEAGUE if first is second is Relation.COLLEAGUE else Relation.OTHER
