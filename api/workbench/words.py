"""The Chinese words of the workbench for codes, roles, times and amounts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from rules.figures import decimal, show_money

_CHINA = ZoneInfo("Asia/Shanghai")
_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000

CHANNELS_ZH: Mapping[str, str] = {"app": "App", "hotline": "热线", "hospital": "医院直付", "event": "灾害主动报案"}

ROLES_ZH: Mapping[str, str] = {
    "app": "App",
    "channel": "渠道",
    "hotline": "热线",
    "hospital": "医院",
    "customer": "客户",
    "adjuster": "理赔员",
    "senior_adjuster": "高级理赔员",
    "investigator": "调查员",
    "actuary": "精算",
    "operator": "运维",
    "system": "系统",
}

ACTIONS_ZH: Mapping[str, str] = {
    "claim.received": "收到案件",
    "claim.moved": "状态变更",
    "claim.adjudicated": "完成理算",
    "documents.received": "收到资料",
    "documents.joined": "合并同一资料的多个文件",
    "document.read": "识别资料",
    "field.corrected": "更正字段",
    "letter.written": "生成函件",
    "payment.ordered": "下达付款指令",
    "payment.confirmed": "银行确认到账",
    "payment.bounced": "银行退票",
    "payment.returned": "付款后被银行退回",
    "payment.late": "银行迟到付款",
    "payment.called_off": "付款指令作废",
    "payee.changed": "更换收款账户",
    "documents.merged": "并入另一案件的资料",
    "payment.unknown": "付款结果不明",
    "task.dead": "处理失败，转人工",
    "clock.at_risk": "时限预警",
    "clock.missed": "时限已超",
    "notice.sent": "通知已送出",
    "message.dead": "通知未能送出",
}

BANDS_ZH: Mapping[str, str] = {"low": "低", "medium": "中", "high": "高"}
QUEUES_ZH: Mapping[str, str] = {"straight_through": "直赔", "review": "人工审核", "investigation": "调查"}
SEVERITIES_ZH: Mapping[str, str] = {"note": "提示", "doubt": "存疑", "block": "阻断"}
PAYMENTS_ZH: Mapping[str, str] = {
    "ORDERED": "待发送",
    "SENT": "已发送",
    "CONFIRMED": "已到账",
    "BOUNCED": "退票",
    "UNKNOWN": "结果不明",
    "LATE": "迟到成功",
}
ACCOUNTS_ZH: Mapping[str, str] = {"claims_expense": "赔付支出", "claims_payable": "应付赔付款", "bank": "银行存款"}
NOTICES_ZH: Mapping[str, str] = {"supplement": "补充资料通知", "decision": "理赔决定通知", "report_received": "报案受理通知"}


def time_words(milliseconds: int) -> str:
    """Write a time in China: 08-15 09:30, with the year when it is another one."""
    at, now = datetime.fromtimestamp(milliseconds / 1000, _CHINA), datetime.now(UTC).astimezone(_CHINA)
    return at.strftime("%m-%d %H:%M" if at.year == now.year else "%Y-%m-%d %H:%M")


def age_words(milliseconds: int) -> str:
    """Write how long ago: 刚刚, 12 分钟, 3 小时, 5 天."""
    if milliseconds < _MINUTE:
        return "刚刚"
    return _span(milliseconds)


def due_words(left_ms: int | None) -> str:
    """Write what is left of a clock: 余 3 天, or 超期 2 小时; "" without one."""
    if left_ms is None:
        return ""
    return f"超期 {_span(-left_ms)}" if left_ms < 0 else f"余 {_span(left_ms)}"


def _span(milliseconds: int) -> str:
    for unit, word in ((_DAY, "天"), (_HOUR, "小时"), (_MINUTE, "分钟")):
        if milliseconds >= unit:
            return f"{milliseconds // unit} {word}"
    return "不足 1 分钟"


def figure_words(value: Fraction | None, unit: str) -> str:
    """Write an exact figure of the waterfall: money in 元, anything else with its unit; "" for none."""
    if value is None:
        return ""
    return show_money(value) if unit == "元" else f"{decimal(value)} {unit}"
