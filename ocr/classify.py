"""Tells which class a document is by its title and the words that only such a document has; abstains rather than err.

Every class has anchors with weights; the best class wins if it leads clearly. The confidence is the share that the
winner has of all weight found, times how much of a full proof was found. A word inside a sentence hardly counts: a
newspaper that writes about 出院小结 is none. Papers that are of no class at all compete with words of their own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.document import DocumentClass
from ocr.extract.values import to_simplified

_FULL_PROOF = 6.0  # weight at which nothing more needs to be found
_TITLE_WEIGHT = 4.0  # an anchor this heavy is a title, or as good as one
_SENTENCE_LENGTH = 24  # characters in one piece of text, beyond which it is a sentence and no label
_IN_A_SENTENCE = 0.2  # what a word counts there
_NOT_ITS_OWN = 0.2  # what all words count where none of `_REQUIRED` is found

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

# Words of papers that customers send and that are of no class: receipts, tickets, slips, other people's invoices.
STRANGERS: Mapping[str, float] = {
    "签购单": 6, "商户": 4, "收银": 4, "找零": 4, "小票": 4, "超市": 2, "欢迎光临": 3, "谢谢惠顾": 3, "车次": 4, "检票": 4, "登机": 4,
    "增值税": 5, "纳税人识别号": 4, "价税合计": 4, "非税收入": 4, "交易流水": 4, "交易明细": 4, "本报讯": 5, "记者": 3, "登记表": 5,
    "报名表": 5, "处方": 4,
}  # fmt: skip

# Without one of these the other words of the class prove nothing: a school's fees are paid on the same form as a hospital's.
_REQUIRED: Mapping[DocumentClass, tuple[str, ...]] = {
    _C.MEDICAL_INVOICE: ("医疗", "门诊", "住院", "医保", "医院"),
    _C.EXPENSE_LIST: ("清单", "费用日期", "住院", "医院", "医保"),
    _C.ID_CARD: ("公民身份", "身份号码", "居民身份证", "签发机关"),
}

# What a form asks for is not what it is.
_ASKED_FOR = re.compile("居民身份证号码?|银行卡号")
_BLANK = re.compile(r"[\s　]+")
_PIECE = re.compile(r"[\n\t]+")
_INSIDE = re.compile("[\u4e00-\u9fff、，,《“「]")  # before a word that is part of a sentence


@dataclass(frozen=True)
class Judgement:
    """What a text is: the likeliest class (None: no anchor at all), how sure that is (0..1), whether its title was found."""

    document_class: DocumentClass | None
    confidence: float
    has_title: bool = False


def classify_text(text: str) -> tuple[DocumentClass | None, float]:
    """Tell the class of a document from all its text, with a confidence of 0..1; None when no anchor is in it."""
    judged = judge_text(text)
    return judged.document_class, judged.confidence


def judge_text(text: str) -> Judgement:
    """Tell the class of a text and whether it bears the title of that class; rows end with a line feed, cells with a tab."""
    pieces = [_ASKED_FOR.sub("", piece) for each in _PIECE.split(text) if (piece := to_simplified(_BLANK.sub("", each)))]
    compact = "\n".join(pieces)
    weights = {each: _weigh(compact, pieces, anchors) * _share(compact, each) for each, anchors in ANCHORS.items()}
    best = max(weights, key=lambda each: weights[each])
    found = weights[best]
    if found == 0:
        return Judgement(None, 0.0)
    rival = max(*(weight for each, weight in weights.items() if each is not best), _weigh(compact, pieces, STRANGERS))
    titles = {anchor: weight for anchor, weight in ANCHORS[best].items() if weight >= _TITLE_WEIGHT}
    confidence = round(min(1.0, found / _FULL_PROOF) * found / (found + rival), 4)
    return Judgement(best, confidence, _weigh(compact, pieces, titles) >= _TITLE_WEIGHT)


def _share(compact: str, document_class: DocumentClass) -> float:
    required = _REQUIRED.get(document_class)
    return 1.0 if required is None or any(word in compact for word in required) else _NOT_ITS_OWN


def _weigh(compact: str, pieces: list[str], anchors: Mapping[str, float]) -> float:
    return sum(weight * max(_standings(pieces, anchor)) for anchor, weight in anchors.items() if anchor in compact)


def _standings(pieces: list[str], anchor: str) -> Iterator[float]:
    """Tell for every piece that has the anchor what it counts there; an anchor broken over two pieces counts in none."""
    yield 0.0
    for piece in pieces:
        place = piece.find(anchor)
        if place >= 0:
            yield 1.0 if _is_label(piece, place, place + len(anchor)) else _IN_A_SENTENCE


def _is_label(piece: str, start: int, end: int) -> bool:
    """Tell whether a word stands by itself: in a short piece, at the start of one, after a number or a stop, or before a colon."""
    return len(piece) <= _SENTENCE_LENGTH or start == 0 or _INSIDE.match(piece[start - 1]) is None or piece[end : end + 1] in ("：", ":")
