"""Persons: everything a human does in a client, as methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .errors import NoAnswer, Refused
from .things import File, Interaction, Message, find, walk

if TYPE_CHECKING:
    from .world import Sim

#: pytest shows the test's own line, not ours.
__tracebackhide__ = True
#: Real seconds the local Discord waits for a bot's first answer.
ANSWER_WITHIN = 5.0
#: Discord's code for a command nobody registered.
UNKNOWN_COMMAND = 10063


class Person:
    """Somebody who writes, clicks and reacts. Without `channel` it happens in the test's own channel.

    Names work where Discord wants ids: `channel="#off-topic"`, a button by its label.
    """

    def __init__(self, sim: Sim, user: Mapping[str, Any]) -> None:
        self._sim = sim
        self.id = str(user["id"])
        self.username = str(user["username"])

    def __repr__(self) -> str:
        return f"Person({self.username!r}, id={self.id})"

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    async def _act(self, function: str, waits: float = 0.0, **body: Any) -> Any:
        body = {"user": self.id, **{key: value for key, value in body.items() if value is not None}}
        return await self._sim.control.call("POST", f"/actor/{function}", body, waits=waits)

    # Writing

    async def send(
        self,
        text: str = "",
        *,
        channel: str | None = None,
        reply_to: Message | str | None = None,
        files: Sequence[File] = (),
    ) -> Message:
        """Sends a message."""
        attached = [file.body() for file in files] or None
        where = self._sim.channel(channel)
        sent = await self._act("send_message", channel=where, text=text, reply_to=id_of(reply_to), files=attached)
        return Message(sent)

    async def edit(self, message: Message | str, text: str) -> Message:
        """Edits an own message."""
        return Message(await self._act("edit", message_id=id_of(message), text=text))

    async def delete(self, message: Message | str) -> None:
        """Deletes a message."""
        await self._act("delete", message_id=id_of(message))

    async def react(self, message: Message | str, emoji: str, *, remove: bool = False) -> None:
        """Adds a reaction ("👍" or "name:id"), or takes it back."""
        await self._act("react", message_id=id_of(message), emoji=emoji, remove=remove)

    async def pin(self, message: Message | str, *, remove: bool = False) -> None:
        """Pins or unpins a message."""
        await self._act("pin", message_id=id_of(message), remove=remove)

    async def typing(self, *, channel: str | None = None) -> None:
        """Shows that this person is typing."""
        await self._act("typing", channel=self._sim.channel(channel))

    # Moving about

    async def join(self, guild: str | None = None) -> dict[str, Any]:
        """Joins the test's guild or another; answers the member."""
        member = await self._act("join", guild=guild or self._sim.guild_id)
        return dict(member)

    async def leave(self, guild: str | None = None) -> None:
        """Leaves the test's guild or another."""
        await self._act("leave", guild=guild or self._sim.guild_id)

    async def open_dm(self, recipient: Person | str | None = None) -> str:
        """The id of the DM channel with the bot, or with somebody else."""
        whom = recipient.id if isinstance(recipient, Person) else recipient or self._sim.bot_id
        return str((await self._act("open_dm", recipient=whom))["id"])

    async def create_thread(
        self, name: str, *, channel: str | None = None, message: Message | str | None = None, text: str | None = None
    ) -> dict[str, Any]:
        """Opens a thread, from a message or not; in a forum `text` is the post. Answers the channel."""
        where = self._sim.channel(channel)
        thread = await self._act("create_thread", channel=where, name=name, message_id=id_of(message), text=text)
        return dict(thread)

    async def presence(self, status: str) -> None:
        """ "online", "idle", "dnd" or "invisible"."""
        await self._act("presence", status=status)

    # Interactions

    async def slash(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        channel: str | None = None,
        answer: bool = True,
        **more: Any,
    ) -> Interaction:
        """Uses a slash command: `slash("roll", sides=6)`; a sub-command is a nested dict: `{"add": {"text": "x"}}`.

        Persons and files may stand for themselves as values. With `answer=False` no answer is fine too.
        """
        return await self._invoke(name, {**(options or {}), **more}, channel, answer)

    async def user_menu(self, name: str, target: Person | str, *, channel: str | None = None) -> Interaction:
        """Uses a command of a user's context menu."""
        return await self._invoke(name, {}, channel, True, type=2, target=_plain(target))

    async def message_menu(self, name: str, target: Message | str, *, channel: str | None = None) -> Interaction:
        """Uses a command of a message's context menu."""
        where = channel or (target.channel_id if isinstance(target, Message) else None)
        return await self._invoke(name, {}, where, True, type=3, target=id_of(target))

    async def autocomplete(
        self, name: str, focused: str, text: str, options: Mapping[str, Any] | None = None, *, channel: str | None = None
    ) -> list[Any]:
        """Types `text` into the option `focused`; answers the values the bot offers."""
        where = self._sim.channel(channel)
        what = f"typed {text!r} into {focused!r} of /{name}"
        body = {"channel": where, "name": name, "focused": focused, "text": text, "options": _plain(options)}
        return (await self._interact("autocomplete", what, True, body)).choices

    async def click(self, message: Message | Interaction, button: str, *, answer: bool = True) -> Interaction:
        """Clicks a button, by its custom_id or label."""
        shown = _message(message)
        body = {"message_id": shown.id, "custom_id": shown.custom_id(button)}
        return await self._interact("click", f"clicked {button!r}", answer, body)

    async def select(
        self, message: Message | Interaction, menu: str, *values: Person | str, answer: bool = True
    ) -> Interaction:
        """Chooses in a menu, by its custom_id or placeholder: option values, ids or persons."""
        shown = _message(message)
        body = {"message_id": shown.id, "custom_id": shown.custom_id(menu), "values": _plain(list(values))}
        return await self._interact("select", f"chose {_plain(list(values))} in {menu!r}", answer, body)

    async def submit_modal(
        self, opened: Interaction, values: Mapping[str, Any] | None = None, *, answer: bool = True, **more: Any
    ) -> Interaction:
        """Fills in and submits the form that `opened` has opened. Keys are the fields' custom_ids or labels."""
        fields = [c for c in walk(opened.modal.get("components") or []) if c.get("custom_id")]
        labelled = list(walk(opened.modal.get("components") or []))
        filled, files = {}, {}
        for name, value in {**(values or {}), **more}.items():
            key = find(fields + _labels(labelled), name, f"the modal {opened.modal.get('title')!r}")
            given = value if isinstance(value, (list, tuple)) else [value]
            if given and all(isinstance(one, File) for one in given):
                files[key] = [one.body() for one in given]
            else:
                filled[key] = _plain(value)
        body = {"interaction": opened.id, "custom_id": opened.modal["custom_id"], "values": filled, "files": files}
        return await self._interact("submit_modal", f"submitted the modal {opened.modal.get('title')!r}", answer, body)

    async def _invoke(
        self, name: str, options: Mapping[str, Any], channel: str | None, answer: bool, **menu: Any
    ) -> Interaction:
        where = self._sim.channel(channel)
        body = {"channel": where, "name": name, "options": _plain(options) or None, **menu}
        try:
            return await self._interact("slash", f"used /{name}" if not menu else f"used {name!r}", answer, body)
        except Refused as error:
            if error.discord_code != UNKNOWN_COMMAND:
                raise
            known = await self._sim.control.call("GET", f"/view/{self.id}/channels/{where}/commands")
            names = ", ".join(f"/{command['name']}" for command in known) or "none; has the bot registered any?"
            hint = f"commands that {self.username} may use there: {names}"
            raise Refused(error.call, error.status, error.message, error.discord, hint) from None

    async def _interact(self, function: str, what: str, answer: bool, body: Mapping[str, Any]) -> Interaction:
        result = Interaction(await self._act(function, waits=ANSWER_WITHIN, **body))
        self._sim.expect.has_seen(result)
        if answer and result.kind is None:
            story = await self._sim.story()
            raise NoAnswer(f"{self.username} {what}, and the bot did not answer in time (3 s of world time)\n{story}")
        return result


class Actors:
    """The persons of the test, by username: `actors.robin`, `actors["robin"]`. Robin owns the guild."""

    def __init__(self, sim: Sim) -> None:
        self._sim = sim
        self._people: dict[str, Person] = {}

    def add(self, user: Mapping[str, Any]) -> Person:
        """Makes somebody who is in the world known here."""
        person = Person(self._sim, user)
        self._people[person.username] = person
        return person

    @property
    def owner(self) -> Person:
        """Who owns the guild."""
        return next(person for person in self._people.values() if person.id == self._sim.server.owner_id)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    def __getitem__(self, name: str) -> Person:
        if name not in self._people:
            raise KeyError(f"there is no person {name!r}; there are: {', '.join(self._people)}")
        return self._people[name]

    def __getattr__(self, name: str) -> Person:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    async def new(self, username: str, *, nick: str | None = None, roles: Sequence[str] = ()) -> Person:
        """A new person, member of the test's guild; `roles` by name or id."""
        control = self._sim.control
        user = await control.call("POST", "/world/users", {"username": username})
        member: dict[str, Any] = {"user": user["id"], "roles": [self._sim.role(role) for role in roles]}
        if nick is not None:
            member["nick"] = nick
        await control.call("POST", f"/world/guilds/{self._sim.guild_id}/members", member)
        return self.add(user)


def id_of(message: Message | str | None) -> str | None:
    """A message's id, or the id itself."""
    return message.id if isinstance(message, Message) else message


def _message(shown: Message | Interaction) -> Message:
    return shown.message if isinstance(shown, Interaction) else shown


def _plain(value: Any) -> Any:
    """Persons and messages as their ids, files as their bodies."""
    if isinstance(value, (Person, Message)):
        return value.id
    if isinstance(value, File):
        return value.body()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _labels(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fields inside a label component go by its label too."""
    inside = [(c.get("label"), c["component"]) for c in components if isinstance(c.get("component"), dict)]
    return [{"label": label, "custom_id": field.get("custom_id")} for label, field in inside]
