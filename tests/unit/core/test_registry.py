"""Job types: recording, loading, finding, refusing."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from app.core.config import Settings
from app.core.errors import ConfigurationError, UnknownJobType
from app.core.models import RetryPolicy
from app.core.registry import HandlerSpec, Registry, handler, load_handlers, recorded_specs
from app.core.runner import kind_of
from tests.support.queue import handlers


class Inputs(BaseModel):
    """What it takes."""

    count: int = Field(default=1, ge=0, description="how many")


async def do(_ctx: Any, _inputs: Any) -> None: ...


async def do_other(_ctx: Any, _inputs: Any) -> None: ...


def do_plainly(_ctx: Any, _inputs: Any) -> None: ...


def settings(*modules: str) -> Settings:
    return Settings(_env_file=None, handler_modules=list(modules))  # pyright: ignore[reportCallIssue]


@pytest.fixture
def module_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder that modules are imported from, and forgotten again."""
    before = set(sys.modules)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    importlib.invalidate_caches()
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_handler_is_returned_unchanged_and_recorded() -> None:
    """The decorated function stays a plain function, and its spec says all that was asked."""
    retry = RetryPolicy(max_retry=1)
    made = handler("registry.recorded", inputs=Inputs, timeout_ms=5, retry_policy=retry, tools=("kv",))(do)
    spec = {spec.type: spec for spec in recorded_specs(__name__)}["registry.recorded"]
    assert made is do
    assert (spec.function, spec.timeout_ms, spec.retry_policy, spec.tools) == (do, 5, retry, ("kv",))
    assert (spec.module, spec.is_async, spec.runs_in) == (__name__, True, "loop")


def test_handler_description_is_the_docstrings_first_line() -> None:
    """People read the first sentence of the function unless a description is given."""
    spec = Registry(recorded_specs(handlers.__name__)).get("test.noop")
    assert spec.description == "Do nothing."


@pytest.mark.parametrize(
    ("job_type", "function", "options", "complaint"),
    [
        ("Bad Type", do, {}, "looks like"),
        ("a.b", do, {"timeout_ms": 0}, "timeout_ms"),
        ("a.b", do, {"timeout_ms": 86_400_001}, "timeout_ms"),
        ("a.b", do, {"runs_in": "cloud"}, "cannot run in 'cloud'"),
        ("a.b", do_plainly, {}, "async def"),
    ],
)
def test_handler_that_cannot_work_is_refused(
    job_type: str, function: Any, options: dict[str, Any], complaint: str
) -> None:
    """A mistake in the decorator fails at import, with the reason."""
    with pytest.raises(ConfigurationError, match=complaint):
        HandlerSpec(job_type, function, **options)


def test_handler_kind_may_depend_on_the_inputs() -> None:
    """runs_in as a function decides by the validated inputs."""
    spec = HandlerSpec("a.b", do, Inputs, runs_in=lambda inputs: "process" if inputs.count else "loop")
    kinds = [kind_of(spec, spec.parse(text)) for text in ('{"count": 1}', '{"count": 0}')]
    assert kinds == ["process", "loop"]


def test_handler_inputs_are_validated() -> None:
    """The model validates, and its JSON Schema draws the form."""
    spec = HandlerSpec("a.b", do, Inputs)
    assert spec.parse('{"count": 2}') == Inputs(count=2)
    with pytest.raises(ValidationError):
        spec.parse('{"count": -1}')
    assert spec.input_schema()["properties"]["count"]["description"] == "how many"


def test_handler_without_a_model_takes_no_inputs() -> None:
    """A type that declares nothing refuses every field."""
    spec = HandlerSpec("a.b", do)
    spec.parse("{}")
    with pytest.raises(ValidationError):
        spec.parse('{"a": 1}')


def test_registry_names_both_modules_of_a_duplicate_type() -> None:
    """Two handlers for one type are an error that names both modules."""
    specs = [HandlerSpec("a.b", do, module="one.py"), HandlerSpec("a.b", do_other, module="two.py")]
    with pytest.raises(ConfigurationError, match=r"'a\.b' is defined twice: in one\.py and in two\.py"):
        Registry(specs)


def test_registry_unknown_type_suggests_the_nearest() -> None:
    """A typo is answered with the type that was meant, and the list of all."""
    registry = Registry([HandlerSpec("monitor.http", do), HandlerSpec("report.daily", do)])
    with pytest.raises(UnknownJobType) as caught:
        registry.get("monitor.htpp")
    assert "Did you mean 'monitor.http'?" in caught.value.message
    assert caught.value.message.endswith("Known types: monitor.http, report.daily.")


def test_registry_finds_without_raising() -> None:
    """The runner's look-up answers None for an unknown type."""
    spec = HandlerSpec("a.b", do)
    assert (Registry([spec]).find("a.b"), Registry().find("a.b")) == (spec, None)


def test_load_handlers_brings_the_shipped_types() -> None:
    """Without any setting the shipped job types are there, and no test type."""
    types = load_handlers(settings()).types()
    assert "simulation.load" in types
    assert not [name for name in types if name.startswith("test.")]


def test_load_handlers_adds_modules_of_the_setting() -> None:
    """HANDLER_MODULES brings in further types."""
    assert "test.noop" in load_handlers(settings("tests.support.queue.handlers")).types()


def test_load_handlers_twice_gives_the_same() -> None:
    """A module is imported once, and its types are known to every later registry."""
    first = load_handlers(settings("tests.support.queue.handlers"))
    assert load_handlers(settings("tests.support.queue.handlers")).types() == first.types()


def test_load_handlers_walks_a_package(module_dir: Path) -> None:
    """A package in HANDLER_MODULES brings every module below it."""
    package = module_dir / "walked_package"
    (package / "deep").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "deep" / "__init__.py").touch()
    (package / "deep" / "leaf.py").write_text(
        "from app.core.registry import handler\n@handler('walked.leaf')\nasync def leaf(ctx, inputs): ...\n"
    )
    assert "walked.leaf" in load_handlers(settings("walked_package")).types()


def test_load_handlers_takes_entry_points(module_dir: Path) -> None:
    """An installed distribution brings its types through the entry point group."""
    (module_dir / "third_party.py").write_text(
        "from app.core.registry import handler\n@handler('third.party')\nasync def work(ctx, inputs): ...\n"
    )
    metadata = module_dir / "third_party-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: third-party\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[multi_job.handlers]\nwork = third_party:work\n")
    assert load_handlers(settings()).get("third.party").module == "third_party"


@pytest.mark.parametrize("text", ["import no_such_module_at_all", "1 / 0", "not python"])
def test_load_handlers_names_a_module_that_cannot_be_imported(module_dir: Path, text: str) -> None:
    """A broken handler module stops the start with its name and the reason."""
    (module_dir / "broken_handlers.py").write_text(text)
    with pytest.raises(ConfigurationError, match=r"'broken_handlers'.*cannot be imported"):
        load_handlers(settings("broken_handlers"))


def test_load_handlers_refuses_an_unknown_tool(module_dir: Path) -> None:
    """A typing error in `tools=` stops the start, with the nearest name."""
    text = "from multi_job import job\n@job('typed.wrong', tools=('kv', 'kvv'))\nasync def work(ctx): ...\n"
    (module_dir / "wrong_tool.py").write_text(text)
    with pytest.raises(ConfigurationError, match=r"'typed\.wrong' in wrong_tool.*Did you mean 'kv'\?"):
        load_handlers(settings("wrong_tool"))


def test_load_handlers_knows_tools_of_packages(module_dir: Path) -> None:
    """An entry point of an installed distribution is a tool."""
    text = "from multi_job import job\n@job('typed.own', tools=('ledger',))\nasync def work(ctx): ...\n"
    (module_dir / "own_tool.py").write_text(text)
    with pytest.raises(ConfigurationError, match="there is no tool 'ledger'"):
        load_handlers(settings("own_tool"))
    metadata = module_dir / "ledger-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: ledger\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[multi_job.tools]\nledger = own_tool:Ledger\n")
    assert load_handlers(settings("own_tool")).get("typed.own").tools == ("ledger",)
