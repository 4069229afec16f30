// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { addressOf, demoReport, runOf } from "../testing/runs";
import { awaitChain } from "./chain";
import { prepare, snapshot } from "./run";
import { sentence } from "./sentence";
import { State } from "./spans";

const said = (lines: string[], frames: number, i: number, times?: number[]) => sentence(runOf(lines, frames, times), i);

describe("sentence", () => {
  test("a suspension is caused by what the frame declares before it goes on", () => {
    const lines = ["frame_created 0", "suspended 0 @1", "fd_wait 0 7 1", "timer_armed 0 3 2000000", "resumed 0 @1", "suspended 0 @2"];
    expect(said(lines, 1, 1)).toEqual({
      what: "work#1 suspended at S1",
      cause: "waits for fd 7 to become readable; waits for timer #3, due in 2.000 ms",
    });
    expect(said(lines, 1, 5).cause).toBe("");
  });
  test("a resumption is caused by the event that woke the frame, however long before", () => {
    const lines = ["frame_created 0", "frame_created 1", "suspended 0 @1", "fd_wait 0 7 2", "fd_ready - 7 2", "suspended 1 @0", "resumed 0 @1"];
    expect(said(lines, 2, 6)).toEqual({ what: "work#1 resumed from S1", cause: "fd 7 became writable" });
  });
  test("the end of an awaited frame is the cause of its awaiter's resumption", () => {
    const lines = ["frame_created 0", "frame_created 1", "suspended 0 @1", `awaits 0 ${addressOf(1)}`, "resumed 1 @0", "suspended 1 @3", "resumed 0 @1"];
    expect(said(lines, 2, 2).cause).toBe("awaits work#2");
    expect(said(lines, 2, 6).cause).toBe("work#2 reached its final suspend point");
  });
  test("an awaited frame that merely suspended is no cause", () => {
    const lines = ["frame_created 0", "frame_created 1", "suspended 0 @1", `awaits 0 ${addressOf(1)}`, "suspended 1 @1", "resumed 0 @1"];
    expect(said(lines, 2, 5).cause).toBe("right after: work#2 suspended at S1");
  });
  test("an exception that leaves the body is said, and the frame runs on to its end", () => {
    const lines = ["frame_created 0", "resumed 0 @0", "threw 0", "suspended 0 @3"];
    expect(said(lines, 1, 2)).toEqual({ what: "work#1 ended by an exception", cause: "its unhandled_exception is called" });
  });
  test("a frame that an exception leaves runs no more", () => {
    const lines = ["frame_created 0", "resumed 0 @0", "unwound 0 @3", "destroyed 0 @3"];
    expect(said(lines, 1, 2)).toEqual({ what: "work#1 left by an exception", cause: "whoever resumed it gets it" });
    expect(snapshot(runOf(lines, 1), 2).frames.map(({ state }) => state)).toEqual([State.running]);
    expect(snapshot(runOf(lines, 1), 3).frames.map(({ state }) => state)).toEqual([State.suspended]);
  });
  test("a transfer resumes, and tells whose it was", () => {
    const run = runOf(["frame_created 0", "frame_created 1", "suspended 1 @0", "suspended 0 @1", "transferred 1 @0"], 2);
    run.events.by[4] = 0;
    expect(sentence(run, 4)).toEqual({ what: "work#2 resumed from S0", cause: "transferred by work#1" });
    expect(snapshot(run, 5).frames.map(({ state }) => state)).toEqual([State.suspended, State.running]);
  });
  test("a frame tells whether it was allocated", () => {
    expect(said(["frame_created 0 1"], 1, 0).cause).toBe("48 B frame at 0x1000, allocated");
    expect(said(["frame_created 0 0"], 1, 0).cause).toBe("48 B frame at 0x1000, within its caller (elided)");
  });
  test("work that is taken up says which thread posted it, where that is known", () => {
    const lines = ["posted - 5", "delivered - 5 1", "delivered - 5 0"];
    expect(said(lines, 0, 0)).toEqual({ what: "The thread posts work to a loop", cause: "" });
    expect(said(lines, 0, 1)).toEqual({ what: "Loop takes up posted work", cause: "main posted it" });
    expect(said(lines, 0, 2).cause).toBe("");
  });
  test("a timer says by how much it was late", () => {
    const lines = ["frame_created 0", "suspended 0 @1", "timer_armed 0 3 2000", "timer_fired 0 3"];
    expect(said(lines, 1, 3, [0, 0, 1000, 4500])).toEqual({ what: "Timer #3 fired", cause: "work#1 waited for it, 1.5 µs late" });
  });
  test("a poll says how long it may wait, and its end how long it did", () => {
    const lines = ["poll_begin - 0", "poll_end - 1", `poll_begin - ${2 ** 64}`, "poll_begin - 1994000"];
    expect(said(lines, 0, 0).cause).toBe("without waiting");
    expect(said(lines, 0, 1, [0, 6000, 7000, 8000]).cause).toBe("1 thing became ready, after 6.0 µs");
    expect(said(lines, 0, 2).cause).toBe("waits until something is ready");
    expect(said(lines, 0, 3).cause).toBe("waits up to 1.994 ms");
  });
  test("a kind that this page does not know is shown by its name", () => {
    expect(said(["frame_created 0", "moved_house 0"], 1, 1)).toEqual({ what: "moved house", cause: "for work#1" });
  });
});

describe("awaitChain", () => {
  test("leads from what the innermost frame waits for to the outermost frame", () => {
    const report = demoReport();
    const run = prepare(report, report.trace!);
    const step = Array.from({ length: run.events.count }, (_, i) => i).find((i) => run.events.kind[i] === 18)! + 1;
    const chain = awaitChain(snapshot(run, step), 0);
    expect(chain.leaf.map((wait) => wait.target)).toEqual([7]);
    expect(chain.frames.map((f) => run.labels[f])).toEqual(["fetch#3", "parent#1"]);
  });
  test("frames that await each other in a ring are listed once", () => {
    const lines = ["frame_created 0", "frame_created 1", "suspended 0 @1", `awaits 0 ${addressOf(1)}`, "suspended 1 @1", `awaits 1 ${addressOf(0)}`];
    expect(awaitChain(snapshot(runOf(lines, 2), 6), 0).frames.filter((f) => f === 0)).toHaveLength(1);
  });
  test("waits end with the suspension that declared them", () => {
    const lines = ["frame_created 0", "suspended 0 @1", "fd_wait 0 7 1", "resumed 0 @1"];
    expect(snapshot(runOf(lines, 1), 3).waits).toHaveLength(1);
    expect(snapshot(runOf(lines, 1), 4).waits).toHaveLength(0);
  });
});
