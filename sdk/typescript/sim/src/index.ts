// Tests of Discord bots against a local Discord (`cogwright sim`): people, expectations, time and faults.
//
// Thin over the control API that the local Discord documents at `/_sim/v1/openapi.json`. Most tests use the
// adapters `@cogwright/sim/node-test` and `@cogwright/sim/vitest`.

export { Bot, type BotOptions } from "./bots.js";
export { Clock } from "./clock.js";
export { Control, type Json } from "./control.js";
export { ControlError, ExpectationError, NoAnswer, Refused, StartError } from "./errors.js";
export { type EditWanted, Expect, type MessageWanted } from "./expect.js";
export { type FaultKind, Faults } from "./faults.js";
export { Actors, Person } from "./people.js";
export { Program } from "./program.js";
export type { Context, SimOptions } from "./runner.js";
export { Server, findBinary } from "./server.js";
export { type File, Interaction, Message } from "./things.js";
export { Sim } from "./world.js";
