"""The same claim in the language's own way: its lines are records, and one line rule reviews each of them.

    python -m bench.workload.records > bench/data/records.yaml

59 rules judge the claim, of the kinds that bench/workload/book.py has; the review takes a line off that is 丙, caps a bed by the day, and
leaves nine tenths of what is 乙. What a line keeps is rounded to the fen, half a fen up.
"""

import random

from bench.workload.book import CLASSES, FACTS, LINES, lay_out, make_facts
from rules.values import ElementValue

KINDS = ("床位费", "药品费", "检查费", "治疗费")
BED_A_DAY_FEN = 80_000
RECORD_CONDITIONS, RECORD_GRADES = 30, 29  # with the ratio and the review 60 rules
_LINES = """  费用明细:
    类型: 列表
    字段:
      项目: {类型: 文本}
      类别: {类型: 枚举, 取值: [床位费, 药品费, 检查费, 治疗费]}
      等级: {类型: 枚举, 取值: [甲, 乙, 丙]}
      金额: {类型: 金额}
      天数: {类型: 天数}"""
_REVIEW = """  可赔费用:
    条款: 第九条
    逐行: 费用明细
    起: 金额
    审核:
      - {若: 等级 = 丙, 原因码: out_of_list, 原因: 目录外, 条款: 第九条}
      - {若: 类别 = 床位费, 限: 床位日限额 × 天数, 原因码: bed_cap, 原因: 床位费超每日限额, 条款: 第九条}
      - {若: 等级 = 乙, 乘: 90%, 原因码: self_share, 原因: 乙类先行自付, 条款: 第九条}"""


def write_records_book(conditions: int = RECORD_CONDITIONS, grades: int = RECORD_GRADES, facts: int = FACTS) -> str:
    """Write the book as YAML; it is the same however many lines a claim has."""
    about = "各行是记录，一条逐行规则审核每一行。由 bench/workload/records.py 生成"
    parameters = f", 床位日限额: {BED_A_DAY_FEN // 100}元/天"
    return lay_out(about, [_LINES], [_REVIEW], "可赔费用", conditions, grades, facts, parameters)


def make_records_claim(seed: int, lines: int = LINES) -> dict[str, ElementValue]:
    """Make a claim with its lines as a list of records."""
    chance = random.Random(seed)
    claim = make_facts(chance)
    claim["费用明细"] = [
        {
            "项目": f"项目{each}",
            "类别": chance.choice(KINDS),
            "等级": chance.choice(CLASSES),
            "金额": chance.randrange(800, 900_000),
            "天数": chance.randrange(1, 15),
        }
        for each in range(lines)
    ]
    return claim


if __name__ == "__main__":
    print(write_records_book(), end="")
