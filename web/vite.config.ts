// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the page becomes one file, and where its tests are.
//
//   report.html + src/** --vite, singlefile--> one document --seal()--> dist/report.html with its own security policy
//
// seal() lets exactly the document's own scripts run, by their hashes, and refuses a document in which a placeholder
// that the tool fills is missing or stands twice.
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { viteSingleFile } from "vite-plugin-singlefile";
import { defineConfig, type Plugin } from "vitest/config";
import { checkPlaceholders } from "./scripts/placeholders.mjs";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function scriptHashes(html: string): string[] {
  const scripts = html.matchAll(/<script(?![^>]*application\/json)[^>]*>([\s\S]*?)<\/script>/g);
  return [...scripts].map((script) => `'sha256-${createHash("sha256").update(script[1]).digest("base64")}'`);
}

function seal(): Plugin {
  return {
    name: "coroscope-seal",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const output of Object.values(bundle)) {
          if (output.type !== "asset" || !output.fileName.endsWith(".html")) continue;
          const html = String(output.source);
          output.source = html.replace("'unsafe-inline' /* scripts */", () => scriptHashes(html).join(" "));
          checkPlaceholders(String(output.source));
        }
      },
    },
  };
}

const fromTests = ["playwright-core", "axe-core"];

export default defineConfig({
  plugins: [svelte(), viteSingleFile({ removeViteModuleLoader: true }), seal()],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { input: here("report.html") },
  },
  server: { open: "/report.html" },
  test: {
    globals: true,
    projects: [
      { extends: true, test: { name: "unit", environment: "node", include: ["src/**/*.test.ts"] } },
      {
        extends: true,
        resolve: { alias: fromTests.map((name) => ({ find: name, replacement: here(`node_modules/${name}`) })) },
        server: { fs: { allow: [here("..")] } },
        test: {
          name: "browser",
          environment: "node",
          include: ["../tests/web/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
