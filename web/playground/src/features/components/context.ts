// What components know about the message they are in.
import { createContext } from "svelte";
import type { Guild, Message } from "../../api/discord";

export type ComponentHost = { readonly message: Message; readonly guild: Guild | null };

export const [getHost, setHost] = createContext<ComponentHost>();
