// Links are written as bot libraries expect them, and read with whatever may be wrong.
import { describe, expect, it } from "vitest";
import { link, read } from "./link";

describe("an invite link", () => {
  it("comes back as it was written", () => {
    const invite = { application: "123", scopes: ["bot", "applications.commands"], permissions: (1n << 52n).toString() };
    const url = link("http://127.0.0.1:8787", invite);
    expect(url).toBe("http://127.0.0.1:8787/oauth2/authorize?client_id=123&permissions=4503599627370496&scope=bot+applications.commands");
    expect(read(new URL(url).search)).toEqual(invite);
  });
  it("leaves permissions out without a bot", () => {
    expect(link("http://x", { application: "1", scopes: ["applications.commands"], permissions: "8" })).not.toContain("permissions");
  });
  it.each([
    ["?scope=bot", "client_id"],
    ["?client_id=abc&scope=bot", "client_id"],
    ["?client_id=1", "scope"],
    ["?client_id=1&scope=bot%20email", "email"],
    ["?client_id=1&scope=bot&permissions=-1", "permissions"],
    ["?client_id=1&scope=bot&permissions=18446744073709551616", "permissions"],
  ])("%s is told what is wrong", (search, part) => {
    expect(read(search)).toContain(part);
  });
  it("reads spaces written either way", () => {
    expect(read("?client_id=1&scope=bot%20applications.commands")).toMatchObject({ scopes: ["bot", "applications.commands"], permissions: "0" });
  });
});
