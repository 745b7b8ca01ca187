"""The peers: claims as a chain of Celery tasks on RabbitMQ and as a workflow of DBOS, in an environment of their own.

Each runs twice: with the stages that we run (`stages`), and with their rows alone (`rows`), which is less than anybody has to do. The
caller submits a claim; reading and judging are steps that may be taken up again by themselves, each in a transaction of its own.
"""

import json
import pickle
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Table, make_url

from bench.claims import plant
from bench.claims.bare import Rows
from bench.claims.ours import Measured
from storage import tables as t

PEERS = {"Celery chain": "celery_chain.py", "DBOS workflow": "dbos_workflow.py"}
_WARM = 100  # claims that each peer does before it is measured
_READ = (t.paper_mark,)


def run_rows(name: str, python: str, url: str, rabbitmq: str, people: int, rows: Sequence[tuple[Rows, Rows]]) -> Measured:
    """Let a peer write the rows of claims into a database of the same tables and people, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work.pickle"
        work.write_bytes(pickle.dumps([_steps_of(*each) for each in rows]))
        told = {"rows": {"path": str(work), "postgres": _plain(url), "warm": _WARM}}
        return _run(name, python, url, rabbitmq, people, told, len(rows))


def run_stages(name: str, python: str, url: str, rabbitmq: str, people: int, count: int) -> Measured:
    """Let a peer submit, read, judge and order so many claims, each stage with the functions of our own workers."""
    with tempfile.TemporaryDirectory() as folder:
        told = {"stages": {"url": url, "folder": folder, "first": 0, "count": count, "warm": _WARM}}
        return _run(name, python, url, rabbitmq, people, told, count)


def _run(name: str, python: str, url: str, rabbitmq: str, people: int, told: dict[str, Any], count: int) -> Measured:
    plant.make_database(url, people)
    with tempfile.TemporaryDirectory() as folder:
        order = Path(folder) / "order.json"
        order.write_text(json.dumps(told))
        command = [python, "-W", "ignore", Path(__file__).with_name(PEERS[name]), order, _plain(url), rabbitmq]
        heard = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=folder)
    answer, count = json.loads(heard.stdout.splitlines()[-1]), count - _WARM
    return Measured(count, answer["seconds"], answer["cpu"] / count * 1000, max(0.0, answer["server"]) / count * 1000, 3 * count)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _steps_of(submission: Rows, rest: Rows) -> dict[str, list[tuple[str, list[tuple[Any, ...]]]]]:
    """Write a claim's rows as statements with their values, stage by stage."""
    steps: dict[str, dict[Table, list[dict[str, Any]]]] = {"submit": dict(submission), "read": {}, "adjudicate": {}}
    for table, rows in rest.items():
        for row in rows:
            steps[_stage_of(table, row)].setdefault(table, []).append(row)
    return {stage: [_statement(table, rows) for table, rows in _in_order(found)] for stage, found in steps.items()}


def _in_order(rows: dict[Table, list[dict[str, Any]]]) -> list[tuple[Table, list[dict[str, Any]]]]:
    parents_first = {table: place for place, table in enumerate(t.metadata.sorted_tables)}
    return sorted(rows.items(), key=lambda each: parents_first[each[0]])


def _stage_of(table: Table, row: dict[str, Any]) -> str:
    if table is t.task:
        return "submit" if row["stage"] == "read" else "adjudicate"
    return "read" if table in _READ or (table is t.audit and row["action"] == "document.read") else "adjudicate"


def _statement(table: Table, rows: list[dict[str, Any]]) -> tuple[str, list[tuple[Any, ...]]]:
    names = list(rows[0])
    values = [tuple(str(each) if isinstance(each, str) else each for each in row.values()) for row in rows]
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})", values  # noqa: S608 - our own names
