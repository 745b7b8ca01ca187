"""The examples of docs/api.md, run as they stand with curl against a real server."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress
from api_house import ROOT, SECRETS, House
from api_papers import stay_papers
from test_api_claims import ADMITTED, DISCHARGED, a_claim, the_insured

from api.problems import HTTP_KINDS, KINDS
from api.settings import ApiSettings
from api.web import create_app
from commands.demo import DEMO_SECRET
from storage import access
from storage.access import ApiClient

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
PLACES = {
    "claim_id": "$CLAIM",
    "upload_id": "$UPLOAD",
    "agent_id": "$AGENT",
    "appointment_id": "$BOOKED",
    "consent_id": "$CONSENT",
    "kind": "premiums_paid",
}
PLACES |= {"contact_id": "$CONTACT", "link_id": "$LINK", "token": "$CARD", "policy_number": "$POLICY", "transaction_id": "$TRANSACTION"}
EXAMPLES = [block for block in BLOCKS if "curl" in block]


@pytest.fixture
def base(house: House) -> Iterator[str]:
    server = waitress.create_server(create_app(house.system, ApiSettings("k" * 32, secure_cookies=False)), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.mark.parametrize("block", EXAMPLES, ids=[re.search(r"/v1/[a-z-]+(?:/[a-z-]+)?|/oauth/token", block)[0] for block in EXAMPLES])  # type: ignore[index]
def test_an_example_of_the_documentation_works_as_it_stands(house: House, base: str, block: str, tmp_path: Path) -> None:
    papers = stay_papers(house.reader, the_insured(house), ADMITTED, DISCHARGED, seed=3)
    for name, content in zip(("invoice.jpg", "discharge-summary.jpg", "id-card.jpg"), papers.values(), strict=True):
        (tmp_path / name).write_bytes(content)
    with house.system.database.write() as tx:  # what `app.py demo` makes
        access.save_api_client(tx, ApiClient("demo-app", "app", None))
        access.add_channel_secret(tx, "demo-app", earlier_end_ms=0, secret=DEMO_SECRET)
    report = house.client(secret_of="hotline").post(
        "/v1/hotline/reports", json={"external_ref": "T", "caller": {"id_number": the_insured(house).id_number}}
    )
    environment = {
        **os.environ,
        "BASE": base,
        "APP": SECRETS["app"],
        "DESK": SECRETS["hotline"],
        "HIS": SECRETS["hospital"],
        "WECHAT": SECRETS["wechat"],
        "SITE": SECRETS["website"],
        "COUNTER": SECRETS["counter"],
        "AGENTS": SECRETS["agent"],
        "CLAIM": report.json["claim_id"],
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("{")
    assert '"type": "urn:mingbai' not in done.stdout, done.stdout
    assert "OperationOutcome" not in done.stdout, done.stdout


def test_there_are_examples_of_every_channel(house: House) -> None:
    told = "".join(EXAMPLES)
    for path in house.client().get("/openapi.json").json["paths"]:
        if path.startswith("/v1/"):
            assert re.sub(r"\{(\w+)\}", lambda name: PLACES.get(name[1], name[0]), path) in told, path


def test_the_table_of_errors_names_every_code_a_sender_can_meet() -> None:
    told = (ROOT / "docs" / "api.md").read_text()
    codes = {each.code for each in KINDS} | {code for code, _, _ in HTTP_KINDS.values()}
    assert {code for code in codes if f"`{code}`" not in told} == set()


@pytest.mark.parametrize("client", ["python", "node"])
def test_a_client_to_copy_from_sends_a_claim_and_sees_it_paid(house: House, base: str, client: str, tmp_path: Path) -> None:
    program = {"python": sys.executable, "node": shutil.which("node")}[client]
    if program is None:
        pytest.skip("no node on this machine")
    script = ROOT / "docs" / "examples" / {"python": "claim.py", "node": "claim.mjs"}[client]
    person = the_insured(house)
    papers = stay_papers(house.reader, person, ADMITTED, DISCHARGED, seed=3, is_clear=True)
    for name, content in papers.items():
        (tmp_path / name).write_bytes(content)
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.05):
            house.work()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    environment = {**os.environ, "BASE": base, "APP": SECRETS["app"], "no_proxy": "127.0.0.1"}
    (tmp_path / "claim.json").write_text(json.dumps(a_claim(person, f"EXAMPLE-{client}")))
    command = [program, str(script), "claim.json", *papers]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60)
    stop.set()
    worker.join()
    assert done.returncode == 0, done.stderr
    assert re.search(r"^(PAID|CLOSED) .*\d+\.\d\d$", done.stdout, re.MULTILINE), done.stdout
