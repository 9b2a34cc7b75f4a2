// Invite links, written as Discord writes them. The server reads them. See Discord docs: OAuth2 / Bot Authorization
// Flow.
import type { Id } from "../../api/discord";

export const INVITE_PATH = "/oauth2/authorize";

export const SCOPES = [
  { name: "bot", label: "Bot", about: "joins the server, with a role of its own" },
  { name: "applications.commands", label: "Commands", about: "can be used in the server" },
] as const;
export type Scope = (typeof SCOPES)[number]["name"];

export type Invite = { application: Id; scopes: string[]; permissions: string };

/** A link that adds an application to whoever follows it instead of to a server. */
export const linkForPerson = (origin: string, application: Id, more: Record<string, string> = {}): string =>
  link(origin, { application, scopes: ["applications.commands"], permissions: "0" }, { integration_type: "1", ...more });

/** What a bot usually asks for: to read and write, react, attach files, and moderate; not to administer. */
export const USUAL = [1, 2, 4, 6, 10, 11, 13, 14, 15, 16, 18, 28, 34, 38, 40].reduce((bits, at) => bits | (1n << BigInt(at)), 0n).toString();

/** A link with what it asks for; `more` are further parameters, such as the proposed server. */
export function link(origin: string, { application, scopes, permissions }: Invite, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({ client_id: application });
  if (scopes.includes("bot")) query.set("permissions", permissions);
  query.set("scope", scopes.join(" "));
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return `${origin}${INVITE_PATH}?${query.toString()}`;
}

/** Where a page can be left to: an address of the web or of a program, never one that runs here. */
export function leadsOut(address: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(address) && !/^(javascript|data|vbscript|blob|file|about):/i.test(address.trim());
}
