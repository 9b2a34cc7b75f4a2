"""The bot inside the test's process: its parts can be replaced, and each test has a fresh world."""

import pytest
from bot import Dicey
from cogwright_sim import discord_py


@pytest.fixture(autouse=True)
async def client(sim):
    async with discord_py.running(sim, Dicey()) as client:
        yield client


async def test_the_die_falls_as_we_like(actors, monkeypatch):
    monkeypatch.setattr("random.randint", lambda _low, high: high)
    assert (await actors.robin.slash("roll", sides=20)).content == "You rolled 20"


async def test_ages_with_the_clock(actors, expect, clock):
    await clock.freeze()
    await clock.advance(3600)
    await actors.robin.send("!age")
    await expect.message(matches=r"^Your account is \d+ days old\.$")


async def test_the_client_knows_its_guild(client, sim):
    assert [str(guild.id) for guild in client.guilds] == [sim.guild_id]
