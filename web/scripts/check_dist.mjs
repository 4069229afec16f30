// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether the committed dist/report.html is what the sources build: builds into a temporary folder and compares.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));
const out = mkdtempSync(join(tmpdir(), "coroscope-dist-"));
try {
  const vite = join(web, "node_modules/vite/bin/vite.js");
  execFileSync(process.execPath, [vite, "build", "--outDir", out, "--logLevel", "warn"], { cwd: web, stdio: "inherit" });
  const built = readFileSync(join(out, "report.html"));
  const committed = readFileSync(join(web, "dist/report.html"));
  if (!built.equals(committed)) {
    console.error("web/dist/report.html is not what web/src builds: run `npm run build` in web/ and commit the result");
    process.exit(1);
  }
  console.log(`web/dist/report.html is up to date (${built.length} bytes)`);
} finally {
  rmSync(out, { recursive: true, force: true });
}
