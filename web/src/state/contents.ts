// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a frame holds after a step: its bytes, and its variables' values.
//
//   trace.contents (changes) --contentsOf()--> ContentsLog --at(frame, step)--> Contents
import type { FrameContents, Trace } from "../report";

export interface Value {
  name: string;
  type: string;
  /** Bytes from the frame's start. */
  offset: number;
  /** undefined: it has no value at this moment. */
  text?: string;
  /** It had a value at an earlier moment. */
  wasMade: boolean;
  /** What it was until this step; undefined where this step did not change it or it had no value. */
  before?: string;
  /** This step changed it. */
  changed: boolean;
}

export interface Contents {
  /** The event at which the frame was looked into last. */
  event: number;
  /** Two hex digits a byte; undefined where it was not recorded. */
  bytes: (string | undefined)[];
  /** Bytes that this step changed. */
  changed: Set<number>;
  values: Value[];
}

/** The changes of one frame, and what was read of them last: a step forward reads only what follows. */
interface FrameLog {
  all: FrameContents[];
  read: number;
  bytes: (string | undefined)[];
  texts: Map<number, string | undefined>;
  before: Map<number, string | undefined>;
}

export class ContentsLog {
  private readonly frames = new Map<number, FrameLog>();

  constructor(private readonly trace: Trace) {
    for (const contents of trace.contents ?? []) {
      const frame = trace.events.frame[contents.event];
      const log = this.frames.get(frame);
      if (log) log.all.push(contents);
      else this.frames.set(frame, { all: [contents], read: 0, bytes: [], texts: new Map(), before: new Map() });
    }
  }

  get isEmpty(): boolean {
    return this.frames.size === 0;
  }

  /** What frame `f` held when it was looked into last, up to step `step`; undefined if it was not yet. */
  at(f: number, step: number): Contents | undefined {
    const log = this.frames.get(f);
    const count = log ? countUpTo(log.all, step - 1) : 0;
    if (!log || count === 0) return undefined;
    replay(log, count);
    const last = log.all[count - 1];
    const isNow = last.event === step - 1;
    const changed = new Set<number>();
    if (isNow && count > 1)
      for (const { offset, bytes } of last.changes ?? []) for (let i = 0; i < bytes.length / 2; ++i) changed.add(offset + i);
    const coroutine = this.trace.frames[f].coroutine;
    const variables = coroutine === undefined ? [] : (this.trace.coroutines[coroutine].variables ?? []);
    const values = variables.map((variable, index): Value => {
      const isChanged = isNow && (last.values ?? []).some((value) => value.variable === index);
      return {
        ...variable,
        text: log.texts.get(index),
        wasMade: log.texts.has(index),
        before: isChanged ? log.before.get(index) : undefined,
        changed: isChanged,
      };
    });
    return { event: last.event, bytes: log.bytes, changed, values };
  }
}

/** How many of the changes happen at or before event `last`. */
function countUpTo(all: FrameContents[], last: number): number {
  let low = 0;
  for (let high = all.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (all[middle].event <= last) low = middle + 1;
    else high = middle;
  }
  return low;
}

function replay(log: FrameLog, count: number): void {
  if (log.read > count) {
    log.read = 0;
    log.texts = new Map();
    log.bytes = [];
  } else if (log.read < count) {
    log.bytes = log.bytes.slice();
  }
  for (; log.read < count; ++log.read) {
    const { changes, values } = log.all[log.read];
    for (const { offset, bytes } of changes ?? [])
      for (let i = 0; i < bytes.length / 2; ++i) log.bytes[offset + i] = bytes.slice(2 * i, 2 * i + 2);
    log.before = new Map((values ?? []).map(({ variable }) => [variable, log.texts.get(variable)]));
    for (const { variable, text } of values ?? []) log.texts.set(variable, text);
  }
}
