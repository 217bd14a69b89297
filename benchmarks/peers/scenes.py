"""The figures: each scene measures one peer on its stage."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.measure import Figures, late_figures, server_figures
from benchmarks.peers.environments import PeerError
from benchmarks.peers.marks import periodic_figures
from benchmarks.peers.processes import WorkerSet
from benchmarks.peers.stage import AT_ONCE, POLL_SEC, SETTLE_SEC, Stage, nothing_lost

SLEEP_MS, PACE_MS = 50, 20
RECOVERY_MS, RECOVERY_SLOTS, LEASE_SEC = 2_000, 200, 10
# A backlog that is drained faster than this is too short to measure; a bigger one is measured too.
SHORT_SEC = 1.0
CATCH_UP_SEC = 1.5
# If no job starts or ends for so long, the rest counts as lost.
STALLED_SEC = 15.0
# A worker that runs one job at a time gets this part of the backlog: it takes half a minute for it.
ONE_SLOT_SHARE = 10


@dataclass(slots=True)
class Measured:
    """The figures of a scene, and reasons for those that are missing."""

    figures: Figures = field(default_factory=Figures)
    reasons: dict[str, str] = field(default_factory=dict[str, str])


def enqueue(stage: Stage, _workers: WorkerSet) -> Measured:
    """Submit no-ops one by one, 50 at once, and in bulk, without workers."""
    sizes, measured = stage.sizes, Measured()
    stage.submit(AT_ONCE * 4)
    for name, count, more in (
        ("single", sizes.single, {}),
        ("at_once", sizes.many, {"tasks": AT_ONCE}),
        ("bulk", sizes.many, {}),
    ):
        if reason := stage.cannot.get(name):
            measured.reasons[f"{name}_per_sec"] = reason
            continue
        before = stage.read_server()
        spent = stage.ask(name, first=stage.runs(count).start, count=count, ms=0, **more)
        measured.figures |= {
            f"{name}_per_sec": count / spent["seconds"],
            f"{name}_client_us": spent["cpu_sec"] / count * 1e6,
            **server_figures(before, stage.read_server(), count, name),
        }
    return measured


def drain(stage: Stage, workers: WorkerSet) -> Measured:
    """Let workers start on a backlog of no-ops; a bigger one too, if that one is soon drained."""
    count = stage.sizes.many // (1 if stage.slots > 1 else ONE_SLOT_SHARE)
    figures, seconds = _drained(stage, workers, count, 0)
    if seconds > SHORT_SEC * count / 20_000:
        return Measured(figures, {"big_per_sec": f"{count:,} took {seconds:.1f} s, which is long enough"})
    big, _ = _drained(stage, workers, stage.sizes.big, 0)
    figures |= {"lost": figures["lost"] + big["lost"], "doubled": figures["doubled"] + big["doubled"]}
    return Measured({**figures, "big_per_sec": big["per_sec"]})


def sleep(stage: Stage, workers: WorkerSet) -> Measured:
    """Let workers start on a backlog of jobs that wait 50 ms; fewer if a worker has few slots."""
    count = min(stage.sizes.sleeps, stage.slots * len(workers) * 50)
    return Measured(_drained(stage, workers, count, SLEEP_MS)[0])


def _drained(stage: Stage, workers: WorkerSet, count: int, ms: int) -> tuple[Figures, float]:
    used, empty = workers.cpu_sec(), stage.read_server()
    with workers.paused():
        runs = stage.submit(count, ms)
        full = stage.read_server()
    seen = stage.wait_ended(runs, workers, stage.sizes.bound_sec, stalled_sec=STALLED_SEC)
    time.sleep(SETTLE_SEC)
    after, used = stage.read_server(), workers.cpu_sec() - used
    if not seen.ends:
        raise PeerError(f"none of {count:,} jobs ended within {stage.sizes.bound_sec:.0f} s")
    seconds = seen.seconds()
    figures = {
        "per_sec": len(seen.ends) / seconds,
        "worker_us": used / count * 1e6,
        "worker_mb": workers.memory_mb() / len(workers),
        "bytes": (after.dataset_bytes - empty.dataset_bytes) / count,
        **server_figures(full, after, count, "run"),
        **nothing_lost(stage.marks.of(runs), runs),
    }
    return figures, seconds


def latency(stage: Stage, workers: WorkerSet) -> Measured:
    """Submit one job at a time to an idle worker: from the call to the job's first line."""
    runs = stage.runs(stage.sizes.paced)
    sent = stage.ask("paced", first=runs.start, count=len(runs), every_ms=PACE_MS)["sent"]
    seen = stage.wait_ended(runs, workers, STALLED_SEC)
    waits = [(seen.starts[run] - at) / 1e6 for run, at in zip(runs, sent, strict=True) if run in seen.starts]
    return Measured({**late_figures(waits, "start_ms"), **nothing_lost(seen, runs)})


def delayed(stage: Stage, workers: WorkerSet) -> Measured:
    """Jobs due at random instants: from due to the job's first line."""
    sizes, dice = stage.sizes, random.Random(7)
    runs = stage.runs(sizes.delayed)
    delays = [dice.randint(500, round(sizes.delayed_sec * 1_000)) for _ in runs]
    with stage.scheduler(workers):
        due = stage.ask("delayed", first=runs.start, delays_ms=delays)["due"]
        seen = stage.wait_ended(runs, workers, sizes.delayed_sec + sizes.bound_sec / 4)
    late = [(seen.starts[run] - at) / 1e6 for run, at in zip(runs, due, strict=True) if run in seen.starts]
    if not late:
        raise PeerError("no delayed job started")
    early = sum(1 for each in late if each < 0)
    return Measured({**late_figures(late, "late_ms"), "early": early, **nothing_lost(seen, runs)})


def periodic(stage: Stage, workers: WorkerSet) -> Measured:
    """A job that starts each second: lateness, drift, and missed seconds."""
    wanted = stage.sizes.ticks
    bound_sec = 3 * wanted + 10
    with stage.scheduler(workers):
        began, ticks = 0, list[int]()
        until = time.monotonic() + bound_sec
        while len(ticks) < wanted and time.monotonic() < until:
            time.sleep(POLL_SEC * 10)
            workers.check()
            ticks = stage.marks.ticks_us(began)
            if not began and ticks:
                # Seconds that passed before the scheduler was ready may be made up for at its start.
                time.sleep(CATCH_UP_SEC)
                began, ticks = time.monotonic_ns(), []
    if len(ticks) < 2:
        raise PeerError(f"{len(ticks)} starts within {bound_sec} s")
    return Measured(periodic_figures(ticks[:wanted], aligned=stage.traits["aligned"]))


def recovery(stage: Stage, workers: WorkerSet) -> Measured:
    """Kill a worker with jobs in hand and start another one: until all have ended."""
    bound = stage.sizes.bound_sec
    with stage.scheduler(workers):
        runs = stage.submit(min(stage.sizes.in_hand, stage.slots), RECOVERY_MS)
        until = time.monotonic() + RECOVERY_MS * 0.75 / 1_000
        while len(stage.marks.of(runs).starts) < len(runs) and time.monotonic() < until:
            time.sleep(POLL_SEC)
        workers.kill()
        killed_ns = time.monotonic_ns()
        in_hand = len(stage.marks.of(runs).starts)
        with WorkerSet(stage.workers(1)) as others:
            seen = stage.wait_ended(runs, others, bound)
            figures: Figures = {"in_hand": in_hand, **nothing_lost(seen, runs)}
    if figures["lost"]:
        reason = f"{figures['lost']:.0f} of {len(runs)} not ended within {bound:.0f} s"
        return Measured(figures, {"recovered_sec": reason})
    return Measured({**figures, "recovered_sec": (max(seen.ends.values()) - killed_ns) / 1e9})


Scene = Callable[[Stage, WorkerSet], Measured]


@dataclass(frozen=True, slots=True)
class Group:
    """Scenes that one server and one start of a peer serve, those with more workers last."""

    scenes: dict[str, tuple[int, Scene]]
    """The number of workers, and the scene."""
    variables: dict[str, str] = field(default_factory=dict[str, str])


GROUPS = (
    Group({"enqueue": (0, enqueue)}),
    Group(
        {
            "latency": (1, latency),
            "delayed": (1, delayed),
            "sleep1": (1, sleep),
            "drain1": (1, drain),
            "sleep2": (2, sleep),
            "drain2": (2, drain),
        }
    ),
    Group({"periodic": (1, periodic)}, {"PEER_PERIODIC": "1"}),
    Group({"recovery": (1, recovery)}, {"PEER_SLOTS": str(RECOVERY_SLOTS), "PEER_LEASE_SEC": str(LEASE_SEC)}),
)
SCENE_NAMES = tuple(name for group in GROUPS for name in group.scenes)
