// Sending what was written.
import { fileBody } from "../../api/files";
import type { Channel } from "../../api/discord";
import type { Stores } from "../../state/stores";
import { wired } from "./mentions";
import type { Uploads } from "./uploads.svelte";

/** Sends the draft of a channel. What the server refuses comes back into the composer. */
export async function send(stores: Stores, channel: Channel, uploads: Uploads): Promise<void> {
  const { backend, session, composing, toasts, messages, directory } = stores;
  const draft = composing.drafts.get(channel.id) ?? "";
  const text = wired(draft.trim(), directory.guildOf(channel.id), directory);
  if (!text && uploads.items.length === 0) return;
  const reply = composing.replyTo;
  const files = uploads.take();
  composing.drafts.delete(channel.id);
  composing.replyTo = null;
  const message = await toasts.guard(
    Promise.all(files.map((it) => fileBody(it.file))).then((bodies) =>
      backend.act("send_message", {
        user: session.user,
        channel: channel.id,
        text,
        ...(reply?.channel_id === channel.id ? { reply_to: reply.id } : {}),
        ...(bodies.length ? { files: bodies } : {}),
      }),
    ),
  );
  if (message) messages.add(message);
  else {
    if (!composing.drafts.get(channel.id)) composing.drafts.set(channel.id, draft);
    composing.replyTo ??= reply;
    uploads.restore(files);
  }
}
