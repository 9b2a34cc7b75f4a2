"""A discord.py client in the test's own process: breakpoints and monkeypatches work, and it starts at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from .bots import END
from .control import query
from .errors import ControlError, StartError

if TYPE_CHECKING:
    from .world import Sim

#: Seconds the client gets to close.
CLOSE_WITHIN = 10.0


@asynccontextmanager
async def running(sim: Sim, client: Any, *, within: float = 20.0) -> AsyncIterator[Any]:
    """Logs a `discord.Client` (or `commands.Bot`) in to the local Discord; at the end of the block it is closed.

    The block begins when the session is READY, thus after `setup_hook`: synchronise commands there.
    """
    import discord
    import yarl

    # See discord.py: Route.BASE has the version; DEFAULT_GATEWAY is used until READY names a resume address.
    socket: Any = discord.gateway.DiscordWebSocket
    route: Any = discord.http.Route
    asset: Any = discord.asset.Asset
    before = route.BASE, socket.DEFAULT_GATEWAY, asset.BASE
    route.BASE = sim.server.api_base + "/v10"
    socket.DEFAULT_GATEWAY = yarl.URL(sim.server.gateway_url + "/")
    asset.BASE = sim.server.cdn_base
    after = (await sim.control.call("GET", "/journal" + query(after=END, limit=1)))["last"]
    task = asyncio.create_task(client.start(sim.server.token), name="discord.py client")
    try:
        await _ready(sim, task, after, within)
        yield client
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise AssertionError(f"the client stopped during the test: {error!r}") from error
    finally:
        try:
            await asyncio.wait_for(client.close(), CLOSE_WITHIN)
        finally:
            if not task.done():
                await asyncio.wait([task], timeout=CLOSE_WITHIN)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            route.BASE, socket.DEFAULT_GATEWAY, asset.BASE = before


async def _ready(sim: Sim, task: asyncio.Task[None], after: int, within: float) -> None:
    match = {"type": "gateway", "direction": "out", "t": "READY"}
    deadline = asyncio.get_running_loop().time() + within
    while not task.done():
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            raise StartError(f"the discord.py client was not ready within {within:g} s\n{await sim.story()}")
        # Short rounds, so that a client which fails to log in is noticed soon.
        wait = min(left, 0.5)
        body = {"match": match, "after": after, "timeout_ms": round(wait * 1000)}
        try:
            await sim.control.call("POST", "/wait", body, waits=wait)
            return
        except ControlError as error:
            if error.code != "timeout":
                raise
    if task.cancelled():
        raise StartError("the discord.py client was cancelled before it was ready")
    reason = task.exception()
    raise StartError(f"the discord.py client ended before it was ready: {reason!r}") from reason
