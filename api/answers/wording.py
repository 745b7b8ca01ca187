"""How states and kinds are said to customers, in their words and without our inner ones."""

from collections.abc import Mapping

from domain.decision import DecisionKind
from domain.states import ClaimState, DocumentState

STATE_SENTENCES: Mapping[ClaimState, str] = {
    ClaimState.REPORTED: "已收到您的报案，请提交理赔资料。",
    ClaimState.SUBMITTED: "已收到您的理赔资料，即将开始处理。",
    ClaimState.READING: "正在识别您提交的资料。",
    ClaimState.NEEDS_SUPPLEMENT: "资料还不齐全，请按补充资料通知一次性补齐。",
    ClaimState.ADJUDICATED: "资料已齐全，正在计算赔付金额。",
    ClaimState.SCORED: "赔付金额已算出，正在核对。",
    ClaimState.APPROVED_STRAIGHT_THROUGH: "审核通过，即将付款。",
    ClaimState.IN_REVIEW: "理赔员正在审核您的案件。",
    ClaimState.IN_INVESTIGATION: "理赔员正在审核您的案件。",
    ClaimState.DECIDED: "案件已作出结论。",
    ClaimState.PRESETTLED: "医院已为您预结算，等待医院确认。",
    ClaimState.PAYING: "赔款正在支付。",
    ClaimState.PAID: "赔款已支付。",
    ClaimState.CLOSED: "案件已办结。",
    ClaimState.REOPENED: "案件已重新受理。",
    ClaimState.WITHDRAWN: "案件已撤回。",
    ClaimState.DUPLICATE: "这次报案与您先前的报案是同一件，已合并处理。",
}

DECISION_WORDS: Mapping[DecisionKind, str] = {
    DecisionKind.PAY_FULL: "全额赔付",
    DecisionKind.PAY_PART: "部分赔付",
    DecisionKind.DECLINE: "不予赔付",
    DecisionKind.ADVANCE: "先予支付",
    DecisionKind.CANCELLED: "直付结算已撤销，费用由您与医院结清",
}

DOCUMENT_SENTENCES: Mapping[DocumentState, str] = {
    DocumentState.RECEIVED: "已收到",
    DocumentState.CHECKED: "已收到",
    DocumentState.CLASSIFIED: "已识别类别",
    DocumentState.EXTRACTED: "已识别",
    DocumentState.JOINED: "已与同一资料的其他页合并",
    DocumentState.RETAKE_ASKED: "需要重新拍摄",
    DocumentState.UNREADABLE: "无法打开",
}
