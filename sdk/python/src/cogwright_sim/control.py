"""The control API over HTTP with nothing but the standard library; every call is bounded."""

from __future__ import annotations

import asyncio
import http.client
import io
import json
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from .errors import ControlError, Refused

#: pytest shows the test's own line, not ours.
__tracebackhide__ = True
#: Seconds a call may take beyond the time it was asked to wait.
PATIENCE = 15.0


class Control:
    """Calls to one local Discord. `url` is the `control_url` of its ready line."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        self._host, self._port, self._base = parts.hostname or "127.0.0.1", parts.port or 80, parts.path

    async def call(self, method: str, path: str, body: Any = None, *, waits: float = 0.0) -> Any:
        """One call, e.g. `await control.call("POST", "/clock/advance", {"ms": 1000})`; answers the JSON.

        `waits` says how many seconds the call itself may rightly take.
        """
        head, payload = self._request(method, path, body)
        try:
            raw = await asyncio.wait_for(self._exchange(head + payload), waits + PATIENCE)
        except (OSError, asyncio.TimeoutError) as error:
            raise self._unreachable(method, path, error) from error
        response = http.client.HTTPResponse(cast(Any, _Bytes(raw)), method=method)
        try:
            response.begin()
            return _answer(method, path, response.status, response.read())
        except http.client.HTTPException as error:
            raise self._unreachable(method, path, error) from error

    def call_blocking(self, method: str, path: str, body: Any = None) -> Any:
        """The same for places without an event loop, such as set-up code."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE)
        data = None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, self._base + path, data, {"Content-Type": "application/json"} if data else {})
            response = connection.getresponse()
            return _answer(method, path, response.status, response.read())
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(method, path, error) from error
        finally:
            connection.close()

    def _request(self, method: str, path: str, body: Any) -> tuple[bytes, bytes]:
        payload = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {self._base}{path} HTTP/1.1", f"Host: {self._host}:{self._port}", "Connection: close"]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
        return "\r\n".join([*lines, "", ""]).encode(), payload

    async def _exchange(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()

    def _unreachable(self, method: str, path: str, error: Exception) -> ControlError:
        text = f"the local Discord at {self.url} does not answer: {error or type(error).__name__}"
        return ControlError(f"{method} {path}", 0, "unreachable", text)


class _Bytes:
    """What http.client's parser wants of a socket."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._raw)


def query(**params: Any) -> str:
    """`?a=1&b=2` of the parameters that are not None."""
    return "?" + urlencode({key: value for key, value in params.items() if value is not None})


def _answer(method: str, path: str, status: int, raw: bytes) -> Any:
    try:
        answer = json.loads(raw)
    except ValueError:
        answer = None
    if status < 400 and answer is not None:
        return answer
    call = f"{method} {path}"
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        raise ControlError(call, status, "unexpected", f"an answer without JSON: {raw[:200]!r}")
    message = str(error.get("message"))
    if error.get("field"):
        message = f"{error['field']}: {message}"
    if isinstance(error.get("discord"), dict):
        discord = error["discord"]
        if discord.get("errors"):
            message += f"\n{json.dumps(discord['errors'])}"
        raise Refused(call, status, message, discord)
    raise ControlError(call, status, str(error.get("code")), message, error)
