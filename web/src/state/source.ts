// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A source file as lines to draw: which stretches are coloured as what, which points stand on a line, in which
// segment of the coroutine a line lies.
//
//   SourceFile + Coroutine --linesOf()--> SourceLine[]
//
// Columns of a report count UTF-8 bytes; strings here count UTF-16 units: bytesToIndex() goes from one to the other.
import type { Coroutine, Diagnostic, Range, SourceFile } from "../report";
import { pointsOf } from "./names";

/** A stretch of a line: text of one token kind (-1: none) inside the await expressions of `point` (-1: none). */
export interface Piece {
  text: string;
  token: number;
  point: number;
}

export interface SourceLine {
  number: number;
  pieces: Piece[];
  /** Ids of the points that stand on this line. */
  points: number[];
  /** Hues of the segment at the line's begin and end; -1 outside the coroutine. */
  before: number;
  after: number;
  diagnostics: Diagnostic[];
}

const encoder = new TextEncoder();

/** The index in `line` of the character at byte column `column` (1-based). */
export function bytesToIndex(line: string, column: number): number {
  if (/^[\x00-\x7f]*$/.test(line)) return Math.min(column - 1, line.length);
  let at = 1;
  let index = 0;
  for (const character of line) {
    if (at >= column) return index;
    at += encoder.encode(character).length;
    index += character.length;
  }
  return index;
}

const splitLines = (text: string) => text.replace(/\n$/, "").split(/\r?\n/);

interface Stretch {
  begin: number;
  end: number;
  value: number;
}

function tokenStretches(file: SourceFile, lines: string[]): Stretch[][] {
  const result: Stretch[][] = lines.map(() => []);
  const tokens = file.tokens ?? [];
  for (let i = 0; i + 3 < tokens.length; i += 4) {
    const [line, column, length, kind] = tokens.slice(i, i + 4);
    let left = length;
    let from = column;
    for (let l = line - 1; l < lines.length && left > 0; ++l, from = 1) {
      const begin = bytesToIndex(lines[l], from);
      const end = bytesToIndex(lines[l], from + left);
      if (end > begin) result[l].push({ begin, end, value: kind });
      left -= encoder.encode(lines[l].slice(begin)).length + 1;
    }
  }
  return result;
}

function awaitStretches(coroutine: Coroutine, file: number, lines: string[]): Stretch[][] {
  const result: Stretch[][] = lines.map(() => []);
  coroutine.suspend_points.forEach((point, id) => {
    if (point.range.file !== file || point.kind === "initial" || point.kind === "final") return;
    const { begin, end } = point.range;
    for (let line = begin[0]; line <= end[0] && line <= lines.length; ++line) {
      const text = lines[line - 1];
      const from = line === begin[0] ? bytesToIndex(text, begin[1]) : text.length - text.trimStart().length;
      const to = line === end[0] ? bytesToIndex(text, end[1]) : text.length;
      if (to > from) result[line - 1].push({ begin: from, end: to, value: id });
    }
  });
  return result;
}

/** The innermost stretch at `index`: the shortest one, so that a nested co_await keeps its own hue. */
function valueAt(stretches: Stretch[], index: number): number {
  let best: Stretch | undefined;
  for (const stretch of stretches)
    if (stretch.begin <= index && index < stretch.end && (!best || stretch.end - stretch.begin < best.end - best.begin))
      best = stretch;
  return best?.value ?? -1;
}

function pieces(text: string, tokens: Stretch[], awaits: Stretch[]): Piece[] {
  const cuts = new Set([0, text.length]);
  for (const stretch of [...tokens, ...awaits]) cuts.add(stretch.begin).add(stretch.end);
  const at = [...cuts].sort((left, right) => left - right);
  return at
    .slice(1)
    .map((end, i) => ({ text: text.slice(at[i], end), token: valueAt(tokens, at[i]), point: valueAt(awaits, at[i]) }));
}

const covers = (range: Range, file: number, line: number) =>
  range.file === file && range.begin[0] <= line && line <= range.end[0];

const plain = new WeakMap<SourceFile, { texts: string[]; tokens: Stretch[][]; lines: SourceLine[] }>();

/** The lines of a file without marks; the same objects each time, so that views redraw only lines that differ. */
function plainLines(file: SourceFile) {
  const known = plain.get(file);
  if (known) return known;
  const texts = splitLines(file.text ?? "");
  const tokens = tokenStretches(file, texts);
  const lines = texts.map(
    (text, i): SourceLine => ({ number: i + 1, pieces: pieces(text, tokens[i], []), points: [], before: -1, after: -1, diagnostics: [] }),
  );
  const made = { texts, tokens, lines };
  plain.set(file, made);
  return made;
}

function linesOfPoints(coroutine: Coroutine, file: number): Map<number, number[]> {
  const onLine = new Map<number, number[]>();
  coroutine.suspend_points.forEach((point, id) => {
    if (point.range.file !== file) return;
    const line = point.range.begin[0];
    onLine.set(line, [...(onLine.get(line) ?? []), id]);
  });
  return onLine;
}

/** Lays the marks of `coroutine` over the lines of file number `index`. */
function marked(file: SourceFile, index: number, coroutine: Coroutine): SourceLine[] {
  const { texts, tokens, lines } = plainLines(file);
  const awaits = awaitStretches(coroutine, index, texts);
  const names = pointsOf(coroutine);
  const onLine = linesOfPoints(coroutine, index);
  const last = Math.max(0, ...onLine.keys());
  let hue = -1;
  return lines.map((line, i) => {
    const points = onLine.get(line.number) ?? [];
    const inside = covers(coroutine.range, index, line.number);
    if (!inside && !points.length && !awaits[i].length) return line;
    const before = inside ? hue : -1;
    for (const id of points) if (names[id].kind !== "final" || line.number >= last) hue = names[id].hue;
    const onlyInitial = before < 0 && points.length === 1 && points[0] === 0;
    const after = inside && hue >= 0 && !onlyInitial ? hue : -1;
    return { ...line, pieces: awaits[i].length ? pieces(texts[i], tokens[i], awaits[i]) : line.pieces, points, before, after };
  });
}

/** The lines of file number `index`; with the marks of `coroutine` where it stands in that file. */
export function linesOf(file: SourceFile, index: number, coroutine: Coroutine | undefined, diagnostics: Diagnostic[]) {
  const lines = coroutine?.range.file === index ? marked(file, index, coroutine) : plainLines(file).lines;
  const at = (line: number) =>
    diagnostics.filter((diagnostic) => diagnostic.range?.file === index && diagnostic.range.begin[0] === line);
  return diagnostics.length ? lines.map((line) => ({ ...line, diagnostics: at(line.number) })) : lines;
}
