// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rest of the timeline: the loops' lanes, the lane of I/O and timers, arrows, the end of an incomplete
// recording.
//
//   Scene --paintLoops(), paintIo(), paintArrows(), paintLost()--> canvas
import { Kind } from "../../state/events";
import { duration } from "../../state/names";
import type { Palette } from "./palette";
import { label, roundRect } from "./paint_frames";
import {
  axisHeight,
  eventX,
  frameY,
  framesBottom,
  framesTop,
  ioY,
  loopY,
  type Scene,
  unitAt,
  unitOf,
  xOf,
} from "./scene";

type Context = CanvasRenderingContext2D;

function rule(context: Context, palette: Palette, scene: Scene, y: number): void {
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, Math.round(y) + 0.5);
  context.lineTo(scene.width, Math.round(y) + 0.5);
  context.stroke();
}

function laneName(context: Context, palette: Palette, scene: Scene, text: string, y: number): void {
  context.font = `500 11px ${palette.sans}`;
  context.fillStyle = palette.ink;
  label(context, text, 12, y + 4, scene.labelWidth - 20);
}

/** Polls as outlined boxes with their duration, the rest of a loop's events as dots. */
export function paintLoops(context: Context, palette: Palette, scene: Scene): void {
  const { run } = scene;
  run.loops.forEach((thread, at) => {
    const y = loopY(scene, at);
    rule(context, palette, scene, y - scene.laneHeight / 2);
    const name = run.trace.threads[thread];
    laneName(context, palette, scene, run.loops.length === 1 ? "Event loop" : `Loop, ${name || `thread ${thread + 1}`}`, y);
    context.save();
    context.beginPath();
    context.rect(scene.labelWidth - 2, axisHeight, scene.width, scene.height);
    context.clip();
    let free = -Infinity;
    run.polls.forEach((poll, k) => {
      if (poll.thread !== thread) return;
      const x0 = xOf(scene, unitOf(scene, poll.begin)) + (scene.axis === "step" ? 1 : 0);
      const x1 = Math.max(xOf(scene, unitOf(scene, poll.end) + (scene.axis === "step" ? 1 : 0)) - 1, x0 + 2);
      if (x1 < scene.labelWidth || x0 > scene.width || (x1 - x0 < 3 && x0 < free + 1)) return;
      free = x1;
      const next = run.polls[k + 1]?.thread === thread ? xOf(scene, unitOf(scene, run.polls[k + 1].begin)) : scene.width;
      pollBox(context, palette, scene, poll, x0, x1, y, next);
    });
    context.restore();
  });
}

function pollBox(
  context: Context,
  palette: Palette,
  scene: Scene,
  poll: { begin: number; end: number },
  x0: number,
  x1: number,
  y: number,
  next: number,
): void {
  const { time, count } = scene.run.events;
  const height = scene.barHeight;
  roundRect(context, x0 + 0.5, y - height / 2 + 0.5, Math.max(x1 - x0 - 1, 1), height - 1, 4);
  context.fillStyle = palette.panel;
  context.fill();
  context.strokeStyle = palette.line2;
  context.stroke();
  const long = poll.end < count ? duration(time[poll.end] - time[poll.begin]) : "…";
  context.font = `10.5px ${palette.sans}`;
  context.fillStyle = palette.muted;
  const whole = `poll ${long}`;
  const measure = (text: string) => context.measureText(text).width;
  const room = x1 - x0;
  const outside = (text: string) => x1 + 6 + measure(text) < next - 6;
  if (measure(whole) < room - 10) context.fillText(whole, x0 + 6, y + 4);
  else if (measure("poll") < room - 6 && outside(long)) {
    context.fillText("poll", x0 + (room - measure("poll")) / 2, y + 4);
    context.fillText(long, x1 + 6, y + 4);
  } else if (measure(long) < room - 6) context.fillText(long, x0 + 4, y + 4);
  else if (room > 8 && outside(whole)) context.fillText(whole, x1 + 5, y + 4);
}

function diamond(context: Context, x: number, y: number, r: number): void {
  context.beginPath();
  context.moveTo(x, y - r);
  context.lineTo(x + r, y);
  context.lineTo(x, y + r);
  context.lineTo(x - r, y);
  context.closePath();
}

function clock(context: Context, palette: Palette, x: number, y: number, cancelled: boolean): void {
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.beginPath();
  context.moveTo(x, y - 4);
  context.lineTo(x, y);
  context.lineTo(x + 3, y);
  if (cancelled) {
    context.moveTo(x - 7, y + 7);
    context.lineTo(x + 7, y - 7);
  }
  context.strokeStyle = cancelled ? palette.muted : palette.ink;
  context.stroke();
}

function markText(scene: Scene, i: number): string {
  const { kind, a } = scene.run.events;
  switch (kind[i]) {
    case Kind.fd_ready:
      return `fd ${a[i]}`;
    case Kind.timer_armed:
      return "arm";
    case Kind.timer_fired:
      return "fire";
    case Kind.timer_cancelled:
      return "cancel";
    default:
      return "";
  }
}

function mark(context: Context, palette: Palette, scene: Scene, i: number, x: number, y: number): number {
  const { kind } = scene.run.events;
  context.fillStyle = palette.panel;
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.5;
  if (kind[i] === Kind.fd_wait) {
    diamond(context, x, y, 4.5);
    context.strokeStyle = palette.muted;
    context.fill();
    context.stroke();
    return 5;
  }
  if (kind[i] === Kind.fd_ready) {
    diamond(context, x, y, 8);
    context.fill();
    context.stroke();
  } else clock(context, palette, x, y, kind[i] === Kind.timer_cancelled);
  return 9;
}

export function paintIo(context: Context, palette: Palette, scene: Scene): void {
  if (!scene.io.length) return;
  const y = ioY(scene);
  context.fillStyle = palette.panel;
  context.fillRect(0, y - scene.laneHeight / 2, scene.width, scene.laneHeight);
  rule(context, palette, scene, y - scene.laneHeight / 2);
  if (y + scene.laneHeight / 2 < scene.height - 4) rule(context, palette, scene, y + scene.laneHeight / 2);
  laneName(context, palette, scene, "I/O, timers", y);
  context.save();
  context.beginPath();
  context.rect(scene.labelWidth - 2, y - scene.laneHeight / 2, scene.width, scene.laneHeight);
  context.clip();
  let used = -Infinity;
  let tick = -Infinity;
  const seen = scene.io.filter((i) => eventX(scene, i) >= scene.labelWidth - 9 && eventX(scene, i) <= scene.width + 9);
  const dense = seen.length * 14 > scene.width - scene.labelWidth;
  seen.forEach((i, k) => {
    const x = eventX(scene, i);
    if (dense || x - 9 < used) {
      if (x < tick + (dense ? 2 : 1)) return;
      tick = x;
      context.fillStyle = dense ? palette.line2 : palette.muted;
      context.fillRect(Math.round(x), y - 9, 1, 18);
      return;
    }
    const right = x + mark(context, palette, scene, i, x, y);
    const next = k + 1 < seen.length ? eventX(scene, seen[k + 1]) - 10 : scene.width;
    const text = markText(scene, i);
    context.font = `11px ${palette.sans}`;
    context.fillStyle = palette.muted;
    const fits = text && right + 3 + context.measureText(text).width < next;
    if (fits) context.fillText(text, right + 3, y + 4);
    used = fits ? right + 3 + context.measureText(text).width : right;
  });
  context.restore();
  context.lineWidth = 1;
}

/** The y of the lane that event `i` is drawn in; undefined where that is out of sight. */
function laneOf(scene: Scene, i: number): number | undefined {
  const { kind, frame, thread } = scene.run.events;
  if (kind[i] >= Kind.fd_wait && kind[i] <= Kind.timer_cancelled) return scene.io.length ? ioY(scene) : undefined;
  if (kind[i] >= Kind.poll_begin) return loopY(scene, scene.run.loops.indexOf(thread[i]));
  const y = frame[i] >= 0 ? frameY(scene, frame[i]) : -1;
  return y > framesTop(scene) && y < framesBottom(scene) ? y : undefined;
}

function arrow(context: Context, x0: number, y0: number, x1: number, y1: number): void {
  const down = y1 > y0 ? 1 : -1;
  context.beginPath();
  context.moveTo(x0, y0);
  context.bezierCurveTo(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, x1, y1);
  context.stroke();
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x1 - 3.5, y1 - 6 * down);
  context.lineTo(x1 + 3.5, y1 - 6 * down);
  context.fill();
}

/** Wake-ups and declared awaits, where few enough are in sight to tell them apart. */
export function paintArrows(context: Context, palette: Palette, scene: Scene): void {
  const seen = scene.run.arrows.filter(([from, to]) => eventX(scene, to) > scene.labelWidth && eventX(scene, from) < scene.width);
  if (seen.length > scene.width / 14) return;
  context.save();
  context.beginPath();
  context.rect(scene.labelWidth, axisHeight, scene.width, scene.height);
  context.clip();
  context.strokeStyle = palette.muted;
  context.fillStyle = palette.muted;
  context.lineWidth = 1.3;
  for (const [from, to] of seen) {
    const y0 = laneOf(scene, from);
    const y1 = laneOf(scene, to);
    if (y0 === undefined || y1 === undefined || y0 === y1) continue;
    const down = y1 > y0 ? 1 : -1;
    const fromIo = scene.run.events.kind[from] >= Kind.poll_begin;
    const inset = scene.axis === "step" ? 3 : 0;
    const x0 = fromIo ? eventX(scene, from) : xOf(scene, unitOf(scene, from)) + inset;
    const x1 = xOf(scene, unitOf(scene, to)) + inset;
    arrow(context, x0, y0 + down * (fromIo ? 9 : scene.barHeight / 2 + 1), x1, y1 - down * (scene.barHeight / 2 + 1));
  }
  context.restore();
}

/** What is missing behind the last event. */
export function paintLost(context: Context, palette: Palette, scene: Scene): void {
  const { trace, events } = scene.run;
  if (trace.complete && trace.lost_events === 0) return;
  const end = scene.axis === "step" ? events.count : events.time[events.count - 1];
  const x = xOf(scene, end);
  if (x > scene.width || unitAt(scene, scene.width) < end) return;
  context.fillStyle = palette.lost;
  context.fillRect(Math.max(x, scene.labelWidth), axisHeight, scene.width - x, scene.height - axisHeight);
  const text = trace.lost_events ? `${trace.lost_events} lost` : "cut short";
  context.font = `10.5px ${palette.sans}`;
  context.fillStyle = palette.ink;
  const width = context.measureText(text).width;
  if (width < scene.width - x - 6) context.fillText(text, x + (scene.width - x - width) / 2, axisHeight + 16);
}
