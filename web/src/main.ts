// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Starts the page: the payload becomes a report and the report a page, or a message says why not.
import { flushSync, mount } from "svelte";
import "./theme.css";
import "./page.css";
import { decode } from "./payload";
import { ReportError } from "./report";
import { Page } from "./state/page.svelte";
import App from "./views/App.svelte";
import Message from "./views/Message.svelte";

async function start(): Promise<void> {
  const target = document.getElementById("page")!;
  const block = document.getElementById("coroscope-report");
  try {
    const report = await decode(block?.textContent ?? "", block?.dataset.encoding ?? "json");
    block?.remove();
    const theme = document.documentElement.dataset.theme === "dark" ? "dark" : "light";
    mount(App, { target, props: { page: new Page(report, location.hash, theme) } });
    flushSync();
  } catch (error) {
    const known = error instanceof ReportError;
    if (!known) console.error(error);
    const hint = known ? error.hint : "This is a fault of the page, not of your program.";
    mount(Message, { target, props: { message: (error as Error).message, hint } });
  }
  document.documentElement.dataset.ready = "true";
}

void start();
