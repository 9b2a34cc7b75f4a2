// The kinds of channels one can make.
import { ChannelType as T } from "../../api/discord";

export const KINDS = [
  { type: T.Text, name: "Text", about: "People write messages, one after the other." },
  { type: T.Voice, name: "Voice", about: "People talk; there is a chat beside it." },
  { type: T.Forum, name: "Forum", about: "Posts, each a thread of its own." },
  { type: T.Announcement, name: "Announcement", about: "News that others can follow." },
  { type: T.Stage, name: "Stage", about: "A few speak, the others listen." },
  { type: T.Category, name: "Category", about: "Holds other channels." },
] as const;

export const kindName = (type: number): string => KINDS.find((it) => it.type === type)?.name ?? (type === T.Media ? "Media" : "Channel");

/** Seconds of slowmode that can be chosen. */
export const SLOWMODES: [number, string][] = [
  [0, "Off"], [5, "5 seconds"], [10, "10 seconds"], [15, "15 seconds"], [30, "30 seconds"], [60, "1 minute"], [120, "2 minutes"],
  [300, "5 minutes"], [600, "10 minutes"], [900, "15 minutes"], [1800, "30 minutes"], [3600, "1 hour"], [7200, "2 hours"], [21_600, "6 hours"],
];
