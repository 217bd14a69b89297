"""`multi-job calendars` and `preview`: their requests and output."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import calendars as calendar_commands
from app.cli.commands import versions as version_commands
from app.cli.main import app

LEAVE: dict[str, Any] = {
    "name": "leave",
    "dates": ["2026-12-24"],
    "description": "Year's end",
    "words": {"id": "kecuali 2026-12-24", "en": "not on 2026-12-24"},
    "jobs": ["daily"],
    "updated_at": "2026-01-31T07:00:00.000Z",
    "updated_by": "ana",
}
PREVIEW: dict[str, Any] = {
    "words": {"id": "setiap hari", "en": "every day"},
    "timezone": "Asia/Jakarta",
    "next": [{"local": "2026-12-26T08:00:00+07:00", "utc": "2026-12-26T01:00:00.000Z", "offset": "+07:00"}],
    "dst_notes": [],
    "ends": False,
    "skipped": [
        {
            "from": "2026-12-25T01:00:00.000Z",
            "to": "2026-12-25T01:00:00.000Z",
            "slots": 1,
            "reason": {"id": "libur: Hari Raya Natal", "en": "holiday: Hari Raya Natal"},
            "moved_to": None,
        }
    ],
    "holiday_notes": [{"id": "Hari libur 2028 (ID) belum diumumkan.", "en": "Not published yet: 2028."}],
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """Give what the API was asked for; it has one calendar."""
    calls: list[tuple[str, str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append((request.method, request.url.path, json.loads(request.content or b"null")))
        match request.method, request.url.path:
            case "GET", "/calendars":
                return httpx.Response(200, json=[LEAVE])
            case "DELETE", _:
                return httpx.Response(200, json={"name": "leave", "status": "deleted"})
            case "POST", _:
                return httpx.Response(200, json=PREVIEW)
            case _:
                return httpx.Response(200, json=LEAVE)

    for module in (calendar_commands, version_commands):
        monkeypatch.setattr(module, "Client", lambda: Client(httpx.MockTransport(answer)))
    return calls


def output_of(*words: str, language: str = "en") -> str:
    result = CliRunner().invoke(app, ["--lang", language, *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_calendar_is_set_with_all_of_its_fields(asked: list[tuple[str, str, Any]]) -> None:
    """Options that may be repeated are lists; what is not said is not sent."""
    words = output_of(
        *("calendars", "set", "leave", "--date", "2026-12-24", "--date", "12-31", "--weekday", "0"),
        *("--day", "1", "--window", "22:00-06:00", "--holidays", "ID", "--cuti-bersama", "--name", "Natal"),
        *("--description", "Year's end"),
    )
    assert asked == [
        (
            "PUT",
            "/calendars/leave",
            {
                "dates": ["2026-12-24", "12-31"],
                "weekdays": [0],
                "days_of_month": [1],
                "windows": ["22:00-06:00"],
                "holidays": "ID",
                "cuti_bersama": True,
                "names": ["Natal"],
                "description": "Year's end",
            },
        )
    ]
    assert words.splitlines() == ["leave: not on 2026-12-24", "  Year's end", "  daily"]
    output_of("calendars", "set", "empty")
    assert asked[-1] == ("PUT", "/calendars/empty", {})


def test_calendars_are_listed_shown_and_removed(asked: list[tuple[str, str, Any]]) -> None:
    """Words in the reader's language; without a subcommand they are listed."""
    assert "kecuali 2026-12-24" in output_of("calendars", language="id")
    assert "not on 2026-12-24" in output_of("calendars", "show", "leave")
    assert output_of("calendars", "remove", "leave").strip() == "leave: removed"
    assert [call[:2] for call in asked if call[1] != "/platform"] == [
        ("GET", "/calendars"),
        ("GET", "/calendars/leave"),
        ("DELETE", "/calendars/leave"),
    ]


def test_preview_shows_what_is_skipped(asked: list[tuple[str, str, Any]]) -> None:
    """After the fires: what is left out and why, and what is not sure about holidays."""
    schedule = {"cron": "0 8 * * *", "skip": {"holidays": "ID"}}
    words = output_of("preview", json.dumps(schedule), language="id")
    assert asked[0][2] == {"schedule": schedule, "count": 5}
    assert "libur: Hari Raya Natal" in words
    assert "! Hari libur 2028 (ID) belum diumumkan." in words
