// The same bot under vitest; here it starts anew for every test, which then has the whole default world.

import { fileURLToPath } from "node:url";

import { simTest } from "@cogwright/sim/vitest";
import { expect } from "vitest";

const test = simTest({
  bot: [process.execPath, fileURLToPath(new URL("../bot.mjs", import.meta.url))],
  commands: ["roll", "counter"],
  per: "test",
});

test("says hello", async ({ actors, sim }) => {
  const said = await actors.robin.send("!hello", { channel: "#off-topic" });
  const reply = await sim.expect.reply(said);
  expect(reply.content).toBe("Hello Robin!");
});

test("rolls a die", async ({ actors }) => {
  const answer = await actors.mika.slash("roll", { sides: 2 });
  expect(answer.content).toMatch(/^You rolled [12]$/);
});

test("counts clicks", async ({ actors, clock }) => {
  await clock.freeze();
  const panel = await actors.robin.slash("counter");
  await clock.advance(60_000);
  expect((await actors.robin.click(panel, "Count")).content).toBe("Clicked 1x");
});
