"""The peers: what each is called, how its program runs, and on which server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parent / "programs"


@dataclass(frozen=True, slots=True)
class Peer:
    """A queue with its program."""

    name: str
    title: str
    kind: str = "python"
    """`python` and `node` have an environment of their own; `tree` runs in this one."""
    folder: str = ""
    """The folder of its program, if that is not its name."""
    embedded: bool = False
    """Whether it runs on the embedded server of an installation, in place of the server of all."""

    @property
    def program(self) -> Path:
        suffix = "mjs" if self.kind == "node" else "py"
        return PROGRAMS / (self.folder or self.name) / f"program.{suffix}"

    @property
    def pins(self) -> Path:
        """Return the file with the versions."""
        return self.program.with_name("package.json" if self.kind == "node" else "requirements.txt")


OURS = Peer("ours", "ours", "tree")
PEERS = (
    OURS,
    Peer("ours_embedded", "ours, embedded", "tree", "ours", embedded=True),
    Peer("bare_stream", "bare stream", "tree"),
    Peer("ardiq", "ArdiQ"),
    Peer("bullmq", "BullMQ", "node"),
    Peer("dramatiq", "dramatiq"),
    Peer("taskiq", "taskiq"),
    Peer("saq", "saq"),
    Peer("huey", "huey"),
    Peer("arq", "arq"),
    Peer("streaq", "streaQ"),
    Peer("celery", "Celery"),
    Peer("rq", "RQ"),
    Peer("mayu", "mayu"),
)
PEER_NAMES = tuple(peer.name for peer in PEERS)
