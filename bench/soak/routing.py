"""Puts many claims to the routing engine over several threads, each compared with plain Python, and watches the memory of the process.

    python -m bench.soak.routing [--claims 100000] [--threads 8]      or: make soak

Nothing here asserts a time. The exit code is 1 when an answer differs, or when memory grew by more than `MOST_GROWTH_KB`
after the first tenth.
"""

import argparse
import random
import sys
import threading
import time
from array import array
from dataclasses import dataclass
from pathlib import Path

from rules import routing_plain
from rules.routing import RoutingRules, encode_claim, load_routing, read_facts
from rules.routing_conditions import FactType, FactValue
from rules.routing_durable import DurableEngine, EngineFailedError

BOOK = Path("rules/book/routing.yaml")
TENTHS = 10
MOST_GROWTH_KB = 2_048  # a leak of 24 bytes a claim would be seen over 100,000 claims


@dataclass
class Soak:
    """What was seen; `memory_kb` is resident memory at the start and after each tenth, `latencies_us` has a place for each claim."""

    latencies_us: "array[float]"  # made before the first claim, so that it is not what grows
    memory_kb: list[int]
    different: int = 0
    failed: int = 0
    seconds: float = 0.0

    @property
    def growth_kb(self) -> int:
        """What memory grew by after the first tenth, when everything had run once."""
        return max(self.memory_kb[1:]) - self.memory_kb[1]


def resident_kb() -> int:
    """Ask the kernel for the resident memory of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("/proc/self/status has no VmRSS: run the soak on Linux")


def make_claim(rules: RoutingRules, dice: random.Random) -> tuple[dict[str, FactValue], frozenset[str]]:
    """Make up a claim: any value of any fact, and now and then a finding the book looks at."""
    facts = {fact.told_as: _any_value(fact, dice) for fact in rules.facts.values()}
    return facts, frozenset(code for code in rules.program.finding_props if dice.random() < 0.3)


def _any_value(fact: FactType, dice: random.Random) -> FactValue:
    if fact.kind == "bool":
        return dice.random() < 0.5
    return dice.randrange(0, 90) if fact.kind == "int" else dice.choice(fact.given or fact.values)


def run_soak(rules: RoutingRules, claims: int, threads: int) -> Soak:
    """Route claims over threads, a tenth at a time, and measure memory between tenths, when no thread runs."""
    share = max(claims // TENTHS // threads, 1)
    soak = Soak(array("f", [0.0]) * (share * threads * TENTHS), [resident_kb()])
    engine = DurableEngine(rules.program)  # route() itself asks it once for each situation
    for tenth in range(TENTHS):
        parts = [range((tenth * threads + number) * share, (tenth * threads + number + 1) * share) for number in range(threads)]
        workers = [threading.Thread(target=_work, args=(rules, engine, part, soak)) for part in parts]
        started = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        soak.seconds += time.perf_counter() - started
        soak.memory_kb.append(resident_kb())
    engine.close()
    return soak


def _work(rules: RoutingRules, engine: DurableEngine, part: range, soak: Soak) -> None:
    dice = random.Random(part.start)
    for place in part:
        facts, findings = make_claim(rules, dice)
        started = time.perf_counter()
        told = read_facts(rules, facts)
        try:
            raised = engine.raise_flags(encode_claim(rules, told, findings))
        except EngineFailedError:
            soak.failed += 1
            continue
        soak.latencies_us[place] = (time.perf_counter() - started) * 1e6
        soak.different += raised != routing_plain.raise_flags(rules.program.strata, told, findings)


def print_soak(soak: Soak, threads: int) -> None:
    """Print what was seen."""
    ordered = sorted(soak.latencies_us)
    p50, p99 = (ordered[len(ordered) * share // 100] for share in (50, 99))
    print(f"{len(ordered):,} claims over {threads} threads: {soak.different} differ from plain Python, {soak.failed} failed in the engine")
    print(f"  {len(ordered) / soak.seconds:,.0f} claims/s, the comparison included; one claim p50 {p50:,.0f} µs, p99 {p99:,.0f} µs")
    print("  memory, at the start and after each tenth: " + " ".join(f"{each:,}" for each in soak.memory_kb) + " kB")
    print(f"  growth after the first tenth: {soak.growth_kb:,} kB")


def main() -> None:
    """Soak, print, and fail on a difference or on growth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=8)
    asked = parser.parse_args()
    soak = run_soak(load_routing(BOOK), asked.claims, asked.threads)
    print_soak(soak, asked.threads)
    sys.exit(soak.different > 0 or soak.failed > 0 or soak.growth_kb > MOST_GROWTH_KB)


if __name__ == "__main__":
    main()
