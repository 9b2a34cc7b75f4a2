// Build and development server of the playground.
//
// `vite` alone serves the page against a running `cogwright playground` (COGWRIGHT_URL, default
// port 8787); `vite --mode fixture` serves it against a made-up world inside the page.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

declare const process: { env: Record<string, string | undefined> };

const backend = process.env["COGWRIGHT_URL"] ?? "http://127.0.0.1:8787";

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: "es2023",
    // Browsers that know light-dark() and field-sizing or do well without the latter.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0, reportCompressedSize: false,
  },
  server: {
    proxy: {
      "/_sim": { target: backend, changeOrigin: true, ws: true, headers: { origin: backend } },
      "/cdn": { target: backend, changeOrigin: true },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
