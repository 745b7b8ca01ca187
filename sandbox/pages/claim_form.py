"""A customer's application for a claim (理赔申请书)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from sandbox.pages.dates import in_words
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet


@dataclass(frozen=True)
class ClaimForm:
    """What the customer asks for, on the insurer's own form."""

    document_class: ClassVar[DocumentClass] = DocumentClass.CLAIM_FORM

    insured_name: str
    policy_number: str
    id_number: str
    loss_date: date
    loss_cause: str
    bank_account: str
    narrative: str

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet(A4_PORTRAIT)
        sheet.title(84, "示例人寿保险有限公司", 34)
        sheet.title(142, "理赔申请书", 46)
        sheet.frame(90, 230, 1150, 1180)
        sheet.pair(120, 262, "被保险人", self.insured_name, 26, fact="insured_name")
        sheet.pair(640, 262, "保单号", self.policy_number, 26, fact="policy_number")
        sheet.rule(90, 316, 1150, 316)
        sheet.pair(120, 346, "身份证号", self.id_number, 26, fact="id_number")
        sheet.rule(90, 400, 1150, 400)
        sheet.pair(120, 430, "出险日期", in_words(self.loss_date), 26, fact="loss_date")
        sheet.pair(640, 430, "出险原因", self.loss_cause, 26, fact="loss_cause")
        sheet.rule(90, 484, 1150, 484)
        sheet.pair(120, 514, "银行账号", self.bank_account, 26, fact="bank_account")
        sheet.rule(90, 568, 1150, 568)
        sheet.text(120, 598, "事故经过：", 26, FORM)
        sheet.paragraph(160, 648, self.narrative, 940, 26)
        sheet.text(90, 1230, "本人声明以上内容及所附资料均真实、完整。", 24, FORM)
        sheet.pair(640, 1320, "申请人签名", self.insured_name, 26)
        return sheet
