"""秋山人寿: 人身保险理赔申请书 in numbered parts, the ID number in boxes of one character, the cause ticked."""

from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.qiushan.print import HELD_OUT, character_boxes, line_of, run, short_date
from sandbox.pages.claim_form import ClaimForm
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet

_CAUSES = ("疾病", "意外")


def _draw(page: ClaimForm) -> Sheet:
    sheet = Sheet(A4_PORTRAIT)
    sheet.text(80, 56, "秋山人寿保险股份有限公司", 28, FORM)
    sheet.title(106, "人身保险理赔申请书", 40)
    sheet.text(80, 176, "请用黑色签字笔填写，并在选择项前打√。", 20, FORM)
    y = _part(sheet, 210, "一、出险人资料")
    line_of(
        sheet, (100, 480, 800), y, (Entry("出险人姓名", page.insured_name, "insured_name"), Entry("职业", "职员"), Entry("国籍", "中国"))
    )
    run(sheet, 100, y + 56, 22, "证件类型： √身份证   □护照   □其他")
    sheet.text(100, y + 116, "证件号", 22, FORM)
    character_boxes(sheet, 210, y + 104, page.id_number, "id_number")
    y = _part(sheet, y + 176, "二、保险合同")
    line_of(sheet, (100, 640), y, (Entry("保险合同号码", page.policy_number, "policy_number"), Entry("与出险人关系", "本人")))
    y = _part(sheet, y + 60, "三、事故情况")
    run(sheet, 100, y, 22, "事故发生日期：", (short_date(page.loss_date), "loss_date"))
    x = run(sheet, 640, y, 22, "事故类型： ")
    for cause in _CAUSES:
        is_so = cause == page.loss_cause
        x = run(sheet, x, y, 22, "√" if is_so else "□")
        x = run(sheet, x, y, 22, (cause, "loss_cause") if is_so else cause) + 40
    sheet.text(100, y + 50, "事故经过（时间、地点、原因、就诊医院）：", 22, FORM)
    y = sheet.paragraph(120, y + 90, page.narrative, 980, 22)
    y = _part(sheet, y + 40, "四、保险金领取方式")
    line_of(sheet, (100, 520), y, (Entry("领款人", page.insured_name), Entry("开户银行", "示例银行秋山分行")))
    run(sheet, 100, y + 52, 22, "银行账户号码：", (page.bank_account, "bank_account"))
    y = _part(sheet, y + 112, "五、声明与授权")
    statement = "本人声明以上填写内容真实无误，并授权贵公司向有关医疗机构及社保部门查询与本次事故有关的资料。"
    y = sheet.paragraph(120, y, statement, 980, 22)
    line_of(sheet, (100, 700), y + 60, (Entry("申请人签名", page.insured_name), Entry("申请日期", "____年__月__日")))
    return sheet


def _part(sheet: Sheet, y: int, title: str) -> int:
    """Draw the bar over a part; tell the y of its first line."""
    sheet.fill(80, y, 1160, y + 38, (222, 226, 232))
    sheet.text(92, y + 7, title, 22, FORM)
    return y + 58


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
