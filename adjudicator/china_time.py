"""Today, as the database's clock and the calendar of China have it."""

from datetime import date

from domain.china import china_day
from storage.database import Transaction


def today(tx: Transaction) -> date:
    """Give the calendar day in China by the database's clock."""
    return china_day(tx.now_ms())
