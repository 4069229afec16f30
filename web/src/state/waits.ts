// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each suspended frame waited for, and what made it go on, as far as the events say it.
//
//   Events, Spans --waitsOf()--> waits (fd, timer, other frame) as intervals, the event behind each wake-up
//
// A wait for an fd or a timer is an event of the waiting frame, one for another frame is among trace.awaits. A wake-up is
// an event that names the frame, or the end of the frame that it awaits.
import type { AwaitBasis, TracedAwait } from "../report";
import { type Events, Kind } from "./events";
import { type Spans, State, spanAt } from "./spans";

export const WaitKind = { fd: 0, timer: 1, frame: 2 } as const;

export interface Wait {
  kind: number;
  /** The event that declares it, and the one that ends it (exclusive; events.count: none did). */
  begin: number;
  end: number;
  /** The waiting frame; -1: none named. */
  frame: number;
  thread: number;
  /** fd, timer number, or the awaited frame (-1: not recorded). */
  target: number;
  /** fd: directions (1 readable, 2 writable). Timer: ns until it fires. */
  detail: number;
  /** Frame: what says so. */
  basis?: AwaitBasis;
}

export interface Waits {
  all: Wait[];
  /** Waits of a frame, ascending. */
  byFrame: Map<number, Wait[]>;
  /** For an event that resumed a frame: the event that woke it. */
  wake: Map<number, number>;
  /** From a wake-up to the resumption: frames that are ready to go on. */
  woken: { begin: number; end: number; frame: number }[];
}

type IsFinal = (frame: number, ordinal: number) => boolean;

class Collector {
  readonly all: Wait[] = [];
  readonly byFrame = new Map<number, Wait[]>();
  readonly wake = new Map<number, number>();
  readonly woken: Waits["woken"] = [];
  private readonly open = new Map<string, Wait>();
  private readonly openByFrame = new Map<number, Wait[]>();
  private readonly pending = new Map<number, number>();
  private next = 0;

  constructor(
    private readonly events: Events,
    private readonly spans: Spans,
    private readonly isFinal: IsFinal,
    private readonly awaits: TracedAwait[],
  ) {}

  run(): Waits {
    for (let i = 0; i < this.events.count; ++i) this.take(i);
    for (const [frame, begin] of this.pending) this.woken.push({ begin, end: this.events.count, frame });
    return this;
  }

  private take(i: number): void {
    const { kind, frame, a, b } = this.events;
    const f = frame[i];
    for (; this.awaits[this.next]?.begin === i; ++this.next) this.beginAwait(this.awaits[this.next]);
    switch (kind[i]) {
      case Kind.frame_freed:
        this.endWaitsOf(f, i);
        break;
      case Kind.fd_wait:
        this.begin(i, WaitKind.fd, a[i], b[i]);
        break;
      case Kind.timer_armed:
        this.begin(i, WaitKind.timer, a[i], b[i]);
        break;
      case Kind.fd_ready:
        this.wakes(f, i, [1, 2].filter((bit) => b[i] & bit).map((bit) => this.end(`fd ${a[i]} ${bit}`, i)));
        break;
      case Kind.timer_fired:
        this.wakes(f, i, [this.end(`timer ${a[i]}`, i)]);
        break;
      case Kind.timer_cancelled:
        this.end(`timer ${a[i]}`, i);
        break;
      case Kind.posted:
        this.wakes(f, i, []);
        break;
      case Kind.resumed:
      case Kind.not_suspended:
      case Kind.destroyed:
        this.goesOn(f, i);
        break;
    }
  }

  private beginAwait({ waiter, awaited, begin, end, basis }: TracedAwait): void {
    const { thread, count } = this.events;
    this.add({ kind: WaitKind.frame, begin, end: end ?? count, frame: waiter, thread: thread[begin], target: awaited, detail: 0, basis });
  }

  private begin(i: number, kind: number, target: number, detail: number): void {
    const { frame, thread, count } = this.events;
    const wait = { kind, begin: i, end: count, frame: frame[i], thread: thread[i], target, detail };
    this.add(wait);
    if (kind === WaitKind.timer) this.open.set(`timer ${target}`, wait);
    if (kind === WaitKind.fd)
      for (let bit = 1; bit <= 2; bit *= 2) if (detail & bit) this.open.set(`fd ${target} ${bit}`, wait);
  }

  private add(wait: Wait): void {
    this.all.push(wait);
    if (wait.frame < 0) return;
    append(this.byFrame, wait.frame, wait);
    append(this.openByFrame, wait.frame, wait);
  }

  private end(key: string, i: number): Wait | undefined {
    const wait = this.open.get(key);
    if (wait && wait.end > i) wait.end = i;
    this.open.delete(key);
    return wait;
  }

  /** Event `i` wakes the frame that it names, else the one whose wait it ends. */
  private wakes(named: number, i: number, ended: (Wait | undefined)[]): void {
    const f = named >= 0 ? named : (ended.find((wait) => wait)?.frame ?? -1);
    if (f < 0 || this.pending.has(f)) return;
    const span = spanAt(this.spans, f, i);
    if (span >= 0 && this.spans.state[span] === State.suspended) this.pending.set(f, i);
  }

  /** Frame `f` leaves its suspension: its waits on fds and frames are over; a timer ends by its own events only. */
  private goesOn(f: number, i: number): void {
    const begin = this.pending.get(f);
    if (begin !== undefined) {
      this.pending.delete(f);
      this.woken.push({ begin, end: i, frame: f });
    }
    if (this.events.kind[i] === Kind.resumed) {
      const cause = begin ?? this.endOfAwaited(f, i);
      if (cause >= 0) this.wake.set(i, cause);
    }
    this.endWaitsOf(f, i);
  }

  /** The event at which a frame that `f` declared to await finished; -1: none did. */
  private endOfAwaited(f: number, i: number): number {
    for (const wait of this.openByFrame.get(f) ?? []) {
      if (wait.kind !== WaitKind.frame || wait.end < i) continue;
      const g = wait.target;
      const span = spanAt(this.spans, g, i);
      const last = span >= 0 ? span : this.spans.first[g + 1] - 1;
      if (last < this.spans.first[g]) continue;
      const begin = this.spans.begin[last];
      const over = this.spans.state[last] === State.destroying || this.isFinal(g, this.spans.point[last]);
      if (over && this.spans.state[last] !== State.running && begin > wait.begin && begin < i) return begin;
    }
    return -1;
  }

  private endWaitsOf(f: number, i: number): void {
    for (const wait of this.openByFrame.get(f) ?? [])
      if (wait.kind !== WaitKind.timer && wait.end > i) wait.end = i;
    this.openByFrame.delete(f);
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** All waits of a run. `isFinal` tells whether an ordinal is the final suspend point of a frame's coroutine. */
export function waitsOf(events: Events, spans: Spans, isFinal: IsFinal, awaits: TracedAwait[]): Waits {
  const { all, byFrame, wake, woken } = new Collector(events, spans, isFinal, awaits).run();
  return { all, byFrame, wake, woken };
}
