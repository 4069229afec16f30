// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The keys that work everywhere: a key event --handleKey()--> a change of the page.
//
// Keys that a focused control uses itself (arrows in the slider, in tabs and lists, Space on a button) stay its own.
import type { Page } from "../state/page.svelte";

export interface Shortcut {
  keys: string[];
  does: string;
}

/** What the help dialog lists. */
export const shortcuts: Shortcut[] = [
  { keys: ["←", "→"], does: "one step back, one step on" },
  { keys: ["Shift ←", "Shift →"], does: "the same, within this frame" },
  { keys: [",", "."], does: "previous, next span of this frame" },
  { keys: ["Home", "End"], does: "first step, last step" },
  { keys: ["Space"], does: "play, pause" },
  { keys: ["W", "S"], does: "zoom the timeline in, out (or Ctrl and the wheel)" },
  { keys: ["A", "D"], does: "move the timeline left, right" },
  { keys: ["F", "0"], does: "fit this frame, show all" },
  { keys: ["J", "K"], does: "next, previous coroutine" },
  { keys: ["1", "…", "9"], does: "the tabs, from the left" },
  { keys: ["/"], does: "find a coroutine" },
  { keys: ["T"], does: "light or dark" },
  { keys: ["?"], does: "this help" },
  { keys: ["Esc"], does: "close what is open" },
];

/** What the timeline does on a key; it registers itself while it is on the page. */
export interface TimelineKeys {
  zoom(factor: number): void;
  pan(fraction: number): void;
  fitFrame(): void;
  fitAll(): void;
}
export const timeline: { keys?: TimelineKeys } = {};

const typing = (target: Element) =>
  target.matches("textarea, select, [contenteditable], input:not([type=range]):not([type=checkbox])");
const usesArrows = (target: Element) => target.matches("input[type=range], [role=tab], [role=option], select");
const usesSpace = (target: Element) => target.matches("button, input, summary, a, [role=option]");

function named(page: Page, event: KeyboardEvent, target: Element): boolean {
  switch (event.key) {
    case "ArrowRight":
    case "ArrowLeft":
      if (usesArrows(target) && !event.shiftKey) return false;
      page.move(event.key === "ArrowRight" ? 1 : -1, event.shiftKey || page.only);
      return true;
    case "Home":
    case "End":
      if (usesArrows(target)) return false;
      page.goTo(event.key === "Home" ? 1 : page.steps);
      return true;
    case " ":
      if (usesSpace(target) || !page.run) return false;
      page.playing = !page.playing;
      return true;
    default:
      return false;
  }
}

const letters: Record<string, (page: Page) => void> = {
  ",": (page) => page.moveSpan(-1),
  ".": (page) => page.moveSpan(1),
  w: () => timeline.keys?.zoom(1.5),
  s: () => timeline.keys?.zoom(1 / 1.5),
  a: () => timeline.keys?.pan(-0.2),
  d: () => timeline.keys?.pan(0.2),
  f: () => timeline.keys?.fitFrame(),
  "0": () => timeline.keys?.fitAll(),
  j: (page) => page.pickNeighbour(1),
  k: (page) => page.pickNeighbour(-1),
  t: (page) => page.setTheme(page.theme === "dark" ? "light" : "dark", true),
  "/": (page) => (page.pickerOpen = page.report.coroutines.length > 0),
  "?": (page) => (page.helpOpen = true),
};

/** Carries out `event` if it is a shortcut. */
export function handleKey(page: Page, event: KeyboardEvent): void {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (page.helpOpen || page.pickerOpen || typing(target)) return;
  const tab = /^[1-9]$/.test(event.key) ? page.tabsShown[Number(event.key) - 1] : undefined;
  const letter = letters[event.key.toLowerCase()];
  if (named(page, event, target)) event.preventDefault();
  else if (!page.shortcuts) return;
  else if (tab) {
    page.tab = tab;
    event.preventDefault();
  } else if (letter && (!event.shiftKey || event.key === "?" || event.key === "/")) {
    letter(page);
    event.preventDefault();
  }
}
