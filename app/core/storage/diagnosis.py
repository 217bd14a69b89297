"""The cause of a failed connection to Redis, and its fix."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.core.i18n import Message, _, concat

# OpenSSL's codes. Every other one means that the issuer is not trusted, such as 18 (self-signed) and 20.
_EXPIRED, _OTHER_NAME = 10, frozenset({62, 64})
# The first byte of a TLS record with an alert: a server with TLS was sent plain text.
_TLS_ALERT = '"\\x15"'


class ConnectionFault(StrEnum):
    """Why a connection failed, as far as a person can fix it."""

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
    """A cause in words: what is wrong, and the step that mends it."""

    cause: ConnectionFault
    wrong: str
    step: str

    @property
    def text(self) -> Message:
        return _("{wrong}: {step}", wrong=self.wrong, step=self.step)


_REASONS: dict[ConnectionFault, tuple[Message, Message]] = {
    ConnectionFault.UNTRUSTED: (
        _("the server's certificate is not trusted"),
        _("name its authority in REDIS_URL, as in rediss://HOST:6379/0?ssl_ca_certs=/path/ca.pem"),
    ),
    ConnectionFault.EXPIRED: (
        _("the server's certificate has expired"),
        _("renew it there"),
    ),
    ConnectionFault.OTHER_NAME: (
        _("the server's certificate is for another name"),
        _("use a host name of the certificate in REDIS_URL"),
    ),
    ConnectionFault.NO_TLS: (
        _("the server does not speak TLS"),
        _("write redis:// instead of rediss:// in REDIS_URL, or switch TLS on there"),
    ),
    ConnectionFault.TLS_ONLY: (
        _("the server speaks TLS"),
        _("write rediss:// instead of redis:// in REDIS_URL"),
    ),
    ConnectionFault.UNKNOWN_HOST: (
        _("there is no host of this name"),
        _("correct the host in REDIS_URL"),
    ),
    ConnectionFault.WRONG_LOGIN: (
        _("the user or password is wrong"),
        _("correct REDIS_PASSWORD or the login in REDIS_URL"),
    ),
    ConnectionFault.NO_LOGIN: (
        _("the server asks for a password"),
        _("set REDIS_PASSWORD (that of docker-compose: docker-compose exec redis cat /data/login/password)"),
    ),
    ConnectionFault.OPEN: (
        _("the server has no password, but one is set here"),
        _("remove REDIS_PASSWORD (or runtime-data/redis.password of an earlier start), or set it there"),
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
    wrong, step = _REASONS[cause]
    return Reason(cause, concat(wrong, f" ({detail})") if detail else wrong, step)


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
