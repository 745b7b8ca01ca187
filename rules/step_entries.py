"""What the reference says of each step (理算步骤) and of each keyword inside its braces, in both languages, with an example to work out."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """A calculation, and claims on one contract one after another: each gives the day of its loss and elements."""

    steps: str
    claims: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Entry:
    """What the page says of a step, in both languages."""

    forms: str  # in Chinese keywords; {…} stands for the keys of STEP_KEYS
    zh: str
    en: str
    example: Example


_MAY, _JUNE, _MARCH = "2025-05-01", "2025-06-01", "2026-03-01"

ENTRIES = {
    "start": Entry(
        "起: 金额或天数",
        "第一步。从一个金额或天数开始；小于 0 按 0 计。",
        "The first step: begins with an amount or a number of days; less than 0 counts as 0.",
        Example(
            "- 起: 费用",
            ({"出险日": _MAY, "费用": "12000元"},),
        ),
    ),
    "parts": Entry(
        "分项: {名: [步骤, …], 名: [步骤, …]}",
        "第一步的另一种。几笔各自理算，再相加；至少两笔。",
        "The other first step: several calculations of their own, added up; two at least.",
        Example(
            "- 分项: {目录内: [{起: 费用}, {乘: 80%}], 目录外: [{起: 目录外费用}, {乘: 50%}]}\n- 取整: 到分 四舍五入",
            ({"出险日": _MAY, "费用": "1万元", "目录外费用": "4千元"},),
        ),
    ),
    "subtract": Entry(
        "减: 金额；减: {…}；减: [{…}, {…}]",
        "减去；余额不会低于 0。带 `每` 的是一段期间内总共减这么多，账上记实际减掉的。`抵`：他方的钱先填免赔额，也记在账上。"
        "写成列表时，余额最小的一个说了算，每个账都记。",
        "Takes off; the balance never goes below 0. With `per` so much is taken off in all over a stretch, and the account "
        "counts what was taken. `offset`: another payer's money fills the deductible first, and counts as well. Of a list "
        "the smallest rest binds, and every account is charged.",
        Example(
            "- 起: 费用\n- 减: {至多: 1万元, 每: 保单年度, 抵: 他方已付}",
            (
                {"出险日": _MAY, "费用": "6千元"},
                {"出险日": _JUNE, "费用": "8千元", "他方已付": "1千元"},
            ),
        ),
    ),
    "multiply": Entry(
        "乘: 比例，或 元/天",
        "乘以比例；天数乘以 元/天 得金额。",
        "Multiplies by a ratio; days times 元/天 make an amount.",
        Example(
            "- 起: 住院天数\n- 乘: 200元/天",
            ({"出险日": _MAY, "住院天数": "12天"},),
        ),
    ),
    "banded": Entry(
        "分级: {上限: 比例, …, 以上: 比例}，可加 每、共享、按",
        "分级累进：余额的每一段按它那一级的比例。带 `每` 时从本期已到的地方接着算。",
        "Pays every part of the balance at the ratio of its band. With `per` it goes on where the stretch stands.",
        Example(
            "- 起: 费用\n- 分级: {1000元: 50%, 5000元: 60%, 以上: 90%, 每: 保单年度}\n- 取整: 到分 四舍五入",
            (
                {"出险日": _MAY, "费用": "3千元"},
                {"出险日": _JUNE, "费用": "3千元"},
            ),
        ),
    ),
    "in_turn": Entry(
        "依次: {…}",
        "本期第一次、第二次……各有比例；以后的按 `其后`，没写就是不赔。赔付为 0 的一次不占次序。",
        "The first claim of a stretch, the second and so on, each at its ratio; later ones at `then`, or nothing where it "
        "is left out. A claim that is paid nothing takes no turn.",
        Example(
            "- 起: 费用\n- 依次: {每: 保单年度, 乘: [100%, 50%], 其后: 25%}\n- 取整: 到分 四舍五入",
            (
                {"出险日": _MAY, "费用": "1千元"},
                {"出险日": _JUNE, "费用": "1千元"},
                {"出险日": "2025-07-01", "费用": "1千元"},
            ),
        ),
    ),
    "cap": Entry(
        "限: 金额或天数；限: {…}；限: [{…}, {…}]",
        "最多放行这么多。金额的限，若其后只有 限、取整、限次、间隔，账上记的是舍入后实付的数，所以各次相加绝不超过限额。",
        "Lets through at most so much. A cap on money that only caps, rounding, times and intervals follow counts what is "
        "really paid, after rounding: the sum of all payouts never exceeds it.",
        Example(
            "- 起: 费用\n- 限: {至多: 1万元, 每: 保单年度}",
            (
                {"出险日": _MAY, "费用": "8千元"},
                {"出险日": _JUNE, "费用": "8千元"},
                {"出险日": _MARCH, "费用": "8千元"},
            ),
        ),
    ),
    "times": Entry(
        "限次: {…}",
        "一段期间内最多给付这么多次。赔付为 0 的一次不计。",
        "Pays so many claims of a stretch. A claim that is paid nothing is not counted.",
        Example(
            "- 起: 费用\n- 限次: {至多: 1, 每: 终身}",
            (
                {"出险日": _MAY, "费用": "1千元"},
                {"出险日": _MARCH, "费用": "1千元"},
            ),
        ),
    ),
    "interval": Entry(
        "间隔: {…}",
        "出险日与以前给付过的每一次（不论在前在后）都相隔这么多天，才放行。**同一天的第二次相隔 0 天，不放行**，哪怕是另一"
        "张单据、另一处伤：给付 0.00（不是拒赔），也不占次数；全案零给付会转人工。同一案里 `共享` 此账的第二项责任也一样。"
        "出险日以 `令` 改写后的为准；`按` 分开的各算各的；赔付为 0 的一次不算给付过。",
        "Lets a claim through when its day of loss lies so far from that of every claim paid before, earlier or later. **A "
        "second loss on the same day lies 0 days away and is not let through**, even with another bill and another injury: "
        "it pays 0.00 (no decline) and takes no turn; a claim that comes to nothing goes to a person. So does a second "
        "responsibility of one claim that has the account `shared`. The day is that of `let` where it is rebound; accounts "
        "kept apart with `by` do not see one another; a claim that was paid nothing does not count as paid.",
        Example(
            "- 起: 费用\n- 间隔: {至少: 90天}",
            (
                {"出险日": _MAY, "费用": "1千元"},
                {"出险日": _MAY, "费用": "1千元"},
                {"出险日": "2025-07-29", "费用": "1千元"},
                {"出险日": "2025-07-30", "费用": "1千元"},
            ),
        ),
    ),
    "round": Entry(
        "取整: 到分|到角|到元 四舍五入|四舍六入五成双|进位|舍去",
        "舍入一次，且不会高过前面的 `限` 留下的。可能出现不足一分的理算，没有它存不了盘。",
        "Rounds, once, and never over what the caps before it leave. A calculation that could end in fractions of 分 is "
        "refused without it.",
        Example(
            "- 起: 费用\n- 乘: 1 ÷ 3\n- 取整: 到分 四舍五入",
            ({"出险日": _MAY, "费用": "100元"},),
        ),
    ),
}
OPTIONS = {
    "at_most": (
        "至多这么多；带 `每` 时是一段期间的总数",
        "at most so much; with `per`, in all over a stretch",
    ),
    "at_least": (
        "至少这么多天",
        "at least so many days",
    ),
    "per": (
        "按什么期间记账：`保单年度`（2024-03-01 起的一年止于 2025-02-28）、`次`（同一出险日）、`终身`、`家庭`（保单年度，全家各保单合计）",
        "the stretch that is counted: `policy_year` (a year from 2024-03-01 ends on 2025-02-28), `occurrence` (one day of "
        "loss), `lifetime`, `family` (the policy year, for all policies of the family together)",
    ),
    "shared": (
        "几项责任共用一个账；同一案里按方案的次序用",
        "one account for several responsibilities; within a claim they use it in the plan's order",
    ),
    "by": (
        "每个值一个账：每组重疾、每名家人",
        "an account of its own for each value: each group of illnesses, each member of the family",
    ),
    "offset": (
        "他方已付的钱，先填免赔额",
        "what another payer paid, which fills the deductible first",
    ),
    "multiply": (
        "第一次、第二次……的比例",
        "the ratios of the first claim, the second …",
    ),
    "then": (
        "列完以后每一次的比例",
        "the ratio of all later ones",
    ),
    "above": (
        "最后一级，没有上限",
        "the last band, without end",
    ),
}
