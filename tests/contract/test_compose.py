"""docker-compose.yml and the Dockerfile match the documentation."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from app.core.config import Settings
from app.core.secret_keys import DEPLOYMENT_SECRETS
from app.local.dashboard_build import NO_SOURCES, SOURCES
from app.local.environment import SERVICE_SECRETS
from app.local.settings import parse_env_file
from tools.generate_docs import outdated_outside
from tools.generate_settings import LEFT_OUT
from tools.settings_table import default_text

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("redis", "api", "scheduler", "worker", "connector", "ui")
OURS = SERVICES[1:-1]
MONITORING = ("prometheus", "grafana")
ALL = (*SERVICES, *MONITORING)
BEHIND_CADDY = ROOT / "deploy" / "caddy" / "docker-compose.yml"
IMAGES = {"Dockerfile": "ARG BASE=python:3.12-slim", "ui/Dockerfile": "ARG BASE=node:22-slim"}


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    document = cast("dict[str, Any]", yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8")))
    return cast("dict[str, dict[str, Any]]", document["services"])


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_compose_has_the_services(services: dict[str, dict[str, Any]]) -> None:
    """Redis, the four processes and the dashboard; Prometheus and Grafana only if someone asks for them."""
    assert tuple(services) == ALL
    assert {name: each["profiles"] for name, each in services.items() if "profiles" in each} == {
        name: ["monitoring"] for name in MONITORING
    }


@pytest.mark.parametrize("name", ALL)
def test_compose_publishes_on_loopback_alone(services: dict[str, dict[str, Any]], name: str) -> None:
    """No port of the file is reached from another machine."""
    ports = cast("list[str]", services[name].get("ports", []))
    assert all(re.fullmatch(r"127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+", port) for port in ports), ports
    assert "network_mode" not in services[name]


@pytest.mark.parametrize("name", ALL)
def test_compose_stops_with_time_to_drain(services: dict[str, dict[str, Any]], name: str) -> None:
    """A worker drains for 25 s, so the grace period is 35 s."""
    assert services[name]["stop_grace_period"] == "35s"
    assert services[name]["restart"] == "unless-stopped"
    assert services[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_compose_shares_secret_key_and_files(services: dict[str, dict[str, Any]], name: str) -> None:
    """What one process seals or writes, another opens or reads."""
    service = services[name]
    more = ["ui:/ui:ro"] if name == "api" else []
    assert service["volumes"] == ["data:/data", "redis:/redis:ro", *more]
    environment = service["environment"]
    assert environment["FILES_ROOT"].startswith("/data/")
    assert environment["REDIS_URL"] == "redis://redis:6379/0"
    assert environment["REDIS_PASSWORD_FILE"] == "/redis/login/password"
    assert "REDIS_PASSWORD" not in environment


def test_compose_keeps_the_spool_of_a_replaced_worker(services: dict[str, dict[str, Any]]) -> None:
    """The data of a container's home are in a named volume, which outlives the container."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    home = re.search(r"MULTI_JOB_HOME=(\S+)", text)
    assert home is not None
    spool = Settings(_env_file=None, multi_job_home=Path(home[1])).spool_dir  # pyright: ignore[reportCallIssue]
    volume, _, mounted_at = str(services["worker"]["volumes"][0]).partition(":")
    assert spool.is_relative_to(mounted_at)
    assert not volume.startswith((".", "/"))
    assert "MULTI_JOB_HOME" not in services["worker"]["environment"]


def test_compose_serves_the_name_api(services: dict[str, dict[str, Any]]) -> None:
    """The dashboard's container asks for `api:8000`."""
    assert services["api"]["environment"]["ALLOWED_HOSTS"].startswith("api:8000")


@pytest.mark.parametrize("image", IMAGES)
def test_compose_serves_nothing_without_a_key(services: dict[str, dict[str, Any]], image: str) -> None:
    """AUTH comes from `.env`, for the API and the dashboard; both images say that they are containers."""
    given = {
        name: each["environment"]["AUTH"]
        for name, each in services.items()
        if "AUTH" in each.get("environment", {})
    }
    assert given == {"api": "${AUTH:-auto}", "ui": "${AUTH:-auto}"}
    stages = (ROOT / image).read_text("utf-8").split("FROM ${BASE}")
    assert "MULTI_JOB_CONTAINER=1" in stages[-1]


def test_compose_links_lead_to_the_published_dashboard(services: dict[str, dict[str, Any]]) -> None:
    """`multi-job open` runs in the container of the API, and prints the address on the machine."""
    port = services["api"]["environment"]["UI_PORT"]
    assert services["ui"]["ports"] == [f"127.0.0.1:{port}:3000"]


def test_compose_images_can_be_pinned_by_digest(services: dict[str, dict[str, Any]]) -> None:
    """The script prints a line of `.env` for each image that is taken from a registry."""
    script = (ROOT / "scripts" / "image-digests.sh").read_text("utf-8")
    text = "".join(path.read_text("utf-8") for path in (ROOT / "docker-compose.yml", BEHIND_CADDY))
    used = dict(re.findall(r"\b(?:image|BASE): \$\{([A-Z_]+):-([^}]+)\}", text))
    ours = {name for name, image in used.items() if image.endswith(":latest")}
    assert dict(re.findall(r"^([A-Z_]+)=(\S+)$", script, re.MULTILINE)) == {
        name: image for name, image in used.items() if name not in ours
    }


@pytest.mark.skipif(os.name == "nt", reason="a script of the shell")
@pytest.mark.parametrize(("reached", "code"), [("yes", 0), ("no", 1)])
def test_digests_are_printed_for_all_images_or_none(tmp_path: Path, reached: str, code: int) -> None:
    """A registry that answers half of the questions pins nothing; an image of one's own keeps its name."""
    docker = tmp_path / "docker"
    refusal = "case $* in *grafana*) echo 'no such image' >&2; exit 1 ;; esac\n" if reached == "no" else ""
    docker.write_text(f"#!/bin/sh\n{refusal}echo sha256:{'a' * 64}\n", "utf-8")
    docker.chmod(0o755)
    done = subprocess.run(
        [str(ROOT / "scripts" / "image-digests.sh")],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "BASE": "registry.example/python:3.13@sha256:old"},
    )
    assert done.returncode == code, done.stderr
    lines = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert bool(lines) is (code == 0)
    if lines:
        assert lines["BASE"] == f"registry.example/python:3.13@sha256:{'a' * 64}"
        assert len(lines) == 6


def test_compose_redis_keeps_and_never_evicts(services: dict[str, dict[str, Any]]) -> None:
    """Appended to a file, nothing evicted, within a limit of memory, and never without a password."""
    redis = services["redis"]
    script = redis["command"][2]
    for words in ("--appendonly yes", "--maxmemory-policy noeviction", "--maxmemory ", "umask 077"):
        assert words in script
    assert "--hash-max-listpack-value 1024" in script
    assert "--requirepass" not in script
    assert "user default on #%s" in script
    assert redis["ports"] == ["127.0.0.1:${REDIS_PORT:-6379}:6379"]
    assert redis["user"] == "redis"


@pytest.mark.parametrize("name", ALL)
def test_compose_service_has_no_rights_and_limits(services: dict[str, dict[str, Any]], name: str) -> None:
    """What a process that is taken over may do: write its volumes and /tmp, within limits."""
    service = services[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert any(place.startswith("/tmp:") for place in service["tmpfs"])
    assert re.fullmatch(r"\$\{[A-Z_]+:-\d+[mg]\}", service["mem_limit"])
    assert service["pids_limit"] in {256, 1024}
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    assert not {"privileged", "cap_add", "devices", "pid", "ipc"} & service.keys()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_reaches_the_containers(services: dict[str, dict[str, Any]], name: str) -> None:
    """Through `.env`, with the same default, or `LEFT_OUT` has a reason."""
    variable, field = name.upper(), Settings.model_fields[name]
    environments = {each: services[each]["environment"] for each in OURS}
    if variable in LEFT_OUT:
        assert LEFT_OUT[variable]
        return
    given = {str(environment[variable]) for environment in environments.values()}
    assert given == {f"${{{variable}:-{default_text(field.default)}}}"}


def test_files_of_settings_are_in_sync() -> None:
    """`python -m tools.generate_docs` generates them."""
    assert outdated_outside() == []


def test_settings_that_are_left_out_exist() -> None:
    """A reason for a setting that is gone would hide the next one of that name."""
    assert LEFT_OUT.keys() <= {name.upper() for name in Settings.model_fields}


def test_empty_and_default_values_are_settings(services: dict[str, dict[str, Any]]) -> None:
    """What a container gets without `.env` is what a process has without variables."""
    given = {
        name.lower(): re.sub(r"\$\{[A-Z_]+:-(.*?)\}", r"\1", str(value))
        for name, value in services["worker"]["environment"].items()
    }
    plain = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    read = Settings(_env_file=None, **given)  # pyright: ignore[reportCallIssue, reportArgumentType]
    same = {name for name in given if getattr(read, name) == getattr(plain, name)}
    assert given.keys() - same == {"redis_url", "redis_password_file", "files_root"}


def test_secrets_go_to_those_who_need_them(services: dict[str, dict[str, Any]]) -> None:
    """The table of the launcher holds here as well."""
    for name in OURS:
        held = services[name]["environment"].keys() & DEPLOYMENT_SECRETS
        assert held <= SERVICE_SECRETS[name], name
    assert services["ui"]["environment"].keys() & DEPLOYMENT_SECRETS == {
        "UI_SESSION_SECRET",
        "UI_SESSION_SECRET_FILE",
    }


def test_variables_of_the_files_are_in_the_example() -> None:
    """Each `${NAME}` of the compose files has its line in `.env.example`; only image names have none."""
    text = "".join(path.read_text("utf-8") for path in (ROOT / "docker-compose.yml", BEHIND_CADDY))
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    named = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert used - named == {"MULTI_JOB_IMAGE", "MULTI_JOB_UI_IMAGE"}
    assert {name.upper() for name in Settings.model_fields} <= named


def test_example_changes_nothing() -> None:
    """Copied as it is, it sets no variable; each line that is uncommented is one that is read."""
    text = (ROOT / ".env.example").read_text("utf-8")
    assert parse_env_file(text) == {}
    values = parse_env_file(re.sub(r"^#([A-Z_]+=)", r"\1", text, flags=re.MULTILINE))
    known = {name.lower(): value for name, value in values.items() if name != "MULTI_JOB_HOME"}
    plain = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    assert Settings(_env_file=None, **known) == plain  # pyright: ignore[reportCallIssue, reportArgumentType]


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
@pytest.mark.parametrize("more", [[], ["-f", str(BEHIND_CADDY)]])
@pytest.mark.parametrize("given", [{}, {"REDIS_PASSWORD": "a'b\"c$d", "ALLOWED_HOSTS": "jobs.example:80"}])
def test_compose_accepts_the_files(given: dict[str, str], more: list[str]) -> None:
    """Its own reader, with and without settings."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(ROOT), "DOMAIN": "jobs.example.com", **given}
    command = ["docker-compose", "-f", str(ROOT / "docker-compose.yml"), *more, "config", "-q"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", MONITORING)
def test_compose_monitoring_is_pinned_and_reads_this_repository(
    services: dict[str, dict[str, Any]], name: str
) -> None:
    """Its image has a version, and its settings are files of deploy/ that it cannot write."""
    service = services[name]
    assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[a-z/]+:v?\d+\.\d+\.\d+\}", service["image"])
    *mounted, data = service["volumes"]
    assert data.startswith(f"{name}:/")
    for each in mounted:
        source, _, rest = each.partition(":")
        assert (ROOT / source).is_dir(), each
        assert source.startswith(f"./deploy/{name}")
        assert rest.endswith(":ro")


@pytest.fixture(scope="module")
def behind_caddy() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load(BEHIND_CADDY.read_text("utf-8")))


def test_caddy_is_the_only_service_that_others_reach(behind_caddy: dict[str, Any]) -> None:
    """It opens two ports, has one right, and is in no network with Redis."""
    caddy = behind_caddy["services"]["caddy"]
    assert caddy["ports"] == ["80:80", "443:443", "443:443/udp"]
    assert all("ports" not in each for name, each in behind_caddy["services"].items() if name != "caddy")
    assert (caddy["cap_drop"], caddy["cap_add"]) == (["ALL"], ["NET_BIND_SERVICE"])
    assert caddy["security_opt"] == ["no-new-privileges:true"]
    assert caddy["read_only"] is True
    assert caddy["networks"].keys() == {"edge"}
    assert "./deploy/caddy/Caddyfile:/etc/caddy/Caddyfile:ro" in caddy["volumes"]
    used = set(re.findall(r"\{\$([A-Z_]+)", (BEHIND_CADDY.parent / "Caddyfile").read_text("utf-8")))
    assert caddy["environment"].keys() - {"XDG_DATA_HOME", "XDG_CONFIG_HOME"} == used - {
        "HTTP_PORT",
        "HTTPS_PORT",
    }
    places = {volume.split(":")[1] for volume in caddy["volumes"] if volume.startswith("caddy-")}
    assert {caddy["environment"]["XDG_DATA_HOME"], caddy["environment"]["XDG_CONFIG_HOME"]} == places


def test_behind_caddy_everyone_needs_a_key(
    behind_caddy: dict[str, Any], services: dict[str, dict[str, Any]]
) -> None:
    """AUTH=off of `.env` does not count. Both servers trust Caddy alone, and know the site's name."""
    address = behind_caddy["services"]["caddy"]["networks"]["edge"]["ipv4_address"]
    [network] = behind_caddy["networks"]["edge"]["ipam"]["config"]
    assert ipaddress.ip_address(address) in ipaddress.ip_network(network["subnet"])
    # Else a container that starts earlier may take it.
    assert ipaddress.ip_address(address) not in ipaddress.ip_network(network["ip_range"])
    asking = {name for name, each in services.items() if "AUTH" in each.get("environment", {})}
    assert asking == {"api", "ui"}
    for name in asking:
        service = behind_caddy["services"][name]
        environment = service["environment"]
        assert (environment["AUTH"], environment["TRUSTED_PROXIES"]) == ("auto", address)
        names = environment["ALLOWED_HOSTS" if name == "api" else "UI_ALLOWED_HOSTS"]
        assert "${DOMAIN}" in names
        assert set(service["networks"]) == {"default", "edge"}
    assert behind_caddy["services"]["api"]["environment"]["ALLOWED_HOSTS"].startswith("api:8000,")


def test_compose_grafana_has_no_account_and_calls_no_one(services: dict[str, dict[str, Any]]) -> None:
    """Without a login form and an administrator, no password protects it, and none is needed."""
    environment = services["grafana"]["environment"]
    assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert environment["GF_AUTH_DISABLE_LOGIN_FORM"] == "true"
    assert environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert environment["GF_ANALYTICS_REPORTING_ENABLED"] == "false"
    home = Path(environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert (ROOT / "deploy" / home.relative_to("/etc")).is_file()


def test_compose_dashboard_asks_the_api_by_its_name(services: dict[str, dict[str, Any]]) -> None:
    """It listens inside its container, waits for the API, and keeps what seals its cookies in a volume."""
    ui = services["ui"]
    environment = ui["environment"]
    assert environment["API_BASE_URL"] == "http://api:8000"
    assert (environment["UI_HOST"], ui["ports"]) == ("0.0.0.0", ["127.0.0.1:${UI_PORT:-3000}:3000"])
    assert ui["depends_on"] == {"api": {"condition": "service_healthy"}}
    assert ui["volumes"] == [f"ui:{Path(environment['UI_SESSION_SECRET_FILE']).parent}"]


def test_api_reads_the_secret_that_the_dashboard_makes(services: dict[str, dict[str, Any]]) -> None:
    """With it the dashboard proves the address of its user: one file, in a volume that the API only reads."""
    made, read = (Path(services[name]["environment"]["UI_SESSION_SECRET_FILE"]) for name in ("ui", "api"))
    assert made.name == read.name
    assert f"ui:{made.parent}" in services["ui"]["volumes"]
    assert f"ui:{read.parent}:ro" in services["api"]["volumes"]
    assert f" {read.parent} " in (ROOT / "Dockerfile").read_text("utf-8"), "else the volume would be root's"
    given = {services[name]["environment"]["UI_SESSION_SECRET"] for name in ("ui", "api")}
    assert given == {"${UI_SESSION_SECRET:-}"}


def test_dashboard_image_is_built_from_what_the_launcher_builds_from() -> None:
    """Nothing else gets in: tests need packages that a build does without."""
    lines = (ROOT / "ui" / ".dockerignore").read_text("utf-8").split()
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == SOURCES
    assert {line.removeprefix("**/*") for line in lines if line.startswith("**/*")} == set(NO_SOURCES)


@pytest.mark.parametrize("name", IMAGES)
def test_image_has_a_free_base_and_runs_without_root(name: str) -> None:
    """`ARG BASE` may be any image with Python, or with Node.js, and the last user is not root."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    instructions = [line for line in lines if line and not line.startswith(("#", " "))]
    assert instructions[0] == IMAGES[name]
    stages = [line.removesuffix(" AS build") for line in instructions if line.startswith("FROM ")]
    assert set(stages) == {"FROM ${BASE}"}
    assert not instructions[-1].startswith("USER ")
    users = [line.split()[1] for line in instructions if line.startswith("USER ")]
    assert users[-1] not in {"root", "0"}
    assert not any(line.startswith("# syntax") for line in lines)
