// The README's example runs as it stands there.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** Inside the package, where its own name resolves, and out of sight of git. */
const FOLDER = fileURLToPath(new URL("../dist/readme", import.meta.url));

test("the README's example runs", { timeout: 60_000 }, () => {
  const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const blocks = [...text.matchAll(/```js\n\/\/ (\S+)\n([^]*?)```/g)];
  assert.deepEqual(blocks.map(([, name]) => name), ["bot.mjs", "bot.test.mjs"]);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [, name = "", code = ""] of blocks) writeFileSync(join(FOLDER, name), code);
  const env = { ...process.env };
  // It is a run of its own, not a part of this one.
  delete env["NODE_TEST_CONTEXT"];
  const args = ["--test", "--test-reporter=spec", join(FOLDER, "bot.test.mjs")];
  const run = spawnSync(process.execPath, args, { env, encoding: "utf8", timeout: 50_000 });
  assert.equal(run.status, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /pass 2\b/);
});
