"""One test's part of the local Discord: its guild and channel, its people, and what has happened in it."""

from __future__ import annotations

import time
from typing import Any

from . import story as stories
from .bots import END
from .clock import Clock
from .control import query
from .errors import StartError
from .expect import Expect
from .faults import Faults
from .people import Actors
from .server import Server

#: pytest shows the test's own line, not ours.
__tracebackhide__ = True


class Sim:
    """What the `sim` fixture gives.

    While no bot is running, a test begins with the default world. A bot that lives longer than a test is left
    logged in (libraries wait five seconds before they identify again): such a test gets a new guild instead, in
    which the same people are members.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.control = server.control
        self.clock = Clock(server.control)
        self.faults = Faults(server.control)
        self.bot_id = server.application_id
        self.actors = Actors(self)
        for bot in server.bots:
            if bot.program.exit_code is not None:
                raise StartError(bot.program.report("the bot ended during an earlier test"))
        self._calm()
        if server.bots:
            self.guild_id = self._new_guild()
        else:
            # The time of an earlier test may be in the future; a fresh world's is the present.
            now = round(time.time() * 1000)
            server.control.call_blocking("POST", "/clock/freeze", {"at": now})
            server.control.call_blocking("POST", "/clock/run", {})
            server.control.call_blocking("POST", "/reset", {})
            self.guild_id = server.guild_id
        world = server.control.call_blocking("GET", "/world")
        self._guild = next(guild for guild in world["guilds"] if guild["id"] == self.guild_id)
        self.channel_id = self.channel("general")
        members = {member["user"]["id"] for member in self._guild["members"]}
        for user in world["users"]:
            if user["id"] in members and not user.get("bot"):
                self.actors.add(user)
        self.mark: int = server.control.call_blocking("GET", "/journal" + query(after=END, limit=1))["last"]
        self._printed = {bot: bot.program.printed for bot in server.bots}
        self.expect = Expect(self, self.mark)

    def _calm(self) -> None:
        """Nothing of an earlier test's time and faults remains."""
        self.control.call_blocking("POST", "/clock/run", {})
        self.faults.clear_blocking()

    def _new_guild(self) -> str:
        call, server = self.control.call_blocking, self.server
        world = call("GET", "/world")
        guild = call("POST", "/world/guilds", {"name": "Test", "owner": server.owner_id})
        joins = {"guilds": [guild["id"]], "permissions": "8"}
        call("PATCH", f"/world/applications/{server.application_id}", joins)
        default = next((g for g in world["guilds"] if g["id"] == server.guild_id), None)
        for member in default["members"] if default else []:
            if not member["user"].get("bot") and member["user"]["id"] != server.owner_id:
                call("POST", f"/world/guilds/{guild['id']}/members", {"user": member["user"]["id"]})
        return str(guild["id"])

    def channel(self, name: str | None = None) -> str:
        """A channel's id: the test's own, one by name ("off-topic", "#off-topic"), or the id itself."""
        if name is None:
            return self.channel_id
        if name.isdigit():
            return name
        return self._by_name("channel", self._guild["channels"], name.removeprefix("#"))

    def role(self, name: str) -> str:
        """A role's id by its name, or the id itself."""
        return name if name.isdigit() else self._by_name("role", self._guild["roles"], name)

    def _by_name(self, what: str, things: list[dict[str, Any]], name: str) -> str:
        for thing in things:
            if thing["name"] == name:
                return str(thing["id"])
        there = ", ".join(str(thing["name"]) for thing in things)
        raise KeyError(f"the guild has no {what} {name!r}; it has: {there}")

    async def new_channel(self, name: str, **fields: Any) -> str:
        """A new channel of the guild; fields as in the control API (type, topic, nsfw, ...). Answers its id."""
        body = {"name": name, **fields}
        channel = await self.control.call("POST", f"/world/guilds/{self.guild_id}/channels", body)
        self._guild["channels"].append(channel)
        return str(channel["id"])

    async def new_role(self, name: str, **fields: Any) -> str:
        """A new role of the guild; fields as in the control API (permissions, color, ...). Answers its id."""
        role = await self.control.call("POST", f"/world/guilds/{self.guild_id}/roles", {"name": name, **fields})
        self._guild["roles"].append(role)
        return str(role["id"])

    async def messages(self, channel: str | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """A channel's messages as the owner sees them, newest first."""
        path = f"/view/{self.server.owner_id}/channels/{self.channel(channel)}/messages" + query(limit=limit)
        return list(await self.control.call("GET", path))

    async def journal(self, **filters: Any) -> list[dict[str, Any]]:
        """What happened since the test began: REST calls, gateway frames, events; filters as in the control API."""
        entries = await self.control.call("GET", "/journal" + query(**{"after": self.mark, "limit": 1000, **filters}))
        return list(entries["entries"])

    async def names(self) -> stories.Names:
        """Ids as names, for texts."""
        return stories.Names(await self.control.call("GET", "/world"))

    async def story(self) -> str:
        """What happened since the test began, for people."""
        entries = await self.journal()
        sessions = (await self.control.call("GET", "/gateway"))["sessions"]
        return self._tell(entries, await self.names(), sessions)

    def story_blocking(self) -> str:
        """The same without an event loop."""
        call = self.control.call_blocking
        entries = call("GET", "/journal" + query(after=self.mark, limit=1000))["entries"]
        return self._tell(entries, stories.Names(call("GET", "/world")), call("GET", "/gateway")["sessions"])

    def _tell(self, entries: list[dict[str, Any]], names: stories.Names, sessions: list[dict[str, Any]]) -> str:
        lines = ["What came since the test began:", *stories.tell(entries, names)]
        mine = [session for session in sessions if session.get("application") == self.bot_id]
        if not mine:
            lines.append("No bot is connected to the gateway.")
        for bot in self.server.bots:
            lines.append(bot.program.report("The bot:", since=self._printed.get(bot, 0)))
        return "\n".join(lines)
