// Addresses stay on this machine, refusals become words, lost lines come back at a decent pace.
import { describe, expect, it } from "vitest";
import { size } from "./files";
import { refusal } from "./http";
import { compareIds, emojiKey, local, mintedAt, safeLink } from "./media";
import { backoff } from "./stream";

describe("local", () => {
  const page = "http://localhost:8787/?as=1#/channels/5";
  it.each([
    ["http://127.0.0.1:8787/cdn/attachments/1/2/a.png?x=1", "/cdn/attachments/1/2/a.png?x=1"],
    ["http://localhost:8787/cdn/a.png", "/cdn/a.png"],
    ["/cdn/a.png", "/cdn/a.png"],
    ["https://example.com/cdn/a.png", null],
    ["http://127.0.0.1:9999/secret", null],
    ["javascript:alert(1)", null],
    ["data:text/html,<script>", null],
    ["data:image/png;base64,AA", "data:image/png;base64,AA"],
    [null, null],
  ])("%s", (url, expected) => {
    expect(local(url, page)).toBe(expected);
  });
});

describe("links", () => {
  it("lead to the web or to mail", () => {
    expect(safeLink("https://a.example/x")).toBe("https://a.example/x");
    expect(safeLink("javascript:alert(1)")).toBeNull();
    expect(safeLink("not a link")).toBeNull();
  });
});

describe("ids", () => {
  it("compare by age and tell their time", () => {
    expect(["100", "99", "101"].sort(compareIds)).toEqual(["99", "100", "101"]);
    expect(mintedAt("175928847299117063")).toBe(1462015105796);
    expect(emojiKey({ name: "a", id: "1" })).toBe("a:1");
    expect(emojiKey({ name: "👍", id: null })).toBe("👍");
  });
});

describe("refusals", () => {
  it("speak in the server's words, or in plain ones", () => {
    expect(refusal(400, '{"error":{"code":"bad_request","message":"No.","field":"a.b"}}')).toMatchObject({ message: "No.", field: "a.b", status: 400 });
    const body = { error: { code: "discord", message: "Refused", discord: { errors: { a: { "0": { _errors: [{ message: "Too long" }] } } } } } };
    expect(refusal(400, JSON.stringify(body)).message).toBe("Refused\na.0: Too long");
    expect(refusal(502, "<html>").message).toBe("The local server answered with status 502.");
  });
});

describe("reconnecting", () => {
  it("waits longer each time, up to a limit", () => {
    expect([0, 1, 2, 3, 9, 500].map((n) => backoff(n, 1))).toEqual([300, 600, 1200, 2400, 5000, 5000]);
    expect(backoff(0, 0)).toBe(225);
  });
});

describe("sizes", () => {
  it.each([[12, "12 B"], [1500, "1.5 kB"], [150_000, "150 kB"], [2_500_000, "2.5 MB"]])("%i", (bytes, text) => {
    expect(size(bytes)).toBe(text);
  });
});
