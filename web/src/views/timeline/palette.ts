// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The theme's colours in the forms that a canvas needs.
//
//   custom properties of theme.css --readPalette()--> colours, hatch patterns, pixels

export interface Hue {
  line: string;
  /** Solid: running. */
  bar: string;
  /** Hatched: suspended. */
  hatch: CanvasPattern | string;
  /** The same two as pixels, little-endian RGBA, for spans too thin to draw. */
  barPixel: number;
  hatchPixel: number;
}

export interface Palette {
  panel: string;
  panelPixel: number;
  line: string;
  line2: string;
  ink: string;
  muted: string;
  mutedPixel: number;
  faint: string;
  accent: string;
  accentInk: string;
  sans: string;
  mono: string;
  hues: Hue[];
  lost: CanvasPattern | string;
}

type Rgb = [number, number, number];

export function parseColour(text: string): Rgb {
  const hex = text.trim().replace("#", "");
  const digits = hex.length < 6 ? [...hex.slice(0, 3)].map((digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as Rgb;
}

/** As CSS color-mix(in srgb, a share, b). */
export const mix = (a: Rgb, share: number, b: Rgb): Rgb =>
  a.map((value, i) => Math.round(value * share + b[i] * (1 - share))) as Rgb;

const css = ([r, g, b]: Rgb) => `rgb(${r} ${g} ${b})`;
const pixel = ([r, g, b]: Rgb) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

function hatch(ground: Rgb, stripe: Rgb, scale: number): CanvasPattern | string {
  const size = Math.round(8 * scale);
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const context = tile.getContext("2d");
  if (!context) return css(ground);
  context.fillStyle = css(ground);
  context.fillRect(0, 0, size, size);
  context.strokeStyle = css(stripe);
  context.lineWidth = size / 4;
  for (const shift of [-size, 0, size]) {
    context.beginPath();
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
    context.stroke();
  }
  const pattern = context.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / scale));
  return pattern ?? css(ground);
}

/** The colours of the current theme, for a canvas of `scale` device pixels a CSS pixel. */
export function readPalette(scale: number): Palette {
  const style = getComputedStyle(document.documentElement);
  const text = (name: string) => style.getPropertyValue(name).trim();
  const colour = (name: string) => parseColour(text(name));
  const panel = colour("--panel");
  const bar = Number.parseFloat(text("--bar")) / 100;
  const hues = [0, 1, 2, 3, 4].map((at): Hue => {
    const hue = colour(`--s${at}`);
    const solid = mix(hue, bar, panel);
    return {
      line: css(hue),
      bar: css(solid),
      hatch: hatch(mix(hue, 0.1, panel), mix(hue, 0.32, panel), scale),
      barPixel: pixel(solid),
      hatchPixel: pixel(mix(hue, 0.32, panel)),
    };
  });
  return {
    panel: css(panel),
    panelPixel: pixel(panel),
    line: css(colour("--line")),
    line2: css(colour("--line2")),
    ink: css(colour("--ink")),
    muted: css(colour("--muted")),
    mutedPixel: pixel(colour("--muted")),
    faint: css(colour("--faint")),
    accent: css(colour("--accent")),
    accentInk: css(colour("--accent-ink")),
    sans: text("--sans"),
    mono: text("--mono"),
    hues,
    lost: hatch(mix(colour("--warn"), 0.06, panel), mix(colour("--warn"), 0.3, panel), scale),
  };
}
