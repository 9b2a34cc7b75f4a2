// Counting reactions.
import type { Emoji, Reaction } from "../api/discord";

/** The reactions after one more or one less. */
export function withReaction(reactions: Reaction[], emoji: Emoji, mine: boolean, delta: 1 | -1): Reaction[] {
  const same = (it: Emoji) => (emoji.id ? it.id === emoji.id : !it.id && it.name === emoji.name);
  const known = reactions.some((reaction) => same(reaction.emoji));
  if (!known) return delta === 1 ? [...reactions, { emoji, count: 1, me: mine }] : reactions;
  return reactions
    .map((reaction) =>
      same(reaction.emoji)
        ? { ...reaction, count: reaction.count + delta, me: mine ? delta === 1 : reaction.me }
        : reaction,
    )
    .filter((reaction) => reaction.count > 0);
}
