// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For everybody: all by Tab with the focus in sight, no finding of axe, nothing cut off at any width.
import axe from "axe-core";
import type { Page } from "playwright-core";
import type { Report } from "../../web/src/report";
import { withPage } from "./support/browser";
import { compileErrors, demo, lostEvents, noCoroutine, unknownCoroutine, untraced } from "./support/reports";

/** axe's findings, a line each. The page's policy lets no script in, so axe comes through the debugger. */
async function findings(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: `if (!window.axe) { ${axe.source} }` });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run({ resultTypes: ["violations"] }).then((found) => JSON.stringify(found.violations.flatMap((rule) =>
      rule.nodes.map((node) => rule.id + ": " + node.target.join(" ") + ": " + node.failureSummary))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  return JSON.parse(result.value as string) as string[];
}

const themes = ["light", "dark"] as const;
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];
const looks = themes.flatMap((theme) => sizes.map((viewport) => ({ theme, viewport, name: `${theme}, ${viewport.width} px` })));

test.each(looks)("axe finds nothing in any tab ($name)", async ({ theme, viewport }) => {
  await withPage(demo(), { viewport, colorScheme: theme, hash: "#s=39&l=O2" }, async (page) => {
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      expect(await findings(page), (await tab.textContent()) ?? "").toEqual([]);
    }
    await page.getByRole("button", { name: "Event list" }).click();
    expect(await findings(page), "event list").toEqual([]);
    await page.keyboard.press("/");
    expect(await findings(page), "picker").toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    expect(await findings(page), "help").toEqual([]);
  });
});

const states: [string, () => Report][] = [
  ["without a run", untraced],
  ["without a coroutine", noCoroutine],
  ["with compile errors", compileErrors],
  ["with lost events", lostEvents],
  ["at a coroutine that is not in the report", unknownCoroutine],
];
test.each(states)("axe finds nothing %s", async (_, report) => {
  for (const colorScheme of themes)
    await withPage(report(), { colorScheme, hash: "#s=23" }, async (page) => expect(await findings(page)).toEqual([]));
});

test("axe finds nothing in the message about a damaged report", async () => {
  for (const colorScheme of themes)
    await withPage("{}", { colorScheme }, async (page) => expect(await findings(page)).toEqual([]));
});

const widths: [string, { width: number; height: number }][] = [
  ["1440 × 900", { width: 1440, height: 900 }],
  ["1024 × 768", { width: 1024, height: 768 }],
  ["390 × 844", { width: 390, height: 844 }],
  ["1440 × 900 at 200 %", { width: 720, height: 450 }],
];
test.each(widths)("nothing runs over the edge at %s", async (_, viewport) => {
  await withPage(demo(), { viewport, hash: "#s=39&l=O0" }, async (page) => {
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      const over = await page.evaluate(() => {
        const root = document.documentElement;
        const outside = [...document.querySelectorAll("button, select, input, .pane, .ctl > *, .top > *")].filter((element) => {
          const box = element.getBoundingClientRect();
          const scrolled = element.closest(".pb, .tabs, .box");
          return !scrolled && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
        });
        return { page: root.scrollWidth - root.clientWidth, outside: outside.map((element) => element.outerHTML.slice(0, 90)) };
      });
      expect(over, (await tab.textContent()) ?? "").toEqual({ page: 0, outside: [] });
    }
  });
});

test("everything is reached by Tab, and one sees where the focus is", async () => {
  await withPage(demo(), { hash: "#s=29&v=frame" }, async (page) => {
    const reached = new Set<string>();
    for (let i = 0; i < 150; ++i) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return undefined;
        const style = getComputedStyle(element);
        const seen = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 1;
        const all = [...document.querySelectorAll("button, input, select, [tabindex]")];
        return { seen, index: all.indexOf(element), html: element.outerHTML.slice(0, 100) };
      });
      if (!focus) break;
      expect(focus.seen, focus.html).toBe(true);
      reached.add(String(focus.index));
    }
    const expected = await page.evaluate(() =>
      [...document.querySelectorAll("button, input, select, [tabindex]")].flatMap((element, i) =>
        element.matches(":disabled, [tabindex='-1']") ? [] : [String(i)],
      ),
    );
    expect(expected.filter((index) => !reached.has(index))).toEqual([]);
  });
});

test("tabs are walked with the arrows, fields with up and down", async () => {
  await withPage(demo(), { hash: "#v=frame&s=29" }, async (page) => {
    await page.getByRole("tab", { name: "Frame" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tab", { name: "Suspend points" }).getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("ArrowLeft");
    await page.locator("button.lab").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await page.locator(".detail h3").textContent()).toContain("destroy");
  });
});
