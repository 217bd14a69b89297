"""The project's documents as their tests read them: README.md, CONTRIBUTING.md and the pages of docs/."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[3]
# A reader would follow them in this order. Security makes an API key, and then all requests need one.
EXECUTED = (
    "docs/api.md",
    "README.md",
    "docs/first-steps.md",
    "docs/id/langkah-pertama.md",
    "docs/id/panduan.md",
    "docs/concepts.md",
    "docs/channels.md",
    "docs/operations.md",
    "docs/development.md",
    "docs/security.md",
    "docs/vps.md",
    "docs/id/server.md",
)
GENERATED = (
    "docs/cli.md",
    "docs/configuration.md",
    "docs/errors.md",
    "docs/redis-schema.md",
    "docs/states.md",
    "docs/tools.md",
)
# A block inside a list item is indented.
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_PROSE_BREAK = re.compile(r"```.*?```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language and its text."""

    language: str
    text: str

    def commands(self) -> list[tuple[str, ...]]:
        """Return the words of each command of a shell block; comments are left out."""
        return list(_commands(self.text))


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file."""

    name: str

    @property
    def path(self) -> Path:
        return ROOT / self.name

    @property
    def text(self) -> str:
        return _text(self.path)

    def section(self, heading: str) -> str:
        """Return the text below a heading, up to the next heading of its level or above."""
        level = len(heading) - len(heading.lstrip("#"))
        _, found, rest = f"\n{self.text}".partition(f"\n{heading}\n")
        assert found, f"{self.name} has no {heading!r}"
        return re.split(rf"\n#{{1,{level}}} ", rest, maxsplit=1)[0]

    def blocks(self, heading: str | None = None) -> list[Block]:
        """Return the fenced blocks of the document, or of one section."""
        text = self.text if heading is None else self.section(heading)
        return [Block(language, dedent(content)) for _, language, content in _BLOCK.findall(text)]

    def commands(self, heading: str) -> list[str]:
        """Return the commands of a section's shell blocks, a line each, without comments."""
        return [
            shlex.join(words)
            for block in self.blocks(heading)
            if block.language == "bash"
            for words in block.commands()
        ]

    def shown_output(self, command: str) -> list[str]:
        """Return the lines that are shown below a shell block with this command, without `…`."""
        for block, following in pairwise(self.blocks()):
            if block.language == "bash" and command in block.text and following.language == "text":
                return [line for line in following.text.splitlines() if line.strip() not in {"", "…"}]
        raise AssertionError(f"{self.name} shows no output of {command!r}")

    def code_spans(self) -> list[str]:
        """Return the texts between backticks in the prose."""
        return re.findall(r"`([^`\n]+)`", _PROSE_BREAK.sub("", self.text))

    def links(self) -> list[str]:
        """Return the targets of the links and pictures of the prose."""
        prose = re.sub(r"`[^`\n]*`", "", _PROSE_BREAK.sub("", self.text))
        return re.findall(r"\]\(([^()\s]+)\)", prose)

    def anchors(self) -> set[str]:
        """Return the anchors of the headings, as GitHub makes them."""
        seen: dict[str, int] = {}
        found: set[str] = set()
        for heading in re.findall(r"^#{1,6} (.+)$", _PROSE_BREAK.sub("", self.text), re.MULTILINE):
            anchor = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
            number = seen.get(anchor, 0)
            seen[anchor] = number + 1
            found.add(f"{anchor}-{number}" if number else anchor)
        return found


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


def executed_documents() -> list[Document]:
    """Return the documents whose commands are typed into a fresh installation, in this order."""
    return [Document(name) for name in EXECUTED]


def all_documents() -> list[Document]:
    """Return every document for people: those of the root, of docs/, and of parts of the project."""
    pages = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
    return [
        Document(name)
        for name in (
            "README.md",
            "CONTRIBUTING.md",
            "CHANGELOG.md",
            "ui/DEVELOPING.md",
            "benchmarks/README.md",
            *pages,
        )
    ]


def written_documents() -> list[Document]:
    """Return the documents that people write: README, CONTRIBUTING and the pages that are not generated."""
    pages = [document for document in all_documents() if document.name.startswith("docs/")]
    names = [page.name for page in pages if page.name not in GENERATED]
    return [Document(name) for name in ("README.md", "CONTRIBUTING.md", *names)]


def _commands(block: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of each command: a line, and those that a quote or a backslash continues."""
    pending = ""
    for line in block.splitlines():
        pending += line
        if pending.endswith("\\"):
            pending = pending[:-1] + " "
            continue
        try:
            words = shlex.split(pending, comments=True)
        except ValueError:
            pending += "\n"
            continue
        if words:
            yield tuple(words)
        pending = ""
    assert not pending, f"a quote is not closed: {pending}"


# Commands that other tests execute or check, with that test.
ELSEWHERE = {
    r"\./start-local\.sh --demo": "tests/e2e/test_demo.py::test_demo_makes_two_jobs_whose_first_runs_succeed",
    r"\./stop-local\.sh": (
        "tests/e2e/launchers/test_launchers.py::test_start_brings_everything_up_and_stop_ends_it_in_order"
    ),
    # The walk has this folder on its PATH.
    r"\. \.venv/bin/activate": "tests/e2e/test_documents.py::test_examples_answer_as_documented",
    r"python -c .*|pip install -e \.|python -m (uvicorn )?app\..*": (
        "tests/e2e/dashboard/test_manual_way.py::test_manual_way_runs_a_job"
    ),
    r"cd ui|npm (install|run build|run serve)": (
        "tests/e2e/dashboard/test_manual_way.py::test_manual_way_shows_the_dashboard"
    ),
    r"multi-job join .*": (
        "tests/integration/cli/test_join.py::test_the_command_of_the_guides_joins_a_machine"
    ),
    r"multi-job login .*": "tests/integration/cli/test_hostile_folder.py::test_login_is_used_in_any_folder",
    r"multi-job (status|doctor)": "tests/e2e/cli/test_cli.py::test_cli_shows_the_platform",
    r"docker-compose .*": (
        "tests/e2e/launchers/test_compose.py::test_compose_stack_survives_a_kill_and_a_restart"
    ),
    r"(apt-get|adduser|printf) .*|mkdir -p /etc/.*|systemctl (daemon-reload|restart caddy)": (
        "tests/contract/test_vps_guide.py::test_commands_of_root_fit_a_server"
    ),
    r"(DOMAIN=\S+ caddy|sed|certbot|nginx|systemctl) .*": (
        "tests/contract/test_proxies.py::test_commands_of_the_page_fit_the_files"
    ),
    r"kubectl .*|docker (tag|push) .*|deploy/kubernetes/new-secrets\.sh": (
        "tests/contract/test_kubernetes.py::test_commands_of_the_page_fit_the_manifests"
    ),
    r"multi-job connect (email|slack|discord|ntfy|webhook|whatsapp) .*": (
        "tests/unit/cli/test_cli_messaging.py::test_accounts_of_the_documents_are_in_order"
    ),
    r"scripts/build-wheel\.sh": (
        "tests/e2e/dashboard/test_wheel.py::test_wheel_holds_everything_and_no_path_of_its_builder"
    ),
    r"(pipx|uv tool|python -m venv|environment/bin/pip) .*|multi-job (up( --demo)?|down)": (
        "tests/e2e/dashboard/test_wheel.py::test_wheel_starts_with_its_dashboard_and_writes_to_its_data_folder_only"
    ),
    r"pip install mcp>=2\.3,<3": (
        "tests/unit/cli/mcp/test_mcp_command.py::test_missing_package_is_named_with_its_range"
    ),
    r"multi-job (new job .*|dev|restart|apply job\.yaml|run shop-hello .*)|cd shop-hello|python -m pytest": (
        "tests/e2e/test_first_job_type.py::test_guide_makes_a_job_type_and_changes_it"
    ),
    r"multi-job mcp --http .*": (
        "tests/integration/cli/mcp/test_mcp_transports.py::test_http_passes_the_callers_key_on"
    ),
    r"multi-job upgrade --check": (
        "tests/unit/cli/test_cli_upgrade.py::test_command_says_what_is_newer_and_how_to_install_it"
    ),
    r"multi-job export --out before-the-upgrade\.jsonl\.gz --force": (
        "tests/e2e/cli/test_cli_restore.py::test_cli_restores_into_another_installation"
    ),
    r"multi-job (export --full|restore( --verify)? everything).*": (
        "tests/integration/backup/test_full_backup.py::test_full_backup_comes_back_on_another_machine"
    ),
    r"multi-job up": "tests/e2e/cli/test_cli.py::test_cli_starts_and_stops_the_platform",
    r"multi-job service (install|status|remove)|/home/jobs/\.local/bin/multi-job service install .*": (
        "tests/e2e/launchers/test_service.py::test_service_of_the_machine_survives_a_power_cut"
    ),
    r"\./test-local\.sh.*": "tests/contract/test_documents.py::test_suites_that_are_named_exist",
    r"openapi-python-client .*": (
        "tests/integration/client/test_generated_clients.py::test_generated_python_client_has_every_operation"
    ),
    r"npx openapi-typescript .*": (
        "tests/e2e/dashboard/test_typescript_client.py::test_typescript_client_creates_runs_and_reads"
    ),
    r"npm .*": "tests/contract/test_documents.py::test_npm_scripts_that_are_named_exist",
    r"python -m tools\.generate_docs.*": "tests/contract/test_docs_in_sync.py::test_check_says_so_too",
    r"python -m benchmarks.*": "tests/contract/test_documents.py::test_workloads_that_are_named_exist",
}


def other_proof(words: tuple[str, ...]) -> str | None:
    """Return the test that executes or checks a command in place of the walk through the documents."""
    command = " ".join(words)
    return next((test for pattern, test in ELSEWHERE.items() if re.fullmatch(pattern, command)), None)
