// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The run as lanes and as a list: each event is there, in its state's colour.
import type { Page } from "playwright-core";
import { coroutineOf, eventOf, stepOf, withPage } from "./support/browser";
import { largeReport } from "./support/large_report.mjs";
import { demo, lostEvents } from "./support/reports";

/** The colours of the column of pixels in which the playhead stands, without the playhead. */
async function columnColours(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const [lanes, above] = [...document.querySelectorAll("canvas")];
    const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
    const want = [1, 3, 5].map((at) => Number.parseInt(accent.slice(at, at + 2), 16));
    const flag = above.getContext("2d")!.getImageData(0, 6, above.width, 1).data;
    const hits = [];
    for (let x = 0; x < above.width; ++x) if (want.every((value, c) => flag[4 * x + c] === value)) hits.push(x);
    const x = Math.round((hits[0] + hits[hits.length - 1]) / 2);
    const column = lanes.getContext("2d")!.getImageData(x, 22, 1, lanes.height - 22).data;
    const colours = new Set<string>();
    for (let y = 0; y < column.length; y += 4) colours.add([...column.slice(y, y + 3)].join(" "));
    return [...colours];
  });
}

/** A CSS colour as the canvas has it: "r g b". */
const resolved = (page: Page, colour: string) =>
  page.evaluate((text) => {
    const canvas = document.createElement("canvas");
    const probe = document.body.appendChild(document.createElement("div"));
    probe.style.color = text;
    const context = canvas.getContext("2d")!;
    context.fillStyle = getComputedStyle(probe).color;
    probe.remove();
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].join(" ");
  }, colour);

const close = (left: string, right: string) => left.split(" ").every((value, i) => Math.abs(Number(value) - Number(right.split(" ")[i])) <= 2);

const running = (hue: number) => `color-mix(in srgb, var(--s${hue}) var(--bar), var(--panel))`;
const suspended = (hue: number) => `color-mix(in srgb, var(--s${hue}) 32%, var(--panel))`;

test.each(["light", "dark"] as const)("a pixel of a span has its state's colour (%s)", async (colorScheme) => {
  const { events } = demo().trace!;
  const at = (kind: string, frame: number, visit: number) =>
    events.kind.flatMap((k, i) => (events.kinds[k] === kind && events.frame[i] === frame ? [i + 1] : []))[visit];
  const expected: [step: number, there: string[], absent: string[]][] = [
    [at("resumed", 0, 1) + 1, [running(1)], [running(2), running(3)]],
    [at("suspended", 2, 1) + 1, [suspended(1), suspended(2)], [running(1), running(2)]],
    [at("resumed", 2, 1), [running(1), suspended(2)], [running(3)]],
    [at("resumed", 0, 3) + 1, [running(3)], [suspended(1), suspended(2)]],
  ];
  for (const [step, there, absent] of expected)
    await withPage(demo(), { colorScheme, hash: `#s=${step}&x=step` }, async (page) => {
      const colours = await columnColours(page);
      for (const colour of there) {
        const wanted = await resolved(page, colour);
        expect(colours.some((one) => close(one, wanted)), `step ${step}: ${colour} ${wanted} in ${colours.join(", ")}`).toBe(true);
      }
      for (const colour of absent) {
        const unwanted = await resolved(page, colour);
        expect(colours.some((one) => close(one, unwanted)), `step ${step}: ${colour} not there`).toBe(false);
      }
    });
});

test("a click on the lanes selects the event and the frame under it", async () => {
  await withPage(demo(), { hash: "#x=step&s=30" }, async (page) => {
    const box = (await page.locator("canvas").nth(1).boundingBox())!;
    // Six lanes below the axis: loop, parent#1, child#2, fetch#3, numbers#4, I/O.
    const lane = (at: number) => box.y + 22 + ((box.height - 22) * (at + 0.5)) / 6;
    await page.mouse.click(box.x + box.width - 22, lane(1));
    expect(await stepOf(page)).toBe(59);
    await page.mouse.click(box.x + box.width / 2, lane(1));
    expect(await page.locator(".frames .here .name").textContent()).toBe("parent#1");
    await page.mouse.click(box.x + box.width / 2, lane(3));
    expect(await page.locator(".frames .here .name").textContent()).toBe("fetch#3");
    await page.mouse.click(box.x + 30, lane(2));
    expect(await coroutineOf(page)).toBe("child(int)");
  });
});

test("a run of 100,000 events opens, steps and zooms", async () => {
  await withPage(largeReport(100_000, 50), {}, async (page) => {
    expect(await page.locator(".stepn").textContent()).toContain("of 100000");
    expect(await page.getByRole("button", { name: "Time", exact: true }).getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("End");
    expect(await stepOf(page)).toBe(100_000);
    for (const key of ["ArrowLeft", "w", "w", "a", "f", "0"]) await page.keyboard.press(key);
    expect(await stepOf(page)).toBe(99_999);
    await page.getByRole("button", { name: "Event list" }).click();
    expect(await page.locator(".ev[data-event]").count()).toBeLessThan(60);
    expect(await page.locator('.ev[data-event="99998"]').count()).toBe(1);
  });
});

test("the rows of the event list are the trace's events", async () => {
  await withPage(demo(), { viewport: { width: 1440, height: 2600 } }, async (page) => {
    await page.addStyleTag({ content: ".dock { height: 1800px !important }" });
    await page.getByRole("button", { name: "Event list" }).click();
    const { events } = demo().trace!;
    const rows = await page.locator(".ev[data-event]").evaluateAll((all) => all.map((row) => Number((row as HTMLElement).dataset.event)));
    expect(rows).toEqual(events.kind.map((_, i) => i));
    const times = await page.locator(".ev[data-event] .mono").allTextContents();
    expect(times).toEqual(events.time.map((time) => `${(time / 1e6).toFixed(3)} ms`));
    await page.locator('.ev[data-event="35"]').click();
    expect(await stepOf(page)).toBe(36);
    expect(await page.locator('.ev[aria-current="step"] .what').textContent()).toBe(await eventOf(page));
    await page.getByRole("button", { name: /only$/ }).click();
    const frame = events.frame[35];
    const own = await page.locator(".ev[data-event]").evaluateAll((all) => all.map((row) => Number((row as HTMLElement).dataset.event)));
    expect(own).toEqual(events.frame.flatMap((one, i) => (one === frame ? [i] : [])));
  });
});

test("the plain wheel scrolls, with Ctrl it zooms", async () => {
  await withPage(demo(), { hash: "#x=step&s=30" }, async (page) => {
    const shot = () => page.locator("canvas").first().evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const before = await shot();
    const box = (await page.locator("canvas").nth(1).boundingBox())!;
    await page.mouse.move(box.x + 700, box.y + 90);
    await page.mouse.wheel(0, 120);
    expect(await shot()).toBe(before);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -300);
    await page.keyboard.up("Control");
    await expect.poll(shot).not.toBe(before);
    await page.keyboard.press("0");
    await expect.poll(shot).toBe(before);
  });
});

test("what was lost is drawn behind the last event", async () => {
  await withPage(lostEvents(), { hash: "#x=step" }, async (page) => {
    const stripes = await resolved(page, "color-mix(in srgb, var(--warn) 30%, var(--panel))");
    const found = await page.locator("canvas").first().evaluate((element, wanted) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext("2d")!.getImageData(canvas.width - 40, 22, 30, canvas.height - 22);
      const [r, g, b] = wanted.split(" ").map(Number);
      let count = 0;
      for (let i = 0; i < data.length; i += 4)
        if (Math.abs(data[i] - r) < 4 && Math.abs(data[i + 1] - g) < 4 && Math.abs(data[i + 2] - b) < 4) ++count;
      return count;
    }, stripes);
    expect(found).toBeGreaterThan(100);
  });
});
