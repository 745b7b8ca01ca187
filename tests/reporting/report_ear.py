"""When the tests' reports are made, and an ear that tells one slot of a sentence."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.report import Slot
from reporting.glossary import Glossary
from reporting.understand import understand

CHINA = ZoneInfo("Asia/Shanghai")
SUNDAY = datetime(2026, 11, 22, 9, 30, tzinfo=CHINA)


class Ear:
    """Understands a sentence and tells one slot of it."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary

    def hears(self, said: str, slot: Slot, at: datetime = SUNDAY) -> object:
        return understand(said, at, self.glossary).told(slot)
