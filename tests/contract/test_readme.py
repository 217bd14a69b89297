"""What the README names exists: tests, files, routes, job types, tools, settings, commands."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.registry import load_handlers
from app.core.tools import ToolSet
from app.local_demo import SENTENCE
from app.local_settings import load_settings
from tests.support.readme import README, blocks, section

ROOT = README.parent
TEXT = README.read_text("utf-8")
CODE = re.findall(r"`([^`\n]+)`", TEXT)
PROOFS = [span for span in CODE if "::" in span]
# Read by the launchers and the command line, not by the services.
LAUNCHER_SETTINGS = {"REDIS_MAXMEMORY_MB", "MULTI_JOB_URL", "MULTI_JOB_API_KEY", "BASE", "UI_BASE"}
# Read by the dashboard, and by the launcher for it.
DASHBOARD_SETTINGS = {
    *("UI_HOST", "UI_PORT", "UI_ALLOWED_HOSTS", "UI_SESSION_SECRET", "API_BASE_URL", "UI_MAX_CONNECTIONS"),
}
# Of others: a provider's key, placeholders of the examples.
FOREIGN_WORDS = {"GET", "GLIBC_TUNABLES", "FILE", "KEY", "LD_PRELOAD", "OPENAI_API_KEY", "POST", "RUN_ID"}


@pytest.mark.parametrize("proof", PROOFS)
def test_promise_is_proven_by_a_test_that_exists(proof: str) -> None:
    """A promise names a test; renaming one changes the README."""
    path, _, name = proof.partition("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    assert name in {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_promises_are_many() -> None:
    """Each row of the table of promises has its proof."""
    table = section("## What is promised / Yang dijamin").partition("| proven by |")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) >= 12
    assert [row for row in rows if "::test_" not in row] == []


def test_files_that_are_named_exist() -> None:
    """A path in code is a file or folder of the project, or made by it when it runs."""
    made = ("runtime-", ".venv", "exports/", "reports")
    paths = [span for span in CODE if re.fullmatch(r"\.?[\w./-]+", span) and ("/" in span or "." in span)]
    paths = [path.removeprefix("./") for path in paths if not path.startswith(("/", *made))]
    named = [
        path for path in paths if path.endswith(("/", ".md", ".py", ".sh", ".cmd", ".ps1", ".json", ".yaml"))
    ]
    assert len(named) >= 10
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_routes_are_those_of_the_api() -> None:
    """The table of routes has every operation of the API, and none that is not there."""
    document = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    served = {f"{method.upper()} {path}" for path, of in document["paths"].items() for method in of}
    shown = set(re.findall(r"`((?:GET|POST|PUT|DELETE) /[^`]*)`", section("## All routes / Semua endpoint")))
    assert shown == served


def test_job_types_are_those_that_are_shipped() -> None:
    """The table of job types has each of them."""
    assert _first_column("## Job types / Jenis job") == set(load_handlers(Settings()).types())


def test_tools_are_those_that_handlers_have() -> None:
    """The table of tools has each of them."""
    offered = {name for name, of in vars(ToolSet).items() if isinstance(of, property)}
    assert _first_column("## Tools and policies / Alat dan izin") == offered


def test_settings_that_are_named_exist() -> None:
    """A word in capitals is a setting, with the default that stands behind it."""
    words = re.findall(r"`([A-Z][A-Z_]{2,})[`=]", TEXT)
    known = {name.upper() for name in Settings.model_fields} | LAUNCHER_SETTINGS | FOREIGN_WORDS
    assert sorted(set(words) - known - DASHBOARD_SETTINGS) == []
    launcher = asdict(load_settings({}, ROOT / "nowhere"))
    for name, shown in re.findall(r"`([A-Z][A-Z_]{2,})`\s\(([\d,]+)\)", TEXT):
        field = Settings.model_fields.get(name.lower())
        default = field.default if field else launcher[name.lower()]
        assert default == int(shown.replace(",", "")), name


def test_settings_of_the_dashboard_are_read_by_it() -> None:
    """Each is in its table, in the code that reads it, and in the container's environment."""
    files = [*(ROOT / "ui" / "src" / "server").glob("*.ts"), ROOT / "ui" / "scripts" / "serve.mjs"]
    code = "\n".join(path.read_text("utf-8") for path in files)
    table = section("## Settings / Pengaturan")
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    for name in DASHBOARD_SETTINGS:
        assert f"process.env.{name}" in code, name
        assert f"`{name}`" in table, name
        assert f"      {name}: " in compose, name


def _commands() -> Iterator[str]:
    yield from (span for span in CODE if span.startswith("multi-job "))
    for block in blocks("# Multi-Job Platform"):
        for line in block.splitlines():
            _, found, rest = line.partition("multi-job ")
            if found and not line.lstrip().startswith("#"):
                yield f"multi-job {rest}"


@pytest.mark.parametrize("command", sorted(set(_commands())))
def test_command_of_the_readme_exists(command: str) -> None:
    """Each `multi-job …` is a command with the options that it is shown with; docs/cli.md is generated."""
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    words = command.split()
    # A group's own commands have a heading each: `multi-job keys create`.
    headings = (" ".join(words[:size]) for size in (3, 2))
    heading = next((text for text in headings if f"# `{text}`\n" in page), command)
    _, found, rest = page.partition(f"# `{heading}`\n")
    assert found, heading
    options = set(
        re.findall(r"-{1,2}[a-z][a-z-]*", re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0])
    )
    assert [word for word in words if word.startswith("-") and word not in options] == []


def test_commands_are_all_in_the_table() -> None:
    """The table of commands has each command of docs/cli.md, and none that is not there."""
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    table = re.findall(r"^\| (`multi-job .*?) \|", section("## Command line / Perintah"), re.MULTILINE)
    shown = re.findall(r"`(?:multi-job )?([a-z]+)`", " ".join(table))
    assert sorted(shown) == sorted(re.findall(r"^## `multi-job ([a-z]+)`$", page, re.MULTILINE))


def test_demo_sends_the_sentence_of_the_readme() -> None:
    """The sentence that is shown is the one that is sent, to the planner's examples as well."""
    assert TEXT.count(SENTENCE) >= 3


@pytest.mark.parametrize("heading", ["## Start / Mulai", "## Windows", "## Containers / Kontainer"])
def test_launchers_that_are_shown_exist(heading: str) -> None:
    """Scripts in the shell blocks are files of the project."""
    scripts = re.findall(r"[\w./-]+\.(?:sh|ps1|cmd)\b", section(heading))
    assert [script for script in scripts if not (ROOT / script).exists()] == []


def test_output_of_the_suites_is_what_the_script_prints() -> None:
    """`./test-local.sh` prints these lines."""
    script = (ROOT / "test-local.sh").read_text("utf-8")
    shown = blocks("## Start / Mulai", "text")[1].splitlines()
    assert shown[-1] == "Semua lulus / all passed"
    assert shown[-1] in script
    suites = [line.removeprefix("== ") for line in shown if line.startswith("== ")]
    assert suites
    assert all(f"{name}" in script for name in suites)


def _first_column(heading: str) -> set[str]:
    return set(re.findall(r"^\| `([\w.]+)` \|", section(heading), re.MULTILINE))


def test_links_of_the_changelog_follow_its_format() -> None:
    """The changelog has an open section, as Keep a Changelog wants it."""
    assert "\n## [Unreleased]\n" in Path(ROOT / "CHANGELOG.md").read_text("utf-8")
