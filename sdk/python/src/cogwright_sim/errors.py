"""What can go wrong, each with a text that says what to do."""

from __future__ import annotations

from typing import Any


class StartError(RuntimeError):
    """A program did not start, or not in time."""


class ControlError(RuntimeError):
    """The control API refused a call.

    `status` is HTTP's, `code` the control API's own word ("bad_request", "not_found", "timeout", ...).
    """

    def __init__(self, call: str, status: int, code: str, message: str, body: Any = None) -> None:
        super().__init__(f"{call}: {message} ({status} {code})")
        self.call, self.status, self.code, self.message, self.body = call, status, code, message, body


class Refused(ControlError):
    """Discord's own rules refuse what a person tried. `discord` is Discord's error body, `discord_code` its code."""

    def __init__(self, call: str, status: int, message: str, discord: dict[str, Any], hint: str = "") -> None:
        super().__init__(call, status, "discord", message + (f"\n{hint}" if hint else ""))
        self.discord = discord
        self.discord_code = int(discord.get("code", 0))


class ExpectationError(AssertionError):
    """What was awaited did not come (or came although it should not). The text shows what came instead."""


class NoAnswer(ExpectationError):
    """The bot did not answer an interaction in time."""
