"""Breaking things on purpose, thin over the control API."""

from __future__ import annotations

from typing import Any

from .control import Control
from .errors import ControlError


class Faults:
    """Gateway trouble now, or faults that strike by rule. All are cleared before the next test."""

    def __init__(self, control: Control) -> None:
        self._control = control

    async def add(self, **fault: Any) -> dict[str, Any]:
        """Plans a fault, given as the control API's `POST /faults` wants it; answers the plan."""
        return dict(await self._control.call("POST", "/faults", fault))

    async def list(self) -> Any:
        """The faults that are planned."""
        return await self._control.call("GET", "/faults")

    async def clear(self) -> None:
        """Forgets all planned faults."""
        await self._control.call("DELETE", "/faults")

    def clear_blocking(self) -> None:
        """The same for set-up code; a local Discord without planned faults has none to clear."""
        try:
            self._control.call_blocking("DELETE", "/faults")
        except ControlError as error:
            if error.status not in (404, 405):
                raise

    async def reconnect(self) -> None:
        """Asks every session to reconnect (op 7)."""
        await self._control.call("POST", "/gateway/send", {"op": 7})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tells every session that it is invalid (op 9)."""
        await self._control.call("POST", "/gateway/send", {"op": 9, "resumable": resumable})

    async def close(self, code: int = 4000) -> None:
        """Closes every connection with a code."""
        await self._control.call("POST", "/gateway/close", {"code": code})

    async def swallow_acks(self, count: int) -> None:
        """Leaves the next heartbeats unanswered."""
        await self._control.call("POST", "/gateway/swallow_acks", {"count": count})
