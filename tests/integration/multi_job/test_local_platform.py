"""The real platform as a fixture: a job type of a test runs through all four processes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from app.cli.commands.new import new_job
from multi_job import job
from multi_job.testing import LocalPlatform
from multi_job.testing.pytest_plugin import job_platform
from tests.support.documents.documents import Document

__all__ = ["job_platform"]


@job("kit.greet", tools=("kv",))
async def greet(ctx: Any, name: str = "dunia") -> dict[str, Any]:
    """Greets, and counts its greetings."""
    ctx.log.info("halo", name=name)
    return {"greeting": f"halo {name}", "count": await ctx.tools.kv.incr("count")}


@job("kit.isolated", runs_in="process")
async def isolated(ctx: Any, name: str) -> str:
    return f"halo {name} from a child process"


@job("kit.broken", retry=0)
def broken(ctx: Any) -> None:
    raise RuntimeError("broken")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the guide's first job type, in which the guide runs pytest."""
    with chdir(tmp_path_factory.mktemp("work")):
        new_job("shop.hello")
        folder = Path("shop-hello").absolute()
    with (folder / "policies.yaml").open("a", encoding="utf-8") as file:
        file.write("  kit.*: {allow: [kv]}\n")
    # As `pythonpath` in the project's pyproject.toml.
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="session")
def example() -> dict[str, Any]:
    """The names that the guide's example of `job_platform` defines."""
    blocks = Document("docs/first-job-type.md").blocks("## Tests without a server")
    [text] = [block.text for block in blocks if "def job_platform_settings" in block.text]
    names: dict[str, Any] = {}
    exec(compile(text, "docs/first-job-type.md", "exec"), names)
    return names


@pytest.fixture(scope="session")
def job_platform_settings(example: dict[str, Any]) -> dict[str, str]:
    """The settings as the guide prints them, and the types of this module."""
    settings: dict[str, str] = example["job_platform_settings"].__wrapped__()
    assert settings["POLICIES_FILE"] == "policies.yaml"
    return {**settings, "HANDLER_MODULES": f"{settings['HANDLER_MODULES']},{__name__}"}


@pytest.fixture(scope="session")
def platform(request: pytest.FixtureRequest, project: Path) -> LocalPlatform:
    """The fixture of the plugin, as it starts for a pytest in the project's folder."""
    with chdir(project):
        return request.getfixturevalue("job_platform")


def test_example_of_the_guide_passes(platform: LocalPlatform, example: dict[str, Any]) -> None:
    """The job type runs on a real platform, with the relative path of its policies."""
    example["test_hello_on_a_real_platform"](platform)


def test_jobs_of_the_test_run_on_a_real_platform(platform: LocalPlatform) -> None:
    """A job is created, run twice, run in a child process, and a failure has its reason."""
    platform.create_job("greet", "kit.greet", {"name": "Budi"})
    assert platform.run_job("greet")["result"]["output"] == {"greeting": "halo Budi", "count": 1}
    again = platform.run_job("greet", {"name": "Siti"})
    assert again["result"]["output"] == {"greeting": "halo Siti", "count": 2}
    assert platform.client.jobs.run("greet", inputs={"name": "Adi"}).wait(30).output["count"] == 3
    platform.create_job("apart", "kit.isolated", {"name": "Budi"})
    assert platform.run_job("apart")["result"]["output"] == "halo Budi from a child process"
    platform.create_job("broken", "kit.broken")
    ended = platform.run_job("broken")
    assert (ended["status"], ended["result"]["error"]["message"]) == ("failed", "broken")
    with pytest.raises(AssertionError, match="POST /jobs: 422"):
        platform.create_job("wrong", "kit.greet", {"nama": "Budi"})


def test_a_platform_that_cannot_start_shows_its_logs() -> None:
    """A wrong setting is in the error, and nothing is left."""
    platform = LocalPlatform({"HANDLER_MODULES": "no_such_module"})
    with pytest.raises(RuntimeError, match="no_such_module"), platform:
        pass
    assert not platform.folder.exists()
    assert all(each.code is not None for each in platform._processes)
