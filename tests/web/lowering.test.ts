// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The views of the lowering: each says what the report says, and marks its counterparts in the others.
import type { Page } from "playwright-core";
import { coroutineOf, withPage } from "./support/browser";
import { codeBase, demo } from "./support/reports";

const linkedLines = (page: Page) =>
  page.locator(".cl.linked[data-line]").evaluateAll((lines) => lines.map((line) => Number((line as HTMLElement).dataset.line)));

test("every line of the lowered view is there, and a state for each point", async () => {
  const report = demo();
  await withPage(report, { hash: "#s=21&v=lowered&l=O2" }, async (page) => {
    const view = report.coroutines[0].view!;
    const panel = page.locator("#panel");
    for (const line of view.filter((one) => one.kind === "code")) expect(await panel.textContent()).toContain(line.text);
    const states = await panel.locator(".state").evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.point));
    expect(states).toEqual(report.coroutines[0].suspend_points.map((point) => String(point.id)));
    expect(await panel.locator(".state.at").getAttribute("data-point")).toBe("2");
  });
});

test("a line of the lowered view marks its source, and a line of the source its lowering", async () => {
  await withPage(demo(), { hash: "#s=21&v=lowered" }, async (page) => {
    await page.locator("#panel .cl", { hasText: "awaiter2.await_resume" }).hover();
    expect(await linkedLines(page)).toEqual([10]);
    await page.locator('[data-line="11"]').hover();
    expect(await page.locator("#panel .cl.linked").count()).toBe(3);
  });
});

test("the state's label leads to the next visit of its point", async () => {
  await withPage(demo(), { hash: "#s=1&v=lowered" }, async (page) => {
    await page.locator('#panel .state[data-point="1"] button.pill').click();
    expect(await page.locator(".cl.at").first().getAttribute("data-line")).toBe("9");
  });
});

test("a listing's lines lead to their source", async () => {
  await withPage(demo(), { hash: "#s=21&v=ir&l=O2" }, async (page) => {
    await page.getByRole("button", { name: "Assembly" }).click();
    await page.getByRole("button", { name: "resume", exact: true }).click();
    expect(await page.locator("#panel").textContent()).toContain("72 B of stack");
    await page.locator("#panel .cl", { hasText: "call child" }).hover();
    expect(await linkedLines(page)).toEqual([9]);
  });
});

test("a field says why it is there, and what is not there says why not", async () => {
  await withPage(demo(), { hash: "#s=21&v=frame&l=O2" }, async (page) => {
    await page.locator("button.lab", { hasText: "body" }).click();
    const box = page.locator(".detail");
    expect(await box.textContent()).toContain("body is made 10:15, then body.size() is called 12:25");
    expect(await box.textContent()).toContain("it would leave the frame if its scope ended before line 11");
    expect(await page.locator(".absent").textContent()).toContain("factor const int 8:1 is a constant: 2");
  });
});

test("a suspend point names the functions that awaiting it calls, with their places", async () => {
  await withPage(demo(), { hash: "#s=21&v=points" }, async (page) => {
    const point = page.locator('#panel tr[data-point="1"]');
    await point.locator("summary", { hasText: "awaiting task<int> calls 4 functions" }).click();
    const said = (await point.locator("details").first().innerText()).split("\n").slice(1);
    expect(said).toEqual(["operator co_await() && a member", "await_ready() const 3:1", "await_suspend(std::coroutine_handle<>)", "await_resume()"]);
    expect(await page.locator('#panel tr[data-point="0"] summary').count()).toBe(0);
  });
});

test("the calls of this level say whether they allocate, and why", async () => {
  await withPage(demo(), { hash: "#s=21&v=calls&l=O2" }, async (page) => {
    const panel = page.locator("#panel");
    expect(await panel.locator("tbody tr").count()).toBe(1);
    await panel.getByRole("button", { name: "all" }).click();
    expect(await panel.locator("tbody tr").count()).toBe(2);
    expect(await panel.textContent()).toContain("1 of 2 calls elided at O2");
    await panel.getByRole("button", { name: "child(int)" }).click();
    expect(await coroutineOf(page)).toBe("child(int)");
  });
});

test("a hazard stands in the source and among the diagnostics, with its reason", async () => {
  await withPage(demo(), { hash: "#s=21&v=diagnostics" }, async (page) => {
    expect(await page.locator("#panel li").textContent()).toMatch(/url refers to .* dangling-reference .*url is read/s);
    expect(await page.locator('[data-line="20"] .mark.warning').count()).toBe(1);
  });
});

test("the overview sorts by any column and leads to a coroutine", async () => {
  await withPage(codeBase(), { hash: "#v=overview" }, async (page) => {
    const rows = page.locator("#panel [role=row]");
    expect(await rows.nth(1).textContent()).toContain("job41(int)");
    await page.getByRole("columnheader", { name: "Coroutine" }).getByRole("button").click();
    expect(await rows.nth(1).textContent()).toContain("job0(int)");
    await rows.nth(2).getByRole("button").click();
    expect(await coroutineOf(page)).toBe("job1(int)");
  });
});
