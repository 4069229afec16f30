// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How fast the page is with a large run: 50 coroutines, 100,000 events (or as many as the first argument says).
//
//   generated report --fill()--> page in Chromium --> ready, step, zoom: a row of scripts/bench each
//
// Run by `scripts/bench page` after `npm ci` in web/; the page measured is web/dist/report.html. --rows is understood
// and changes nothing: rows are all it prints.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "../../web/node_modules/playwright-core/index.mjs";
import { fill } from "../../web/scripts/placeholders.mjs";
import { largeReport } from "../web/support/large_report.mjs";

const count = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), "coroscope-bench-"));
const path = join(folder, "page.html");
const template = readFileSync(new URL("../../web/dist/report.html", import.meta.url), "utf8");
writeFileSync(path, fill(template, JSON.stringify(largeReport(count, 50)), { title: "bench" }));

/** The ms that the page works for each of `times` runs of `action`: its scripts, then style and layout. */
const measure = (page, times, action) =>
  page.evaluate(
    async ([times, body]) => {
      const act = new Function("i", body);
      const taken = [];
      for (let i = 0; i < times; ++i) {
        const begin = performance.now();
        act(i);
        for (let turn = 0; turn < 5; ++turn) await Promise.resolve();
        document.body.getBoundingClientRect();
        taken.push(performance.now() - begin);
        await new Promise(requestAnimationFrame);
      }
      return taken.sort((a, b) => a - b);
    },
    [times, action],
  );
const key = (name, extra = "") =>
  `document.body.dispatchEvent(new KeyboardEvent("keydown", { key: ${name}, bubbles: true, cancelable: true ${extra} }))`;
/** One row of scripts/bench: the budgets stand in for a peer. */
const row = (metric, ours, budget, target = 1) =>
  console.log(JSON.stringify({ metric, unit: "ms", ours, peer: budget, peer_name: "budget", target }));
const median = (taken) => taken[taken.length >> 1];
const most = (taken) => taken[Math.floor(taken.length * 0.95)];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  console.error(`${count} events, page ${(statSync(path).size / 1e6).toFixed(2)} MB`);
  const ready = [];
  for (let i = 0; i < 5; ++i) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    ready.push(await page.evaluate(() => performance.now()));
    await page.close();
  }
  row("ready, from the start of loading (median)", median(ready.sort((a, b) => a - b)), 2000);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  const steps = await measure(page, 200, key('"ArrowRight"'));
  row("one step on (median)", median(steps), 16);
  row("one step on (p95)", most(steps), 16, null);
  row("one step within the frame (p95)", most(await measure(page, 200, key('"ArrowRight"', ", shiftKey: true"))), 16);
  row("to the end and back (median)", median(await measure(page, 60, key('i % 2 ? "Home" : "End"'))), 16);
  row("zoom over all lanes (p95)", most(await measure(page, 120, key('i % 24 < 12 ? "w" : "s"'))), 33);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
