// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs for tests: written as one line an event, or made at random from a seed.
//
//   ["created 0", "suspended 0 @0", …] --runOf()--> Run
import { readFileSync } from "node:fs";
import type { Report, Trace, TracedAwait } from "../report";
import { validate } from "../validate";
import { prepare, type Run } from "../state/run";

/** The hand-written report of fixtures/demo.json. */
export function demoReport(): Report {
  return validate(JSON.parse(readFileSync(new URL("../../fixtures/demo.json", import.meta.url), "utf8")));
}

const emptyReport: Report = { schema: "coroscope-report/1", tool: "test", files: [], units: [], coroutines: [] };

/** The address of frame `f` in these traces. */
export const addressOf = (f: number) => 0x1000 + f * 0x100;

/** A trace of `frames` frames of one coroutine (initial, two awaits, final); an event is "kind [frame] [@point] [a [b]]". */
export function traceOf(events: string[], frames: number, times?: number[]): Trace {
  const columns: Trace["events"] = { kinds: [], kind: [], time: [], thread: [], frame: [], point: [], target: [], by: [], a: [], b: [] };
  const addresses = Array.from({ length: frames }, (_, f) => addressOf(f));
  events.forEach((line, i) => {
    const [kind, frame, ...rest] = line.split(" ");
    const point = rest.find((word) => word.startsWith("@"));
    const [a, b] = rest.filter((word) => !word.startsWith("@")).map(Number);
    if (!columns.kinds.includes(kind)) columns.kinds.push(kind);
    columns.kind.push(columns.kinds.indexOf(kind));
    columns.time.push(times?.[i] ?? i * 1000);
    columns.thread.push(0);
    columns.frame.push(frame === undefined || frame === "-" ? -1 : Number(frame));
    columns.point.push(point ? Number(point.slice(1)) : -1);
    columns.target.push(kind === "awaits" ? addresses.indexOf(a) : -1);
    columns.by.push(-1);
    columns.a.push(a ?? 0);
    columns.b.push(b ?? 0);
  });
  const kinds = ["initial", "await", "await", "final"] as const;
  return {
    command: ["./a.out"],
    complete: true,
    lost_events: 0,
    threads: ["main"],
    coroutines: [
      {
        mangled: "_Z4workv",
        name: "work()",
        file: "work.cpp",
        line: 1,
        frame_size: 48,
        layout_hash: "0",
        points: kinds.map((kind, i) => ({ ordinal: i, rank: i, kind, position: [i + 1, 1] })),
      },
    ],
    frames: Array.from({ length: frames }, (_, f) => ({ coroutine: 0, address: `0x${addressOf(f).toString(16)}` })),
    events: columns,
    awaits: awaitsIn(columns),
    problems: [],
  };
}

/** What the tool makes of `awaits` events: the frame waits from its suspension until it goes on. */
function awaitsIn({ kinds, kind, frame, target }: Trace["events"]): TracedAwait[] {
  const isOf = (f: number, ...names: string[]) => (_: number, i: number) => frame[i] === f && names.includes(kinds[kind[i]]);
  return kind.flatMap((one, i): TracedAwait[] => {
    if (kinds[one] !== "awaits" || target[i] < 0) return [];
    const begin = kind.slice(0, i).findLastIndex(isOf(frame[i], "suspended"));
    const end = kind.findIndex((k, j) => j > i && isOf(frame[i], "resumed", "destroyed", "not_suspended", "frame_freed")(k, j));
    return [{ waiter: frame[i], awaited: target[i], begin: begin < 0 ? i : begin, end: end < 0 ? undefined : end, basis: "declared" }];
  });
}

export function runOf(events: string[], frames: number, times?: number[]): Run {
  const trace = traceOf(events, frames, times);
  return prepare({ ...emptyReport, trace }, trace);
}

/** A generator of numbers in [0, bound) that depends on the seed alone. */
export function random(seed: number): (bound: number) => number {
  let state = seed >>> 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** A plausible run: each frame created, suspended and resumed in turn, most of them freed. */
export function randomEvents(seed: number, frames: number, length: number): string[] {
  const next = random(seed);
  const state = new Array<string>(frames).fill("none");
  const point = new Array<number>(frames).fill(0);
  const events: string[] = [];
  while (events.length < length) {
    const f = next(frames);
    if (state[f] === "none") {
      events.push(`frame_created ${f}`);
      state[f] = "running";
    } else if (state[f] === "running") {
      events.push(`suspended ${f} @${point[f]}`);
      state[f] = "suspended";
    } else if (state[f] === "suspended") {
      const choice = next(6);
      if (choice === 0) events.push(`not_suspended ${f} @${point[f]}`);
      else if (choice === 1) events.push(`destroyed ${f} @${point[f]}`);
      else events.push(`resumed ${f} @${point[f]}`);
      state[f] = choice === 1 ? "destroyed" : "running";
      if (choice !== 1) point[f] = Math.min(point[f] + 1, 3);
    } else if (state[f] === "destroyed") {
      events.push(`frame_freed ${f}`);
      state[f] = "gone";
    } else if (state.every((one) => one === "gone")) break;
  }
  return events;
}
