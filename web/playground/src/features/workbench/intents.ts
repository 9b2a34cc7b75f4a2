// Privileged intents as an application's flags tell them. See Discord docs: Application / Application Flags.
import type { PrivilegedIntent } from "../../api/bench";

export const PRIVILEGED: readonly { name: PrivilegedIntent; label: string; flags: number }[] = [
  { name: "presence", label: "Presence", flags: (1 << 12) | (1 << 13) },
  { name: "members", label: "Server members", flags: (1 << 14) | (1 << 15) },
  { name: "message_content", label: "Message content", flags: (1 << 18) | (1 << 19) },
];

export const granted = (flags: number): PrivilegedIntent[] => PRIVILEGED.filter((it) => flags & it.flags).map((it) => it.name);

export const toggled = (flags: number, intent: PrivilegedIntent): PrivilegedIntent[] => {
  const now = granted(flags);
  return now.includes(intent) ? now.filter((it) => it !== intent) : [...now, intent];
};
