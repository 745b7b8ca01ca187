"""What a read document (资料) is: its class, its quality, its fields with their boxes, its invoice lines and its findings."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from domain.finding import Finding
from domain.states import DocumentState


class DocumentClass(StrEnum):
    """The classes a document may have; `OTHER` is read but proves nothing."""

    MEDICAL_INVOICE = "medical_invoice"  # 医疗收费票据
    EXPENSE_LIST = "expense_list"  # 费用清单
    DISCHARGE_SUMMARY = "discharge_summary"  # 出院小结
    DIAGNOSIS_CERTIFICATE = "diagnosis_certificate"  # 诊断证明书
    PATHOLOGY_REPORT = "pathology_report"  # 病理报告
    ID_CARD = "id_card"  # 居民身份证
    BANK_CARD = "bank_card"  # 银行卡
    CLAIM_FORM = "claim_form"  # 理赔申请书
    ACCIDENT_CERTIFICATE = "accident_certificate"  # 意外事故证明
    DEATH_CERTIFICATE = "death_certificate"  # 死亡证明
    SETTLEMENT_SHEET = "settlement_sheet"  # 医保结算单
    PAYMENT_STATEMENT = "payment_statement"  # 理赔分割单：他方已赔付多少
    SURGERY_RECORD = "surgery_record"  # 手术记录
    IMAGING_REPORT = "imaging_report"  # 影像检查报告
    DISABILITY_REPORT = "disability_report"  # 伤残鉴定书
    OTHER = "other"


CLASS_NAMES_ZH = {
    DocumentClass.MEDICAL_INVOICE: "医疗收费票据",
    DocumentClass.EXPENSE_LIST: "费用清单",
    DocumentClass.DISCHARGE_SUMMARY: "出院小结",
    DocumentClass.DIAGNOSIS_CERTIFICATE: "诊断证明书",
    DocumentClass.PATHOLOGY_REPORT: "病理报告",
    DocumentClass.ID_CARD: "身份证",
    DocumentClass.BANK_CARD: "银行卡",
    DocumentClass.CLAIM_FORM: "理赔申请书",
    DocumentClass.ACCIDENT_CERTIFICATE: "意外事故证明",
    DocumentClass.DEATH_CERTIFICATE: "死亡证明",
    DocumentClass.SETTLEMENT_SHEET: "医保结算单",
    DocumentClass.PAYMENT_STATEMENT: "理赔分割单",
    DocumentClass.SURGERY_RECORD: "手术记录",
    DocumentClass.IMAGING_REPORT: "影像检查报告",
    DocumentClass.DISABILITY_REPORT: "伤残鉴定书",
    DocumentClass.OTHER: "其他资料",
}


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in pixels of the picture that was uploaded, after its EXIF orientation."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Field:
    """One fact read from a page.

    The name's ending tells the type of `value`: `_fen` is an `int` of fen, `_days` an `int`,
    `_date` a `date`, anything else a `str`. `proven` is true when a check digit, a sum or
    a second independent writing of the same fact confirmed the value.
    """

    name: str
    value: int | date | str
    confidence: float  # 0..1
    page: int = 0  # counted from 0
    box: Box | None = None
    raw: str = ""  # the text as it was read
    proven: bool = False
    is_loose: bool = False  # found under a label that now and then announces something else, or under none: a person is asked


@dataclass(frozen=True)
class InvoiceLine:
    """One charged item (费用明细) of an invoice or an expense list."""

    name: str
    amount_fen: int
    list_class: str = ""  # 甲 | 乙 | 丙 of the social insurance list; "" when not printed
    confidence: float = 1.0
    page: int = 0
    box: Box | None = None
    quantity: int | None = None  # days of a bed, pieces of a material; None when not printed, or no whole number
    specification: str = ""  # 规格, as it is printed: "0.25g×24粒"; "" when not printed
    unit_price_fen: int | None = None  # None when not printed, or no whole fen
    proven: bool = False  # price × quantity, or a proven total that all lines sum to, confirms the amount


@dataclass(frozen=True)
class QualityScore:
    """One measurement of the quality gate (图像质量检测), 0 (none of it) to 1: `score` beyond `threshold` is a failure."""

    name: str  # reading_fails, the probability that decides, or one of ocr/gate/scores.py
    score: float
    threshold: float
    passed: bool
    advice: str = ""  # "左上角反光，请换个角度重拍"; only when the picture must be taken again because of it
    advice_en: str = ""  # the same in English


@dataclass(frozen=True)
class Sheet:
    """Where a page stands: the content hash of its file, and its place among that file's pages, counted from 0."""

    sha256: str
    page: int


@dataclass(frozen=True)
class Document:
    """All that is known after reading of one document; an uploaded file holds one or several, or a part of one."""

    sha256: str
    media_type: str  # as sniffed from the bytes, never as claimed by the sender
    state: DocumentState
    document_class: DocumentClass | None = None  # None: the classifier abstained or never ran
    class_confidence: float = 0.0
    page_count: int = 1
    quality: tuple[QualityScore, ...] = ()
    fields: tuple[Field, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    text: str = ""  # everything read, in reading order
    reader: str = ""  # the engine that read it: rapidocr, tesseract, rapidocr+tesseract, pdf-text
    perceptual_hash: str = ""  # of the first picture among its pages, whole: 64 hex digits; "" where everything was parsed
    pages: tuple[int, ...] = ()  # of the uploaded file, counted from 0, in reading order; () in what was read before this was kept
    sheets: tuple[Sheet, ...] = ()  # of a document whose pages came in several files: its pages, which `pages` and fields then count

    def sheet(self, page: int) -> Sheet:
        """Tell where a page stands that a field, a charged item or `pages` names."""
        return self.sheets[page] if self.sheets else Sheet(self.sha256, page)

    def field(self, name: str) -> Field | None:
        """Find a field by its name."""
        for each in self.fields:  # asked for dozens of times a claim
            if each.name == name:
                return each
        return None


@dataclass(frozen=True)
class TextLine:
    """One line of text that a reader found on a page, with its box in pixels of the picture it was given."""

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True)
class ReadPage:
    """What a reader found on one page, in reading order."""

    lines: tuple[TextLine, ...] = field(default=())
    reader: str = ""


# The fields an extractor may answer with, by class. The sandbox renders them, the reader looks for
# them, the adjudicator builds elements from them; the workbench shows them under these labels.
FIELD_LABELS_ZH: dict[DocumentClass, dict[str, str]] = {
    DocumentClass.MEDICAL_INVOICE: {
        "invoice_code": "票据代码",
        "invoice_number": "票据号码",
        "check_code": "校验码",
        "payer_name": "交款人",
        "issue_date": "开票日期",
        "hospital_name": "收款单位",
        "admission_date": "入院日期",
        "discharge_date": "出院日期",
        "inpatient_days": "住院天数",
        "insurance_type": "医保类型",
        "total_fen": "金额合计（小写）",
        "total_capitals_fen": "金额合计（大写）",
        "social_insurance_paid_fen": "医保统筹基金支付",
        "other_paid_fen": "其他支付",
        "account_paid_fen": "个人账户支付",
        "cash_paid_fen": "个人现金支付",
        "self_paid_fen": "个人自付",
        "self_funded_fen": "个人自费",
        "personal_paid_fen": "个人支付",
    },
    DocumentClass.EXPENSE_LIST: {
        "patient_name": "患者姓名",
        "hospital_name": "医院名称",
        "total_fen": "费用合计",
    },
    DocumentClass.DISCHARGE_SUMMARY: {
        "patient_name": "姓名",
        "hospital_name": "医院名称",
        "admission_date": "入院日期",
        "discharge_date": "出院日期",
        "inpatient_days": "住院天数",
        "diagnosis": "出院诊断",
        "diagnosis_icd10": "疾病编码",
        "attending_doctor": "主治医师",
        "operation": "手术名称",
        "medical_history": "既往史",
        "history_since_date": "病史始于（不晚于）",
    },
    DocumentClass.DIAGNOSIS_CERTIFICATE: {
        "patient_name": "姓名",
        "hospital_name": "医院名称",
        "diagnosis": "诊断",
        "diagnosis_icd10": "疾病编码",
        "diagnosis_date": "确诊日期",
    },
    DocumentClass.PATHOLOGY_REPORT: {
        "patient_name": "姓名",
        "hospital_name": "医院名称",
        "pathology_number": "病理号",
        "diagnosis": "病理诊断",
        "diagnosis_icd10": "疾病编码",
        "report_date": "报告日期",
    },
    DocumentClass.ID_CARD: {
        "holder_name": "姓名",
        "id_number": "公民身份号码",
        "birth_date": "出生",
        "issuing_authority": "签发机关",
        "valid_until_date": "有效期限",
    },
    DocumentClass.BANK_CARD: {"card_number": "卡号", "bank_name": "发卡银行", "holder_name": "持卡人"},
    DocumentClass.CLAIM_FORM: {
        "insured_name": "被保险人",
        "policy_number": "保单号",
        "id_number": "身份证号",
        "loss_date": "出险日期",
        "loss_cause": "出险原因",
        "bank_account": "银行账号",
    },
    DocumentClass.ACCIDENT_CERTIFICATE: {
        "patient_name": "姓名",
        "id_number": "身份证号",
        "accident_date": "事故日期",
        "narrative": "事故经过",
    },
    DocumentClass.DEATH_CERTIFICATE: {"deceased_name": "姓名", "id_number": "身份证号", "death_date": "死亡日期", "cause": "死亡原因"},
    DocumentClass.SETTLEMENT_SHEET: {
        "patient_name": "姓名",
        "hospital_name": "医院名称",
        "total_fen": "医疗费用总额",
        "social_insurance_paid_fen": "统筹基金支付",
        "major_illness_paid_fen": "大病保险支付",
        "personal_paid_fen": "个人负担",
    },
    DocumentClass.PAYMENT_STATEMENT: {
        "patient_name": "姓名",
        "payer": "赔付单位",
        "paid_fen": "已赔付金额",
        "paid_date": "赔付日期",
    },
    DocumentClass.SURGERY_RECORD: {
        "patient_name": "姓名",
        "hospital_name": "医院名称",
        "surgery_date": "手术日期",
        "operation": "手术名称",
        "operation_grade": "手术级别",
    },
    DocumentClass.IMAGING_REPORT: {
        "patient_name": "姓名",
        "hospital_name": "医院名称",
        "body_part": "检查部位",
        "conclusion": "影像诊断",
        "report_date": "报告日期",
    },
    DocumentClass.DISABILITY_REPORT: {
        "patient_name": "被鉴定人",
        "id_number": "身份证号",
        "disability_grade": "伤残等级",
        "assessed_date": "鉴定日期",
    },
    DocumentClass.OTHER: {},
}


# Every field that some paper prints. A field of another name was written by a person: what they established (人工认定).
PRINTED_FIELDS = frozenset(name for labels in FIELD_LABELS_ZH.values() for name in labels)


class ReaderEngine(Protocol):
    """A text reader. RapidOCR and Tesseract both are one; either works without the other."""

    name: str

    def read_page(self, image: object) -> ReadPage:
        """Read one page, given as an 8-bit BGR array of shape (height, width, 3).

        Raises:
            ReaderError: the engine is missing or failed on this page.
        """
        ...
