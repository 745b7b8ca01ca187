"""A line between two machines: it carries, is cut, or loses the answers."""

import asyncio
import contextlib
import threading
from enum import Enum


class Weather(Enum):
    """How a line is."""

    FAIR = "carries"
    CUT = "refuses every connection, and breaks those that are open"
    DEAF = "carries what is asked, and breaks before the answer"


class Line:
    """A TCP proxy on 127.0.0.1, in a thread of its own; `set` changes it at any moment."""

    def __init__(self, port: int) -> None:
        """Stand before a port of this machine."""
        self._to = port
        self._weather = Weather.FAIR
        self._open: set[asyncio.StreamWriter] = set()
        self.broken = 0
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="line", daemon=True)
        self._thread.start()
        ready.wait()

    def set(self, weather: Weather) -> None:
        """Change the weather; a cut breaks what is open."""
        self._weather = weather
        if weather is Weather.CUT:
            self._loop.call_soon_threadsafe(self._break_all)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self, ready: threading.Event) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._carry, "127.0.0.1", 0))
        self.port: int = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()

    def _break_all(self) -> None:
        for writer in self._open:
            self._break(writer)

    def _break(self, writer: asyncio.StreamWriter) -> None:
        self.broken += 1
        writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._weather is Weather.CUT:
            self._break(writer)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            self._break(writer)
            return
        ends = {writer, far_writer}
        self._open |= ends
        await asyncio.gather(self._pass(reader, far_writer, asks=True), self._pass(far_reader, writer, asks=False))
        self._open -= ends

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, asks: bool) -> None:
        with contextlib.suppress(OSError):
            while content := await reader.read(65536):
                if self._weather is Weather.DEAF and not asks:
                    self._break(writer)
                    return
                writer.write(content)
                await writer.drain()
            writer.close()
