// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the part of the address behind "#" keeps, so that a copied link shows the same.
//
//   Link --toHash()--> "#c=_Z6parent…&s=21&v=frame&x=step&th=dark" --fromHash()--> Partial<Link>
//
// Anything unreadable is left out: whoever opens the link gets the page's own choice for that part.

export const tabs = ["lowered", "frame", "points", "ir", "graph", "calls", "overview", "diagnostics", "state"] as const;
export type Tab = (typeof tabs)[number];
export type Axis = "step" | "time";
export type Theme = "light" | "dark";

export interface Link {
  /** Mangled name; "name~1" is the second coroutine of that name. */
  coroutine: string;
  level: string;
  step: number;
  tab: Tab;
  axis: Axis;
  theme: Theme;
}

export function toHash(link: Partial<Link>): string {
  const parameters = new URLSearchParams();
  if (link.coroutine) parameters.set("c", link.coroutine);
  if (link.level) parameters.set("l", link.level);
  if (link.step) parameters.set("s", String(link.step));
  if (link.tab) parameters.set("v", link.tab);
  if (link.axis) parameters.set("x", link.axis);
  if (link.theme) parameters.set("th", link.theme);
  return `#${parameters}`;
}

function among<T extends string>(value: string | null, names: readonly T[]): T | undefined {
  return names.find((name) => name === value);
}

export function fromHash(hash: string): Partial<Link> {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const step = Number(parameters.get("s") ?? Number.NaN);
  const link: Partial<Link> = {
    coroutine: parameters.get("c") ?? undefined,
    level: parameters.get("l") ?? undefined,
    step: Number.isInteger(step) && step > 0 ? step : undefined,
    tab: among(parameters.get("v"), tabs),
    axis: among(parameters.get("x"), ["step", "time"] as const),
    theme: among(parameters.get("th"), ["light", "dark"] as const),
  };
  return Object.fromEntries(Object.entries(link).filter(([, value]) => value !== undefined));
}
