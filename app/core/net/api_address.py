"""Where the API is and the key for it: one answer for the command line, the Python client and MCP.

A key goes only to an address that the user has chosen: by an argument, the environment, `multi-job login`, or
the `.env` of the user's own deployment. A `.env` of the current folder is data of a stranger. It may name a
port on loopback for requests without a key, and nothing else.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

import httpx
from dotenv import dotenv_values

from app.core.errors import ConfigurationError
from app.core.home.local_key import local_key_file, read_local_key
from app.core.home.ownership import why_foreign
from app.core.home.places import ENV_FILE, own_folder
from app.core.home.running import running_platform
from app.core.i18n import Message, _
from app.core.net.credentials import authorization_of, typed_key
from app.core.net.login import read_login
from app.core.net.socket_owner import open_socket_owners

URL: Final = "MULTI_JOB_URL"
KEY: Final = "MULTI_JOB_API_KEY"
ALLOW_HTTP: Final = "MULTI_JOB_ALLOW_HTTP"
PORT: Final = "API_PORT"
_DEFAULT_PORT: Final = "8000"
_MOST_PORT: Final = 65_535
_ANYBODY: Final = _("a `.env` of a folder may be anybody's")
_YES: Final = frozenset({"1", "true", "yes", "on"})


class AddressSource(StrEnum):
    """The place that names the address of the API."""

    ARGUMENT = "argument"
    ENVIRONMENT = "environment"
    LOGIN = "login"
    DEPLOYMENT = "deployment"
    """The running platform, or the `.env` of the checkout or of the folder in which it was started."""
    DEFAULT = "default"
    FOLDER = "folder"
    """A `.env` of the current folder, which may be anybody's: no key is sent there."""


class KeySource(StrEnum):
    """The place that a key comes from."""

    ARGUMENT = "argument"
    ENVIRONMENT = "environment"
    LOGIN = "login"
    LOCAL_FILE = "local file"
    """The local key of this machine's own deployment."""


@dataclass(frozen=True, slots=True)
class ApiAddress:
    """The address of the API, and the place that names it."""

    url: str
    source: AddressSource
    file: Path | None = None
    """The `.env` that names it."""
    names_url: bool = False
    """Whether that file names MULTI_JOB_URL, and not only a port."""
    doubt: Message | None = None
    """Why the deployment's own file is not trusted."""


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """The address of the API, and the key that may be sent there."""

    url: str
    source: AddressSource
    key: str | None = field(default=None, repr=False)
    key_source: KeySource | None = None

    @property
    def auth(self) -> KeyAuth | None:
        """Return what adds the key to requests; None without a key."""
        return None if self.key is None else KeyAuth(self.url, self.key)


class KeyAuth(httpx.Auth):
    """Adds a key to requests for its own origin: a link or a redirect to another one goes without it."""

    def __init__(self, url: str, key: str) -> None:
        self._origin = _origin(httpx.URL(url))
        self._authorization = authorization_of(key)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Send the request, with the key if it goes to the key's origin."""
        if _origin(request.url) == self._origin:
            request.headers["Authorization"] = self._authorization
        yield request


def api_access(url: str | None = None, key: str | None = None) -> ApiAccess:
    """Return the address and its key; the arguments of a program win.

    Raises ConfigurationError if a key would go to an address that it is not for, or over a network in clear.
    """
    address = find_address(url)
    if address.source is AddressSource.FOLDER and address.names_url:
        raise _foreign_url(address)
    found, source = _find_key(address, key)
    if found is None:
        return ApiAccess(address.url, address.source)
    if address.source is AddressSource.FOLDER:
        raise _foreign_port(address)
    require_private(address.url)
    return ApiAccess(address.url, address.source, found, source)


def address_for_callers() -> str:
    """Return the address for a server that passes the keys of its callers on.

    Raises ConfigurationError if `api_access` would send no key there.
    """
    address = find_address()
    if address.source is AddressSource.FOLDER:
        raise _foreign_url(address) if address.names_url else _foreign_port(address)
    require_private(address.url)
    return address.url


def api_url() -> str:
    """Return the address of the API for messages; a request needs `api_access`."""
    return find_address().url


def find_address(url: str | None = None) -> ApiAddress:
    """Return the first address that an argument, the environment, the login or a `.env` names."""
    if url:
        return ApiAddress(url, AddressSource.ARGUMENT)
    if given := os.environ.get(URL):
        return ApiAddress(given, AddressSource.ENVIRONMENT)
    if port := os.environ.get(PORT):
        return ApiAddress(_loopback(port), AddressSource.ENVIRONMENT)
    if (login := read_login()) is not None:
        return ApiAddress(login.url, AddressSource.LOGIN)
    folder = own_folder()
    own = _named_in(folder / ENV_FILE, is_own=True) if folder else None
    # The ports of its start may have been in another shell. An address that the file names is for a reason.
    running = None if own is not None and own.names_url else running_platform()
    if running is not None:
        own = ApiAddress(running.api_url, AddressSource.DEPLOYMENT, running.home / "runtime-data")
    trusted = own or ApiAddress(_loopback(_DEFAULT_PORT), AddressSource.DEFAULT)
    here = Path(ENV_FILE).absolute()
    if folder is not None and here.parent == folder.resolve():
        return trusted
    found = _named_in(here, is_own=False)
    return trusted if found is None or _is_same(found.url, trusted.url) else found


def require_private(url: str) -> None:
    """Raise ConfigurationError if a key would leave this machine in clear without ALLOW_HTTP."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        # No request can be made of it; httpx says why.
        return
    allowed = os.environ.get(ALLOW_HTTP, "").strip().lower() in _YES
    if parsed.scheme == "https" or is_loopback_host(parsed.host) or allowed:
        return
    raise ConfigurationError(
        _(
            "The key is not sent to {url}: without TLS, others on the way can read it. Use https://, or set "
            "{variable}=1 if the whole way is a private network, such as that of Docker Compose.",
            url=url,
            variable=ALLOW_HTTP,
        )
    )


def is_loopback_host(host: str) -> bool:
    """Return whether a host of a URL is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _find_key(address: ApiAddress, key: str | None) -> tuple[str | None, KeySource | None]:
    """Return the key for an address: that of the program, of the environment, or one that is stored for it.

    A stored key is for its own address alone, and never for one that a folder's file names.
    """
    if key:
        return _checked(key, _("The key that was given")), KeySource.ARGUMENT
    if given := os.environ.get(KEY):
        return _checked(given, KEY), KeySource.ENVIRONMENT
    if address.source is AddressSource.FOLDER:
        return None, None
    login = read_login()
    if login is not None and _is_same(login.url, address.url):
        return login.key, KeySource.LOGIN
    local = _local_key(address.url)
    return local, None if local is None else KeySource.LOCAL_FILE


def _local_key(url: str) -> str | None:
    """Return the local key for an API on loopback; None if it is not our user who listens there.

    While the API is down, another user of the machine could listen in its place and collect the key. Only
    Linux reports who listens.
    """
    try:
        parsed = httpx.URL(url)
        if not is_loopback_host(parsed.host) or (key := read_local_key(local_key_file())) is None:
            return None
    except (httpx.InvalidURL, PermissionError):
        return None
    owners = open_socket_owners()
    host = "127.0.0.1" if parsed.host.lower() == "localhost" else parsed.host
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    return key if not owners.can_prove or owners.listener_uid((host, port)) == os.geteuid() else None


def _checked(text: str, name: str) -> str:
    if (key := typed_key(text)) is None:
        raise ConfigurationError(
            _("{name} is no key: a key has only ASCII letters, digits and signs, and no blanks.", name=name)
        )
    return key


def _named_in(file: Path, *, is_own: bool) -> ApiAddress | None:
    """Return the address that a `.env` names; None if it names none, or cannot be read."""
    try:
        reason = why_foreign(file)
        is_trusted = is_own and reason is None
        # Without references to variables: a stranger's file must not put a secret into an address.
        given: Mapping[str, str | None] = dotenv_values(file, interpolate=is_trusted)
    except (OSError, UnicodeDecodeError):
        return None
    url, port = given.get(URL), given.get(PORT)
    if not url and not port:
        return None
    source = AddressSource.DEPLOYMENT if is_trusted else AddressSource.FOLDER
    found = ApiAddress(url or _loopback(port or "", file), source, file, names_url=bool(url))
    return replace(found, doubt=reason) if is_own and reason else found


def _loopback(port: str, file: Path | None = None) -> str:
    """Return the address of a port on loopback; ConfigurationError if it is no number of a port."""
    text = port.strip()
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST_PORT:
        raise ConfigurationError(
            _(
                "{name}={text!r} in {place} is no port: use a number from 1 to {max_port}.",
                name=PORT,
                text=text,
                place=file or _("the environment"),
                max_port=_MOST_PORT,
            )
        )
    return f"http://127.0.0.1:{text}"


def _is_same(one: str, other: str) -> bool:
    try:
        first, second = httpx.URL(one), httpx.URL(other)
    except httpx.InvalidURL:
        return one == other
    same_path = first.path.rstrip("/") == second.path.rstrip("/")
    return same_path and _origin(first) == _origin(second)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    # httpx leaves the usual port of a scheme out.
    return url.scheme, url.host, url.port


def _foreign_url(address: ApiAddress) -> ConfigurationError:
    return ConfigurationError(
        _(
            "{file} names {variable}={url}, and nothing was sent there: {doubt}. If you want that address: "
            "set {variable} in the environment, or run `multi-job login {url}`.",
            file=address.file,
            variable=URL,
            url=address.url,
            doubt=address.doubt or _ANYBODY,
        )
    )


def _foreign_port(address: ApiAddress) -> ConfigurationError:
    return ConfigurationError(
        _(
            "The key is not sent to {url}: {file} names that port, and {doubt}. If your platform is there: "
            "set {variable}={url} in the environment, or run `multi-job login {url}`.",
            file=address.file,
            url=address.url,
            variable=URL,
            doubt=address.doubt or _ANYBODY,
        )
    )
