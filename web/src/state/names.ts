// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the page names things: points S0…F and their hues, frames "parent#1", durations and sizes.
import type { Coroutine, Report, SuspendKind, Trace } from "../report";

/** A suspend point as shown: its label, the hue (0…4, see theme.css) and where it stands, if known. */
export interface PointName {
  label: string;
  hue: number;
  /** Into the joined coroutine's suspend_points; -1 where there is none. */
  id: number;
  line?: number;
  kind: SuspendKind;
}

/** S0 and F have a hue of their own; the others take turns. */
export function pointName(kind: SuspendKind, id: number): { label: string; hue: number } {
  if (kind === "final") return { label: "F", hue: 4 };
  if (id === 0) return { label: "S0", hue: 0 };
  return { label: `S${id}`, hue: ((id - 1) % 3) + 1 };
}

/** The points of a coroutine of the report, by id. */
export function pointsOf(coroutine: Coroutine): PointName[] {
  return coroutine.suspend_points.map((point, id) => ({
    ...pointName(point.kind, id),
    id,
    line: point.range.begin[0],
    kind: point.kind,
  }));
}

/** The points of a traced coroutine, by ordinal: the report's name of it where it is joined. Has holes. */
export function tracedPoints(report: Report, trace: Trace, coroutine: number): (PointName | undefined)[] {
  const traced = trace.coroutines[coroutine];
  const joined = traced.coroutine === undefined ? undefined : report.coroutines[traced.coroutine];
  const named = joined && pointsOf(joined);
  const points: (PointName | undefined)[] = [];
  for (const { ordinal, rank, kind, position, suspend_point } of traced.points)
    points[ordinal] =
      named && suspend_point !== undefined
        ? named[suspend_point]
        : { ...pointName(kind, rank), id: -1, line: position?.[0], kind };
  return points;
}

/** The index of the "(" that opens the parameter list of `name`; name.length if it has none. */
function parameterList(name: string): number {
  let depth = 0;
  for (let i = name.lastIndexOf(")"); i >= 0; --i) {
    if (name[i] === ")") ++depth;
    else if (name[i] === "(" && --depth === 0) return i;
  }
  return name.length;
}

/** "net::task<int> fetch<T>(int) const" without scope, return type, template arguments and parameters: "fetch". */
export function shortName(name: string): string {
  const end = parameterList(name);
  const head = name.slice(0, end).trimEnd();
  const call = /(.*)::operator\(\)(?:<.*>)?$/s.exec(head);
  if (call) return /\(lambda|\(anonymous class\)|^<lambda/.test(call[1]) ? "lambda" : shortName(`${call[1]}()`);
  const operator = /operator\s*\S+$/.exec(head);
  if (operator) return operator[0];
  let depth = 0;
  let stop = head.length;
  for (let i = head.length - 1; i >= 0; --i) {
    const c = head[i];
    if (c === ">" || c === ")") {
      if (depth++ === 0 && i === stop - 1) stop = i + 1;
    } else if (c === "<" || c === "(") {
      if (--depth === 0 && c === "<") stop = i;
    } else if (depth === 0 && (c === ":" || c === " ")) return head.slice(i + 1, stop) || name;
  }
  return head.slice(0, stop) || name;
}

/** "net::session<a::b>::read(a::c)" -> "read(a::c)"; an operator keeps its name. */
export function withoutScope(name: string): string {
  let begin = 0;
  let depth = 0;
  const isOwn = (i: number) => depth === 0 && (name[i] === "(" || name.startsWith("operator", i));
  for (let i = 0; i < name.length && !isOwn(i); ++i) {
    if (name[i] === "<") ++depth;
    else if (name[i] === ">") --depth;
    else if (depth === 0 && name.startsWith("::", i)) begin = i + 2;
  }
  return name.slice(begin);
}

/** The last part of a path. */
export const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);

const fixed = (value: number, below10: number) =>
  value.toFixed(value < 10 ? below10 : value < 100 ? Math.max(0, below10 - 1) : Math.max(0, below10 - 2));

/** A duration in ns as text: "850 ns", "6.2 µs", "1.856 ms", "2.41 s". */
export function duration(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${fixed(ns / 1e3, 1)} µs`;
  if (ns < 1e9) return `${fixed(ns / 1e6, 3)} ms`;
  return `${fixed(ns / 1e9, 2)} s`;
}

/** A moment of the recording as text: always in ms, to the µs. */
export const moment = (ns: number) => `${(ns / 1e6).toFixed(3)} ms`;

export const bytes = (count: number) => `${count} B`;
export const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
