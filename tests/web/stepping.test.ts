// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moving through the run: source, frame, state and timeline go together, by keys, pills, slider and links alike.
import type { Page } from "playwright-core";
import { coroutineOf, currentLine, eventOf, stepOf, withPage } from "./support/browser";
import { demo } from "./support/reports";

/** What a reader sees of a step. */
const seen = async (page: Page) => ({
  step: await stepOf(page),
  coroutine: await coroutineOf(page),
  line: await currentLine(page),
  state: await page.getByRole("region", { name: "State at the current step" }).textContent(),
  frame: await page.locator(".fm").textContent(),
});
const press = async (page: Page, key: string, times = 1) => {
  for (let i = 0; i < times; ++i) await page.keyboard.press(key);
};
const stepOfEvent = (kind: string, frame: number, visit = 0) => {
  const events = demo().trace!.events;
  const found = events.kind.flatMap((k, i) => (events.kinds[k] === kind && events.frame[i] === frame ? [i + 1] : []));
  return found[visit];
};

test("stepping forth and back shows the same, and jumping N equals N steps", async () => {
  await withPage(demo(), { hash: "#s=1" }, async (page) => {
    const forth = [];
    for (let step = 1; step <= 30; ++step, await press(page, "ArrowRight")) forth.push(await seen(page));
    for (let step = 30; step >= 1; --step) {
      await press(page, "ArrowLeft");
      expect(await seen(page)).toEqual(forth[step - 1]);
    }
    await page.locator("input[type=range]").fill("23");
    expect(await seen(page)).toEqual(forth[22]);
  });
});

test("the line, the coroutine, the event and the frame follow the step", async () => {
  await withPage(demo(), { hash: `#s=${stepOfEvent("suspended", 0, 1)}` }, async (page) => {
    expect(await eventOf(page)).toBe("parent#1 suspended at S1");
    expect(await currentLine(page)).toBe(9);
    expect(await page.locator(".facts").first().textContent()).toContain("Frame 160 B");
    await press(page, "ArrowRight", 2);
    expect(await eventOf(page)).toBe("child#2 resumed from S0");
    expect(await coroutineOf(page)).toBe("child(int)");
    expect(await currentLine(page)).toBe(15);
    expect(await page.locator(".facts").first().textContent()).toContain("Frame 72 B");
  });
});

test("the same points stand in source, table and graph", async () => {
  await withPage(demo(), {}, async (page) => {
    const labels = (selector: string) => page.locator(selector).allTextContents();
    const source = await labels(".gut .pill");
    expect(source).toEqual(["S0", "S1", "S2", "S3", "F"]);
    await page.getByRole("tab", { name: "Suspend points" }).click();
    expect(await labels("td .pill")).toEqual(source);
    await page.getByRole("tab", { name: "Graph" }).click();
    expect(await labels(".node .m")).toEqual(source);
  });
});

test("pointing at a point, or focusing it, marks it elsewhere", async () => {
  await withPage(demo(), { hash: "#v=points" }, async (page) => {
    const marked = () => page.locator("tr.hot, .node.hot").evaluateAll((all) => all.map((one) => one.getAttribute("data-point")));
    await page.locator('.gut [data-point="2"]').hover();
    expect(await marked()).toEqual(["2"]);
    await page.locator('.gut [data-point="3"]').focus();
    expect(await marked()).toEqual(["3"]);
    await page.locator('tr[data-point="1"]').hover();
    expect(await page.locator('.gut [data-point="1"].hot').count()).toBe(1);
  });
});

test("a pill goes to the next visit of its point and round at the end, with Shift to the one before", async () => {
  await withPage(demo(), { hash: `#c=_Z7numbersii&s=${stepOfEvent("frame_created", 3)}` }, async (page) => {
    const visits = [0, 1, 2].map((visit) => stepOfEvent("suspended", 3, visit + 1));
    const pill = page.locator('.gut [data-point="1"]');
    const reached = [];
    for (let i = 0; i < 4; ++i) {
      await pill.click();
      reached.push(await stepOf(page));
    }
    expect(reached).toEqual([...visits, visits[0]]);
    await pill.click({ modifiers: ["Shift"] });
    expect(await stepOf(page)).toBe(visits[2]);
  });
});

test("stepping within a frame visits its own events only", async () => {
  await withPage(demo(), { hash: "#s=1" }, async (page) => {
    const own = demo().trace!.events.frame.flatMap((frame, i) => (frame === 0 ? [i + 1] : []));
    const reached = [await stepOf(page)];
    for (let i = 1; i < own.length; ++i) {
      await press(page, "Shift+ArrowRight");
      reached.push(await stepOf(page));
    }
    expect(reached).toEqual(own);
    await press(page, "Home");
    await page.getByRole("button", { name: "parent#1 only" }).click();
    await press(page, "ArrowRight", 7);
    expect(await stepOf(page)).toBe(own[7]);
    expect(await coroutineOf(page)).toBe("parent(std::string, int)");
  });
});

test("the keys do what the help says", async () => {
  await withPage(demo(), { hash: "#s=20" }, async (page) => {
    await press(page, "End");
    expect(await stepOf(page)).toBe(59);
    await press(page, "Home");
    expect(await stepOf(page)).toBe(1);
    await press(page, ".");
    expect(await stepOf(page)).toBe(2);
    await press(page, ",");
    expect(await stepOf(page)).toBe(1);
    for (const [key, name] of [["1", "Lowered"], ["3", "Suspend points"], ["4", "IR / asm"], ["5", "Graph"], ["6", "Calls"], ["2", "Frame"]]) {
      await press(page, key);
      expect(await page.getByRole("tab", { name, exact: true }).getAttribute("aria-selected")).toBe("true");
    }
    await press(page, "j");
    expect(await coroutineOf(page)).toBe("child(int)");
    await press(page, "k");
    expect(await coroutineOf(page)).toBe("parent(std::string, int)");
    await press(page, "t");
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
    await press(page, "/");
    await page.keyboard.type("numbers t");
    expect(await stepOf(page)).toBe(1);
    await press(page, "Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await press(page, "/");
    await page.keyboard.type("fetch");
    await press(page, "Enter");
    expect(await coroutineOf(page)).toBe("fetch(std::string_view)");
    await press(page, "?");
    expect(await page.getByRole("dialog").isVisible()).toBe(true);
    await press(page, "j");
    await press(page, "Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await coroutineOf(page)).toBe("fetch(std::string_view)");
    for (const key of ["w", "d", "a", "s", "f", "0"]) await press(page, key);
  });
});

test("single keys can be switched off; arrows stay", async () => {
  await withPage(demo(), { hash: "#s=5" }, async (page) => {
    await press(page, "?");
    await page.getByRole("checkbox").uncheck();
    await press(page, "Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await press(page, "t");
    await press(page, "j");
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("light");
    expect(await coroutineOf(page)).toBe("child(int)");
    await press(page, "ArrowRight");
    expect(await stepOf(page)).toBe(6);
  });
});

test("Space plays to the end of the steps and pauses", async () => {
  await withPage(demo(), { hash: "#s=57" }, async (page) => {
    await press(page, " ");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.getByRole("button", { name: "Play" }).waitFor();
    expect(await stepOf(page)).toBe(59);
  });
});

test("a link restores coroutine, level, step, tab, axis and theme", async () => {
  let address = "";
  const first = { hash: "#s=39", before: "navigator.clipboard.writeText = (text) => ((window.copied = text), Promise.resolve())" };
  await withPage(demo(), first, async (page) => {
    await press(page, "5");
    await page.getByRole("button", { name: "O0" }).click();
    await page.getByRole("button", { name: "Time", exact: true }).click();
    await press(page, "t");
    await page.getByRole("button", { name: "Copy link" }).click();
    address = await page.evaluate("window.copied");
  });
  await withPage(demo(), { hash: address.replace(/^[^#]*/, "") }, async (page) => {
    expect(await coroutineOf(page)).toBe("parent(std::string, int)");
    expect(await stepOf(page)).toBe(39);
    const pressed = await page.locator('[aria-pressed="true"]').allTextContents();
    expect(pressed).toEqual(expect.arrayContaining(["O0", "Time"]));
    expect(await page.getByRole("tab", { name: "Graph" }).getAttribute("aria-selected")).toBe("true");
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  });
});

test.each(["#s=9999&c=_Znothing&l=O7&v=none&x=up&th=red", "#%E0%A4%A", "#s=-1&v=ir&c="])("the link %s falls back", async (hash) => {
  await withPage(demo(), { hash }, async (page) => {
    expect(await stepOf(page)).toBe(1);
    expect(await coroutineOf(page)).toBe("parent(std::string, int)");
  });
});

test("the level switch changes the frame, and says where the run was of another level", async () => {
  await withPage(demo(), {}, async (page) => {
    expect(await page.locator(".cell").count()).toBe(160);
    await page.getByRole("button", { name: "O0" }).click();
    expect(await page.locator(".cell").count()).toBe(224);
    expect(await page.getByRole("note").textContent()).toContain("Recorded at O2");
  });
});

test("the cells of the frame map tile the frame", async () => {
  await withPage(demo(), {}, async (page) => {
    const bytes = await page.locator(".cell").evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset.byte)));
    expect(bytes).toEqual(Array.from({ length: 160 }, (_, i) => i));
    await page.locator('.cell[data-byte="40"]').click();
    expect(await page.locator(".detail h3").textContent()).toMatch(/name.*parameter copy.*bytes 40–71.*crosses a cache line/s);
    await page.locator('.cell[data-byte="155"]').click();
    expect(await page.locator(".detail").textContent()).toContain("7 bytes padding");
  });
});
