"""The difference of two books, in the language of clauses and of money."""

from pathlib import Path

import pytest

from rules.changes import arms_of, changes_between, load_text, with_changes
from rules.diff import Difference, diff
from rules.loader import load_book, read_source
from rules.probing import ask, probes_of
from rules.translate import translate_file
from rules.written import read_written

ANXIN = Path("rules/book/anxin-inpatient.yaml")


def _edited(tmp_path: Path, *edits: tuple[str, str]) -> Path:
    text = ANXIN.read_text()
    for right, wrong in edits:
        assert right in text, right
        text = text.replace(right, wrong, 1)
    path = tmp_path / ANXIN.name
    path.write_text(text)
    return path


def _diff(old: Path, new: Path) -> Difference:
    return diff(read_written(old), read_written(new))


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("{2024-01-01: 1万元,", "{2024-01-01: 1.2万元,", "方案 标准版 参数 年免赔额 2024-01-01 起：由 1万元 改为 1.2万元"),
        ("医院等级 >= 二级", "医院等级 >= 三级", "由 医院等级 >= 二级 且 医院性质 = 公立 改为 医院等级 >= 三级 且 医院性质 = 公立"),
        ("不赔: [在等待期内, 属于除外]", "不赔: [在等待期内]", "责任 住院医疗 不赔：删去 属于除外"),
        ("取整: 到分 四舍五入", "取整: 到分 舍去", "由 到分 四舍五入 改为 到分 舍去"),
        ("      - 减: 医保已付\n", "", "责任 住院医疗 理算：删去 {减: 医保已付}"),
    ],
)
def test_a_change_is_one_sentence(tmp_path: Path, right: str, wrong: str, sentence: str) -> None:
    (change,) = _diff(ANXIN, _edited(tmp_path, (right, wrong))).changes
    assert sentence in change.sentence


def test_a_rule_is_told_with_its_clause(tmp_path: Path) -> None:
    (change,) = _diff(ANXIN, _edited(tmp_path, ("医院等级 >= 二级", "医院等级 >= 三级"))).changes
    assert change.sentence.startswith("规则 医院合格 是（第五条）：")


def test_money_changes_on_the_claims_of_the_tests(tmp_path: Path) -> None:
    found = _diff(ANXIN, _edited(tmp_path, ("未经医保比例: 60%", "未经医保比例: 70%")))
    changed = {(each.probe, each.responsibility): (each.before, each.after, each.change_fen) for each in found.money}
    assert changed["标准版/有医保却未结算，赔六成", "住院医疗"] == ("42,000.00", "49,000.00", 700_000)


def test_a_book_does_not_differ_from_itself_nor_from_its_translation(tmp_path: Path) -> None:
    path = tmp_path / ANXIN.name
    path.write_text(translate_file(ANXIN, "en"))
    for other in (ANXIN, path):
        found = _diff(ANXIN, other)
        assert (found.changes, found.money) == ((), ())


def test_comments_and_tests_are_no_changes(tmp_path: Path) -> None:
    path = _edited(tmp_path, ("得: {住院医疗: 42000.00}", "得: {住院医疗: 42000.00}   # 六成"), ("名: 妊娠除外", "名: 妊娠不赔"))
    assert _diff(ANXIN, path).changes == ()


def test_all_changes_together_make_the_new_book(tmp_path: Path) -> None:
    path = _edited(
        tmp_path,
        ("未经医保比例: 60%", "未经医保比例: 70%"),
        ("{年免赔额: 0元,", "{年免赔额: 100元,"),
        ("日津贴额: 100元/天", "日津贴额: 120元/天"),
    )
    new, old = load_book(path), read_source(ANXIN)
    changes = changes_between(old, read_source(path), "zh")
    together = load_text("anxin-inpatient", "x", with_changes(old, changes))
    assert together is not None
    for probe in probes_of(new):
        assert ask(together, probe.plan, probe.elements, probe.used) == ask(new, probe.plan, probe.elements, probe.used)


def test_changes_that_cannot_stand_alone_stand_together(tmp_path: Path) -> None:
    # A new parameter that a rule asks for: the rule without its parameter is no book.
    path = _edited(
        tmp_path,
        ("是: 出险日 < 保单生效日 + 等待期", "是: 出险日 < 保单生效日 + 等待期 + 宽限"),
        ("      等待期: 30天", "      等待期: 30天\n      宽限: 5天"),
    )
    old = read_source(ANXIN)
    arms, left = arms_of("anxin-inpatient", old, changes_between(old, read_source(path), "zh"))
    assert left == []
    assert [arm.sentence.split("：")[0] for arm in arms] == ["方案 标准版 参数 宽限", "规则 在等待期内 是（第六条）"]
