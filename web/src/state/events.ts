// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happened in a run, in the form that the page computes with: one typed array a column.
//
//   report.trace.events (lists) --columnsOf()--> Events
import type { Trace } from "../report";

/** The event kinds of docs/trace-format.md with their numbers; `unknown` is one that this page has no words for. */
export const Kind = {
  unknown: 0,
  frame_created: 1,
  suspended: 2,
  not_suspended: 3,
  resumed: 4,
  destroyed: 5,
  frame_freed: 6,
  threw: 10,
  unwound: 11,
  poll_begin: 16,
  poll_end: 17,
  fd_wait: 18,
  fd_ready: 19,
  timer_armed: 20,
  timer_fired: 21,
  timer_cancelled: 22,
  task_spawned: 23,
  task_finished: 24,
  awaits: 25,
  posted: 26,
  loop_begin: 27,
  loop_end: 28,
  task_cancelled: 29,
  delivered: 30,
} as const;

export interface Events {
  count: number;
  kind: Uint8Array;
  /** Index of the kind's name in `names`; for kinds that this page does not know. */
  name: Uint8Array;
  names: string[];
  /** ns since the recording began. */
  time: Float64Array;
  thread: Int32Array;
  /** Into trace.frames; -1: none. */
  frame: Int32Array;
  /** The point's ordinal; -1: none. */
  point: Int32Array;
  /** The frame whose address `a` is; -1: none. */
  target: Int32Array;
  /** The frame that created, resumed or destroyed this one; -1: nobody known; resumed by -2 a loop, -3 another thread. */
  by: Int32Array;
  a: Float64Array;
  b: Float64Array;
}

/** A resumption whose `by` returned the frame's handle. */
export const isTransfer = (name: string) => name === "transferred";

/** The events of `trace` as typed columns. */
export function columnsOf(trace: Trace): Events {
  const { kinds, kind, time, thread, frame, point, target, by, a, b } = trace.events;
  const known = kinds.map((name) => (Kind as Record<string, number>)[isTransfer(name) ? "resumed" : name] ?? Kind.unknown);
  return {
    count: kind.length,
    kind: Uint8Array.from(kind, (index) => known[index]),
    name: Uint8Array.from(kind),
    names: kinds,
    time: Float64Array.from(time),
    thread: Int32Array.from(thread),
    frame: Int32Array.from(frame),
    point: Int32Array.from(point),
    target: Int32Array.from(target),
    by: Int32Array.from(by),
    a: Float64Array.from(a),
    b: Float64Array.from(b),
  };
}

/** Whether a kind is reported by an instrumented coroutine, not by a loop. */
export const isLifecycle = (kind: number) => kind >= Kind.frame_created && kind <= Kind.unwound;
