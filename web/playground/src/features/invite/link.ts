// Invite links, written as Discord writes them. See Discord docs: OAuth2 / Bot Authorization Flow.
import type { Id } from "../../api/discord";

export const INVITE_PATH = "/oauth2/authorize";

export const SCOPES = [
  { name: "bot", label: "Bot", about: "joins the server, with a role of its own" },
  { name: "applications.commands", label: "Commands", about: "can be used in the server" },
] as const;
export type Scope = (typeof SCOPES)[number]["name"];

export type Invite = { application: Id; scopes: string[]; permissions: string };

export function link(origin: string, { application, scopes, permissions }: Invite): string {
  const query = new URLSearchParams({ client_id: application });
  if (scopes.includes("bot")) query.set("permissions", permissions);
  query.set("scope", scopes.join(" "));
  return `${origin}${INVITE_PATH}?${query.toString()}`;
}

/** What a link asks for, or what is wrong with it. Bot libraries write some links without permissions. */
export function read(search: string): Invite | string {
  const query = new URLSearchParams(search);
  const application = query.get("client_id") ?? "";
  if (!/^\d{1,20}$/.test(application)) return "The link names no application: client_id is missing or no number.";
  const scopes = (query.get("scope") ?? "").split(/[ +]+/).filter(Boolean);
  if (!scopes.length) return "The link asks for nothing: scope is missing. It should be bot, applications.commands or both.";
  const foreign = scopes.find((scope) => SCOPES.every(({ name }) => name !== scope));
  if (foreign) return `The link asks for “${foreign}”, which is not simulated. Only bot and applications.commands are.`;
  const permissions = query.get("permissions") || "0";
  if (!/^\d{1,20}$/.test(permissions) || BigInt(permissions) >= 1n << 64n) return "The permissions in the link are no number of 64 bits.";
  return { application, scopes, permissions };
}
