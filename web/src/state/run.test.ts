// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { demoReport, randomEvents, runOf } from "../testing/runs";
import { frameAt, prepare, snapshot, stepWithin } from "./run";
import { State } from "./spans";

/** The states after each step, by carrying out one event after the other: what snapshot() looks up must equal it. */
function replay(events: string[]): Map<number, { state: number; point: number }>[] {
  const alive = new Map<number, { state: number; point: number }>();
  return events.map((line) => {
    const [kind, frame, at] = line.split(" ");
    const f = Number(frame);
    const point = at ? Number(at.slice(1)) : -1;
    if (kind === "frame_created") alive.set(f, { state: State.created, point: -1 });
    else if (kind === "suspended") alive.set(f, { state: State.suspended, point });
    else if (kind === "resumed" || kind === "not_suspended") alive.set(f, { state: State.running, point });
    else if (kind === "destroyed") alive.set(f, { state: State.destroying, point });
    else alive.delete(f);
    return new Map(alive);
  });
}

describe("snapshot", () => {
  test.each([1, 7, 42, 2026])("equals the replay of every event before it (seed %i)", (seed) => {
    const events = randomEvents(seed, 8, 300);
    const left = [...replay(events)[events.length - 1].keys()];
    const lines = [...events, ...left.map((f) => `frame_freed ${f}`)];
    const run = runOf(lines, 8);
    const expected = replay(lines);
    for (let step = 1; step <= lines.length; ++step) {
      const seen = new Map(snapshot(run, step).frames.map(({ frame, state, point }) => [frame, { state, point }]));
      expect(seen, `step ${step}: ${lines[step - 1]}`).toEqual(expected[step - 1]);
    }
  });
  test("is the same however its step was reached", () => {
    const run = runOf(randomEvents(5, 6, 120), 6);
    const forth = Array.from({ length: 120 }, (_, i) => JSON.stringify(snapshot(run, i + 1)));
    const back = Array.from({ length: 120 }, (_, i) => JSON.stringify(snapshot(run, 120 - i))).reverse();
    expect(back).toEqual(forth);
  });
  test("a frame that is destroyed and never freed, an elided one, ends when it is destroyed", () => {
    const run = runOf(["frame_created 0", "suspended 0 @0", "destroyed 0 @0", "poll_begin"], 1);
    expect(frameAt(run, 0, 2)).toMatchObject({ state: State.suspended });
    expect(frameAt(run, 0, 3)).toBeUndefined();
  });
  test("a frame whose beginning was not recorded exists from its first event on", () => {
    const run = runOf(["poll_end", "resumed 0 @1", "suspended 0 @2"], 1);
    expect(frameAt(run, 0, 1)).toBeUndefined();
    expect(frameAt(run, 0, 2)).toMatchObject({ state: State.running, point: 1 });
  });
});

test("stepping within a frame visits exactly its own events, forth and back", () => {
  const lines = randomEvents(9, 4, 100);
  const run = runOf(lines, 4);
  const own = lines.flatMap((line, i) => (line.split(" ")[1] === "2" ? [i + 1] : []));
  const forth: number[] = [];
  for (let step = 0, next = stepWithin(run, 2, 0, 1); next !== step; step = next, next = stepWithin(run, 2, step, 1)) forth.push(next);
  const back: number[] = [];
  for (let step = 101, next = stepWithin(run, 2, 101, -1); next !== step; step = next, next = stepWithin(run, 2, step, -1)) back.push(next);
  expect(forth).toEqual(own);
  expect(back.reverse()).toEqual(own);
});

test("the demo's arrows are its wake-ups and declared awaits", () => {
  const report = demoReport();
  const run = prepare(report, report.trace!);
  const named = run.arrows.map(([from, to]) => `${run.events.names[run.events.name[from]]} ${run.labels[run.events.frame[from]]} -> ${run.labels[run.events.frame[to]]}`);
  expect(named).toEqual([
    "suspended parent#1 -> child#2",
    "suspended child#2 -> parent#1",
    "suspended parent#1 -> fetch#3",
    "fd_ready fetch#3 -> fetch#3",
    "fd_ready fetch#3 -> fetch#3",
    "suspended fetch#3 -> parent#1",
    "timer_fired parent#1 -> parent#1",
  ]);
});
