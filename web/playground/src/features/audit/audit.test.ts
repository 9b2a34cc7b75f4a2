// Entries of the audit log read as sentences, and what changed as old and new.
import { describe, expect, it } from "vitest";
import type { AuditEntry } from "../../api/moderation";
import { ACTIONS, actionOf } from "./actions";
import { facts, keyName, line, merge, targetOf, type Names } from "./words";

const names: Names = {
  user: (id) => ({ "1": "Ada" })[id],
  channel: (id) => ({ "2": "general" })[id],
  role: (id) => ({ "3": "Makers" })[id],
  other: (id) => ({ "4": "hook" })[id],
};
const entry = (action_type: number, more: Partial<AuditEntry> = {}): AuditEntry => ({ id: "9", user_id: "1", target_id: null, action_type, ...more });

describe("entries", () => {
  it("come once each, newest first, by number and not by text", () => {
    expect(merge([entry(1, { id: "100" }), entry(1, { id: "99" })], [entry(1, { id: "1000" }), entry(1, { id: "100" })]).map((it) => it.id)).toEqual(["1000", "100", "99"]);
  });
  it("name their target as it is called now, was called, or by id", () => {
    expect(targetOf(entry(22, { target_id: "1" }), names)).toBe("Ada");
    expect(targetOf(entry(11, { target_id: "2" }), names)).toBe("#general");
    expect(targetOf(entry(30, { target_id: "3" }), names)).toBe("@Makers");
    expect(targetOf(entry(50, { target_id: "4" }), names)).toBe("hook");
    expect(targetOf(entry(12, { target_id: "77", changes: [{ key: "name", old_value: "gone" }] }), names)).toBe("#gone");
    expect(targetOf(entry(22, { target_id: "77" }), names)).toBe("77");
    expect(targetOf(entry(42, { target_id: null, changes: [{ key: "code", old_value: "abc" }] }), names)).toBe("abc");
    expect(targetOf(entry(1, { target_id: "5" }), names)).toBeNull();
  });
  it("tell where and how many", () => {
    expect(facts(entry(72, { options: { channel_id: "2", count: "3" } }), names)).toEqual(["in #general", "3 of them"]);
    expect(facts(entry(13, { options: { id: "3", type: "0", role_name: "Makers" } }), names)).toEqual(["for the role Makers"]);
    expect(facts(entry(13, { options: { id: "1", type: "1" } }), names)).toEqual(["for Ada"]);
  });
  it("are known by number, each once; others are told as numbers", () => {
    expect(new Set(ACTIONS.map((it) => it.code)).size).toBe(ACTIONS.length);
    expect(actionOf(22).verb).toBe("banned");
    expect(actionOf(999).name).toBe("Action 999");
  });
});

describe("changes", () => {
  const permissions = [{ name: "KICK_MEMBERS", bit: "2", scope: "guild" as const }, { name: "BAN_MEMBERS", bit: "4", scope: "guild" as const }];
  it.each([
    [{ key: "name", old_value: "a", new_value: "<b>" }, { key: "Name", from: "a", to: "<b>" }],
    [{ key: "topic", old_value: "a" }, { key: "Topic", from: "a", to: null }],
    [{ key: "nsfw", old_value: false, new_value: true }, { key: "Age-restricted", from: "no", to: "yes" }],
    [{ key: "color", old_value: 0, new_value: 0x0a0b0c }, { key: "Color", from: null, to: "#0a0b0c" }],
    [{ key: "rate_limit_per_user", old_value: 0, new_value: 5 }, { key: "Slowmode", from: "off", to: "5 s" }],
    [{ key: "system_channel_id", new_value: "2" }, { key: "System channel", from: null, to: "general" }],
    [{ key: "permissions", old_value: "2", new_value: "4" }, { key: "Permissions", from: "Kick members", to: "Ban members" }],
    [{ key: "$add", new_value: [{ id: "3", name: "Makers" }] }, { key: "Roles given", from: null, to: "Makers" }],
    [{ key: "features", old_value: [], new_value: ["A"] }, { key: "Features", from: null, to: '["A"]' }],
  ])("%j", (change, expected) => {
    expect(line(change, names, permissions)).toEqual(expected);
  });
  it("are cut when they are long", () => {
    expect(line({ key: "topic", new_value: "x".repeat(999) }, names, []).to).toHaveLength(201);
  });
  it("have names", () => {
    expect(["afk_timeout", "system_channel_id", "$remove"].map(keyName)).toEqual(["Afk timeout", "System channel", "Roles taken"]);
  });
});
