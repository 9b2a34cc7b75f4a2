// Runs what the documentation says: every file and every shell command of each library's page, and of the one about
// several processes, in an empty folder, against a fresh local Discord. Node's own modules only. Environment as for
// drive.test.mjs.
//
// Of a page these code blocks count, in order:
//   ```LANGUAGE,file=NAME    is written to NAME
//   ```sh                    is run to its end
//   ```sh,background         is started, and waited for until it prints `ready` or the addresses of a local Discord
// The ports 8787 and 8788 are replaced by free ones. Packages come from the environments that the matrix has installed anyway,
// and Rust examples were built in rust/ from the same sources; their Cargo.toml is held against ours.

import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Program } from "./program.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const docs = join(here, "../docs/src");
const python = process.env.MATRIX_PYTHON ?? join(here, "python/.venv/bin/python");
const rust = process.env.MATRIX_RUST_BIN ?? join(here, "rust/target/debug");
const binary = resolve(process.env.COGWRIGHT_BIN ?? "COGWRIGHT_BIN names the binary");

/** Where the packages of a page come from: the name of the built example, for Rust. */
const RUST = { "serenity-poise": "docs-poise", twilight: "docs-twilight" };

/** A file with its includes put in, as mdBook does. */
function read(path) {
  const include = /^\{\{#include (\S+)\}\}\n/gm;
  return readFileSync(path, "utf8").replace(include, (_, file) => read(resolve(dirname(path), file)));
}

/** The code blocks of a page: language, flags and text. */
function blocks(text) {
  return [...text.matchAll(/^```(\S+)\n([\s\S]*?)^```$/gm)].map(([, info, body]) => {
    const [language, ...flags] = info.split(",");
    const file = flags.find((flag) => flag.startsWith("file="))?.slice(5);
    return { language, file, background: flags.includes("background"), body };
  });
}

/** The texts of a page's code blocks of one language. */
const blocksOf = (path, language) => blocks(read(join(docs, `${path}.md`))).filter((b) => b.language === language).map((b) => b.body);

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** The folder that Python's packages were installed to. */
async function sitePackages() {
  const asked = new Program(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], {});
  return asked.line("python", (line) => line.length > 0);
}

/** `cargo build` of a page: the same sources were built in rust/, with the same dependencies. */
function build(page, folder) {
  const dependencies = (file) => readFileSync(file, "utf8").split("[dependencies]\n")[1].trim().split("\n");
  const ours = dependencies(join(here, "rust/Cargo.toml"));
  for (const line of dependencies(join(folder, "Cargo.toml"))) assert.ok(ours.includes(line), `rust/Cargo.toml lacks ${line}`);
  mkdirSync(join(folder, "target/debug"), { recursive: true });
  copyFileSync(join(rust, RUST[page]), join(folder, "target/debug/greeter"));
  chmodSync(join(folder, "target/debug/greeter"), 0o755);
}

/** Follows the page of this path below docs/src; what its commands printed, the last of them last. */
async function follow(path) {
  const page = path.split("/").at(-1);
  const folder = mkdtempSync(join(tmpdir(), "cogwright-docs-"));
  const ports = { 8787: await freePort(), 8788: await freePort() };
  const env = {
    ...process.env,
    PATH: dirname(binary) + delimiter + process.env.PATH,
    npm_config_audit: "false", npm_config_fund: "false", npm_config_prefer_offline: "true", npm_config_update_notifier: "false",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
  // The bot logs in with what `sim exec` gives it.
  delete env.DISCORD_TOKEN;
  // pip then finds that what the page asks for is there already.
  if (!RUST[page] && page !== "discord-js") env.PYTHONPATH = await sitePackages();
  const started = [];
  const printed = [];
  try {
    for (const { language, file, background, body } of blocks(read(join(docs, `${path}.md`)))) {
      if (file) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), body);
      } else if (language === "sh" && body === "cargo build\n") {
        build(page, folder);
      } else if (language === "sh") {
        const script = body.replace(/878[78]/g, (port) => ports[port]);
        // A group of its own, as at a terminal, so that Ctrl-C reaches the bot too.
        const run = new Program("sh", ["-euc", script], { cwd: folder, env, detached: true });
        if (background) {
          started.push(run);
          await run.line(script, (line) => line === "ready" || line.startsWith('{"api_base":'));
        } else {
          // What it printed is complete only when its pipes are closed.
          await new Promise((done) => run.child.once("close", done));
          assert.equal(await run.exited, "ended with 0", `${script}\n${run.output.join("\n")}\n${started.flatMap((s) => s.output).join("\n")}`);
          printed.push(run.output.join("\n"));
        }
      }
    }
  } finally {
    for (const run of started) {
      if (run.child.exitCode === null) process.kill(-run.child.pid, "SIGINT");
      await run.exited;
    }
    rmSync(folder, { recursive: true, force: true });
  }
  return printed;
}

describe("the documentation's pages", { concurrency: false }, () => {
  for (const file of readdirSync(join(docs, "libraries")).sort()) {
    const page = file.replace(/\.md$/, "");
    test(page, { timeout: 180_000 }, async () => {
      const printed = (await follow(`libraries/${page}`)).at(-1);
      assert.match(printed, /\[bot\]\n +> Robin: !ping\n +Pong!/, printed);
      assert.match(printed, /\[bot\]\n +> Robin used \/greet\n +Hello, Ada!/, printed);
    });
  }

  test("processes", { timeout: 180_000 }, async () => {
    // In between: what installs the packages.
    const [, javascript, , python, made] = await follow("processes");
    // Which guild is on which shard depends on when the world was made.
    const answers = (text) => text.trimEnd().split("\n").map((line) => line.replace(/^Guild \d: /, "")).sort();
    assert.deepEqual(answers(javascript), answers(blocksOf("processes", "text")[0]), "as the page says");
    const each = [0, 1].map((shard) => `shard ${shard} of 2; mine: 2 servers`);
    assert.deepEqual(answers(python), each.flatMap((answer) => [answer, answer]));
    assert.equal(JSON.parse(made).application.name, "Neighbour");
  });
});
