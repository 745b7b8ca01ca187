"""A settlement sheet of the social insurance (医保结算单)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.heading import with_hospital
from ocr.extract.labels import HOSPITAL, NAME_FORM, NO_PATIENT, PATIENT, PAYS, SELF, SELF_PAYS
from ocr.extract.values import read_amount, read_hospital, read_person
from ocr.extract.wanted import Extraction, Wanted, find_fields, label_like, labels_of
from ocr.layout import Row

_TOTALS = (
    "医疗费用总额", "费用总额", "医疗费总额", "医疗总费用", "住院总费用", "总费用", "医疗费用合计", "住院费用总额", "本次医疗费总额",
    "本次医疗费用",
    "本次医疗总费用", "本次费用总额", "发生费用总额", "费用合计", "总医疗费用", "总金额", "医疗费合计", "医药费总额", "发生医疗费用",
    "结算总费用",
)  # fmt: skip
_FUND = (
    "统筹基金支付", "基本医保支付", "医保统筹基金支付", "统筹支付", "基本统筹支付", "医保统筹支付", "基本医疗保险统筹基金支付",
    "基本医疗保险支付",
    "基本医疗统筹支付", "基本医疗基金支付", "基本医保统筹支付", "基本医保基金支付", "统筹基金支付金额", "统筹支付金额", "统筹基金",
    "基本医疗支付", "基本医保统筹基金支付",
    "医保基金支付", "统筹报销", "统筹报销金额", "基本医保报销", "基本医保报销金额",
)  # fmt: skip
_MAJOR = (
    "大病保险支付", "大病支付", "大病保险基金支付", "大病保险", "大额支付", "大额医疗费用补助", "大额医疗费用支付", "大额医疗补助",
    "大额补助支付", "大额基金支付",
    "大病保险报销", "大病基金支付", "大病补充保险支付", "大病保险赔付", "大病报销", "大病统筹支付", "居民大病保险支付",
    "大病保险支付金额", "城乡居民大病保险支付",
    "大病保险资金支付", "大病救助支付", "大额互助支付",
)  # fmt: skip
_OWN = (
    "个人负担", "个人支付", "个人负担合计", "个人支付合计", "个人负担总额", "个人自负", "个人承担", "个人自付", "个人自付合计",
    "个人应付", "个人支付金额",
    "个人负担金额", "个人承担金额", "个人自付金额", "个人付费", "自负金额", "个人支付总额", "个人自负合计", "本人支付", "自付合计",
    "患者自付",
)  # fmt: skip
_WANTED = (
    Wanted(
        "patient_name",
        read_person,
        (
            *PATIENT,
            "参保人姓名",
            "参保人员姓名",
            "人员姓名",
        ),
    ),
    Wanted("hospital_name", read_hospital, HOSPITAL),
    Wanted("total_fen", read_amount, _TOTALS),
    Wanted("social_insurance_paid_fen", read_amount, _FUND),
    Wanted("major_illness_paid_fen", read_amount, _MAJOR),
    Wanted("personal_paid_fen", read_amount, _OWN),
    Wanted(
        "patient_name",
        read_person,
        (),
        like=label_like(NAME_FORM, NO_PATIENT),
    ),
    Wanted(
        "total_fen",
        read_amount,
        (),
        like=label_like(
            "X(?:总费用|总额|费用合计|总金额|费用总计|合计费用|医疗费合计|费用总|发生(?:的|医疗|医药)?费用)X",
            "自费|自付|报销|支付|个人|基金|范围|目录|其中",
        ),
    ),
    Wanted(
        "social_insurance_paid_fen",
        read_amount,
        (),
        like=label_like(
            f"X(?:统筹|基本医保|基本医疗|医保|基本险)X(?:{PAYS})X",
            "大病|个人|账户|大额|公务员|其他|合计|范围|起付|帐户|机构|类型|编号",
        ),
    ),
    Wanted("major_illness_paid_fen", read_amount, (), like=label_like("X(?:大病|大额)X")),
    Wanted(
        "personal_paid_fen",
        read_amount,
        (),
        like=label_like(f"X(?:{SELF})X(?:{SELF_PAYS})X", "账户|帐户|编号|现金"),
    ),
)
_LABELS = labels_of(_WANTED, "人员类别", "结算日期", "住院号", "经办人")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find whose bill it was, and who paid how much of it."""
    return Extraction(with_hospital(find_fields(Anchors(rows, _LABELS), _WANTED), rows))
