"""`python -m benchmarks peers`: this platform and other queues, each on the same server, in turns."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from app.local.redis_server import choose_server
from benchmarks.peers.catalogue import OURS, PEER_NAMES, PEERS, Peer
from benchmarks.peers.environments import THIS_PYTHON, Environment, PeerError, environment_of
from benchmarks.peers.load import LoadReading
from benchmarks.peers.picture import picture
from benchmarks.peers.processes import WorkerSet
from benchmarks.peers.report import report
from benchmarks.peers.scenes import GROUPS, SCENE_NAMES, Group
from benchmarks.peers.stage import Sizes, find_server, open_stage

Record = dict[str, Any]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks peers", description=__doc__)
    made.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"peers ({', '.join(PEER_NAMES)}) and figures ({', '.join(SCENE_NAMES)}); all by default",
    )
    made.add_argument("--quick", action="store_true", help="a quarter of the work, one round")
    made.add_argument("--rounds", type=int, help="how often each peer has its turn (3; --quick: 1)")
    made.add_argument("--fresh", action="store_true", help="make the environments of the peers again")
    made.add_argument("--python", type=Path, default=THIS_PYTHON, help="their interpreter (this one)")
    made.add_argument("--server", type=Path, help="the server of all (redis-server on PATH)")
    made.add_argument("--json", type=Path, metavar="FILE", help="write all figures of all rounds")
    made.add_argument("--picture", type=Path, metavar="FILE", help="write an SVG picture")
    made.add_argument(
        "--read", type=Path, nargs="+", metavar="FILE", help="show what --json wrote, without measuring"
    )
    return made


def main(words: Sequence[str]) -> None:
    """Measure, and print the table; its last line has the ratios."""
    made = parser()
    chosen = made.parse_args(words)
    unknown = set(chosen.names) - {*PEER_NAMES, *SCENE_NAMES}
    if unknown:
        made.error(f"unknown: {', '.join(sorted(unknown))}")
    if chosen.read:
        record = joined([orjson.loads(file.read_bytes()) for file in chosen.read])
    else:
        server = chosen.server or find_server()
        if server is None:
            made.error("no redis-server on PATH; install it, or name a server with --server")
        sizes = Sizes().quarter() if chosen.quick else Sizes()
        rounds = chosen.rounds or (1 if chosen.quick else 3)
        record = measure(
            chosen.names,
            server,
            sizes,
            rounds=rounds,
            python=chosen.python,
            fresh=chosen.fresh,
            file=chosen.json,
        )
    if chosen.picture:
        chosen.picture.write_text(picture(record), "utf-8")
    print(report(record))


def measure(
    names: Sequence[str],
    server: Path,
    sizes: Sizes,
    *,
    rounds: int,
    python: Path = THIS_PYTHON,
    fresh: bool = False,
    file: Path | None = None,
) -> Record:
    """Return everything that was measured; it is written to `file` after each measurement."""
    peers = [peer for peer in PEERS if peer is OURS or peer.name in selected(names, PEER_NAMES)]
    scenes = selected(names, SCENE_NAMES)
    record = _head(server, sizes, peers)
    environments = {
        peer.name: made for peer in peers if (made := _environment(peer, record, python, fresh=fresh))
    }
    for turn in range(1, rounds + 1):
        for group in GROUPS:
            wanted = [name for name in group.scenes if name in scenes]
            # In turns, so that other load of this machine affects all alike; the order is reversed each time.
            for peer in peers if turn % 2 else reversed(peers):
                if wanted and peer.name in environments:
                    _say(f"{turn}/{rounds} {', '.join(wanted)}: {peer.title}")
                    measurements = run_group(
                        peer, environments[peer.name], group, wanted, sizes=sizes, server=server
                    )
                    record["rounds"] += [{"round": turn, **each} for each in measurements]
                    if file:
                        file.write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2))
    _say("")
    return record


def selected(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return those of `known` that are named; all, if none is."""
    return [name for name in known if name in names] or list(known)


def run_group(
    peer: Peer, environment: Environment, group: Group, scenes: Sequence[str], *, sizes: Sizes, server: Path
) -> list[Record]:
    """Measure some scenes of a group on one peer; what fails is in the records."""
    records: list[Record] = []
    try:
        with open_stage(peer, environment, sizes, server, group.variables) as stage:
            traits = {"keeps": stage.traits["keeps"]}
            possible = [name for name in scenes if name not in stage.cannot]
            records = [
                {"peer": peer.name, "scene": name, "reasons": {"": stage.cannot[name]}, **traits}
                for name in scenes
                if name not in possible
            ]
            with WorkerSet() as workers:
                for name in possible:
                    count, scene = group.scenes[name]
                    stage.grow(workers, count)
                    reading = LoadReading()
                    measured = scene(stage, workers)
                    records.append({"peer": peer.name, "scene": name, **traits, **asdict(measured)})
                    records[-1]["load"] = reading.end()
    except PeerError as error:
        done = {each["scene"] for each in records}
        records += [
            {"peer": peer.name, "scene": name, "error": str(error)} for name in scenes if name not in done
        ]
    return records


def joined(records: Sequence[Record]) -> Record:
    """Return several records as one: their rounds one after the other."""
    first = records[0]
    peers = {name: each for record in records for name, each in record["peers"].items()}
    ordered = {name: peers[name] for name in PEER_NAMES if name in peers}
    return {**first, "peers": ordered, "rounds": [each for record in records for each in record["rounds"]]}


def _environment(peer: Peer, record: Record, python: Path, *, fresh: bool) -> Environment | None:
    _say(f"environment: {peer.title}")
    try:
        return environment_of(peer, python, fresh=fresh)
    except PeerError as error:
        record["peers"][peer.name]["error"] = str(error)
        return None


def _head(server: Path, sizes: Sizes, peers: Sequence[Peer]) -> Record:
    return {
        "at": time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()),
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
            "node": _node_version(),
        },
        "server": choose_server(None, os.environ, server).label,
        "embedded_server": choose_server(None, os.environ).label,
        "sizes": asdict(sizes),
        "peers": {
            peer.name: {
                "title": peer.title,
                "pins": peer.pins.read_text("utf-8") if peer.kind != "tree" else None,
                "error": None,
            }
            for peer in peers
        },
        "rounds": [],
    }


def _node_version() -> str | None:
    node = shutil.which("node")
    if node is None:
        return None
    return subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()


def _say(text: str) -> None:
    print(text, end="\033[K\r", file=sys.stderr, flush=True)
