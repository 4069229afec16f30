// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A report in a real browser: filled into the built page, opened from file://, watched for anything it should not do.
//
//   Report --open()--> Tab {page, requests, errors}
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { fill } from "../../../web/scripts/placeholders.mjs";
import type { Report } from "../../../web/src/report";

const template = readFileSync(new URL("../../../web/dist/report.html", import.meta.url), "utf8");
const folder = mkdtempSync(join(tmpdir(), "coroscope-page-"));
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
let browser: Browser | undefined;
let files = 0;

afterAll(async () => {
  await browser?.close();
  browser = undefined;
  rmSync(folder, { recursive: true, force: true });
});

export interface Tab {
  page: Page;
  /** Addresses asked for, the page itself aside. */
  requests: string[];
  /** Console errors, uncaught exceptions, policy violations. */
  errors: string[];
}

export interface Options extends BrowserContextOptions {
  hash?: string;
  noscript?: string;
  encoding?: "deflate-base64" | "json";
  /** Changes the page's text before it is written. */
  edit?: (html: string) => string;
  /** Runs in the page before its own scripts. */
  before?: string;
}

/** The page of a report, given as a value or as text. */
export async function open(report: Report | string, options: Options = {}): Promise<Tab> {
  const { noscript = "", encoding, edit, ...rest } = options;
  const json = typeof report === "string" ? report : JSON.stringify(report);
  const html = fill(template, json, { title: "demo · coroscope", noscript, encoding });
  const path = join(folder, `page${files++}.html`);
  writeFileSync(path, edit ? edit(html) : html);
  return openFile(path, rest);
}

/** A page that stands in a file. */
export async function openFile(path: string, options: Omit<Options, "noscript" | "encoding" | "edit"> = {}): Promise<Tab> {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
  const { hash = "", before, ...context } = options;
  const opened = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", ...context });
  const page = await opened.newPage();
  const tab: Tab = { page, requests: [], errors: [] };
  const address = pathToFileURL(path).href;
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== address && !request.url().startsWith("data:")) tab.requests.push(request.url());
  });
  page.on("console", (message) => message.type() === "error" && tab.errors.push(message.text()));
  page.on("pageerror", (error) => tab.errors.push(error.message));
  if (before) await page.addInitScript(before);
  await page.goto(address + hash);
  if (context.javaScriptEnabled !== false) await page.waitForSelector("html[data-ready]", { state: "attached" });
  return tab;
}

export async function close(tab: Tab): Promise<void> {
  await tab.page.context().close();
}

/** Opens, does, closes; and sees to it that the page asked for nothing and complained of nothing. */
export async function withPage(report: Report | string, options: Options, body: (page: Page) => Promise<void>) {
  await watched(await open(report, options), body);
}

/** Does `body` in an open page, and closes it; fails if the page asked for something or complained. */
export async function watched(tab: Tab, body: (page: Page) => Promise<void>) {
  try {
    await body(tab.page).catch((error: Error) => {
      if (tab.errors.length) error.message += `\nThe page said: ${tab.errors.join("\n")}`;
      throw error;
    });
    expect(tab.requests).toEqual([]);
    expect(tab.errors).toEqual([]);
  } finally {
    await close(tab);
  }
}

/** "21" of "Step 21 of 59". */
export const stepOf = async (page: Page) => Number(await page.locator(".stepn b").textContent());

/** The line of the source that is marked as the current one; 0: none. */
export const currentLine = (page: Page) =>
  page.evaluate(() => Number(document.querySelector(".cl.at")?.getAttribute("data-line") ?? 0));

/** The coroutine in the picker. */
export const coroutineOf = async (page: Page) => (await page.locator(".pick b").textContent()) ?? "";

/** What stands in the State pane: the event. */
export const eventOf = async (page: Page) => (await page.locator(".what").first().textContent()) ?? "";
