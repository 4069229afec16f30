// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file format: what a report is (docs/report-schema.md), and how the page gets one.
//
//   text of <script id="coroscope-report"> --inflate--> JSON --validate--> Report, or a ReportError that says why not
//
// One file on purpose: whoever changes the format finds types and checks side by side.
// Everything behind this file may rely on what validate() has checked: every id resolves, columns are of equal length.

export const schemaName = "coroscope-report/1";

/** 1-based line and column; columns count UTF-8 bytes. */
export type Position = [line: number, column: number];
export interface Range {
  file: number;
  begin: Position;
  end: Position;
  expansions?: Range[];
}
export interface SourceFile {
  path: string;
  text?: string;
  /** line, column, length, kind (into tokenKinds), line, … */
  tokens?: number[];
}
export const tokenKinds = ["keyword", "type", "string", "number", "comment", "preprocessor"] as const;
export type Severity = "note" | "remark" | "warning" | "error" | "fatal";
export interface Diagnostic {
  severity: Severity;
  message: string;
  range?: Range;
}
export interface Unit {
  file: string;
  compiler: string;
  triple: string;
  command: string[];
  diagnostics: Diagnostic[];
  notes: string[];
}
export interface ChosenFunction {
  name: string;
  range?: Range;
  type?: string;
}
export interface Member {
  offset: number;
  size: number;
  name: string;
  type: string;
  members?: Member[];
}
export interface PromiseType {
  type: string;
  range?: Range;
  size: number;
  align: number;
  members?: Member[];
}
export type SuspendKind = "initial" | "await" | "yield" | "final";
export interface SuspendPoint {
  id: number;
  kind: SuspendKind;
  range: Range;
  expression: string;
  awaitable_type: string;
  awaiter_type: string;
  via: string[];
  await_ready?: ChosenFunction;
  await_suspend?: ChosenFunction;
  await_resume?: ChosenFunction;
  await_suspend_returns: "void" | "bool" | "handle";
}
export interface Why {
  suspend_point: number;
}
export interface Resident {
  name: string;
  type?: string;
  range?: Range;
  members?: Member[];
  why?: Why[];
}
export const fieldKinds = [
  "resume_fn",
  "destroy_fn",
  "promise",
  "resume_index",
  "param_copy",
  "local",
  "awaiter",
  "temporary",
  "spill",
  "padding",
  "unknown",
] as const;
export type FieldKind = (typeof fieldKinds)[number];
export interface Field {
  offset: number;
  size: number;
  kind: FieldKind;
  residents: Resident[];
}
export interface Frame {
  size: number;
  align: number;
  fields: Field[];
}
export interface LoweredPoint {
  suspend_point: number;
  ordinal: number;
  index: number[];
}
export interface LoweredFunction {
  kind: "ramp" | "resume" | "destroy" | "cleanup";
  symbol: string;
  ir?: string;
}
export interface Lowering {
  level: string;
  symbol: string;
  frame?: Frame;
  layout_hash: string;
  resume_index: LoweredPoint[];
  functions: LoweredFunction[];
  problems: string[];
}
export interface Coroutine {
  unit: number;
  name: string;
  mangled: string;
  range: Range;
  template_args?: string[];
  return_type: string;
  promise: PromiseType;
  suspend_points: SuspendPoint[];
  lowerings: Lowering[];
}
export interface TracedPoint {
  /** What events name it by. */
  ordinal: number;
  /** Its place in source order: S1 has rank 1. */
  rank: number;
  kind: SuspendKind;
  position?: Position;
  suspend_point?: number;
}
export interface TracedCoroutine {
  mangled: string;
  name: string;
  file: string;
  line?: number;
  frame_size: number;
  layout_hash: string;
  coroutine?: number;
  points: TracedPoint[];
}
export interface TracedFrame {
  /** Absent where only the loop spoke of the frame. */
  coroutine?: number;
  address: string;
}
export interface EventColumns {
  kinds: string[];
  kind: number[];
  time: number[];
  thread: number[];
  frame: number[];
  point: number[];
  /** The frame whose address `a` is; -1: none. */
  target: number[];
  a: number[];
  b: number[];
}
export interface Trace {
  command: string[];
  level?: string;
  exit_code?: number;
  signal?: string;
  complete: boolean;
  lost_events: number;
  threads: string[];
  coroutines: TracedCoroutine[];
  frames: TracedFrame[];
  events: EventColumns;
  problems: string[];
}
export interface Report {
  schema: string;
  tool: string;
  files: SourceFile[];
  units: Unit[];
  coroutines: Coroutine[];
  trace?: Trace;
}

/** Why a page has no report; `hint` says what to do. */
export class ReportError extends Error {
  constructor(
    message: string,
    readonly hint = "Make the page again with `coroscope report`.",
  ) {
    super(message);
  }
}

// --- checks --------------------------------------------------------------------------------------------------------

type Check = (value: any, path: string) => void;

function fail(path: string, expected: string): never {
  throw new ReportError(`The report in this page is damaged: ${path} is not ${expected}.`);
}
const text: Check = (value, path) => typeof value === "string" || fail(path, "text");
const number: Check = (value, path) => typeof value === "number" || fail(path, "a number");
const numbers: Check = (value, path) =>
  (Array.isArray(value) && value.every((item) => typeof item === "number")) || fail(path, "a list of numbers");
const flag: Check = (value, path) => typeof value === "boolean" || fail(path, "true or false");
const listOf =
  (each: Check): Check =>
  (value, path) =>
    Array.isArray(value) ? value.forEach((item, i) => each(item, `${path}[${i}]`)) : fail(path, "a list");
const optional =
  (check: Check): Check =>
  (value, path) =>
    value === undefined || check(value, path);
const oneOf =
  (...names: readonly string[]): Check =>
  (value, path) =>
    names.includes(value) || fail(path, `one of ${names.join(", ")}`);
const below =
  (bound: () => number, least = 0): Check =>
  (value, path) =>
    (Number.isInteger(value) && value >= least && value < bound()) || fail(path, `an index below ${bound()}`);
const record =
  (members: Record<string, Check>): Check =>
  (value, path) => {
    if (typeof value !== "object" || value === null) fail(path, "an object");
    for (const name in members) members[name](value[name], `${path}.${name}`);
  };
const position: Check = (value, path) =>
  (Array.isArray(value) && value.length === 2 && value.every(Number.isInteger)) || fail(path, "[line, column]");

function checks(report: Report) {
  const file = below(() => report.files.length);
  const range: Check = record({ file, begin: position, end: position, expansions: optional((v, p) => ranges(v, p)) });
  const ranges = listOf(range);
  const member: Check = record({ offset: number, size: number, name: text, type: text, members: optional((v, p) => members(v, p)) });
  const members = listOf(member);
  const chosen = optional(record({ name: text, range: optional(range), type: optional(text) }));
  const kind = oneOf("initial", "await", "yield", "final");

  const unit = record({
    file: text,
    compiler: text,
    triple: text,
    command: listOf(text),
    notes: listOf(text),
    diagnostics: listOf(
      record({ severity: oneOf("note", "remark", "warning", "error", "fatal"), message: text, range: optional(range) }),
    ),
  });
  const lowering = (points: number): Check => {
    const point = below(() => points);
    const resident = record({
      name: text,
      type: optional(text),
      range: optional(range),
      members: optional(members),
      why: optional(listOf(record({ suspend_point: point }))),
    });
    const field = record({ offset: number, size: number, kind: oneOf(...fieldKinds), residents: listOf(resident) });
    return record({
      level: text,
      layout_hash: text,
      frame: optional(record({ size: number, align: number, fields: listOf(field) })),
      resume_index: listOf(record({ suspend_point: point, ordinal: number, index: numbers })),
      functions: listOf(record({ kind: oneOf("ramp", "resume", "destroy", "cleanup"), symbol: text, ir: optional(text) })),
      problems: listOf(text),
    });
  };
  const suspendPoint = record({
    kind,
    range,
    expression: text,
    awaitable_type: text,
    awaiter_type: text,
    via: listOf(text),
    await_ready: chosen,
    await_suspend: chosen,
    await_resume: chosen,
    await_suspend_returns: oneOf("void", "bool", "handle"),
  });
  const coroutine: Check = (value, path) => {
    record({
      unit: below(() => report.units.length),
      name: text,
      mangled: text,
      range,
      return_type: text,
      promise: record({ type: text, size: number, align: number, range: optional(range), members: optional(members) }),
      suspend_points: listOf(suspendPoint),
    })(value, path);
    listOf(lowering(value.suspend_points.length))(value.lowerings, `${path}.lowerings`);
  };
  const traced: Check = (value, path) => {
    const joined = value?.coroutine === undefined ? undefined : report.coroutines[value.coroutine];
    const point = below(() => joined?.suspend_points.length ?? 0);
    record({
      mangled: text,
      name: text,
      file: text,
      line: optional(number),
      frame_size: number,
      coroutine: optional(below(() => report.coroutines.length)),
      points: listOf(record({ ordinal: number, rank: number, kind, position: optional(position), suspend_point: optional(point) })),
    })(value, path);
  };
  return { unit, coroutine, traced };
}

function validateTrace(trace: Trace, traced: Check): void {
  const path = "report.trace";
  record({
    command: listOf(text),
    complete: flag,
    lost_events: number,
    threads: listOf(text),
    coroutines: listOf(traced),
    problems: listOf(text),
  })(trace, path);
  listOf(record({ coroutine: optional(below(() => trace.coroutines.length)), address: text }))(trace.frames, `${path}.frames`);
  const columns = trace.events;
  record({ kinds: listOf(text) })(columns, `${path}.events`);
  const bounds: [keyof EventColumns, number, number][] = [
    ["kind", 0, columns.kinds.length],
    ["time", 0, Infinity],
    ["thread", 0, trace.threads.length],
    ["frame", -1, trace.frames.length],
    ["point", -1, Infinity],
    ["target", -1, trace.frames.length],
    ["a", 0, Infinity],
    ["b", 0, Infinity],
  ];
  for (const [name, least, bound] of bounds) {
    const column = columns[name] as number[];
    const where = `${path}.events.${name}`;
    if (!Array.isArray(column) || column.length !== columns.kind.length) fail(where, "as long as the other columns");
    const bad = column.findIndex((value) => !(value >= least && value < bound));
    if (bad >= 0) fail(`${where}[${bad}]`, `between ${least} and ${bound}`);
  }
}

/** `value` as a report. Throws a ReportError that names the first member that is not as docs/report-schema.md says. */
export function validate(value: unknown): Report {
  const report = value as Report;
  if (typeof report !== "object" || report === null) fail("report", "an object");
  if (report.schema !== schemaName)
    throw new ReportError(
      `This page reads reports of the schema ${schemaName}, and was given ${JSON.stringify(report.schema) ?? "none"}.`,
      "Make the page with the same version of coroscope that made the report.",
    );
  record({ tool: text, files: listOf(record({ path: text, text: optional(text), tokens: optional(numbers) })) })(
    report,
    "report",
  );
  const { unit, coroutine, traced } = checks(report);
  record({ units: listOf(unit) })(report, "report");
  record({ coroutines: listOf(coroutine) })(report, "report");
  if (report.trace !== undefined) validateTrace(report.trace, traced);
  return report;
}

// --- the payload ---------------------------------------------------------------------------------------------------

async function inflate(base64: string): Promise<string> {
  if (typeof DecompressionStream === "undefined")
    throw new ReportError(
      "This browser cannot unpack the report: it has no DecompressionStream.",
      "Open the page with Firefox 113, Chrome 80, Safari 16.4 or later.",
    );
  const packed = atob(base64.trim());
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; ++i) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

/** The report in a payload, with encoding "deflate-base64" or "json". Rejects with a ReportError. */
export async function decode(payload: string, encoding: string): Promise<Report> {
  if (payload.trim().startsWith("__COROSCOPE"))
    throw new ReportError("This page carries no report.", "It is the empty template: `coroscope report FILE -o OUT.html` fills it.");
  let json: unknown;
  try {
    json = JSON.parse(encoding === "json" ? payload : await inflate(payload));
  } catch (error) {
    if (error instanceof ReportError) throw error;
    throw new ReportError(`The report in this page is damaged: ${(error as Error).message}.`);
  }
  return validate(json);
}
