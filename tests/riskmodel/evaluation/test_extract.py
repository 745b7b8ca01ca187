"""An extract is read whatever its encoding and separator; what is wrong with it is named with the way out."""

from pathlib import Path

import pytest

from domain.errors import InputError
from riskmodel.evaluation.extract import read_extract
from riskmodel.evaluation.labels import read_labels
from tests.riskmodel.evaluation.extracts import HEADER, claim_rows, write_csv

ROWS = [["7", "2024-08-15", "1,200.50", "示例医院", "urban", "", "1"], ["8", "2024-08-16", "80", "示例诊所", "rural", "", "0"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings_and_separators_are_told_from_the_file(tmp_path: Path, encoding: str, separator: str) -> None:
    extract = read_extract(write_csv(tmp_path / "c.csv", ROWS, encoding=encoding, separator=separator))
    assert tuple(extract.columns) == HEADER
    assert extract.column("hospital") == ["示例医院", "示例诊所"]
    assert extract.column("amount") == ["1,200.50", "80"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"a,b\n", "a header and no rows"),
        (b"a,b\n1,2\n1,2,3\n", r"c\.csv:3 has 3 values for 2 columns"),
        (b"a,b\n1\n", "has 1 values for 2 columns"),
        (b'a,b\n1,2\n1,"2\n1,2\n1,2,3\n', r"c\.csv: the row that begins on line 3 is no CSV: unexpected end"),
        (b'a,b\n1,2\n"1\n1,2\n",2,3\n', r"c\.csv: the row that begins on line 3 ends on line 5 only"),
        (b'a,b\n"1\n",2\n\n1,2,3\n', r"c\.csv:5 has 3 values"),
        (b"a,,b\n1,2,3\n", "column 2 of .* has no name"),
        (b"a,b,a\n1,2,3\n", "two columns a"),
        (b"PK\x03\x04\x00\x00\xff\xfe\x00", "is no text"),
    ],
)
def test_a_file_that_is_no_extract_is_named(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "c.csv").write_bytes(content)
    with pytest.raises(InputError, match=what) as caught:
        read_extract(tmp_path / "c.csv")
    assert caught.value.way_out


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv cannot be read"):
        read_extract(tmp_path / "nowhere.csv")


def test_a_wrong_column_is_answered_with_those_there_are(tmp_path: Path) -> None:
    extract = read_extract(write_csv(tmp_path / "c.csv", ROWS))
    with pytest.raises(InputError, match="has no column Fruad") as caught:
        extract.column("Fruad")
    assert "did you mean fraud?" in caught.value.way_out
    assert all(name in caught.value.way_out for name in HEADER)


@pytest.mark.parametrize(
    "words", [("1", "0"), ("Yes", "No"), ("Y", "n"), ("TRUE", "FALSE"), ("是", "否"), ("1.0", "0.0"), ("欺诈", "正常")]
)
def test_labels_are_understood_in_many_words(tmp_path: Path, words: tuple[str, str]) -> None:
    rows = [[*row[:-1], words[row[-1] == "0"]] for row in claim_rows(100)]
    labels, kept, _ = read_labels(read_extract(write_csv(tmp_path / "c.csv", rows)), "fraud")
    assert labels.tolist() == [int(row[-1]) for row in claim_rows(100)]
    assert len(kept) == 100


def test_minus_one_and_empty_labels_are_dropped_and_told(tmp_path: Path) -> None:
    rows = claim_rows(100)
    rows[3][-1], rows[50][-1], rows[99][-1] = "-1", "", "NA"
    labels, kept, notes = read_labels(read_extract(write_csv(tmp_path / "c.csv", rows)), "fraud")
    assert len(labels) == len(kept) == 97
    assert not {3, 50, 99} & set(kept)
    assert notes[0].startswith("3 rows without a label")


@pytest.mark.parametrize(("word", "what"), [("2", "neither yes nor no: '2'"), ("maybe", "'maybe'"), ("0.5", "'0.5'")])
def test_another_label_is_an_error(tmp_path: Path, word: str, what: str) -> None:
    rows = claim_rows(100)
    rows[7][-1] = word
    with pytest.raises(InputError, match=what):
        read_labels(read_extract(write_csv(tmp_path / "c.csv", rows)), "fraud")


@pytest.mark.parametrize(("frauds", "refused"), [(0, True), (9, True), (10, False), (90, False), (91, True), (100, True)])
def test_ten_claims_of_each_class_are_the_least(tmp_path: Path, frauds: int, refused: bool) -> None:
    rows = [[*row[:-1], str(int(number < frauds))] for number, row in enumerate(claim_rows(100))]
    extract = read_extract(write_csv(tmp_path / "c.csv", rows))
    if refused:
        with pytest.raises(InputError, match="of 100"):
            read_labels(extract, "fraud")
    else:
        assert read_labels(extract, "fraud")[0].sum() == frauds
