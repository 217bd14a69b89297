"""The login of a Redis address: URL, setting, file or embedded server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from app.core.errors import ConfigurationError
from app.core.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_PORT = 6379
# The embedded server listens on IPv4 only.
_EMBEDDED_HOSTS = frozenset({"127.0.0.1", "localhost"})


def embedded_password_file(data_dir: Path) -> Path:
    """Return the file of the embedded server's password; the launcher makes it when it starts that server."""
    return data_dir / "redis.password"


def find_password(url: str, redis_port: int, file: Path | None, data_dir: Path) -> str:
    """Return the password for a REDIS_URL without REDIS_PASSWORD; '' if the URL has a login or none is known.

    It is the one in REDIS_PASSWORD_FILE, or the embedded server's if the URL names that server.
    """
    if has_login(url):
        return ""
    if file is not None:
        return read_password(file, required=True)
    if names_embedded(url, redis_port):
        return read_password(embedded_password_file(data_dir), required=False)
    return ""


def read_password(path: Path, *, required: bool) -> str:
    """Return the password in a file; '' if the file is missing and not required.

    Raises ConfigurationError if the file can't be read or is empty.
    """
    try:
        password = path.read_text("utf-8").strip("\r\n")
    except FileNotFoundError as error:
        if not required:
            return ""
        raise ConfigurationError(_("REDIS_PASSWORD_FILE: there is no file {path}", path=path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            _(
                "the Redis password in {path} can't be read ({error}): use the account that "
                "started the platform, or set REDIS_PASSWORD",
                path=path,
                error=_reason(error),
            )
        ) from error
    if not password:
        raise ConfigurationError(_("{path} is empty: delete it and start again", path=path))
    return password


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def names_embedded(url: str, redis_port: int) -> bool:
    """Return whether REDIS_URL is unset or names loopback at REDIS_PORT, without TLS."""
    if not url:
        return True
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORT
    except ValueError:
        return False
    return parts.scheme == "redis" and parts.hostname in _EMBEDDED_HOSTS and port == redis_port


def password_of(url: str) -> str:
    """Return the password that a Redis URL carries; '' if there is none."""
    login = url.partition("://")[2].rpartition("@")[0]
    return unquote(login.partition(":")[2])


def has_login(url: str) -> bool:
    """Return whether a Redis URL carries a user or a password."""
    return "@" in url.partition("://")[2]


def with_password(url: str, password: str) -> str:
    """Return a Redis URL with a password; a URL that carries a login keeps its own."""
    scheme, separator, rest = url.partition("://")
    if not password or not separator or has_login(url):
        return url
    return f"{scheme}://:{quote(password, safe='')}@{rest}"
