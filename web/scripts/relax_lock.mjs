// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes the `engines` out of package-lock.json; with --check only tells whether any are in it.
//
// npm holds a package's `engines` against the Node that runs npm, and leaves out optional packages (the bundler's native
// parts) that do not fit. Here everything runs on the Node that the lock file itself brings, so Debian's older Node may
// install it all. Run `npm run lock` after a change of the dependencies.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const bound = Object.entries(lock.packages).filter(([name, entry]) => name && entry.engines);
const hosted = Object.values(lock.packages).filter((entry) => entry.resolved);

if (process.argv.includes("--check")) {
  if (bound.length || hosted.length) {
    console.error(`package-lock.json: ${bound.length} packages name engines, ${hosted.length} a registry; run \`npm run lock\` in web/`);
    process.exit(1);
  }
  console.log(`package-lock.json: ${Object.keys(lock.packages).length} packages, none bound to a Node or a registry`);
} else {
  for (const [, entry] of bound) delete entry.engines;
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
