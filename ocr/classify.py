"""Tells which class a document is by its title and the words that only such a document has; abstains rather than err.

Every class has anchors with weights; the best class wins if it leads clearly. The confidence is the
share that the winner has of all weight found, times how much of a full proof was found.
"""

import re
from collections.abc import Mapping

from domain.document import DocumentClass

_FULL_PROOF = 6.0  # weight at which nothing more needs to be found

_C = DocumentClass
# To add a document class: its anchors here, its file in extract/, and its line in extract/registry.py.
ANCHORS: Mapping[DocumentClass, Mapping[str, float]] = {
    _C.MEDICAL_INVOICE: {
        "收费票据": 5, "票据代码": 3, "票据号码": 3, "金额合计": 2, "交款人": 2, "开票日期": 1.5, "收款单位": 1, "医疗门诊收费": 4,
        "医疗住院收费": 4, "统筹基金支付": 1.5, "校验码": 1,
    },
    _C.EXPENSE_LIST: {
        "费用清单": 6, "费用明细清单": 6, "一日清单": 6, "费用合计": 2, "序号": 1, "项目名称": 1, "费用日期": 1.5,
    },
    _C.DISCHARGE_SUMMARY: {
        "出院小结": 6, "出院记录": 6, "出院诊断": 2.5, "出院医嘱": 3, "入院情况": 2, "诊疗经过": 2, "出院情况": 2, "主治医师": 0.5,
    },
    _C.DIAGNOSIS_CERTIFICATE: {
        "诊断证明": 6, "疾病证明": 5, "处理意见": 2, "确诊日期": 2, "医师签名": 1,
    },
    _C.PATHOLOGY_REPORT: {
        "病理检查报告": 6, "病理报告": 6, "病理诊断报告": 6, "病理号": 3, "病理诊断": 3, "肉眼所见": 2.5, "镜下所见": 2.5, "送检": 1,
    },
    _C.ID_CARD: {
        "公民身份号码": 6, "居民身份证": 4, "签发机关": 4, "民族": 1.5, "住址": 1.5, "有效期限": 1.5,
    },
    _C.BANK_CARD: {
        "银行卡": 4, "借记卡": 4, "信用卡": 4, "发卡银行": 3, "持卡人": 3, "银联": 2, "储蓄卡": 4, "卡号": 1.5,
    },
    _C.CLAIM_FORM: {
        "理赔申请书": 7, "给付申请书": 7, "出险日期": 2, "出险原因": 2, "被保险人": 1.5, "保单号": 1.5, "申请人签名": 1.5,
        "银行账号": 1,
    },
    _C.ACCIDENT_CERTIFICATE: {
        "事故证明": 6, "意外证明": 5, "事故日期": 2.5, "特此证明": 1.5, "事故经过": 1.5, "事故认定书": 6,
    },
    _C.DEATH_CERTIFICATE: {
        "死亡医学证明": 7, "死亡证明": 6, "死亡日期": 3, "死亡原因": 3,
    },
    _C.SETTLEMENT_SHEET: {
        "医保结算单": 6, "医疗保险结算单": 6, "费用结算单": 5, "大病保险支付": 3, "医疗费用总额": 2, "个人负担": 1.5, "统筹基金支付": 1,
    },
    _C.PAYMENT_STATEMENT: {
        "理赔分割单": 6, "费用分割单": 6, "赔付证明": 5, "赔付单位": 3, "已赔付金额": 3,
    },
    _C.SURGERY_RECORD: {
        "手术记录": 6, "手术名称": 2, "手术级别": 2.5, "手术经过": 2.5, "麻醉方式": 2, "术后诊断": 1.5,
    },
    _C.IMAGING_REPORT: {
        "影像检查报告": 6, "影像诊断": 3, "影像所见": 3, "检查部位": 2, "检查报告单": 3,
    },
    _C.DISABILITY_REPORT: {
        "伤残鉴定": 6, "伤残评定": 5, "被鉴定人": 3, "伤残等级": 2.5, "鉴定意见": 2.5,
    },
}  # fmt: skip

_TRADITIONAL = str.maketrans(
    "診斷證書療費據號碼繳業醫院記錄經過額計單據銀開戶發險請報學檢編時間處見",
    "诊断证书疗费据号码缴业医院记录经过额计单据银开户发险请报学检编时间处见",
)
_BLANK = re.compile(r"[\s　]+")


def classify_text(text: str) -> tuple[DocumentClass | None, float]:
    """Tell the class of a document from all its text, with a confidence of 0..1; None when no anchor is in it."""
    compact = _BLANK.sub("", text).translate(_TRADITIONAL)
    weights = {each: sum(weight for anchor, weight in anchors.items() if anchor in compact) for each, anchors in ANCHORS.items()}
    best = max(weights, key=lambda each: weights[each])
    found = weights[best]
    if found == 0:
        return None, 0.0
    rival = max(weight for each, weight in weights.items() if each is not best)
    return best, round(min(1.0, found / _FULL_PROOF) * found / (found + rival), 4)
