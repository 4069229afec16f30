// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts a report into the built page: node scripts/fill.mjs REPORT.json OUT.html
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fill } from "./placeholders.mjs";

const [input, output] = process.argv.slice(2);
if (!input || !output) {
  console.error("usage: node scripts/fill.mjs REPORT.json OUT.html");
  process.exit(2);
}
const template = readFileSync(new URL("../dist/report.html", import.meta.url), "utf8");
writeFileSync(output, fill(template, readFileSync(input, "utf8"), { title: `${basename(input)} · coroscope` }));
