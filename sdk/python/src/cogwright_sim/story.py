"""What happened, in lines for people: the part of a failure that is read at 3 a.m."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

#: Lines of a story; older ones are counted only.
MAX_LINES = 25
#: Characters of a text that are shown.
MAX_TEXT = 160

#: Events that say nothing about what a bot did.
DULL = {"VIEW_CHANGED", "TYPING_START", "INTERACTION_SUCCESS", "PRESENCE_UPDATE"}


class Names:
    """Ids as people know them."""

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.users = {user["id"]: user["username"] for user in world["users"]}
        self.channels = {c["id"]: c["name"] for guild in world["guilds"] for c in guild["channels"]}

    def user(self, key: Any) -> str:
        return str(self.users.get(str(key), f"user {key}"))

    def channel(self, key: Any) -> str:
        name = self.channels.get(str(key))
        return f"#{name}" if name else f"channel {key}"


def text(value: Any) -> str:
    """A quoted text, shortened."""
    shown = str(value)
    return json.dumps(shown if len(shown) <= MAX_TEXT else shown[: MAX_TEXT - 1] + "…", ensure_ascii=False)


def tell(entries: Sequence[Mapping[str, Any]], names: Names) -> list[str]:
    """One line for each entry of the journal that matters."""
    told = [(entry, line) for entry in _once(entries) if (line := _line(entry, names))]
    lines = [f"  {str(entry.get('at', ''))[11:23]}  {line}" for entry, line in told[-MAX_LINES:]]
    if len(told) > MAX_LINES:
        lines.insert(0, f"  ({len(told) - MAX_LINES} earlier left out)")
    return lines or ["  (nothing at all)"]


def _once(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Without the second news of the same interaction: one is the bot's, one the person's."""
    seen: set[str] = set()
    kept = []
    for entry in entries:
        if entry.get("event") == "INTERACTION_CREATE":
            key = str((entry.get("data") or {}).get("id"))
            if key in seen:
                continue
            seen.add(key)
        kept.append(entry)
    return kept


def _line(entry: Mapping[str, Any], names: Names) -> str | None:
    kind = entry.get("type")
    if kind == "rest":
        return _rest(entry)
    if kind == "gateway":
        return _gateway(entry)
    if kind != "event" or entry.get("event") in DULL:
        return None
    data = entry.get("data")
    event = str(entry.get("event"))
    if not isinstance(data, Mapping):
        return event
    tell_event = EVENTS.get(event)
    return tell_event(data, names) if tell_event else event


def _rest(entry: Mapping[str, Any]) -> str | None:
    status = entry.get("status") or 0
    if status < 400:
        return None
    answer = entry.get("response")
    why = f": {answer.get('code')} {answer.get('message')}" if isinstance(answer, Mapping) else ""
    details = answer.get("errors") if isinstance(answer, Mapping) else None
    more = f" {json.dumps(details, ensure_ascii=False)}" if details else ""
    return f"REFUSED {entry.get('method')} {entry.get('path')} -> {status}{why}{more}"


def _gateway(entry: Mapping[str, Any]) -> str | None:
    direction = entry.get("direction")
    if direction == "close":
        code = entry.get("code")
        return "gateway: connection closed" + (f", code {code}" if code else " without a code")
    return "gateway: connection opened" if direction == "open" else None


def message(data: Mapping[str, Any], names: Names) -> str:
    """Who, where, what, with what."""
    author = names.user((data.get("author") or {}).get("id"))
    extras = []
    if data.get("type", 0) not in (0, 19, 20, 23):
        extras.append(f"system message, type {data['type']}")
    flags = int(data.get("flags") or 0)
    if flags & 64:
        extras.append("ephemeral")
    if flags & 128:
        extras.append("thinking")
    for key in ("embeds", "attachments", "components"):
        if data.get(key):
            extras.append(f"{len(data[key])} {key}")
    reference = data.get("message_reference")
    if isinstance(reference, Mapping):
        extras.append(f"reply to {reference.get('message_id')}")
    shown = text(data.get("content") or "") + (f" ({', '.join(extras)})" if extras else "")
    titles = [text(e.get("title") or e.get("description") or "") for e in data.get("embeds") or []]
    return f"{author} in {names.channel(data.get('channel_id'))}: {shown}{' embeds ' + ', '.join(titles) if titles else ''}"


def _created(data: Mapping[str, Any], names: Names) -> str:
    return message(data, names)


def _updated(data: Mapping[str, Any], names: Names) -> str:
    return f"edited by {message(data, names)}"


def _deleted(data: Mapping[str, Any], names: Names) -> str:
    return f"message {data.get('id')} deleted in {names.channel(data.get('channel_id'))}"


def _reacted(data: Mapping[str, Any], names: Names) -> str:
    emoji = (data.get("emoji") or {}).get("name")
    return f"{names.user(data.get('user_id'))} reacted {emoji} to message {data.get('message_id')}"


def _interaction(data: Mapping[str, Any], _names: Names) -> str:
    name = data.get("name")
    return f"interaction {data.get('id')} began" + (f": /{name}" if name else "")


def _failed(data: Mapping[str, Any], _names: Names) -> str:
    return f"interaction {data.get('id')} FAILED: no valid answer in time (reason {data.get('reason_code')})"


def _modal(data: Mapping[str, Any], _names: Names) -> str:
    return f"modal {text(data.get('title'))} opened ({data.get('custom_id')})"


EVENTS: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "MESSAGE_CREATE": _created,
    "MESSAGE_UPDATE": _updated,
    "MESSAGE_DELETE": _deleted,
    "MESSAGE_REACTION_ADD": _reacted,
    "INTERACTION_CREATE": _interaction,
    "INTERACTION_FAILURE": _failed,
    "INTERACTION_MODAL_CREATE": _modal,
}
