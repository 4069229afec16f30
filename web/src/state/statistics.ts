// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How long the frames of a coroutine waited at each point, and which points followed each other.
//
//   Run + coroutine --waitedAt(), transitionsOf()--> numbers a point
import { pointAt, type Run } from "./run";
import { State } from "./spans";

export interface Waited {
  /** Finished suspensions, and the ns they took together. */
  count: number;
  total: number;
  /** Suspensions that the recording does not end. */
  open: number;
  /** Times that await_suspend returned false or threw. */
  wentOn: number;
}

function framesOf(run: Run, coroutine: number): number[] {
  const frames: number[] = [];
  run.trace.frames.forEach((frame, f) => frame.coroutine === coroutine && frames.push(f));
  return frames;
}

/** The waits at each point of the report's coroutine, by point id, over all its frames. */
export function waitedAt(run: Run, coroutine: number): Map<number, Waited> {
  const result = new Map<number, Waited>();
  const { spans, events } = run;
  run.trace.coroutines.forEach((traced, index) => {
    if (traced.coroutine !== coroutine) return;
    for (const f of framesOf(run, index))
      for (let s = spans.first[f]; s < spans.first[f + 1]; ++s) {
        const point = spans.state[s] === State.suspended ? pointAt(run, f, spans.point[s]) : undefined;
        if (!point || point.id < 0) continue;
        const waited = result.get(point.id) ?? { count: 0, total: 0, open: 0, wentOn: 0 };
        result.set(point.id, waited);
        const next = s + 1 < spans.first[f + 1] ? s + 1 : -1;
        if (spans.end[s] >= events.count) ++waited.open;
        else if (next >= 0 && spans.state[next] === State.running && run.events.kind[spans.begin[next]] === 3) ++waited.wentOn;
        else {
          ++waited.count;
          waited.total += events.time[spans.end[s]] - events.time[spans.begin[s]];
        }
      }
  });
  return result;
}

/** How often a frame of the coroutine, having gone on from one point, next suspended at another: "from to" -> count. */
export function transitionsOf(run: Run, coroutine: number): Map<string, number> {
  const result = new Map<string, number>();
  const { spans } = run;
  run.trace.coroutines.forEach((traced, index) => {
    if (traced.coroutine !== coroutine) return;
    for (const f of framesOf(run, index)) {
      let from = -1;
      for (let s = spans.first[f]; s < spans.first[f + 1]; ++s) {
        if (spans.state[s] !== State.suspended) continue;
        const to = pointAt(run, f, spans.point[s])?.id ?? -1;
        if (to < 0) continue;
        const key = `${from} ${to}`;
        result.set(key, (result.get(key) ?? 0) + 1);
        from = to;
      }
    }
  });
  return result;
}
