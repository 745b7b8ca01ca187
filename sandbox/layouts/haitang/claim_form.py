"""海棠省: another insurer's 保险金申领表, sections with labels over their values."""

from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.haitang.print import HELD_OUT, dotted, stacked
from sandbox.pages.claim_form import ClaimForm
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet


def _draw(page: ClaimForm) -> Sheet:
    sheet = Sheet(A4_PORTRAIT)
    sheet.title(80, "海棠人身保险公司 保险金申领表", 36)
    sheet.text(90, 170, "一 保单与被保障人", 24, FORM)
    cover = (Entry("被保障人", page.insured_name, "insured_name"), Entry("保单编码", page.policy_number, "policy_number"))
    y = stacked(sheet, (110, 620), 216, cover)
    y = stacked(sheet, (110,), y, (Entry("居民身份证编号", page.id_number, "id_number"),))
    sheet.rule(90, y, 1150, y, 1)
    sheet.text(90, y + 16, "二 发生了什么", 24, FORM)
    event = (Entry("发生于", dotted(page.loss_date), "loss_date"), Entry("起因", page.loss_cause, "loss_cause"))
    y = stacked(sheet, (110, 620), y + 62, event)
    y = sheet.paragraph(110, y, page.narrative, 1000, 24)
    sheet.rule(90, y + 20, 1150, y + 20, 1)
    sheet.text(90, y + 36, "三 款项打到哪里", 24, FORM)
    y = stacked(sheet, (110, 620), y + 82, (Entry("入账卡号", page.bank_account, "bank_account"), Entry("卡主", page.insured_name)))
    sheet.pair(700, y + 80, "申领人签署", page.insured_name, 24)
    return sheet


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
