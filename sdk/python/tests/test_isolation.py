"""Each test has a world of its own; actions reach Discord's rules; time is the world's."""

from datetime import datetime, timedelta, timezone

import pytest
from cogwright_sim import File, Refused


@pytest.mark.parametrize("run", [1, 2])
async def test_nothing_remains(run, sim, actors):
    assert "left over" not in [message["content"] for message in await sim.messages()]
    assert "kim" not in [person.username for person in actors]
    await actors.new("kim")
    await actors.robin.send("left over")
    assert (await sim.messages())[0]["content"] == "left over"


async def test_frozen_time_moves_only_when_told(clock):
    frozen = await clock.freeze("2027-03-01T12:00:00+00:00")
    assert await clock.now() == frozen
    assert await clock.advance(timedelta(hours=1)) == frozen + timedelta(hours=1)


async def test_the_next_test_is_in_the_present(sim, clock):
    assert (await sim.control.call("GET", "/clock"))["mode"] == "real"
    assert abs(await clock.now() - datetime.now(timezone.utc)) < timedelta(minutes=1)


async def test_everything_a_person_does(sim, actors, expect):
    robin, mika = actors.owner, actors.mika
    said = await robin.send("hello", channel="#off-topic", files=[File("a.txt", b"text", spoiler=True)])
    assert said.attachments[0]["size"] == 4
    assert (await robin.edit(said, "hello again")).content == "hello again"
    await expect.edit(said, "hello again", by=robin)
    await mika.react(said, "👍")
    await expect.reaction("👍", on=said, by=mika)
    await mika.react(said, "👍", remove=True)
    await robin.pin(said)
    answer = await mika.send("hi", channel="off-topic", reply_to=said)
    await expect.message("hi", by=mika, reply_to=said, channel="off-topic", after=said)
    await mika.delete(answer)
    await expect.deletion(answer)
    await mika.typing()
    await mika.presence("idle")
    thread = await mika.create_thread("a thread")
    await mika.send("in it", channel=thread["id"])
    dm = await mika.open_dm(robin)
    await mika.send("psst", channel=dm)
    await mika.leave()
    with pytest.raises(Refused):
        await mika.send("gone")


async def test_roles_and_channels_are_made_to_measure(sim, actors, expect):
    await sim.new_role("Judge", permissions="8")
    judge = await actors.new("ada", nick="Her Honour", roles=["Judge"])
    court = await sim.new_channel("court", topic="Quiet please")
    await judge.send("order", channel="court")
    assert (await expect.message(by=judge)).channel_id == court


@pytest.mark.parametrize("run", [1, 2])
async def test_faults_end_with_their_test(run, faults):
    assert await faults.list() == []
    once = await faults.add("latency", ms=10, path="/channels/**", method="POST")
    await faults.add("rest_5xx", status=503, forever=True)
    assert [(f["count"], f["fired"], f["kind"]["type"]) for f in await faults.list()] == [
        (1, 0, "latency"),
        (None, 0, "rest_5xx"),
    ]
    await faults.remove(once)
    assert len(await faults.list()) == 1


async def test_requests_of_a_bot_can_be_awaited(sim, expect):
    with pytest.raises(AssertionError, match="expected a REST call with {'method': 'GET'}"):
        await expect.request("GET", within=0.1)
