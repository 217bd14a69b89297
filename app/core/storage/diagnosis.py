"""The cause of a failed connection to Redis, and the step that mends it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# OpenSSL's codes. Every other one means that the issuer is not trusted, such as 18 (self-signed) and 20.
_EXPIRED, _OTHER_NAME = 10, frozenset({62, 64})
# The first byte of a TLS record with an alert: a server with TLS was sent plain text.
_TLS_ALERT = '"\\x15"'


class ConnectionFault(StrEnum):
    """Why a connection failed, as far as a person can mend it."""

    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    OTHER_NAME = "other_name"
    NO_TLS = "no_tls"
    TLS_ONLY = "tls_only"
    UNKNOWN_HOST = "unknown_host"
    WRONG_LOGIN = "wrong_login"
    NO_LOGIN = "no_login"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Reason:
    """A cause in words: what is wrong, the step that mends it, and both in Indonesian."""

    cause: ConnectionFault
    wrong: str
    step: str
    indonesian: str

    @property
    def english(self) -> str:
        return f"{self.wrong}: {self.step}"

    @property
    def text(self) -> str:
        return f"{self.english} / {self.indonesian}"


_REASONS: dict[ConnectionFault, tuple[str, str, str]] = {
    ConnectionFault.UNTRUSTED: (
        "the server's certificate is not trusted",
        "name its authority in REDIS_URL, as in rediss://HOST:6379/0?ssl_ca_certs=/path/ca.pem",
        "sertifikat server tidak dipercaya: tulis CA-nya di REDIS_URL (?ssl_ca_certs=/path/ca.pem)",
    ),
    ConnectionFault.EXPIRED: (
        "the server's certificate has expired",
        "renew it there",
        "sertifikat server sudah kedaluwarsa: perbarui di server",
    ),
    ConnectionFault.OTHER_NAME: (
        "the server's certificate is for another name",
        "use a host name of the certificate in REDIS_URL",
        "sertifikat server untuk nama lain: pakai nama host yang ada di sertifikat",
    ),
    ConnectionFault.NO_TLS: (
        "the server does not speak TLS",
        "write redis:// instead of rediss:// in REDIS_URL, or switch TLS on there",
        "server tidak memakai TLS: tulis redis:// (bukan rediss://) di REDIS_URL",
    ),
    ConnectionFault.TLS_ONLY: (
        "the server speaks TLS",
        "write rediss:// instead of redis:// in REDIS_URL",
        "server memakai TLS: tulis rediss:// (bukan redis://) di REDIS_URL",
    ),
    ConnectionFault.UNKNOWN_HOST: (
        "there is no host of this name",
        "correct the host in REDIS_URL",
        "nama host tidak ditemukan: periksa host di REDIS_URL",
    ),
    ConnectionFault.WRONG_LOGIN: (
        "the user or password is wrong",
        "correct REDIS_PASSWORD or the login in REDIS_URL",
        "pengguna atau kata sandi salah: periksa REDIS_PASSWORD atau REDIS_URL",
    ),
    ConnectionFault.NO_LOGIN: (
        "the server asks for a password",
        "set REDIS_PASSWORD (that of docker-compose: docker-compose exec redis cat /data/login/password)",
        "server meminta kata sandi: isi REDIS_PASSWORD",
    ),
    ConnectionFault.OPEN: (
        "the server has no password, but one is set here",
        "remove REDIS_PASSWORD (or runtime-data/redis.password of an earlier start), or set it there",
        "server tidak memakai kata sandi: kosongkan REDIS_PASSWORD, atau pasang kata sandi di server",
    ),
}


def reason_of(error: BaseException) -> Reason | None:
    """Return the cause of a failed connection; None if it is another one, such as a server that is down."""
    for each in _chain(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            return reason_for(_certificate_cause(each), each.verify_message)
        if isinstance(each, ssl.SSLError) and each.reason == "WRONG_VERSION_NUMBER":
            return reason_for(ConnectionFault.NO_TLS)
        if isinstance(each, socket.gaierror):
            return reason_for(ConnectionFault.UNKNOWN_HOST)
    return reason_of_answer(str(error))


def reason_of_answer(text: str) -> Reason | None:
    """Return the cause that an answer of the server names; clients may leave its first word out."""
    if _TLS_ALERT in text:
        return reason_for(ConnectionFault.TLS_ONLY)
    if "without any password configured" in text:
        return reason_for(ConnectionFault.OPEN)
    if "NOAUTH" in text or "Authentication required" in text:
        return reason_for(ConnectionFault.NO_LOGIN)
    if "WRONGPASS" in text or "invalid username-password pair" in text:
        return reason_for(ConnectionFault.WRONG_LOGIN, text)
    return None


def explained(error: BaseException) -> str:
    """Return the cause of a failed connection in words, or the error's own text."""
    reason = reason_of(error)
    return reason.text if reason else str(error)


def reason_for(cause: ConnectionFault, detail: str = "") -> Reason:
    """Return the reason for a cause; the detail is the server's or OpenSSL's own text."""
    wrong, step, indonesian = _REASONS[cause]
    return Reason(cause, f"{wrong} ({detail})" if detail else wrong, step, indonesian)


def _certificate_cause(error: ssl.SSLCertVerificationError) -> ConnectionFault:
    code = error.verify_code
    if code == _EXPIRED:
        return ConnectionFault.EXPIRED
    return ConnectionFault.OTHER_NAME if code in _OTHER_NAME else ConnectionFault.UNTRUSTED


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and the ones that it was raised for."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
