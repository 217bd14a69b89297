"""The layout of `app/` and `multi_job/`: folders that can be read at a glance, and one name for one thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "multi_job")
MOST_FILES = 25
MOST_LINES = 500

# Each has a better word of the field: notifications for bell, in_flight for hands, heartbeat for alive.
NOT_MODULE_NAMES = (
    "account_holds account_names account_watch advice alive audit_trail bell buckets building "
    "call_records cancels channel_checks check_answer clock_back clock_change_notes coalescer "
    "command_desk dead_choice deps desk difference drafting export_packer export_pages facets "
    "field_changes field_problems guard hands honesty http_verdict index_walk job_index job_schedule "
    "job_target kill_on_close known_jobs lanes loops moments negotiate occurrences openapi_polish "
    "openapi_words opening pace performers pieces placing plain_route presence published reach "
    "reading reply run_execution save_check says sketch slot_window states timing watch why_facts "
    "why_next why_reader why_records why_runs why_slots why_text why_words words"
)


# Its types have the names of the OpenAPI document, and so of the API's own.
GENERATED = ROOT / "multi_job/client/generated"


def modules() -> list[Path]:
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(path for path in paths if not path.is_relative_to(GENERATED))


def test_folder_holds_at_most_25_python_files() -> None:
    """A folder that holds more is split by subject."""
    counts: dict[str, int] = defaultdict(int)
    for path in modules():
        counts[str(path.parent.relative_to(ROOT))] += 1
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_file_holds_at_most_500_lines() -> None:
    """A file that holds more is split by purpose; that of a test, of a tool and of a benchmark as well."""
    others = (path for folder in ("tests", "tools", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
    counts = {path: len(path.read_text("utf-8").splitlines()) for path in (*modules(), *others)}
    assert len(counts) > 1_000
    assert {str(path.relative_to(ROOT)): n for path, n in counts.items() if n > MOST_LINES} == {}


def test_public_class_name_is_in_one_module() -> None:
    """A reader who searches for a class finds one definition."""
    homes: dict[str, set[str]] = defaultdict(set)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                package = path.relative_to(ROOT).parts[0]
                homes[f"{package}: {node.name}"].add(str(path.relative_to(ROOT)))
    assert len(homes) > 500
    assert {name: sorted(paths) for name, paths in homes.items() if len(paths) > 1} == {}


def test_module_name_is_a_word_of_the_field() -> None:
    """A module or folder is not named by a metaphor, a body part or a participle."""
    names = {part for path in modules() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert names & set(NOT_MODULE_NAMES.split()) == set()
