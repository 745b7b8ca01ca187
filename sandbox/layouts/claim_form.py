"""Application forms of two other invented insurers."""

from sandbox.layouts.form import Entry, Layout, boxes, stacked
from sandbox.pages.claim_form import ClaimForm
from sandbox.pages.dates import in_words
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet


def _draw_boxed(page: ClaimForm) -> Sheet:
    """示东: 保险金给付申请书, each label in a box of its own."""
    sheet = Sheet(A4_PORTRAIT)
    sheet.title(70, "示东健康保险股份有限公司", 34)
    sheet.title(122, "保险金给付申请书", 44)
    rows = (
        (Entry("保险单号", page.policy_number, "policy_number"),),
        (Entry("被保险人姓名", page.insured_name, "insured_name"), Entry("联系电话", "000-0000000")),
        (Entry("证件号码", page.id_number, "id_number"),),
        (Entry("出险时间", page.loss_date.isoformat(), "loss_date"), Entry("事故原因", page.loss_cause, "loss_cause")),
        (Entry("开户行", "示例银行示例支行"), Entry("户名", page.insured_name)),
        (Entry("银行帐号", page.bank_account, "bank_account"),),
    )
    below = boxes(sheet, 90, 210, 1150, rows, 70, 25)
    sheet.text(100, below + 30, "事故经过：", 25, FORM)
    below = sheet.paragraph(140, below + 74, page.narrative, 980, 25)
    sheet.pair(640, below + 160, "申请人签名", page.insured_name, 26)
    return sheet


def _draw_stacked(page: ClaimForm) -> Sheet:
    """例西: 理赔给付申请表, labels above values."""
    sheet = Sheet(A4_PORTRAIT)
    sheet.text(90, 60, "例西人寿", 34)
    sheet.text(90, 112, "理赔给付申请表", 42)
    rows = (
        (Entry("合同号", page.policy_number, "policy_number"), Entry("事故者", page.insured_name, "insured_name")),
        (Entry("身份证件号", page.id_number, "id_number"), Entry("申请项目", "医疗费用")),
        (Entry("发生日期", in_words(page.loss_date), "loss_date"), Entry("发生原因", page.loss_cause, "loss_cause")),
        (Entry("收款账户", page.bank_account, "bank_account"), Entry("收款银行", "示例银行")),
    )
    below = stacked(sheet, 80, 190, 1160, rows, 26)
    sheet.text(90, below + 30, "经过说明", 25, FORM)
    sheet.paragraph(90, below + 74, page.narrative, 1040, 25)
    sheet.text(90, 1500, "申请人承诺以上填写属实。", 24, FORM)
    return sheet


LAYOUTS = (
    Layout("national", ClaimForm.draw),
    Layout("shidong", _draw_boxed),
    Layout("lixi", _draw_stacked, is_held_out=True),
)
