// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What changes with every step, on a canvas of its own above the lanes: the playhead, the lane of the frame looked at,
// the spans of the point under the pointer.
//
//   Scene + step, frame, point --paintOverlay()--> canvas
import { coroutineOf, pointAt } from "../../state/run";
import { State } from "../../state/spans";
import type { Palette } from "./palette";
import { axisTicks } from "./paint_axis";
import { frameLabel, roundRect } from "./paint_frames";
import { axisHeight, frameY, framesBottom, framesInSight, framesTop, type Scene, unitOf, xOf } from "./scene";

type Context = CanvasRenderingContext2D;

export interface Marked {
  step: number;
  frame: number;
  /** The point under the pointer: its id and the coroutine that it belongs to; -1: none. */
  hot: number;
  coroutine: number;
}

function alpha(colour: string, share: number): string {
  return colour.replace(")", ` / ${share * 100}%)`);
}

function lane(context: Context, palette: Palette, scene: Scene, f: number): void {
  const top = frameY(scene, f) - scene.laneHeight / 2;
  context.save();
  context.beginPath();
  context.rect(0, framesTop(scene), scene.width, framesBottom(scene) - framesTop(scene));
  context.clip();
  context.fillStyle = palette.panel;
  context.fillRect(0, top + 1, scene.labelWidth - 4, scene.laneHeight - 1);
  context.fillStyle = alpha(palette.accent, 0.07);
  context.fillRect(0, top + 1, scene.width, scene.laneHeight - 1);
  frameLabel(context, palette, scene, f, 650);
  context.restore();
}

function hotSpans(context: Context, palette: Palette, scene: Scene, marked: Marked): void {
  const { spans } = scene.run;
  const [first, last] = framesInSight(scene);
  context.save();
  context.beginPath();
  context.rect(scene.labelWidth - 2, framesTop(scene), scene.width, framesBottom(scene) - framesTop(scene));
  context.clip();
  context.lineWidth = 2;
  for (let f = first; f < last; ++f) {
    if (coroutineOf(scene.run, f)?.coroutine !== marked.coroutine) continue;
    for (let s = spans.first[f]; s < spans.first[f + 1]; ++s) {
      const point = pointAt(scene.run, f, spans.point[s]);
      if (spans.state[s] !== State.suspended || point?.id !== marked.hot) continue;
      const x0 = xOf(scene, unitOf(scene, spans.begin[s]));
      const x1 = xOf(scene, unitOf(scene, spans.end[s]));
      if (x1 < scene.labelWidth || x0 > scene.width) continue;
      context.strokeStyle = palette.hues[point.hue].line;
      roundRect(context, x0, frameY(scene, f) - scene.barHeight / 2 - 1, Math.max(x1 - x0, 2), scene.barHeight + 2, 5);
      context.stroke();
    }
  }
  context.restore();
}

function playhead(context: Context, palette: Palette, scene: Scene, step: number): void {
  const x = xOf(scene, unitOf(scene, step - 1));
  const text = String(step);
  const ticks = axisTicks(context, palette, scene);
  context.font = `650 11px ${palette.sans}`;
  const column = scene.axis === "step" ? xOf(scene, step) - x : 0;
  const flag = Math.max(context.measureText(text).width + 12, column, 26);
  const middle = x + column / 2;
  if (middle < scene.labelWidth - 1 || middle > scene.width + 1) return;
  // No number of the axis is half covered by the flag.
  context.fillStyle = palette.panel;
  for (const tick of ticks)
    if (tick.left < middle + flag / 2 + 3 && tick.right > middle - flag / 2 - 3)
      context.fillRect(tick.left - 1, 0, tick.right - tick.left + 2, axisHeight - 1);
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  if (column > 5) {
    roundRect(context, x, 3, column, scene.height - 5, 5);
    context.fillStyle = alpha(palette.accent, 0.1);
    context.fill();
    context.stroke();
  } else {
    context.beginPath();
    context.moveTo(middle, axisHeight - 2);
    context.lineTo(middle, scene.height);
    context.stroke();
  }
  roundRect(context, middle - flag / 2, 3, flag, 17, 5);
  context.fillStyle = palette.accent;
  context.fill();
  context.fillStyle = palette.accentInk;
  context.textAlign = "center";
  context.fillText(text, middle, 15.5);
  context.textAlign = "left";
}

export function paintOverlay(context: Context, palette: Palette, scene: Scene, marked: Marked): void {
  if (marked.frame >= 0) lane(context, palette, scene, marked.frame);
  if (marked.hot >= 0 && marked.coroutine >= 0) hotSpans(context, palette, scene, marked);
  if (marked.step > 0) playhead(context, palette, scene, marked.step);
}
