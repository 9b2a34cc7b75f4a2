"""The whole bot as its own process, as in production; it lives for all tests of this file."""

import sys
from pathlib import Path

import pytest
from cogwright_sim import Refused


@pytest.fixture(scope="module", autouse=True)
def bot(sim_server):
    command = [sys.executable, str(Path(__file__).with_name("bot.py"))]
    with sim_server.bot(command, commands=["roll", "counter", "feedback", "think"]) as bot:
        yield bot


async def test_says_hello(actors, expect):
    said = await actors.robin.send("!hello")
    await expect.reply(said, "Hello Robin!")
    await expect.reaction("👋", on=said)


async def test_rolls_a_die(actors):
    answer = await actors.mika.slash("roll", sides=2)
    assert answer.content in ("You rolled 1", "You rolled 2")
    assert not answer.ephemeral


async def test_refuses_a_die_without_sides(actors):
    with pytest.raises(Refused, match="sides"):
        await actors.mika.slash("roll", sides=1)


async def test_completes_usual_dice(actors):
    assert await actors.mika.autocomplete("roll", "sides", "1") == [12]


async def test_counts_clicks(actors):
    panel = await actors.robin.slash("counter")
    first = await actors.robin.click(panel, "Count")
    assert first.kind == "update"
    assert (await actors.sasha.click(first, "Count")).content == "Clicked 2x"


async def test_takes_feedback(actors):
    form = await actors.noor.slash("feedback")
    thanks = await actors.noor.submit_modal(form, {"Your words": "more dice"})
    assert thanks.ephemeral
    assert thanks.content == "Thank you for: more dice"


async def test_thinks_first(actors, expect):
    answer = await actors.robin.slash("think")
    assert answer.kind == "deferred"
    await expect.edit(answer, "42")


async def test_survives_a_reconnect(actors, expect, faults):
    await faults.reconnect()
    await expect.reply(await actors.robin.send("!hello"))


async def test_tries_again_when_told_to_wait(actors, expect, faults):
    await faults.add("rest_429", operation="create_message", retry_after=0.1)
    said = await actors.robin.send("!hello")
    await expect.request("POST", operation="create_message", status=429)
    await expect.reply(said, "Hello Robin!")


async def test_ignores_strangers_to_its_prefix(actors, expect):
    await actors.robin.send("hello?")
    said = await actors.robin.send("!hello")
    await expect.reply(said)
    await expect.no_message(within=0.2)


async def test_serves_newcomers(actors):
    kim = await actors.new("kim")
    assert (await kim.slash("roll")).content.startswith("You rolled")
