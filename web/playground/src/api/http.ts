// Calls to the control API, same origin. The one place that calls fetch.
import { BackendError } from "./backend";

export const BASE = "/_sim/v1";

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new BackendError(0, "unreachable", "The local server does not answer. Is it still running?");
  }
  const text = await response.text();
  if (response.ok) return (text ? JSON.parse(text) : {}) as T;
  throw refusal(response.status, text);
}

/** Reads an error answer; a body of another shape still yields a message. */
export function refusal(status: number, text: string): BackendError {
  type Body = { error?: { code?: string; message?: string; field?: string; discord?: { errors?: unknown } } };
  try {
    const error = (JSON.parse(text) as Body).error;
    if (error?.message) {
      const message = [error.message, ...details(error.discord?.errors)].join("\n");
      return new BackendError(status, error.code ?? "error", message, error.field);
    }
  } catch {
    // Not JSON: say what is known.
  }
  return new BackendError(status, "error", `The local server answered with status ${status}.`);
}

/** Discord's form errors as lines like "embeds.0.title: This field is required". See Discord docs: Reference / Error Messages. */
function details(errors: unknown, path: string[] = []): string[] {
  if (typeof errors !== "object" || errors === null) return [];
  return Object.entries(errors).flatMap(([key, value]) => {
    if (key !== "_errors" || !Array.isArray(value)) return details(value, [...path, key]);
    return (value as { message?: string }[]).map((it) => `${path.join(".")}: ${it.message ?? "not accepted"}`);
  });
}

export function query(values: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text ? `?${text}` : "";
}
