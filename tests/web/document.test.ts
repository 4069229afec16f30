// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page as a document: one file, nothing from anywhere, whatever text it carries.
import { coroutineOf, open, close, withPage } from "./support/browser";
import { demo, hostile, hostileText } from "./support/reports";

test("opens from file:// without a request, a console error or a policy violation", async () => {
  await withPage(demo(), {}, async (page) => {
    expect(await page.title()).toBe("demo · coroscope");
    for (const tab of await page.getByRole("tab").all()) await tab.click();
    await page.getByRole("button", { name: "Event list" }).click();
    await page.keyboard.press("ArrowRight");
  });
});

test("its policy forbids other scripts and every connection", async () => {
  const tab = await open(demo());
  const ran = await tab.page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.intruder = true";
    document.head.append(script);
    return "intruder" in window;
  });
  expect(ran).toBe(false);
  await tab.page.evaluate(() => fetch("https://127.0.0.1:9/").catch(() => 0));
  expect(tab.errors.filter((error) => error.includes("Content Security Policy")).length).toBeGreaterThanOrEqual(2);
  await close(tab);
});

test.each(["deflate-base64", "json"] as const)("a payload encoded as %s is read", async (encoding) => {
  await withPage(demo(), { encoding }, async (page) => {
    expect(await coroutineOf(page)).toBe("parent(std::string, int)");
  });
});

test.each(["deflate-base64", "json"] as const)("text that breaks out of careless embedding survives (%s)", async (encoding) => {
  await withPage(hostile(), { encoding }, async (page) => {
    expect(await page.title()).toBe("demo · coroscope");
    expect(await page.locator('[data-line="6"] .tx').textContent()).toBe(hostileText);
    expect(await coroutineOf(page)).toContain("</script><img");
    expect(await page.locator("img").count()).toBe(0);
  });
});

test("with scripts blocked the tables of <noscript> show", async () => {
  const noscript = "<h1>demo.cpp</h1><table><tr><th>offset</th></tr><tr><td>0</td></tr></table>";
  await withPage(demo(), { noscript, javaScriptEnabled: false }, async (page) => {
    expect(await page.locator("noscript table").isVisible()).toBe(true);
    expect(await page.locator("noscript td").first().textContent()).toBe("0");
  });
  await withPage(demo(), { noscript }, async (page) => {
    expect(await page.locator("noscript").isVisible()).toBe(false);
  });
});

test("the theme follows the system until the reader chooses", async () => {
  await withPage(demo(), { colorScheme: "dark" }, async (page) => {
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe("dark");
    await page.emulateMedia({ colorScheme: "light" });
    await expect.poll(theme).toBe("light");
    await page.getByRole("button", { name: "Switch to dark theme" }).click();
    expect(await theme()).toBe("dark");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.emulateMedia({ colorScheme: "light" });
    expect(await theme()).toBe("dark");
    await page.reload();
    expect(await theme()).toBe("dark");
  });
});

test("the theme is there before anything is drawn", async () => {
  // Read as soon as there is a body, when the page's own script has not run yet.
  const before = `new MutationObserver((_, seen) => {
    if (!document.body) return;
    window.early = document.documentElement.dataset.theme;
    seen.disconnect();
  }).observe(document, { childList: true, subtree: true });`;
  await withPage(demo(), { colorScheme: "dark", before }, async (page) => {
    expect(await page.evaluate("window.early")).toBe("dark");
  });
});
