"""A hospital's summary at discharge (出院小结)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from sandbox.pages.dates import in_words
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet


@dataclass(frozen=True)
class DischargeSummary:
    """Who was in hospital, from when to when, with which illness, and what was done."""

    document_class: ClassVar[DocumentClass] = DocumentClass.DISCHARGE_SUMMARY

    patient_name: str
    sex: str
    age: int
    department: str
    hospital_name: str
    admission_date: date
    discharge_date: date
    diagnosis: str
    diagnosis_icd10: str
    course: str  # 诊疗经过
    attending_doctor: str = "林示例"
    operation: str = ""  # 手术名称; "" when there was none
    medical_history: str = ""  # 既往史; "" where the form has no such section
    history_since_date: date | None = None  # the latest day on which what it tells of can have begun

    @property
    def inpatient_days(self) -> int:
        """Count the days in hospital: the day of admission counts, the day of discharge does not."""
        return (self.discharge_date - self.admission_date).days

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet(A4_PORTRAIT)
        sheet.title(84, self.hospital_name, 38)
        sheet.title(146, "出院小结", 46)
        sheet.rule(90, 222, 1150, 222)
        self._draw_head(sheet)
        sheet.rule(90, 488, 1150, 488)
        y = 520
        for label, text in self.sections:
            sheet.text(90, y, label + "：", 26, FORM)
            y = sheet.paragraph(130, y + 44, text, 1000, 25, self.facts_under(label)) + 24
        sheet.pair(700, 1560, "主治医师", self.attending_doctor, 26, fact="attending_doctor")
        sheet.pair(700, 1610, "记录日期", in_words(self.discharge_date), 26)
        sheet.seal(560, 1580, self.hospital_name, "病历专用章")
        return sheet

    def _draw_head(self, sheet: Sheet) -> None:
        sheet.pair(90, 246, "姓名", self.patient_name, 26, fact="patient_name")
        sheet.pair(420, 246, "性别", self.sex, 26)
        sheet.pair(620, 246, "年龄", f"{self.age}岁", 26)
        sheet.pair(850, 246, "科室", self.department, 26)
        sheet.pair(90, 296, "医院名称", self.hospital_name, 26, fact="hospital_name")
        sheet.pair(90, 346, "入院日期", in_words(self.admission_date), 26, fact="admission_date")
        sheet.pair(500, 346, "出院日期", in_words(self.discharge_date), 26, fact="discharge_date")
        sheet.pair(900, 346, "住院天数", f"{self.inpatient_days}天", 26, fact="inpatient_days")
        sheet.pair(90, 396, "出院诊断", self.diagnosis, 26, fact="diagnosis")
        sheet.pair(90, 442, "疾病编码", self.diagnosis_icd10, 26, fact="diagnosis_icd10")

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """The running texts, each with its heading."""
        sections = (
            ("既往史", self.medical_history),
            ("手术名称", self.operation),
            ("入院情况", f"患者因身体不适来院就诊，门诊以“{self.diagnosis}”收入{self.department}。神志清楚，生命体征平稳。"),
            ("诊疗经过", self.course),
            ("出院情况", "患者一般情况好，无发热，饮食睡眠可，切口愈合良好，复查各项指标无明显异常，准予出院。"),
            ("出院医嘱", "注意休息，清淡饮食，按时服药；一个月后门诊复查，如有不适随时就诊。"),
        )
        return tuple((label, text) for label, text in sections if text)

    def facts_under(self, label: str) -> str:
        """Name the facts that a section's text tells, parted by blanks."""
        history = "medical_history history_since_date" if self.history_since_date else "medical_history"
        return {"既往史": history, "手术名称": "operation"}.get(label, "")
