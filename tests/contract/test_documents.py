"""Names in the documents exist: tests, files, links, routes, job types, tools, settings, commands, pages."""

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
from app.core.tools import TOOL_NAMES
from app.local.demo import SENTENCE
from app.local.settings import load_settings
from benchmarks.__main__ import ALONE
from benchmarks.growth.command import SUBJECTS as GROWTH_NAMES
from benchmarks.peers.catalogue import PEER_NAMES
from benchmarks.peers.scenes import SCENE_NAMES
from benchmarks.scenarios import NAMES
from tests.support.documents.documents import (
    EXECUTED,
    GENERATED,
    ROOT,
    Document,
    all_documents,
    other_proof,
    written_documents,
)
from tools.configuration_page import OUTSIDE
from tools.settings_table import CONTAINERS, OTHERS

README = Document("README.md")
WRITTEN = written_documents()
CODE = [span for document in WRITTEN for span in document.code_spans()]
PROOFS = sorted({span for span in CODE if "::" in span})
# Read by the dashboard, and by the launcher for it.
DASHBOARD_SETTINGS = (
    *("UI_HOST", "UI_PORT", "UI_ALLOWED_HOSTS", "UI_SESSION_SECRET", "API_BASE_URL", "UI_MAX_CONNECTIONS"),
)
# Words in capitals that are no settings of ours: variables of others, methods, commands, placeholders.
FOREIGN_WORDS = {
    *("CHROMIUM", "CI", "GLIBC_TUNABLES", "LD_PRELOAD", "LOCALAPPDATA", "OPENAI_API_KEY", "SSL_CERT_FILE"),
    *("VERSION", "XDG_DATA_HOME", "XDG_CONFIG_HOME"),
    *("COPY", "GET", "POST", "PUT", "DELETE"),
    *("ACCOUNT", "DIR", "FILE", "ID_CHAT", "JOB", "KALIMAT", "KEY", "NAME", "NAMA_JOB", "RUN_ID", "SENTENCE"),
}
# Made when the platform runs, so not files of the project.
MADE = (
    "shop_hello/",
    "runtime-",
    ".venv",
    "site/",
    "exports/",
    "reports",
    "backup.jsonl.gz",
    "dist/multi_job-",
    "cadangan.jsonl.gz",
)
_PATH_ENDINGS = ("/", ".md", ".py", ".sh", ".cmd", ".ps1", ".json", ".yaml", ".lua", ".ts", ".tsx", ".mjs")


@pytest.mark.parametrize("proof", PROOFS)
def test_promise_is_proven_by_a_test_that_exists(proof: str) -> None:
    """A promise names a test; renaming the test changes the document."""
    assert_test_exists(proof)


def assert_test_exists(proof: str) -> None:
    """Fail unless a file has a test function of this name: `path::name`."""
    path, _, name = proof.partition("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    assert name in {node.name for node in functions}, proof


def test_promises_are_many() -> None:
    """Each row of the table of promises has its proof."""
    table = Document("docs/guarantees.md").text.partition("| proven by |")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) >= 45
    assert [row for row in rows if "::test_" not in row] == []


def test_readme_is_short() -> None:
    """The README is one page; everything else is in docs/."""
    assert len(README.text.splitlines()) <= 200


@pytest.mark.parametrize("document", all_documents(), ids=lambda document: document.name)
def test_links_lead_somewhere(document: Document) -> None:
    """A link names a file that exists, and an anchor that one of its headings has."""
    problems = [problem for link in document.links() if (problem := _link_problem(document, link))]
    assert problems == []


def _link_problem(document: Document, link: str) -> str | None:
    if re.match(r"[a-z]+:", link):
        return None
    path, _, anchor = link.partition("#")
    target = (document.path.parent / path).resolve() if path else document.path
    if not target.exists() or not target.is_relative_to(ROOT):
        return f"{link}: no such file"
    if anchor and anchor not in Document(target.relative_to(ROOT).as_posix()).anchors():
        return f"{link}: no such heading"
    return None


def test_pages_are_all_in_the_index() -> None:
    """docs/README.md links to every page of docs/."""
    index = Document("docs/README.md")
    linked = {(index.path.parent / link.partition("#")[0]).resolve() for link in index.links()}
    pages = {path for path in (ROOT / "docs").rglob("*.md") if path != index.path}
    assert pages - linked == set()
    assert {ROOT / name for name in GENERATED} <= pages


def _named_paths(document: Document) -> list[str]:
    """Return the files and folders that a document names in code, without those that a run makes."""
    spans = [span.removeprefix("./") for span in document.code_spans() if re.fullmatch(r"\.?[\w./-]+", span)]
    paths = [span for span in spans if span.endswith(_PATH_ENDINGS) and not span.startswith(("/", *MADE))]
    paths = [path for path in paths if "/" in path or path.endswith((".sh", ".cmd", ".ps1", ".md"))]
    return [path for path in paths if "NAME" not in path]


def test_files_that_are_named_exist() -> None:
    """A path in code is a file or folder of the project, or made by it when it runs."""
    named = [(document.name, path) for document in WRITTEN for path in _named_paths(document)]
    assert len(named) >= 60
    assert [f"{name}: {path}" for name, path in named if not (ROOT / path).exists()] == []


def test_architecture_names_many_files() -> None:
    """The page leads through the code by file names."""
    assert len(set(_named_paths(Document("docs/architecture.md")))) >= 40


def test_folders_are_all_in_the_architecture() -> None:
    """Each package of app/, app/core/, app/services/ and multi_job/ has its place on the page."""
    text = Document("docs/architecture.md").text
    parents = [ROOT / "app", ROOT / "app" / "core", ROOT / "app" / "services", ROOT / "multi_job"]
    names = {path.parent.relative_to(ROOT).as_posix() for each in parents for path in each.glob("*/*.py")}
    names.add("multi_job")
    assert len(names) >= 20
    assert sorted(name for name in names if f"`{name}/" not in text) == []


def test_names_in_the_architecture_are_in_their_files() -> None:
    """`path`: `name` or `path`, `Name.method`: the file has each of these names."""
    text = Document("docs/architecture.md").text
    found = re.findall(r"`((?:app|ui)/[\w./-]+\.(?:py|lua|ts|tsx))`(?: \(|: )`([A-Za-z_][\w.]*)`", text)
    assert len(found) >= 15
    for path, name in found:
        source = (ROOT / path).read_text("utf-8")
        missing = [part for part in name.split(".") if not re.search(rf"\b{part}\b", source)]
        assert missing == [], (path, name)


def test_routes_are_those_of_the_api() -> None:
    """The table of routes has every operation of the API, and no other."""
    document = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    served = {f"{method.upper()} {path}" for path, of in document["paths"].items() for method in of}
    table = Document("docs/api.md").section("## All routes")
    shown = re.findall(r"`((?:GET|POST|PUT|DELETE) /[^`]*)`", table)
    assert set(shown) == served
    assert len(shown) == len(served)


def test_routes_that_are_named_in_the_prose_exist() -> None:
    """`METHOD /path` in any document is an operation of the API, with its parameters' names or values."""
    document = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    served = [
        (method.upper(), re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))))
        for path, of in document["paths"].items()
        for method in of
    ]
    for span in CODE:
        match = re.fullmatch(r"(GET|POST|PUT|DELETE) (/\S*)", span)
        if match:
            path = match[2].partition("?")[0]
            assert any(m == match[1] and p.fullmatch(path) for m, p in served), span


def test_job_types_are_those_that_are_shipped() -> None:
    """The table of job types has each of them."""
    assert _first_column("## Job types") == set(load_handlers(Settings()).types())


def test_tools_are_those_that_handlers_have() -> None:
    """The table of tools has each of them."""
    assert _first_column("## Tools and policies") == set(TOOL_NAMES)


def _first_column(heading: str) -> set[str]:
    section = Document("docs/concepts.md").section(heading)
    return set(re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE))


def test_settings_that_are_named_exist() -> None:
    """A word in capitals is a setting, and the number in brackets behind it is its default."""
    # docs/architecture.md names constants of the code in capitals.
    text = "\n".join(document.text for document in WRITTEN if document.name != "docs/architecture.md")
    words = set(re.findall(r"`([A-Z][A-Z_]{2,})[`=]", text))
    known = {name.upper() for name in Settings.model_fields} | FOREIGN_WORDS
    known |= {each.name for each in (*OTHERS, *CONTAINERS, *OUTSIDE)}
    assert sorted(words - known) == []
    launcher = asdict(load_settings({}, ROOT / "nowhere"))
    shown = re.findall(r"`([A-Z][A-Z_]{2,})`\s\(([\d,]+)[;)\s]", text)
    assert len(shown) >= 12
    for name, value in shown:
        field = Settings.model_fields.get(name.lower())
        default = field.default if field else launcher[name.lower()]
        assert default == int(value.replace(",", "")), name


def test_configuration_has_every_setting() -> None:
    """The page has a row for each field of Settings, and for those of launcher, dashboard and containers."""
    rows = re.findall(r"^\| `(\w+)` \|", Document("docs/configuration.md").text, re.MULTILINE)
    assert {name.upper() for name in Settings.model_fields} <= set(rows)
    assert {each.name for each in (*OTHERS, *CONTAINERS, *OUTSIDE)} <= set(rows)
    assert len(rows) == len(set(rows))


def test_settings_of_the_dashboard_are_read_by_it() -> None:
    """Each is in the table, in the code that reads it, and in the container's environment."""
    files = [*(ROOT / "ui" / "src" / "server").glob("*.ts"), ROOT / "ui" / "scripts" / "serve.mjs"]
    code = "\n".join(path.read_text("utf-8") for path in files)
    table = Document("docs/configuration.md").text
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    for name in DASHBOARD_SETTINGS:
        assert f"process.env.{name}" in code, name
        assert f"`{name}`" in table, name
        assert f"      {name}: " in compose, name


def _shell_commands() -> Iterator[tuple[Document, tuple[str, ...]]]:
    for document in WRITTEN:
        for block in document.blocks():
            if block.language == "bash":
                yield from ((document, words) for words in block.commands())


def test_every_command_is_executed_by_a_test() -> None:
    """A command of a shell block is typed by the walk through the documents, or named with its own test."""
    walked = {"curl", "multi-job", "./status-local.sh"}
    problems: list[str] = []
    for document, words in _shell_commands():
        proof = other_proof(words)
        if proof is not None:
            assert_test_exists(proof)
        elif document.name not in EXECUTED or words[0] not in walked:
            problems.append(f"{document.name}: {' '.join(words)}")
    assert problems == []


def test_no_command_is_shown_in_many_documents() -> None:
    """A command is explained in one place; another language may repeat it."""
    shown: dict[tuple[str, ...], set[str]] = {}
    for document, words in _shell_commands():
        if document.name in EXECUTED and other_proof(words) is None:
            shown.setdefault(words, set()).add(document.name)
    assert [(words, names) for words, names in shown.items() if len(names) > 2] == []


def _multi_job_commands() -> set[str]:
    spans = {span for span in CODE if span.startswith("multi-job ")}
    blocks = {" ".join(words) for _, words in _shell_commands() if words[0] == "multi-job"}
    compose = {
        " ".join(words[words.index("multi-job") :])
        for _, words in _shell_commands()
        if "multi-job" in words[1:]
    }
    return {command for command in spans | blocks | compose if "…" not in command}


@pytest.mark.parametrize("command", sorted(_multi_job_commands()))
def test_command_of_the_documents_exists(command: str) -> None:
    """Each `multi-job …` is a command with the options that it is shown with; docs/cli.md is generated."""
    page = Document("docs/cli.md").text
    words = command.split()
    # A group's own commands have a heading each: `multi-job keys create`.
    headings = (" ".join(words[:size]) for size in (3, 2))
    heading = next((text for text in headings if f"# `{text}`\n" in page), command)
    _, found, rest = page.partition(f"# `{heading}`\n")
    assert found, heading
    section = re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    options = set(re.findall(r"-{1,2}[a-z][a-z-]*", section))
    assert [word for word in words if re.match(r"--?[a-z]", word) and word not in options] == []


def test_demo_sends_the_sentence_of_the_readme() -> None:
    """The sentence that is shown is the one that is sent, to the planner's examples as well."""
    assert SENTENCE in README.text
    assert SENTENCE in Document("docs/id/langkah-pertama.md").text
    assert Document("docs/api.md").text.count(SENTENCE) == 2


def test_launchers_that_are_shown_exist() -> None:
    """Scripts in blocks of any language are files of the project."""
    blocks = [block.text for document in WRITTEN for block in document.blocks()]
    scripts = set(re.findall(r"[\w./-]+\.(?:sh|ps1|cmd)\b", "\n".join(blocks)))
    assert {"./start-local.sh", "start-local.ps1", "stop-local.ps1"} <= scripts
    assert [script for script in scripts if not (ROOT / script).exists()] == []


def test_output_of_the_suites_is_what_the_script_prints() -> None:
    """`./test-local.sh` prints these lines."""
    script = (ROOT / "test-local.sh").read_text("utf-8")
    shown = README.shown_output("./test-local.sh")
    assert shown[-1] == "All passed"
    assert shown[-1] in script
    suites = [line.removeprefix("== ") for line in shown if line.startswith("== ")]
    assert suites
    assert all(f"{name}" in script for name in suites)


def test_suites_that_are_named_exist() -> None:
    """`./test-local.sh NAME` in any document is a suite of the script."""
    script = (ROOT / "test-local.sh").read_text("utf-8")
    texts = [document.text for document in (*WRITTEN, Document("ui/DEVELOPING.md"))]
    named = set(re.findall(r"test-local\.sh ([a-z0-9]+)", "\n".join(texts)))
    assert {"unit", "lint", "faults"} <= named
    usage = re.search(r"test-local\.sh \[([a-z0-9|]+)\]", script)
    assert usage is not None
    assert named <= set(usage[1].split("|"))


def test_npm_scripts_that_are_named_exist() -> None:
    """`npm run NAME` in any document is a script of the dashboard."""
    scripts = json.loads((ROOT / "ui" / "package.json").read_text("utf-8"))["scripts"]
    texts = [
        document.text
        for document in (*WRITTEN, Document("ui/DEVELOPING.md"), Document("benchmarks/README.md"))
    ]
    named = set(re.findall(r"npm run ([a-z0-9:]+)", "\n".join(texts)))
    assert {"build", "serve", "generate"} <= named
    assert named <= set(scripts)


def test_modules_that_are_named_can_be_run() -> None:
    """`python -m NAME` in any document is a module of the project."""
    named = set(re.findall(r"python -m ((?:app|tools|benchmarks)[\w.]*)", "\n".join(d.text for d in WRITTEN)))
    assert {"app.services.worker.main", "tools.generate_docs", "benchmarks"} <= named
    files = [
        [Path(*name.split(".")).with_suffix(".py"), Path(*name.split("."), "__main__.py")] for name in named
    ]
    assert [each for each in files if not any((ROOT / path).exists() for path in each)] == []


def test_workloads_that_are_named_exist() -> None:
    """`python -m benchmarks NAME …` in any document names workloads, or parts of one."""
    texts = [document.text for document in (*WRITTEN, Document("benchmarks/README.md"))]
    # Options take a value; a word before the comment that is no value is a name.
    commands = [
        re.sub(
            r"\[[^]]*\]|--(?:quick|fresh|record)|--\w+(?: [\w./~-]+\.json)+|--\w+ [\w./~-]+", "", line
        ).split()
        for line in re.findall(r"python -m benchmarks(?!\.)([^\n#`]*)", "\n".join(texts))
    ]
    named = [words for words in commands if words]
    assert ["peers", "saq", "ardiq", "drain1"] in named
    known = {*NAMES, *ALONE}
    parts = {"peers": {*PEER_NAMES, *SCENE_NAMES}, "growth": {*GROWTH_NAMES}}
    unknown = [
        words
        for words in named
        if not (set(words[1:]) <= parts[words[0]] if words[0] in parts else set(words) <= known)
    ]
    assert unknown == []


def test_pages_of_the_dashboard_that_are_named_exist() -> None:
    """A page in italics has this name in the dashboard's menu, in English or Indonesian."""
    menu = (ROOT / "ui" / "src" / "components" / "shell" / "nav.ts").read_text("utf-8")
    named = {
        name for document in WRITTEN for name in re.findall(r"(?:page|halaman) \*([^*]+)\*", document.text)
    }
    assert {"Connectors", "Konektor"} <= named
    assert [name for name in sorted(named) if f"'{name}'" not in menu] == []


def test_changelog_follows_its_format() -> None:
    """The changelog has an open section, as Keep a Changelog wants it."""
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")
