"""The supervisor's decisions: restarts and stored state."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.local.processes import Identity
from app.local.redis_server import ServerChoice
from app.local.services import STOP_ORDER, api_command, dashboard_spec, service_specs
from app.local.settings import LocalSettings, load_settings, settings_of
from app.local.state import ServiceRecord, ServiceState, StateFiles, SupervisorState
from app.local.stop import stop_services
from app.local.supervision.supervised import STABLE_SECONDS, RestartBackoff
from app.local.supervisor import Supervisor
from tests.support.embedded_redis import EmbeddedRedisError

KEPT = {"VERSION": "1"}


@pytest.fixture
def settings(tmp_path: Path) -> LocalSettings:
    return load_settings({"API_PORT": "8100"}, tmp_path)


def test_backoff_doubles_up_to_its_ceiling() -> None:
    """A service that keeps dying is started ever more slowly, and at least each 10 s."""
    backoff = RestartBackoff()
    delays = [backoff.after_life_of(0) for _ in range(8)]
    assert delays == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_backoff_is_reset_after_a_stable_life() -> None:
    """A service that lived for a minute is started again at once."""
    backoff = RestartBackoff()
    for _ in range(5):
        backoff.after_life_of(1)
    assert backoff.after_life_of(STABLE_SECONDS) == pytest.approx(0.2)
    assert backoff.after_life_of(STABLE_SECONDS - 1) == pytest.approx(0.4)


@pytest.mark.skipif(sys.platform == "win32", reason="no Redis server is included there")
def test_services_start_behind_redis_and_the_api(settings: LocalSettings) -> None:
    """Redis is first, the API waits for it, all others wait for both."""
    specs = {spec.name: spec.waits_for for spec in service_specs(settings, embedded=True)}
    assert list(specs)[:2] == ["redis", "api"]
    assert specs["api"] == ("redis",)
    assert {specs[name] for name in ("scheduler", "worker", "connector")} == {("redis", "api")}


def test_services_without_embedded_redis_leave_it_out(settings: LocalSettings) -> None:
    """A Redis that is somebody else's is neither started nor stopped."""
    names = [spec.name for spec in service_specs(settings, embedded=False)]
    assert names == ["api", "scheduler", "worker", "connector"]


@pytest.mark.skipif(sys.platform == "win32", reason="no Redis server is included there")
def test_stop_order_names_every_service(settings: LocalSettings) -> None:
    """Nothing that is started is forgotten at the stop."""
    specs = [*service_specs(settings, embedded=True), dashboard_spec()]
    assert set(STOP_ORDER) == {spec.name for spec in specs}


def test_api_command_serves_at_the_configured_place(settings: LocalSettings) -> None:
    """Not by the command `uvicorn`, which would search the working directory first."""
    words = " ".join(api_command(settings)[1:])
    assert words.startswith("-m app.services.api --host 127.0.0.1 --port 8100")


def test_state_survives_the_file(settings: LocalSettings) -> None:
    """What was saved is what is loaded, identities and words included."""
    record = ServiceRecord(
        "worker", ["python"], "worker.log", ServiceState.RUNNING, Identity(5, "b:1"), 2, "x"
    )
    waiting = ServiceRecord("api", ["python"], "api.log")
    services = {"worker": record, "api": waiting}
    state = SupervisorState(KEPT, True, Identity(4, "b:0"), False, services)
    files = StateFiles(settings)
    files.save(state)
    assert files.load() == state


def test_state_names_the_addresses_of_the_start(settings: LocalSettings, tmp_path: Path) -> None:
    """Status from a shell with other ports uses the ports of the start; an old file changes nothing."""
    other = load_settings({"API_PORT": "8200", "REDIS_PORT": "7000"}, tmp_path)
    state = SupervisorState(settings_of(settings), True)
    assert state.at_its_addresses(other) == settings
    assert SupervisorState({}, True).at_its_addresses(other) == other


def test_state_of_an_earlier_version_is_read(settings: LocalSettings) -> None:
    """It has no addresses."""
    files = StateFiles(settings)
    files.state.parent.mkdir(parents=True)
    old = (
        '{"fingerprint": "f", "embedded_redis": true, "supervisor": null, "stopping": false, "services": {}}'
    )
    files.state.write_text(old, "utf-8")
    assert files.load() == SupervisorState({}, True)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"services": 1}', "null"])
def test_state_that_cannot_be_read_is_none(settings: LocalSettings, text: str) -> None:
    """A damaged file is as no file."""
    files = StateFiles(settings)
    files.state.parent.mkdir(parents=True)
    files.state.write_text(text, "utf-8")
    assert files.load() is None


def test_command_is_taken_once(settings: LocalSettings) -> None:
    """What was asked of the supervisor is obeyed once."""
    files = StateFiles(settings)
    assert not files.take_command()
    files.command.parent.mkdir(parents=True)
    files.command.write_text("stop\n", "ascii")
    assert files.take_command() == "stop"
    assert not files.take_command()


@pytest.mark.skipif(sys.platform == "win32", reason="no Redis server is included there")
def test_redis_without_a_usable_server_is_tried_again(
    settings: LocalSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that was removed while the platform ran ends no supervisor; the status has the reason."""

    def refuse(_data_dir: Path, _environment: object) -> ServerChoice:
        raise EmbeddedRedisError("no usable Redis server")

    supervisor = Supervisor(settings, embedded=True)
    (redis,) = [service for service in supervisor._services if service.spec.name == "redis"]
    monkeypatch.setattr("app.local.supervisor.choose_server", refuse)
    supervisor._start(redis)
    assert redis.record.state is ServiceState.BACKOFF
    assert redis.record.last_exit == "could not start: no usable Redis server"


def test_stop_does_not_tell_of_a_dashboard_that_never_ran(settings: LocalSettings) -> None:
    """A service that is absent or could not be built stays so; all others are reported."""
    reported: list[str] = []
    waiting = ServiceRecord("api", ["python"], "api.log")
    absent = ServiceRecord("dashboard", [], "dashboard.log", ServiceState.ABSENT)
    stop_services([waiting, absent], lambda record: reported.append(record.name))
    assert reported == ["api"]
    assert (waiting.state, absent.state) == (ServiceState.STOPPED, ServiceState.ABSENT)
