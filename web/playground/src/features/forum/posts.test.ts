// Posts of a forum by tag and activity.
import { describe, expect, it } from "vitest";
import type { Channel, Guild } from "../../api/discord";
import { posts, replies } from "./posts";

const post = (id: string, more: Partial<Channel> = {}): Channel => ({ id, type: 11, name: id, parent_id: "5", ...more });
const guild = {
  threads: [
    post("100", { last_message_id: "900", applied_tags: ["1"] }),
    post("200", { applied_tags: ["1", "2"] }),
    post("1000", { last_message_id: null, thread_metadata: { archived: true } }),
    post("300", { parent_id: "6" }),
  ],
} as unknown as Guild;
const ids = (filter: Parameters<typeof posts>[2]) => posts(guild, "5", filter).map((it) => it.id);

describe("posts", () => {
  it("are listed by what was said last, or by age", () => {
    expect(ids({ tag: null, closed: false, sort: "active" })).toEqual(["100", "200"]);
    expect(ids({ tag: null, closed: false, sort: "new" })).toEqual(["200", "100"]);
  });
  it("are those with the tag, open or closed", () => {
    expect(ids({ tag: "2", closed: false, sort: "new" })).toEqual(["200"]);
    expect(ids({ tag: null, closed: true, sort: "new" })).toEqual(["1000"]);
    expect(posts(null, "5", { tag: null, closed: false, sort: "new" })).toEqual([]);
  });
  it("count their replies", () => {
    expect([replies(post("1")), replies(post("1", { message_count: 1 })), replies(post("1", { message_count: 7 }))]).toEqual(["0 replies", "1 reply", "7 replies"]);
  });
});
