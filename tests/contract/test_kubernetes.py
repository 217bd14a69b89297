"""deploy/kubernetes: valid manifests, rights and limits of pods, names of settings, images and keys."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast

import kubernetes_validate  # pyright: ignore[reportMissingTypeStubs]
import pytest
import yaml

from app.core.config import Settings
from app.core.secret_keys import DEPLOYMENT_SECRETS
from app.core.storage.keys import Keys
from app.core.storage.lane_directory import lanes_of, suspect_lanes_of
from app.local.environment import SERVICE_SECRETS
from app.local.settings import parse_env_file
from tests.support.documents.documents import Document
from tools.settings_table import OTHERS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
VERSIONS = ("1.30", "1.37")
SERVICES = ("api", "worker", "scheduler", "connector")
Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> list[Manifest]:
    """All that kustomize makes, with each component switched on."""
    if shutil.which("kustomize") is None:
        assert not os.environ.get("CI"), ".ci/run installs kustomize"
        pytest.skip("kustomize is not installed")
    folder = tmp_path_factory.mktemp("kubernetes") / "kubernetes"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("secrets.env"))
    subprocess.run(["sh", str(folder / "new-secrets.sh")], check=True, capture_output=True)
    whole = folder / "kustomization.yaml"
    whole.write_text(re.sub(r"^(  )# (- components/)", r"\1\2", whole.read_text("utf-8"), flags=re.MULTILINE))
    made = subprocess.run(["kustomize", "build", str(folder)], check=False, capture_output=True, text=True)
    assert (made.returncode, made.stderr) == (0, "")
    return [cast("Manifest", each) for each in yaml.safe_load_all(made.stdout)]


def of_kind(manifests: list[Manifest], *kinds: str) -> dict[str, Manifest]:
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] in kinds}


def pods(manifests: list[Manifest]) -> dict[str, Manifest]:
    """Return the pod of each Deployment and StatefulSet by its name."""
    kinds = of_kind(manifests, "Deployment", "StatefulSet")
    return {name: each["spec"]["template"]["spec"] for name, each in kinds.items()}


def environment(pod: Manifest) -> dict[str, Manifest]:
    return {each["name"]: each for each in pod["containers"][0].get("env", [])}


@pytest.mark.parametrize("version", VERSIONS)
def test_manifests_fit_the_schemas_of_kubernetes(manifests: list[Manifest], version: str) -> None:
    """No unknown field, in the oldest and in the newest version; KEDA's kinds have a test of their own."""
    kinds = {each["kind"] for each in manifests}
    assert {"Deployment", "StatefulSet", "Ingress", "NetworkPolicy", "ScaledObject"} <= kinds
    for each in manifests:
        if not each["apiVersion"].startswith("keda.sh/"):
            kubernetes_validate.validate(each, version, strict=True)


def test_every_pod_has_no_rights(manifests: list[Manifest]) -> None:
    """The restricted profile, which the namespace enforces, and a root that is read-only."""
    labels = of_kind(manifests, "Namespace")["multi-job"]["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert set(pods(manifests)) == {*SERVICES, "dashboard", "redis"}
    for name, pod in pods(manifests).items():
        context = pod["securityContext"]
        assert context["runAsNonRoot"] is True, name
        assert context["runAsUser"] > 0, name
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys(), name
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
            mounts = {each["mountPath"] for each in container["volumeMounts"]}
            assert "/tmp" in mounts, name


def test_every_pod_has_probes_and_limits(manifests: list[Manifest]) -> None:
    """A process that hangs is restarted, one that starts gets no traffic, and memory has a limit."""
    for name, pod in pods(manifests).items():
        [container] = pod["containers"]
        assert {"livenessProbe", "readinessProbe"} <= container.keys(), name
        assert {"memory"} <= container["resources"]["limits"].keys(), name
        assert {"memory", "cpu"} <= container["resources"]["requests"].keys(), name
        # Both servers refuse the pod's address as a Host.
        for kind in ("livenessProbe", "readinessProbe"):
            if "httpGet" in container[kind]:
                get = container[kind]["httpGet"]
                assert get["httpHeaders"] == [{"name": "Host", "value": "localhost"}], name
                assert get["path"] == "/healthz", name
    for name in ("worker", "scheduler", "connector"):
        [container] = pods(manifests)[name]["containers"]
        check = ["python", "-m", "app.healthcheck", name]
        assert container["readinessProbe"]["exec"]["command"] == check
        # Without --live an outage of Redis would restart every process.
        assert container["livenessProbe"]["exec"]["command"] == [*check, "--live"]
    for each in of_kind(manifests, "PodDisruptionBudget").values():
        assert each["spec"]["maxUnavailable"] == 1
    assert set(of_kind(manifests, "PodDisruptionBudget")) == {*SERVICES, "dashboard"}


class _Unhealthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(503)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of its base
        """Write nothing."""


def test_api_is_alive_with_any_answer(manifests: list[Manifest]) -> None:
    """Also with the 503 of an outage of Redis; it is not alive if it does not answer."""
    [container] = pods(manifests)["api"]["containers"]
    python, option, script = container["livenessProbe"]["exec"]["command"]
    assert (python, option) == ("python", "-c")
    with HTTPServer(("127.0.0.1", 0), _Unhealthy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        command = [sys.executable, "-c", script.replace(", 8000,", f", {server.server_port},")]
        alive = subprocess.run(command, check=False, capture_output=True)
        server.shutdown()
    gone = subprocess.run(command, check=False, capture_output=True)
    assert (alive.returncode, gone.returncode) == (0, 1)


def test_a_worker_has_time_to_drain(manifests: list[Manifest]) -> None:
    """Its pod is killed only after DRAIN_SEC."""
    drain_sec = Settings(_env_file=None).drain_sec  # pyright: ignore[reportCallIssue]
    assert pods(manifests)["worker"]["terminationGracePeriodSeconds"] >= drain_sec + 10


def test_variables_are_settings(manifests: list[Manifest]) -> None:
    """Each name is one that a process reads, and the values are valid."""
    settings = {name.upper() for name in Settings.model_fields}
    known = settings | {each.name for each in OTHERS}
    [given] = [each["data"] for each in of_kind(manifests, "ConfigMap").values()]
    assert given.keys() <= known
    fields = {name.lower(): value for name, value in given.items() if name in settings}
    read = Settings(_env_file=None, **fields)  # pyright: ignore[reportCallIssue, reportArgumentType]
    assert read.redis_url == "redis://redis:6379/0"
    for name in SERVICES:
        pod = pods(manifests)[name]
        assert environment(pod).keys() <= settings, name
        [source] = pod["containers"][0]["envFrom"]
        assert source["configMapRef"]["name"].startswith("multi-job-settings-"), name
        assert not given.keys() & DEPLOYMENT_SECRETS - {"REDIS_URL"}
    assert environment(pods(manifests)["dashboard"]).keys() <= known | {"API_BASE_URL"}


def test_worker_has_memory_for_its_children(manifests: list[Manifest]) -> None:
    """Without a number they follow the cores of the node, about 60 MB each."""
    [given] = [each["data"] for each in of_kind(manifests, "ConfigMap").values()]
    limit = pods(manifests)["worker"]["containers"][0]["resources"]["limits"]["memory"]
    assert int(given["MAX_CHILD_PROCESSES"]) * 60 <= int(limit.removesuffix("Gi")) * 1024 / 2


def test_services_of_the_cluster_set_no_variables(manifests: list[Manifest]) -> None:
    """A Service `api` would set API_PORT to an address, and no process would start."""
    names = {f"{name.upper()}_PORT" for name in of_kind(manifests, "Service")}
    assert {"API_PORT", "REDIS_PORT"} <= names & {name.upper() for name in Settings.model_fields}
    assert all(pod["enableServiceLinks"] is False for pod in pods(manifests).values())


def test_secrets_go_to_those_who_need_them(manifests: list[Manifest]) -> None:
    """The table of the launcher holds here too, and the script makes what is not optional."""
    [secret] = of_kind(manifests, "Secret").values()
    for name, pod in pods(manifests).items():
        held = {
            key: each["valueFrom"]["secretKeyRef"]
            for key, each in environment(pod).items()
            if "secretKeyRef" in each.get("valueFrom", {})
        }
        allowed = {**SERVICE_SECRETS, "dashboard": {"UI_SESSION_SECRET"}, "redis": {"REDIS_PASSWORD"}}
        assert held.keys() <= allowed[name], name
        for key, reference in held.items():
            assert reference["name"] == secret["metadata"]["name"]
            assert reference["key"] == key
            assert reference.get("optional") or key in secret["data"]


def test_no_secret_is_in_the_repository() -> None:
    """`secrets.env` is made on the machine of the operator, and git ignores it."""
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert "deploy/kubernetes/secrets.env" in ignored
    listed = subprocess.run(
        ["git", "ls-files", "deploy/kubernetes"], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert "secrets.env" not in listed.stdout


def test_new_secrets_are_made_once(tmp_path: Path) -> None:
    """Random, private, and never replaced."""
    script, made = shutil.copy(FOLDER / "new-secrets.sh", tmp_path), tmp_path / "secrets.env"
    subprocess.run(["sh", script], check=True, capture_output=True)
    first = parse_env_file(made.read_text("utf-8"))
    assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in first.values())
    assert len(set(first.values())) == len(first) == 3
    assert made.stat().st_mode & 0o077 == 0
    subprocess.run(["sh", script], check=True, capture_output=True)
    assert parse_env_file(made.read_text("utf-8")) == first


def test_images_are_those_of_compose(manifests: list[Manifest]) -> None:
    """The images that `docker-compose build` makes, and the same Redis."""
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    images = {name: pod["containers"][0]["image"] for name, pod in pods(manifests).items()}
    assert {images[name] for name in SERVICES} == {"registry.example.com/multi-job:latest"}
    assert images["dashboard"] == "registry.example.com/multi-job-ui:latest"
    for name in ("multi-job", "multi-job-ui"):
        assert f":-{name}:latest}}" in compose
    assert f":-{images['redis']}}}" in compose


def test_redis_keeps_and_never_evicts(manifests: list[Manifest]) -> None:
    """As in docker-compose.yml: appended to a file, within its memory, and never without a password."""
    [container] = pods(manifests)["redis"]["containers"]
    script = container["command"][-1]
    assert "--appendonly yes --maxmemory-policy noeviction --maxmemory 768mb" in " ".join(script.split())
    assert "--hash-max-listpack-value 1024" in script
    assert "user default on #%s" in script
    assert container["resources"]["limits"]["memory"] == f"{2 * 768}Mi"


def test_workers_follow_the_lanes(manifests: list[Manifest]) -> None:
    """KEDA adds up the streams that workers read, has the password, and alone sets the number of workers."""
    scaled = of_kind(manifests, "ScaledObject")["worker"]["spec"]
    [given] = [each["data"] for each in of_kind(manifests, "ConfigMap").values()]
    lanes = (*lanes_of(["default"]), *suspect_lanes_of(["default"]))
    triggers = {each["name"]: each for each in scaled["triggers"]}
    keys = Keys(given["NAMESPACE"])
    assert {name: each["metadata"]["stream"] for name, each in triggers.items()} == {
        lane: keys.ready(lane) for lane in lanes
    }
    modifiers = scaled["advanced"]["scalingModifiers"]
    assert modifiers["formula"].split(" + ") == list(lanes)
    assert float(modifiers["target"]) <= Settings(_env_file=None).worker_concurrency  # pyright: ignore[reportCallIssue]
    for each in triggers.values():
        # With a consumerGroup it would count pending entries, which are the running ones.
        assert each["metadata"].keys() == {"address", "stream", "streamLength"}
        assert each["type"] == "redis-streams"
        assert each["authenticationRef"] == {"name": "redis"}
    address = triggers["high"]["metadata"]["address"]
    assert address == "redis.multi-job.svc:6379"
    [login] = of_kind(manifests, "TriggerAuthentication")["redis"]["spec"]["secretTargetRef"]
    [secret] = of_kind(manifests, "Secret").values()
    assert login == {"parameter": "password", "name": secret["metadata"]["name"], "key": "REDIS_PASSWORD"}
    assert scaled["minReplicaCount"] >= 2
    assert "replicas" not in of_kind(manifests, "Deployment")[scaled["scaleTargetRef"]["name"]]["spec"]


def test_network_is_closed_but_for_what_is_listed(manifests: list[Manifest]) -> None:
    """Redis serves the four services and KEDA, and the dashboard calls the API alone."""
    policies = of_kind(manifests, "NetworkPolicy")
    assert policies["deny"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    [to_api] = policies["dashboard"]["spec"]["egress"]
    assert to_api["to"] == [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "api"}}}]
    [to_redis] = policies["redis"]["spec"]["ingress"]
    [expression] = to_redis["from"][0]["podSelector"]["matchExpressions"]
    assert set(expression["values"]) == set(SERVICES)
    blocks = [
        each["ipBlock"]
        for rule in policies["services"]["spec"]["egress"]
        for each in rule["to"]
        if "ipBlock" in each
    ]
    assert {"10.0.0.0/8", "169.254.0.0/16"} <= set(blocks[0]["except"])
    selected = {
        label
        for name in policies
        for label in _selected(policies[name]["spec"]["podSelector"])
        if name != "deny"
    }
    assert selected == {*SERVICES, "dashboard", "redis"}


def _selected(selector: Manifest) -> set[str]:
    exact = set(selector.get("matchLabels", {}).values())
    return exact | {value for each in selector.get("matchExpressions", []) for value in each["values"]}


def test_ingress_names_services_that_exist(manifests: list[Manifest]) -> None:
    """Each path leads to a Service and a port of it, and each name is one that the servers know."""
    ports = {
        name: {port["name"] for port in each["spec"]["ports"]}
        for name, each in of_kind(manifests, "Service").items()
    }
    ingress = of_kind(manifests, "Ingress")["multi-job"]["spec"]
    [given] = [each["data"] for each in of_kind(manifests, "ConfigMap").values()]
    for rule in ingress["rules"]:
        for path in rule["http"]["paths"]:
            service = path["backend"]["service"]
            assert service["port"]["name"] in ports[service["name"]]
            known = given["ALLOWED_HOSTS" if service["name"] == "api" else "UI_ALLOWED_HOSTS"].split(",")
            assert rule["host"] in known
    assert ingress["tls"][0]["hosts"] == [rule["host"] for rule in ingress["rules"]]


def test_commands_of_the_page_fit_the_manifests(manifests: list[Manifest]) -> None:
    """The script, the namespace, the workloads, the Service and the images that the page names exist."""
    page = Document("docs/kubernetes.md")
    commands = [words for block in page.blocks() if block.language == "bash" for words in block.commands()]
    assert ("deploy/kubernetes/new-secrets.sh",) in commands
    assert ("kubectl", "apply", "-k", "deploy/kubernetes") in commands
    inside = [words for words in commands if words[0] == "kubectl" and words[1] != "apply"]
    assert {words[1] for words in inside} == {"--namespace=multi-job"}
    named = {word for words in inside for word in words if re.match(r"deploy/|service/", word)}
    assert named == {"deploy/api", "service/dashboard"}
    assert "api" in of_kind(manifests, "Deployment")
    assert "dashboard" in of_kind(manifests, "Service")
    pushed = {words[2] for words in commands if words[:2] == ("docker", "push")}
    assert pushed <= {pod["containers"][0]["image"] for pod in pods(manifests).values()}
    assert len(pushed) == 2


def test_page_names_the_lanes_of_a_queue() -> None:
    """Streams of a queue with workers of its own, for a ScaledObject of theirs."""
    page = Document("docs/kubernetes.md").text
    lanes = (*lanes_of(["gpu"]), *suspect_lanes_of(["gpu"]))
    assert [lane for lane in lanes if f"`{Keys().ready(lane)}`" not in page] == []
