// Which libraries a run is about, and where their environments are.
//
// MATRIX_PYTHON     a Python with python/requirements.txt installed (default python/.venv/bin/python)
// MATRIX_RUST_BIN   where the bots of rust/ were built (default rust/target/debug)
// MATRIX_CLIENTS    which to run, comma separated (default all)

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
export const python = process.env.MATRIX_PYTHON ?? join(here, "python/.venv/bin/python");
const rust = process.env.MATRIX_RUST_BIN ?? join(here, "rust/target/debug");

/** The command line of each library's scripted bot. */
export const CLIENTS = {
  "discord.py": [python, "bot.py"],
  "discord.js": [process.execPath, "bot.js"],
  serenity: [join(rust, "serenity-bot")],
  twilight: [join(rust, "twilight-bot")],
};
export const FOLDERS = { "discord.py": "python", "discord.js": "node", serenity: "rust", twilight: "rust" };

const wanted = (process.env.MATRIX_CLIENTS ?? Object.keys(CLIENTS).join(",")).split(",");
/** Whether this run is about a library. */
export const chosen = (library) => wanted.includes(library);
