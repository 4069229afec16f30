// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lanes of frames: new, running (solid), suspended (hatched), ended (×).
//
//   Scene --paintFrames()--> canvas
//
// Spans under three pixels go into an image of the lane, one column of pixels each, which costs a tenth of a rectangle.
import { coroutineOf, pointAt } from "../../state/run";
import { State } from "../../state/spans";
import type { Palette } from "./palette";
import { frameY, framesBottom, framesInSight, framesTop, type Scene, unitOf, xOf } from "./scene";

const thin = 3;

/** The first span of frame `f` that ends behind `unit`. */
function firstSpan(scene: Scene, f: number, unit: number): number {
  const { spans } = scene.run;
  let low = spans.first[f];
  let high = spans.first[f + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (unitOf(scene, spans.end[middle]) < unit) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function label(context: CanvasRenderingContext2D, text: string, x: number, y: number, room: number): void {
  if (room < 12) return;
  if (context.measureText(text).width <= room) {
    context.fillText(text, x, y);
    return;
  }
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) --length;
  context.fillText(`${text.slice(0, length)}…`, x, y);
}

export function roundRect(context: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, r: number): void {
  context.beginPath();
  context.roundRect(x, y, w, h, Math.min(r, w / 2));
}

function bar(context: CanvasRenderingContext2D, palette: Palette, scene: Scene, s: number, f: number, x0: number, x1: number) {
  const { spans } = scene.run;
  const height = scene.barHeight;
  const y = frameY(scene, f) - height / 2;
  const width = x1 - x0 - 1;
  const point = pointAt(scene.run, f, spans.point[s]);
  const hue = palette.hues[point?.hue ?? 0];
  if (spans.state[s] === State.created || spans.state[s] === State.destroying) {
    roundRect(context, x0 + 0.5, y + 0.5, width - 1, height - 1, 4);
    context.fillStyle = palette.panel;
    context.fill();
    context.strokeStyle = spans.state[s] === State.created ? palette.muted : palette.line2;
    context.stroke();
    context.fillStyle = palette.muted;
    context.font = `10.5px ${palette.sans}`;
    if (spans.state[s] === State.created && width > 26) {
      context.textAlign = "center";
      context.fillText("new", x0 + width / 2, y + height / 2 + 4);
      context.textAlign = "left";
    }
    return;
  }
  if (spans.state[s] === State.running) {
    roundRect(context, x0, y, width, height, 4);
    context.fillStyle = hue.bar;
    context.fill();
    return;
  }
  roundRect(context, x0 + 0.5, y + 0.5, width - 1, height - 1, 4);
  context.fillStyle = hue.hatch;
  context.fill();
  context.strokeStyle = hue.line;
  context.lineWidth = 1;
  context.stroke();
  if (point && width > 24) {
    context.font = `700 11px ${palette.mono}`;
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeStyle = palette.panel;
    const x = Math.max(x0, scene.labelWidth) + 7;
    context.strokeText(point.label, x, y + height / 2 + 4);
    context.fillStyle = hue.line;
    context.fillText(point.label, x, y + height / 2 + 4);
    context.lineWidth = 1;
  }
}

/** The pixel columns of the spans that are too thin to draw, put on the canvas in one go. */
class Columns {
  private columns: Uint32Array | undefined;

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly scene: Scene,
    private readonly palette: Palette,
    private readonly scale: number,
  ) {}

  add(state: number, hue: number, x0: number, x1: number): void {
    const { labelWidth, width } = this.scene;
    this.columns ??= new Uint32Array(Math.ceil((width - labelWidth) * this.scale)).fill(this.palette.panelPixel);
    const from = Math.max(0, Math.floor((x0 - labelWidth) * this.scale));
    const to = Math.max(from + 1, Math.floor((x1 - labelWidth) * this.scale));
    const colours = this.palette.hues[hue];
    const pixel =
      state === State.running ? colours.barPixel : state === State.suspended ? colours.hatchPixel : this.palette.mutedPixel;
    this.columns.fill(pixel, from, Math.min(to, this.columns.length));
  }

  flush(f: number): void {
    if (!this.columns) return;
    const top = Math.round((frameY(this.scene, f) - this.scene.barHeight / 2) * this.scale);
    const clip = Math.round(framesTop(this.scene) * this.scale);
    const rows = Math.round(this.scene.barHeight * this.scale);
    const first = Math.max(0, clip - top);
    const last = Math.min(rows, Math.round(framesBottom(this.scene) * this.scale) - top);
    if (last <= first) return;
    const image = this.context.createImageData(this.columns.length, last - first);
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = 0; row < last - first; ++row) pixels.set(this.columns, row * this.columns.length);
    this.context.putImageData(image, Math.round(this.scene.labelWidth * this.scale), top + first);
    this.columns = undefined;
  }
}

function ending(context: CanvasRenderingContext2D, palette: Palette, scene: Scene, f: number): void {
  const { spans, events } = scene.run;
  const i = spans.gone[f];
  if (i >= events.count) return;
  const x = xOf(scene, unitOf(scene, i) + (scene.axis === "step" ? 0.5 : 0));
  if (x < scene.labelWidth || x > scene.width) return;
  const y = frameY(scene, f);
  context.strokeStyle = palette.muted;
  context.lineWidth = 1.8;
  context.beginPath();
  context.moveTo(x - 4, y - 4);
  context.lineTo(x + 4, y + 4);
  context.moveTo(x + 4, y - 4);
  context.lineTo(x - 4, y + 4);
  context.stroke();
  context.lineWidth = 1;
}

function paintLane(context: CanvasRenderingContext2D, palette: Palette, scene: Scene, f: number, scale: number): void {
  const { spans } = scene.run;
  const wide: [span: number, x0: number, x1: number][] = [];
  const columns = new Columns(context, scene, palette, scale);
  for (let s = firstSpan(scene, f, scene.view.from); s < spans.first[f + 1]; ++s) {
    const begin = unitOf(scene, spans.begin[s]);
    if (begin > scene.view.to) break;
    const x0 = xOf(scene, begin) + (scene.axis === "step" ? 1 : 0);
    const x1 = xOf(scene, unitOf(scene, spans.end[s]));
    const hue = pointAt(scene.run, f, spans.point[s])?.hue ?? 0;
    if (x1 - x0 < thin) columns.add(spans.state[s], hue, x0, x1);
    else wide.push([s, Math.max(x0, scene.labelWidth - 8), Math.min(x1, scene.width + 8)]);
  }
  columns.flush(f);
  for (const [s, x0, x1] of wide) bar(context, palette, scene, s, f, x0, x1);
  ending(context, palette, scene, f);
}

/** The name and size of frame `f` at the left of its lane. */
export function frameLabel(context: CanvasRenderingContext2D, palette: Palette, scene: Scene, f: number, weight: number): void {
  const { labels } = scene.run;
  const coroutine = coroutineOf(scene.run, f);
  const y = frameY(scene, f) + 4;
  const size = coroutine ? `${coroutine.frame_size} B` : "";
  context.font = `10.5px ${palette.sans}`;
  const room = scene.labelWidth < 100 ? 0 : context.measureText(size).width + 8;
  context.fillStyle = palette.muted;
  if (room) context.fillText(size, scene.labelWidth - 10 - room + 8, y);
  context.font = `${weight} 11px ${palette.mono}`;
  context.fillStyle = palette.ink;
  label(context, labels[f], 12, y, scene.labelWidth - 18 - room);
}

/** All frame lanes in sight. */
export function paintFrames(context: CanvasRenderingContext2D, palette: Palette, scene: Scene, scale: number): void {
  const [first, last] = framesInSight(scene);
  const top = framesTop(scene);
  context.save();
  context.beginPath();
  context.rect(0, top, scene.width, framesBottom(scene) - top);
  context.clip();
  for (let f = first; f < last; ++f) {
    context.save();
    context.beginPath();
    context.rect(scene.labelWidth - 2, top, scene.width, framesBottom(scene) - top);
    context.clip();
    paintLane(context, palette, scene, f, scale);
    context.restore();
    const y = Math.round(frameY(scene, f) - scene.laneHeight / 2) + 0.5;
    context.strokeStyle = palette.line;
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(scene.width, y);
    context.stroke();
    frameLabel(context, palette, scene, f, 500);
  }
  context.restore();
}
