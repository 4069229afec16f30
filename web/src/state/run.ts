// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recorded run, prepared once for every view.
//
//   Report with a trace --prepare()--> Run --snapshot(step)--> which frames live and where, what the loop waits for
//
// Steps count events from 1. The state at a step is looked up, not replayed: it depends on the step alone.
import type { Report, Trace, TracedCoroutine } from "../report";
import { ContentsLog } from "./contents";
import { columnsOf, type Events, Kind } from "./events";
import { type PointName, shortName, tracedPoints } from "./names";
import { type Spans, spanAt, spansOf } from "./spans";
import { type Wait, WaitKind, type Waits, waitsOf } from "./waits";

/** One stay of a loop in its poll: from poll_begin up to poll_end (events.count: still in it). */
export interface Poll {
  begin: number;
  end: number;
  thread: number;
}

export interface Run {
  trace: Trace;
  events: Events;
  contents: ContentsLog;
  spans: Spans;
  waits: Waits;
  polls: Poll[];
  /** Points of each traced coroutine, by ordinal. */
  points: (PointName | undefined)[][];
  /** "parent#1" for each frame. */
  labels: string[];
  /** Events of each frame, ascending. */
  eventsOf: { first: Int32Array; event: Int32Array };
  /** Threads that report loop events. */
  loops: number[];
  /** Pairs of events: a declared cause and its effect. */
  arrows: [from: number, to: number][];
  /** For the event that first resumed an awaited frame: the wait of the frame that awaits it. */
  awaitedBy: Map<number, Wait>;
}

export interface FrameState {
  frame: number;
  span: number;
  state: number;
  point: number;
  since: number;
}

export interface Snapshot {
  frames: FrameState[];
  waits: Wait[];
  /** Frames that were woken and have not gone on yet. */
  woken: number[];
}

function pollsOf(events: Events): Poll[] {
  const polls: Poll[] = [];
  const open = new Map<number, Poll>();
  for (let i = 0; i < events.count; ++i) {
    const thread = events.thread[i];
    if (events.kind[i] === Kind.poll_begin) {
      const poll = { begin: i, end: events.count, thread };
      polls.push(poll);
      open.set(thread, poll);
    } else if (events.kind[i] === Kind.poll_end) {
      const poll = open.get(thread);
      if (poll) poll.end = i;
      open.delete(thread);
    }
  }
  return polls;
}

function groupByFrame(events: Events, frames: number): Run["eventsOf"] {
  const first = new Int32Array(frames + 1);
  for (let i = 0; i < events.count; ++i) if (events.frame[i] >= 0) ++first[events.frame[i] + 1];
  for (let f = 0; f < frames; ++f) first[f + 1] += first[f];
  const event = new Int32Array(first[frames]);
  const next = first.slice(0, frames);
  for (let i = 0; i < events.count; ++i) if (events.frame[i] >= 0) event[next[events.frame[i]]++] = i;
  return { first, event };
}

/** The first step of each frame that another one declared to await. */
function awaitedStarts(events: Events, spans: Spans, waits: Waits): Map<number, Wait> {
  const starts = new Map<number, Wait>();
  for (const wait of waits.all) {
    if (wait.target < 0 || wait.frame < 0 || wait.kind !== WaitKind.frame) continue;
    const child = spanAt(spans, wait.target, wait.begin);
    const next = child + 1;
    if (child < 0 || next >= spans.first[wait.target + 1]) continue;
    const to = spans.begin[next];
    if (to < wait.end && events.kind[to] === Kind.resumed) starts.set(to, wait);
  }
  return starts;
}

function arrowsOf(spans: Spans, waits: Waits, starts: Map<number, Wait>): Run["arrows"] {
  const arrows: Run["arrows"] = [...waits.wake].map(([to, from]) => [from, to]);
  for (const [to, wait] of starts) {
    const parent = spanAt(spans, wait.frame, wait.begin);
    if (parent >= 0) arrows.push([spans.begin[parent], to]);
  }
  return arrows.sort((left, right) => left[1] - right[1]);
}

/** Everything that the views need to know about the run in `report`; it must carry a trace. */
export function prepare(report: Report, trace: Trace): Run {
  const events = columnsOf(trace);
  const frames = trace.frames.length;
  const spans = spansOf(events, frames);
  const points = trace.coroutines.map((_, index) => tracedPoints(report, trace, index));
  const isFinal = (frame: number, ordinal: number) => {
    const coroutine = trace.frames[frame].coroutine;
    return coroutine !== undefined && points[coroutine][ordinal]?.kind === "final";
  };
  const waits = waitsOf(events, spans, isFinal, trace.awaits ?? []);
  const awaitedBy = awaitedStarts(events, spans, waits);
  const short = trace.coroutines.map((coroutine) => shortName(coroutine.name));
  const loops = new Set<number>();
  for (let i = 0; i < events.count; ++i) if (events.kind[i] >= Kind.poll_begin) loops.add(events.thread[i]);
  return {
    trace,
    events,
    contents: new ContentsLog(trace),
    spans,
    waits,
    polls: pollsOf(events),
    points,
    labels: trace.frames.map((frame, index) => `${frame.coroutine === undefined ? "frame" : short[frame.coroutine]}#${index + 1}`),
    eventsOf: groupByFrame(events, frames),
    loops: [...loops].sort((left, right) => left - right),
    arrows: arrowsOf(spans, waits, awaitedBy),
    awaitedBy,
  };
}

/** The state of frame `f` after step `step`; undefined if it does not exist then. */
export function frameAt(run: Run, f: number, step: number): FrameState | undefined {
  const span = f < 0 ? -1 : spanAt(run.spans, f, step - 1);
  if (span < 0) return undefined;
  return { frame: f, span, state: run.spans.state[span], point: run.spans.point[span], since: run.spans.begin[span] };
}

/** The name of point `ordinal` of frame `f`; undefined if it has none. */
export function pointAt(run: Run, f: number, ordinal: number): PointName | undefined {
  const coroutine = run.trace.frames[f].coroutine;
  return ordinal < 0 || coroutine === undefined ? undefined : run.points[coroutine][ordinal];
}

/** The coroutine of frame `f`; undefined where only the loop spoke of the frame. */
export function coroutineOf(run: Run, f: number): TracedCoroutine | undefined {
  const coroutine = f < 0 ? undefined : run.trace.frames[f].coroutine;
  return coroutine === undefined ? undefined : run.trace.coroutines[coroutine];
}

/** What is alive and waited for after step `step`. */
export function snapshot(run: Run, step: number): Snapshot {
  const i = step - 1;
  const frames: FrameState[] = [];
  for (let f = 0; f < run.labels.length; ++f) {
    if (run.spans.born[f] > i || run.spans.gone[f] <= i) continue;
    const state = frameAt(run, f, step);
    if (state) frames.push(state);
  }
  const active = (interval: { begin: number; end: number }) => interval.begin <= i && i < interval.end;
  return {
    frames,
    waits: run.waits.all.filter(active),
    woken: run.waits.woken.filter(active).map((interval) => interval.frame),
  };
}

/** The event of frame `f` next to step `step` in a direction; the same step if there is none. */
export function stepWithin(run: Run, f: number, step: number, direction: 1 | -1): number {
  const { first, event } = run.eventsOf;
  if (f < 0) return step;
  for (let k = 0, at = direction > 0 ? first[f] : first[f + 1] - 1; k < first[f + 1] - first[f]; ++k, at += direction)
    if (direction > 0 ? event[at] + 1 > step : event[at] + 1 < step) return event[at] + 1;
  return step;
}
