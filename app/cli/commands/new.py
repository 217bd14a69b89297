"""`multi-job new job`: a package with a handler, its policy and its test."""

from __future__ import annotations

import builtins
import importlib.util
import keyword
import re
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from app.cli.options import Json
from app.cli.output import CliError, printed_json, say
from app.core.config import Settings
from app.core.i18n import _, reader_language
from app.core.models import JOB_TYPE_PATTERN
from app.core.registry import load_handlers

new = typer.Typer(help="Make the files of something new.", no_args_is_help=True)
JobType = Annotated[str, typer.Argument(metavar="NAME", help="The job type, for example shop.hello.")]

_TEMPLATES = Path(__file__).resolve().parents[1] / "new_job"
_FILES = {
    "README.md": "README.{language}.md",
    "pyproject.toml": "pyproject.toml",
    "policies.yaml": "policies.yaml",
    "job.yaml": "job.yaml",
    "{package}/jobs.py": "jobs.py",
    "tests/test_jobs.py": "test_jobs.py",
}
"""The files of the package, and their templates."""


@new.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Make the files of something new."""


@new.command("job")
def new_job(name: JobType, *, _json: Json = False) -> None:
    """Make a package for a job type in a new folder: handler, policy, test, README."""
    words = _words_of(name)
    folder = Path(words["folder"])
    try:
        folder.mkdir()
    except FileExistsError as error:
        raise CliError(
            _("{folder} exists already: use another name, or remove it.", folder=folder)
        ) from error
    for target, template in _FILES.items():
        source = _TEMPLATES / f"{template.format(language=reader_language.get())}.template"
        file = folder / target.format(**words)
        file.parent.mkdir(exist_ok=True)
        file.write_text(Template(source.read_text("utf-8")).substitute(words), "utf-8")
    files = [str(folder / target.format(**words)) for target in _FILES]
    if printed_json({"type": name, "folder": str(folder), "files": files}):
        return
    for file in files:
        say(file)
    say(_("Next: `cd {folder}`, `python -m pytest`, `multi-job dev`.", folder=folder))


def _words_of(name: str) -> dict[str, str]:
    """Return the values of the templates; CliError with what helps if the name cannot be a type's."""
    if not re.fullmatch(JOB_TYPE_PATTERN, name):
        likely = re.sub(r"[^a-z0-9_]+", ".", name.lower()).strip("_.")
        example = likely if re.fullmatch(JOB_TYPE_PATTERN, likely) else "shop.hello"
        raise CliError(
            _(
                "{name!r} is no job type: write words in lower case with dots, such as {example}.",
                name=name,
                example=example,
            )
        )
    package, function = name.replace(".", "_"), name.rpartition(".")[2]
    if keyword.iskeyword(package) or importlib.util.find_spec(package) is not None:
        raise CliError(
            _(
                "Python has a module {package!r} already: use a name with a dot, such as shop.{name}.",
                package=package,
                name=name,
            )
        )
    # Not those of HANDLER_MODULES: a `.env` of this folder may be anybody's, and importing is executing.
    if name in load_handlers(Settings.model_construct(handler_modules=[])).types():
        raise CliError(_("there is a job type {name!r} already: use another name.", name=name))
    if keyword.iskeyword(function) or hasattr(builtins, function):
        function = f"{function}_job"
    folder = package.replace("_", "-")
    return {
        "job_type": name,
        "package": package,
        "folder": folder,
        "function": function,
        "job_id": folder,
    }
