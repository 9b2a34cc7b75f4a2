"""World time: what ids, timestamps, interaction windows and daily limits go by."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .control import Control


class Clock:
    """Freezes, moves and frees world time. Sleeps inside the bot's own process are not touched by it."""

    def __init__(self, control: Control) -> None:
        self._control = control

    async def now(self) -> datetime:
        """World time at this moment."""
        return _when(await self._control.call("GET", "/clock"))

    async def freeze(self, at: datetime | str | None = None) -> datetime:
        """Stops world time at a moment (a datetime or ISO 8601), or where it stands."""
        if isinstance(at, datetime):
            at = at.isoformat()
        return _when(await self._control.call("POST", "/clock/freeze", {} if at is None else {"at": at}))

    async def advance(self, by: timedelta | float) -> datetime:
        """Moves world time ahead, by seconds or a timedelta."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        return _when(await self._control.call("POST", "/clock/advance", {"ms": round(seconds * 1000)}))

    async def run(self) -> datetime:
        """Lets world time flow again from where it stands."""
        return _when(await self._control.call("POST", "/clock/run", {}))


def _when(clock: Any) -> datetime:
    return datetime.fromisoformat(clock["now"])
