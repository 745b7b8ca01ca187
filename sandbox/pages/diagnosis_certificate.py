"""A doctor's certificate of a diagnosis (诊断证明书)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from sandbox.pages.dates import in_words
from sandbox.sheet import FORM, Sheet


@dataclass(frozen=True)
class DiagnosisCertificate:
    """Which illness a doctor confirmed, and on which day."""

    document_class: ClassVar[DocumentClass] = DocumentClass.DIAGNOSIS_CERTIFICATE

    patient_name: str
    sex: str
    age: int
    department: str
    hospital_name: str
    diagnosis: str
    diagnosis_icd10: str
    diagnosis_date: date
    advice: str = "建议住院进一步治疗，定期复查。"

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet((1240, 1240))
        sheet.title(80, self.hospital_name, 38)
        sheet.title(144, "诊断证明书", 46)
        sheet.rule(90, 222, 1150, 222)
        sheet.pair(90, 260, "姓名", self.patient_name, 26, fact="patient_name")
        sheet.pair(420, 260, "性别", self.sex, 26)
        sheet.pair(620, 260, "年龄", f"{self.age}岁", 26)
        sheet.pair(850, 260, "科别", self.department, 26)
        sheet.pair(90, 320, "医院名称", self.hospital_name, 26, fact="hospital_name")
        sheet.pair(90, 400, "诊断", self.diagnosis, 28, fact="diagnosis")
        sheet.pair(90, 470, "疾病编码", self.diagnosis_icd10, 28, fact="diagnosis_icd10")
        sheet.pair(90, 540, "确诊日期", in_words(self.diagnosis_date), 28, fact="diagnosis_date")
        sheet.text(90, 630, "处理意见：", 26, FORM)
        sheet.paragraph(130, 680, self.advice, 1000, 26)
        sheet.pair(700, 960, "医师签名", "林示例", 26)
        sheet.pair(700, 1020, "开具日期", in_words(self.diagnosis_date), 26)
        sheet.seal(540, 1000, self.hospital_name, "诊断专用章")
        sheet.text(90, 1150, "注：本证明无医院盖章无效。", 22, FORM)
        return sheet
