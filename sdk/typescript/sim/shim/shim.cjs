// Points discord.js (through @discordjs/rest) at the local Discord, without a change to the bot.
// Loaded by Node through NODE_OPTIONS=--require. Addresses come from the environment.
"use strict";

const Module = require("node:module");
const fs = require("node:fs");

const api = process.env.COGWRIGHT_API_BASE;
const cdn = process.env.COGWRIGHT_CDN_BASE;
const seen = new WeakSet();

/** Tells `cogwright sim exec` that a library was found. */
function report(library) {
  const path = process.env.COGWRIGHT_SHIM_REPORT;
  if (path) fs.appendFileSync(path, `${library}\n`);
}

if (api) {
  const load = Module._load;
  // @discordjs/rest exports its defaults as a plain object that every client reads when it is made.
  Module._load = function (request, ...rest) {
    const exports = load.call(this, request, ...rest);
    const defaults = request.includes("@discordjs/rest") && exports && exports.DefaultRestOptions;
    if (defaults && !seen.has(defaults)) {
      seen.add(defaults);
      defaults.api = api;
      defaults.cdn = cdn;
      report("@discordjs/rest (Node)");
    }
    return exports;
  };
}
