// Channels move one place, or into a category, and only what changes is sent.
import { describe, expect, it } from "vitest";
import { ChannelType as T, type Channel, type Guild } from "../../api/discord";
import { into, siblings, step } from "./order";

const channel = (id: string, type: number, position: number, parent_id: string | null = null): Channel => ({ id, type, name: id, position, parent_id });
const guild: Guild = {
  id: "1",
  name: "g",
  owner_id: "9",
  roles: [],
  members: [],
  channels: [
    channel("10", T.Category, 0),
    channel("20", T.Category, 1),
    channel("11", T.Text, 0, "10"),
    channel("12", T.Forum, 1, "10"),
    channel("13", T.Text, 2, "10"),
    channel("14", T.Voice, 0, "10"),
    // Two at one place stand in the order of their ids.
    channel("21", T.Text, 5, "20"),
    channel("22", T.Text, 5, "20"),
  ],
};
const of = (id: string): Channel => guild.channels.find((it) => it.id === id)!;

describe("channels", () => {
  it("are listed among their kind", () => {
    expect(siblings(guild, of("12")).map((it) => it.id)).toEqual(["11", "12", "13"]);
    expect(siblings(guild, of("14")).map((it) => it.id)).toEqual(["14"]);
    expect(siblings(guild, of("20")).map((it) => it.id)).toEqual(["10", "20"]);
  });
  it("change places with the next", () => {
    expect(step(guild, of("12"), -1)).toEqual([{ id: "12", position: 0 }, { id: "11", position: 1 }]);
    expect(step(guild, of("12"), 1)).toEqual([{ id: "13", position: 1 }, { id: "12", position: 2 }]);
    expect(step(guild, of("10"), 1)).toEqual([{ id: "20", position: 0 }, { id: "10", position: 1 }]);
  });
  it("get places of their own where two had one", () => {
    expect(step(guild, of("22"), -1)).toEqual([{ id: "22", position: 0 }, { id: "21", position: 1 }]);
  });
  it("stay at the ends", () => {
    for (const [id, by] of [["11", -1], ["13", 1], ["14", 1], ["10", -1], ["20", 1]] as const) expect(step(guild, of(id), by)).toEqual([]);
  });
  it("go to the end of a category, or out of it", () => {
    expect(into(guild, of("11"), "20")).toEqual([{ id: "11", parent_id: "20", position: 6 }]);
    expect(into(guild, of("11"), null)).toEqual([{ id: "11", parent_id: null, position: 0 }]);
  });
});
