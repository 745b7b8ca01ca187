"""Prints every peer beside our engine: answers compared with the reference first, then both timed in turn."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench.peers.clips_rules import clipspy, clipspy_records
from bench.peers.durable_rules import durable_rules
from bench.peers.expressions import cel, zen_engine, zen_engine_records
from bench.peers.job import Peer
from bench.peers.openfisca import columns_of_facts, openfisca, openfisca_records
from bench.speed.timing import in_turn, over
from bench.speed.workloads import Settings, Workload

Builders = Mapping[str, Callable[[], Peer]]
COMPARED = 60  # claims; the slowest peer takes some milliseconds for each
FLAT: Builders = {
    "zen-engine": zen_engine,
    "common-expression-language": cel,
    "clipspy": clipspy,
    "durable_rules": durable_rules,
    "OpenFisca-core": openfisca,
}
RECORDS: Builders = {"zen-engine": zen_engine_records, "clipspy": clipspy_records, "OpenFisca-core": openfisca_records}


def print_peers(workload: Workload, builders: Builders, settings: Settings) -> None:
    """Print the peers that give the same answers, as ratios to ours in the same minute."""
    for name, build in builders.items():
        try:
            peer = build()
        except ImportError:
            print(f"  {name}: not installed, skipped (pip install -r setup/requirements-bench.in)")
            continue
        given = [peer.prepare(facts) for facts in workload.facts[:COMPARED]]
        wrong = sum(peer.one(each) != answer for each, answer in zip(given, workload.expected[:COMPARED], strict=True))
        if wrong:
            print(f"  {name}: {wrong} of {len(given)} answers differ from the reference, not timed")
            continue
        _print_single(peer, given, workload, settings)
        if peer.batch is not None:
            _print_batch(peer, workload, settings)


def _print_single(peer: Peer, given: Sequence[Any], workload: Workload, settings: Settings) -> None:
    count = len(given)
    work = [over(workload.answer, workload.ready[:count]), over(workload.fast, workload.claims[:count]), over(peer.one, given)]
    ours, checked, theirs = in_turn(work, settings.rounds)
    us = theirs / count * 1e6
    print(
        f"  {peer.name:<28}{us:12.1f} µs a claim   {theirs / ours:8.1f} × ours, {theirs / checked:6.1f} × with our checks   ({count} equal)"
    )


def _print_batch(peer: Peer, workload: Workload, settings: Settings) -> None:
    facts = columns_of_facts(workload.facts, settings.rows)
    batch = peer.batch
    assert batch is not None  # noqa: S101 – the caller asked
    paid, by = batch(facts)
    wrong = sum((int(paid[row]), int(by[row])) != answer for row, answer in enumerate(workload.expected))
    if wrong:
        print(f"  {peer.name}: {wrong} of {len(workload.expected)} answers of a batch differ from the reference, not timed")
        return
    ours, theirs = in_turn([workload.batch(settings.rows), lambda: batch(facts)], settings.rounds)
    rate, times = settings.rows / theirs, theirs / ours
    print(f"  {peer.name:<28}{rate:12,.0f} claims/s     {times:8.1f} × ours   ({len(workload.expected)} equal)")
