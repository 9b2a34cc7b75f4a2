// Points discord.js at the local Discord, without a change to the bot: @discordjs/rest, and the addresses of
// discord-api-types, which ShardingManager goes by.
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

/** A table of addresses with the local Discord's in place of Discord's. */
function moved(table) {
  const move = (url) => String(url)
    .replace(/^https:\/\/discord\.com\/api/, api)
    .replace(/^https:\/\/(cdn\.discordapp\.com|media\.discordapp\.net)/, cdn);
  return Object.freeze(Object.fromEntries(Object.entries(table).map(([name, url]) => [name, move(url)])));
}

/** The tables are frozen; the module's own properties, which all others look at, are not. */
function moveTables(exports) {
  for (const name of ["RouteBases", "OAuth2Routes"]) {
    const own = exports && Object.getOwnPropertyDescriptor(exports, name);
    if (own?.writable && own.value && !seen.has(own.value)) {
      exports[name] = moved(own.value);
      seen.add(exports[name]);
    }
  }
}

if (api) {
  const load = Module._load;
  // @discordjs/rest exports its defaults as a plain object that every client reads when it is made.
  Module._load = function (request, ...rest) {
    const exports = load.call(this, request, ...rest);
    const asked = rest[0]?.filename ?? "";
    if (request.includes("discord-api-types") || asked.includes("discord-api-types")) moveTables(exports);
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
