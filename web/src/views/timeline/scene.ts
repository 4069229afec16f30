// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where things are on the timeline.
//
//   Run + window size + viewport --makeScene()--> Scene: x of a moment, y of a lane, and back
//
// The horizontal unit is an event (axis "step": event i fills [i, i + 1)) or a nanosecond (axis "time").
//
//   axis row | lanes of loops | lanes of frames, scrolled | lane of I/O and timers
import type { Axis } from "../../state/link";
import { Kind } from "../../state/events";
import type { Run } from "../../state/run";

export const axisHeight = 22;
export const rightMargin = 14;

export interface Viewport {
  from: number;
  to: number;
}

export interface Scene {
  run: Run;
  axis: Axis;
  view: Viewport;
  width: number;
  height: number;
  /** Pixels that the frame lanes are scrolled by. */
  scroll: number;
  laneHeight: number;
  barHeight: number;
  labelWidth: number;
  /** I/O and timer events, ascending. */
  io: number[];
}

/** The whole range of an axis. */
export function wholeOf(run: Run, axis: Axis): Viewport {
  const { events } = run;
  const end = axis === "step" ? events.count : events.count ? events.time[events.count - 1] : 1;
  const first = axis === "step" || !events.count ? 0 : events.time[0];
  const from = first < end / 20 ? 0 : first;
  const length = Math.max(end - from, 1);
  const incomplete = run.trace.lost_events > 0 || !run.trace.complete;
  return { from, to: from + length * (incomplete ? 1.06 : axis === "time" ? 1.012 : 1) };
}

const ioKinds: number[] = [Kind.fd_wait, Kind.fd_ready, Kind.timer_armed, Kind.timer_fired, Kind.timer_cancelled];

/** Events that the I/O lane shows. */
export function ioEvents(run: Run): number[] {
  const found: number[] = [];
  for (let i = 0; i < run.events.count; ++i) if (ioKinds.includes(run.events.kind[i])) found.push(i);
  return found;
}

export const laneCount = (run: Run, io: number[]) => run.loops.length + run.labels.length + (io.length ? 1 : 0);

export function makeScene(
  run: Run,
  io: number[],
  axis: Axis,
  view: Viewport,
  size: { width: number; height: number; scroll: number },
): Scene {
  const lanes = laneCount(run, io);
  const laneHeight = Math.min(37, Math.max(24, (size.height - axisHeight - 3) / Math.max(lanes, 1)));
  const longest = run.labels.reduce((most, label) => Math.max(most, label.length), 8);
  const wanted = longest * 6.7 + 66;
  const labelWidth = size.width < 600 ? 96 : Math.round(Math.min(Math.max(wanted, 112), 230));
  return { run, io, axis, view, ...size, laneHeight, barHeight: Math.min(24, laneHeight - 6), labelWidth };
}

/** The height of everything; more than scene.height where the frame lanes scroll. */
export const contentHeight = (scene: Scene) =>
  Math.ceil(axisHeight + laneCount(scene.run, scene.io) * scene.laneHeight + 1);

const plotWidth = (scene: Scene) => Math.max(scene.width - scene.labelWidth - rightMargin, 10);

/** The unit at which event `i` begins. */
export const unitOf = (scene: Scene, i: number) => {
  const { events } = scene.run;
  if (scene.axis === "step") return i;
  return events.time[Math.min(i, events.count - 1)];
};

export const xOf = (scene: Scene, unit: number) =>
  scene.labelWidth + ((unit - scene.view.from) / (scene.view.to - scene.view.from)) * plotWidth(scene);

export const unitAt = (scene: Scene, x: number) =>
  scene.view.from + ((x - scene.labelWidth) / plotWidth(scene)) * (scene.view.to - scene.view.from);

/** The x of event `i`: the middle of its column on the step axis. */
export const eventX = (scene: Scene, i: number) => xOf(scene, unitOf(scene, i) + (scene.axis === "step" ? 0.5 : 0));

export const framesTop = (scene: Scene) => axisHeight + scene.run.loops.length * scene.laneHeight;

/** Where the frame lanes end: at the I/O lane, which stays in sight. */
export function framesBottom(scene: Scene): number {
  const free = scene.height - (scene.io.length ? scene.laneHeight : 0);
  return Math.min(framesTop(scene) + scene.run.labels.length * scene.laneHeight, free);
}

export const loopY = (scene: Scene, at: number) => axisHeight + (at + 0.5) * scene.laneHeight;
export const frameY = (scene: Scene, f: number) => framesTop(scene) + (f + 0.5) * scene.laneHeight - scene.scroll;
export const ioY = (scene: Scene) => framesBottom(scene) + scene.laneHeight / 2;

/** The frames whose lanes are in sight: [first, last). */
export function framesInSight(scene: Scene): [number, number] {
  const first = Math.max(0, Math.floor(scene.scroll / scene.laneHeight));
  const rows = Math.ceil((framesBottom(scene) - framesTop(scene)) / scene.laneHeight) + 1;
  return [first, Math.min(scene.run.labels.length, first + rows)];
}

/** The frame whose lane is at `y`; -1: none. */
export function frameAtY(scene: Scene, y: number): number {
  if (y < framesTop(scene) || y >= framesBottom(scene)) return -1;
  const f = Math.floor((y - framesTop(scene) + scene.scroll) / scene.laneHeight);
  return f < scene.run.labels.length ? f : -1;
}

/** The event nearest to unit `unit`. */
export function eventNear(scene: Scene, unit: number): number {
  const { count, time } = scene.run.events;
  if (scene.axis === "step") return Math.min(Math.max(Math.floor(unit), 0), count - 1);
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[middle] < unit) low = middle + 1;
    else high = middle;
  }
  return low > 0 && unit - time[low - 1] < time[low] - unit ? low - 1 : low;
}

/** The event of frame `f` nearest to `unit`, and how far away it is in pixels. */
export function eventOfFrameNear(scene: Scene, f: number, unit: number): { event: number; distance: number } {
  const { first, event } = scene.run.eventsOf;
  let best = { event: -1, distance: Infinity };
  for (let k = first[f]; k < first[f + 1]; ++k) {
    const distance = Math.abs(eventX(scene, event[k]) - xOf(scene, unit));
    if (distance < best.distance) best = { event: event[k], distance };
  }
  return best;
}

/** `view` moved and scaled into what there is; at least a few events or 100 ns wide. */
export function clampView(run: Run, axis: Axis, view: Viewport): Viewport {
  const whole = wholeOf(run, axis);
  const least = axis === "step" ? 4 : 100;
  const length = Math.min(Math.max(view.to - view.from, least), whole.to - whole.from);
  const middle = (view.from + view.to) / 2;
  const from = Math.min(Math.max(middle - length / 2, whole.from), whole.to - length);
  return { from, to: from + length };
}
