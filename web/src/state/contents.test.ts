// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { describe, expect, test } from "vitest";
import type { Trace } from "../report";
import { ContentsLog } from "./contents";

/** One frame with two variables, looked into at events 1, 3 and 6; event 4 is another frame's. */
const trace = {
  coroutines: [{ variables: [{ offset: 0, name: "n", type: "int" }, { offset: 4, name: "m", type: "int" }] }],
  frames: [{ coroutine: 0 }, { coroutine: 0 }],
  events: { frame: [0, 0, 0, 0, 1, 0, 0] },
  contents: [
    { event: 1, changes: [{ offset: 0, bytes: "03000000aa" }], values: [{ variable: 0, text: "3" }] },
    { event: 3, changes: [{ offset: 0, bytes: "04" }, { offset: 4, bytes: "07" }], values: [{ variable: 0, text: "4" }, { variable: 1, text: "7" }] },
    { event: 4, changes: [{ offset: 0, bytes: "ff" }], values: [] },
    { event: 6, values: [{ variable: 1 }] },
  ],
} as unknown as Trace;

describe("ContentsLog", () => {
  test("nothing is known before a frame was looked into", () => {
    const log = new ContentsLog(trace);
    expect(log.at(0, 1)).toBeUndefined();
    expect(log.at(1, 4)).toBeUndefined();
    expect(log.at(-1, 4)).toBeUndefined();
  });

  test("bytes and values are those of the last look, changes those of this step", () => {
    const log = new ContentsLog(trace);
    const first = log.at(0, 2)!;
    expect(first.bytes).toEqual(["03", "00", "00", "00", "aa"]);
    expect(first.changed.size).toBe(0);
    expect(first.values.map((value) => value.text)).toEqual(["3", undefined]);
    const second = log.at(0, 4)!;
    expect(second.bytes).toEqual(["04", "00", "00", "00", "07"]);
    expect([...second.changed]).toEqual([0, 4]);
    expect(second.values[0]).toMatchObject({ text: "4", before: "3", changed: true });
    const later = log.at(0, 6)!;
    expect(later.event).toBe(3);
    expect(later.changed.size).toBe(0);
    expect(later.values[0]).toMatchObject({ text: "4", before: undefined, changed: false });
  });

  test("a variable is not made yet, has a value, is dead", () => {
    const log = new ContentsLog(trace);
    const states = [2, 4, 7].map((step) => log.at(0, step)!.values[1]);
    expect(states.map(({ text, wasMade }) => [text, wasMade])).toEqual([[undefined, false], ["7", true], [undefined, true]]);
  });

  test("stepping back and jumping give what stepping on gave", () => {
    const steps = [2, 3, 4, 5, 6, 7];
    const log = new ContentsLog(trace);
    const onwards = steps.map((step) => JSON.stringify(log.at(0, step)));
    expect(steps.toReversed().map((step) => JSON.stringify(log.at(0, step))).toReversed()).toEqual(onwards);
    expect(steps.map((step) => JSON.stringify(new ContentsLog(trace).at(0, step)))).toEqual(onwards);
  });
});
