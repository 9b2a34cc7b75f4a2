// Bits of a channel's permissions that this page asks for. See Discord docs: Permissions.
import { ChannelType, type Channel } from "../api/discord";

const BIT = {
  manageMessages: 1n << 13n,
  addReactions: 1n << 6n,
  sendMessages: 1n << 11n,
  attachFiles: 1n << 15n,
  manageThreads: 1n << 34n,
  createThreads: 1n << 35n,
  sendInThreads: 1n << 38n,
  pinMessages: 1n << 51n,
} as const;

export type Permission = keyof typeof BIT;

/** Whether the person may; without bits (a direct message) it is taken as yes, the server decides. */
export function may(channel: Channel | undefined, permission: Permission): boolean {
  if (!channel?.permissions) return true;
  return (BigInt(channel.permissions) & BIT[permission]) !== 0n;
}

export function mayWrite(channel: Channel | undefined): boolean {
  if (!channel) return false;
  return may(channel, isThread(channel) ? "sendInThreads" : "sendMessages");
}

export const isThread = (channel: Channel): boolean => channel.type >= ChannelType.AnnouncementThread && channel.type <= ChannelType.PrivateThread;
export const isDm = (channel: Channel): boolean => channel.type === ChannelType.Dm || channel.type === ChannelType.GroupDm;
/** Whether messages are written in it; a forum holds threads, a category channels. */
export const isWritable = (channel: Channel): boolean => ![ChannelType.Category, ChannelType.Forum, ChannelType.Media].includes(channel.type as 4);
