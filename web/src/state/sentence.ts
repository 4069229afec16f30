// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An event in words, and its cause where the recording says one.
//
//   Run, event index --sentence()--> "parent#1 suspended at S2", "awaits fetch#3"
import { isTransfer, Kind } from "./events";
import { bytes, counted, duration } from "./names";
import { coroutineOf, pointAt, type Run } from "./run";
import { spanAt } from "./spans";
import { type Wait, WaitKind } from "./waits";

export interface Sentence {
  what: string;
  /** Empty where nothing is known. */
  cause: string;
}

/** fd directions in words: 1 readable, 2 writable. */
export const directions = (bits: number) =>
  bits === 3 ? "readable or writable" : bits === 2 ? "writable" : bits === 1 ? "readable" : "ready";

const unlimited = 2 ** 63;

/** What a wait is for, as a phrase behind a frame's name: "waits for fd 7 to become readable". */
export function waitPhrase(run: Run, wait: Wait): string {
  if (wait.kind === WaitKind.fd) return `waits for fd ${wait.target} to become ${directions(wait.detail)}`;
  if (wait.kind === WaitKind.timer) return `waits for timer #${wait.target}, due in ${duration(wait.detail)}`;
  return `awaits ${run.labels[wait.target]}`;
}

/** The waits that frame `f` declared in the suspension that event `i` began. */
function waitsFrom(run: Run, f: number, i: number): Wait[] {
  const span = spanAt(run.spans, f, i);
  if (span < 0 || run.spans.begin[span] !== i) return [];
  return (run.waits.byFrame.get(f) ?? []).filter((wait) => wait.begin >= i && wait.begin < run.spans.end[span]);
}

/** The closest earlier event of the same thread; -1 if there is none. */
function before(run: Run, i: number): number {
  for (let j = i - 1; j >= 0 && i - j < 1000; --j) if (run.events.thread[j] === run.events.thread[i]) return j;
  return -1;
}

function resumedBy(run: Run, i: number): string {
  const { names, name, by } = run.events;
  if (isTransfer(names[name[i]]) && by[i] >= 0) return `transferred by ${run.labels[by[i]]}`;
  const wake = run.waits.wake.get(i);
  if (wake !== undefined) return sentence(run, wake).what;
  const awaiting = run.awaitedBy.get(i);
  if (awaiting) return `awaited by ${run.labels[awaiting.frame]}`;
  if (run.events.by[i] >= 0) return `by ${run.labels[run.events.by[i]]}`;
  if (run.events.by[i] === -2) return "by the event loop";
  if (run.events.by[i] === -3) return "by another thread";
  const previous = before(run, i);
  return previous < 0 ? "" : `right after: ${sentence(run, previous).what}`;
}

function lateness(run: Run, i: number): string {
  const { a, time } = run.events;
  const armed = run.waits.all.find((wait) => wait.kind === WaitKind.timer && wait.target === a[i] && wait.end === i);
  if (!armed) return "";
  const late = time[i] - time[armed.begin] - armed.detail;
  const whose = armed.frame >= 0 ? `${run.labels[armed.frame]} waited for it, ` : "";
  return late >= 0 ? `${whose}${duration(late)} late` : `${whose}${duration(-late)} early`;
}

function pollEnd(run: Run, i: number): string {
  const poll = run.polls.find((candidate) => candidate.end === i);
  const ready = counted(run.events.a[i], "thing") + " became ready";
  return poll ? `${ready}, after ${duration(run.events.time[i] - run.events.time[poll.begin])}` : ready;
}

function lifecycle(run: Run, i: number, f: number): Sentence {
  const { kind, point, a } = run.events;
  const coroutine = coroutineOf(run, f);
  const size = coroutine ? `${bytes(coroutine.frame_size)} ` : "";
  const who = run.labels[f];
  const at = pointAt(run, f, point[i]);
  const where = at ? ` at ${at.label}` : "";
  switch (kind[i]) {
    case Kind.frame_created:
      return {
        what: `${who} created`,
        cause: `${size}frame at ${run.trace.frames[f].address}, ${a[i] ? "allocated" : "within its caller (elided)"}`,
      };
    case Kind.suspended: {
      const cause = waitsFrom(run, f, i).map((wait) => waitPhrase(run, wait)).join("; ");
      return { what: at?.kind === "final" ? `${who} reached its final suspend point` : `${who} suspended${where}`, cause };
    }
    case Kind.not_suspended:
      return { what: `${who} went on${where}`, cause: "await_suspend returned false or threw" };
    case Kind.threw:
      return { what: `${who} ended by an exception`, cause: "its unhandled_exception is called" };
    case Kind.unwound:
      return { what: `${who} left by an exception`, cause: "whoever resumed it gets it" };
    case Kind.resumed:
      return { what: `${who} resumed${at ? ` from ${at.label}` : ""}`, cause: resumedBy(run, i) };
    case Kind.destroyed:
      return { what: `${who} destroyed${where}`, cause: "" };
    default:
      return { what: `${who} freed`, cause: `${size || "its memory "}given back` };
  }
}

function loopEvent(run: Run, i: number, f: number): Sentence {
  const { kind, a, b, name, names } = run.events;
  const who = f >= 0 ? run.labels[f] : "";
  const forWhom = who && `for ${who}`;
  switch (kind[i]) {
    case Kind.poll_begin:
      if (a[i] === 0) return { what: "Loop polls", cause: "without waiting" };
      return { what: "Loop polls", cause: a[i] >= unlimited ? "waits until something is ready" : `waits up to ${duration(a[i])}` };
    case Kind.poll_end:
      return { what: "Loop goes on", cause: pollEnd(run, i) };
    case Kind.fd_wait:
      return { what: `${who || "Somebody"} waits for fd ${a[i]} to become ${directions(b[i])}`, cause: "" };
    case Kind.fd_ready:
      return { what: `fd ${a[i]} became ${directions(b[i])}`, cause: who && `${who} waits for it` };
    case Kind.timer_armed:
      return { what: `Timer #${a[i]} armed for ${duration(b[i])}`, cause: forWhom };
    case Kind.timer_fired:
      return { what: `Timer #${a[i]} fired`, cause: lateness(run, i) };
    case Kind.timer_cancelled:
      return { what: `Timer #${a[i]} cancelled`, cause: forWhom };
    case Kind.task_spawned:
      return { what: `${who || "A task"} spawned`, cause: "a task of its own" };
    case Kind.task_finished:
      return { what: `Task ${who} finished`, cause: "" };
    case Kind.task_cancelled:
      return { what: `Task ${who} was cancelled`, cause: "" };
    case Kind.awaits: {
      const wait = run.waits.byFrame.get(f)?.find((candidate) => candidate.begin === i);
      return { what: wait ? `${who} ${waitPhrase(run, wait)}` : `Something awaits the frame at 0x${a[i].toString(16)}`, cause: "" };
    }
    case Kind.posted:
      return { what: "The thread posts work to a loop", cause: forWhom };
    case Kind.delivered:
      return { what: "Loop takes up posted work", cause: b[i] > 0 ? `${run.trace.threads[b[i] - 1] ?? "another thread"} posted it` : "" };
    case Kind.loop_begin:
      return { what: "Event loop begins", cause: "" };
    case Kind.loop_end:
      return { what: "Event loop ends", cause: "" };
    default:
      return { what: names[name[i]].replaceAll("_", " "), cause: forWhom };
  }
}

/** Event `i` of the run in words. */
export function sentence(run: Run, i: number): Sentence {
  const f = run.events.frame[i];
  const { kind } = run.events;
  return f >= 0 && kind[i] > 0 && kind[i] < Kind.poll_begin ? lifecycle(run, i, f) : loopEvent(run, i, f);
}
