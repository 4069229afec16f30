// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How fast the page is with a large run: 50 coroutines, 100,000 events (or as many as the first argument says).
//
//   generated report --fill()--> page in Chromium --> ready, step, zoom: median and 95th percentile in ms
//
// Run with `npm run bench` in web/ after `npm ci`; the page measured is web/dist/report.html.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "../../web/node_modules/playwright-core/index.mjs";
import { fill } from "../../web/scripts/placeholders.mjs";
import { largeReport } from "../web/support/large_report.mjs";

const count = Number(process.argv[2] ?? 100_000);
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
const show = (name, taken) =>
  console.log(`${name.padEnd(44)} median ${taken[taken.length >> 1].toFixed(1).padStart(7)} ms   p95 ${taken[Math.floor(taken.length * 0.95)].toFixed(1).padStart(7)} ms`);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  console.log(`${count} events, page ${(statSync(path).size / 1e6).toFixed(2)} MB`);
  const ready = [];
  for (let i = 0; i < 5; ++i) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    ready.push(await page.evaluate(() => performance.now()));
    await page.close();
  }
  show("ready, from the start of loading", ready.sort((a, b) => a - b));
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  show("one step on", await measure(page, 200, key('"ArrowRight"')));
  show("one step within the frame", await measure(page, 200, key('"ArrowRight"', ", shiftKey: true")));
  show("to the end and back", await measure(page, 60, key('i % 2 ? "Home" : "End"')));
  show("zoom over all lanes", await measure(page, 120, key('i % 24 < 12 ? "w" : "s"')));
  show("another theme", await measure(page, 20, key('"t"')));
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
