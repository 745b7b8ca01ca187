"""A discharge summary (出院小结)."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from ocr.extract.anchors import Anchors
from ocr.extract.heading import with_hospital
from ocr.extract.history import latest_start
from ocr.extract.labels import (
    ADMISSION,
    BEING_IN,
    DAY,
    DISCHARGE,
    DOCTOR,
    GOING_IN,
    GOING_OUT,
    HOSPITAL,
    ICD10,
    ICD10_FORM,
    NAME_FORM,
    NO_PATIENT,
    PATIENT,
    STAY,
    STAY_DAYS,
)
from ocr.extract.stay_days import with_days
from ocr.extract.values import (
    read_code,
    read_date,
    read_days,
    read_diagnosis,
    read_hospital,
    read_icd10,
    read_person,
    read_range_end,
    read_range_start,
    read_story,
    read_words,
)
from ocr.extract.wanted import LOOSE, Extraction, Wanted, field_of, find_fields, label_like, labels_of
from ocr.layout import Row

_DIAGNOSES = (
    "出院诊断",
    "最后诊断",
    "主要诊断",
    "出院主要诊断",
    "出院时诊断",
    "出院主诊断",
    "出院确诊",
    "最终诊断",
    "确定诊断",
    "主诊断",
    "诊断名称",
)
_WANTED = (
    Wanted("patient_name", read_person, PATIENT),
    Wanted("hospital_name", read_hospital, HOSPITAL),
    Wanted("admission_date", read_date, ADMISSION),
    Wanted("admission_date", read_range_start, STAY),
    Wanted("discharge_date", read_date, DISCHARGE),
    Wanted("discharge_date", read_range_end, STAY),
    Wanted("inpatient_days", read_days, STAY_DAYS),
    Wanted("diagnosis", read_diagnosis, _DIAGNOSES),
    Wanted("diagnosis", read_diagnosis, ("疾病诊断", "临床诊断", "诊断"), LOOSE),
    Wanted("diagnosis_icd10", read_code, ICD10),
    Wanted("diagnosis_icd10", read_icd10, _DIAGNOSES),
    Wanted("attending_doctor", read_person, DOCTOR),
    Wanted(
        "patient_name",
        read_person,
        (),
        like=label_like(NAME_FORM, NO_PATIENT),
    ),
    Wanted("admission_date", read_date, (), like=label_like(f"X(?:{GOING_IN})X(?:{DAY})")),
    Wanted("discharge_date", read_date, (), like=label_like(f"X(?:{GOING_OUT})X(?:{DAY})")),
    Wanted("inpatient_days", read_days, (), like=label_like(f"X(?:{BEING_IN})X(?:天数?|日数?)")),
    Wanted("attending_doctor", read_person, (), like=label_like("(?:主治|主管|经治|经管|责任|床位|管床|诊治|主诊)X(?:医师|医生|大夫)X")),
    Wanted(
        "diagnosis",
        read_diagnosis,
        (),
        like=label_like("X诊断X", "入院|门诊|急诊|术前|术后|术中|日期|时间|医师|医生|编码|代码|证明|专用|依据"),
    ),
    Wanted("diagnosis_icd10", read_icd10, (), like=label_like(ICD10_FORM)),
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
    found = Extraction(with_days(with_hospital(find_fields(anchors, _WANTED), rows), anchors))
    admission = found.field("admission_date")
    admitted = admission.value if admission and isinstance(admission.value, date) else None
    since = Wanted("history_since_date", partial(latest_start, admitted=admitted), _TELLING)
    texts = [(_HISTORY, anchors.paragraph(*_HISTORY.labels)), *((since, anchors.paragraph(label)) for label in _TELLING)]
    read = [field for wanted, text in texts if text and (field := field_of(wanted, text))]
    history = [each for each in read if each.name == _HISTORY.name]
    starts = [each for each in read if each.name == since.name and isinstance(each.value, date)]
    return Extraction((*found.fields, *history, *sorted(starts, key=lambda each: str(each.value))[:1]))
