// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The whole way: a source file through the tool into a page that the browser opens. COROSCOPE_TOOL names the tool.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Report } from "../../web/src/report";
import { validate } from "../../web/src/validate";
import { coroutineOf, openFile, stepOf, watched } from "./support/browser";

const tool = process.env.COROSCOPE_TOOL;
const sample = fileURLToPath(new URL("../../samples/05_async_await.cpp", import.meta.url));

describe.skipIf(!tool)("a page that the tool wrote", () => {
  const folder = mkdtempSync(join(tmpdir(), "coroscope-tool-"));
  const page = join(folder, "page.html");
  let report: Report;

  beforeAll(() => {
    const json = join(folder, "report.json");
    execFileSync(tool!, ["report", sample, "--run", "-o", page, `--json=${json}`], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    report = validate(JSON.parse(readFileSync(json, "utf8")));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("shows each of its coroutines with a frame that its cells tile, and as many steps as it has events", async () => {
    await watched(await openFile(page), async (opened) => {
      expect(await opened.locator(".stepn").textContent()).toContain(`of ${report.trace!.events.kind.length}`);
      for (let left = report.coroutines.length; left > 0; --left) {
        const name = await coroutineOf(opened);
        const level = await opened.locator('.levels [aria-pressed="true"]').textContent();
        const lowering = report.coroutines.find((one) => one.name === name)!.lowerings.find((one) => one.level === level)!;
        const folded = await opened.locator(".fold").evaluateAll((all) => all.map((one) => Number((one as HTMLElement).dataset.to) + 1 - Number((one as HTMLElement).dataset.from)));
        const bytes = folded.reduce((sum, more) => sum + more, await opened.locator(".cell").count());
        expect(bytes, name).toBe(lowering.frame!.size);
        await opened.keyboard.press("j");
      }
    });
  });

  test("steps through its run from the first event to the last", async () => {
    await watched(await openFile(page, { hash: "#s=1" }), async (opened) => {
      const marked = new Set<string>();
      const events = report.trace!.events.kind.length;
      for (let step = 1; step < events; ++step) {
        await opened.keyboard.press("ArrowRight");
        if (await opened.locator(".cl.at").count()) marked.add((await opened.locator(".cl.at").getAttribute("data-line"))!);
      }
      expect(await stepOf(opened)).toBe(events);
      const awaited = report.coroutines.flatMap((one) => one.suspend_points.filter((p) => p.kind === "await").map((p) => String(p.range.begin[0])));
      expect(awaited.filter((line) => marked.has(line)).length).toBeGreaterThan(3);
    });
  });

  test("shows at each step the values and bytes that were recorded there", async () => {
    await watched(await openFile(page, { hash: "#s=1" }), async (opened) => {
      const { contents, coroutines, frames, events } = report.trace!;
      let told = 0;
      for (let step = 1; step <= events.kind.length; ++step, await opened.keyboard.press("ArrowRight")) {
        const now = contents!.find((one) => one.event === step - 1);
        if (!now) continue;
        const variables = coroutines[frames[events.frame[now.event]].coroutine!].variables!;
        const expected = (now.values ?? []).map((one) => [variables[one.variable].name, one.text ?? "dead"]);
        const rows = await opened.locator(".vals tr.changed").evaluateAll((all) =>
          all.map((row) => [row.children[0].textContent, [...row.children[1].childNodes]
            .filter((node) => node.nodeName !== "S").map((node) => node.textContent).join("").trim()]));
        expect(rows.sort()).toEqual(expected.sort());
        told += rows.length;
        for (const { offset, bytes } of (await opened.locator(".cell").count()) ? (now.changes ?? []) : [])
          expect(await opened.locator(`.cell[data-byte="${offset}"]`).textContent()).toBe(bytes.slice(0, 2));
      }
      expect(told).toBeGreaterThan(10);
    });
  });

  test("has its tables without scripts", async () => {
    await watched(await openFile(page, { javaScriptEnabled: false }), async (opened) => {
      expect(await opened.locator("noscript h2").allTextContents()).toEqual(report.coroutines.map((one) => one.name));
      expect(await opened.locator("noscript table").first().isVisible()).toBe(true);
    });
  });
});
