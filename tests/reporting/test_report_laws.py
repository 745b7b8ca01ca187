"""What holds for whatever anybody says."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_ear import CHINA, SUNDAY

from bench.report_sentences import HALVES, judge, read_cases
from domain.report import Days, Slot
from reporting.dialogue import Dialogue, follow
from reporting.glossary import Glossary
from reporting.understand import LONGEST, understand

PIECES = """
    我爸 我妈 我 老公 孩子 本人 同事 昨天 前天 大前天 上周三 周末 8月15号 三天前 20号 二月三十号 下周 明天 国庆节 初三 2026-11-30 11.31
    今天下午 示例市第一医院 市一院 第二医院 协和医院 县医院 阑尾炎 蓝尾炎 脑梗 骨折 手腕 胳膊 住院 没住院 手术 没做 要 摔了 车祸 烫伤
    去世 急诊 花了 三万二 8600 块 多 不是 是 怀疑 ， 。 嗯 那个 就是说 的 了 在 因为 从 到 和 如果 买的保险 1 十 百 万 点 年 月 日 号 ＊
"""
said = st.lists(st.one_of(st.sampled_from(PIECES.split()), st.characters(codec="utf-8")), max_size=40).map("".join)
moments = st.datetimes(
    timezones=st.just(CHINA), min_value=SUNDAY.replace(tzinfo=None, year=2025), max_value=SUNDAY.replace(tzinfo=None, year=2027)
)


@settings(max_examples=150, deadline=None)
@given(said, moments)
def test_every_reading_quotes_what_was_said(glossary: Glossary, text: str, at: datetime) -> None:
    got = understand(text, at, glossary)
    for each in (*got.readings, *got.doubts):
        assert 0 <= each.start < each.end <= len(text)
        assert each.text == text[each.start : each.end]
        assert 0 < each.confidence < 1


@settings(max_examples=150, deadline=None)
@given(said, moments)
def test_no_day_lies_in_the_future(glossary: Glossary, text: str, at: datetime) -> None:
    got = understand(text, at, glossary)
    days = [each.value for each in (*got.readings, *got.doubts) if isinstance(each.value, Days)]
    assert all(each.first <= at.date() and (each.last is None or each.first <= each.last <= at.date()) for each in days)


@settings(max_examples=80, deadline=None)
@given(said)
def test_the_same_words_are_understood_the_same(glossary: Glossary, text: str) -> None:
    assert understand(text, SUNDAY, glossary) == understand(text, SUNDAY, glossary)


@settings(max_examples=80, deadline=None)
@given(said)
def test_a_slot_is_sure_or_in_doubt_but_never_both(glossary: Glossary, text: str) -> None:
    got = understand(text, SUNDAY, glossary)
    sure = [each.slot for each in got.readings]
    assert len(sure) == len(set(sure))
    assert not set(sure) & {each.slot for each in got.doubts}


@settings(max_examples=60, deadline=None)
@given(said, st.lists(said, max_size=8))
def test_a_dialogue_ends_whatever_is_answered(glossary: Glossary, first: str, answers: list[str]) -> None:
    """No slot is asked a third time, so at most twice as many questions as slots are ever asked."""
    dialogue = Dialogue(SUNDAY).say(first)
    asked = []
    for number in range(2 * len(Slot) + 1):
        question = follow(dialogue, glossary).question
        if question is None:
            break
        asked.append(question.slot)
        dialogue = dialogue.say(answers[number % len(answers)] if answers else "", question.slot)
    assert max((asked.count(slot) for slot in asked), default=0) <= 2
    assert follow(dialogue, glossary).question is None


@pytest.mark.parametrize(
    "piece",
    [
        "嗯",
        "我的",
        "我爸昨天",
        "第一医院",
        "阑尾炎",
        "没",
        "一",
        "8.8.",
        "，",
        "如果，",
        "摔断了",
        "花了一二三",
        "1,",
        "要",
        "\n",
        "\U0001f600",
    ],
)
def test_the_longest_text_is_read_to_its_end(glossary: Glossary, piece: str) -> None:
    text = (piece * LONGEST)[:LONGEST]
    assert all(each.end <= LONGEST for each in understand(text, SUNDAY, glossary).readings)


def test_what_lies_beyond_the_longest_text_is_not_read(glossary: Glossary) -> None:
    within, beyond = "，" * (LONGEST - 4) + "我爸住院", "，" * (LONGEST - 3) + "我爸住院"
    assert understand(within, SUNDAY, glossary).told(Slot.HOSPITALISED) is True
    assert understand(beyond, SUNDAY, glossary).told(Slot.HOSPITALISED) is None


@pytest.mark.parametrize("half", HALVES)
def test_of_a_hundred_fields_95_are_right_and_of_a_hundred_values_one_is_wrong(glossary: Glossary, half: str) -> None:
    verdicts = [
        (verdict, bool(label), bool(value))
        for case in read_cases(HALVES[half])
        for _, verdict, label, value in judge(case, understand(case.said, case.at, glossary))
    ]
    told, given_values = sum(label for _, label, _ in verdicts), sum(value for *_, value in verdicts)
    assert sum(verdict == "right" for verdict, *_ in verdicts) >= 0.95 * told
    assert sum(verdict == "wrong" for verdict, *_ in verdicts) <= 0.01 * given_values


def test_the_two_halves_share_no_sentence() -> None:
    halves = [{case.said for case in read_cases(path)} for path in HALVES.values()]
    assert len(halves[0]) >= 100 <= len(halves[1])
    assert not halves[0] & halves[1]


def test_a_report_of_yesterday_moves_with_the_day_it_is_made(glossary: Glossary) -> None:
    for ago in range(400):
        at = SUNDAY - timedelta(days=ago)
        day = understand("我爸昨天摔了", at, glossary).told(Slot.LOSS_DAY)
        assert day == Days(date.fromordinal(at.toordinal() - 1))
