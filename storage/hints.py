"""Hints between processes through PostgreSQL's own LISTEN and NOTIFY: that there may be work, and nothing else.

They travel on connections of their own and after the commit that they tell of, for a NOTIFY inside a transaction makes all commits
of the server wait for each other. A pooler that gives out connections by the transaction brings none.
"""

import psycopg
from sqlalchemy import make_url

_CHANNEL = "mingbai_wake"
_CONNECT_SECONDS = 5


class DatabaseHints:
    """Sends and hears hints; what fails is an OSError, and the next call connects anew. One thread sends, one listens."""

    def __init__(self, url: str) -> None:
        """Talk through the database at a SQLAlchemy URL; nothing is opened yet."""
        self._told = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._sender: psycopg.Connection | None = None
        self._listener: psycopg.Connection | None = None

    def send(self) -> None:
        """Tell all who listen."""
        try:
            self._sender = self._sender or self._connect()
            self._sender.execute(f"NOTIFY {_CHANNEL}")
        except psycopg.Error as error:
            _close(self._sender)
            self._sender = None
            raise OSError(f"the database takes no hints ({type(error).__name__})") from error

    def hear(self, seconds: float) -> bool:
        """Wait for a hint, for so long at most; False when none came."""
        try:
            if self._listener is None:
                self._listener = self._connect()
                self._listener.execute(f"LISTEN {_CHANNEL}")
            return any(True for _ in self._listener.notifies(timeout=seconds, stop_after=1))
        except psycopg.Error as error:
            _close(self._listener)
            self._listener = None
            raise OSError(f"the database brings no hints ({type(error).__name__})") from error

    def close(self) -> None:
        """Close both connections; call it when nobody sends or listens any more."""
        _close(self._sender)
        _close(self._listener)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self._told, autocommit=True, connect_timeout=_CONNECT_SECONDS)


def _close(connection: psycopg.Connection | None) -> None:
    if connection is not None:
        connection.close()
