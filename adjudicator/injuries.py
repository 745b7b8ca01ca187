"""What papers say of operations, fractures, disability, accident and death."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from adjudicator.papers import day, of_class, text
from domain.document import Document, DocumentClass


@dataclass(frozen=True)
class Operation:
    """One operation: its name, and the grade (手术级别) that the record prints, "" when it prints none."""

    name: str
    grade: str


@dataclass(frozen=True)
class Injuries:
    """What was done to somebody, and what is left of it. None is unknown."""

    operations: tuple[Operation, ...] = ()
    images: tuple[str, ...] = ()  # the conclusions (影像诊断)
    disability_grade: str | None = None  # 一级 … 十级
    accident: str = ""  # how it happened, in the words of the certificate
    is_dead: bool = False
    died_on: date | None = None
    died_of: str = ""


def gather_injuries(papers: Sequence[Document]) -> Injuries:
    """Bring together what the papers on body and life say."""
    records, images = of_class(papers, DocumentClass.SURGERY_RECORD), of_class(papers, DocumentClass.IMAGING_REPORT)
    # A discharge summary names the operation of which no record was sent.
    operated = records or [each for each in of_class(papers, DocumentClass.DISCHARGE_SUMMARY) if each.field("operation")]
    disability, death = of_class(papers, DocumentClass.DISABILITY_REPORT), of_class(papers, DocumentClass.DEATH_CERTIFICATE)
    grades = {text(each.field("disability_grade")) for each in disability}
    return Injuries(
        operations=tuple(Operation(_said(each, "operation"), _said(each, "operation_grade")) for each in operated),
        images=tuple(_said(each, "conclusion") for each in images),
        disability_grade=grades.pop() if len(grades) == 1 else None,
        accident=" ".join(_said(each, "narrative") for each in of_class(papers, DocumentClass.ACCIDENT_CERTIFICATE)),
        is_dead=bool(death),
        died_on=day(death[0].field("death_date")) if len(death) == 1 else None,
        died_of=_said(death[0], "cause") if len(death) == 1 else "",
    )


def _said(paper: Document, name: str) -> str:
    return text(paper.field(name)) or ""
