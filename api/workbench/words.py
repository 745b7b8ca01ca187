"""The Chinese words of the workbench for codes, roles, times and amounts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction

from babel.dates import format_datetime

from api.workbench.language import say, the_language
from domain.china import CHINA
from rules.figures import decimal, show_money

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000

CHANNELS_ZH: Mapping[str, str] = {
    "app": "App",
    "wechat": "微信小程序",
    "website": "官网",
    "hotline": "热线",
    "counter": "柜面",
    "agent": "代理人",
    "hospital": "医院直付",
    "event": "灾害主动报案",
}

ROLES_ZH: Mapping[str, str] = {
    "app": "App",
    "channel": "渠道",
    "wechat": "微信小程序",
    "website": "官网",
    "counter": "柜面",
    "agent": "代理人",
    "hotline": "热线",
    "hospital": "医院",
    "customer": "客户",
    "hotline_agent": "坐席",
    "field_agent": "代理人",
    "adjuster": "理赔员",
    "senior_adjuster": "高级理赔员",
    "investigator": "调查员",
    "actuary": "精算",
    "operator": "运维",
    "system": "系统",
}

ACTIONS_ZH: Mapping[str, str] = {
    "claim.viewed": "查看了案件",
    "webhook.again": "重新推送",
    "claim.taken_over": "接手了案件",
    "claim.set_aside": "搁置了案件",
    "claim.taken_up": "取消了搁置",
    "comment.added": "留言",
    "attachment.added": "附上文件",
    "claim.referred": "转交了案件",
    "claim.escalated": "上报了案件",
    "claim.handed_back": "退回了转交的案件",
    "verdict.given": "作出决定，等待生效",
    "verdict.undone": "撤回了决定",
    "verdict.fell": "决定未生效：案件在生效前有变化，须重新决定",
    "claim.received": "收到案件",
    "claim.moved": "状态变更",
    "claim.adjudicated": "完成理算",
    "documents.received": "收到资料",
    "documents.joined": "合并同一资料的多个文件",
    "document.read": "识别资料",
    "field.corrected": "更正字段",
    "risk.concluded": "记录调查结论",
    "letter.written": "生成函件",
    "payment.ordered": "下达付款指令",
    "payment.confirmed": "银行确认到账",
    "payment.bounced": "银行退票",
    "payment.returned": "付款后被银行退回",
    "payment.late": "银行迟到付款",
    "payment.called_off": "付款指令作废",
    "settlement.confirmed": "医院确认预结算",
    "settlement.cancelled": "医院撤销直付结算",
    "settlement.expired": "医院未按时确认，预结算自动撤销",
    "settlement.recoverable": "已付给医院的款项应由医院退回",
    "report.joined": "另一渠道的报案并入本案",
    "payee.changed": "更换收款账户",
    "documents.merged": "并入另一案件的资料",
    "payment.unknown": "付款结果不明",
    "repayment.asked": "请客户返还多付款项",
    "repayment.received": "收到返还款项",
    "offset.arranged": "决定抵销",
    "offset.cancelled": "取消抵销",
    "offset.booked": "已抵销",
    "write_off.proposed": "提出核销，待第二人签署",
    "write_off.booked": "已核销",
    "task.dead": "处理失败，转人工",
    "task.retried": "重新处理",
    "task.overtaken": "失败的处理已由人工决定取代",
    "clock.at_risk": "时限预警",
    "clock.missed": "时限已超",
    "notice.sent": "通知已送出",
    "message.dead": "通知未能送出",
    "event.joined": "并入灾害事件",
    "event.contacted": "灾害事件中已联系客户",
    "claim.erased": "个人信息已清除",
}

ACTS_ZH: Mapping[str, str] = {  # what a person decides
    "approve": "同意赔付",
    "pay_part": "部分赔付",
    "decline": "拒赔",
    "advance": "先行给付",
    "ask": "补充资料",
    "investigate": "转调查",
    "refer": "转交",
    "escalate": "上报",
}
SLOTS_ZH: Mapping[str, str] = {  # what a report told
    "relation": "关系",
    "loss_day": "出险日期",
    "cause": "原因",
    "diagnosis": "诊断",
    "hospital": "医院",
    "hospitalised": "住院",
    "operated": "手术",
    "outpatient": "门诊",
    "injured": "受伤",
    "died": "身故",
    "critical_illness": "重疾",
    "amount": "金额",
}
BANDS_ZH: Mapping[str, str] = {"low": "低", "medium": "中", "high": "高"}
SHARED_ZH: Mapping[str, str] = {"phone": "手机号", "account": "收款账号", "device": "报案设备"}
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
ACCOUNTS_ZH: Mapping[str, str] = {
    "claims_expense": "赔付支出",
    "claims_payable": "应付赔付款",
    "claims_recoverable": "应收追偿款",
    "claims_written_off": "追偿款核销",
    "claims_offset": "抵销",
    "bank": "银行存款",
}
NOTICES_ZH: Mapping[str, str] = {
    "supplement": "补充资料通知",
    "decision": "理赔决定通知",
    "report_received": "报案受理通知",
    "repayment": "请返还多付款项",
    "repaid": "已收到返还款项",
    "offset": "抵销通知",
    "joined": "两次报案合并通知",
    "settlement_cancelled": "直付结算撤销通知",
    "not_settled": "直付未办理通知",
    "event": "灾害理赔通知",
    "payee": "请提供收款账户",
    "reopened": "重新受理通知",
    "withdrawn": "撤案通知",
    "merged": "并案通知",
}


def time_words(milliseconds: int) -> str:
    """Write a time in China: 08-15 09:30 or 15 Aug 09:30, with the year when it is another one."""
    at, now = datetime.fromtimestamp(milliseconds / 1000, CHINA), datetime.now(UTC).astimezone(CHINA)
    if the_language() == "en":
        return format_datetime(at, "d MMM HH:mm" if at.year == now.year else "d MMM y HH:mm", locale="en")
    return at.strftime("%m-%d %H:%M" if at.year == now.year else "%Y-%m-%d %H:%M")


def received_words(milliseconds: int) -> str:
    """Write how long ago something came: 刚刚, 12 分钟前, 3 小时前, 5 天前."""
    return say("刚刚") if milliseconds < _MINUTE else say("{span}前", span=_span(milliseconds))


def due_words(left_ms: int | None) -> str:
    """Write what is left of a clock: 余 3 天, or 超期 2 小时; "" without one."""
    if left_ms is None:
        return ""
    return say("超期 {span}", span=_span(-left_ms)) if left_ms < 0 else say("余 {span}", span=_span(left_ms))


def _span(milliseconds: int) -> str:
    for unit, words in ((_DAY, "{count} 天"), (_HOUR, "{count} 小时"), (_MINUTE, "{count} 分钟")):
        if milliseconds >= unit:
            return say(words, count=milliseconds // unit)
    return say("不足 1 分钟")


def figure_words(value: Fraction | None, unit: str) -> str:
    """Write an exact figure of the waterfall: money in 元, anything else with its unit; "" for none."""
    if value is None:
        return ""
    return show_money(value) if unit == "元" else say("{value} {unit}", value=decimal(value), unit=say(unit))
