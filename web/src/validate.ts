// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a value is a report as docs/report-schema.md describes it.
//
//   JSON --validate--> Report, or a ReportError that names the first member that is not as it should be
import {
  absences,
  type EventColumns,
  type FrameContents,
  fieldKinds,
  promiseFunctions,
  type Report,
  ReportError,
  schemaName,
  type Trace,
  transferForms,
  viewLineKinds,
} from "./report";

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
  const witness = record({ what: text, range: optional(range) });
  const coroutineId = below(() => report.coroutines.length);
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
    const reason = record({
      suspend_points: listOf(point),
      reason: oneOf("crosses", "escapes", "always", "unproven"),
      definition: optional(witness),
      use: optional(witness),
    });
    const resident = record({
      kind: oneOf(...fieldKinds),
      name: text,
      size: optional(number),
      type: optional(text),
      range: optional(range),
      expression: optional(text),
      inlined: optional(listOf(record({ function: text, call: optional(range) }))),
      members: optional(members),
      frame_of: optional(text),
      fields: optional((v, p) => fields(v, p)),
      why: optional(listOf(reason)),
      advice: optional(text),
    });
    const field = record({ offset: number, size: number, kind: oneOf(...fieldKinds), residents: listOf(resident) });
    const fields = listOf(field);
    const absent = record({
      name: text,
      type: optional(text),
      range: optional(range),
      reason: oneOf(...absences),
      last_use: optional(witness),
      before: optional(point),
      detail: text,
    });
    const listing = optional(record({ text, places: optional(listOf(record({ line: number, file, at: position }))) }));
    return record({
      level: text,
      layout_hash: text,
      frame: optional(record({ size: number, align: number, fields })),
      resume_index: listOf(record({ suspend_point: point, ordinal: number, index: numbers, transfer: optional(oneOf(...transferForms)) })),
      absent: optional(listOf(absent)),
      functions: listOf(
        record({
          kind: oneOf("ramp", "resume", "destroy", "cleanup"),
          symbol: text,
          ir_before: listing,
          ir: listing,
          assembly: listing,
          stack_size: optional(number),
        }),
      ),
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
    yield_value: chosen,
    await_transform: chosen,
    operator_co_await: chosen,
    await_ready: chosen,
    await_suspend: chosen,
    await_resume: chosen,
    await_suspend_returns: oneOf("void", "bool", "handle"),
    type: text,
    destroyed: optional(listOf(record({ object: text, destructor: text, range: optional(range) }))),
  });
  const promise = record({
    type: text,
    traits: text,
    size: number,
    align: number,
    range: optional(range),
    traits_range: optional(range),
    members: optional(members),
    ...Object.fromEntries(promiseFunctions.map((name) => [name, chosen])),
  });
  const parameter = record({ name: text, type: text, range: optional(range), is_reference: flag, constructed_by: chosen, is_move: flag });
  const coroutine: Check = (value, path) => {
    record({
      units: listOf(below(() => report.units.length)),
      name: text,
      mangled: text,
      range,
      return_type: text,
      promise,
      parameters: optional(listOf(parameter)),
      suspend_points: listOf(suspendPoint),
      returns: optional(listOf(record({ range, is_implicit: flag, call: chosen }))),
    })(value, path);
    const point = below(() => value.suspend_points.length);
    const line = record({
      kind: oneOf(...viewLineKinds),
      indent: number,
      text,
      range: optional(range),
      suspend_point: optional(point),
    });
    optional(listOf(line))(value.view, `${path}.view`);
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
      variables: optional(listOf(record({ offset: number, name: text, type: text }))),
      points: listOf(record({ ordinal: number, rank: number, kind, position: optional(position), suspend_point: optional(point) })),
    })(value, path);
  };
  const elision = record({
    level: text,
    caller: text,
    caller_id: optional(coroutineId),
    callee: text,
    callee_id: optional(coroutineId),
    call: optional(range),
    is_elided: flag,
    reason: text,
    reason_range: optional(range),
    bytes: optional(number),
  });
  const hazard = record({
    name: text,
    coroutine: optional(coroutineId),
    message: text,
    range,
    because: optional(listOf(witness)),
  });
  return { unit, coroutine, elision, hazard, traced };
}

function validateTrace(trace: Trace, traced: Check): void {
  const path = "report.trace";
  record({
    command: listOf(text),
    complete: flag,
    lost_events: number,
    threads: listOf(text),
    coroutines: listOf(traced),
    omissions: optional(listOf(text)),
    problems: listOf(text),
  })(trace, path);
  listOf(record({ coroutine: optional(below(() => trace.coroutines.length)), address: text }))(trace.frames, `${path}.frames`);
  const variablesAt = (event: number): number => {
    const coroutine = trace.frames[trace.events.frame[event]]?.coroutine;
    return coroutine === undefined ? 0 : (trace.coroutines[coroutine].variables?.length ?? 0);
  };
  const columns = trace.events;
  record({ kinds: listOf(text) })(columns, `${path}.events`);
  const bounds: [keyof EventColumns, number, number][] = [
    ["kind", 0, columns.kinds.length],
    ["time", 0, Infinity],
    ["thread", 0, trace.threads.length],
    ["frame", -1, trace.frames.length],
    ["point", -1, Infinity],
    ["target", -1, trace.frames.length],
    ["by", -3, trace.frames.length],
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
  const frame = below(() => trace.frames.length);
  const event = below(() => columns.kind.length);
  const basis = oneOf("declared", "transfer", "frame", "resumed_by");
  listOf(record({ waiter: frame, awaited: frame, begin: event, end: optional(event), basis }))(trace.awaits ?? [], `${path}.awaits`);
  listOf((value, where) => {
    const contents = value as FrameContents;
    record({ event, changes: optional(listOf(record({ offset: number, bytes: text }))) })(value, where);
    const variable = below(() => variablesAt(contents.event));
    optional(listOf(record({ variable, text: optional(text) })))(contents.values, `${where}.values`);
  })(trace.contents ?? [], `${path}.contents`);
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
  const { unit, coroutine, elision, hazard, traced } = checks(report);
  record({ units: listOf(unit) })(report, "report");
  record({ coroutines: listOf(coroutine), elisions: optional(listOf(elision)), hazards: optional(listOf(hazard)) })(report, "report");
  if (report.trace !== undefined) validateTrace(report.trace, traced);
  return report;
}
