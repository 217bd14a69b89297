"""`python -m benchmarks shards`: the throughput of 1, 2 and 4 shards, each on its own server, as a ratio."""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from app.core.config import Settings
from app.core.storage.keys import Keys
from benchmarks.measure import Figures, cpu_seconds, medians
from benchmarks.shards.recorded import BATCH, batches, pack, prepare
from benchmarks.shards.servers import HOST, MeasuredServer, has_parts, servers

NAMESPACE, DONE = "bench", b"all-is-done"
_AHEAD = 2
"""Batches that are on their way to a shard, so that it never waits for the client."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A row of the table."""

    title: str
    shards: int
    cluster: bool = False


LAYOUTS = (
    Layout("1 shard", 1),
    Layout("2 shards", 2),
    Layout("4 shards", 4),
    Layout("Cluster, 1 shard of 3 masters", 1, cluster=True),
    Layout("Cluster, 3 shards on 3 masters", 3, cluster=True),
)


def main(arguments: Sequence[str]) -> None:
    """Measure, and print the table; the last line is the ratios in one sentence."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks shards", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a quarter of the work, one round")
    parser.add_argument("--rounds", type=int, help="how often each layout has its turn (3; --quick: 1)")
    parser.add_argument(
        "--part", type=float, default=0.15, help="of a core for each server (0.15); 1: a whole one"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures of all rounds")
    chosen = parser.parse_args(arguments)
    count = 10 if chosen.quick else 40
    found: dict[str, list[Figures]] = defaultdict(list)
    for _round in range(chosen.rounds or (1 if chosen.quick else 3)):
        for layout in LAYOUTS:
            found[layout.title].append(asyncio.run(_measured(layout, count, chosen.part)))
    results = {title: medians(rounds) for title, rounds in found.items()}
    print(_table(results, chosen.part))
    if chosen.json:
        chosen.json.write_bytes(
            orjson.dumps({"medians": results, "rounds": found}, option=orjson.OPT_INDENT_2)
        )


async def _measured(layout: Layout, count: int, part: float) -> Figures:
    """Send the recorded work of each shard to its server, all at once."""
    masters = 3 if layout.cluster else layout.shards
    with servers(masters, part, cluster=layout.cluster) as found:
        own = _settings(layout, found)
        keys = [Keys.of(each) for each in own]
        places = [_place(found, each, cluster=layout.cluster) for each in keys]
        for each in own:
            await prepare(each)
        work = [await batches(each, count) for each in own]
        cpu_before, client_before = sum(server.cpu_sec() for server in found), cpu_seconds(os.getpid())
        began = time.perf_counter()
        await asyncio.gather(*(_send(server, each) for server, each in zip(places, work, strict=True)))
        took = time.perf_counter() - began
        cpu = sum(server.cpu_sec() for server in found) - cpu_before
        client = cpu_seconds(os.getpid()) - client_before
        for server, each in zip(places, keys, strict=True):
            ended = server.say("ZCARD", each.runs_status("success"))
            # One more: the run that taught the server its scripts.
            assert ended == count * BATCH + 1, f"{layout.title}: {ended} runs of {count * BATCH} have ended"
    runs = count * BATCH * layout.shards
    return {
        "runs_per_sec": runs / took,
        "server_us": cpu / runs * 1e6,
        "client_us": client / runs * 1e6,
        "cores": (cpu + client) / took,
        "load": os.getloadavg()[0],
    }


def _settings(layout: Layout, found: list[MeasuredServer]) -> list[Settings]:
    """Return the settings of each shard."""
    urls = [f"redis://{HOST}:{server.port}/0" for server in found]
    places: dict[str, Any] = {"redis_url": urls[0], "shard_urls": urls}
    if layout.cluster:
        places = {"redis_url": f"redis+cluster://{','.join(f'{HOST}:{server.port}' for server in found)}"}
    settings = Settings(_env_file=None, namespace=NAMESPACE, shards=layout.shards, **places)  # pyright: ignore[reportCallIssue]
    return [settings.of_shard(number) for number in range(layout.shards)]


def _place(found: list[MeasuredServer], keys: Keys, *, cluster: bool) -> MeasuredServer:
    if not cluster:
        return found[keys.shard]
    slot = int(found[0].say("CLUSTER", "KEYSLOT", keys.seq))
    return next(each for each in found if _serves(each, slot))


def _serves(server: MeasuredServer, slot: int) -> bool:
    own = server.say("CLUSTER", "MYID")
    for first, last, master, *_replicas in server.say("CLUSTER", "SLOTS"):
        if int(first) <= slot <= int(last):
            return own in master
    return False


async def _send(server: MeasuredServer, work: list[bytes]) -> None:
    """Send batches; each ends with an echo, and two are on their way."""
    reader, writer = await asyncio.open_connection(HOST, server.port, limit=1 << 20)
    try:
        tail, answered = b"", 0
        for number, batch in enumerate(work):
            writer.write(batch + pack(("ECHO", DONE)))
            while number + 1 - answered > _AHEAD:
                tail, answered = await _answers(reader, tail, answered)
        while answered < len(work):
            tail, answered = await _answers(reader, tail, answered)
    finally:
        writer.close()


async def _answers(reader: asyncio.StreamReader, tail: bytes, answered: int) -> tuple[bytes, int]:
    received = await reader.read(1 << 20)
    if not received:
        raise ConnectionError("the server has closed the connection")
    text = tail + received
    at = text.rfind(DONE)
    count = text.count(DONE)
    return text[at + len(DONE) :][-len(DONE) :] if at >= 0 else text[-len(DONE) :], answered + count


def _table(results: dict[str, Figures], part: float) -> str:
    lines = [
        f"{'layout':34} {'runs/s':>8} {'ratio':>6} {'Redis µs':>9} {'by CPU':>7} {'client':>6} {'cores':>5}"
    ]
    for title, figures in results.items():
        first = results[_first_of(title)]
        ratio = figures["runs_per_sec"] / first["runs_per_sec"]
        # What as many servers would do if each had the same processor for itself.
        shards = _shards_of(title)
        by_cpu = shards * first["server_us"] / figures["server_us"]
        lines.append(
            f"{title:34} {figures['runs_per_sec']:8,.0f} {ratio:6.2f} {figures['server_us']:9.1f} "
            f"{by_cpu:7.2f} {figures['client_us']:6.1f} {figures['cores']:5.2f}"
        )
    rate = {title: figures["runs_per_sec"] for title, figures in results.items()}
    load = statistics.mean(figures["load"] for figures in results.values())
    parts = f"{part:g} of a core for each server" if part < 1 and has_parts() else "whole cores"
    lines.append(f"{parts}; load of the machine {load:.1f}")
    lines.append(
        f"2 shards do {rate['2 shards'] / rate['1 shard']:.2f} times and 4 shards "
        f"{rate['4 shards'] / rate['1 shard']:.2f} times the work of one; 3 masters of a Cluster "
        f"{rate[LAYOUTS[4].title] / rate[LAYOUTS[3].title]:.2f} times that of one."
    )
    return "\n".join(lines)


def _first_of(title: str) -> str:
    return LAYOUTS[3].title if title.startswith("Cluster") else LAYOUTS[0].title


def _shards_of(title: str) -> int:
    return next(layout.shards for layout in LAYOUTS if layout.title == title)
