// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The states that are easily forgotten: nothing to show, something broken, something missing.
import { currentLine, open, close, withPage } from "./support/browser";
import { compileErrors, demo, lostEvents, noCoroutine, unknownCoroutine, untraced } from "./support/reports";

test("without a coroutine the page says what one is", async () => {
  await withPage(noCoroutine(), {}, async (page) => {
    expect(await page.getByText("No coroutine in this file").isVisible()).toBe(true);
    expect(await page.getByRole("tab").count()).toBe(0);
    expect(await page.locator('[data-line="1"] .tx').textContent()).toBe("int main() { return 0; }");
  });
});

test("without a run the lowering stays and the dock says how to record one", async () => {
  await withPage(untraced(), {}, async (page) => {
    expect(await page.getByText("coroscope report demo.cpp --run").isVisible()).toBe(true);
    expect(await page.locator(".cell").count()).toBe(224);
    expect(await page.locator(".now, .stepn").count()).toBe(0);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press(" ");
  });
});

test("compile errors stand in the gutter and in a list that leads to them", async () => {
  await withPage(compileErrors(), {}, async (page) => {
    expect(await page.getByText("This file does not compile").isVisible()).toBe(true);
    expect(await page.locator('[data-line="3"] .mark').getAttribute("title")).toBe("no template named 'task'");
    expect(await page.getByRole("tab", { name: /Diagnostics/ }).getAttribute("aria-selected")).toBe("true");
    expect(await page.locator(".panel li").allTextContents()).toHaveLength(3);
    await page.getByRole("button", { name: "broken.cpp:3:1", exact: true }).click();
  });
});

test("lost events and a cut recording are said, with the count", async () => {
  await withPage(lostEvents(), {}, async (page) => {
    const said = await page.getByRole("note").textContent();
    expect(said).toContain("12 events lost");
    expect(said).toContain("The recording ends before the program did.");
    expect(said).toContain("SIGSEGV");
  });
});

test("a frame whose coroutine is not in the report says where that is", async () => {
  const report = unknownCoroutine();
  const step = report.trace!.events.frame.indexOf(2) + 1;
  await withPage(report, { hash: `#s=${step}` }, async (page) => {
    expect(await page.getByText("is not part of this report").first().isVisible()).toBe(true);
    expect(await page.getByText("net/fetch.cpp").first().isVisible()).toBe(true);
    expect(await page.getByRole("tab").allTextContents()).toEqual(["Frame"]);
    expect(await currentLine(page)).toBe(0);
    await page.keyboard.press("Home");
    expect(await page.getByRole("tab").count()).toBe(5);
  });
});

test("a run that recorded nothing says so", async () => {
  const report = demo();
  const events = report.trace!.events;
  for (const name of ["kind", "time", "thread", "frame", "point", "target", "by", "a", "b"] as const) events[name] = [];
  report.trace!.awaits = [];
  report.trace!.frames = [];
  await withPage(report, {}, async (page) => {
    expect(await page.getByText("The run recorded no event.").isVisible()).toBe(true);
  });
});

test.each([
  ["damaged", (html: string) => html.replace(/(deflate-base64">.{200}).{40}/, "$1")],
  ["of another schema", (html: string) => html.replace(/(type="application\/json" )data-encoding="deflate-base64">[^<]*/, '$1data-encoding="json">{"schema":"coroscope-report/9"}')],
  ["empty", (html: string) => html.replace(/deflate-base64">[^<]*/, 'deflate-base64">')],
])("a payload that is %s shows its message, and nothing else", async (_, edit) => {
  await withPage(demo(), { edit }, async (page) => {
    const message = await page.getByRole("alert").textContent();
    expect(message).toMatch(/damaged|schema|coroscope-report\/9/);
    expect(message).toContain("coroscope");
    expect(await page.locator(".dock").count()).toBe(0);
  });
});

test("a browser without DecompressionStream is told what to use", async () => {
  const tab = await open(demo(), { before: "delete window.DecompressionStream" });
  expect(await tab.page.getByRole("alert").textContent()).toMatch(/DecompressionStream.*Firefox 113/);
  await close(tab);
});
