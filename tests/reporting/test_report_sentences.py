"""What a sentence tells, slot by slot, and what it must not be taken to tell."""

from decimal import Decimal

import pytest
from report_ear import SUNDAY, Ear

from domain.claim import LossCause
from domain.report import Relation, Slot, ToldDiagnosis, ToldHospital
from reporting.dialogue import Dialogue
from reporting.glossary import Glossary
from reporting.hospital_names import names_of
from reporting.numerals import decimal_number
from reporting.understand import understand

THE_EXAMPLE = "我爸昨天下午在示例市第一医院因为阑尾炎住院做了手术"


def test_the_example_is_understood_with_its_places(glossary: Glossary) -> None:
    got = {each.slot: (each.text, each.start) for each in understand(THE_EXAMPLE, SUNDAY, glossary).readings}
    assert got == {
        Slot.RELATION: ("我爸", 0),
        Slot.LOSS_DAY: ("昨天下午", 2),
        Slot.CAUSE: ("阑尾炎", 16),
        Slot.DIAGNOSIS: ("阑尾炎", 16),
        Slot.HOSPITAL: ("示例市第一医院", 7),
        Slot.HOSPITALISED: ("住院", 19),
        Slot.OPERATED: ("手术", 23),
    }


@pytest.mark.parametrize(
    ("said", "relation"),
    [
        ("我妈摔了", Relation.MOTHER),
        ("我给我爸报案，他摔了", Relation.FATHER),
        ("我爸说我妈住院了", Relation.MOTHER),
        ("不是我，是我老婆摔了", Relation.SPOUSE),
        ("我老公的妈妈中风了", Relation.HUSBANDS_MOTHER),
        ("我妈的妈妈摔了", Relation.MATERNAL_GRANDPARENT),
        ("我陪我妈做手术", Relation.MOTHER),
        ("我跟朋友爬山，我把脚扭了", Relation.SELF),
        ("我爸给我妈买的保险，我妈摔了", Relation.MOTHER),
        ("我们公司员工被砸伤了", Relation.COLLEAGUE),
        ("我和我老公都被车撞了", None),
        ("我要报案", None),
        ("昨天摔了一跤", None),
        ("我单位老王摔了", None),  # a word that we do not know is not the speaker
        ("我开车把一个老头撞了", None),
    ],
)
def test_who_it_happened_to(ear: Ear, said: str, relation: Relation | None) -> None:
    assert ear.hears(said, Slot.RELATION) is relation


@pytest.mark.parametrize(
    ("said", "slot", "value"),
    [
        ("没住院", Slot.HOSPITALISED, False),
        ("住院了", Slot.HOSPITALISED, True),
        ("医生建议住院", Slot.HOSPITALISED, None),
        ("我买了住院医疗险", Slot.HOSPITALISED, None),
        ("要做手术", Slot.OPERATED, None),
        ("没做手术", Slot.OPERATED, False),
        ("三年前做过手术", Slot.OPERATED, None),
        ("抢救无效死亡", Slot.DIED, True),
        ("疼死了", Slot.DIED, None),
        ("差点没命", Slot.DIED, None),
        ("我爸去世多年了", Slot.DIED, None),
        ("老人昨天走了", Slot.DIED, None),
        ("车祸没受伤", Slot.INJURED, False),
        ("手机摔了", Slot.INJURED, None),
        ("确诊肺癌", Slot.CRITICAL_ILLNESS, True),
        ("怀疑肺癌", Slot.CRITICAL_ILLNESS, None),
        ("阑尾炎", Slot.CRITICAL_ILLNESS, None),
    ],
)
def test_what_happened_is_yes_no_or_untold(ear: Ear, said: str, slot: Slot, value: bool | None) -> None:
    assert ear.hears(said, slot) is value


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("摔断了腿", LossCause.ACCIDENT),
        ("肺炎", LossCause.ILLNESS),
        ("发烧住院", LossCause.ILLNESS),
        ("不是摔的，是中风", LossCause.ILLNESS),
        ("骑车摔了，头疼", LossCause.ACCIDENT),  # what hurts after an accident is its consequence
        ("晕倒摔破了头", None),  # which came first is asked
        ("买了意外险", None),
        ("住院了", None),
    ],
)
def test_why_it_happened(ear: Ear, said: str, cause: LossCause | None) -> None:
    assert ear.hears(said, Slot.CAUSE) is cause


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("阑尾炎", "K35"),
        ("蓝尾炎", "K35"),
        ("急性心机梗死", "I21"),
        ("手腕骨折", "S62"),
        ("摔断了两根肋骨", "S22"),
        ("不是心梗，是心绞痛", "I20"),
        ("有高血压，这次是脑溢血", "I61"),
        ("没骨折", None),
        ("怀疑是肺炎", None),
        ("腿骨折", None),  # thigh or lower leg: asked
        ("肺炎合并心衰", None),
    ],
)
def test_what_it_was(ear: Ear, said: str, code: str | None) -> None:
    found = ear.hears(said, Slot.DIAGNOSIS)
    assert (found.code if isinstance(found, ToldDiagnosis) else None) == code


@pytest.mark.parametrize(
    ("said", "hospital"),
    [
        ("在示例市第一医院住院", "H9901"),
        ("在示例是第一医院住院", "H9901"),
        ("送市二院", "H9902"),
        ("从示例区人民医院转到示例市第一医院", "H9901"),
        ("先在示例区人民医院看的，在示例市第一医院住院", "H9901"),
        ("在北京第一医院住院", ""),
        ("在协和医院住院", ""),
        ("不是示例市第一医院，是示例市第二医院", "H9902"),
        ("在市一院", None),  # two are called so
        ("去医院看了", None),
        ("在第一医院工作", None),
    ],
)
def test_where_it_was(ear: Ear, said: str, hospital: str | None) -> None:
    found = ear.hears(said, Slot.HOSPITAL)
    assert (found.hospital_id if isinstance(found, ToldHospital) else None) == hospital


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("花了三万二", 3_200_000),
        ("总费用3.27万元", 3_270_000),
        ("一共八千块", 800_000),
        ("花费7865.4元", 786_540),
        ("花了12,800元", 1_280_000),
        ("花了3万2", 3_200_000),
        ("花了三万多", None),
        ("医保报了八千", None),
        ("押金交了两万", None),
        ("用了三天", None),
    ],
)
def test_what_it_cost(ear: Ear, said: str, fen: int | None) -> None:
    assert ear.hears(said, Slot.AMOUNT) == fen


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三万二", "32000"),
        ("两千八", "2800"),
        ("二十三", "23"),
        ("一百零五", "105"),
        ("一万零五", "10005"),
        ("二零二六", "2026"),
        ("廿三", "23"),
        ("1.5万", "15000"),
    ],
)
def test_numbers_are_read_as_they_are_said(text: str, number: str) -> None:
    assert decimal_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "万", "五五十", "甲", "一" * 17])
def test_what_is_no_number_is_none(text: str) -> None:
    assert decimal_number(text) is None


def test_a_hospital_is_known_under_its_short_names_but_not_under_what_every_town_has() -> None:
    names = names_of("示例市第一人民医院")
    assert {"示例市第一人民医院", "市第一人民医院", "第一人民医院", "市一院", "市一医院"} <= set(names)
    assert not {"医院", "人民医院"} & set(names)


def test_a_dialogue_is_a_value() -> None:
    first = Dialogue(SUNDAY).say("我爸摔了")
    assert first == Dialogue(SUNDAY).say("我爸摔了")
    assert first.say("前天", Slot.LOSS_DAY) != first
