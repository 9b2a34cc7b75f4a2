// Who may moderate whom, and why not.
import { describe, expect, it } from "vitest";
import type { Guild } from "../../api/discord";
import { obstacle, ranked, roleObstacle } from "./rank";

const guild = (permissions: bigint): Guild => ({
  id: "1",
  name: "g",
  owner_id: "10",
  permissions: permissions.toString(),
  channels: [],
  roles: [
    { id: "1", name: "@everyone", color: 0, position: 0, hoist: false, permissions: "0" },
    { id: "2", name: "older", color: 0, position: 1, hoist: false, permissions: "0" },
    { id: "3", name: "younger", color: 0, position: 1, hoist: false, permissions: "0" },
    { id: "4", name: "admin", color: 0, position: 1, hoist: false, permissions: "8" },
    { id: "5", name: "top", color: 0, position: 9, hoist: false, permissions: "0" },
  ],
  members: [
    { user: { id: "10", username: "owner" }, roles: [] },
    { user: { id: "11", username: "mod" }, roles: ["2"] },
    { user: { id: "12", username: "peer" }, roles: ["2"] },
    { user: { id: "13", username: "below" }, roles: ["3"] },
    { user: { id: "14", username: "admin" }, roles: ["4"] },
    { user: { id: "15", username: "above" }, roles: ["3", "5"] },
  ],
});
const MOD = (1n << 1n) | (1n << 2n) | (1n << 40n);

describe("moderation", () => {
  it.each([
    ["10", "10", "kick", "not yourself"],
    ["11", "10", "ban", "owns the server"],
    ["11", "13", "kick", null],
    ["11", "12", "kick", "ranks as high as you or higher"],
    ["11", "15", "ban", "ranks as high as you or higher"],
    ["11", "14", "kick", null],
    ["11", "14", "timeout", "administrator"],
    ["10", "15", "timeout", null],
    ["11", "99", "ban", null],
  ] as const)("%s on %s: %s", (actor, target, measure, why) => {
    expect(obstacle(guild(MOD), actor, target, measure)).toBe(why);
  });
  it("needs its permission, which an administrator has", () => {
    expect(obstacle(guild(1n << 1n), "11", "13", "ban")).toBe("needs Ban members");
    expect(obstacle(guild(1n << 3n), "11", "13", "ban")).toBeNull();
    expect(obstacle({ ...guild(0n), permissions: undefined } as unknown as Guild, "11", "13", "kick")).toBe("needs Kick members");
  });
});

describe("giving roles", () => {
  const role = (id: string) => guild(0n).roles.find((it) => it.id === id)!;
  const may = guild(1n << 28n);
  it.each([
    // "mod" has the older of two roles at one position, which is the higher.
    ["11", "3", null],
    ["11", "2", "ranks as high as you or higher"],
    ["11", "5", "ranks as high as you or higher"],
    ["13", "2", "ranks as high as you or higher"],
    ["10", "5", null],
  ] as const)("%s gives %s: %s", (actor, id, why) => {
    expect(roleObstacle(may, actor, role(id))).toBe(why);
  });
  it("needs its permission, and never concerns a bot's own role", () => {
    expect(roleObstacle(guild(0n), "10", role("3"))).toBe("needs Manage roles");
    expect(roleObstacle(guild(8n), "11", role("3"))).toBeNull();
    expect(roleObstacle(may, "10", { ...role("3"), managed: true })).toBe("belongs to a bot");
  });
  it("lists them from the top, without @everyone", () => {
    expect(ranked(may).map((it) => it.id)).toEqual(["5", "2", "3", "4"]);
  });
});
