"""What is asked next, in the customer's words, with the answers there are to choose from; one question at a time."""

from collections.abc import Collection
from datetime import date
from difflib import get_close_matches

from domain.claim import LossCause
from domain.report import Choice, Days, Question, Reading, Relation, Slot, Told, ToldDiagnosis, ToldHospital, Understanding
from reporting.glossary import Glossary

_ASKED = (Slot.RELATION, Slot.LOSS_DAY, Slot.CAUSE, Slot.HOSPITALISED, Slot.HOSPITAL, Slot.DIAGNOSIS)
_FAMILY = (Relation.SELF, Relation.FATHER, Relation.MOTHER, Relation.SPOUSE, Relation.SON, Relation.DAUGHTER, Relation.OTHER)
_MOST_CHOICES = 4
_WEEKDAYS = "一二三四五六日"


def next_question(known: Understanding, settled: Collection[Slot], glossary: Glossary) -> Question | None:
    """Give the next question, or None when a report has what it needs; `settled` slots are not asked (again)."""
    slot = next((each for each in _ASKED if each not in settled and _is_open(known, each)), None)
    return question_about(slot, known, glossary) if slot else None


def _is_open(known: Understanding, slot: Slot) -> bool:
    if slot is Slot.HOSPITAL:
        hospital = known.told(slot)
        if isinstance(hospital, ToldHospital):
            return not hospital.hospital_id  # the name as it was said: perhaps one of ours
        return any(known.told(each) is True for each in (Slot.HOSPITALISED, Slot.OPERATED, Slot.OUTPATIENT)) or bool(known.doubts_of(slot))
    if slot is Slot.HOSPITALISED and any(known.told(each) is True for each in (Slot.DIED, Slot.OUTPATIENT)):
        return False
    return known.find(slot) is None


def question_about(slot: Slot, known: Understanding, glossary: Glossary) -> Question:
    """Word the question about a slot, given what is known."""
    doubts = known.doubts_of(slot)[:_MOST_CHOICES]
    match slot:
        case Slot.RELATION:
            return _who(doubts)
        case Slot.LOSS_DAY:
            return _when(doubts)
        case Slot.CAUSE:
            return Question(slot, "请问是生病，还是意外受伤？", (Choice("生病", LossCause.ILLNESS), Choice("意外受伤", LossCause.ACCIDENT)))
        case Slot.HOSPITALISED:
            return Question(slot, "请问住院了吗？", (Choice("住院了", True), Choice("没有住院", False)))
        case Slot.HOSPITAL:
            return _where(known, doubts, glossary)
        case _:
            return _what(known, doubts)


def _who(doubts: tuple[Reading, ...]) -> Question:
    if len(doubts) > 1:
        names = "、".join(f"「{each.text}」" for each in doubts)
        choices = tuple(Choice(str(each.value), each.value) for each in doubts)
        return Question(Slot.RELATION, f"您提到了{names}，这次是给哪一位报案？", choices)
    return Question(Slot.RELATION, "请问是谁出险了？是您的什么人？", tuple(Choice(each.value, each) for each in _FAMILY))


def _when(doubts: tuple[Reading, ...]) -> Question:
    choices = tuple(Choice(_day_text(each.value.first), each.value) for each in doubts if isinstance(each.value, Days))
    if choices:
        said = doubts[0].text
        return Question(Slot.LOSS_DAY, f"您说的「{said}」是哪一天？", (*choices, Choice("其他日子", None)))
    return Question(Slot.LOSS_DAY, "请问是哪一天的事？比如昨天、上周三、8月15号。")


def _day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def _where(known: Understanding, doubts: tuple[Reading, ...], glossary: Glossary) -> Question:
    told = known.find(Slot.HOSPITAL)
    if told and isinstance(told.value, ToldHospital):
        near = get_close_matches(told.value.name, list(glossary.hospitals), n=12, cutoff=0.5)
        possible = dict.fromkeys(hospital for name in near for hospital in glossary.hospitals[name])
        choices = tuple(Choice(each.name, each) for each in list(possible)[:3])
        return Question(
            Slot.HOSPITAL, f"没有查到「{told.value.name}」，请说医院的全称。", (*choices, Choice(f"就是{told.value.name}", told.value))
        )
    if doubts:
        choices = tuple(Choice(each.value.name, each.value) for each in doubts if isinstance(each.value, ToldHospital))
        return Question(Slot.HOSPITAL, "请问是下面哪一家医院？", (*choices, Choice("都不是", None)))
    return Question(Slot.HOSPITAL, "请问在哪家医院治疗的？请说医院的全称。")


def _what(known: Understanding, doubts: tuple[Reading, ...]) -> Question:
    choices = tuple(Choice(each.value.name, each.value) for each in doubts if isinstance(each.value, ToldDiagnosis))
    if choices:
        return Question(Slot.DIAGNOSIS, "请问医生的诊断是哪一个？", (*choices, Choice("都不是", None), Choice("还没有确诊", None)))
    if known.told(Slot.CAUSE) is LossCause.ACCIDENT:
        return Question(Slot.DIAGNOSIS, "请问伤到了哪里，医生诊断是什么？还不知道也没关系。")
    return Question(Slot.DIAGNOSIS, "请问医生诊断是什么病？还不知道也没关系。")


def words_of(value: Told) -> str:
    """Write a value in the customer's words."""
    match value:
        case bool():
            return "是" if value else "否"
        case Days():
            return _day_text(value.first) + (f"至{_day_text(value.last)}" if value.last else "")
        case ToldDiagnosis():
            return f"{value.name}（{value.code}）" if value.code else value.name
        case ToldHospital():
            return f"{value.name}（{value.hospital_id}）" if value.hospital_id else value.name
        case int():
            return f"{value // 100:,}.{value % 100:02d} 元"
        case _:
            return value.value
