"""What people call a hospital: 示例市第一人民医院 is 市第一人民医院, 第一人民医院 and 市一院 as well."""

import re

_PLACE = re.compile(r"^(?P<place>[一-龥]{2,6}?(?:省|市|县|区|自治州|旗))(?P<rest>[一-龥]{3,})$")
_NUMBERED = re.compile(r"第(?P<nth>[一二三四五六七八九十])(?P<people>人民)?医院$")
_CITY = re.compile(r"^[一-龥]{2}(?P<rest>[一-龥]{4,})$")  # 南京鼓楼医院 is 鼓楼医院
_SHORT_FORMS = (
    (re.compile(r"妇幼保健院$"), ("妇幼", "妇幼保健院", "妇保院")),
    (re.compile(r"中医医院$"), ("中医院", "中医医院")),
    (re.compile(r"中心卫生院$"), ("中心卫生院", "卫生院")),
    (re.compile(r"医科大学附属医院$"), ("医大附院", "医科大附院", "医大附属医院", "医科大学附属医院", "附属医院")),
    (re.compile(r"康复门诊部$"), ("康复门诊部", "康复门诊")),
    (re.compile(r"国际医院$"), ("国际医院", "医院")),
    (re.compile(r"人民医院$"), ("人民医院", "医院")),
    (re.compile(r"社区卫生服务中心$"), ("社区卫生服务中心", "社区医院")),
)
_TOO_COMMON = frozenset(
    {"医院", "卫生院", "附属医院", "国际医院", "社区医院", "社区卫生服务中心", "中心医院", "妇幼", "市医院", "诊所", "人民医院"}
)


def names_of(name: str) -> tuple[str, ...]:
    """List what a hospital is called, its full name first; what every town has is no name."""
    found = [name]
    place = _PLACE.match(name)
    rest, level = (place["rest"], place["place"][-1]) if place else (name, "")
    if not place and (city := _CITY.match(name)):
        rest = city["rest"]
        found.append(rest)
    for form in (rest, *_shortened(rest)):
        found += [form, level + form] if level else [form]
        if place:
            found.append(place["place"] + form)
    return tuple(dict.fromkeys(each for each in found if len(each) >= 3 and each not in _TOO_COMMON))


def _shortened(name: str) -> tuple[str, ...]:
    numbered = _NUMBERED.search(name)
    if numbered:
        start = name[: numbered.start()]
        return (f"{start}{numbered['nth']}院", *([f"{start}{numbered['nth']}医院"] if numbered["people"] else []))
    return tuple(
        start + form
        for ending, forms in _SHORT_FORMS
        if (found := ending.search(name))
        for form in forms
        for start in (name[: found.start()], "")
    )
