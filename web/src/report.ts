// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a report is: the types of docs/report-schema.md. Whoever holds a Report may rely on what validate() has checked:
// every id resolves, columns are of equal length.

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
/** The functions that a coroutine's promise was found to have, in the order in which they come into play. */
export const promiseFunctions = [
  "operator_new",
  "allocation_failure",
  "constructed_by",
  "get_return_object",
  "conversion",
  "initial_suspend",
  "return_value",
  "return_void",
  "unhandled_exception",
  "final_suspend",
  "operator_delete",
] as const;
export type PromiseFunctions = { [name in (typeof promiseFunctions)[number]]?: ChosenFunction };
export interface PromiseType extends PromiseFunctions {
  type: string;
  range?: Range;
  /** "std::coroutine_traits<task<int>, int>" */
  traits: string;
  is_specialised: boolean;
  traits_range?: Range;
  size: number;
  align: number;
  members?: Member[];
  takes_parameters: boolean;
  new_is_member: boolean;
  new_takes_parameters: boolean;
  delete_is_sized: boolean;
  is_over_aligned: boolean;
}
export interface Parameter {
  name: string;
  type: string;
  range?: Range;
  is_reference: boolean;
  constructed_by?: ChosenFunction;
  is_move: boolean;
}
export interface Destruction {
  object: string;
  destructor: string;
  range?: Range;
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
  yield_value?: ChosenFunction;
  await_transform?: ChosenFunction;
  operator_co_await?: ChosenFunction;
  operator_is_member: boolean;
  await_ready?: ChosenFunction;
  await_suspend?: ChosenFunction;
  await_resume?: ChosenFunction;
  await_suspend_returns: "void" | "bool" | "handle";
  /** Of the whole expression. */
  type: string;
  /** What destroy() runs while the coroutine is suspended here, in that order. */
  destroyed?: Destruction[];
}
/** One end of a reason: a clause ("n is set") and its place. */
export interface Witness {
  what: string;
  range?: Range;
}
export interface Why {
  suspend_points: number[];
  reason: "crosses" | "escapes" | "always" | "unproven";
  definition?: Witness;
  use?: Witness;
  repeats: boolean;
}
export interface InlinedCall {
  function: string;
  call?: Range;
}
export interface Resident {
  kind: FieldKind;
  name: string;
  size?: number;
  type?: string;
  range?: Range;
  /** Source text of what makes it, where it is no variable. */
  expression?: string;
  /** For a value of inlined code: innermost function first. */
  inlined?: InlinedCall[];
  members?: Member[];
  /** Of the frame of a callee that was elided into this one. */
  frame_of?: string;
  fields?: Field[];
  why?: Why[];
  /** What would take it out of the frame: a sentence without full stop. */
  advice?: string;
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
  "shared",
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
export const transferForms = ["tail_call", "call", "ramp_call"] as const;
/** How the coroutine that await_suspend returned a handle of is resumed. */
export type TransferForm = (typeof transferForms)[number];
export interface LoweredPoint {
  suspend_point: number;
  ordinal: number;
  index: number[];
  /** Where await_suspend returns a handle. */
  transfer?: TransferForm;
}
export const absences = [
  "dead_before_suspend",
  "constant",
  "rematerialised",
  "optimised_out",
  "part_of_another",
  "not_automatic",
] as const;
/** A variable that has no bytes in the frame. */
export interface AbsentVariable {
  name: string;
  type?: string;
  range?: Range;
  reason: (typeof absences)[number];
  last_use?: Witness;
  /** The first point that can follow the last use. */
  before?: number;
  detail: string;
}
/** IR or assembly; `line` counts the text's lines from 0. */
export interface Listing {
  text: string;
  places?: { line: number; file: number; at: Position }[];
}
export interface LoweredFunction {
  kind: "ramp" | "resume" | "destroy" | "cleanup";
  symbol: string;
  ir_before?: Listing;
  ir?: Listing;
  assembly?: Listing;
  stack_size?: number;
}
export interface Lowering {
  level: string;
  symbol: string;
  frame?: Frame;
  layout_hash: string;
  resume_index: LoweredPoint[];
  absent?: AbsentVariable[];
  functions: LoweredFunction[];
  problems: string[];
}
export interface Return {
  range: Range;
  is_implicit: boolean;
  call?: ChosenFunction;
}
export const viewLineKinds = ["code", "expansion", "state", "comment"] as const;
/** A line of the lowered view. */
export interface ViewLine {
  kind: (typeof viewLineKinds)[number];
  indent: number;
  text: string;
  range?: Range;
  suspend_point?: number;
}
export interface Coroutine {
  units: number[];
  name: string;
  mangled: string;
  range: Range;
  template_args?: string[];
  return_type: string;
  promise: PromiseType;
  parameters?: Parameter[];
  suspend_points: SuspendPoint[];
  returns?: Return[];
  view?: ViewLine[];
  lowerings: Lowering[];
}
/** One call of a coroutine at one level. */
export interface Elision {
  level: string;
  caller: string;
  caller_id?: number;
  callee: string;
  callee_id?: number;
  call?: Range;
  is_elided: boolean;
  rule?: "halo" | "await_elidable";
  reason: string;
  reason_range?: Range;
  bytes?: number;
}
export interface Hazard {
  name: string;
  coroutine?: number;
  message: string;
  range: Range;
  because?: Witness[];
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
/** A variable whose value a recording of frames can tell. */
export interface TracedVariable {
  offset: number;
  name: string;
  type: string;
}
/** What says that a frame waits for another. */
export type AwaitBasis = "declared" | "transfer" | "frame" | "resumed_by";
/** From event `begin` to event `end` one frame waits for another. */
export interface TracedAwait {
  waiter: number;
  awaited: number;
  begin: number;
  end?: number;
  basis: AwaitBasis;
}
/** What the frame of an event holds at its moment, as a change to what was known before. */
export interface FrameContents {
  event: number;
  /** Two hex digits a byte. */
  changes?: { offset: number; bytes: string }[];
  /** `variable` is an index into the coroutine's; without `text` it is not made yet, or dead. */
  values?: { variable: number; text?: string }[];
}
export interface TracedCoroutine {
  mangled: string;
  name: string;
  file: string;
  line?: number;
  frame_size: number;
  layout_hash: string;
  /** What compiled it, with its level. */
  build?: string;
  coroutine?: number;
  points: TracedPoint[];
  variables?: TracedVariable[];
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
  /** The frame that created, resumed or destroyed this one; -1: nobody known; resumed by -2 a loop, -3 another thread. */
  by: number[];
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
  awaits?: TracedAwait[];
  contents?: FrameContents[];
  omissions?: string[];
  problems: string[];
}
export interface Report {
  schema: string;
  tool: string;
  files: SourceFile[];
  units: Unit[];
  coroutines: Coroutine[];
  elisions?: Elision[];
  hazards?: Hazard[];
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
