// Starts the page on the backend it was built for.
import "@cogwright/ui/tokens.css";
import "@cogwright/ui/base.css";
import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import AuthorizePage from "./features/invite/AuthorizePage.svelte";
import { INVITE_PATH } from "./features/invite/link";
import type { Backend } from "./api/backend";
import { control } from "./api/control";

async function backend(): Promise<Backend> {
  if (import.meta.env.MODE === "fixture") return (await import("./fixture/backend")).fixture();
  return control;
}

const target = document.getElementById("app");
if (target) {
  const props = { backend: await backend() };
  if (location.pathname === INVITE_PATH) mount(AuthorizePage, { target, props });
  else mount(App, { target, props });
}
