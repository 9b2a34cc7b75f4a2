// Links are written as bot libraries expect them, and addresses that would run in the page are known.
import { describe, expect, it } from "vitest";
import { leadsOut, link, linkForPerson, USUAL } from "./link";
import { words } from "./scopes";

describe("an invite link", () => {
  const invite = { application: "123", scopes: ["bot", "applications.commands"], permissions: (1n << 52n).toString() };
  it("is written as libraries write it", () => {
    expect(link("http://127.0.0.1:8787", invite)).toBe(
      "http://127.0.0.1:8787/oauth2/authorize?client_id=123&permissions=4503599627370496&scope=bot+applications.commands",
    );
    expect(link("", invite, { guild_id: "7" })).toMatch(/&guild_id=7$/);
  });
  it("leaves permissions out without a bot", () => {
    expect(link("http://x", { application: "1", scopes: ["applications.commands"], permissions: "8" })).not.toContain("permissions");
  });
  it("can be for a person", () => {
    expect(linkForPerson("http://x", "1", { as: "5" })).toBe("http://x/oauth2/authorize?client_id=1&scope=applications.commands&integration_type=1&as=5");
  });
  it("asks for what is usual, but not to administer", () => {
    expect(BigInt(USUAL) & (1n << 11n)).not.toBe(0n);
    expect(BigInt(USUAL) & (1n << 3n)).toBe(0n);
  });
});

describe("the way back", () => {
  it.each(["https://x/back?code=1", "http://127.0.0.1:3000/", "myapp:/back"])("%s leads out", (address) => expect(leadsOut(address)).toBe(true));
  it.each(["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "/back", "back", ""])("%s does not", (address) => expect(leadsOut(address)).toBe(false));
});

describe("a scope in words", () => {
  it("tells a person's own commands from a server's", () => {
    expect(words("applications.commands", true)).not.toBe(words("applications.commands", false));
  });
  it("shows what it has no words for", () => {
    expect(words("rpc", false)).toBe("rpc");
  });
});
