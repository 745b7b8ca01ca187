"""Writes the book of the speed workload, with any number of invoice lines and rules, and makes claims for it.

    python -m bench.workload.book > bench/data/speed.yaml

40 elements tell the claim, and each of 30 invoice lines is an amount and a list class. 30 rules allow the lines,
14 tell what the customer bears, one the ratio, and 15 decide whether it is covered: 60 in all.
"""

import random
from datetime import date, timedelta

from rules.values import ElementValue

CLASSES = ("甲", "乙", "丙")
SHARES = (100, 90, 0)  # percent of a line that is allowed, by class
FACTS, LINES, CONDITIONS, GRADES = 40, 30, 15, 15
_NAMED = 10  # elements of a claim that are no spare facts
_MOST_SUMMANDS = 100
_LEVELS = ("未定级", "一级", "二级", "三级")
_PARAMETERS = "年免赔额: 1万元, 年限额: 200万元, 次限额: 50万元, 有医保比例: 90%, 无医保比例: 60%"


def write_book(lines: int = LINES, conditions: int = CONDITIONS, grades: int = GRADES, facts: int = FACTS) -> str:
    """Write the book as YAML: every line is two elements and a rule of its own."""
    elements = [f"  行{each}: {{类型: 金额}}\n  类{each}: {{类型: 枚举, 取值: [甲, 乙, 丙]}}" for each in range(lines)]
    start, subtotals = _total(lines)
    about = "一张住院发票的各行、若干规则和全部金额步骤。由 bench/workload/book.py 生成"
    return lay_out(about, elements, [*_line_rules(lines), *subtotals], start, conditions, grades, facts)


def _total(lines: int) -> tuple[str, list[str]]:
    """Write the sum of all lines, with rules for its parts where one expression may not be so long."""
    parts = [range(start, min(start + _MOST_SUMMANDS, lines)) for start in range(0, lines, _MOST_SUMMANDS)]
    sums = [" + ".join(f"可赔{each}" for each in part) for part in parts]
    if len(sums) == 1:
        return sums[0], []
    return " + ".join(f"小计{each}" for each in range(len(sums))), [f"  小计{each}:\n    是: {text}" for each, text in enumerate(sums)]


def lay_out(
    about: str,
    line_elements: list[str],
    line_rules: list[str],
    start: str,
    conditions: int = CONDITIONS,
    grades: int = GRADES,
    facts: int = FACTS,
    parameters: str = "",
) -> str:
    """Write a book as YAML, given how it holds and judges the lines, and what the calculation starts from."""
    return "\n".join(
        [
            f"# 速度基准：{about}",
            "要素:",
            *_elements(facts),
            *line_elements,
            "规则:",
            *_rules(conditions, grades, facts - _NAMED),
            *line_rules,
            "责任:",
            "  住院医疗:",
            "    触发: 住院天数 >= 1天",
            f"    须: [{', '.join(f'合格{each}' for each in range(conditions - 1))}]",
            "    不赔: [除外]",
            "    理算:",
            f"      - 起: {start}",
            "      - 减: 医保已付",
            f"      - 减: {' + '.join(f'自付{each}' for each in range(grades - 1))}",
            "      - 减: {至多: 年免赔额, 每: 保单年度}",
            "      - 乘: 赔付比例",
            "      - 取整: 到分 四舍五入",
            "      - 限: {至多: 次限额, 每: 次}",
            "      - 限: {至多: 年限额, 每: 保单年度}",
            "方案:",
            "  标准版:",
            "    责任: [住院医疗]",
            f"    参数: {{{_PARAMETERS}{parameters}}}",
            "",
        ]
    )


def _elements(facts: int) -> list[str]:
    return [
        "  保单生效日: {类型: 日期}",
        "  出险日: {类型: 日期}",
        "  出险原因: {类型: 枚举, 取值: [疾病, 意外]}",
        "  主诊断: {类型: ICD10}",
        "  医院等级: {类型: 序列, 取值: [未定级, 一级, 二级, 三级]}",
        "  医院性质: {类型: 枚举, 取值: [公立, 民营]}",
        "  参保身份: {类型: 枚举, 取值: [有医保, 无医保]}",
        "  连续续保: {类型: 是否, 缺失: 否}",
        "  医保已付: {类型: 金额, 缺失: 0元}",
        "  住院天数: {类型: 天数}",
        *(f"  情形{each}: {{类型: {_fact_type(each)}}}" for each in range(facts - _NAMED)),
    ]


def _fact_type(each: int) -> str:
    return ("是否", "天数", "金额")[each % 3]


def _rules(conditions: int, grades: int, spare: int) -> list[str]:
    rules = ["  除外: {条款: 第七条, 是: '主诊断 属于 [O00-O99, Z40-Z54]'}"]
    rules += [f"  合格{each}: {{条款: 第{each + 8}条, 是: '{_condition(each, spare)}'}}" for each in range(conditions - 1)]
    rules += ["  赔付比例:", "    条款: 第十条", "    表:", "      - [参保身份, 得]"]
    rules += ["      - [有医保, 有医保比例]", "      - [无医保, 无医保比例]"]
    for each in range(grades - 1):
        fact = each * 3 % spare // 3 * 3
        rules += [f"  自付{each}:", f"    是: 如果 情形{fact} 则 {each + 1}0元 否则 0元"]
    return rules


def _line_rules(lines: int) -> list[str]:
    rules = []
    for each in range(lines):
        rules += [f"  可赔{each}:", "    表:", f"      - [类{each}, 得]"]
        rules += [f"      - [{word}, {f'行{each} * {share}%' if share else '0元'}]" for word, share in zip(CLASSES, SHARES, strict=True)]
    return rules


def _condition(each: int, spare: int) -> str:
    if each == 0:
        return "出险日 >= 保单生效日 + 30天 或 出险原因 = 意外 或 连续续保"
    if each == 1:
        return "医院等级 >= 二级 且 医院性质 = 公立"
    # Where rules outnumber facts each still asks something of its own: equal questions would be answered once.
    fact, more = (each * 3 + each % 2 + 1) % spare, each // spare
    if fact % 3 == 1:
        return f"情形{fact} <= {30 + more}天"
    return f"情形{fact} <= {900 + more}元" if fact % 3 == 2 else f"情形{fact} 或 住院天数 <= {300 + more}天"


def make_claim(seed: int, lines: int = LINES, facts: int = FACTS) -> dict[str, ElementValue]:
    """Make a claim of the workload; most are paid."""
    chance = random.Random(seed)
    claim = make_facts(chance, facts)
    for each in range(lines):
        claim[f"行{each}"], claim[f"类{each}"] = chance.randrange(800, 900_000), chance.choice(CLASSES)
    return claim


def make_facts(chance: random.Random, facts: int = FACTS) -> dict[str, ElementValue]:
    """Make what a claim tells beside its lines."""
    start = date(2024, 1, 1) + timedelta(days=chance.randrange(300))
    claim: dict[str, ElementValue] = {
        "保单生效日": start,
        "出险日": start + timedelta(days=chance.randrange(20, 300)),
        "出险原因": chance.choice(["疾病", "疾病", "意外"]),
        "主诊断": chance.choice(["K35.8", "I21.4", "J18.9", "C73", "O80.0"]),
        "医院等级": chance.choice(_LEVELS[2:]),
        "医院性质": "公立",
        "参保身份": chance.choice(["有医保", "无医保"]),
        "连续续保": chance.random() < 0.5,
        "医保已付": chance.randrange(500_000),
        "住院天数": chance.randrange(1, 30),
    }
    for each in range(facts - _NAMED):
        claim[f"情形{each}"] = (chance.random() < 0.5, chance.randrange(31), chance.randrange(90_001))[each % 3]
    return claim


if __name__ == "__main__":
    print(write_book(), end="")
