"""The runs that `make torture` and the ordinary tests are made of, in their sizes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.backends import Backend
from tests.torture.faults import KINDS
from tests.torture.stand import BAD_BANK, Nursery, Stand
from tests.torture.storm import Report, Storm

BOUNDARIES = ("commit", "bank", "file")
FORGETFUL = {"forgets_keys": True}  # a bank without idempotency


@dataclass(frozen=True)
class Size:
    """How many claims a run takes, and how much happens to them."""

    claims: int
    mishaps: int
    kinds: tuple[str, ...] = BOUNDARIES  # of boundaries at which somebody dies
    deaths: int = 10_000  # at boundaries, at most


SMALL = Size(claims=16, mishaps=12)
FULL = Size(claims=1_000, mishaps=160, kinds=KINDS)


@dataclass(frozen=True)
class Grounds:
    """Where runs take place: one nursery, one folder, somebody who is told how it goes."""

    nursery: Nursery
    folder: Path
    tell: Callable[[str], None] = field(default=lambda _: None)

    def storm(self, backend: Backend, size: Size, seed: int = 1) -> Report:
        """Everything at once: kills at any instruction and at boundaries, and the weather of this backend."""
        with self._stand(backend, "storm", size.claims, worker_processes=0 if backend.broker else 1) as stand:
            workers = 1 if backend.name == "SQLite" else 2
            storm = Storm(stand, f"storm, {backend.name}", seed, workers, backend.disk, backend.mishaps, tell=self.tell)
            return storm.run(size.claims, size.mishaps)

    def climb(
        self,
        backend: Backend,
        size: Size,
        mutants: tuple[str, ...] = (),
        bank: dict[str, object] | None = None,
        worker_processes: int = 0,
    ) -> Report:
        """A death at every boundary, one after the other: of the server, or of the worker process that it keeps."""
        with self._stand(backend, "climb", size.claims, bank, worker_processes) as stand:
            unsettled = ("DECIDED",) if bank else ()
            name = f"{', '.join(mutants) or ('boundaries of a worker process' if worker_processes else 'boundaries')}, {backend.name}"
            return Storm(stand, name, mutants=mutants, unsettled=unsettled, tell=self.tell).climb(size.claims, size.kinds, size.deaths)

    def overtake(self, backend: Backend, mutants: tuple[str, ...] = ()) -> Report:
        """A process that stood still while another did its work."""
        with self._stand(backend, "overtaken", 1, {}) as stand:
            return Storm(stand, f"{', '.join(mutants) or 'overtaken'}, {backend.name}", mutants=mutants, tell=self.tell).overtake(1)

    def _stand(self, backend: Backend, name: str, claims: int, bank: dict[str, object] | None = None, worker_processes: int = 0) -> Stand:
        files = backend.disk.folder / "files" if backend.disk else None
        moods = BAD_BANK if bank is None else bank
        told = {"files": files, "broker": backend.broker, "bank": dict(moods), "worker_processes": worker_processes}
        return Stand(self.nursery, self.folder / name, backend.database_url, claims, **told)


def proven(report: Report, claims: int, deaths: int) -> None:
    """All claims were taken and paid, although so many processes died; nothing else is wrong."""
    found = report.found
    assert found.wrong == []
    assert (found.accepted, found.paid, found.lost, found.paid_twice) == (claims, claims, 0, 0)
    assert report.deaths >= deaths
