"""What comes back: messages and answers to interactions. `raw` is always Discord's own object, in full."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

#: pytest shows the test's own line, not ours.
__tracebackhide__ = True
#: Message flag: only one person sees it. See Discord docs: Message / Message Flags.
EPHEMERAL = 1 << 6
#: Message flag: "thinking", an answer is still to come.
LOADING = 1 << 7


@dataclass(frozen=True)
class File:
    """A file to send."""

    filename: str
    data: bytes
    content_type: str | None = None
    description: str | None = None
    spoiler: bool = False

    def body(self) -> dict[str, Any]:
        """As the control API wants it."""
        body: dict[str, Any] = {"filename": self.filename, "data": base64.b64encode(self.data).decode()}
        body |= {k: v for k in ("content_type", "description") if (v := getattr(self, k)) is not None}
        return body | ({"spoiler": True} if self.spoiler else {})


@dataclass(frozen=True)
class Message:
    """A message as it was at that moment."""

    raw: dict[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def channel_id(self) -> str:
        return str(self.raw["channel_id"])

    @property
    def author_id(self) -> str:
        return str((self.raw.get("author") or {}).get("id"))

    @property
    def content(self) -> str:
        return str(self.raw.get("content") or "")

    @property
    def embeds(self) -> list[dict[str, Any]]:
        return list(self.raw.get("embeds") or [])

    @property
    def attachments(self) -> list[dict[str, Any]]:
        return list(self.raw.get("attachments") or [])

    @property
    def ephemeral(self) -> bool:
        return bool(int(self.raw.get("flags") or 0) & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it only says that the bot is thinking."""
        return bool(int(self.raw.get("flags") or 0) & LOADING)

    @property
    def components(self) -> list[dict[str, Any]]:
        """All buttons and menus in it, wherever they are nested."""
        return [c for c in walk(self.raw.get("components") or []) if c.get("custom_id") or c.get("url")]

    def custom_id(self, name: str) -> str:
        """The custom_id of the component with this custom_id, label or placeholder."""
        return find(self.components, name, f"message {self.content!r}")

    def __repr__(self) -> str:
        return f"Message({self.content!r}, id={self.id})"


@dataclass(frozen=True)
class Interaction:
    """What a person got for a command, a click, a choice or a form.

    `kind` is "message", "update", "deferred", "deferred_update", "modal", "choices", or None when the bot did not
    answer in time (only where `answer=False` was asked for).
    """

    raw: dict[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        return str(self.raw["interaction"])

    @property
    def kind(self) -> str | None:
        kind = self.raw.get("kind")
        return None if kind is None else str(kind)

    @property
    def ephemeral(self) -> bool:
        return bool(self.raw.get("ephemeral"))

    @property
    def message(self) -> Message:
        """The message that was sent or updated."""
        message = self.raw.get("message")
        if message is None:
            raise AssertionError(f"the answer has no message: its kind is {self.kind!r}")
        return Message(message)

    @property
    def content(self) -> str:
        """The text of that message."""
        return self.message.content

    @property
    def modal(self) -> dict[str, Any]:
        """The form that opened: {custom_id, title, components}."""
        modal = self.raw.get("modal")
        if modal is None:
            raise AssertionError(f"no modal opened: the answer's kind is {self.kind!r}")
        return dict(modal)

    @property
    def choices(self) -> list[Any]:
        """The values that autocomplete offers."""
        choices = self.raw.get("choices")
        if choices is None:
            raise AssertionError(f"no choices: the answer's kind is {self.kind!r}")
        return [choice["value"] for choice in choices]

    def __repr__(self) -> str:
        text = f", {self.content!r}" if self.raw.get("message") else ""
        return f"Interaction({self.kind!r}{text}, id={self.id})"


def walk(components: list[Any]) -> Iterator[dict[str, Any]]:
    """All components, depth first."""
    for component in components:
        if not isinstance(component, dict):
            continue
        yield component
        yield from walk(component.get("components") or [])
        yield from walk([component[key] for key in ("accessory", "component") if component.get(key)])


def find(components: list[dict[str, Any]], name: str, where: str) -> str:
    """A component's custom_id by its custom_id, label or placeholder."""
    for key in ("custom_id", "label", "placeholder"):
        for component in components:
            if component.get(key) == name and component.get("custom_id"):
                return str(component["custom_id"])
    there = [f"{c.get('label') or c.get('placeholder') or ''} ({c.get('custom_id')})".strip() for c in components]
    raise AssertionError(f"{where} has no component {name!r}; it has: {', '.join(there) or 'none'}")
