"""Tells which class a document is by its title and the words that only such a document has; abstains rather than err.

Titles are told by their grammar (`ocr/titles.py`), and every class has anchors with weights; the best class wins if it
leads clearly. The confidence is the share that the winner has of all weight found, times how much of a full proof was
found. A word inside a sentence hardly counts: a newspaper that writes about 出院小结 is none. Papers that are of no
class at all compete with words of their own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.document import DocumentClass
from ocr.extract.values import to_simplified
from ocr.titles import weigh_titles

_FULL_PROOF = 6.0  # weight at which nothing more needs to be found
_TITLE_WEIGHT = 4.0  # an anchor this heavy is a title, or as good as one
_SENTENCE_LENGTH = 24  # characters in one piece of text, beyond which it is a sentence and no label
_IN_A_SENTENCE = 0.2  # what a word counts there
_NOT_ITS_OWN = 0.2  # what all words count where none of `_REQUIRED` is found

_C = DocumentClass
# To add a document class: its titles in titles.py, its anchors here, its file in extract/, and its line in extract/registry.py.
ANCHORS: Mapping[DocumentClass, Mapping[str, float]] = {
    _C.MEDICAL_INVOICE: {
        "票据代码": 3, "票据号码": 3, "金额合计": 2, "交款人": 2, "医疗机构类型": 2, "开票日期": 1.5, "统筹基金支付": 1.5,
        "业务流水号": 1.5, "收据号": 1.5, "票据编号": 1.5, "合计（大写）": 1.5, "收款单位": 1, "校验码": 1, "个人现金支付": 1,
        "个人账户支付": 1, "医保类型": 1, "收费员": 1, "统一社会信用代码": 1, "收款人": 0.5, "复核人": 0.5,
    },
    _C.EXPENSE_LIST: {
        "费用合计": 2, "费用总计": 2, "费用日期": 1.5, "项目编码": 1.5, "记账日期": 1.5, "计费日期": 1.5, "清单": 1.5, "计价单位": 1.5,
        "序号": 1, "项目名称": 1, "收费项目": 1, "单价": 1, "规格": 1, "医保类别": 1, "医保等级": 1, "自付比例": 1, "执行科室": 1,
        "收费日期": 1, "明细": 1, "费用类别": 1, "数量": 0.5, "金额": 0.5, "费用总额": 0.5, "小计": 0.5,
    },
    _C.DISCHARGE_SUMMARY: {
        "出院医嘱": 3, "出院诊断": 2.5, "出院带药": 2.5, "入院情况": 2, "诊疗经过": 2, "出院情况": 2, "治疗经过": 2, "诊治经过": 2,
        "住院经过": 2, "诊疗过程": 2, "出院时情况": 2, "入院时情况": 2, "出院建议": 2, "出院指导": 2, "入院诊断": 1.5, "治疗结果": 1.5,
        "离院方式": 1.5, "转归": 1, "实际住院": 1, "主治医师": 0.5, "入院日期": 0.5, "出院日期": 0.5, "入院时间": 0.5, "出院时间": 0.5,
        "住院天数": 0.5, "随访": 0.5, "经治医师": 0.5, "住院医师": 0.5, "病案号": 0.5,
    },
    _C.DIAGNOSIS_CERTIFICATE: {
        "处理意见": 2, "确诊日期": 2, "处理建议": 2, "医师建议": 2, "医生建议": 2, "诊断日期": 1.5, "建议休息": 1.5, "诊断医师": 1.5,
        "开具日期": 1.5, "医师签名": 1, "诊断意见": 1, "临床诊断": 1, "诊断结果": 1, "兹证明": 1, "医师签字": 1, "医生签名": 1,
        "证明专用章": 0.5, "诊断专用章": 0.5, "就诊日期": 0.5,
    },
    _C.PATHOLOGY_REPORT: {
        "病理号": 3, "病理诊断": 3, "病理编号": 3, "肉眼所见": 2.5, "镜下所见": 2.5, "大体所见": 2.5, "病理医师": 2.5, "巨检": 2,
        "镜检": 2, "送检材料": 2, "送检标本": 2, "免疫组化": 2, "显微镜": 1.5, "标本名称": 1.5, "取材": 1.5, "病理专用章": 1.5, "送检": 1,
        "标本类型": 1,
    },
    _C.ID_CARD: {
        "公民身份号码": 6, "居民身份证": 4, "签发机关": 4, "民族": 1.5, "住址": 1.5, "有效期限": 1.5,
    },
    _C.BANK_CARD: {
        "银行卡": 4, "借记卡": 4, "信用卡": 4, "储蓄卡": 4, "发卡银行": 3, "持卡人": 3, "银联": 2, "卡号": 1.5,
    },
    _C.CLAIM_FORM: {
        "出险日期": 2, "出险原因": 2, "出险时间": 2, "出险人": 2, "出险经过": 2, "事故者": 2, "理赔类型": 2, "被保险人": 1.5,
        "保单号": 1.5, "申请人签名": 1.5, "出险地点": 1.5, "保险单号": 1.5, "保险合同号": 1.5, "申请人签字": 1.5, "申请人签章": 1.5,
        "领款人": 1.5, "与被保险人关系": 1.5, "申请项目": 1.5, "申请事项": 1.5, "索赔": 1.5, "报案号": 1.5, "给付方式": 1.5,
        "银行账号": 1, "申请人": 1, "受益人": 1, "事故类型": 1, "领取方式": 1, "收款账号": 1, "开户银行": 0.5, "开户行": 0.5,
    },
    _C.ACCIDENT_CERTIFICATE: {
        "事故日期": 2.5, "事故时间": 2, "事发时间": 2, "事故地点": 2, "事发地点": 2, "事发经过": 2, "受伤人": 2, "受伤经过": 2,
        "受伤时间": 2, "伤者": 2, "证明单位": 2, "事故责任": 2, "特此证明": 1.5, "事故经过": 1.5, "受伤部位": 1.5, "当事人": 1.5,
        "情况属实": 1.5, "事故情况": 1.5, "证明人": 1, "兹证明": 1,
    },
    _C.DEATH_CERTIFICATE: {
        "死亡日期": 3, "死亡原因": 3, "死亡时间": 3, "死亡地点": 2.5, "死者": 2, "直接死因": 2, "根本死因": 2, "生前": 1,
    },
    _C.SETTLEMENT_SHEET: {
        "大病保险支付": 3, "医疗费用总额": 2, "大病支付": 2, "大病保险": 2, "起付线": 2, "起付标准": 2, "医疗总费用": 2, "医疗费总额": 2,
        "个人负担": 1.5, "个人自负": 1.5, "参保人员": 1.5, "起付": 1.5, "结算单": 1.5, "统筹支付": 1.5, "医保结算": 1.5, "参保人": 1.5,
        "参保类型": 1.5, "参保地": 1.5, "人员类别": 1.5, "险种类型": 1.5, "公务员": 1.5, "医疗救助": 1.5, "先行自付": 1.5,
        "政策范围内": 1.5, "基金支付合计": 1.5, "统筹基金支付": 1, "统筹基金": 1, "大病": 1, "医疗费用合计": 1, "医疗总费": 1,
        "总费用": 1, "住院总费用": 1, "自负": 1, "医保中心": 1, "医疗保障局": 1, "费用总额": 1, "医疗类别": 1, "定点医疗机构": 1,
        "大额": 1, "结算日期": 1, "结算时间": 1, "参保": 0.5, "经办人": 0.5,
    },
    _C.PAYMENT_STATEMENT: {
        "赔付单位": 3, "已赔付金额": 3, "赔付金额": 2.5, "赔款金额": 2.5, "赔付公司": 2.5, "赔付日期": 2, "费用原件": 1.5, "分割": 1,
    },
    _C.SURGERY_RECORD: {
        "手术级别": 2.5, "手术经过": 2.5, "手术步骤": 2.5, "手术过程": 2.5, "手术名称": 2, "麻醉方式": 2, "主刀": 2, "麻醉方法": 2,
        "术后诊断": 1.5, "术前诊断": 1.5, "术中诊断": 1.5, "手术者": 1.5, "助手": 1.5, "手术体位": 1.5, "术中出血": 1.5, "术者": 1,
        "麻醉医师": 1, "手术日期": 1, "手术时间": 1,
    },
    _C.IMAGING_REPORT: {
        "影像诊断": 3, "影像所见": 3, "影像表现": 3, "影像学表现": 3, "影像学诊断": 3, "超声所见": 3, "超声提示": 3, "检查所见": 2.5,
        "检查部位": 2, "影像号": 2, "诊断印象": 2, "检查方法": 1.5, "检查结论": 1.5, "检查项目": 0.5, "审核医师": 0.5,
    },
    _C.DISABILITY_REPORT: {
        "被鉴定人": 3, "伤残等级": 2.5, "鉴定意见": 2.5, "致残等级": 2.5, "鉴定结论": 2, "评定结论": 2, "鉴定标准": 1.5, "鉴定日期": 1.5,
        "鉴定机构": 1.5, "鉴定人": 1, "委托人": 0.5,
    },
}  # fmt: skip
_TITLES = {each: {anchor: weight for anchor, weight in anchors.items() if weight >= _TITLE_WEIGHT} for each, anchors in ANCHORS.items()}
_LABELS = {each: {anchor: weight for anchor, weight in anchors.items() if weight < _TITLE_WEIGHT} for each, anchors in ANCHORS.items()}

# Words of papers that customers send and that are of no class: receipts, tickets, slips, other people's invoices.
STRANGERS: Mapping[str, float] = {
    "签购单": 6, "商户": 4, "收银": 4, "找零": 4, "小票": 4, "超市": 2, "欢迎光临": 3, "谢谢惠顾": 3, "车次": 4, "检票": 4, "登机": 4,
    "增值税": 5, "纳税人识别号": 4, "价税合计": 4, "非税收入": 4, "交易流水": 4, "交易明细": 4, "本报讯": 5, "记者": 3, "登记表": 5,
    "报名表": 5, "处方": 4, "参考范围": 4, "参考值": 4, "检验项目": 4, "现病史": 2, "家族史": 2, "投保险种": 3, "健康告知": 4, "缴费期": 3,
    "交费期": 3, "预交金": 4, "押金": 4, "常住人口": 6, "户别": 4,
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
    lines = [_pieces_of(line) for line in to_simplified(text).splitlines()]
    pieces = [piece for line in lines for piece in line]
    compact = "\n".join(pieces)
    told, strange = weigh_titles(lines)
    titles = {each: max(told.get(each, 0.0), _weigh(compact, pieces, _TITLES[each])) for each in ANCHORS}
    weights = {each: (titles[each] + _weigh(compact, pieces, _LABELS[each])) * _share(compact, each) for each in ANCHORS}
    best = max(weights, key=lambda each: weights[each])
    found = weights[best]
    if found == 0:
        return Judgement(None, 0.0)
    rival = max(*(weight for each, weight in weights.items() if each is not best), strange + _weigh(compact, pieces, STRANGERS))
    confidence = round(min(1.0, found / _FULL_PROOF) * found / (found + rival), 4)
    return Judgement(best, confidence, titles[best] >= _TITLE_WEIGHT)


def _pieces_of(line: str) -> list[str]:
    """Cut a line where cells part; a title that is printed with wide gaps between its characters is one piece."""
    pieces = [_ASKED_FOR.sub("", piece) for each in line.split("\t") if (piece := _BLANK.sub("", each))]
    return ["".join(pieces)] if len(pieces) > 2 and all(len(piece) == 1 for piece in pieces) else pieces


def _share(compact: str, document_class: DocumentClass) -> float:
    required = _REQUIRED.get(document_class)
    return 1.0 if required is None or any(word in compact for word in required) else _NOT_ITS_OWN


def _weigh(compact: str, pieces: list[str], anchors: Mapping[str, float]) -> float:
    """Sum what the anchors weigh; one that stands in a longer one, as 统筹基金 in 统筹基金支付, says nothing more."""
    found = [anchor for anchor in anchors if anchor in compact]
    longest = [anchor for anchor in found if not any(anchor in other for other in found if other != anchor)]
    return sum(anchors[anchor] * max(_standings(pieces, anchor)) for anchor in longest)


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
