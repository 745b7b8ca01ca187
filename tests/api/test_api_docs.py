"""The examples of docs/api.md, run as they stand with curl against a real server."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress
from api_house import ROOT, SECRETS, House
from api_papers import stay_papers
from test_api_claims import ADMITTED, DISCHARGED, the_insured

from api.problems import HTTP_KINDS, KINDS
from api.settings import ApiSettings
from api.web import create_app

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
EXAMPLES = [block for block in BLOCKS if "curl" in block]


@pytest.fixture
def base(house: House) -> Iterator[str]:
    server = waitress.create_server(create_app(house.system, ApiSettings("k" * 32, secure_cookies=False)), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.mark.parametrize("block", EXAMPLES, ids=[re.search(r"/v1/[a-z-]+(?:/[a-z-]+)?", block)[0] for block in EXAMPLES])  # type: ignore[index]
def test_an_example_of_the_documentation_works_as_it_stands(house: House, base: str, block: str, tmp_path: Path) -> None:
    papers = stay_papers(house.reader, the_insured(house), ADMITTED, DISCHARGED, seed=3)
    for name, content in zip(("invoice.jpg", "discharge-summary.jpg", "id-card.jpg"), papers.values(), strict=True):
        (tmp_path / name).write_bytes(content)
    report = house.client(secret_of="hotline").post(
        "/v1/hotline/reports", json={"external_ref": "T", "caller": {"id_number": the_insured(house).id_number}}
    )
    environment = {
        **os.environ,
        "BASE": base,
        "APP": SECRETS["app"],
        "DESK": SECRETS["hotline"],
        "HIS": SECRETS["hospital"],
        "CLAIM": report.json["claim_id"],
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("{")
    assert "urn:mingbai" not in done.stdout, done.stdout


def test_there_are_examples_of_every_channel(house: House) -> None:
    told = "".join(EXAMPLES)
    for path in house.client().get("/openapi.json").json["paths"]:
        if path.startswith("/v1/"):
            assert path.replace("{claim_id}", "$CLAIM") in told, path


def test_the_table_of_errors_names_every_code_a_sender_can_meet() -> None:
    told = (ROOT / "docs" / "api.md").read_text()
    codes = {each.code for each in KINDS} | {code for code, _, _ in HTTP_KINDS.values()}
    assert {code for code in codes if f"`{code}`" not in told} == set()
