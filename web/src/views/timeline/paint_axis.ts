// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The row of numbers above the lanes, and the lines below it on the time axis.
//
//   Scene --axisTicks()--> places and texts --paintAxis()--> canvas
import type { Palette } from "./palette";
import { axisHeight, type Scene, xOf } from "./scene";

type Context = CanvasRenderingContext2D;

/** 1, 2 or 5 times a power of ten, at least `value`. */
export function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= value * 0.999) ?? 10 * power;
}

export interface Tick {
  x: number;
  text: string;
  /** Where the text begins and ends. */
  left: number;
  right: number;
}

/** A moment on an axis whose ticks are `step` ns apart: in the unit of `most`, as precise as the step needs. */
export function axisMoment(ns: number, step: number, most: number): string {
  const [scale, unit] = most < 1e3 ? [1, "ns"] : most < 1e6 ? [1e3, "µs"] : most < 1e9 ? [1e6, "ms"] : [1e9, "s"];
  return ns === 0 ? "0" : `${(ns / scale).toFixed(Math.max(0, Math.ceil(Math.log10(scale / step) - 1e-9)))} ${unit}`;
}

/** The numbers of the axis that fit. */
export function axisTicks(context: Context, palette: Palette, scene: Scene): Tick[] {
  const { from, to } = scene.view;
  context.font = `10.5px ${palette.sans}`;
  const perUnit = (scene.width - scene.labelWidth) / (to - from);
  const steps = scene.axis === "step";
  const step = steps ? Math.max(1, roundStep(36 / perUnit)) : roundStep(110 / perUnit);
  const ticks: Tick[] = [];
  for (let unit = Math.ceil(from / step) * step; unit <= to; unit += step) {
    if (steps && unit >= scene.run.events.count) break;
    const number = step <= 2 || unit === 0 ? unit + 1 : unit;
    const text = steps ? String(number) : axisMoment(unit, step, to);
    const x = xOf(scene, steps ? number - 0.5 : unit);
    const width = context.measureText(text).width;
    const left = steps ? x - width / 2 : x + 3;
    if (left + width < scene.width - 2) ticks.push({ x, text, left, right: left + width });
  }
  return ticks;
}

export function paintAxis(context: Context, palette: Palette, scene: Scene): void {
  for (const tick of axisTicks(context, palette, scene)) {
    context.fillStyle = palette.faint;
    context.fillText(tick.text, tick.left, 15);
    if (scene.axis === "step") continue;
    context.strokeStyle = palette.line;
    context.setLineDash([2, 3]);
    context.beginPath();
    context.moveTo(Math.round(tick.x) + 0.5, axisHeight);
    context.lineTo(Math.round(tick.x) + 0.5, scene.height);
    context.stroke();
    context.setLineDash([]);
  }
}
