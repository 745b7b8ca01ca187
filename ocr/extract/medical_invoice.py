"""A hospital's receipt for charges (医疗收费票据), on paper or electronic."""

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.document import Field
from ocr.extract.anchors import Anchors
from ocr.extract.item_table import read_item_lines
from ocr.extract.labels import (
    ADMISSION,
    BEING_IN,
    DAY,
    DISCHARGE,
    GOING_IN,
    GOING_OUT,
    HOSPITAL,
    PATIENT,
    PAYS,
    SELF,
    SELF_PAYS,
    STAY,
    STAY_DAYS,
)
from ocr.extract.stay_days import with_days
from ocr.extract.values import (
    read_amount,
    read_capitals,
    read_code,
    read_date,
    read_days,
    read_hospital,
    read_insurance,
    read_person,
    read_range_end,
    read_range_start,
)
from ocr.extract.wanted import LOOSE, Extraction, Wanted, field_of, find_fields, label_like, labels_of
from ocr.layout import Row

_FUND = (
    "医保统筹基金支付", "统筹基金支付", "统筹支付", "医保统筹支付", "基本统筹支付", "医保基金支付", "医疗保险统筹支付",
    "统筹基金支付金额", "统筹支付金额",
    "医保统筹", "统筹基金", "基金支付", "医保支付", "医保支付金额", "医保报销", "医保报销金额", "报销金额", "统筹金支付",
)  # fmt: skip
_OWN = (
    "个人支付", "个人支付金额", "个人支付合计", "个人负担", "个人承担", "个人负担金额", "个人承担金额", "个人负担合计", "个人缴费",
    "个人缴费金额", "个人应付", "个人自负",
    "个人付款", "个人自理", "自付金额", "自付合计", "病人自付", "患者自付", "患者支付", "个人应付金额",
)  # fmt: skip
_WANTED = (
    Wanted("invoice_code", read_code, ("票据代码", "发票代码", "收据代码", "票据编码")),
    Wanted("invoice_number", read_code, ("票据号码", "发票号码", "票据编号", "收据编号", "收据号码", "票据号", "收据号", "票号", "发票号")),
    Wanted("check_code", read_code, ("校验码", "票据校验码", "防伪码", "检验码", "验证码")),
    Wanted("payer_name", read_person, ("交款人", "交费人", "缴款人", "缴费人", "付款人", *PATIENT)),
    Wanted(
        "issue_date",
        read_date,
        ("开票日期", "填开日期", "开具日期", "收费日期", "开票时间", "结算日期", "收款日期", "票据日期", "收费时间", "结算时间"),
    ),
    Wanted("issue_date", read_date, ("日期",), LOOSE),
    Wanted(
        "hospital_name",
        read_hospital,
        (
            "收款单位（章）",
            "收款单位(章)",
            "收款单位",
            "收款单位名称",
            "收费单位",
            "收费单位（章）",
            "开票单位",
            "开票单位（章）",
            "医疗机构（章）",
            "医疗机构（盖章）",
            "收款单位（盖章）",
            "收费单位（盖章）",
            *HOSPITAL,
        ),
    ),
    Wanted("admission_date", read_range_start, STAY),
    Wanted("admission_date", read_date, (*ADMISSION, "住院日期")),
    Wanted("discharge_date", read_date, DISCHARGE),
    Wanted("discharge_date", read_range_end, STAY),
    Wanted("inpatient_days", read_days, STAY_DAYS),
    Wanted(
        "insurance_type",
        read_insurance,
        (
            "医保类型",
            "医保类别",
            "医疗保险类型",
            "参保类型",
            "医保险种",
            "险种类型",
            "保险类型",
            "险种",
            "医疗付费方式",
            "费别",
            "险种名称",
        ),
    ),
    Wanted("total_fen", read_amount, ("金额合计（小写）", "合计（小写）", "（小写）", "小写")),
    Wanted(
        "total_fen", read_amount, ("金额合计", "合计金额", "总金额", "费用合计", "费用总额", "医疗费用总额", "票据金额", "总费用"), LOOSE
    ),
    Wanted(
        "total_capitals_fen", read_capitals, ("金额合计（大写）", "合计（大写）", "（大写）", "大写", "合计人民币", "人民币", "金额合计")
    ),
    Wanted("social_insurance_paid_fen", read_amount, _FUND),
    Wanted("other_paid_fen", read_amount, ("其他支付", "其它支付", "其他基金支付", "其他医保支付", "其他支付金额")),
    Wanted("account_paid_fen", read_amount, ("个人账户支付", "个人帐户支付", "账户支付", "帐户支付", "个人账户", "个人账户支付金额")),
    Wanted("cash_paid_fen", read_amount, ("个人现金支付", "现金支付", "个人现金", "现金支付金额", "个人现金支付金额")),
    Wanted("self_paid_fen", read_amount, ("个人自付", "个人自付金额")),
    Wanted("self_funded_fen", read_amount, ("个人自费", "个人自费金额", "自费金额")),
    Wanted("personal_paid_fen", read_amount, _OWN),
    Wanted(
        "payer_name",
        read_person,
        (),
        like=label_like(
            "X(?:患者|病人|姓名|交款|缴款|缴费|交费|付款)X",
            "医师|医生|联系|家属|申请人|代理|监护|投保|受益|领款|户名|医院|审核|报告|签名|签字|经办|日期|时间|号|方式|代码|金额",
        ),
    ),
    Wanted("admission_date", read_range_start, (), like=label_like(f"X(?:{GOING_IN})X(?:{DAY})")),
    Wanted("discharge_date", read_date, (), like=label_like(f"X(?:{GOING_OUT})X(?:{DAY})")),
    Wanted("inpatient_days", read_days, (), like=label_like(f"X(?:{BEING_IN})X(?:天数?|日数?)")),
    Wanted(
        "social_insurance_paid_fen",
        read_amount,
        (),
        like=label_like(f"X(?:统筹|医保|社保|医疗保险)X(?:{PAYS})X", "大病|个人|账户|大额|公务员|其他|起付|帐户|类型|编号"),
    ),
    Wanted(
        "personal_paid_fen",
        read_amount,
        (),
        like=label_like(f"X(?:{SELF})X(?:{SELF_PAYS})X", "账户|帐户|编号|现金|自付|自负|自费"),
    ),
    Wanted(
        "issue_date", read_date, (), like=label_like("X(?:开票|填开|出票|收费|收款|交款|缴款|缴费|制单|填制|票据|收据)X(?:日期|时间|日)")
    ),
    Wanted("invoice_number", read_code, (), like=label_like("X(?:票据|收据|发票|票)X(?:号码?|编号)|N[oO0°][.．:：]?|№", "代码")),
    Wanted("check_code", read_code, (), like=label_like("X(?:校验|查验|验证|防伪|效验)X")),
    Wanted("insurance_type", read_insurance, (), like=label_like("X(?:医保|保险|险种|参保|付费)X(?:类型|类别|种类|方式|性质)")),
)
_TOTAL = Wanted("total_fen", read_amount, ())
_BESIDE_CAPITALS = re.compile(r"(?:大写|人民币).*?[¥￥]\s*(\d[\d,，]*\s?[.．]\s?\d\d)")
_OWN_PARTS = (
    ("account_paid_fen", "cash_paid_fen"), ("cash_paid_fen",), ("self_paid_fen", "self_funded_fen"), ("self_paid_fen",), (
    "account_paid_fen",),
)  # fmt: skip
_LABELS = labels_of(_WANTED, "收款人", "复核人", "性别", "医疗机构类型", "住院号", "病历号", "备注")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find the receipt's fields and its charged items."""
    anchors = Anchors(rows, _LABELS)
    fields = with_own_share(with_total(with_days(find_fields(anchors, _WANTED), anchors), anchors))
    return Extraction(fields, read_item_lines(rows))


def with_total(fields: tuple[Field, ...], anchors: Anchors) -> tuple[Field, ...]:
    """Add the total that stands behind the capitals with nothing but its sign before it."""
    if any(field.name == _TOTAL.name for field in fields):
        return fields
    found = next((field_of(_TOTAL, each) for each in anchors.search(_BESIDE_CAPITALS)), None)
    return (*fields, found) if found else fields


def with_own_share(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Add what the patient paid where only its parts are printed, and only if it is what the others leave of the total.

    The fiscal form prints how it was paid (个人账户支付, 个人现金支付) and why (个人自付, 个人自费); some print one of these alone.
    """
    told = {field.name: field for field in fields}
    fen = {name: field.value for name, field in told.items() if isinstance(field.value, int)}
    if "personal_paid_fen" in told or "total_fen" not in fen or "social_insurance_paid_fen" not in fen:
        return fields
    others = (fen["social_insurance_paid_fen"], fen["social_insurance_paid_fen"] + fen.get("other_paid_fen", 0))
    for names in _OWN_PARTS:
        parts = [told[name] for name in names if name in fen]
        own = sum(fen[part.name] for part in parts)
        if len(parts) == len(names) and any(other + own == fen["total_fen"] for other in others):
            least = min(parts, key=lambda part: part.confidence)
            return (*fields, replace(least, name="personal_paid_fen", value=own))
    return fields
