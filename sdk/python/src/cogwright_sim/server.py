"""The local Discord's process: found, started on a free port, awaited, ended."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .bots import Bot
from .control import Control
from .errors import StartError
from .program import Program

#: Seconds the local Discord may take to say its first line.
START_WITHIN = 30.0


def find_binary() -> str:
    """The binary named by COGWRIGHT_BIN, or `cogwright` on PATH."""
    named = os.environ.get("COGWRIGHT_BIN")
    if named:
        if not Path(named).is_file():
            raise StartError(f"COGWRIGHT_BIN is {named!r}, and there is no such file (relative to {os.getcwd()})")
        return str(Path(named).resolve())
    found = shutil.which("cogwright")
    if found is None:
        raise StartError("there is no `cogwright` on PATH: install it, or name the binary in COGWRIGHT_BIN")
    return found


class Server:
    """A running `cogwright sim`, with the addresses and ids of its ready line."""

    def __init__(self, program: Program, ready: Mapping[str, str]) -> None:
        self.program = program
        self.api_base, self.gateway_url = ready["api_base"], ready["gateway_url"]
        self.cdn_base, self.control_url = ready["cdn_base"], ready["control_url"]
        self.control = Control(self.control_url)
        #: The default world's bot (its application and user id) and token.
        self.application_id, self.token = ready["application_id"], ready["token"]
        #: The default world's guild, channel and owner.
        self.guild_id, self.channel_id, self.owner_id = ready["guild"], ready["channel"], ready["user"]
        self.bots: list[Bot] = []

    @classmethod
    def start(cls, binary: str | None = None, args: Sequence[str] = ()) -> Server:
        """Starts one on a free port; `args` are further arguments of `cogwright sim`."""
        command = [binary or find_binary(), "sim", "--port", "0", "--fresh", *args]
        program = Program("the local Discord", command)
        try:
            ready: Any = json.loads(program.line(lambda line: line.startswith("{"), START_WITHIN))
            return cls(program, ready)
        except BaseException:
            program.stop()
            raise

    @property
    def env(self) -> dict[str, str]:
        """What a bot's process needs in its environment; an unmodified discord.py finds its way by it."""
        shim = str(Path(__file__).parent / "shim")
        inherited = os.environ.get("PYTHONPATH")
        return {
            "DISCORD_TOKEN": self.token,
            "COGWRIGHT_API_BASE": self.api_base,
            "COGWRIGHT_GATEWAY_URL": self.gateway_url,
            "COGWRIGHT_CDN_BASE": self.cdn_base,
            "COGWRIGHT_CONTROL_URL": self.control_url,
            "PYTHONPATH": os.pathsep.join([shim, inherited] if inherited else [shim]),
        }

    def bot(
        self,
        command: Sequence[str],
        *,
        commands: Sequence[str] = (),
        within: float = 30.0,
        env: Mapping[str, str] | None = None,
        cwd: str | Path | None = None,
    ) -> Bot:
        """Starts a bot's process and waits until it is connected and has registered `commands`.

        Use it in a `with` statement, or call `stop`. An unmodified discord.py bot needs no change.
        """
        return Bot.start(self, command, commands=commands, within=within, env=env, cwd=cwd)

    def bots_ended(self) -> bool:
        """Whether bots were started and none of them runs any more."""
        return bool(self.bots) and all(bot.program.exit_code is not None for bot in self.bots)

    def stop(self) -> None:
        """Ends the bots and the local Discord."""
        for bot in list(self.bots):
            bot.stop()
        self.program.stop()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()
