// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the reader looks at: the one value that every view reads and every control changes.
//
//   Report + link --> Page {coroutine, level, step, frame, tab, axis, theme, …} --> views
//
// Stepping moves the rest along: the event's frame becomes the frame looked at, its coroutine the coroutine.
import type { Coroutine, Diagnostic, Lowering, Range, Report, TracedCoroutine } from "../report";
import { remember, recall } from "./browser";
import { firstField, hasReasons } from "./frame_map";
import { type Axis, fromHash, type Link, type Tab, type Theme, toHash } from "./link";
import { type PointName, pointsOf } from "./names";
import { coroutineOf, frameAt, pointAt, prepare, type Run, snapshot, stepWithin } from "./run";
import { waitedAt } from "./statistics";

/** With more coroutines than this, a table of them is worth a tab. */
const overviewFrom = 5;
/** Up to this many events a step each is readable; beyond, time says more. */
const stepsAxisLimit = 200;

/** Lines of a source file, both ends included. */
export interface Lines {
  file: number;
  from: number;
  to: number;
}

/** Whether `range` has a line in common with `lines`. */
export const meets = (lines: Lines | undefined, range: Range | undefined) =>
  lines !== undefined &&
  range !== undefined &&
  lines.file === range.file &&
  range.begin[0] <= lines.to &&
  range.end[0] >= lines.from;

export class Page {
  readonly report: Report;
  readonly run: Run | undefined;
  /** What the compiler said, and after it the hazards. */
  readonly diagnostics: Diagnostic[];
  /** Link names of the coroutines, unique. */
  readonly keys: string[];

  /** Into report.coroutines; -1: none (the frame's coroutine is not in the report, or there is none). */
  coroutine = $state(-1);
  /** Into trace.frames; -1: none looked at. */
  frame = $state(-1);
  level = $state("");
  step = $state(0);
  tab = $state<Tab>("frame");
  axis = $state<Axis>("step");
  theme = $state<Theme>("light");
  /** The reader chose the theme; until then it is the system's. */
  themeChosen = $state(false);
  view = $state<"lanes" | "list">("lanes");
  /** Steps stay within `frame`. */
  only = $state(false);
  playing = $state(false);
  /** Offset of the field that the box below the frame describes. */
  field = $state(0);
  /** The point under the pointer or the focus; -1: none. */
  hot = $state(-1);
  /** The lines of a source file under the pointer in some view: each view marks its counterparts. */
  linked = $state<Lines | undefined>(undefined);
  /** A file chosen by hand; -1: the coroutine's. */
  fileChoice = $state(-1);
  /** A line to bring into sight in the source, with a number that makes each request a new one. */
  reveal = $state({ line: 0, request: 0 });
  pickerOpen = $state(false);
  helpOpen = $state(false);
  shortcuts = $state(recall("shortcuts") !== "off");
  narrow = $state(false);

  constructor(report: Report, hash: string, theme: Theme) {
    this.report = report;
    this.run = report.trace && prepare(report, report.trace);
    const hazards = (report.hazards ?? []).map((hazard): Diagnostic => ({ severity: "warning", message: hazard.message, range: hazard.range }));
    this.diagnostics = [...report.units.flatMap((unit) => unit.diagnostics), ...hazards];
    this.keys = report.coroutines.map((coroutine, index) => {
      const earlier = report.coroutines.slice(0, index).filter((other) => other.mangled === coroutine.mangled).length;
      return earlier ? `${coroutine.mangled}~${earlier}` : coroutine.mangled;
    });
    this.theme = theme;
    this.coroutine = report.coroutines.length ? 0 : -1;
    if (this.failed) this.tab = "diagnostics";
    if (this.run && this.steps > 0) this.startAt(this.firstStep());
    if (this.steps > stepsAxisLimit) this.axis = "time";
    this.level = this.preferredLevel();
    this.chooseField();
    this.restore(fromHash(hash));
  }

  // --- what follows from the above ---------------------------------------------------------------------------------

  steps = $derived.by(() => this.run?.events.count ?? 0);
  failed = $derived.by(() => this.diagnostics.some((d) => d.severity === "error" || d.severity === "fatal"));
  current = $derived.by((): Coroutine | undefined => this.report.coroutines[this.coroutine]);
  /** The traced coroutine of the frame looked at. */
  traced = $derived.by((): TracedCoroutine | undefined =>
    this.run ? coroutineOf(this.run, this.frame) : undefined,
  );
  levels = $derived.by(() => this.current?.lowerings.map((lowering) => lowering.level) ?? []);
  lowering = $derived.by((): Lowering | undefined =>
    this.current?.lowerings.find((lowering) => lowering.level === this.level),
  );
  points = $derived.by((): PointName[] => (this.current ? pointsOf(this.current) : []));
  waited = $derived.by(() => (this.run && this.coroutine >= 0 ? waitedAt(this.run, this.coroutine) : new Map()));
  now = $derived.by(() => (this.run && this.step > 0 ? snapshot(this.run, this.step) : undefined));
  /** The state of the frame looked at. */
  frameState = $derived.by(() => (this.run && this.step > 0 ? frameAt(this.run, this.frame, this.step) : undefined));
  /** What it held when it was looked into last. */
  contents = $derived.by(() => (this.run && this.step > 0 ? this.run.contents.at(this.frame, this.step) : undefined));
  /** The same where the frame map shows the layout that was recorded. */
  shownContents = $derived.by(() =>
    this.traced && this.lowering?.layout_hash === this.traced.layout_hash ? this.contents : undefined,
  );
  /** The point that this frame stands at. */
  point = $derived.by(() =>
    this.run && this.frameState ? pointAt(this.run, this.frame, this.frameState.point) : undefined,
  );
  /** Its id among the current coroutine's points; -1: at none. */
  at = $derived.by(() => (this.coroutine >= 0 ? (this.point?.id ?? -1) : -1));
  file = $derived.by(() => {
    if (this.fileChoice >= 0) return this.fileChoice;
    if (this.current) return this.current.range.file;
    const traced = this.traced?.file;
    const found = traced === undefined ? -1 : this.report.files.findIndex((file) => file.path === traced);
    if (found >= 0 || traced !== undefined) return found;
    return this.report.files.findIndex((file) => file.text !== undefined);
  });
  tabsShown = $derived.by((): Tab[] => {
    const shown: Tab[] = [];
    if (this.narrow && this.run) shown.push("state");
    if (this.current?.view?.length) shown.push("lowered");
    if (this.current || this.traced) shown.push("frame");
    if (this.current) shown.push("points");
    if (this.lowering?.functions.some((part) => part.ir_before ?? part.ir ?? part.assembly)) shown.push("ir");
    if (this.current) shown.push("graph");
    if (this.report.elisions?.length) shown.push("calls");
    if (this.report.coroutines.length > overviewFrom || this.report.units.length > 1) shown.push("overview");
    if (this.diagnostics.length) shown.push("diagnostics");
    return shown;
  });
  tabShown = $derived.by((): Tab | undefined => (this.tabsShown.includes(this.tab) ? this.tab : this.defaultTab()));
  reasons = $derived.by(() => (this.lowering?.frame ? hasReasons(this.lowering.frame) : false));

  private defaultTab(): Tab | undefined {
    return this.tabsShown.find((tab) => tab === "frame") ?? this.tabsShown[0];
  }

  private preferredLevel(): string {
    const traced = this.run?.trace.level;
    if (traced && this.levels.includes(traced)) return traced;
    return this.levels.includes(this.level) ? this.level : (this.levels[0] ?? "");
  }

  /** The first step in which a frame of a coroutine of the report appears, else the first one. */
  private firstStep(): number {
    const run = this.run!;
    const known = run.events.frame.findIndex((f) => coroutineOf(run, f)?.coroutine !== undefined);
    return Math.max(known, 0) + 1;
  }

  // --- what the reader does ----------------------------------------------------------------------------------------

  private startAt(step: number): void {
    this.step = step;
    this.follow();
  }

  /** Looks at the frame of the current event, if it names one. */
  private follow(): void {
    const f = this.run!.events.frame[this.step - 1];
    if (f >= 0) this.lookAt(f);
  }

  /** Looks at frame `f` and its coroutine. */
  lookAt(f: number): void {
    this.frame = f;
    this.showCoroutine(this.traced?.coroutine ?? -1);
  }

  goTo(step: number): void {
    if (!this.run || this.steps === 0) return;
    this.step = Math.min(Math.max(Math.round(step), 1), this.steps);
    this.fileChoice = -1;
    if (!this.only) this.follow();
  }

  /** One step on (1) or back (-1), within the frame looked at where asked. */
  move(direction: 1 | -1, within = this.only): void {
    if (!this.run) return;
    this.goTo(within ? stepWithin(this.run, this.frame, this.step, direction) : this.step + direction);
  }

  /** The next (1) or previous (-1) span of the frame looked at. */
  moveSpan(direction: 1 | -1): void {
    if (!this.run || this.frame < 0) return;
    const { spans } = this.run;
    const begins = Array.from(spans.begin.subarray(spans.first[this.frame], spans.first[this.frame + 1]), (i) => i + 1);
    const next = direction > 0 ? begins.find((s) => s > this.step) : begins.findLast((s) => s < this.step);
    if (next !== undefined) this.goTo(next);
  }

  /** The next (1) or previous (-1) visit of point `id` by a frame of the current coroutine; goes round at the end. */
  visit(id: number, direction: 1 | -1): void {
    if (!this.run) return;
    const { events } = this.run;
    for (let k = 1; k <= events.count; ++k) {
      const i = (((this.step - 1 + direction * k) % events.count) + events.count) % events.count;
      const f = events.frame[i];
      if (events.kind[i] !== 2 || f < 0 || (this.only && f !== this.frame)) continue;
      if (coroutineOf(this.run, f)?.coroutine !== this.coroutine) continue;
      if (pointAt(this.run, f, events.point[i])?.id === id) return this.goTo(i + 1);
    }
  }

  private showCoroutine(index: number): void {
    if (index === this.coroutine) return;
    this.coroutine = index;
    this.fileChoice = -1;
    this.hot = -1;
    if (index >= 0 && !this.levels.includes(this.level)) this.level = this.preferredLevel();
    this.chooseField();
  }

  /** Looks at coroutine `index`, and at a frame of it: one alive now, else its first. */
  pick(index: number): void {
    this.showCoroutine(index);
    this.fileChoice = -1;
    const line = this.current?.range.begin[0];
    if (line) this.show(line);
    if (!this.run) return;
    const run = this.run;
    const mine = (f: number) => coroutineOf(run, f)?.coroutine === index;
    if (mine(this.frame)) return;
    const alive = this.now?.frames.find((state) => mine(state.frame))?.frame;
    this.frame = alive ?? run.labels.findIndex((_, f) => mine(f));
    if (this.frame < 0) this.only = false;
  }

  /** The next (1) or previous (-1) coroutine of the report. */
  pickNeighbour(direction: 1 | -1): void {
    const count = this.report.coroutines.length;
    if (count) this.pick((Math.max(this.coroutine, 0) + direction + count) % count);
  }

  setLevel(level: string): void {
    this.level = level;
    const fields = this.lowering?.frame?.fields ?? [];
    if (!fields.some((field) => field.offset === this.field)) this.chooseField();
  }

  private chooseField(): void {
    this.field = this.lowering?.frame ? firstField(this.lowering.frame) : 0;
  }

  /** Marks the counterparts of `range` in all views. */
  linkTo(range: Range | undefined): void {
    this.linked = range && { file: range.file, from: range.begin[0], to: range.end[0] };
  }

  /** Brings a line of the source into sight. */
  show(line: number, file = -1): void {
    if (file >= 0) this.fileChoice = file === this.current?.range.file ? -1 : file;
    this.reveal = { line, request: this.reveal.request + 1 };
  }

  setTheme(theme: Theme, chosen: boolean): void {
    this.theme = theme;
    this.themeChosen = chosen;
    document.documentElement.dataset.theme = theme;
    if (chosen) remember("theme", theme);
  }

  setShortcuts(on: boolean): void {
    this.shortcuts = on;
    remember("shortcuts", on ? "on" : "off");
  }

  // --- the link ----------------------------------------------------------------------------------------------------

  link(theme: boolean): Link | Partial<Link> {
    return {
      coroutine: this.keys[this.coroutine],
      level: this.level,
      step: this.step,
      tab: this.tabShown,
      axis: this.run ? this.axis : undefined,
      theme: theme ? this.theme : undefined,
    };
  }

  hash = $derived.by(() => toHash(this.link(this.themeChosen)));

  /** The address of exactly what is shown now, theme included. */
  address(): string {
    return location.href.replace(/#.*/s, "") + toHash(this.link(true));
  }

  /** Takes from `link` what fits this report. */
  restore(link: Partial<Link>): void {
    if (link.step !== undefined && this.run && link.step <= this.steps) this.startAt(link.step);
    const index = link.coroutine === undefined ? -1 : this.keys.indexOf(link.coroutine);
    if (index >= 0 && index !== this.coroutine) this.pick(index);
    if (link.level !== undefined && this.levels.includes(link.level)) this.setLevel(link.level);
    if (link.tab !== undefined) this.tab = link.tab;
    if (link.axis !== undefined) this.axis = link.axis;
    if (link.theme !== undefined) {
      this.theme = link.theme;
      this.themeChosen = true;
    }
  }
}
