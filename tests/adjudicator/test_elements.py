"""Where every element of every shipped book comes from; what nobody tells stays unknown, and says what would tell it."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from adjudicator.costs import Bills, Costs
from adjudicator.element_table import ENTRIES, PARTICULARS, entry_of, is_listed
from adjudicator.elements import build_elements, stored_values
from adjudicator.evidence import Evidence
from adjudicator.injuries import Injuries, Operation
from adjudicator.known import Known
from domain.claim import LossCause
from domain.document import InvoiceLine
from domain.element import Element
from domain.policy import Particular, Policy
from rules.engine import adjudicate
from rules.loader import load_book
from rules.medical_base import shipped_base
from rules.model import Book
from rules.replay import opened
from tests.adjudicator.world import HOSPITAL, INSURED, STANDARD

BOOKS = {path.stem: load_book(path) for path in sorted(Path("rules/book").glob("*.yaml")) if path.stem != "routing"}

# What the policy system knows of the contract; an amount in fen, a day as ISO text.
OF_THE_POLICY: dict[str, Particular] = {
    "职业类别": "一类", "家庭成员": "本人", "insured_role": "employee", "在校学生": True, "期交保费": 1_200_000, "剩余期数": 15,
    "已交保费": 6_000_000, "累计已交保费": 6_000_000, "现金价值": 3_000_000, "已领生存金": 0, "employed_from": "2020-01-01",
    "employed_until": "2030-01-01", "is_still_employed": True, "各保单房屋保额": 0,
}  # fmt: skip
# What no paper and no policy tells: why, and so a person says it.
ASKED = {
    "全残": "the definition in the clause is not a grade of the standard",
    "酒后驾驶": "a certificate that speaks of drink is read by a person",
    "故意犯罪": "courts and police find that",
    "既往症": "old records are judged, not read",
    "特药适应症": "prescription and gene test are judged, not read",
    "生存": "a life certificate has no class of its own yet",
    "出险原因分类": "a surveyor finds it",
    "房屋损失": "a surveyor values it",
    "室内损失": "a surveyor values it",
    "盗抢损失": "a surveyor values it",
    "残值": "a surveyor values it",
    "房屋保险价值": "an appraiser values it",
    "公安已立案": "the police certify it",
}  # fmt: skip

LINES = (InvoiceLine("普通床位费", 40_000, "甲", quantity=8), InvoiceLine("重症监护床位费", 90_000, "甲", quantity=2),
         InvoiceLine("手术费", 800_000, "甲"), InvoiceLine("帕博利珠单抗", 500_000, "丙"))  # fmt: skip
COSTS = Costs(1_430_000, 400_000, True, LINES, "1 张医疗收费票据")
RICH = Evidence(
    hospital=HOSPITAL,
    admission_date=date(2025, 8, 15),
    discharge_date=date(2025, 8, 23),
    inpatient_days=8,
    visited_on=date(2025, 8, 15),
    accident_on=date(2025, 8, 15),
    diagnosis_icd10="S72.3",
    critical_illness_icd10="C50.9",
    confirmed_on=date(2025, 8, 20),
    bills=Bills(COSTS, COSTS, COSTS),
    others_paid_fen=100_000,
    sources=dict.fromkeys(("hospital", "inpatient_days", "diagnosis_icd10", "critical_illness_icd10", "confirmed_on"), "出院小结 第1页"),
    injuries=Injuries(
        (Operation("股骨骨折切开复位内固定术", ""),),
        ("右股骨干完全性骨折",),
        "十级",
        "骑车摔倒",
        True,
        date(2025, 9, 1),
        "肺炎，病原体未特指",
    ),
)


def _policy(book: Book, **changes: object) -> Policy:
    return replace(STANDARD, product=book.product, particulars=OF_THE_POLICY, **changes)


def _known(book: Book, evidence: Evidence = RICH, policy: Policy | None = None) -> Known:
    return Known(policy or _policy(book), INSURED, date(2025, 8, 15), LossCause.ACCIDENT, evidence, shipped_base(), book.elements)


def _element(book: Book, name: str, evidence: Evidence = RICH, policy: Policy | None = None) -> Element:
    built = build_elements(book, _known(book, evidence, policy))
    return next(each for each in built.elements if each.name == name)


def _doubts(book: Book, evidence: Evidence) -> dict[str, str]:
    return {each.about: each.message for each in build_elements(book, _known(book, evidence)).findings}


@pytest.mark.parametrize(("product", "name"), [(product, name) for product, book in BOOKS.items() for name in book.elements])
def test_every_element_of_a_shipped_book_is_filled_or_deliberately_asked_for(product: str, name: str) -> None:
    way_out = "add a line for it to ENTRIES of adjudicator/element_table.py, or to ASKED here with the reason why nobody can fill it"
    assert is_listed(name), f"{product}.yaml names {name}, and nothing tells where it comes from: {way_out}"
    element = _element(BOOKS[product], name)
    if name in ASKED:
        assert element.value is None
        assert element.source, f"{name} is asked for by no name"
    else:
        assert element.value is not None, f"{product}.yaml names {name}, and the richest claim does not fill it: {way_out}"
        assert element.source


def test_the_table_for_actuaries_says_what_the_program_does() -> None:
    page = Path("docs/actuaries.md").read_text(encoding="utf-8")
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in page.splitlines() if line.startswith("| ")]
    told = {name: (row[1], row[2]) for row in rows if len(row) == 3 for name in row[0].split(", ")}
    for entry in ENTRIES:
        ask = "" if entry.origin == PARTICULARS else entry.ask
        assert {told.get(name) for name in entry.names} == {(entry.origin, ask)}, entry.names


def test_the_table_holds_no_element_that_no_book_names_but_for_region_and_age() -> None:
    named = {name for book in BOOKS.values() for name in book.elements}
    assert {name for entry in ENTRIES for name in entry.names} - named == {"医院地区", "被保险人年龄"}


@pytest.mark.parametrize("product", BOOKS)
def test_what_nobody_tells_is_unknown_and_names_what_would_tell_it(product: str) -> None:
    book = BOOKS[product]
    nobody = replace(INSURED, has_social_insurance=None)
    bare = Known(replace(STANDARD, product=product), nobody, None, None, Evidence(), shipped_base(), book.elements)
    known = {"保单生效日", "policy_start", "连续续保", "被保险人生日"}
    for each in build_elements(book, bare).elements:
        assert (each.value is None) == (each.name not in known), each
        assert each.source


def test_the_book_names_the_paper_before_the_table_does() -> None:
    book = BOOKS["shoushu-fracture"]
    assert _element(book, "骨折程度", Evidence()).source == "影像报告"
    assert _element(book, "手术级别", Evidence()).source == entry_of("手术级别").ask == "手术记录"


def test_what_a_person_established_comes_before_everything_else() -> None:
    book = BOOKS["anxing-accident"]
    evidence = replace(RICH, statements={"伤残等级": "九级残", "酒后驾驶": "是"})
    element = _element(book, "伤残等级", evidence)
    assert (element.value, element.source) == ("九级残", "人工认定")
    assert _element(book, "酒后驾驶", evidence).value is True


def test_a_statement_that_the_book_cannot_take_is_a_doubt_and_leaves_the_element_unknown() -> None:
    book = BOOKS["anxing-accident"]
    evidence = replace(RICH, statements={"伤残等级": "十一级"})
    assert _element(book, "伤残等级", evidence).value is None
    assert "十一级" in _doubts(book, evidence)["伤残等级"]


@pytest.mark.parametrize("wrong", ["七类", 7, "2024-01-01"])
def test_a_particular_that_the_book_cannot_take_is_a_doubt_and_leaves_the_element_unknown(wrong: Particular) -> None:
    book = BOOKS["anxing-accident"]
    policy = replace(_policy(book), particulars={"职业类别": wrong})
    assert _element(book, "职业类别", policy=policy).value is None


def test_a_particular_that_is_no_day_where_a_day_is_wanted_is_unknown() -> None:
    book = BOOKS["group-topup"]
    assert _element(book, "employed_from", policy=replace(_policy(book), particulars={"employed_from": "soon"})).value is None


def test_a_book_in_english_gets_its_own_words() -> None:
    assert _element(BOOKS["group-topup"], "hospital_grade").value == "third"


@pytest.mark.parametrize(
    ("code", "site"),
    [
        ("S02.0", "颅骨"),
        ("S32.0", "脊柱"),
        ("S32.1", "骨盆"),
        ("S72.3", "股骨"),
        ("S82.1", "胫腓骨"),
        ("S42.0", "锁骨肩胛"),
        ("S42.2", "肱骨"),
        ("S22.1", "脊柱"),
        ("S22.2", "肋骨胸骨"),
        ("S62.6", "手足骨"),
        ("K35.8", "未骨折"),
        ("S82.0", None),  # the kneecap is in no row of the book's table
        ("S32", None),
    ],
)
def test_a_diagnosis_tells_where_a_bone_is_broken(code: str, site: str | None) -> None:
    book, evidence = BOOKS["shoushu-fracture"], replace(RICH, diagnosis_icd10=code)
    assert _element(book, "骨折部位", evidence).value == site
    assert ("骨折部位" in _doubts(book, evidence)) is (site is None)


@pytest.mark.parametrize(
    ("said", "degree"),
    [
        (("右股骨干完全性骨折",), "完全性"),
        (("右股骨干不完全性骨折",), "不完全性"),
        (("右股骨干骨折",), None),
        (("完全性骨折", "不完全性骨折"), None),
    ],
)
def test_an_imaging_report_tells_how_far_a_bone_is_broken(said: tuple[str, ...], degree: str | None) -> None:
    evidence = replace(RICH, injuries=replace(RICH.injuries, images=said))
    assert _element(BOOKS["shoushu-fracture"], "骨折程度", evidence).value == degree


@pytest.mark.parametrize(
    ("operations", "grade"),
    [
        ((Operation("阑尾切除术", ""),), "二级术"),
        ((Operation("阑尾切除术", "二级"), Operation("人工髋关节置换术", "四级")), "四级术"),
        ((Operation("无名术", "三级"),), "三级术"),
        ((Operation("阑尾切除术", "四级"),), None),  # the record says otherwise than the medical base
        ((Operation("无名术", ""),), None),
    ],
)
def test_the_highest_operation_on_record_counts(operations: tuple[Operation, ...], grade: str | None) -> None:
    book, evidence = BOOKS["shoushu-fracture"], replace(RICH, injuries=replace(RICH.injuries, operations=operations))
    assert _element(book, "手术级别", evidence).value == grade
    assert ("手术级别" in _doubts(book, evidence)) is (grade is None)


def test_an_operation_that_was_charged_but_not_recorded_is_never_taken_for_none() -> None:
    evidence = replace(RICH, injuries=replace(RICH.injuries, operations=()))
    assert "手术" in _doubts(BOOKS["shoushu-fracture"], evidence)["手术级别"]


@pytest.mark.parametrize(("code", "severity"), [("C50.9", "重症"), ("D05.1", "轻症"), ("C73", None), ("C81.9", None)])
def test_a_code_tells_how_severe_an_illness_is_where_no_stage_decides(code: str, severity: str | None) -> None:
    book, evidence = BOOKS["zhongji-multi"], replace(RICH, critical_illness_icd10=code)
    assert _element(book, "疾病程度", evidence).value == severity
    assert ("疾病程度" in _doubts(book, evidence)) is (severity is None)


@pytest.mark.parametrize(("cause", "answer"), [("肺炎，病原体未特指", False), ("坠楼", None), ("", None)])
def test_only_a_death_of_an_illness_is_known_to_be_no_suicide(cause: str, answer: bool | None) -> None:
    evidence = replace(RICH, injuries=replace(RICH.injuries, died_of=cause))
    assert _element(BOOKS["dingshou-term"], "自杀", evidence).value is answer


def test_a_certificate_that_speaks_of_drink_asks_for_a_person() -> None:
    evidence = replace(RICH, injuries=replace(RICH.injuries, accident="酒后骑车摔倒"))
    assert "酒后" in _doubts(BOOKS["anxing-accident"], evidence)["酒后驾驶"]


@pytest.mark.parametrize(("loss", "number"), [(date(2028, 2, 1), 3), (date(2028, 2, 2), 0)])
def test_an_anniversary_counts_only_on_its_day(loss: date, number: int) -> None:
    book = BOOKS["fulu-endowment"]
    built = build_elements(book, replace(_known(book), loss_date=loss))
    assert next(each.value for each in built.elements if each.name == "生存周年") == number


def test_lines_bear_category_list_class_and_days_from_paper_and_medical_base() -> None:
    lines = (InvoiceLine("床位费", 40_000, "甲"), InvoiceLine("左氧氟沙星", 5_000), InvoiceLine("特殊材料费", 7_000, "丙"),
             InvoiceLine("护工费", 3_000, "丙"), InvoiceLine("杂费", 1_000))  # fmt: skip
    costs = Costs(56_000, 0, None, lines, "1 张医疗收费票据")
    evidence = replace(RICH, bills=Bills(costs, costs, None))
    assert _element(BOOKS["zhenxuan-lines"], "费用明细", evidence).value == (
        {"项目": "床位费", "费用类别": "床位费", "目录等级": "甲类", "金额": 40_000, "天数": 8},  # the one bed of a stay of eight days
        {"项目": "左氧氟沙星", "费用类别": "药品费", "目录等级": "乙类", "金额": 5_000},
        {"项目": "特殊材料费", "费用类别": "材料费", "目录等级": "丙类", "金额": 7_000},
        {"项目": "护工费", "费用类别": "护工费", "目录等级": "丙类", "金额": 3_000},
        {"项目": "杂费", "金额": 1_000},  # nobody knows what it is: unknown, not free of charge
    )


def test_a_line_that_the_invoice_and_the_medical_base_class_differently_is_a_doubt() -> None:
    costs = Costs(5_000, 0, True, (InvoiceLine("西洋参", 5_000, "乙"),), "1 张医疗收费票据")
    evidence = replace(RICH, bills=Bills(costs, costs, None))
    assert _element(BOOKS["anxin-inpatient"], "目录外费用", evidence).value == 0  # as printed, until somebody has looked
    assert "医疗基础数据为丙类" in _doubts(BOOKS["anxin-inpatient"], evidence)["目录外费用"]
    assert "西洋参" in _doubts(BOOKS["zhenxuan-lines"], evidence)["费用明细"]


OTHER_BOOK = """
要素:
  保单生效日:   {类型: 日期}
  出险日:       {类型: 日期, 缺失: 待补}
  被保险人年龄: {类型: 数值}
  医院地区:     {类型: 文本, 缺失: 待补}
  费用明细:
    类型: 列表
    请补: 费用清单
    字段:
      项目:     {类型: 文本}
      金额:     {类型: 金额}
      数量:     {类型: 数值, 缺失: 1}
      自付比例: {类型: 比例}
规则:
  合规费用:
    条款: 第一条
    逐行: 费用明细
    起: 金额
    审核:
      - {若: 数量 > 1, 减: 金额 × 自付比例, 原因码: self_share, 原因: 先行自付}
  成年: {是: 被保险人年龄 >= 18, 条款: 第二条}
责任:
  医疗:
    须: [成年]
    理算:
      - 起: 合规费用
      - 取整: 到分 四舍五入
方案:
  甲方案: {责任: [医疗]}
"""


@pytest.fixture
def other_book(tmp_path: Path) -> Book:
    path = tmp_path / "other.yaml"
    path.write_text(OTHER_BOOK, encoding="utf-8")
    return load_book(path)


def test_a_line_bears_its_quantity_and_the_share_of_the_medical_base_exactly(other_book: Book) -> None:
    lines = (InvoiceLine("左氧氟沙星", 10_000, "乙", quantity=2), InvoiceLine("头孢呋辛钠", 5_000, quantity=1))
    costs = Costs(15_000, 0, True, lines, "1 张医疗收费票据")
    built = build_elements(other_book, _known(other_book, replace(RICH, bills=Bills(costs, costs, None))))
    values = stored_values(built.elements)
    assert values["费用明细"] == (
        {"项目": "左氧氟沙星", "金额": 10_000, "数量": 2, "自付比例": "1/10"},
        {"项目": "头孢呋辛钠", "金额": 5_000, "数量": 1, "自付比例": "0"},
    )
    # stored as a decision stores it and opened again: 100.00 × 90 % + 50.00
    answer = adjudicate(other_book, "甲方案", opened(other_book, json.loads(json.dumps(values))), {})
    assert answer.total_fen == 14_000


@pytest.mark.parametrize(("loss", "age"), [(date(2025, 3, 13), 36), (date(2025, 3, 14), 37)])  # born on 14 March 1988
def test_a_year_of_age_is_full_on_the_birthday(other_book: Book, loss: date, age: int) -> None:
    built = build_elements(other_book, replace(_known(other_book), loss_date=loss))
    assert stored_values(built.elements)["被保险人年龄"] == age


def test_the_region_of_a_hospital_is_the_medical_bases(other_book: Book) -> None:
    evidence = replace(RICH, hospital=replace(HOSPITAL, name="示例区人民医院"))
    assert _element(other_book, "医院地区", evidence).value == "110100"


def test_costs_within_and_outside_the_list_are_told_apart() -> None:
    lines = (InvoiceLine("手术费", 800_000, "甲"), InvoiceLine("帕博利珠单抗", 500_000, "丙"), InvoiceLine("进口生物膜片", 60_000))
    costs = Costs(1_360_000, 300_000, True, lines, "医保结算单")
    evidence = replace(RICH, bills=Bills(costs, costs, None))
    told = {each.name: each.value for each in build_elements(BOOKS["huimin-city"], _known(BOOKS["huimin-city"], evidence)).elements}
    # 13,600.00 − 3,000.00 social insurance − 5,600.00 outside the list = 5,000.00 within it
    assert (told["目录内自付"], told["目录外自费"], told["特药费用"]) == (500_000, 60_000, 500_000)


def test_a_line_of_no_known_class_leaves_the_costs_outside_the_list_unknown() -> None:
    costs = Costs(5_000, 0, True, (InvoiceLine("杂费", 5_000),), "1 张医疗收费票据")
    evidence = replace(RICH, bills=Bills(costs, costs, None))
    assert _element(BOOKS["anxin-inpatient"], "目录外费用", evidence).value is None
    assert "杂费" in _doubts(BOOKS["anxin-inpatient"], evidence)["目录外费用"]


def test_a_bed_in_intensive_care_without_its_days_asks_for_a_person() -> None:
    costs = Costs(90_000, 0, True, (InvoiceLine("重症监护床位费", 90_000, "甲"),), "1 张医疗收费票据")
    assert "重症监护天数" in _doubts(BOOKS["leyi-cash"], replace(RICH, bills=Bills(costs, costs, None)))


VISIT, STAY = Costs(30_000, 10_000, True, (), "1 张"), Costs(500_000, 200_000, True, (), "1 张")
BOTH = Bills(Costs(530_000, 210_000, True, (), "2 张"), STAY, VISIT)


@pytest.mark.parametrize(
    ("product", "told"),
    [
        ("xueping-student", {"合理医疗费用": 500_000, "门急诊费用": 30_000, "医保已付": 200_000}),
        ("menji-outpatient", {"门急诊费用": 30_000, "医保已付": 10_000}),
        ("anxing-accident", {"合理医疗费用": 530_000, "医保已付": 210_000}),
    ],
)
def test_stays_and_visits_are_told_apart_where_the_book_does(product: str, told: dict[str, int]) -> None:
    built = build_elements(BOOKS[product], _known(BOOKS[product], replace(RICH, bills=BOTH))).elements
    assert {each.name: each.value for each in built if each.name in told} == told


def test_care_for_teeth_is_counted_once() -> None:
    costs = Costs(100_000, 0, False, (InvoiceLine("治疗费", 80_000, "甲"), InvoiceLine("牙科治疗", 20_000, "丙")), "1 张")
    book, evidence = BOOKS["group-topup"], replace(RICH, bills=Bills(costs, costs, None))
    assert (_element(book, "reasonable_cost", evidence).value, _element(book, "dental_cost", evidence).value) == (100_000, 0)
    lines = (InvoiceLine("治疗费", 80_000, "甲"), InvoiceLine("牙科", 20_000, "丙"))
    teeth = replace(RICH, bills=Bills(replace(costs, lines=lines), None, None))
    assert (_element(book, "reasonable_cost", teeth).value, _element(book, "dental_cost", teeth).value) == (80_000, 20_000)
