"""Reads documents in disposable processes: what a damaged file does to a decoder, it does to nobody else.

Each process loads the engine once and reads one document after the other. One that hangs is killed
at the timeout, one that crashes is replaced, and each is replaced after a number of documents, or
when it holds more memory than reading takes.
"""

import contextlib
import gc
import multiprocessing
import queue
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import TypeAlias

import cv2

from domain.document import Document
from domain.errors import MingbaiError, ReaderError, UnreadableFileError
from ocr.inspect import inspect_file
from ocr.memory import bound_memory, give_back_memory, resident_mb
from ocr.reading import DocumentReader, FilePages
from ocr.settings import OcrSettings
from ocr.sniff import check_size, sniff_media_type

_WARM_UP_SECONDS = 120.0  # a cold disk under load
_KILL_WAIT_SECONDS = 5.0
_TOO_MUCH_ZH = "文件过大或过于复杂，请减少页数，或上传更小、更清晰的图片"
_CRASH_ZH = "文件可能已损坏，请重新拍摄或导出后上传"
_SPAWN = multiprocessing.get_context("spawn")


_Task: TypeAlias = tuple[str, Sequence[FilePages]]  # "warm up" | "inspect" | "read" | "join", and the files
_Answer: TypeAlias = tuple[Document, ...] | str | MingbaiError | None
_Line: TypeAlias = "Connection[_Task, _Answer]"


@dataclass
class _Worker:
    """One reading process, the line to it, and how many documents it has read; `None` until it is started."""

    process: SpawnProcess | None = None
    line: "_Line | None" = None
    documents_read: int = 0


class ReaderPool:
    """A number of reading processes. Any number of threads may call `read_all`; each waits for a free process."""

    def __init__(self, settings: OcrSettings, workers: int = 1) -> None:
        """Nothing is started yet: a process starts at its first document, or with `warm_up`."""
        if workers < 1:
            raise ValueError(f"{workers} workers cannot read; use at least 1")
        self._settings = settings
        self._workers = [_Worker() for _ in range(workers)]
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()  # the last one used is the warm one
        for worker in self._workers:
            self._idle.put(worker)
        self._closed = threading.Event()

    def read_all(self, content: bytes) -> tuple[Document, ...]:
        """Read every document in one uploaded file; waits for a free process, then at most `timeout_seconds`.

        Raises:
            UnreadableFileError: no document we can open, damaged, or one that hangs or crashes its process.
            FileTooLargeError: beyond the bounds on bytes, pixels or pages.
            PasswordProtectedError: a locked PDF.
            ReaderError: an engine is missing or failed, or the pool is closed.
        """
        check_size(content, self._settings.max_bytes)
        sniff_media_type(content)
        return self._documents(("read", [(content, ())]))

    def read_joined(self, files: Sequence[FilePages]) -> tuple[Document, ...]:
        """Read pages of several files together in one process, at most `timeout_seconds` for all; see `DocumentReader.read_joined`."""
        return self._documents(("join", files))

    def _documents(self, task: _Task) -> tuple[Document, ...]:
        answer = self._hand_over(task)
        if not isinstance(answer, tuple):
            raise ReaderError("the reading process gave no document", "read the file again; if it happens twice, report it")
        return answer

    def inspect(self, content: bytes) -> str:
        """Give the media type of a file that can be opened, without loading an engine or reading a word.

        Raises:
            InputError: as `ocr.inspect.inspect_file` does, and when opening it hangs or crashes its process.
        """
        answer = self._hand_over(("inspect", [(content, ())]))
        if not isinstance(answer, str):
            raise ReaderError("the inspecting process gave no answer", "send the file again; if it happens twice, report it")
        return answer

    def _hand_over(self, task: _Task) -> _Answer:
        """Give a task to a free process, and raise what it answers if that is an error."""
        worker = self._take()
        try:
            answer = self._ask(worker, task, self._settings.timeout_seconds)
            worker.documents_read += 1
            if worker.documents_read >= self._settings.documents_per_process or _holds_too_much(worker, self._settings.resident_mb):
                _stop(worker)
        finally:
            self._idle.put(worker)
        if isinstance(answer, MingbaiError):
            raise answer
        return answer

    def warm_up(self) -> None:
        """Start every free process and load its engines, all at the same time.

        Raises:
            ReaderError: an engine is missing, or a process does not start.
        """
        taken = []
        with contextlib.suppress(queue.Empty):
            while True:
                taken.append(self._idle.get_nowait())
        try:
            for worker in taken:
                _start(worker, self._settings)
            for worker in taken:
                answer = self._ask(worker, ("warm up", []), _WARM_UP_SECONDS)
                if isinstance(answer, MingbaiError):
                    raise answer
        except UnreadableFileError as error:
            raise ReaderError("a reading process does not start", "run python app.py doctor") from error
        finally:
            for worker in taken:
                self._idle.put(worker)

    @property
    def is_closed(self) -> bool:
        """Tell whether its processes were stopped: what was asked of them meanwhile is no fault."""
        return self._closed.is_set()

    def close(self) -> None:
        """Stop every process; a document that is being read is given up."""
        self._closed.set()
        for worker in self._workers:
            _stop(worker)

    def __enter__(self) -> "ReaderPool":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _take(self) -> _Worker:
        worker = self._idle.get()
        if self._closed.is_set():
            self._idle.put(worker)  # the next that waits must hear it too
            raise ReaderError("the reader pool is closed", "start the program again")
        return worker

    def _ask(self, worker: _Worker, task: _Task, seconds: float) -> _Answer:
        """Send a file to a process and wait; a process that hangs or breaks is stopped."""
        try:
            line = _start(worker, self._settings)
            line.send(task)
            if not line.poll(seconds):
                _stop(worker)
                what = f"reading took longer than {seconds:g} s and was stopped"
                raise UnreadableFileError(what, "send fewer pages, or a smaller or clearer picture", advice_zh=_TOO_MUCH_ZH)
            return line.recv()
        except (EOFError, OSError) as error:
            _stop(worker)
            if self._closed.is_set():
                raise ReaderError("the reader pool was closed while reading", "read the file again") from error
            way_out = "take or export the picture again and send that file"
            raise UnreadableFileError("the file made the reading process crash", way_out, advice_zh=_CRASH_ZH) from error


def _start(worker: _Worker, settings: OcrSettings) -> "_Line":
    """Start the worker's process, if it does not run."""
    if worker.process is not None and worker.line is not None and worker.process.is_alive():
        return worker.line
    _stop(worker)
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_serve, args=(theirs, settings), name="mingbai-reader", daemon=True)
    process.start()
    theirs.close()
    worker.process, worker.line, worker.documents_read = process, ours, 0
    return ours


def _stop(worker: _Worker) -> None:
    """Kill the worker's process, if there is one; it holds nothing that could be lost."""
    process, line = worker.process, worker.line
    worker.process, worker.line = None, None
    if process is not None:
        process.kill()
        process.join(_KILL_WAIT_SECONDS)
    if line is not None:
        line.close()


def _holds_too_much(worker: _Worker, most_mb: int) -> bool:
    """Tell whether the worker's process kept more memory than it should after a document."""
    held = resident_mb(worker.process.pid) if worker.process is not None and worker.process.pid is not None else None
    return held is not None and held > most_mb


def _serve(line: "Connection[_Answer, _Task]", settings: OcrSettings) -> None:
    """Read what comes down the line until it closes; every failure goes back as a domain error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    bound_memory(settings.memory_mb)
    cv2.setNumThreads(settings.threads)
    reader = DocumentReader(settings)
    gc.freeze()  # what was imported stays: looking through it takes the collector 60 ms in the middle of a document
    with contextlib.suppress(EOFError, OSError):
        while True:
            answer = _answer(reader, *line.recv())
            give_back_memory()  # before the answer: what is held after it is looked at
            line.send(answer)


def _answer(reader: DocumentReader, what: str, files: Sequence[FilePages]) -> _Answer:
    try:
        if what == "warm up":
            reader.load()
            gc.freeze()  # the engines as well
            return None
        if what == "join":
            return reader.read_joined(files)
        content, _ = files[0]
        return inspect_file(content, reader.settings) if what == "inspect" else reader.read_all(content)
    except MingbaiError as error:
        return error
    except MemoryError:
        what = "the file needs more memory than a reading process may use"
        return UnreadableFileError(what, "send a smaller picture or fewer pages", advice_zh=_TOO_MUCH_ZH)
    except Exception as error:  # noqa: BLE001 - the process must answer whatever happens; the error names its kind
        return ReaderError(f"reading failed unexpectedly ({type(error).__name__}: {error})", "report it with the file's sha256")
