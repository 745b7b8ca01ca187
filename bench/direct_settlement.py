"""How long a hospital's cashier waits: pre-settlement, confirmation and cancellation over HTTP, p50 and p99.

    python -m bench.direct_settlement [--bills 400] [--cashiers 4] [--postgres URL]

Each bill has nine lines and is of another insured, as `sandbox/scenes/direct_settlement.py` writes it; one server process
(waitress, as `app.py serve` runs it) answers all cashiers. Every third settlement is cancelled, the others are confirmed.
Nothing here asserts a time; that the amounts are right is checked.
"""

import argparse
import http.client
import json
import shutil
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import waitress

from api.settings import ApiSettings
from api.web import create_app
from bench.claims import cast, plant
from bench.processing import new_database
from domain.identity import id_check_character
from domain.policy import Hospital, Person, Policy
from sandbox.scenarios import SCENARIOS
from storage import access, registry
from storage.access import ApiClient
from storage.database import Database

_SECRET, _HOSPITAL = "b" * 43, "BD0"


def main() -> None:
    """Measure each place, and print a table."""
    asked = _parse_arguments()
    print(f"{'':12}{'':14}{'calls':>7}{'p50 ms':>9}{'p99 ms':>9}{'most ms':>9}")
    folder = Path(tempfile.mkdtemp(prefix="mingbai-settlement-"))
    try:
        _measure("SQLite", f"sqlite:///{folder}/claims.db", folder / "files", asked)
        if asked.postgres:
            _measure("PostgreSQL", new_database(asked.postgres, "bench_settlement"), folder / "files-2", asked)
    finally:
        shutil.rmtree(folder)


def _measure(name: str, url: str, files: Path, asked: argparse.Namespace) -> None:
    _bring_in(url, asked.bills + asked.cashiers)
    system = plant.open_system(url, files, wake=lambda: None)
    app = create_app(system, ApiSettings("k" * 32, secure_cookies=False))
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    cashiers = [_Cashier(server.effective_port) for _ in range(asked.cashiers)]
    shares = [range(place, asked.bills, asked.cashiers) for place in range(asked.cashiers)]
    for place, cashier in enumerate(cashiers):  # the first call of a process loads what the others find loaded
        cashier.settle(asked.bills + place)
        cashier.times.clear()
    with ThreadPoolExecutor(asked.cashiers) as pool:
        list(pool.map(lambda pair: [pair[0].settle(number) for number in pair[1]], zip(cashiers, shares, strict=True)))
    for each in cashiers:
        each.close()
    server.close()
    serving.join(timeout=5)
    system.database.close()
    for step in ("pre-settle", "confirm", "cancel"):
        times = sorted(ms for each in cashiers for what, ms in each.times if what == step)
        p50, p99 = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))]
        print(f"{name:12}{step:14}{len(times):7}{p50:9.1f}{p99:9.1f}{times[-1]:9.1f}", flush=True)


class _Cashier:
    """One desk of a hospital, with a connection of its own."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port)
        self.times: list[tuple[str, float]] = []

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def settle(self, number: int) -> None:
        """Pre-settle a bill, and confirm it or, every third, cancel it."""
        told = self._call("pre-settle", "/v1/hospital/pre-settlements", _bill_of(number))
        if (told["insurer_pays"], told["customer_pays"]) != ("6695.24", "1048.38"):
            raise SystemExit(f"bill {number} was answered with {told}")
        way = f"/v1/hospital/settlements/{told['claim_id']}"
        if number % 3:
            self._call("confirm", f"{way}/confirmation", {"customer_pays": told["customer_pays"]})
        else:
            self._call("cancel", f"{way}/cancellation", {"reason": "账单有误"})

    def _call(self, step: str, path: str, body: object) -> Any:
        begun = time.perf_counter()
        headers = {"Authorization": f"Bearer {_SECRET}", "Content-Type": "application/json"}
        self._line.request("POST", path, json.dumps(body), headers)
        answer = self._line.getresponse()
        content = json.loads(answer.read())
        self.times.append((step, (time.perf_counter() - begun) * 1000))
        if answer.status != 200:
            raise SystemExit(f"{path}: {content}")
        return content


def _bill_of(number: int) -> dict[str, Any]:
    scene = next(each for each in SCENARIOS if each.name == "direct-settlement")
    mine = {"external_ref": f"BENCH-{number}", "hospital_id": _HOSPITAL, "insured": {"id_number": _person_of(number).id_number}}
    return dict(scene.main.payload) | mine


def _person_of(number: int) -> Person:
    digits = f"99010119900219{number % 1000:03}" if number < 1000 else f"9901{number // 1000:02}19900219{number % 1000:03}"
    return Person(f"BD{number}", f"陈示{number}", digits + id_check_character(digits), date(1990, 2, 19), f"1{number:010}")


def _policy_of(number: int) -> Policy:
    term = (date(2026, 1, 1), date(2026, 12, 31), date(2025, 1, 1))
    return Policy(f"BDP{number}", f"BD{number}", f"BD{number}", "zhifu-direct", "直付版", *term, 100_000_000, "BA0", True)


def _bring_in(url: str, people: int) -> None:
    plant.make_database(url, 1, ("zhifu-direct",))
    database = Database(url, plant.CIPHER)
    with database.write() as tx:
        registry.save_hospitals(tx, [Hospital(_HOSPITAL, "示例市直付医院", "三级", "公立", True, "9900000000000000101")])
        registry.save_agents(tx, [cast.agent_of(0)])
        registry.save_people(tx, map(_person_of, range(people)))
        registry.save_policies(tx, map(_policy_of, range(people)))
        access.save_api_client(tx, ApiClient("his", "hospital", _HOSPITAL), _SECRET)
    database.close()


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, default=400)
    parser.add_argument("--cashiers", type=int, default=4)
    parser.add_argument("--postgres", default="", help="a PostgreSQL in which databases may be made: postgresql+psycopg://…")
    return parser.parse_args()


if __name__ == "__main__":
    main()
