"""Reading processes are disposable: whatever happens to one, the next document is read."""

import os
import signal
import threading

import pytest

from domain.document import DocumentClass
from domain.errors import FileTooLargeError, MingbaiError, ReaderError, UnreadableFileError
from ocr.process import ReaderPool
from ocr.settings import OcrSettings
from sandbox.photograph import Level, photograph
from sandbox.render import render
from tests.ocr.conftest import invoice, needs

PAGE = photograph(render(invoice()), Level.GOOD, 1)
pytestmark = needs("rapidocr")


@pytest.fixture(scope="module")
def pool():
    with ReaderPool(OcrSettings(), 1) as pool:
        pool.warm_up()
        yield pool


def test_a_document_comes_back_whole(pool):
    (document,) = pool.read_all(PAGE)
    assert (document.document_class, document.field("total_fen").value) == (DocumentClass.MEDICAL_INVOICE, 774362)


def test_errors_travel_back_as_themselves(pool):
    with pytest.raises(UnreadableFileError, match="less than a quarter") as caught:
        pool.read_all(PAGE[:4000])
    assert caught.value.way_out


def test_a_killed_process_harms_only_its_own_document(pool):
    victim = pool._workers[0].process.pid
    killer = threading.Timer(0.3, os.kill, (victim, signal.SIGKILL))
    killer.start()
    with pytest.raises(UnreadableFileError, match="crash"):
        for _ in range(20):
            pool.read_all(PAGE)
    killer.join()
    assert pool.read_all(PAGE)[0].document_class is DocumentClass.MEDICAL_INVOICE
    assert pool._workers[0].process.pid != victim


def test_many_threads_may_ask(pool):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(pool.read_all(PAGE)[0].document_class)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [DocumentClass.MEDICAL_INVOICE] * 2


def test_a_document_beyond_its_time_is_stopped_and_says_so():
    with ReaderPool(OcrSettings(timeout_seconds=0.05), 1) as hasty, pytest.raises(UnreadableFileError, match=r"longer than 0\.05 s"):
        hasty.read_all(PAGE)


def test_a_closed_pool_says_so():
    pool = ReaderPool(OcrSettings(), 1)
    pool.close()
    with pytest.raises(ReaderError, match="closed"):
        pool.read_all(PAGE)


def test_a_pool_without_workers_is_refused():
    with pytest.raises((ValueError, MingbaiError)):
        ReaderPool(OcrSettings(), 0)


def test_a_look_at_the_door_tells_the_kind_without_loading_an_engine():
    with ReaderPool(OcrSettings(engine="tesseract"), 1) as door:
        assert door.inspect(PAGE) == "image/jpeg"


def test_the_customers_sentence_comes_through_from_the_process():
    with ReaderPool(OcrSettings(), 1) as door, pytest.raises(UnreadableFileError) as caught:
        door.inspect(b"PK\x03\x04OFD.xml cut off")
    assert caught.value.advice_zh == "OFD 文件已损坏或不完整，请重新下载后上传"


def test_a_look_at_the_door_raises_what_the_file_is_refused_for():
    with ReaderPool(OcrSettings(max_pixels=1000), 1) as door, pytest.raises(FileTooLargeError, match="pixels"):
        door.inspect(PAGE)
