"""Awaiting what a bot does. Every wait is bounded; a failure shows what came instead.

Each event satisfies one expectation, in whatever order they are awaited: two equal replies need two expectations.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import story
from .errors import ControlError, ExpectationError
from .people import Person, id_of
from .things import Interaction, Message

if TYPE_CHECKING:
    from .world import Sim

#: pytest shows the test's own line, not ours.
__tracebackhide__ = True
#: Real seconds an expectation waits if not told otherwise.
PATIENCE = 5.0
#: Messages that somebody wrote: plain, replies, answers to commands and menus. See Discord docs: Message Types.
WRITTEN = {0, 19, 20, 23}
#: The longest that one call of the control API waits; between calls the end of the bot is noticed.
MAX_WAIT = 1.0


@dataclass(frozen=True)
class Condition:
    """One thing an event must fulfil: what it is called, and what is wrong with an event (None: nothing)."""

    label: str
    wrong: Callable[[Mapping[str, Any]], str | None]


class Expect:
    """Expectations of one test; only what happens after the test began counts."""

    def __init__(self, sim: Sim, mark: int) -> None:
        self._sim = sim
        self._mark = mark
        self._used: set[int] = set()
        self._shown: Counter[tuple[str, str]] = Counter()

    async def message(
        self,
        content: str | None = None,
        *,
        contains: str | None = None,
        matches: str | None = None,
        where: Callable[[Message], bool] | None = None,
        channel: str | None = None,
        by: Person | str | None = None,
        reply_to: Message | str | None = None,
        after: Message | None = None,
        within: float = PATIENCE,
    ) -> Message:
        """The next message of the bot (or of `by`) that fits, in any channel unless one is given.

        `contains` and `matches` (a regular expression) look at the text; `where` is a check of one's own.
        """
        who = self._author(by)
        conditions = _texts(content, contains, matches) + self._places(channel, where)
        if reply_to is not None:
            conditions.append(_is("a reply to", id_of(reply_to), _replied_to))
        if after is not None:
            conditions.append(Condition(f"after {after!r}", _newer_than(after.id)))
        data = await self._await("MESSAGE_CREATE", {"author": {"id": who}}, "a message", who, conditions, within)
        return Message(data)

    async def reply(self, to: Message, content: str | None = None, **more: Any) -> Message:
        """The bot's reply to a message; takes what `message` takes."""
        return await self.message(content, reply_to=to, **more)

    async def edit(
        self,
        of: Message | Interaction | str | None = None,
        content: str | None = None,
        *,
        contains: str | None = None,
        matches: str | None = None,
        where: Callable[[Message], bool] | None = None,
        by: Person | str | None = None,
        within: float = PATIENCE,
    ) -> Message:
        """The next edit of the bot's messages, or of one. The answer after "thinking" is such an edit."""
        who = self._author(by)
        conditions = _texts(content, contains, matches) + self._places(None, where)
        if of is not None:
            wanted = of.message.id if isinstance(of, Interaction) else id_of(of)
            conditions.insert(0, _is("of message", wanted, lambda data: data.get("id")))
        data = await self._await("MESSAGE_UPDATE", {"author": {"id": who}}, "an edit", who, conditions, within)
        return Message(data)

    async def deletion(self, of: Message | str, *, within: float = PATIENCE) -> None:
        """That a message is deleted."""
        await self._await("MESSAGE_DELETE", {"id": id_of(of)}, f"the deletion of message {id_of(of)}", None, [], within)

    async def reaction(
        self,
        emoji: str | None = None,
        *,
        on: Message | str | None = None,
        by: Person | str | None = None,
        within: float = PATIENCE,
    ) -> None:
        """That the bot (or `by`) reacts."""
        who = self._author(by)
        conditions = []
        if emoji is not None:
            conditions.append(_is("emoji", emoji, lambda data: (data.get("emoji") or {}).get("name")))
        if on is not None:
            conditions.append(_is("on message", id_of(on), lambda data: data.get("message_id")))
        await self._await("MESSAGE_REACTION_ADD", {"user_id": who}, "a reaction", who, conditions, within)

    async def event(self, name: str, data: Mapping[str, Any] | None = None, *, within: float = PATIENCE) -> Any:
        """Any event of the world by Discord's name, e.g. "GUILD_BAN_ADD"; `data` must be part of its data."""
        shown = f" with {dict(data)}" if data else ""
        return await self._await(name, dict(data or {}), f"the event {name}{shown}", None, [], within)

    async def request(
        self, method: str | None = None, *, operation: str | None = None, status: int | None = None, within: float = PATIENCE
    ) -> dict[str, Any]:
        """A REST call of the bot, by method, Discord's operation id and status; answers the journal's entry."""
        given = {"method": method, "operation": operation, "status": status}
        pattern = {key: value for key, value in given.items() if value is not None}
        found = await self._next({"type": "rest", **pattern}, lambda _entry: None, within)
        if found is None:
            raise ExpectationError(await self._failure(f"a REST call with {pattern}", [], within))
        return found

    async def no_message(
        self, *, contains: str | None = None, by: Person | str | None = None, channel: str | None = None, within: float = 0.5
    ) -> None:
        """That the bot says nothing (or nothing that contains a text) within a short time of the real clock.

        Better still: let the bot do something afterwards that can be awaited, and look at what came before.
        """
        who = self._author(by)
        conditions = _texts(None, contains, None) + self._places(channel, None)
        match = {"event": "MESSAGE_CREATE", "data": {"author": {"id": who}}}

        def wrong(entry: Mapping[str, Any]) -> str | None:
            return "a system message" if _by_discord(entry) else _first_wrong(conditions, entry["data"])

        found = await self._next(match, wrong, within)
        if found is not None:
            names = await self._sim.names()
            said = story.message(found["data"], names)
            raise ExpectationError(f"expected silence, but it said:\n  {said}\n{await self._sim.story()}")

    def has_seen(self, result: Interaction) -> None:
        """A person has seen this answer: it satisfies no further expectation."""
        message = result.raw.get("message")
        if message is not None:
            event = "MESSAGE_UPDATE" if result.kind in ("update", "deferred_update") else "MESSAGE_CREATE"
            if result.kind != "deferred_update":
                self._shown[event, str(message["id"])] += 1

    # How it is done

    def _author(self, by: Person | str | None) -> str:
        return by.id if isinstance(by, Person) else by or self._sim.bot_id

    def _places(self, channel: str | None, where: Callable[[Message], bool] | None) -> list[Condition]:
        conditions = []
        if channel is not None:
            conditions.append(_is("in channel", self._sim.channel(channel), lambda data: data.get("channel_id")))
        if where is not None:
            check = where
            wrong = "`where` says no"
            conditions.append(Condition("that `where` accepts", lambda d: None if check(Message(dict(d))) else wrong))
        return conditions

    async def _await(
        self,
        event: str,
        data: Mapping[str, Any],
        what: str,
        who: str | None,
        conditions: list[Condition],
        within: float,
    ) -> dict[str, Any]:
        misses: list[tuple[Mapping[str, Any], str]] = []

        def wrong(entry: Mapping[str, Any]) -> str | None:
            if _by_discord(entry):
                return "a system message"
            reason = _first_wrong(conditions, entry["data"])
            if reason is not None:
                misses.append((entry, reason))
            return reason

        match = {"event": event, **({"data": data} if data else {})}
        found = await self._next(match, wrong, within)
        if found is not None:
            return dict(found["data"] or {})
        names = await self._sim.names()
        labels = [what + (f" by {names.user(who)}" if who else ""), *(c.label for c in conditions)]
        near = [f"  {_shown(entry, names)}\n    but {reason}" for entry, reason in misses[-5:]]
        raise ExpectationError(await self._failure(", ".join(labels), near, within))

    async def _failure(self, what: str, near: list[str], within: float) -> str:
        lines = [f"expected {what}; nothing fitting came within {within:g} s"]
        if self._sim.server.bots_ended():
            lines[0] += "; the bot has ended"
        if near:
            lines += ["Nearly:", *near]
        return "\n".join([*lines, await self._sim.story()])

    async def _next(
        self, match: Mapping[str, Any], wrong: Callable[[Mapping[str, Any]], str | None], within: float
    ) -> dict[str, Any] | None:
        """The first unused journal entry that matches and has nothing wrong; None when time is up."""
        deadline = time.monotonic() + within
        after = self._mark
        while True:
            left = max(deadline - time.monotonic(), 0.0)
            wait = min(left, MAX_WAIT)
            body = {"match": match, "after": after, "timeout_ms": round(wait * 1000)}
            try:
                entry: dict[str, Any] = (await self._sim.control.call("POST", "/wait", body, waits=wait))["entry"]
            except ControlError as error:
                if error.code != "timeout":
                    raise
                if left <= MAX_WAIT or self._sim.server.bots_ended():
                    return None
                continue
            after = entry["seq"]
            if after in self._used or self._was_shown(entry) or wrong(entry) is not None:
                continue
            self._used.add(after)
            return entry

    def _was_shown(self, entry: Mapping[str, Any]) -> bool:
        data = entry.get("data")
        key = (str(entry.get("event")), str(data.get("id")) if isinstance(data, Mapping) else "")
        if self._shown[key] <= 0:
            return False
        self._shown[key] -= 1
        self._used.add(entry["seq"])
        return True


def _texts(content: str | None, contains: str | None, matches: str | None) -> list[Condition]:
    def says(data: Mapping[str, Any]) -> str:
        return str(data.get("content") or "")

    conditions = []
    if content is not None:
        conditions.append(_is("with the text", content, says))
    if contains is not None:
        conditions.append(
            Condition(
                f"containing {contains!r}",
                lambda data: None if contains in says(data) else f"its text does not contain {contains!r}",
            )
        )
    if matches is not None:
        pattern = re.compile(matches)
        conditions.append(
            Condition(
                f"matching /{matches}/",
                lambda data: None if pattern.search(says(data)) else f"its text does not match /{matches}/",
            )
        )
    return conditions


def _is(label: str, wanted: Any, read: Callable[[Mapping[str, Any]], Any]) -> Condition:
    def wrong(data: Mapping[str, Any]) -> str | None:
        found = read(data)
        return None if found == wanted else f"{label} should be {wanted!r}, is {found!r}"

    return Condition(f"{label} {wanted!r}", wrong)


def _by_discord(entry: Mapping[str, Any]) -> bool:
    """Whether it is a message that nobody wrote, such as the one that tells of a newcomer."""
    return entry.get("event") == "MESSAGE_CREATE" and entry["data"].get("type", 0) not in WRITTEN


def _newer_than(key: str) -> Callable[[Mapping[str, Any]], str | None]:
    return lambda data: None if int(data.get("id") or 0) > int(key) else "it is older"


def _replied_to(data: Mapping[str, Any]) -> Any:
    return (data.get("message_reference") or {}).get("message_id")


def _first_wrong(conditions: list[Condition], data: Any) -> str | None:
    for condition in conditions:
        reason = condition.wrong(data if isinstance(data, Mapping) else {})
        if reason is not None:
            return reason
    return None


def _shown(entry: Mapping[str, Any], names: story.Names) -> str:
    return story.tell([entry], names)[0].strip()
