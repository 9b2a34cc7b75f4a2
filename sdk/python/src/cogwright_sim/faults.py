"""Breaking things on purpose, thin over the control API."""

from __future__ import annotations

from typing import Any

from .control import Control

#: What tells which requests and frames a fault hits; everything else given to `add` is the kind's own.
MATCH = ("method", "path", "operation", "event", "session", "application")


class Faults:
    """Gateway trouble now, and faults that strike by rule. All are cleared before the next test."""

    def __init__(self, control: Control) -> None:
        self._control = control

    async def add(self, kind: str, *, forever: bool = False, **more: Any) -> str:
        """Plans a fault; answers its id. It strikes once unless `count` or `forever` is given.

        Kinds: rest_429, rest_5xx, latency, op7, op9, close, swallow_acks, duplicate_event, reorder_events,
        drop_event, guild_outage, expire_interaction, invalid_request_ban, chaos; their settings stand in the control
        API's reference. What it hits: method, path, operation (REST), event, session (gateway), application.

            await faults.add("rest_429", operation="create_message", retry_after=0.2, count=2)
        """
        fault: dict[str, Any] = {"match": {key: more.pop(key) for key in MATCH if key in more}}
        if forever:
            fault["count"] = None
        elif "count" in more:
            fault["count"] = more.pop("count")
        answer = await self._control.call("POST", "/faults", {**fault, "kind": {"type": kind, **more}})
        return str(answer["id"])

    async def list(self) -> list[dict[str, Any]]:
        """The plan: each fault with its `id` and how often it has `fired`."""
        return list((await self._control.call("GET", "/faults"))["faults"])

    async def remove(self, fault: str) -> None:
        """Takes one back."""
        await self._control.call("DELETE", f"/faults/{fault}")

    async def clear(self) -> None:
        """Takes all back."""
        await self._control.call("DELETE", "/faults")

    def clear_blocking(self) -> None:
        """The same for places without an event loop."""
        self._control.call_blocking("DELETE", "/faults")

    async def reconnect(self) -> None:
        """Asks every session to reconnect, now (op 7)."""
        await self._control.call("POST", "/gateway/send", {"op": 7})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tells every session that it is invalid, now (op 9)."""
        await self._control.call("POST", "/gateway/send", {"op": 9, "resumable": resumable})

    async def close(self, code: int = 4000) -> None:
        """Closes every connection with a code, now."""
        await self._control.call("POST", "/gateway/close", {"code": code})
