// A forum's posts as its list shows them.
import type { Channel, Guild, Id } from "../../api/discord";
import { compareIds } from "../../api/media";

export type Sort = "active" | "new";
export type Filter = { tag: Id | null; closed: boolean; sort: Sort };

/** When something was last said in it, as an id. */
const last = (post: Channel): Id => post.last_message_id ?? post.id;

/** The open or the closed posts, with the tag if one is asked for. */
export function posts(guild: Guild | null, forum: Id, { tag, closed, sort }: Filter): Channel[] {
  return (guild?.threads ?? [])
    .filter((it) => it.parent_id === forum && (it.thread_metadata?.archived ?? false) === closed)
    .filter((it) => tag === null || it.applied_tags?.includes(tag))
    .sort((a, b) => (sort === "new" ? compareIds(b.id, a.id) : compareIds(last(b), last(a))));
}

export const replies = (post: Channel): string => {
  const count = post.message_count ?? 0;
  return count === 1 ? "1 reply" : `${count} replies`;
};
