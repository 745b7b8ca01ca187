"""What the label column says of each claim: fraud, none, or nothing."""

from collections import Counter

import numpy as np
import numpy.typing as npt

from domain.errors import InputError
from riskmodel.evaluation.extract import Extract
from riskmodel.evaluation.values import is_missing, read_number

FEWEST_OF_A_CLASS = 10  # two in each of five folds
_YES = {"yes", "y", "true", "t", "fraud", "fraudulent", "是", "有", "欺诈", "真"}
_NO = {"no", "n", "false", "f", "normal", "legit", "legitimate", "genuine", "none", "否", "无", "正常", "假"}


def read_labels(extract: Extract, name: str) -> tuple[npt.NDArray[np.int64], list[int], list[str]]:
    """Give the labels of the rows that have one, which rows these are, and what has to be said about the others.

    1/0, Yes/No, True/False, 是/否 and fraud/normal are understood; -1 and empty cells are dropped.

    Raises:
        InputError: another value, one class alone, or fewer than ten claims of a class.
    """
    read = [_read(text) for text in extract.column(name)]
    unknown = Counter(text for text, label in zip(extract.column(name), read, strict=True) if label is None)
    if unknown:
        listed = ", ".join(repr(text) for text, _ in unknown.most_common(5))
        raise InputError(
            f"the label {name} has values that are neither yes nor no: {listed}",
            "give 1 or 0, Yes or No, 是 or 否, 欺诈 or 正常; leave empty what nobody knows",
            field=name,
        )
    rows = [row for row, label in enumerate(read) if label in (0, 1)]
    labels = np.array([read[row] for row in rows], dtype=np.int64)
    counts = {kind: int((labels == kind).sum()) for kind in (0, 1)}
    for kind, count in counts.items():
        if count < FEWEST_OF_A_CLASS:
            told = "confirmed" if kind else "other"
            raise InputError(
                f"the label {name} has {count} {told} claims of {len(labels)}",
                f"five folds need at least {FEWEST_OF_A_CLASS} of each class",
                field=name,
            )
    dropped = len(read) - len(rows)
    notes = [f"{dropped} rows without a label (empty or -1) were dropped"] if dropped else []
    if counts[1] < 100:
        notes.append(f"{counts[1]} confirmed claims only: the intervals are wide, compare nothing that lies within them")
    return labels, rows, notes


def _read(text: str) -> int | None:
    """Give 1, 0, -1 for a label that is left out, or None for a text that is none."""
    if is_missing(text):
        return -1
    word = text.casefold()
    if word in _YES or word in _NO:
        return int(word in _YES)
    number = read_number(text)
    return int(number) if number in (-1, 0, 1) else None
