"""The insurer's own form of application (理赔申请书)."""

from collections.abc import Sequence

from ocr.extract.anchors import Anchors
from ocr.extract.labels import DAY, ID_NUMBER, NUMBER
from ocr.extract.values import read_card_number, read_cause, read_code, read_date, read_id_number, read_person
from ocr.extract.wanted import Extraction, Wanted, find_fields, label_like, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted(
        "insured_name",
        read_person,
        (
            "被保险人",
            "被保险人姓名",
            "被保险人名称",
            "被保人姓名",
            "被保人",
            "出险人",
            "出险人姓名",
            "事故人姓名",
            "事故者姓名",
            "事故者",
            "伤者姓名",
            "患者姓名",
        ),
    ),
    Wanted(
        "policy_number",
        read_code,
        (
            "保单号",
            "保险单号",
            "保单号码",
            "保险单号码",
            "保险合同号",
            "保险合同号码",
            "保险合同编号",
            "合同号",
            "合同号码",
            "保单编号",
            "个人保单号",
            "保险凭证号",
            "团体保单号",
            "保险合同",
            "保险单编号",
        ),
    ),
    Wanted(
        "id_number",
        read_id_number,
        (
            "被保险人身份证号",
            "被保险人身份证号码",
            "被保险人证件号码",
            "出险人身份证号",
            "出险人证件号码",
            *ID_NUMBER,
        ),
    ),
    Wanted(
        "loss_date",
        read_date,
        (
            "出险日期",
            "出险时间",
            "事故日期",
            "事故时间",
            "事故发生日期",
            "事故发生时间",
            "事故出险日期",
            "出险发生日期",
            "发生日期",
            "发生时间",
            "事发日期",
            "事发时间",
            "保险事故发生日期",
            "保险事故日期",
        ),
    ),
    Wanted(
        "loss_cause",
        read_cause,
        (
            "出险原因",
            "事故原因",
            "事故类型",
            "出险类型",
            "事故性质",
            "申请原因",
            "理赔原因",
            "出险性质",
            "事故类别",
            "出险类别",
            "索赔原因",
            "保险事故类型",
        ),
    ),
    Wanted(
        "bank_account",
        read_card_number,
        (
            "银行账号",
            "银行帐号",
            "银行卡号",
            "收款账号",
            "收款帐号",
            "银行账户",
            "收款账户",
            "领款账号",
            "开户账号",
            "账户号码",
            "账户账号",
            "银行卡账号",
            "转账账号",
            "存折账号",
            "账号",
            "帐号",
            "卡号",
            "账户",
        ),
    ),
    Wanted(
        "insured_name",
        read_person,
        (),
        like=label_like(
            "X(?:被保险人|被保人|被保险者|被保障人|受保人|出险人|事故者|伤病者)X", "关系|证件|身份|电话|签|申请|职业|性别|号|受益"
        ),
    ),
    Wanted("policy_number", read_code, (), like=label_like(f"X(?:保单|保险单|保险合同|合同|保险凭证)X(?:{NUMBER})")),
    Wanted(
        "id_number",
        read_id_number,
        (),
        like=label_like(f"X(?:身份证|身份证件|证件|身份)X(?:{NUMBER})", "申请人|受益|投保|领款|监护|代理|委托"),
    ),
    Wanted("loss_date", read_date, (), like=label_like(f"X(?:出险|事故|意外|发生|事发|发病|受伤)X(?:{DAY}|于)", "报案|申请|签")),
    Wanted(
        "loss_cause",
        read_cause,
        (),
        like=label_like("(?:X(?:出险|事故|申请|理赔|索赔|意外|保险)X(?:原因|类型|性质|类别|种类)|X(?:起因|事由|缘由))"),
    ),
    Wanted(
        "bank_account",
        read_card_number,
        (),
        like=label_like("X(?:银行|收款|领款|入账|转账|账|帐|卡|存折)X(?:账号|帐号|卡号|账户|帐户|号码?)", "证件|身份|电话|手机|保单|合同"),
    ),
)
_LABELS = labels_of(_WANTED, "事故经过", "申请人", "申请人签名", "联系电话", "开户行", "户名", "本人声明")


def extract(rows: Sequence[Row]) -> Extraction:
    """Find who claims what, from when, to which account."""
    return Extraction(find_fields(Anchors(rows, _LABELS), _WANTED))
