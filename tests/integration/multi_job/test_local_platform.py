"""The real platform as a fixture: a job type of a test runs through all four processes."""

from __future__ import annotations

from typing import Any

import pytest

from multi_job import job
from multi_job.testing import LocalPlatform
from multi_job.testing.pytest_plugin import job_platform

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
def job_platform_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The types of this module, with a policy."""
    file = tmp_path_factory.mktemp("policies") / "policies.yaml"
    file.write_text("types: {kit.*: {allow: [kv]}}\n", "utf-8")
    return {"HANDLER_MODULES": __name__, "POLICIES_FILE": str(file)}


def test_jobs_of_the_test_run_on_a_real_platform(job_platform: LocalPlatform) -> None:
    """A job is created, run twice, run in a child process, and a failure has its reason."""
    platform = job_platform
    platform.create_job("hello", "kit.greet", {"name": "Budi"})
    assert platform.run_job("hello")["result"]["output"] == {"greeting": "halo Budi", "count": 1}
    again = platform.run_job("hello", {"name": "Siti"})
    assert again["result"]["output"] == {"greeting": "halo Siti", "count": 2}
    assert platform.client.jobs.run("hello", inputs={"name": "Adi"}).wait(30).output["count"] == 3
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
