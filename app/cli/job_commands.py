"""`multi-job jobs`, `run`, `apply`: what there is to run, and how it gets there."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, cast

import typer
import yaml

from app.cli.client import Client
from app.cli.options import JobId, Json, Limit
from app.cli.output import CliError, instant, print_json, say, table
from app.cli.spec_order import targets_first

JobType = Annotated[str | None, typer.Option("--type", help="Only jobs of this type.")]
Tag = Annotated[str | None, typer.Option("--tag", help="Only jobs with this tag.")]
Inputs = Annotated[str | None, typer.Option("--inputs", help="Inputs of this run alone, as JSON.")]
Wait = Annotated[bool, typer.Option("--wait", "-w", help="Wait for the end; exit code 1 unless it succeeds.")]
Paths = Annotated[
    list[Path], typer.Argument(help="Files, or folders of files: .json, .yaml, .yml.", exists=True)
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]

ENDED = frozenset({"success", "failed", "cancelled"})
_SUFFIXES = frozenset({".json", ".yaml", ".yml"})
_ADDED = frozenset(
    {
        "version",
        "next_run_at",
        "cooling_down_until",
        "last_run",
        "recent",
        "stats",
        "status",
        "created_at",
        "updated_at",
    }
)
"""What an answer has beside the spec."""


def jobs(*, job_type: JobType = None, tag: Tag = None, limit: Limit = 100, as_json: Json = False) -> None:
    """List the jobs, newest first."""
    found = list(Client().pages("/jobs", limit, type=job_type, tag=tag))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            job["job_id"],
            job["type"],
            "on" if job["enabled"] else "off",
            _last(job),
            instant(job["next_run_at"]),
        )
        for job in found
    ]
    table(
        ("job", "type", "", "last run", "next run"), rows, "Belum ada job / no jobs yet: multi-job plan '…'"
    )


def _last(job: dict[str, Any]) -> str:
    return str(job["last_run"]["status"]) if job["last_run"] else ""


def run(job_id: JobId, *, inputs: Inputs = None, wait: Wait = False, as_json: Json = False) -> None:
    """Run a job once, now."""
    client = Client()
    body = {"inputs": parsed_inputs(inputs)} if inputs else {}
    follow_up(client, client.post(f"/jobs/{job_id}/run", body), wait=wait, as_json=as_json)


def follow_up(client: Client, accepted: dict[str, Any], *, wait: bool, as_json: bool) -> None:
    """Print a run that was taken on; with `wait` how it ends, exit code 1 unless it succeeds."""
    if not wait:
        print_json(accepted) if as_json else say(f"{accepted['run_id']} {accepted['status']}")
        return
    while (found := client.get(f"/runs/{accepted['run_id']}"))["status"] not in ENDED:
        time.sleep(0.2)
    print_json(found) if as_json else say(_outcome(found))
    raise typer.Exit(0 if found["status"] == "success" else 1)


def _outcome(run: dict[str, Any]) -> str:
    """Return how a run ended: what a monitor saw, the command that mends it, the file of a backup."""
    result = cast("dict[str, Any]", run["result"] or {})
    output = result.get("output")
    seen = cast("dict[str, Any]", output) if isinstance(output, dict) else {}
    error = cast("dict[str, Any]", run["error"] or {})
    said = [seen.get(name) for name in ("state", "reason", "command", "file")]
    told = [str(each) for each in (*said, error.get("message")) if each]
    return " · ".join([f"{run['run_id']} {run['status']}", *told])


def parsed_inputs(inputs: str) -> Any:
    """Return the JSON that was typed."""
    try:
        return json.loads(inputs)
    except ValueError as error:
        raise CliError(f"--inputs is no JSON: {error}. / --inputs bukan JSON.") from error


def enable(job_id: JobId, *, as_json: Json = False) -> None:
    """Let a job fire again, from now on."""
    _switch(job_id, "enable", as_json=as_json)


def disable(job_id: JobId, *, as_json: Json = False) -> None:
    """Stop a job from firing; runs that exist go on, and it can still be run by hand."""
    _switch(job_id, "disable", as_json=as_json)


def _switch(job_id: str, how: str, *, as_json: bool) -> None:
    answer = Client().put(f"/jobs/{job_id}/{how}")
    print_json(answer) if as_json else say(f"{answer['job_id']} {answer['status']}")


def apply(paths: Paths, *, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Create the jobs of spec files, and change those that exist; the same files again change nothing."""
    client = Client()
    specs = targets_first([spec for path in paths for spec in _specs(path)])
    outcomes = [_apply_one(client, spec, dry_run=dry_run) for spec in specs]
    if as_json:
        print_json(outcomes)
    else:
        table(("job", "change", "detail"), [tuple(each.values()) for each in outcomes], "no specs there")
    if any(outcome["change"] == "error" for outcome in outcomes):
        raise typer.Exit(1)


def _apply_one(client: Client, spec: dict[str, Any], *, dry_run: bool) -> dict[str, str]:
    job_id = str(spec.get("job_id", ""))
    try:
        stored = client.find(f"/jobs/{job_id}") if job_id else None
        if stored is None:
            if not dry_run:
                client.post("/jobs", spec)
            return {"job_id": job_id, "change": "created", "detail": ""}
        changed = [name for name, value in spec.items() if stored.get(name) != value]
        if changed and not dry_run:
            client.put(f"/jobs/{job_id}", {**_without_added(stored), **spec})
    except CliError as error:
        return {"job_id": job_id, "change": "error", "detail": str(error)}
    return {"job_id": job_id, "change": "updated" if changed else "unchanged", "detail": ", ".join(changed)}


def _without_added(stored: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stored.items() if name not in _ADDED}


def _specs(path: Path) -> Iterator[dict[str, Any]]:
    files = sorted(each for each in path.rglob("*") if each.suffix in _SUFFIXES) if path.is_dir() else [path]
    for file in files:
        yield from _read(file)


def _read(file: Path) -> list[dict[str, Any]]:
    """Return a file's specs: one, or a list of them."""
    try:
        # YAML reads JSON too, but for what JSON may hold and YAML may not, such as tabs.
        text = file.read_text("utf-8")
        value: object = json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CliError(f"{file}: {error}") from error
    found = cast("list[object]", value) if isinstance(value, list) else [value]
    if not all(isinstance(each, dict) for each in found):
        raise CliError(f"{file}: a spec is an object with job_id, type, … / isi berkas bukan spec job")
    return cast("list[dict[str, Any]]", found)
