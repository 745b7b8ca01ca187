"""A discharge summary (出院小结)."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from ocr.extract.anchors import Anchors
from ocr.extract.history import latest_start
from ocr.extract.values import read_code, read_date, read_days, read_name, read_story, read_words
from ocr.extract.wanted import Extraction, Wanted, field_of, find_fields, labels_of
from ocr.layout import Row

_WANTED = (
    Wanted("patient_name", read_name, ("姓名", "患者姓名", "病人姓名")),
    Wanted("hospital_name", read_words, ("医院名称", "医疗机构")),
    Wanted("admission_date", read_date, ("入院日期", "入院时间")),
    Wanted("discharge_date", read_date, ("出院日期", "出院时间")),
    Wanted("inpatient_days", read_days, ("住院天数", "住院日数")),
    Wanted("diagnosis", read_words, ("出院诊断", "最后诊断", "主要诊断")),
    Wanted("diagnosis_icd10", read_code, ("疾病编码", "ICD-10", "诊断编码")),
    Wanted("attending_doctor", read_name, ("主治医师", "主治医生", "经治医师")),
    Wanted("operation", read_words, ("手术名称", "手术及操作名称", "手术操作名称", "实施手术")),
)
_HISTORY = Wanted("medical_history", read_story, ("既往史", "既往病史", "既往情况"))
# Where a summary tells since when somebody has been ill, the likeliest place first.
_TELLING = (*_HISTORY.labels, "现病史", "主诉", "入院情况", "病情摘要")
_LABELS = labels_of(
    (*_WANTED, _HISTORY), "现病史", "主诉", "病情摘要", "性别", "年龄", "科室", "科别", "床号", "住院号", "入院诊断", "入院情况",
    "诊疗经过", "出院情况", "出院医嘱", "记录日期", "个人史", "家族史", "过敏史", "体格检查", "辅助检查", "手术日期", "麻醉方式",
)  # fmt: skip


def extract(rows: Sequence[Row]) -> Extraction:
    """Find the patient, the stay, the diagnosis, the operation, and since when the patient has been ill."""
    anchors = Anchors(rows, _LABELS)
    found = Extraction(find_fields(anchors, _WANTED))
    admission = found.field("admission_date")
    admitted = admission.value if admission and isinstance(admission.value, date) else None
    since = Wanted("history_since_date", partial(latest_start, admitted=admitted), _TELLING)
    texts = [(_HISTORY, anchors.paragraph(*_HISTORY.labels)), *((since, anchors.paragraph(label)) for label in _TELLING)]
    read = [field for wanted, text in texts if text and (field := field_of(wanted, text))]
    history = [each for each in read if each.name == _HISTORY.name]
    starts = [each for each in read if each.name == since.name and isinstance(each.value, date)]
    return Extraction((*found.fields, *history, *sorted(starts, key=lambda each: str(each.value))[:1]))
