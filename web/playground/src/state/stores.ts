// All stores of the page, wired once and handed down through Svelte's context.
import { createContext } from "svelte";
import type { Backend } from "../api/backend";
import { Commands } from "./commands.svelte";
import { Composing } from "./composing.svelte";
import { Directory } from "./directory.svelte";
import { Interactions } from "./interactions.svelte";
import { Messages } from "./messages.svelte";
import { ModerationNews } from "./moderation.svelte";
import { Navigation } from "./navigation.svelte";
import { Panels } from "./panels.svelte";
import { Session } from "./session.svelte";
import { ThemeChoice } from "./theme.svelte";
import { Workbench } from "../features/workbench/workbench.svelte";
import { Toasts } from "./toasts.svelte";
import { Typing } from "./typing.svelte";
import { Unread } from "./unread.svelte";

export type Stores = {
  backend: Backend;
  session: Session;
  directory: Directory;
  navigation: Navigation;
  messages: Messages;
  moderation: ModerationNews;
  interactions: Interactions;
  commands: Commands;
  composing: Composing;
  panels: Panels;
  typing: Typing;
  unread: Unread;
  toasts: Toasts;
  theme: ThemeChoice;
  workbench: Workbench;
};

export function createStores(backend: Backend): Stores {
  const session = new Session(backend);
  const user = () => session.user;
  const directory = new Directory();
  const messages = new Messages(backend, user);
  const stores: Stores = {
    backend,
    session,
    directory,
    navigation: new Navigation(directory),
    messages,
    moderation: new ModerationNews(),
    interactions: new Interactions(backend, messages),
    commands: new Commands(backend, user),
    composing: new Composing(),
    panels: new Panels(),
    typing: new Typing(),
    unread: new Unread(),
    toasts: new Toasts(),
    theme: new ThemeChoice(),
    workbench: new Workbench(backend.bench),
  };
  session.attach(stores);
  return stores;
}

export const [getStores, setStores] = createContext<Stores>();
