"""A child process whose output is kept for the report of a failure."""

from __future__ import annotations

import atexit
import re
import subprocess
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from .errors import StartError

#: Lines of output that are kept.
KEPT_LINES = 400
#: Seconds a program gets to end after SIGTERM before it is killed.
GRACE = 5.0

#: Terminal colours, which would only be noise in a report.
COLOURS = re.compile(r"\x1b\[[0-9;]*m")

_running: weakref.WeakSet[Program] = weakref.WeakSet()


class Program:
    """A running program. `stop` ends it; at the end of the interpreter all are ended."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | Path | None = None,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.output: deque[str] = deque(maxlen=KEPT_LINES)
        #: How many lines it has printed in all.
        self.printed = 0
        self._changed = threading.Condition()
        try:
            self._child = subprocess.Popen(
                self.command,
                env=None if env is None else dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise StartError(f"{name} could not be started: {error}\ncommand: {self._line()}") from error
        _running.add(self)
        streams = [stream for stream in (self._child.stdout, self._child.stderr) if stream is not None]
        self._readers = [threading.Thread(target=self._read, args=(stream,), daemon=True) for stream in streams]
        for reader in self._readers:
            reader.start()

    def _line(self) -> str:
        return " ".join(self.command)

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                with self._changed:
                    self.output.append(COLOURS.sub("", line.rstrip("\r\n")))
                    self.printed += 1
                    self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    @property
    def exit_code(self) -> int | None:
        """How it ended, or None while it runs."""
        return self._child.poll()

    def line(self, accept: Callable[[str], bool], within: float) -> str:
        """The first line that `accept` likes, among those kept and those to come within so many seconds."""
        deadline = time.monotonic() + within
        with self._changed:
            while True:
                # Read before the search: lines that came before the end are searched still.
                over = self.exit_code is not None and not any(r.is_alive() for r in self._readers)
                for line in self.output:
                    if accept(line):
                        return line
                if over:
                    raise StartError(self.report(f"{self.name} ended before it was ready"))
                left = deadline - time.monotonic()
                if left <= 0:
                    raise StartError(self.report(f"{self.name} was not ready within {within:g} s"))
                # The end of a process notifies nobody by itself, hence the short rounds.
                self._changed.wait(min(left, 0.1))

    def report(self, what: str, *, since: int = 0, lines: int = 30) -> str:
        """`what`, the command, whether it runs, and the last lines it printed, without its first `since`."""
        code = self.exit_code
        state = "still running" if code is None else f"ended with exit code {code}"
        with self._changed:
            fresh = min(self.printed - since, lines)
            tail = list(self.output)[-fresh:] if fresh > 0 else []
        shown = "\n".join(f"  {line}" for line in tail) if tail else "  (nothing)"
        heading = "what it printed since then:" if since else "its last lines:"
        return f"{what}\ncommand: {self._line()} ({state})\n{heading}\n{shown}"

    def stop(self) -> None:
        """Ends it: politely first, then by force."""
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(GRACE)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait(GRACE)
        for reader in self._readers:
            reader.join(1.0)
        _running.discard(self)


@atexit.register
def _stop_all() -> None:
    for program in list(_running):
        program.stop()
