// Turns events of the stream into changes of the stores. The one place that knows event names.
import type { StreamEvent } from "../api/backend";
import type { Channel, Emoji, Id, Message, Status, User } from "../api/discord";
import type { Stores } from "./stores";

/** Changes of the view's own lists: it is small and local, so it is simply read again. */
const STRUCTURE = /^(USER_UPDATE|(GUILD|CHANNEL|THREAD)_(CREATE|UPDATE|DELETE)|GUILD_(MEMBER|ROLE)_(ADD|CREATE|UPDATE|REMOVE|DELETE)|GUILD_EMOJIS_UPDATE|THREAD_(LIST_SYNC|MEMBERS_UPDATE))$/;

type ReactionData = { channel_id: Id; message_id: Id; user_id: Id; emoji: Emoji };

export function handle(stores: Stores, { event, data }: StreamEvent): void {
  const { session, directory, messages, typing, unread, navigation } = stores;
  switch (event) {
    case "MESSAGE_CREATE": {
      const message = data as unknown as Message;
      directory.meet([message.author]);
      messages.put(message);
      typing.stop(message.channel_id, message.author.id);
      unread.note(message, session.user, navigation.channel);
      return;
    }
    case "MESSAGE_UPDATE":
      return messages.update(data as unknown as Message);
    case "MESSAGE_DELETE": {
      const { channel_id, id } = data as { channel_id: Id; id: Id };
      return messages.remove(channel_id, [id]);
    }
    case "MESSAGE_DELETE_BULK": {
      const { channel_id, ids } = data as { channel_id: Id; ids: Id[] };
      return messages.remove(channel_id, ids);
    }
    case "MESSAGE_REACTION_ADD":
    case "MESSAGE_REACTION_REMOVE": {
      const { channel_id, message_id, user_id, emoji } = data as ReactionData;
      return messages.react(channel_id, message_id, emoji, user_id === session.user, event.endsWith("ADD") ? 1 : -1);
    }
    case "MESSAGE_REACTION_REMOVE_ALL":
    case "MESSAGE_REACTION_REMOVE_EMOJI": {
      const { channel_id, message_id, emoji } = data as ReactionData & { emoji?: Emoji };
      return messages.clearReactions(channel_id, message_id, emoji ?? null);
    }
    case "TYPING_START": {
      const { channel_id, user_id } = data as { channel_id: Id; user_id: Id };
      if (user_id !== session.user) typing.note(channel_id, user_id);
      return;
    }
    case "PRESENCE_UPDATE": {
      const { user, status } = data as { user: User; status: Status };
      return directory.setStatus(user.id, status);
    }
    case "GUILD_AUDIT_LOG_ENTRY_CREATE":
      stores.moderation.logged++;
      return;
    case "GUILD_BAN_ADD":
    case "GUILD_BAN_REMOVE":
      stores.moderation.banned++;
      return;
    case "INTERACTION_CREATE": {
      const { id, name } = data as { id: Id; name?: string };
      if (name) stores.interactions.names.set(id, name);
      return;
    }
    case "VIEW_CHANGED":
      // Perhaps the whole world was replaced, with other messages.
      return session.rereadSoon(true);
    case "CHANNEL_CREATE":
      // A direct message that somebody opened: keep its name at hand until the view is read.
      directory.meet((data as unknown as Channel).recipients ?? []);
      return session.rereadSoon();
    default:
      if (STRUCTURE.test(event)) session.rereadSoon();
  }
}
