// Which files can be a server's pictures, and where the CDN has them.
import { describe, expect, it } from "vitest";
import { guildIcon, guildPicture } from "../../api/media";
import { MAX_BYTES, unfit } from "./pictures";

describe("a file", () => {
  const file = (type: string, size: number) => ({ name: "gears.bin", type, size });
  it("fits by its kind and size", () => {
    expect(unfit(file("image/png", MAX_BYTES))).toBeNull();
    expect(unfit(file("image/png", MAX_BYTES + 1))).toMatch(/^gears\.bin has 10\.5 MB; .*10 MiB/);
    expect(unfit(file("image/webp", 0))).toMatch(/empty/);
    for (const type of ["image/svg+xml", "text/html", ""]) expect(unfit(file(type, 5))).toMatch(/PNG, JPEG/);
  });
});

describe("a picture", () => {
  it("is in the folder of its kind, by its hash", () => {
    const guild = { id: "7", icon: "ab", banner: "a_cd", splash: null };
    expect(guildIcon(guild)).toBe("/cdn/icons/7/ab.png?size=128");
    expect(guildPicture(guild, "banner")).toBe("/cdn/banners/7/a_cd.gif?size=512");
    expect(guildPicture(guild, "splash")).toBeNull();
  });
});
