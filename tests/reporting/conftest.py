"""The words that every test here understands with: the shipped medical base and the sandbox's hospitals."""

import pytest
from report_ear import Ear

from adjudicator.report_words import glossary_of
from domain.report import ToldHospital
from reporting.glossary import Glossary
from rules.medical_base import shipped_base
from sandbox.medical_base import HOSPITALS


@pytest.fixture(scope="session")
def glossary() -> Glossary:
    return glossary_of(shipped_base(), tuple(ToldHospital(each.hospital_id, each.name) for each in HOSPITALS))


@pytest.fixture
def ear(glossary: Glossary) -> Ear:
    return Ear(glossary)
