"""A bot's process beside the local Discord."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .control import query
from .errors import ControlError, StartError
from .program import Program

if TYPE_CHECKING:
    from .server import Server

#: A journal number no journal reaches: asking for what comes after it answers only where the journal stands.
END = 2**53 - 1


class Bot:
    """A running bot. Its output is shown when a test fails."""

    def __init__(self, server: Server, program: Program) -> None:
        self._server = server
        self.program = program

    @property
    def id(self) -> str:
        """The bot's user id, which is its application's too."""
        return self._server.application_id

    @classmethod
    def start(
        cls,
        server: Server,
        command: Sequence[str],
        *,
        commands: Sequence[str] = (),
        within: float = 30.0,
        env: Mapping[str, str] | None = None,
        cwd: str | Path | None = None,
    ) -> Bot:
        """See `Server.bot`."""
        after = server.control.call_blocking("GET", "/journal" + query(after=END, limit=1))["last"]
        # Python holds printed lines back when nobody watches; a failure's report needs them.
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **server.env, **(env or {})}
        bot = cls(server, Program("the bot", command, env=environment, cwd=cwd))
        server.bots.append(bot)
        try:
            bot._await_ready(after, list(commands), within)
        except BaseException:
            bot.stop()
            raise
        return bot

    def _await_ready(self, after: int, commands: list[str], within: float) -> None:
        deadline = time.monotonic() + within
        # Some turns are for nothing: each lasts until the next request of the bot, or a quarter of a second.
        missing = "a gateway session"
        while True:
            if self._connected(after):
                unknown = [name for name in commands if name not in self._registered()]
                if not unknown:
                    return
                missing = f"the commands {', '.join(unknown)} (registered: {', '.join(self._registered()) or 'none'})"
            if self.program.exit_code is not None:
                raise StartError(self.program.report(f"the bot ended before it was ready; missing: {missing}"))
            if time.monotonic() >= deadline:
                raise StartError(
                    self.program.report(f"the bot was not ready within {within:g} s; missing: {missing}{self._stray(after)}")
                )
            self._next_request(after)

    def _connected(self, after: int) -> bool:
        path = "/journal" + query(after=after, limit=1000, type="gateway", application=self.id)
        entries = self._server.control.call_blocking("GET", path)["entries"]
        return any(entry.get("direction") == "out" and entry.get("t") == "READY" for entry in entries)

    def _registered(self) -> list[str]:
        path = f"/view/{self._server.owner_id}/channels/{self._server.channel_id}/commands"
        return [command["name"] for command in self._server.control.call_blocking("GET", path)]

    def _next_request(self, after: int) -> None:
        last = self._server.control.call_blocking("GET", "/journal" + query(after=END, limit=1))["last"]
        body = {"match": {"type": "rest"}, "after": max(last, after), "timeout_ms": 250}
        try:
            self._server.control.call_blocking("POST", "/wait", body)
        except ControlError as error:
            if error.code != "timeout":
                raise

    def _stray(self, after: int) -> str:
        seen = self._server.control.call_blocking("GET", "/journal" + query(after=after, limit=1, type="rest"))["entries"]
        if seen:
            return ""
        return (
            "\nThe bot sent no request here: is its library pointed at the local Discord? discord.py is by itself; "
            "for others COGWRIGHT_API_BASE and COGWRIGHT_GATEWAY_URL are in the bot's environment."
        )

    def stop(self) -> None:
        """Ends it."""
        self.program.stop()
        if self in self._server.bots:
            self._server.bots.remove(self)

    def __enter__(self) -> Bot:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()
