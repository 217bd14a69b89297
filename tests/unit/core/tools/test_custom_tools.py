"""Tools of other packages: rules of their own, calls alike in the loop, a thread and a child process."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.core.config import Settings
from app.core.errors import ConfigurationError
from app.core.models import AttemptOutcome, AttemptResult
from app.core.policies import BUILT_IN_TOOLS, Policies, custom_tool, installed_tool, read_policy_file
from app.core.registry import load_handlers
from app.core.tools import build_tools
from app.core.tools.custom import Tool, custom_factory
from app.services.api.schemas.access import ToolPolicyBody
from tests.support.queue.run_port import Bench, error_of

TOOL = '''
from __future__ import annotations
import datetime, threading
from dataclasses import dataclass
from multi_job import NonRetryableError, PolicyDenied, Tool, ToolLimits

class StockRules(ToolLimits):
    shops: tuple[str, ...] = ()

@dataclass
class Level:
    shop: str
    count: int
    on: datetime.date

class StockTool(Tool[StockRules]):
    async def level(self, shop: str, *, on: datetime.date, extra: int = 0) -> Level:
        """Returns the stock of a shop on a day, in pieces."""
        if shop not in self.rules.shops:
            raise PolicyDenied(f"not {shop}")
        return Level(shop, len(self.job_id) + extra, on)

    def in_thread(self) -> bool:
        """Returns whether a plain method runs outside of the event loop."""
        return threading.current_thread() is not threading.main_thread()

    async def broken(self) -> object:
        """Returns something that is no JSON."""
        return object()

    async def gone(self) -> None:
        """Raises NonRetryableError."""
        raise NonRetryableError("no more", code="sold_out")

    def close(self) -> None:
        CLOSED.append(self.run_id)

CLOSED = []
'''
JOBS = """
from __future__ import annotations
import datetime
from multi_job import job

@job("stock.level", tools=("stock",), runs_in=lambda inputs: inputs.where)
async def level(ctx, where: str = "loop", shop: str = "berkah") -> dict:
    found = await ctx.tools.stock.level(shop, on=datetime.date(2026, 1, 2), extra=1)
    return {"kind": type(found).__name__, "count": found.count, "day": found.on.isoformat(),
            "in_thread": await ctx.tools.stock.in_thread()}

@job("stock.plain", tools=("stock",))
def plain(ctx, shop: str = "berkah") -> int:
    return ctx.wait(ctx.tools.stock.level(shop, on=datetime.date(2026, 1, 2))).count

@job("stock.call", tools=("stock",))
async def call(ctx, method: str, arguments: list = []) -> None:
    await getattr(ctx.tools.stock, method)(*arguments)
"""
POLICIES = """
types:
  stock.*:
    allow:
      stock: {calls: 5, shops: [berkah]}
"""


def install(folder: Path, name: str, files: dict[str, str], entry_points: str) -> None:
    """Make a folder that Python takes for an installed distribution."""
    for file, text in files.items():
        (folder / file).write_text(text, "utf-8")
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    (metadata / "entry_points.txt").write_text(entry_points, "utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that packages are imported from, forgotten at the end."""
    before = set(sys.modules)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    importlib.invalidate_caches()
    installed_tool.cache_clear()
    yield tmp_path
    installed_tool.cache_clear()
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
async def bench(folder: Path) -> Bench:
    """A worker with the package `stock` and a policy for it."""
    points = "[multi_job.tools]\nstock = stock_tool:StockTool\n[multi_job.handlers]\njobs = stock_jobs\n"
    install(
        folder, "stock", {"stock_tool.py": TOOL, "stock_jobs.py": JOBS, "policies.yaml": POLICIES}, points
    )
    registry = load_handlers(Settings(_env_file=None))  # pyright: ignore[reportCallIssue]
    return Bench(registry=registry, policies=Policies(read_policy_file(folder / "policies.yaml").types))


def output_of(end: AttemptResult) -> Any:
    assert end.outcome is AttemptOutcome.SUCCESS, end.error
    return orjson.loads(end.output)


@pytest.mark.parametrize("kind", ["loop", "thread", "process"])
async def test_custom_tool_is_the_same_in_each_kind_of_execution(bench: Bench, kind: str) -> None:
    """Arguments and results keep their types; plain methods block no loop; calls are recorded."""
    end = await bench.finish("stock.level", {"where": kind})
    assert output_of(end) == {"kind": "Level", "count": 6, "day": "2026-01-02", "in_thread": True}
    calls = [(each["tool"], each["op"], each["ok"]) for each in orjson.loads(end.calls)]
    assert calls == [("stock", "level", True), ("stock", "in_thread", True)]


async def test_custom_tool_serves_plain_functions(bench: Bench) -> None:
    """A plain `def` waits for a call as for any tool's."""
    assert output_of(await bench.finish("stock.plain")) == 5


async def test_custom_tool_is_closed_at_the_end_of_the_attempt(bench: Bench) -> None:
    """What an instance holds is released."""
    await bench.finish("stock.plain")
    assert sys.modules["stock_tool"].CLOSED == ["job-a@1000"]


async def test_custom_tool_obeys_its_own_rules(bench: Bench) -> None:
    """The model of the package reads the rules, and its methods apply them."""
    end = await bench.finish("stock.level", {"shop": "jaya"})
    assert error_of(end)["code"] == "policy_denied"
    assert orjson.loads(end.calls)[0]["ok"] is False


@pytest.mark.parametrize(
    ("method", "arguments", "code", "said"),
    [
        ("level", [], "exception", "missing a required"),
        ("no_such", [], "exception", "has no method 'no_such': level, in_thread, broken, gone"),
        ("in_thread", [1], "exception", "too many positional"),
        ("broken", [], "invalid_input", "JSON values"),
        ("gone", [], "sold_out", "no more"),
    ],
)
async def test_custom_tool_names_what_is_wrong_with_a_call(
    bench: Bench, method: str, arguments: list[Any], code: str, said: str
) -> None:
    """Wrong arguments, unknown methods, results that are no JSON and the package's own errors."""
    error = error_of(await bench.finish("stock.call", {"method": method, "arguments": arguments}))
    assert error["code"] == code
    assert said in error["message"]


async def test_custom_tool_checks_the_types_of_arguments(bench: Bench, folder: Path) -> None:
    """An argument of another type is refused by its name."""
    text = JOBS.replace("datetime.date(2026, 1, 2), extra=1", '"soon"').replace("stock.", "late.", 1)
    (folder / "late_jobs.py").write_text(text.replace('@job("stock.', '@job("other.'), "utf-8")
    settings = Settings(_env_file=None, handler_modules=["late_jobs"])  # pyright: ignore[reportCallIssue]
    types = read_policy_file(folder / "policies.yaml").types
    late = Bench(registry=load_handlers(settings), policies=Policies({"late.level": types["stock.*"]}))
    error = error_of(await late.finish("late.level"))
    assert error["code"] == "invalid_input"
    assert "stock.level: on: " in error["message"]


async def test_custom_tool_needs_a_policy(bench: Bench, folder: Path) -> None:
    """Without a rule the tool is denied, as any other."""
    bench = Bench(registry=load_handlers(Settings(_env_file=None)), policies=Policies())  # pyright: ignore[reportCallIssue]
    assert error_of(await bench.finish("stock.level"))["code"] == "policy_denied"


async def test_rules_of_the_package_are_shown(bench: Bench, folder: Path) -> None:
    """What a policy allows a tool of another package is in the API's answer, next to the common limits."""
    policies = Policies(read_policy_file(folder / "policies.yaml").types)
    allowance = policies.allowance("stock.level", "stock")
    assert allowance is not None
    shown = ToolPolicyBody.of(allowance)
    assert (shown.calls, shown.rules, shown.hosts) == (5, {"shops": ["berkah"]}, [])


def test_rules_that_the_package_does_not_know_are_refused(folder: Path) -> None:
    """A typing error in the policies file stops the start and names the place."""
    install(folder, "stock", {"stock_tool.py": TOOL}, "[multi_job.tools]\nstock = stock_tool:StockTool\n")
    file = folder / "policies.yaml"
    file.write_text("types: {stock.level: {allow: {stock: {shop: [berkah]}}}}", "utf-8")
    with pytest.raises(ConfigurationError, match=r"stock\.level/allow.*stock/shop: Extra inputs"):
        read_policy_file(file)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    async def get(self) -> int: return 1\n", "has a docstring"),
        ('    async def get(self):\n        """Gets."""\n', "declares its result"),
        ('    async def get(self) -> int:\n        """Gets."""\n        yield 1\n', "cannot be a generator"),
        ('    async def get(self, key) -> int:\n        """Gets."""\n', "parameter `key` has no type"),
        ('    """Nothing."""\n', "has no public method"),
    ],
)
def test_a_tool_without_documented_signatures_is_refused(folder: Path, body: str, said: str) -> None:
    """Each public method has a docstring, typed parameters and a declared result."""
    text = f"from multi_job import Tool, ToolLimits\nclass T(Tool[ToolLimits]):\n{body}"
    install(folder, "bare", {"bare_tool.py": text}, "[multi_job.tools]\nbare = bare_tool:T\n")
    with pytest.raises(ConfigurationError, match=said):
        custom_factory("bare")


def test_a_tool_cannot_replace_another(folder: Path) -> None:
    """Names of the platform are taken, and two packages cannot share one; a tool has its base class."""
    points = "[multi_job.tools]\nkv = one:T\n"
    install(folder, "first", {"one.py": "class T: ...\n"}, f"{points}twice = one:T\nplain = one:T\n")
    install(folder, "second", {"two.py": "class T: ...\n"}, "[multi_job.tools]\ntwice = two:T\n")
    with pytest.raises(ConfigurationError, match="the platform has a tool of this name"):
        custom_tool("kv")
    with pytest.raises(ConfigurationError, match="another package has a tool of this name"):
        custom_tool("twice")
    with pytest.raises(ConfigurationError, match=r"no subclass of multi_job\.Tool"):
        custom_tool("plain")


def test_tools_of_the_platform_are_reserved() -> None:
    """The policies know the names of the tools that the platform has."""
    assert set(build_tools(None)) == BUILT_IN_TOOLS  # pyright: ignore[reportArgumentType]
    assert set(vars(Tool)) >= {"rules", "require", "close"}
