"""Generated pages match the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.connectors.messages import OutboxState
from app.core.models import TRANSITIONS, RunStatus
from app.core.storage.keys import KEY_SPECS
from tools.generate_docs import PAGES, main, outdated, state_texts, states_markdown, write_all


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_in_sync(name: str) -> None:
    """`python -m tools.generate_docs` updates it."""
    assert name not in outdated()


def test_check_says_so_too() -> None:
    """What CI may run by itself agrees."""
    assert main(["--check"]) == 0


def test_a_changed_page_is_noticed(tmp_path: Path) -> None:
    """A page edited by hand, or missing, is out of date until all are written again."""
    assert outdated(tmp_path) == list(PAGES)
    write_all(tmp_path)
    assert outdated(tmp_path) == []
    page = tmp_path / "states.md"
    page.write_text(page.read_text("utf-8") + "by hand\n", "utf-8")
    assert outdated(tmp_path) == ["states.md"]


def test_states_are_described_each() -> None:
    """Every state says who moves a run out of it, and every transition is drawn."""
    texts, page = state_texts(RunStatus), states_markdown()
    assert set(texts) == set(RunStatus)
    assert all(text.endswith(".") for text in texts.values())
    drawn = {(s, t) for s in RunStatus for t in RunStatus if f"    {s} --> {t}\n" in page}
    assert drawn == {(source, target) for source, targets in TRANSITIONS.items() for target in targets}


def test_the_schema_names_every_family() -> None:
    """No key is left out."""
    page = PAGES["redis-schema.md"]()
    assert all(f"`{{ns}}:{spec.stem}" in page for spec in KEY_SPECS)


def test_states_of_messages_are_described_each() -> None:
    """The second diagram has every state of a message in its own words."""
    texts, page = state_texts(OutboxState), states_markdown()
    assert set(texts) == set(OutboxState)
    assert all(f"| `{state}` | {texts[state]} |" in page for state in OutboxState)
