"""Each peer's program in `benchmarks/peers` is short, pinned, and says where its settings come from."""

from __future__ import annotations

import json
import re

import pytest

from benchmarks.peers.catalogue import PEERS, Peer

MOST_LINES = 60


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_program_is_short_and_names_the_source_of_its_settings(peer: Peer) -> None:
    """A reader can judge in a minute whether a peer is set up well."""
    text = peer.program.read_text("utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    head = text[: text.index("import ")]
    assert "Settings: " in head or peer.name == "bare_stream"
    assert re.search(r"KEEPS = |keeps: ", text)


@pytest.mark.parametrize("peer", [peer for peer in PEERS if peer.kind != "tree"], ids=lambda peer: peer.name)
def test_versions_are_pinned_and_name_no_address(peer: Peer) -> None:
    """Two runs measure the same versions; packages come from the configured registries."""
    text = peer.pins.read_text("utf-8")
    assert "://" not in text
    if peer.kind == "node":
        versions = json.loads(text)["dependencies"].values()
        assert [version for version in versions if not re.fullmatch(r"[0-9.]+", version)] == []
    else:
        assert [line for line in text.splitlines() if not re.fullmatch(r"[\w\[\]-]+==[\w.]+", line)] == []


def test_every_program_is_a_peer() -> None:
    """No program is left out of the catalogue."""
    folders = {path.parent.name for path in PEERS[0].program.parents[1].glob("*/program.*")}
    assert folders == {peer.folder or peer.name for peer in PEERS}
