"""A dialogue: what is missing or in doubt is asked, one question at a time, and an answer means what its question makes it mean."""

from datetime import date

import pytest
from report_ear import SUNDAY

from domain.claim import LossCause
from domain.report import Days, Relation, Slot, ToldDiagnosis, ToldHospital
from reporting.dialogue import Dialogue, Standing, follow
from reporting.glossary import Glossary


def talk(glossary: Glossary, *said: str) -> Standing:
    """Say one thing after the other, each in answer to the question that was open."""
    dialogue = Dialogue(SUNDAY).say(said[0])
    for answer in said[1:]:
        question = follow(dialogue, glossary).question
        dialogue = dialogue.say(answer, question.slot if question else None)
    return follow(dialogue, glossary)


def asked(standing: Standing) -> Slot | None:
    return standing.question.slot if standing.question else None


def test_a_whole_report_asks_nothing(glossary: Glossary) -> None:
    assert talk(glossary, "我爸昨天下午在示例市第一医院因为阑尾炎住院做了手术").question is None


def test_the_order_is_who_when_why_hospitalised_where_what(glossary: Glossary) -> None:
    said = ["报案"]
    order = []
    for answer in ("我妈", "前天", "生病", "住院了", "示例市第二医院", "肺炎"):
        order.append(asked(talk(glossary, *said)))
        said.append(answer)
    assert order == [Slot.RELATION, Slot.LOSS_DAY, Slot.CAUSE, Slot.HOSPITALISED, Slot.HOSPITAL, Slot.DIAGNOSIS]
    assert asked(talk(glossary, *said)) is None


@pytest.mark.parametrize(
    ("answer", "relation"),
    [
        ("是我妈", Relation.MOTHER),
        ("妈妈", Relation.MOTHER),
        ("我", Relation.SELF),
        ("我自己", Relation.SELF),
        ("1", Relation.SELF),
        ("第三个", Relation.MOTHER),
        ("配偶", Relation.SPOUSE),
        ("他是我公公", Relation.HUSBANDS_FATHER),
        ("不知道", None),
    ],
)
def test_who_may_be_answered_in_many_ways(glossary: Glossary, answer: str, relation: Relation | None) -> None:
    assert talk(glossary, "昨天住院了", answer).understanding.told(Slot.RELATION) == relation


@pytest.mark.parametrize(
    ("answer", "day"),
    [("前天", 20), ("就是前天", 20), ("15号", 15), ("15", 15), ("十五", 15), ("上周三吧", 11), ("忘了", None), ("23", None)],
)
def test_when_may_be_answered_in_many_ways(glossary: Glossary, answer: str, day: int | None) -> None:
    found = talk(glossary, "我妈摔了", answer).understanding.told(Slot.LOSS_DAY)
    if answer == "23":  # of November it is tomorrow
        assert found == Days(date(2026, 10, 23))
    else:
        assert found == (Days(date(2026, 11, day)) if day else None)


def test_a_correction_replaces_what_was_said_whatever_was_asked(glossary: Glossary) -> None:
    standing = talk(glossary, "我妈昨天摔了", "不是昨天，是前天")
    assert standing.understanding.told(Slot.LOSS_DAY) == Days(date(2026, 11, 20))
    assert asked(standing) is Slot.HOSPITALISED  # the question that was not answered is asked again


def test_a_correction_without_another_day_asks_for_the_day(glossary: Glossary) -> None:
    standing = talk(glossary, "我妈昨天摔了", "不是昨天")
    assert (standing.understanding.told(Slot.LOSS_DAY), asked(standing)) == (None, Slot.LOSS_DAY)


def test_another_person_replaces_the_first(glossary: Glossary) -> None:
    assert talk(glossary, "我爸昨天摔了", "不是我爸，是我妈").understanding.told(Slot.RELATION) is Relation.MOTHER


def test_two_people_are_the_choices(glossary: Glossary) -> None:
    question = talk(glossary, "我和我老公昨天出了车祸").question
    assert question
    assert {each.value for each in question.choices} == {Relation.SELF, Relation.SPOUSE}


def test_two_days_are_the_choices_and_a_number_chooses(glossary: Glossary) -> None:
    question = talk(glossary, "我儿子上周末发烧").question
    assert question
    assert [each.text for each in question.choices] == ["2026年11月14日（周六）", "2026年11月15日（周日）", "其他日子"]
    assert talk(glossary, "我儿子上周末发烧", "2").understanding.told(Slot.LOSS_DAY) == Days(date(2026, 11, 15))


def test_two_hospitals_of_one_name_are_the_choices(glossary: Glossary) -> None:
    said = ("我妈昨天肺炎，住在市一院",)
    question = talk(glossary, *said).question
    assert question
    assert [each.text for each in question.choices] == ["示例市第一医院", "示例市第一人民医院", "都不是"]
    assert talk(glossary, *said, "第二个").understanding.told(Slot.HOSPITAL) == ToldHospital("H110001", "示例市第一人民医院")


def test_a_hospital_that_nobody_knows_is_asked_about_once_and_kept(glossary: Glossary) -> None:
    said = ("我妈昨天肺炎住院了", "协和医院")
    assert asked(talk(glossary, *said)) is Slot.HOSPITAL
    standing = talk(glossary, *said, "就是协和医院")
    assert standing.understanding.told(Slot.HOSPITAL) == ToldHospital("", "协和医院")
    assert standing.question is None


def test_two_bones_are_the_choices(glossary: Glossary) -> None:
    said = ("我妈昨天摔了，没住院", "胳膊骨折")
    assert asked(talk(glossary, *said)) is Slot.DIAGNOSIS
    found = talk(glossary, *said, "第二个").understanding.told(Slot.DIAGNOSIS)
    assert isinstance(found, ToldDiagnosis)
    assert found.code == "S52"


@pytest.mark.parametrize(
    ("answer", "value"), [("住了", True), ("是的", True), ("没有", False), ("没住院", False), ("1", True), ("2", False)]
)
def test_yes_and_no_answer_the_open_question(glossary: Glossary, answer: str, value: bool) -> None:
    assert talk(glossary, "我妈昨天摔了", answer).understanding.told(Slot.HOSPITALISED) is value


def test_an_answer_may_tell_more_than_was_asked(glossary: Glossary) -> None:
    standing = talk(glossary, "报案", "我妈，前天，脑梗，住在示例市第二医院")
    assert standing.understanding.told(Slot.CAUSE) is LossCause.ILLNESS
    assert standing.understanding.told(Slot.HOSPITAL) == ToldHospital("H9902", "示例市第二医院")


def test_what_nobody_knows_is_asked_once(glossary: Glossary) -> None:
    standing = talk(glossary, "我妈昨天住院", "不知道", "不知道", "不知道")
    assert standing.question is None


def test_a_reading_tells_in_which_turn_it_stands(glossary: Glossary) -> None:
    reading = talk(glossary, "我妈摔了", "嗯 是前天").understanding.find(Slot.LOSS_DAY)
    assert reading
    assert (reading.turn, reading.text) == (1, "前天")
