"""The address of the API and the key for it: which place names them, and where no key goes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import httpx
import pytest

from app.core.errors import ConfigurationError
from app.core.home import places
from app.core.home.ownership import refuse_foreign, why_foreign
from app.core.home.places import own_env_file, own_folder, remember_folder
from app.core.net.api_address import (
    AddressSource,
    ApiAccess,
    KeySource,
    address_for_callers,
    api_access,
    api_url,
    require_private,
)
from app.core.net.login import StoredLogin, login_file, read_login, remove_login, store_login

KEY = "mj_key-of-the-environment"
STORED = StoredLogin("https://jobs.example.com/rest", "mj_key-of-the-login")
posix = pytest.mark.skipif(sys.platform == "win32", reason="owners and modes of POSIX")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package, a user without any setting, and an empty folder that is the current one."""
    for name in ("MULTI_JOB_URL", "MULTI_JOB_API_KEY", "API_PORT", "MULTI_JOB_ALLOW_HTTP", "SUDO_UID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(places, "IS_CHECKOUT", False)
    monkeypatch.setenv("MULTI_JOB_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("app.core.net.login.config_folder", lambda: tmp_path / "config")
    here = tmp_path / "folder"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


def env_file(folder: Path, *lines: str) -> Path:
    file = folder / ".env"
    file.write_text("\n".join([*lines, ""]), "utf-8")
    file.chmod(0o644)
    return file


def found(access: ApiAccess) -> tuple[str, str | None, AddressSource]:
    return access.url, access.key, access.source


def test_address_is_that_of_the_first_place_that_names_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Argument, environment, login, the deployment's own file, and loopback at 8000."""
    assert found(api_access()) == ("http://127.0.0.1:8000", None, AddressSource.DEFAULT)
    (tmp_path / "own").mkdir()
    env_file(tmp_path / "own", "API_PORT=8100")
    remember_folder(tmp_path / "home", tmp_path / "own")
    assert found(api_access()) == ("http://127.0.0.1:8100", None, AddressSource.DEPLOYMENT)
    store_login(STORED)
    assert found(api_access()) == (STORED.url, STORED.key, AddressSource.LOGIN)
    monkeypatch.setenv("API_PORT", "8300")
    assert found(api_access()) == ("http://127.0.0.1:8300", None, AddressSource.ENVIRONMENT)
    monkeypatch.setenv("MULTI_JOB_URL", "https://other.example")
    assert found(api_access()) == ("https://other.example", None, AddressSource.ENVIRONMENT)
    assert found(api_access("https://third.example")) == (
        "https://third.example",
        None,
        AddressSource.ARGUMENT,
    )
    assert api_url() == "https://other.example"


def test_port_of_a_folder_is_used_without_a_key_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger chose the port: whatever listens there gets no key, and the text says what allows it."""
    env_file(folder, "API_PORT=8200")
    assert found(api_access()) == ("http://127.0.0.1:8200", None, AddressSource.FOLDER)
    with pytest.raises(
        ConfigurationError, match=r"The key is not sent to http://127.0.0.1:8200: .*/folder/.env"
    ):
        api_access(key=KEY)
    monkeypatch.setenv("MULTI_JOB_API_KEY", KEY)
    with pytest.raises(
        ConfigurationError, match=r"set MULTI_JOB_URL=http://127.0.0.1:8200 in the environment"
    ):
        api_access()
    with pytest.raises(ConfigurationError, match="multi-job login"):
        address_for_callers()
    monkeypatch.setenv("MULTI_JOB_URL", "http://127.0.0.1:8200")
    assert api_access().key == KEY


def test_port_of_a_folder_that_is_the_own_one_anyway_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many projects name 8000."""
    env_file(folder, "API_PORT=8000")
    monkeypatch.setenv("MULTI_JOB_API_KEY", KEY)
    assert found(api_access()) == ("http://127.0.0.1:8000", KEY, AddressSource.DEFAULT)


@pytest.mark.parametrize("key", [None, KEY])
def test_url_of_a_folder_gets_nothing(folder: Path, key: str | None) -> None:
    """Requests hold tokens and texts too, so not even one without a key is sent there."""
    env_file(folder, "MULTI_JOB_URL=http://127.0.0.1:8200", "API_PORT=8000")
    with pytest.raises(
        ConfigurationError, match=r"names MULTI_JOB_URL=http://127\.0\.0\.1:8200, and nothing"
    ):
        api_access(key=key)
    with pytest.raises(ConfigurationError, match="MULTI_JOB_URL"):
        address_for_callers()


@pytest.mark.parametrize("port", ["8000@evil.example:80", "80 00", "0", "65536", "٨٠٠٠", "${SECRET_KEY}"])
def test_port_that_is_none_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    """It would be part of an address; a reference to a variable of the user is not filled in."""
    monkeypatch.setenv("SECRET_KEY", "8123")
    env_file(folder, f"API_PORT='{port}'")
    with pytest.raises(ConfigurationError, match=r"API_PORT=.* in .*/folder/\.env is no port"):
        api_access()


def test_folder_of_the_start_is_the_deployments_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a start there, its `.env` names the address of the key as well."""
    env_file(folder, "API_PORT=8200")
    monkeypatch.setenv("MULTI_JOB_API_KEY", KEY)
    remember_folder(Path(os.environ["MULTI_JOB_HOME"]), folder)
    assert own_folder() == folder
    assert found(api_access()) == ("http://127.0.0.1:8200", KEY, AddressSource.DEPLOYMENT)
    env_file(folder, "MULTI_JOB_URL=https://jobs.example.com")
    assert found(api_access()) == ("https://jobs.example.com", KEY, AddressSource.DEPLOYMENT)


def test_folder_of_each_start_is_own_in_itself_and_the_last_one_elsewhere(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user may have several installations; the list of their folders is bounded."""
    home = Path(os.environ["MULTI_JOB_HOME"])
    for number in range(25):
        remember_folder(home, tmp_path / f"other-{number}")
    remember_folder(home, folder)
    remember_folder(home, tmp_path / "last")
    assert own_folder() == folder
    monkeypatch.chdir(tmp_path)
    assert own_folder() == tmp_path / "last"
    assert len((home / "runtime-data" / "started-in").read_text("utf-8").splitlines()) == 20


@posix
def test_own_file_that_others_may_change_is_not_trusted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by its address nor by the record of the start, and the text has the reason."""
    file = env_file(folder, "API_PORT=8200")
    home = Path(os.environ["MULTI_JOB_HOME"])
    remember_folder(home, folder)
    monkeypatch.setenv("MULTI_JOB_API_KEY", KEY)
    file.chmod(0o666)
    with pytest.raises(ConfigurationError, match=r"other users may change it \(mode 666\)"):
        api_access()
    assert own_env_file() is None
    file.chmod(0o600)
    (home / "runtime-data" / "started-in").chmod(0o602)
    assert own_folder() is None


def test_stored_key_goes_to_its_own_address_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written in another way it is the same address; another port, path or scheme is another one."""
    store_login(STORED)
    for same in ("https://jobs.example.com/rest/", "https://JOBS.example.com:443/rest"):
        assert api_access(same).key == STORED.key
    others = (
        "https://jobs.example.com",
        "https://jobs.example.com:8443/rest",
        "http://jobs.example.com/rest",
    )
    for other in (*others, "https://jobs.example.com.evil.example/rest", "https://a@evil.example/rest"):
        assert api_access(other).key is None
    monkeypatch.setenv("MULTI_JOB_API_KEY", KEY)
    assert (api_access().key, api_access().key_source) == (KEY, KeySource.ENVIRONMENT)
    assert remove_login()
    assert not remove_login()
    assert read_login() is None


@pytest.mark.parametrize(
    ("url", "served"),
    [
        ("https://jobs.example.com", True),
        ("http://127.0.0.1:8000", True),
        ("http://127.8.9.10", True),
        ("http://[::1]:8000", True),
        ("http://localhost:8000", True),
        ("http://LOCALHOST", True),
        ("http://jobs.example.com", False),
        ("http://10.0.0.5:8000", False),
        ("http://api:8000", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://127.0.0.1@evil.example", False),
        ("ftp://jobs.example.com", False),
        ("jobs.example.com", False),
    ],
)
def test_key_leaves_this_machine_over_tls_only(
    url: str, served: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless the operator says that the way is private."""
    if served:
        assert api_access(url, KEY).key == KEY
        return
    with pytest.raises(ConfigurationError, match=r"without TLS.*MULTI_JOB_ALLOW_HTTP=1"):
        api_access(url, KEY)
    assert api_access(url).key is None
    monkeypatch.setenv("MULTI_JOB_ALLOW_HTTP", "1")
    require_private(url)


@pytest.mark.parametrize("key", ["two words", " ", "mj_\u00e9", "a\x00b", "mj\u00a0"])
def test_key_that_is_none_is_refused_before_a_request(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text names the variable, and not its value."""
    with pytest.raises(ConfigurationError, match="is no key") as refused:
        api_access("https://jobs.example.com", key)
    assert key.strip() not in str(refused.value) or not key.strip()
    if "\x00" not in key:
        monkeypatch.setenv("MULTI_JOB_API_KEY", key)
        with pytest.raises(ConfigurationError, match="MULTI_JOB_API_KEY is no key"):
            api_access()


def test_key_is_added_for_its_own_origin_alone() -> None:
    """A link or a redirect of the API to another host, port or scheme is followed without it."""
    seen: list[tuple[str, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((str(request.url), request.headers.get("authorization")))
        moved = (
            {"location": "http://127.0.0.1:2/b"} if request.url.port == 1 and request.url.path == "/a" else {}
        )
        return httpx.Response(302 if moved else 200, headers=moved)

    access = api_access("http://127.0.0.1:1", KEY)
    transport = httpx.MockTransport(answer)
    with httpx.Client(base_url=access.url, auth=access.auth, transport=transport) as client:
        client.get("/jobs")
        client.get("http://127.0.0.1:2/jobs")
        client.get("https://127.0.0.1:1/jobs")
        client.get("/a", follow_redirects=True)
    keyed = [url for url, sent in seen if sent == f"Bearer {KEY}"]
    assert keyed == ["http://127.0.0.1:1/jobs", "http://127.0.0.1:1/a"]
    assert [sent for url, sent in seen if url not in keyed] == [None, None, None]


def test_key_is_in_no_representation() -> None:
    """A traceback with local values shows no key."""
    assert KEY not in repr(api_access("https://jobs.example.com", KEY))
    assert STORED.key not in repr(STORED)


@posix
def test_login_is_read_only_if_it_is_the_users_alone(tmp_path: Path) -> None:
    """A file that others could read or make is refused with the next step; a damaged one too."""
    file = store_login(STORED)
    assert file == login_file()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert read_login() == STORED
    file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="other users may read it"):
        read_login()
    file.unlink()
    target = tmp_path / "elsewhere.json"
    target.write_text(json.dumps({"url": "https://evil.example", "key": "mj_x"}), "utf-8")
    file.symlink_to(target)
    with pytest.raises(ConfigurationError, match="no plain file"):
        read_login()
    file.unlink()
    for damaged in ("", "[]", "{}", '{"url": 1, "key": "mj_x"}', '{"url": "https://a", "key": "a b"}'):
        file.write_text(damaged, "utf-8")
        file.chmod(0o600)
        with pytest.raises(ConfigurationError, match="cannot be read as a login"):
            read_login()


@posix
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() != 0, reason="only root may give a file away")
def test_file_of_another_user_is_foreign(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also as the target of a link; sudo's own user is the same person."""
    file = env_file(folder, "API_PORT=8200")
    assert why_foreign(file) is None
    os.chown(file, 65_534, 65_534)
    assert "it belongs to the user" in (why_foreign(file) or "")
    with pytest.raises(ConfigurationError, match=r"folder/\.env is not used: it belongs to the user"):
        refuse_foreign(file)
    monkeypatch.setenv("SUDO_UID", "65534")
    assert why_foreign(file) is None
    monkeypatch.delenv("SUDO_UID")
    link = folder / "link"
    link.symlink_to(file)
    assert why_foreign(link) is not None
    refuse_foreign(folder / "none")
