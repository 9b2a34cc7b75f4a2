// Files on their way to the control API.
import type { FileBody } from "./backend";

/** A file as the API wants it. */
export async function fileBody(file: File): Promise<FileBody> {
  return {
    filename: file.name || "file",
    data: await base64(file),
    ...(file.type ? { content_type: file.type } : {}),
  };
}

async function base64(file: File): Promise<string> {
  const uri = await dataUri(file);
  return uri.slice(uri.indexOf(",") + 1);
}

/** A file as a data URI of its type. */
export function dataUri(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
