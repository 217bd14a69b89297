"""Channel accounts: the stored form, the draft of a save, and its validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError

from app.core.connectors.base import ChannelKind
from app.core.connectors.channels import CHANNELS
from app.core.errors import FieldProblem, InvalidInput
from app.core.fields import validation_problems
from app.core.i18n import _
from app.core.recipient import (
    ACCOUNT_ID_PATTERN,
    MAX_TO_CHARS,
    SANDBOX_ACCOUNT,
    SANDBOX_CHANNEL,
    SANDBOX_TO,
    account_name,
    is_account_id,
    is_recipient,
)
from app.core.text import line_problem

MAX_CHATS = 200
MAX_SECRETS, MAX_SECRET_CHARS = 20, 8_192
MAX_SETTINGS_BYTES = 16_384
MAX_CHAT_USERS, MAX_USER_NAME_CHARS = 200, 80
_NO_TEXTS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class ChatUser:
    """A person who may act in groups: the id of the channel, and a name for readers."""

    id: str
    name: str = ""

    @property
    def shown(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account without secret values; only the names of its secrets are there."""

    channel: str
    account_id: str
    settings: Mapping[str, Any]
    secret_names: tuple[str, ...]
    default_to: str | None
    allow_chats: tuple[str, ...]
    commands: bool
    enabled: bool
    revision: int
    """Changes with each save and is never reused; 0 for the sandbox's own account."""
    created_at: int
    updated_at: int
    saved_by: str = ""
    chat_users: tuple[ChatUser, ...] | None = None
    """The persons who may act in groups; None if no one was ever named."""

    @property
    def has_groups(self) -> bool:
        """Return True if groups of the channel can give commands."""
        kind = CHANNELS.get(self.channel)
        return kind is not None and kind.user_id is not None

    @property
    def has_unnamed_groups(self) -> bool:
        """Return True if groups may give commands and no person may act in them."""
        kind = CHANNELS.get(self.channel)
        if kind is None or not self.has_groups or not self.commands or self.chat_users:
            return False
        return not all(map(kind.is_user_id, self.allow_chats))

    @property
    def name(self) -> str:
        return account_name(self.channel, self.account_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(AccountInfo):
    """An account with its secrets opened; it must not reach a log, a response or an error."""

    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """A save request. A secret that is left out keeps its stored value, an empty one removes it."""

    channel: str
    account_id: str
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    default_to: str | None = None
    allow_chats: tuple[str, ...] = ()
    commands: bool = False
    enabled: bool = True
    chat_users: tuple[ChatUser, ...] | None = None
    """None keeps the stored ones."""

    @property
    def name(self) -> str:
        return account_name(self.channel, self.account_id)

    def check_shape(self, channels: Mapping[str, ChannelKind]) -> ChannelKind:
        """Return the kind of channel; InvalidInput if an id, a recipient or the channel is wrong."""
        kind = channels.get(self.channel)
        problems = self._problems(kind, channels)
        if kind is None or problems:
            raise _refused(problems)
        return kind

    def checked(
        self, channels: Mapping[str, ChannelKind], kept: Mapping[str, str] = _NO_TEXTS
    ) -> AccountDraft:
        """Return the draft with the stored secrets `kept` added; InvalidInput names every field."""
        kind = self.check_shape(channels)
        to = kind.channel if kind.sole_recipient and self.default_to is None else self.default_to
        whole = replace(self, secrets=self._merged(kind, kept), default_to=to)
        problems = _fits(kind.settings, whole.settings, "/settings")
        problems += _fits(kind.secrets, whole.secrets, "/secrets")
        if problems:
            raise _refused(problems)
        return whole

    def _merged(self, kind: ChannelKind, kept: Mapping[str, str]) -> dict[str, str]:
        # A stored secret that the channel no longer has would make every save fail.
        known = {name: value for name, value in kept.items() if name in kind.secrets.model_fields}
        return {name: value for name, value in {**known, **self.secrets}.items() if value != ""}

    def _problems(self, kind: ChannelKind | None, channels: Mapping[str, ChannelKind]) -> list[FieldProblem]:
        recipients = [self.default_to] if self.default_to is not None else []
        checks = (
            (
                kind is not None,
                "/channel",
                _("no connector serves it; these are: {channels}", channels=", ".join(channels)),
            ),
            (
                is_account_id(self.account_id),
                "/account_id",
                _("an id looks like {account_id_pattern}", account_id_pattern=ACCOUNT_ID_PATTERN),
            ),
            (
                all(map(is_recipient, recipients)),
                "/default_to",
                _("1 to {max_to_chars} printable characters", max_to_chars=MAX_TO_CHARS),
            ),
            (
                len(self.allow_chats) <= MAX_CHATS and all(map(is_recipient, self.allow_chats)),
                "/allow_chats",
                _("at most {max_chats} chats, each of printable characters", max_chats=MAX_CHATS),
            ),
            (
                kind is None or all(map(kind.is_chat_id, self.allow_chats)),
                "/allow_chats",
                chat_id_words(self.channel, self.account_id),
            ),
            *((False, "/chat_users", problem) for problem in self._user_problems(kind)),
            (
                len(self.secrets) <= MAX_SECRETS
                and max(map(len, self.secrets.values()), default=0) <= MAX_SECRET_CHARS,
                "/secrets",
                _(
                    "at most {max_secrets}, each of {max_secret_chars} characters",
                    max_secrets=MAX_SECRETS,
                    max_secret_chars=MAX_SECRET_CHARS,
                ),
            ),
        )
        return [_problem(pointer, message) for fits, pointer, message in checks if not fits]

    def _user_problems(self, kind: ChannelKind | None) -> list[str]:
        return [] if kind is None else chat_user_problems(kind, self.chat_users or ())


def chat_user_problems(kind: ChannelKind, users: Sequence[ChatUser]) -> list[str]:
    """Return why persons cannot be named for the groups of a channel."""
    if users and kind.user_id is None:
        return [_("groups of {channel} give no commands, so no person is named", channel=kind.channel)]
    problems: list[str] = []
    if len(users) > MAX_CHAT_USERS or len({user.id for user in users}) < len(users):
        problems.append(_("at most {most} persons, each once", most=MAX_CHAT_USERS))
    if any(user.id in kind.shared_user_ids for user in users):
        problems.append(_("anonymous admins and channels share one id, so it names no person"))
    elif not all(kind.is_user_id(user.id) for user in users):
        problems.append(_("a person has a numeric id, such as 123456789; a refused command shows it"))
    if any(len(user.name) > MAX_USER_NAME_CHARS or line_problem(user.name) for user in users):
        problems.append(_("a name has at most {most} printable characters", most=MAX_USER_NAME_CHARS))
    return problems


def check_chat_users(kind: ChannelKind, users: Sequence[ChatUser]) -> None:
    """Raise InvalidInput if persons cannot be named for the groups of a channel."""
    problems = [_problem("/chat_users", problem) for problem in chat_user_problems(kind, users)]
    if problems:
        raise _refused(problems)


def first_chat_users(kind: ChannelKind, draft: AccountDraft) -> tuple[ChatUser, ...] | None:
    """Return the persons whose private chats an account names: who connected it. None if there is none."""
    chats = dict.fromkeys([draft.default_to or "", *draft.allow_chats])
    return tuple(ChatUser(chat) for chat in chats if kind.is_user_id(chat))[:MAX_CHAT_USERS] or None


def chat_id_words(channel: str, account_id: str) -> str:
    """Return why a chat's name cannot give commands, and how to find its id."""
    if channel == "whatsapp":
        return _(
            "numbers that may give commands have their country code and digits only: `multi-job connect "
            "{channel} {account_id} --allow-chat 6281234567890`",
            channel=channel,
            account_id=account_id,
        )
    return _(
        "chats that may give commands are named by their numeric id, for a @name can change "
        "hands; `POST /connectors/{channel}/accounts/{account_id}/chats` shows the ids, "
        "`multi-job connect {channel} {account_id} --allow-chat ID` allows one",
        channel=channel,
        account_id=account_id,
    )


def sandbox_account() -> AccountInfo:
    """Return the built-in account, which is not stored."""
    return AccountInfo(SANDBOX_CHANNEL, SANDBOX_ACCOUNT, {}, (), SANDBOX_TO, (), False, True, 0, 0, 0)


def _fits(model: type[BaseModel], values: Mapping[str, Any], prefix: str) -> list[FieldProblem]:
    raw = dict(values)
    text = orjson.dumps(raw)
    if len(text) > MAX_SETTINGS_BYTES and prefix == "/settings":
        return [
            _problem(prefix, _("at most {max_settings_bytes} bytes", max_settings_bytes=MAX_SETTINGS_BYTES))
        ]
    try:
        model.model_validate_json(text)
    except ValidationError as error:
        return list(validation_problems(error, raw, model, prefix))
    return []


def _problem(pointer: str, message: str) -> FieldProblem:
    return FieldProblem(pointer, message, "invalid")


def _refused(problems: list[FieldProblem]) -> InvalidInput:
    listed = "; ".join(f"{each.pointer}: {each.message}" for each in problems[:3])
    return InvalidInput(f"The account does not fit. {listed}", tuple(problems))
