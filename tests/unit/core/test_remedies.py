"""Remedies: their commands exist, and errors lead to the actions that end them."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
import typer

from app.cli.main import app
from app.core.i18n import _, render
from app.core.incidents.remedies import (
    RemedyAction,
    incident_press_data,
    press_data,
    remedied_text,
    remedies_of_error,
    remedy,
)

TARGETS = {
    RemedyAction.ENABLE: ("nightly",),
    RemedyAction.RESUME: ("all", "type:monitor.http", "job:nightly"),
    RemedyAction.REDRIVE: ("0f3a", "01J0000000000000000000000A", "nightly@1000"),
    RemedyAction.SET_UP_ACCOUNT: ("telegram:bot_a01", "telegram"),
    RemedyAction.LET_QUEUE: ("nightly",),
    RemedyAction.RAISE_TIMEOUT: ("nightly",),
    RemedyAction.RUN_NOW: ("nightly",),
    RemedyAction.FREE_SPACE: ("",),
    RemedyAction.SET_RECIPIENT: ("",),
    RemedyAction.START_SERVICE: ("worker", "scheduler"),
}
CASES = [(action, target) for action, targets in TARGETS.items() for target in targets]


def test_every_action_has_targets_here() -> None:
    """A new action needs its command checked."""
    assert TARGETS.keys() == set(RemedyAction)


@pytest.mark.parametrize(("action", "target"), CASES)
def test_command_of_a_remedy_is_one_of_the_command_line(action: RemedyAction, target: str) -> None:
    """The command line parses it: names, options and arguments exist."""
    program, *words = shlex.split(remedy(action, target).command)
    assert program == "multi-job"
    # A person puts a number there.
    words = ["60" if word == "SECONDS" else word for word in words]
    words = ["telegram" if word == "CHANNEL" else word for word in words]
    command: Any = typer.main.get_command(app)
    context: Any = typer.Context(command, info_name=program)
    while hasattr(command, "get_command"):
        name, *words = words
        command = command.get_command(context, name)
        assert command is not None, name
        context = typer.Context(command, info_name=name, parent=context)
    command.parse_args(context, words)


@pytest.mark.parametrize("action", RemedyAction)
def test_label_of_a_remedy_has_its_indonesian(action: RemedyAction) -> None:
    """Each label is in the catalogue."""
    label = remedy(action, "x").label
    assert render(label, "id") != label or " " not in label


@pytest.mark.parametrize(
    ("code", "message", "found"),
    [
        ("timed_out", "timed out after 900 ms", [("raise_timeout", "a"), ("raise_timeout", "b")]),
        (
            "account_missing",
            _("Account {name} is not set up: {command}", name="telegram:bot_a01", command="multi-job …"),
            [("set_up_account", "telegram:bot_a01")],
        ),
        (
            "account_missing",
            _("No account of {channel} is set up: multi-job connect {channel} NAME", channel="telegram"),
            [("set_up_account", "telegram")],
        ),
        (
            "account_disabled",
            _("Account {name} is disabled: save it with `enabled: true`.", name="telegram:bot_a01"),
            [("set_up_account", "telegram:bot_a01")],
        ),
        ("no_recipient", "This message has no recipient: name `to`.", [("set_recipient", "")]),
        ("redis_full", "Redis is full.", [("free_space", "")]),
        ("ValueError", _("Account {name} is not set up: {command}", name="telegram:x", command="y"), []),
        ("account_missing", "Account telegram:x is not set up: y", []),
    ],
)
def test_error_leads_to_the_actions_that_end_it(
    code: str, message: str, found: list[tuple[str, str]]
) -> None:
    """By its code; the account is a field of its text."""
    remedies = remedies_of_error(code, message, ["a", "b"])
    assert [(each.action.value, each.target) for each in remedies] == found


def test_button_of_a_chat_fits_the_limit_of_its_channel() -> None:
    """64 bytes; a longer target has no button, and neither has an action that a press cannot perform."""
    assert press_data(remedy(RemedyAction.RUN_NOW, "nightly")) == "fix:run_now:nightly"
    longest = "j" * (64 - len("fix:run_now:"))
    assert len(press_data(remedy(RemedyAction.RUN_NOW, longest)) or "") == 64
    assert press_data(remedy(RemedyAction.RUN_NOW, f"{longest}j")) is None
    assert press_data(remedy(RemedyAction.RAISE_TIMEOUT, "nightly")) is None


def test_button_of_an_incident_names_it_if_its_target_leaves_room() -> None:
    """Otherwise it is the button of the remedy alone."""
    assert (
        incident_press_data(remedy(RemedyAction.RUN_NOW, "nightly"), "inc42") == "inc:run_now:inc42:nightly"
    )
    longest = remedy(RemedyAction.RUN_NOW, "j" * (64 - len("fix:run_now:")))
    assert incident_press_data(longest, "inc42") == press_data(longest)
    assert incident_press_data(remedy(RemedyAction.RAISE_TIMEOUT, "nightly"), "inc42") is None


@pytest.mark.parametrize(("action", "target"), CASES)
def test_a_used_remedy_has_words_in_both_languages(action: RemedyAction, target: str) -> None:
    """The target stays."""
    stored = remedied_text(action, target)
    label = render(remedy(action).label, "id")
    assert stored == ": ".join(filter(None, [str(remedy(action).label), target]))
    assert render(stored, "id") == ": ".join(filter(None, [label, target]))
