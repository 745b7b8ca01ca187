"""Books made up from a small grammar: conditions, tables, exceptions, dated parameters, accounts and every money step."""

from hypothesis import strategies as st

_ELEMENTS = """要素:
  保单生效日: {类型: 日期}
  出险日: {类型: 日期}
  原因: {类型: 枚举, 取值: [疾病, 意外]}
  等级: {类型: 序列, 取值: [一级, 二级, 三级]}
  续保: {类型: 是否, 缺失: 否}
  诊断: {类型: ICD10}
  费用: {类型: 金额}
  已付: {类型: 金额, 缺失: 0元}
  天数: {类型: 天数}
  系数: {类型: 比例, 缺失: 100%}
  明细:
    类型: 列表
    字段:
      项目: {类型: 文本}
      类别: {类型: 枚举, 取值: [药品, 床位, 其他]}
      金额: {类型: 金额}
      日数: {类型: 天数, 缺失: 1天}
      自付: {类型: 比例, 缺失: 10%}
  每次: {类型: 列表, 项: {类型: 金额}}
"""
_AMOUNTS = st.sampled_from(
    ["费用", "已付", "额度", "旧额", "150.5元", "取小(费用, 额度)", "费用 - 已付", "取大(已付, 100元)", "天数 * 80元/天", "分额", "逐行额",
     "合计(明细.金额)", "合计(明细[类别 = 药品].金额)", "合计(每次[本项 > 100元])", "合计(每次) - 已付",
     "如果 计数(每次) > 1 则 每次[2] 否则 0元", "合计(明细[金额 > 费用].金额) * 系数"]
)  # fmt: skip
_RATIOS = st.sampled_from(["60%", "1/3", "系数", "比例表", "12.5%", "如果 续保 则 90% 否则 0.7"])
_REVIEWS = st.sampled_from(
    ["{若: 类别 = 其他, 原因码: a, 原因: 甲}", "{若: 类别 = 床位, 限: 300元/天 × 日数, 原因码: b, 原因: 乙}",
     "{若: 类别 = 药品 且 非 续保, 减: 金额 × 自付, 原因码: c, 原因: 丙}", "{减: 10元, 原因码: d, 原因: 丁}",
     "{若: '金额 > 额度', 乘: 1/3, 原因码: e, 原因: 戊}", "{乘: 系数, 原因码: f, 原因: 己}", "{限: 费用, 原因码: g, 原因: 庚}"]
)  # fmt: skip
_PERIODS = st.sampled_from(["保单年度", "次", "终身", "家庭"])
_ATOMS = st.sampled_from(
    ["续保", "原因 = 意外", "原因 != 疾病", "等级 >= 二级", "费用 > 额度", "费用 / 3 <= 已付", "天数 < 10天",
     "出险日 >= 保单生效日 + 30天",
     "诊断 属于 [C00-C97, K35]", "保单生效日 + 6个月 > 出险日", "出险日 - 保单生效日 <= 90天",
     "系数 * 2 >= 1", "诊断 = 无", "天数 * 1.5 >= 7天",
     "(存在 行 属于 明细 满足 行.类别 = 床位)", "(每个 行 属于 明细 满足 (行.金额 <= 额度 或 续保))", "计数(明细[日数 >= 天数]) >= 1",
     "(每个 次 属于 每次 满足 次 < 费用)", "(存在 行 属于 明细 满足 (存在 次 属于 每次 满足 次 = 行.金额))"]
)  # fmt: skip


def _joined(parts: tuple[str, str, str]) -> str:
    return f"({parts[0]} {parts[1]} {parts[2]})"


_CONDITIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(inner.map(lambda each: f"非 ({each})"), st.tuples(inner, st.sampled_from(["且", "或"]), inner).map(_joined)),
    max_leaves=4,
)


@st.composite
def _step(draw: st.DrawFn, place: int) -> str:
    kind = draw(st.sampled_from(["减", "减至多", "抵", "乘", "限", "限至多", "多限", "分级", "依次", "限次", "间隔"]))
    amount, per, account = draw(_AMOUNTS), draw(_PERIODS), f"账{place}"
    match kind:
        case "减" | "限":
            return f"{kind}: '{amount}'"
        case "乘":
            return f"乘: {draw(_RATIOS)}"
        case "减至多" | "限至多":
            return f"{kind[0]}: {{至多: '{amount}', 每: {per}, 共享: {account}}}"
        case "抵":
            return f"减: {{至多: '{amount}', 每: {per}, 共享: {account}, 抵: 已付}}"
        case "多限":
            return f"限: ['{amount}', {{至多: 2万元, 每: {per}, 共享: {account}}}]"
        case "分级":
            return "分级: {1千元: 50%, 5千元: 1/3, 以上: 90%}"
        case "依次":
            return f"依次: {{乘: [100%, 50%, 37.5%], 其后: 25%, 每: {per}, 共享: {account}}}"
        case "限次":
            return f"限次: {{至多: {draw(st.integers(1, 3))}, 每: {per}, 共享: {account}}}"
    return f"间隔: {{至少: 90天, 共享: {account}}}"


@st.composite
def book_texts(draw: st.DrawFn) -> str:
    """Write a book that passes its checks."""
    steps = [f"起: {draw(_AMOUNTS)}", *[draw(_step(place)) for place in range(draw(st.integers(0, 4)))]]
    way = draw(st.sampled_from(["四舍五入", "四舍六入五成双", "进位", "舍去"]))
    far = draw(st.sampled_from(["到分", "到角", "到元"]))
    steps.append(f"取整: {far} {way}")
    steps.append(f"限: {{至多: 额度, 每: {draw(_PERIODS)}, 共享: 总账}}")
    second = [f"起: {draw(_AMOUNTS)}", "取整: 到分 四舍五入", "限: {至多: 额度, 每: 终身}"]
    rules = [
        f"  须甲:\n    条款: 第一条\n    是: {draw(_CONDITIONS)}\n    例外:",
        f"      - {{若: '{draw(_ATOMS)}', 是: {draw(st.sampled_from(['是', '否']))}, 条款: 第二条}}",
        f"  不乙:\n    是: {draw(_CONDITIONS)}",
        "  比例表:\n    表:\n      - [续保, 等级, 得]\n      - [是, '-', 80%]\n      - [否, '>= 二级', 1/3]\n      - [否, 一级, 系数]",
        "  逐行额:\n    逐行: 明细\n    起: " + draw(st.sampled_from(["金额", "金额 * 2/3", "金额 - 已付"])) + "\n    审核:",
        *(f"      - {each}" for each in draw(st.lists(_REVIEWS, min_size=1, max_size=4))),
        f"  分额:\n    是: 如果 {draw(_ATOMS)} 则 费用 * 2/7 否则 已付",
    ]
    lines = [
        _ELEMENTS + "规则:",
        *rules,
        "责任:",
        "  甲:",
        f"    触发: {draw(_CONDITIONS)}",
        "    须: [须甲]",
        "    不赔: [不乙]",
        "    理算:",
        *(f"      - {each}" for each in steps),
        "  乙:",
        "    理算:",
        *(f"      - {each}" for each in second),
        "方案:",
        "  丙:",
        "    责任: [甲, 乙]",
        "    基准日: 保单生效日",
        "    参数:",
        "      额度: {2024-01-01: 5000元, 2025-01-01: 8000.05元}",
        "      旧额: 1234.56元",
    ]
    return "\n".join(lines) + "\n"
