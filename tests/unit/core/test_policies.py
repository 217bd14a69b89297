"""Tool policies: allowed and denied calls, syntax of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.core.config import Settings
from app.core.errors import ConfigurationError, PolicyDenied
from app.core.policies import (
    SHIPPED_FILE,
    Allowance,
    Policies,
    PolicyFile,
    load_policies,
    read_policy_file,
)


def policies(text: str) -> Policies:
    return Policies(PolicyFile.model_validate(yaml.safe_load(text)).types)


def allowance(text: str, job_type: str = "a.b", tool: str = "http") -> Allowance:
    found = policies(text).allowance(job_type, tool)
    assert found is not None
    return found


def test_policy_denies_by_default() -> None:
    """An unknown type may use nothing, and a known type nothing that is not named."""
    rules = policies("types: {a.b: {allow: [kv]}}")
    assert rules.allowance("x.y", "kv") is None
    assert rules.allowance("a.b", "http") is None
    assert rules.allowance("a.b", "kv") is not None


def test_policy_deny_wins_over_allow() -> None:
    """A denied tool stays denied, whichever pattern that matches denies it."""
    assert policies("types: {a.b: {allow: [kv], deny: [kv]}}").allowance("a.b", "kv") is None
    broad = policies("types: {a.b: {allow: [kv]}, 'a.*': {deny: [kv]}}")
    assert broad.allowance("a.b", "kv") is None


def test_policy_most_specific_pattern_allows() -> None:
    """The type itself, else the longest wildcard, says what is allowed; they do not add up."""
    rules = policies("types: {'*': {allow: [kv]}, 'a.*': {allow: [metrics]}, a.b: {allow: {kv: {calls: 1}}}}")
    found = rules.allowance("a.b", "kv")
    assert found is not None
    assert found.calls == 1
    assert rules.allowance("a.b", "metrics") is None
    assert rules.allowance("a.c", "metrics") is not None
    assert rules.allowance("a.c", "kv") is None
    assert rules.allowance("z", "kv") is not None


@pytest.mark.parametrize(("job_type", "covered"), [("test.a", True), ("test.a.b", True), ("tests.a", False)])
def test_policy_wildcard_covers_whole_parts(job_type: str, covered: bool) -> None:
    """`test.*` covers names below `test.`, and no name that merely has the same first letters."""
    rules = policies("types: {'test.*': {allow: [kv]}}")
    assert (rules.allowance(job_type, "kv") is not None) is covered


def test_policy_check_tools_names_the_line_to_add() -> None:
    """A refusal names the tools, the line to add and its file."""
    rules = policies("types: {a.b: {allow: [kv]}}")
    rules.check_tools("a.b", ("kv",))
    with pytest.raises(PolicyDenied, match=r"types: \{a\.b: \{allow: \[http, files\]\}\}"):
        rules.check_tools("a.b", ("kv", "http", "files"))


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("example.org", True),
        ("EXAMPLE.org", True),
        ("www.example.org", True),
        ("internal.example.org", False),
        ("INTERNAL.example.org", False),
        ("example.org.evil.net", False),
        ("notexample.org", False),
    ],
)
def test_policy_hosts_match_without_case_and_denials_win(host: str, allowed: bool) -> None:
    """Hosts are compared without case; a denied host is out of reach under any wildcard."""
    rule = allowance(
        "types: {a.b: {allow: {http: {hosts: [example.org, '*.example.org']}},"
        " deny: {http: {hosts: [internal.example.org]}}}}"
    )
    assert rule.allows("hosts", host) is allowed


def test_policy_allowed_tool_reaches_no_place_that_is_not_named() -> None:
    """A tool without hosts reaches none: the default is denial there as well."""
    rule = allowance("types: {a.b: {allow: [http]}}")
    assert not rule.allows("hosts", "example.org")
    with pytest.raises(PolicyDenied, match=r"http: \{hosts: \['example\.org'\]\}"):
        rule.require("hosts", "example.org")


def test_policy_paths_keep_their_case() -> None:
    """A path is not the same path in other letters."""
    rule = allowance("types: {a.b: {allow: {files: {paths: ['exports/*']}}}}", tool="files")
    assert rule.allows("paths", "exports/a.json")
    assert not rule.allows("paths", "Exports/a.json")


def test_policy_denials_of_a_place_come_from_every_pattern() -> None:
    """A place that a broad pattern denies is denied to every type below it."""
    rule = allowance(
        "types: {a.b: {allow: {http: {hosts: ['*']}}}, '*': {deny: {http: {hosts: [secret.org]}}}}"
    )
    assert not rule.allows("hosts", "secret.org")
    assert rule.allows("hosts", "other.org")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("types: {a.b: {allow: {http: {calls: 0}}}}", "/types/a.b/allow/http/calls"),
        ("types: {a.b: {allow: {http: {calls: yes}}}}", "/types/a.b/allow/http/calls"),
        ("types: {a.b: {allow: {http: {host: [x]}}}}", "/types/a.b/allow/http/host"),
        ("types: {a.b: {alow: [kv]}}", "/types/a.b/alow"),
        ("types: {'a*': {}}", "/types/a*"),
        ("types: {a.b: {allow: ['K V']}}", "/types/a.b/allow/K V"),
        ("types: [a]", "/types"),
        ("[]", "policy file"),
        ("", "policy file"),
        ("types: {a.b: {allow: [kv]}, a.b: {}}", "'a.b' is given twice"),
        ("types: {", "policy file"),
        ("types: !!python/object/apply:os.system ['true']", "policy file"),
        ("types: {? [a] : {}}", "policy file"),
    ],
)
def test_policy_file_error_names_file_and_place(tmp_path: Path, text: str, complaint: str) -> None:
    """What cannot be right is refused with the file and the place in it."""
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_policy_file(path)
    assert str(path) in caught.value.message
    assert complaint in caught.value.message


def test_policy_file_that_is_missing_is_named(tmp_path: Path) -> None:
    """A POLICIES_FILE that is not there stops the start."""
    with pytest.raises(ConfigurationError, match=r"absent\.yaml"):
        read_policy_file(tmp_path / "absent.yaml")


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue]


def test_policies_of_the_deployment_replace_type_by_type(tmp_path: Path) -> None:
    """POLICIES_FILE replaces the rules of the types it names and leaves the others."""
    path = tmp_path / "own.yaml"
    path.write_text("types: {simulation.load: {allow: [kv]}, own.type: {allow: [metrics]}}")
    loaded = load_policies(settings(policies_file=path))
    assert loaded.allowance("simulation.load", "kv") is not None
    assert loaded.allowance("own.type", "metrics") is not None
    assert set(read_policy_file(SHIPPED_FILE).types) <= set(loaded.types)
    assert load_policies(settings()).allowance("simulation.load", "kv") is None


@pytest.mark.parametrize(
    ("pattern", "place", "allowed", "denied"),
    [
        ("example.org", "example.org", True, True),
        ("example.org", "example.org:80", True, True),
        ("example.org", "EXAMPLE.org:443", True, True),
        ("example.org", "example.org:8443", False, True),
        ("example.org:8443", "example.org:8443", True, True),
        ("example.org:8443", "example.org:443", False, False),
        ("example.org:8443", "example.org", False, False),
        ("*.example.org:84*", "a.example.org:8443", True, True),
        ("*", "example.org:22", False, True),
        ("*:*", "example.org:22", True, True),
        ("[ab].example.org", "a.example.org:80", True, True),
        ("[2001:db8::1]", "[2001:db8::1]:443", True, True),
        ("[2001:db8::1]", "[2001:db8::1]:81", False, True),
        ("[2001:DB8::1]:81", "[2001:db8::1]:81", True, True),
        ("[2001:db8::1]", "[2001:db8::2]:443", False, False),
        ("*:*", "[2001:db8::1]:9", True, True),
    ],
)
def test_policy_hosts_may_name_ports(pattern: str, place: str, *, allowed: bool, denied: bool) -> None:
    """Without a port an allowance means 80 and 443, a denial every port."""
    allowing = allowance(f"types: {{a.b: {{allow: {{http: {{hosts: ['{pattern}']}}}}}}}}")
    assert allowing.allows("hosts", place) is allowed
    denying = allowance(
        f"types: {{a.b: {{allow: {{http: {{hosts: ['*:*']}}}}, deny: {{http: {{hosts: ['{pattern}']}}}}}}}}"
    )
    assert denying.denies("hosts", place) is denied
    if denied:
        assert not denying.allows("hosts", place)


@pytest.mark.parametrize(
    ("place", "line"), [("a.org:443", "'a.org'"), ("a.org:81", "'a.org:81'"), ("[::1]:80", r"'\[::1\]'")]
)
def test_policy_refusal_names_a_host_as_one_would_write_it(place: str, line: str) -> None:
    """The line to add has the port only if it is required."""
    with pytest.raises(PolicyDenied, match=rf"hosts: \[{line}\]"):
        allowance("types: {a.b: {allow: [http]}}").require("hosts", place)
