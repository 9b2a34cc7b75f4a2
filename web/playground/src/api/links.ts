// Authorization links: what they ask a person for, and the person's answer. The server reads and checks the link.
import type { Id, Member, Role } from "./discord";
import { call } from "./http";

export type Review = {
  application: { id: Id; name: string; icon: string | null; description: string };
  scopes: string[];
  /** What the link asks for, as bits. */
  permissions: string;
  guild: Id | null;
  guild_is_fixed: boolean;
  needs_guild: boolean;
  for_user: boolean;
  /** Those that the person manages. */
  guilds: { id: Id; name: string; icon: string | null }[];
  /** The person has agreed before and need not be asked. */
  agreed: boolean;
  redirect_uri: string | null;
};
/** Either what is asked for, or where the browser goes at once. */
export type Reviewed = { review: Review; location: null } | { review: null; location: string };
export type Answer = { agree: boolean; guild?: Id; permissions?: string };
export type Answered = { location: string | null; guild: Id | null; member: Member | null; role: Role | null };

export const links = {
  review: (user: Id, link: string) => call<Reviewed>("POST", "/actor/review_link", { user, link }),
  answer: (user: Id, link: string, answer: Answer) => call<Answered>("POST", "/actor/answer_link", { user, link, ...answer }),
};
