"""Failures must be good reading: each text says what was awaited, what came instead, and what to do."""

import asyncio
import sys

import discord
import pytest
from cogwright_sim import ExpectationError, NoAnswer, Refused, Server, Sim, StartError, discord_py
from discord import app_commands


async def test_a_missed_message_shows_what_came_instead(actors, expect):
    await actors.mika.send("good morning")
    with pytest.raises(ExpectationError) as failure:
        await expect.message("good evening", by=actors.mika, within=0.2)
    text = str(failure.value)
    assert "expected a message by mika, with the text 'good evening'; nothing fitting came within 0.2 s" in text
    assert 'mika in #general: "good morning"' in text
    assert "but with the text should be 'good evening', is 'good morning'" in text
    assert "No bot is connected to the gateway." in text


async def test_silence_is_told_too(expect):
    with pytest.raises(ExpectationError, match=r"\(nothing at all\)"):
        await expect.message(within=0.1)


async def test_unexpected_words_are_quoted(actors, expect):
    await actors.mika.send("surprise")
    with pytest.raises(ExpectationError, match='expected silence, but it said:\n.*"surprise"'):
        await expect.no_message(by=actors.mika)


async def test_each_event_satisfies_one_expectation(actors, expect):
    await actors.mika.send("twice")
    await actors.mika.send("once")
    await expect.message("once", by=actors.mika)
    await expect.message("twice", by=actors.mika)
    with pytest.raises(ExpectationError):
        await expect.message("twice", by=actors.mika, within=0.1)


async def test_an_unknown_command_names_the_known_ones(actors):
    with pytest.raises(Refused) as failure:
        await actors.robin.slash("nope")
    assert failure.value.discord_code == 10063
    assert "commands that robin may use there: none; has the bot registered any?" in str(failure.value)


async def test_an_unknown_button_names_the_known_ones(actors):
    said = await actors.robin.send("no buttons here")
    with pytest.raises(AssertionError, match="has no component 'Press'; it has: none"):
        await actors.robin.click(said, "Press")


def test_unknown_names_name_the_known_ones(sim):
    with pytest.raises(KeyError, match="there are: robin, mika"):
        sim.actors["zed"]
    with pytest.raises(KeyError, match="no channel 'nowhere'; it has: .*general"):
        sim.channel("#nowhere")


async def test_no_answer_tells_what_the_bot_did(sim, actors, clock):
    client = discord.Client(intents=discord.Intents.none())
    tree = app_commands.CommandTree(client)

    @tree.command(name="mute", description="Never answers")
    async def mute(_interaction: discord.Interaction) -> None:
        begun.set()

    begun = asyncio.Event()
    client.setup_hook = tree.sync  # type: ignore[method-assign,assignment]
    async with discord_py.running(sim, client):
        asked = asyncio.ensure_future(actors.robin.slash("mute"))
        await asyncio.wait_for(begun.wait(), 5)
        await clock.advance(4)
        with pytest.raises(NoAnswer) as failure:
            await asked
    assert "robin used /mute, and the bot did not answer in time" in str(failure.value)
    assert "FAILED: no valid answer in time" in str(failure.value)


async def test_a_client_that_cannot_log_in_is_noticed(sim):
    client = discord.Client(intents=discord.Intents.all())
    application = f"/world/applications/{sim.bot_id}"
    await sim.control.call("PATCH", application, {"privileged_intents": []})
    with pytest.raises(StartError, match="PrivilegedIntentsRequired"):
        async with discord_py.running(sim, client):
            pass


def test_a_bot_that_crashes_shows_its_last_words(sim_server, sim):
    command = [sys.executable, "-c", "print('last words'); raise SystemExit(3)"]
    with pytest.raises(StartError, match="(?s)ended before it was ready.*exit code 3.*last words"):
        sim_server.bot(command)


def test_a_bot_that_never_comes_is_bounded(sim_server, sim):
    command = [sys.executable, "-c", "import signal; print('idle', flush=True); signal.pause()"]
    with pytest.raises(StartError, match="(?s)not ready within 0.5 s; missing: a gateway session.*pointed"):
        sim_server.bot(command, within=0.5)


async def test_the_end_of_a_bot_is_noticed_at_once(sim_server, sim, actors, expect):
    code = "import discord, os; c = discord.Client(intents=discord.Intents.all())\n"
    code += "@c.event\nasync def on_message(m): print('ouch', flush=True); os._exit(7)\n"
    with sim_server.bot([sys.executable, "-c", code + "c.run(os.environ['DISCORD_TOKEN'])"]):
        await actors.robin.send("boo")
        with pytest.raises(ExpectationError, match="(?s)the bot has ended.*exit code 7.*ouch"):
            await expect.message(within=60)
        with pytest.raises(StartError, match="(?s)ended during an earlier test.*ouch"):
            Sim(sim_server)


def test_a_missing_binary_says_what_to_do(monkeypatch):
    monkeypatch.setenv("COGWRIGHT_BIN", "no/such/file")
    with pytest.raises(StartError, match="COGWRIGHT_BIN is 'no/such/file', and there is no such file"):
        Server.start()
    monkeypatch.delenv("COGWRIGHT_BIN")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StartError, match="name the binary in COGWRIGHT_BIN"):
        Server.start()


def test_any_failed_test_shows_the_story(pytester):
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function")
    pytester.makepyfile(
        """
        async def test_fails(actors):
            await actors.noor.send("is anybody there?")
            assert 1 == 2
        """
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the local Discord*", '*noor in #general: "is anybody there?"*'])
