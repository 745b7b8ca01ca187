"""The first quality gate (图像质量检测): milliseconds on a picture, to predict whether reading it will fail.

Sixteen scores say in which ways a picture is bad (`ocr/gate/scores.py`), one probability says whether that
is too bad to read (`ocr/gate/failure.py`). Only the probability sends a picture back, for the readers stand
darkness, noise, folds and slant; the scores say what the customer should do.
"""

from collections.abc import Iterable

from domain.document import QualityScore
from domain.finding import Finding, Severity
from ocr.findings import KINDS
from ocr.gate.advice import ADVICE, advise
from ocr.gate.failure import failure_probability, gravest
from ocr.gate.scores import SCORES, Measured, measure
from ocr.picture import Pixels
from ocr.settings import QualityThresholds

READING_FAILS, SIDEWAYS = "reading_fails", "sideways"
_MOST_COMPLAINTS = 2  # at once; nobody follows a list
_NOTHING_TO_SEE = ("dark", "blank")  # what else was measured on such a picture means nothing


def measure_quality(pixels: Pixels, thresholds: QualityThresholds) -> tuple[QualityScore, ...]:
    """Measure a picture as uploaded: the probability that reading fails, every score, 0 (none of it) to 1, and whether it lies on its side.

    A picture that must be taken again carries advice on the scores to blame, in the customer's words. One that lies on its side
    need not be: the reader turns it.
    """
    measured = measure(pixels)
    probability = failure_probability(measured.signs)
    fails = probability > thresholds.reading_fails
    blamed = _blamed(measured, thresholds) if fails else ()
    overall = QualityScore(READING_FAILS, round(probability, 4), thresholds.reading_fails, not fails)
    sideways = QualityScore(SIDEWAYS, round(measured.sideways, 4), 1.0, passed=True)
    return (overall, *(_score(name, measured, getattr(thresholds, name), name in blamed) for name in SCORES), sideways)


def is_sideways(scores: Iterable[QualityScore]) -> bool:
    """Tell whether the lines of text surely run down the picture."""
    return any(each.name == SIDEWAYS and each.score >= 1 for each in scores)


def findings_of(scores: Iterable[QualityScore]) -> tuple[Finding, ...]:
    """Turn the scores to blame into findings that ask for a better picture; none when the picture can be read."""
    return tuple(_finding(each.name, each.advice, Severity.BLOCK) for each in scores if each.advice)


def hints_of(scores: Iterable[QualityScore]) -> tuple[Finding, ...]:
    """Tell what may be why fields are missing from a page that was read: a page cut off, covered, folded."""
    return tuple(_finding(each.name, "", Severity.NOTE) for each in scores if not each.passed and each.name in ADVICE)


def _blamed(measured: Measured, thresholds: QualityThresholds) -> tuple[str, ...]:
    """Choose what to complain of: what is beyond its threshold, causes before effects; else the score that does most harm."""
    beyond = [name for name in SCORES if measured.scores[name] > getattr(thresholds, name)] or [gravest(measured.signs)]
    if "defocus" in beyond and "motion" in beyond:
        beyond.remove("motion")  # what moved is sharp along one direction; this is sharp along none
    return tuple(beyond[: 1 if set(_NOTHING_TO_SEE) & set(beyond) else _MOST_COMPLAINTS])


def _score(name: str, measured: Measured, threshold: float, is_blamed: bool) -> QualityScore:
    score, place = measured.scores[name], measured.places.get(name)
    texts = [advise(name, place, language) if is_blamed else "" for language in ("zh", "en")]
    return QualityScore(name, round(score, 4), threshold, score <= threshold, texts[0], texts[1])


def _finding(name: str, advice: str, severity: Severity) -> Finding:
    code = ADVICE[name].code
    return Finding(code, severity, KINDS[code].message, advice)
