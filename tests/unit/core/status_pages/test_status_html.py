"""The HTML and the badge of a status page: size, languages, safety, no scripts."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from app.core.i18n import Language
from app.core.status_pages.html import CONTENT_POLICY, StatusPageWriter, badge, bars, percent
from app.core.status_pages.models import (
    DAYS,
    MAX_MONITORS,
    MAX_NAME_CHARS,
    DayState,
    PublicDay,
    PublicIncident,
    PublicMaintenance,
    PublicMonitor,
    PublicStatus,
    PublicUptime,
)

NOW = datetime(2026, 3, 31, 5, 30, tzinfo=UTC)
MAX_BYTES = 60 * 1024
LINKS: dict[Language, str] = {"en": "?lang=en", "id": "?lang=id"}


UPTIMES: dict[DayState, float | None] = {"up": 1.0, "degraded": 0.9873, "down": 0.5, "unknown": None}


def days(*states: DayState) -> list[PublicDay]:
    """Return 90 days that repeat these states."""
    first = date(2026, 1, 1)
    shown: list[DayState] = [states[day % len(states)] for day in range(DAYS)]
    return [
        PublicDay(date=first + timedelta(days=day), state=state, uptime=UPTIMES[state])
        for day, state in enumerate(shown)
    ]


def monitor(name: str = "Web shop", *states: DayState) -> PublicMonitor:
    return PublicMonitor(
        name=name,
        state="up",
        since=NOW,
        uptime=PublicUptime(h24=1.0, d7=0.9999, d30=0.9987, d90=0.9912),
        days=days(*(states or ("up",))),
    )


def status(*monitors: PublicMonitor, **changes: object) -> PublicStatus:
    shown = PublicStatus(
        slug="shop",
        title="Toko Maju",
        language=None,
        timezone="Asia/Jakarta",
        state="up",
        uptime=0.9987,
        monitors=list(monitors),
        incidents=[],
        maintenance=[],
        generated_at=NOW,
    )
    return shown.model_copy(update=changes)


def page(shown: PublicStatus, language: Language = "en") -> str:
    return StatusPageWriter(shown, language, LINKS).html()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags_of(text: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = _Tags()
    reader.feed(text)
    return reader.seen


@pytest.mark.parametrize("language", ["en", "id"])
def test_fifty_monitors_fit_into_60_kib(language: Language) -> None:
    """The longest names, a change of state each day, and an incident of each."""
    names = [f"{number:02d} {'W' * (MAX_NAME_CHARS - 3)}" for number in range(MAX_MONITORS)]
    full = status(
        *(monitor(name, "up", "degraded", "down", "unknown") for name in names),
        incidents=[PublicIncident(name=name, state="down", since=NOW) for name in names],
    )
    assert len(page(full, language).encode()) <= MAX_BYTES


def test_the_page_loads_and_runs_nothing() -> None:
    """No script, no address of another server, no style that the policy does not name."""
    text = page(status(monitor()))
    tags = tags_of(text)
    assert not {"script", "iframe", "object", "form", "img"} & {name for name, _ in tags}
    assert not [
        name for _, attributes in tags for name in attributes if name.startswith("on") or name == "style"
    ]
    addresses = [value for _, each in tags for name, value in each.items() if name in {"href", "src"}]
    assert {str(each).partition(":")[0] for each in addresses} == {"data", "?lang=en", "?lang=id"}
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in CONTENT_POLICY
    assert "script" not in CONTENT_POLICY
    assert CONTENT_POLICY.startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["All services are up.", "90 days 99.12%", "Open incidents", "down since", "Maintenance"]),
        (
            "id",
            ["Semua layanan normal.", "90 hari 99,12%", "Insiden terbuka", "mati sejak", "Pemeliharaan"],
        ),
    ],
)
def test_the_page_speaks_the_readers_language(language: Language, words: list[str]) -> None:
    """Texts and numbers; the names stay as they are."""
    window = PublicMaintenance(names=["Web shop"], starts_at=NOW, ends_at=NOW, active=False)
    incident = PublicIncident(name="Web shop", state="down", since=NOW)
    text = page(status(monitor(), incidents=[incident], maintenance=[window]), language)
    assert f'<html lang="{language}">' in text
    assert [word for word in words if word not in text] == []
    assert '<strong class="down">Web shop</strong>' in text
    assert "2026-03-31 12:30" in text


def test_a_name_is_text_and_not_markup() -> None:
    """In the page and in the badge."""
    nasty = '<b onclick="x">&</b>'
    shown = status(monitor(nasty), title=nasty)
    assert ("b", {"onclick": "x"}) not in tags_of(page(shown))
    assert ET.fromstring(badge(shown, "en")).attrib["aria-label"] == f"{nasty}: Up 99.87%"


def test_a_last_known_state_says_its_age() -> None:
    """A reader sees that it is not the state of this moment."""
    assert "12 min old" in page(status(monitor(), stale=True, age_sec=725))
    assert "min old" not in page(status(monitor(), age_sec=725))


def test_a_state_is_one_line_with_dashes_on_its_days() -> None:
    """A day is a unit wide; the last gap fills the line, since a pattern repeats."""
    assert bars(days("up")) == '<line class="u" x2="90" stroke-dasharray="0 0 90 90"/>'
    assert bars(days("up", "up", "down")[:8]) == (
        '<line class="u" x2="8" stroke-dasharray="0 0 2 1 2 1 2 8"/>'
        '<line class="d" x2="8" stroke-dasharray="0 2 1 2 1 8"/>'
    )


@pytest.mark.parametrize(
    ("share", "text"), [(None, "–"), (1.0, "100%"), (0.9999, "99.99%"), (0.5, "50%"), (0.0, "0%")]
)
def test_a_share_is_a_percentage_with_two_decimals(share: float | None, text: str) -> None:
    """None is a dash."""
    assert percent(share) == text
