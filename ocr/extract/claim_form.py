"""The insurer's own form of application (理赔申请书)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.values import read_card_number, read_cause, read_code, read_date, read_id_number, read_name
from ocr.extract.wanted import Extraction, Wanted, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("insured_name", read_name, ("被保险人", "被保险人姓名", "出险人")),
    Wanted("policy_number", read_code, ("保单号", "保险单号", "保单号码")),
    Wanted("id_number", read_id_number, ("身份证号", "身份证号码", "证件号码")),
    Wanted("loss_date", read_date, ("出险日期", "出险时间", "事故日期")),
    Wanted("loss_cause", read_cause, ("出险原因", "事故原因")),
    Wanted("bank_account", read_card_number, ("银行账号", "银行帐号", "账号", "卡号")),
)
_LABELS = labels_of(_WANTED, "事故经过", "申请人", "申请人签名", "联系电话", "开户行", "户名", "本人声明")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find who claims what, from when, to which account."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
