// Runs what the documentation says: every file and every shell command of each library's page, in an empty folder,
// against a fresh local Discord. Node's own modules only. Environment as for drive.test.mjs.
//
// Of a page these code blocks count, in order:
//   ```LANGUAGE,file=NAME    is written to NAME
//   ```sh                    is run to its end
//   ```sh,background         is started, and waited for until it prints `ready`
// The port 8787 is replaced by a free one. Packages come from the environments that the matrix has installed anyway,
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
const pages = join(here, "../docs/src/libraries");
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

async function follow(page) {
  const folder = mkdtempSync(join(tmpdir(), "cogwright-docs-"));
  const port = String(await freePort());
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
  let printed = "";
  try {
    for (const { language, file, background, body } of blocks(read(join(pages, `${page}.md`)))) {
      if (file) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), body);
      } else if (language === "sh" && body === "cargo build\n") {
        build(page, folder);
      } else if (language === "sh") {
        const script = body.replaceAll("8787", port);
        // A group of its own, as at a terminal, so that Ctrl-C reaches the bot too.
        const run = new Program("sh", ["-euc", script], { cwd: folder, env, detached: true });
        if (background) {
          started.push(run);
          await run.line(script, (line) => line === "ready");
        } else {
          // What it printed is complete only when its pipes are closed.
          await new Promise((done) => run.child.once("close", done));
          assert.equal(await run.exited, "ended with 0", `${script}\n${run.output.join("\n")}\n${started.flatMap((s) => s.output).join("\n")}`);
          printed = run.output.join("\n");
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
  for (const file of readdirSync(pages).sort()) {
    const page = file.replace(/\.md$/, "");
    test(page, { timeout: 180_000 }, async () => {
      const printed = await follow(page);
      assert.match(printed, /\[bot\]\n +> Robin: !ping\n +Pong!/, printed);
      assert.match(printed, /\[bot\]\n +> Robin used \/greet\n +Hello, Ada!/, printed);
    });
  }
});
